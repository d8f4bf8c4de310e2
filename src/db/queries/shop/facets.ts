import { sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import { selectColumns } from '../../relation.ts'
import { type ProductCategoryRow, productCategoryEntity } from '../../relations/shop/catalogue.ts'
import { runStatement } from '../../statement.ts'
import { productCategories, products, variantAttributes, variants } from '../../tables/shop/catalogue.ts'
import { type FilterPart, type ProductListFilter, priceOf, productTerms } from './products.ts'
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

/** How many names are told, the most frequent first, and how many values of each. */
export const MAX_FACET_NAMES = 20
export const MAX_FACET_VALUES = 50

/**
 * The values that can be chosen for each name, given what is chosen for all others: with blue things chosen, sizes are those
 * of blue things, and colours are still all there are. As in the list, one variant has to meet all of it.
 */
export async function countByAttribute(
  db: Executor,
  filter: ProductListFilter,
): Promise<{ name: string; values: { value: string; count: number }[] }[]> {
  const terms = [matching(filter, 'attributes')]
  if (filter.inStock === true) terms.push(sql`${availableOf(variants.id)} > 0`)
  for (const { name, values } of filter.attributes ?? []) {
    const isChosen = sql`exists (select 1 from ${variantAttributes} chosen where chosen.variant_id = ${variants.id} and chosen.name = ${name} and chosen.value = any(${pgArray(values)}::text::text[]))`
    terms.push(sql`(${variantAttributes.name} = ${name} or ${isChosen})`)
  }
  const rows = await runStatement<{ name: string; value: string; count: number }>(
    db,
    sql`with counted as (select ${variantAttributes.name} as name, ${variantAttributes.value} as value, count(distinct ${products.id})::int as count
        from ${products} join ${variants} on ${variants.productId} = ${products.id} and ${variants.isOnSale}
        join ${variantAttributes} on ${variantAttributes.variantId} = ${variants.id} where ${sql.join(terms, sql` and `)} group by 1, 2),
      placed as (select *, row_number() over (partition by name order by count desc, value) as place, sum(count) over (partition by name) as total from counted),
      ranked as (select *, dense_rank() over (order by total desc, name) as name_place from placed)
      select name, value, count from ranked where place <= ${MAX_FACET_VALUES} and name_place <= ${MAX_FACET_NAMES} order by name, place`,
  )
  const byName = new Map<string, { value: string; count: number }[]>()
  for (const { name, value, count } of rows) {
    const values = byName.get(name) ?? []
    byName.set(name, values)
    values.push({ value, count })
  }
  return [...byName].map(([name, values]) => ({ name, values }))
}

/** How many products have a mean of at least five, four, …, one star; those that nobody has reviewed are in none of them. */
export async function countByStars(
  db: Executor,
  filter: ProductListFilter,
): Promise<{ minStars: number; count: number }[]> {
  const rows = await runStatement<{ stars: number; count: number }>(
    db,
    sql`select ${products.averageHundredths} / 100 as "stars", count(*)::int as "count" from ${products} where ${matching(filter, 'stars')} group by 1`,
  )
  return [5, 4, 3, 2, 1].map((minStars) => ({
    minStars,
    count: rows.filter(({ stars }) => stars >= minStars).reduce((sum, { count }) => sum + count, 0),
  }))
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
    sql`select width_bucket(${priceOf(filter)}, ${bounds}) as "band", count(*)::int as "count" from ${products} where ${matching(filter, 'price')} group by 1`,
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
