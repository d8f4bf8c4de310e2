import { sql } from 'drizzle-orm'
import { availableOf } from '../db/queries/shop/stock.ts'
import { keysOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { variants, wishes } from '../db/tables/shop/catalogue.ts'
import { stockLevels } from '../db/tables/shop/stock.ts'
import type { BatchLoaders } from './batch.ts'

const available = statement<{ __key: string; available: number }>(
  sql`select ${variants.id} as "__key", ${availableOf(variants.id)} as "available" from ${variants} where ${variants.id} = any(${keysOf(variants.id)})`,
)

/** Pieces of a variant that can be bought now. */
export const availableByVariant = (loaders: BatchLoaders, variantId: string): Promise<number> =>
  loaders.grouped(available, variantId, {}, ([row]) => Math.max(row?.available ?? 0, 0))

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
