import { type SQL, sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import { type KeysetOrder, keyColumns, keysetClauses, type Page, type PageRequest, toPage } from '../../keyset.ts'
import { selectColumns } from '../../relation.ts'
import {
  type CookedMealRow,
  cookedMealEntity,
  type RecipeRow,
  recipeEntity,
  searchEntity,
} from '../../relations/recipe/recipe.ts'
import { runStatement } from '../../statement.ts'
import { accounts, follows } from '../../tables/account.ts'
import {
  cookedMeals,
  recipeFavourites,
  recipeSearch,
  recipeSlugs,
  type recipeStatus,
  recipes,
} from '../../tables/recipe/recipe.ts'
import { findPage, type ListSource } from '../page.ts'
import { pairFacet, TIME_STEPS } from './search-row.ts'

export type ListedRecipe = RecipeRow & {
  /** Only in a text search: what was searched for, so that its words can be marked. */
  searchedFor?: string
}

export interface RecipeListFilter {
  /** As people type it into a search box. */
  text?: string | undefined
  publishedFrom?: string | undefined
  publishedBefore?: string | undefined
  /** Handle. */
  chef?: string | undefined
  chefId?: string | undefined
  /** Facets of `recipe_search`, all of which a recipe has. */
  withFacets?: readonly string[] | undefined
  /** Facets of which it has none. */
  withoutFacets?: readonly string[] | undefined
  maxTotalMinutes?: number | undefined
  /** Of the average of the stars; `4.5`. */
  minRating?: string | undefined
  /** Recipes of the chefs that this account follows. */
  followedBy?: string | undefined
}

export type RecipeOrderName = 'NEWEST' | 'OLDEST' | 'RATING' | 'QUICKEST' | 'RELEVANCE'

/** As people type it into a search box. */
export const recipeQuery = (text: SQL | string): SQL => sql`websearch_to_tsquery('english', ${text})`

/**
 * Conditions on `recipe_search`. Labels, cuisine, diets, foods, times and words are conditions on the two columns of one GIN
 * index, which intersects them before a row is read; the rest is compared in the rows, which are narrow.
 */
function termsOf(filter: RecipeListFilter): SQL[] {
  const { text, publishedFrom, publishedBefore, chef, chefId, withoutFacets, followedBy, maxTotalMinutes } = filter
  const step = maxTotalMinutes === undefined ? undefined : TIME_STEPS.find((minutes) => minutes >= maxTotalMinutes)
  const withFacets = [...paired(filter.withFacets ?? []), ...(step === undefined ? [] : [`within:${step}`])]
  const where: SQL[] = []
  if (text !== undefined) where.push(sql`${recipeSearch.search} @@ ${recipeQuery(text)}`)
  if (withFacets.length > 0) {
    where.push(sql`${recipeSearch.facets} @> ${pgArray(withFacets)}::text::text[]`)
  }
  if (withoutFacets !== undefined && withoutFacets.length > 0) {
    where.push(sql`not ${recipeSearch.facets} && ${pgArray(withoutFacets)}::text::text[]`)
  }
  if (publishedFrom !== undefined) where.push(sql`${recipeSearch.publishedAt} >= ${publishedFrom}::text::timestamptz`)
  if (publishedBefore !== undefined) {
    where.push(sql`${recipeSearch.publishedAt} < ${publishedBefore}::text::timestamptz`)
  }
  if (chef !== undefined) {
    where.push(
      sql`${recipeSearch.chefId} = (select ${accounts.id} from ${accounts} where ${accounts.handle} = ${chef})`,
    )
  }
  if (chefId !== undefined) where.push(sql`${recipeSearch.chefId} = ${chefId}::text::uuid`)
  // The facet finds them; where the time is between two steps, the rest is compared in their rows and not by an index.
  if (filter.maxTotalMinutes !== undefined && !isStep(filter.maxTotalMinutes)) {
    where.push(sql`${recipeSearch.totalMinutes} + 0 <= ${filter.maxTotalMinutes}`)
  }
  if (filter.minRating !== undefined) where.push(sql`${recipeSearch.rating} >= ${filter.minRating}::text::numeric`)
  if (followedBy !== undefined) {
    where.push(
      sql`${recipeSearch.chefId} in (select ${follows.followeeId} from ${follows} where ${follows.followerId} = ${followedBy}::text::uuid)`,
    )
  }
  return where
}

const isFood = (facet: string): boolean => facet.startsWith('food:') || facet.startsWith('text:')

/** The same asked by pairs, where foods and something else are asked for: every one of them is in at least one pair. */
function paired(facets: readonly string[]): readonly string[] {
  const foods = facets.filter(isFood)
  const others = facets.filter((facet) => !isFood(facet))
  if (foods.length === 0 || others.length === 0) return facets
  return Array.from({ length: Math.max(foods.length, others.length) }, (_, at) =>
    pairFacet(foods[at % foods.length] ?? '', others[at % others.length] ?? ''),
  )
}

const isStep = (minutes: number): boolean => (TIME_STEPS as readonly number[]).includes(minutes)

/** Published recipes, as they are counted and found by `search`. */
export const publishedRecipes = (filter: RecipeListFilter): ListSource<object> => ({
  of: searchEntity,
  where: termsOf(filter),
})

const byId = { value: recipeSearch.recipeId, type: 'uuid' } as const

const ORDERS: Readonly<Record<Exclude<RecipeOrderName, 'RELEVANCE'>, KeysetOrder>> = {
  NEWEST: { name: 'NEWEST', direction: 'desc', keys: [{ value: recipeSearch.publishedAt, type: 'timestamptz' }, byId] },
  OLDEST: { name: 'OLDEST', direction: 'asc', keys: [{ value: recipeSearch.publishedAt, type: 'timestamptz' }, byId] },
  RATING: { name: 'RATING', direction: 'desc', keys: [{ value: recipeSearch.ratingScore, type: 'integer' }, byId] },
  QUICKEST: { name: 'QUICKEST', direction: 'asc', keys: [{ value: recipeSearch.totalMinutes, type: 'integer' }, byId] },
}

const byRank = (text: string): KeysetOrder => ({
  name: 'RELEVANCE',
  direction: 'desc',
  // Normalised by length (1: divided by 1 + its logarithm), or a long recipe would win by its length alone.
  keys: [{ value: sql`ts_rank(${recipeSearch.search}, ${recipeQuery(text)}, 1)`, type: 'real' }, byId],
})

export function findRecipes(
  db: Executor,
  filter: RecipeListFilter,
  order: RecipeOrderName,
  page: PageRequest,
): Promise<Page<ListedRecipe & { __typename: string }>> {
  const keyset =
    order === 'RELEVANCE' ? (filter.text === undefined ? ORDERS.NEWEST : byRank(filter.text)) : ORDERS[order]
  return findListed(db, filter, keyset, page)
}

/** The page is found in the narrow rows, and only what is on it is read of the recipes. */
async function findListed(db: Executor, filter: RecipeListFilter, order: KeysetOrder, request: PageRequest) {
  const { terms, orderBy, limit } = keysetClauses(order, request)
  const where = [...termsOf(filter), ...terms]
  const condition = where.length === 0 ? sql`` : sql` where ${sql.join(where, sql` and `)}`
  const keys = order.keys.map((_, place) => sql.identifier(`__k${place}`))
  // The keys once more as they are compared: as text, 9 comes after 10.
  const places = order.keys.map((_, place) => sql.identifier(`place${place}`))
  const comparable = order.keys.map(({ value }, place) => sql`${value} as ${places[place]}`)
  const direction = sql.raw((order.direction === 'asc') === (request.toward === 'forward') ? 'asc' : 'desc')
  const columns = [
    selectColumns(recipeEntity),
    ...keys.map((key) => sql`found.${key} as ${key}`),
    ...(filter.text === undefined ? [] : [sql`${filter.text}::text as "searchedFor"`]),
  ]
  const rows = await runStatement<ListedRecipe & { __typename: string }>(
    db,
    sql`select ${sql.join(columns, sql`, `)} from (
      select ${recipeSearch.recipeId} as "recipeId", ${keyColumns(order)}, ${sql.join(comparable, sql`, `)}
      from ${recipeSearch}${condition} order by ${orderBy} limit ${limit}) found
      join ${recipes} on ${recipes.id} = found."recipeId" order by ${sql.join(
        places.map((place) => sql`found.${place} ${direction}`),
        sql`, `,
      )}`,
  )
  for (const row of rows) row.__typename = recipeEntity.typename
  return toPage(order, request, rows)
}

const RECENTLY_UPDATED: KeysetOrder = {
  name: 'RECENTLY_UPDATED',
  direction: 'desc',
  keys: [
    { value: recipes.updatedAt, type: 'timestamptz' },
    { value: recipes.id, type: 'uuid' },
  ],
}

/** A chef's own recipes, whatever their state. */
export const ownRecipes = (
  chefId: string,
  status?: (typeof recipeStatus.enumValues)[number],
): ListSource<RecipeRow> => ({
  of: recipeEntity,
  where: [
    sql`${recipes.chefId} = ${chefId}::text::uuid`,
    status === undefined ? undefined : sql`${recipes.status}::text = ${status}`,
  ],
})

export const findOwnRecipes = (db: Executor, source: ListSource<RecipeRow>, page: PageRequest) =>
  findPage(db, source, RECENTLY_UPDATED, page)

const FAVOURED: KeysetOrder = {
  name: 'FAVOURED',
  direction: 'desc',
  keys: [
    { value: recipeFavourites.createdAt, type: 'timestamptz' },
    { value: recipeFavourites.recipeId, type: 'uuid' },
  ],
}

/** What an account keeps as a favourite, as far as it can still be read. */
export const favouriteRecipes = (accountId: string): ListSource<RecipeRow> => ({
  of: recipeEntity,
  joins: sql` join ${recipeFavourites} on ${recipeFavourites.recipeId} = ${recipes.id}`,
  where: [
    sql`${recipeFavourites.accountId} = ${accountId}::text::uuid`,
    sql`(${recipes.status} = 'PUBLISHED' or ${recipes.chefId} = ${accountId}::text::uuid)`,
  ],
})

export const findFavouriteRecipes = (db: Executor, source: ListSource<RecipeRow>, page: PageRequest) =>
  findPage(db, source, FAVOURED, page)

const COOKED: KeysetOrder = {
  name: 'COOKED',
  direction: 'desc',
  keys: [
    { value: cookedMeals.cookedOn, type: 'date' },
    { value: cookedMeals.id, type: 'uuid' },
  ],
}

/** What a member cooked; of one recipe, or of all. */
export const cookedMealsOf = (accountId: string, recipeId?: string): ListSource<CookedMealRow> => ({
  of: cookedMealEntity,
  where: [
    sql`${cookedMeals.accountId} = ${accountId}::text::uuid`,
    recipeId === undefined ? undefined : sql`${cookedMeals.recipeId} = ${recipeId}::text::uuid`,
  ],
})

export const findCookedMeals = (db: Executor, source: ListSource<CookedMealRow>, page: PageRequest) =>
  findPage(db, source, COOKED, page)

/** The recipe that a chef's slug, present or former, leads to. */
export async function findRecipeIdBySlug(db: Executor, handle: string, slug: string): Promise<string | null> {
  const [row] = await runStatement<{ id: string }>(
    db,
    sql`select ${recipeSlugs.recipeId} as "id" from ${recipeSlugs} join ${accounts} on ${accounts.id} = ${recipeSlugs.chefId} where ${accounts.handle} = ${handle} and ${recipeSlugs.slug} = ${slug}`,
  )
  return row?.id ?? null
}
