import { sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import { selectColumns } from '../../relation.ts'
import { type ProductCategoryRow, productCategoryEntity } from '../../relations/shop/catalogue.ts'
import { runStatement } from '../../statement.ts'
import { productCategories, products, variantAttributes, variants } from '../../tables/shop/catalogue.ts'
import { type FilterPart, type ProductListFilter, productTerms } from './products.ts'
import { availableOf } from './stock.ts'

const matching = (filter: ProductListFilter, without: FilterPart) => sql.join(productTerms(filter, without), sql` and `)

/** Categories with the products in them and below them, in the order of the tree's levels. */
export async function countByCategory(
  db: Executor,
  filter: ProductListFilter,
): Promise<{ category: ProductCategoryRow & { __typename: string }; count: number }[]> {
  const rows = await runStatement<ProductCategoryRow & { count: number }>(
    db,
    sql`with recursive inside as (select id as root, id from ${productCategories} union all select inside.root, child.id from inside join ${productCategories} child on child.parent_id = inside.id),
      counted as (select inside.root, count(*)::int as count from inside join ${products} on ${products.categoryId} = inside.id where ${matching(filter, 'category')} group by 1)
      select ${selectColumns(productCategoryEntity)}, counted.count as "count" from counted join ${productCategories} on ${productCategories.id} = counted.root
      order by ${productCategories.depth}, ${productCategories.position}, ${productCategories.slug}`,
  )
  return rows.map(({ count, ...row }) => ({ category: { ...row, __typename: 'ProductCategory' }, count }))
}

/** How many values of all names together are told; the most frequent of each name first. */
const MAX_VALUES = 200

export async function countByAttribute(
  db: Executor,
  filter: ProductListFilter,
): Promise<{ name: string; values: { value: string; count: number }[] }[]> {
  const onlyInStock = filter.inStock === true ? sql` and ${availableOf(variants.id)} > 0` : sql``
  const rows = await runStatement<{ name: string; value: string; count: number }>(
    db,
    sql`select ${variantAttributes.name} as "name", ${variantAttributes.value} as "value", count(distinct ${products.id})::int as "count"
      from ${products} join ${variants} on ${variants.productId} = ${products.id} and ${variants.isOnSale}${onlyInStock}
      join ${variantAttributes} on ${variantAttributes.variantId} = ${variants.id}
      where ${matching(filter, 'attributes')} group by 1, 2 order by 1, 3 desc, 2 limit ${sql.raw(String(MAX_VALUES))}`,
  )
  const byName = new Map<string, { value: string; count: number }[]>()
  for (const { name, value, count } of rows) {
    const values = byName.get(name) ?? []
    byName.set(name, values)
    values.push({ value, count })
  }
  return [...byName].map(([name, values]) => ({ name, values }))
}

/** How many products cost less than the first bound, from the first to the second, …, from the last on. */
export async function countByPrice(
  db: Executor,
  filter: ProductListFilter,
  boundsMinor: readonly number[],
): Promise<number[]> {
  const bounds = sql.raw(`array[${boundsMinor.map((bound) => String(Math.trunc(bound))).join(', ')}]::int[]`)
  const rows = await runStatement<{ band: number; count: number }>(
    db,
    sql`select width_bucket(${products.fromPriceMinor}, ${bounds}) as "band", count(*)::int as "count" from ${products} where ${matching(filter, 'price')} group by 1`,
  )
  const counts = new Map(rows.map(({ band, count }) => [band, count]))
  return [...boundsMinor, 0].map((_, band) => counts.get(band) ?? 0)
}

/** Products of which something that meets the other conditions can be bought now. */
export async function countInStock(db: Executor, filter: ProductListFilter): Promise<number> {
  const [row] = await runStatement<{ count: number }>(
    db,
    sql`select count(*)::int as "count" from ${products} where ${sql.join(productTerms({ ...filter, inStock: true }), sql` and `)}`,
  )
  return row?.count ?? 0
}
