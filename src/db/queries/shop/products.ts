import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, Page, PageRequest } from '../../keyset.ts'
import { type ProductRow, productEntity } from '../../relations/shop/catalogue.ts'
import { productCategories, products, variantAttributes, variants, wishes } from '../../tables/shop/catalogue.ts'
import { findPage, type ListSource } from '../page.ts'
import { subtreeOf } from './categories.ts'
import { availableOf } from './stock.ts'

export interface ProductListFilter {
  /** As people type it into a search box. */
  text?: string | undefined
  /** Slug; products of the categories below it as well. */
  category?: string | undefined
  /** One variant that has one of the values of each name. */
  attributes?: readonly { name: string; values: readonly string[] }[] | undefined
  priceFromMinor?: number | undefined
  priceToMinor?: number | undefined
  /** Of the mean of its reviews, 1 to 5. */
  minStars?: number | undefined
  /** A variant, and that very one, can be bought now. */
  inStock?: boolean | undefined
}

/** Which of the conditions a facet leaves out: it counts what one would get by choosing there. */
export type FilterPart = 'category' | 'attributes' | 'price' | 'stars' | 'inStock'

export type ProductOrderName = 'NEWEST' | 'PRICE_ASC' | 'PRICE_DESC' | 'RATING' | 'RELEVANCE'

const searchQuery = (text: string): SQL => sql`websearch_to_tsquery('english', ${text})`

/** A variant on sale that has what is asked of it. Not more than an `exists` over the product's own few variants. */
function hasVariant(filter: ProductListFilter, without: FilterPart | null): SQL | undefined {
  const terms: SQL[] = []
  if (without !== 'attributes') {
    for (const { name, values } of filter.attributes ?? []) {
      terms.push(
        sql`exists (select 1 from ${variantAttributes} where ${variantAttributes.variantId} = ${variants.id} and ${variantAttributes.name} = ${name} and ${variantAttributes.value} = any(${pgArray(values)}::text::text[]))`,
      )
    }
  }
  if (without !== 'inStock' && filter.inStock === true) terms.push(sql`${availableOf(variants.id)} > 0`)
  if (terms.length === 0) return undefined
  return sql`exists (select 1 from ${variants} where ${variants.productId} = ${products.id} and ${variants.isOnSale} and ${sql.join(terms, sql` and `)})`
}

/**
 * What a product counts as costing in such a list, in minor units: its cheapest variant on sale. Where only what can be bought
 * now is listed, the cheapest that can be: a price that nobody can pay any more would put it in the wrong place.
 */
export const priceOf = ({ inStock }: ProductListFilter): SQLWrapper =>
  inStock === true
    ? sql`(select min(${variants.priceMinor}) from ${variants} where ${variants.productId} = ${products.id} and ${variants.isOnSale} and ${availableOf(variants.id)} > 0)`
    : products.fromPriceMinor

/** The conditions of a list of products that everybody may see. */
export function productTerms(filter: ProductListFilter, without: FilterPart | null = null): SQL[] {
  const { text, category, priceFromMinor, priceToMinor } = filter
  const terms: (SQL | undefined)[] = [sql`${products.status} = 'ACTIVE'`]
  if (text !== undefined) terms.push(sql`${products.search} @@ ${searchQuery(text)}`)
  if (category !== undefined && without !== 'category') {
    terms.push(sql`${products.categoryId} in ${subtreeOf(sql`${productCategories.slug} = ${category}`)}`)
  }
  if (without !== 'price') {
    if (priceFromMinor !== undefined) terms.push(sql`${priceOf(filter)} >= ${priceFromMinor}`)
    if (priceToMinor !== undefined) terms.push(sql`${priceOf(filter)} <= ${priceToMinor}`)
  }
  if (filter.minStars !== undefined && without !== 'stars') {
    terms.push(sql`${products.averageHundredths} >= ${filter.minStars * 100}`)
  }
  terms.push(hasVariant(filter, without))
  return terms.filter((term) => term !== undefined)
}

const byId = { value: products.id, type: 'uuid' } as const

const NEWEST: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [{ value: products.createdAt, type: 'timestamptz' }, byId],
}

const byPrice = (name: string, direction: 'asc' | 'desc', filter: ProductListFilter): KeysetOrder => ({
  name,
  direction,
  keys: [{ value: priceOf(filter), type: 'integer' }, byId],
})

const BEST_RATED: KeysetOrder = {
  name: 'RATING',
  direction: 'desc',
  keys: [{ value: products.ratingRank, type: 'integer' }, byId],
}

const byRank = (text: string): KeysetOrder => ({
  name: 'RELEVANCE',
  direction: 'desc',
  keys: [{ value: sql`ts_rank(${products.search}, ${searchQuery(text)}, 1)`, type: 'real' }, byId],
})

function orderOf(name: ProductOrderName, filter: ProductListFilter): KeysetOrder {
  if (name === 'PRICE_ASC') return byPrice(name, 'asc', filter)
  if (name === 'PRICE_DESC') return byPrice(name, 'desc', filter)
  if (name === 'RATING') return BEST_RATED
  return name === 'RELEVANCE' && filter.text !== undefined ? byRank(filter.text) : NEWEST
}

export const productsOnSale = (filter: ProductListFilter): ListSource<ProductRow> => ({
  of: productEntity,
  where: productTerms(filter),
})

export const findProducts = (
  db: Executor,
  filter: ProductListFilter,
  order: ProductOrderName,
  page: PageRequest,
): Promise<Page<ProductRow & { __typename: string }>> =>
  findPage(db, productsOnSale(filter), orderOf(order, filter), page)

/** What an account wishes for, as far as it is still sold. */
export const wishedProducts = (accountId: string): ListSource<ProductRow> => ({
  of: productEntity,
  joins: sql` join ${wishes} on ${wishes.productId} = ${products.id}`,
  where: [sql`${wishes.accountId} = ${accountId}::text::uuid`, sql`${products.status} = 'ACTIVE'`],
})

const WISHED: KeysetOrder = {
  name: 'WISHED',
  direction: 'desc',
  keys: [
    { value: wishes.createdAt, type: 'timestamptz' },
    { value: wishes.productId, type: 'uuid' },
  ],
}

export const findWishedProducts = (db: Executor, source: ListSource<ProductRow>, page: PageRequest) =>
  findPage(db, source, WISHED, page)
