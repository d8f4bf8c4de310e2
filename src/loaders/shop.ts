import { sql } from 'drizzle-orm'
import { availableOf } from '../db/queries/shop/stock.ts'
import { keysOf, selectColumns } from '../db/relation.ts'
import { type ProductCategoryRow, productCategoryEntity } from '../db/relations/shop/catalogue.ts'
import { statement } from '../db/statement.ts'
import { productCategories, variants, wishes } from '../db/tables/shop/catalogue.ts'
import { stockLevels } from '../db/tables/shop/stock.ts'
import type { BatchLoaders, Typed } from './batch.ts'

const available = statement<{ __key: string; available: number }>(
  sql`select ${variants.id} as "__key", ${availableOf(variants.id)} as "available" from ${variants} where ${variants.id} = any(${keysOf(variants.id)})`,
)

/** Pieces of a variant that can be bought now. */
export const availableByVariant = (loaders: BatchLoaders, variantId: string): Promise<number> =>
  loaders.grouped(available, variantId, {}, ([row]) => Math.max(row?.available ?? 0, 0))

const inStockPrice = statement<{ __key: string; priceMinor: number }>(
  sql`select ${variants.productId} as "__key", min(${variants.priceMinor}) as "priceMinor" from ${variants} where ${variants.productId} = any(${keysOf(variants.productId)}) and ${variants.isOnSale} and ${availableOf(variants.id)} > 0 group by 1`,
)

/** Of the cheapest variant of a product that can be bought now, in minor units; null where none can. */
export const inStockPriceByProduct = (loaders: BatchLoaders, productId: string): Promise<number | null> =>
  loaders.grouped(inStockPrice, productId, {}, ([row]) => row?.priceMinor ?? null)

const onShelf = statement<{ __key: string; quantity: number }>(
  sql`select ${stockLevels.variantId} as "__key", ${stockLevels.quantity} as "quantity" from ${stockLevels} where ${stockLevels.variantId} = any(${keysOf(stockLevels.variantId)})`,
)

/** Pieces on the shelf, those that unpaid orders keep included. */
export const stockByVariant = (loaders: BatchLoaders, variantId: string): Promise<number> =>
  loaders.grouped(onShelf, variantId, {}, ([row]) => row?.quantity ?? 0)

const wished = statement<{ __key: string }>(
  sql`select ${wishes.productId} as "__key" from ${wishes} where ${wishes.accountId} = ${sql.placeholder('viewer')}::text::uuid and ${wishes.productId} = any(${keysOf(wishes.productId)})`,
)

export const viewerWishes = (loaders: BatchLoaders, viewer: string, productId: string): Promise<boolean> =>
  loaders.grouped(wished, productId, { viewer }, (rows) => rows.length > 0)

const above = statement<ProductCategoryRow & { __key: string }>(
  sql`with recursive up as (select ${productCategories.id} as below, ${productCategories.parentId} as id from ${productCategories} where ${productCategories.id} = any(${keysOf(productCategories.id)})
      union all select up.below, parent.parent_id from up join ${productCategories} parent on parent.id = up.id)
    select up.below as "__key", ${selectColumns(productCategoryEntity)} from up join ${productCategories} on ${productCategories.id} = up.id order by ${productCategories.depth}`,
)

/** The categories that one lies in, the root first; one statement for those of a whole list. */
export const categoryAncestors = (
  loaders: BatchLoaders,
  categoryId: string,
): Promise<readonly Typed<ProductCategoryRow>[]> =>
  loaders.grouped(above, categoryId, {}, (rows) =>
    rows.map((row) => ({ ...row, __typename: productCategoryEntity.typename })),
  )
