import { sql } from 'drizzle-orm'
import { pgArray } from '../array.ts'
import type { Executor } from '../database.ts'
import type { KeysetOrder, PageRequest } from '../keyset.ts'
import { type PlannedMealRow, plannedMealEntity, type ShoppingListRow, shoppingListEntity } from '../relations/meal.ts'
import { runStatement } from '../statement.ts'
import { foodVariants, plannedMeals, shoppingLists } from '../tables/meal.ts'
import { foods } from '../tables/recipe/food.ts'
import { recipeIngredients, recipes } from '../tables/recipe/recipe.ts'
import { products, variantAttributes, variants } from '../tables/shop/catalogue.ts'
import { findPage, type ListSource } from './page.ts'
import { availableOf } from './shop/stock.ts'

export interface NeedRow {
  food: string
  foodKey: string
  foodId: string | null
  name: string | null
  plural: string | null
  aisle: string | null
  isLiquid: boolean | null
  gramsPerCup: string | null
  fromNumerator: number | null
  fromDenominator: number | null
  toNumerator: number | null
  toDenominator: number | null
  unit: string | null
  isOptional: boolean
  servings: number
  writtenServings: number
  recipeTitle: string
}

const NEED = sql`${recipeIngredients.food} as "food", ${recipeIngredients.foodKey} as "foodKey", ${recipeIngredients.foodId} as "foodId",
  ${foods.name} as "name", ${foods.plural} as "plural", ${foods.aisle} as "aisle", ${foods.isLiquid} as "isLiquid", ${foods.gramsPerCup} as "gramsPerCup",
  ${recipeIngredients.fromNumerator} as "fromNumerator", ${recipeIngredients.fromDenominator} as "fromDenominator",
  ${recipeIngredients.toNumerator} as "toNumerator", ${recipeIngredients.toDenominator} as "toDenominator", ${recipeIngredients.unit} as "unit",
  ${recipeIngredients.isOptional} as "isOptional", ${recipes.servings} as "writtenServings", ${recipes.title} as "recipeTitle"`

/** What the meals of a member's plan need, of the recipes that they can still see. */
export const findPlannedNeeds = (db: Executor, accountId: string, from: string, to: string): Promise<NeedRow[]> =>
  runStatement<NeedRow>(
    db,
    sql`select ${NEED}, ${plannedMeals.servings} as "servings" from ${plannedMeals} join ${recipes} on ${recipes.id} = ${plannedMeals.recipeId}
      join ${recipeIngredients} on ${recipeIngredients.recipeId} = ${recipes.id} left join ${foods} on ${foods.id} = ${recipeIngredients.foodId}
      where ${plannedMeals.accountId} = ${accountId}::text::uuid and ${plannedMeals.day} between ${from}::text::date and ${to}::text::date
        and (${recipes.status} = 'PUBLISHED' or ${recipes.chefId} = ${accountId}::text::uuid)
      order by ${plannedMeals.day}, ${plannedMeals.timeRank}, ${plannedMeals.position}, ${recipeIngredients.position}`,
  )

/** What so many servings of a recipe need. */
export const findRecipeNeeds = (db: Executor, recipeId: string, servings: number | null): Promise<NeedRow[]> =>
  runStatement<NeedRow>(
    db,
    sql`select ${NEED}, coalesce(${servings}::text::int, ${recipes.servings}) as "servings" from ${recipes}
      join ${recipeIngredients} on ${recipeIngredients.recipeId} = ${recipes.id} left join ${foods} on ${foods.id} = ${recipeIngredients.foodId}
      where ${recipes.id} = ${recipeId}::text::uuid order by ${recipeIngredients.position}`,
  )

export interface OfferRow {
  /** Of which food. */
  foodId: string
  variantId: string
  productName: string
  variantName: string
  priceMinor: number
  available: number
  /** What staff says one of it holds; null where only its name tells. */
  packNumerator: number | null
  packDenominator: number | null
  packUnit: string | null
  /** Its attributes: `500 ml`. */
  attributes: string[]
}

/** Two hundred things of one name are no help in choosing. */
const MAX_OFFERS = 200

/** What the shop sells of the foods: what staff linked to them, and what has one of their names in its own. */
export const findOffers = (db: Executor, foodIds: readonly string[]): Promise<OfferRow[]> =>
  runStatement<OfferRow>(
    db,
    sql`select f.id as "foodId", offer.* from ${foods} f cross join lateral (
      select ${variants.id} as "variantId", ${products.name} as "productName", ${variants.name} as "variantName", ${variants.priceMinor} as "priceMinor",
        greatest(${availableOf(variants.id)}, 0) as "available", l.pack_numerator as "packNumerator", l.pack_denominator as "packDenominator", l.pack_unit as "packUnit",
        array(select value from ${variantAttributes} where variant_id = ${variants.id} order by name) as "attributes"
      from ${products} join ${variants} on ${variants.productId} = ${products.id}
        left join ${foodVariants} l on l.variant_id = ${variants.id} and l.food_id = f.id
      where ${products.status} = 'ACTIVE' and ${variants.isOnSale} and (l.food_id is not null or ${products.search} @@ phraseto_tsquery('english', f.name))
      order by l.food_id is null, ${variants.priceMinor}, ${variants.id} limit ${sql.raw(String(MAX_OFFERS))}) offer
      where f.id = any(${pgArray(foodIds)}::text::uuid[])`,
  )

/** The meals of some days. */
export const mealsBetween = (accountId: string, from: string, to: string): ListSource<PlannedMealRow> => ({
  of: plannedMealEntity,
  where: [
    sql`${plannedMeals.accountId} = ${accountId}::text::uuid`,
    sql`${plannedMeals.day} between ${from}::text::date and ${to}::text::date`,
  ],
})

const BY_DAY: KeysetOrder = {
  name: 'DAY',
  direction: 'asc',
  keys: [
    { value: plannedMeals.day, type: 'date' },
    { value: plannedMeals.timeRank, type: 'integer' },
    { value: plannedMeals.position, type: 'integer' },
    { value: plannedMeals.id, type: 'uuid' },
  ],
}

export const findMeals = (db: Executor, source: ListSource<PlannedMealRow>, page: PageRequest) =>
  findPage(db, source, BY_DAY, page)

export const shoppingListsOf = (accountId: string): ListSource<ShoppingListRow> => ({
  of: shoppingListEntity,
  where: [sql`${shoppingLists.accountId} = ${accountId}::text::uuid`],
})

const NEWEST: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: shoppingLists.createdAt, type: 'timestamptz' },
    { value: shoppingLists.id, type: 'uuid' },
  ],
}

export const findShoppingLists = (db: Executor, source: ListSource<ShoppingListRow>, page: PageRequest) =>
  findPage(db, source, NEWEST, page)
