import { type SQL, sql } from 'drizzle-orm'
import {
  boolean,
  check,
  date,
  index,
  integer,
  numeric,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { id, instant } from './columns.ts'
import { foods, units } from './recipe/food.ts'
import { recipes } from './recipe/recipe.ts'
import { variants } from './shop/catalogue.ts'

export const mealTime = pgEnum('meal_time', ['BREAKFAST', 'LUNCH', 'DINNER', 'SNACK'])

/** What a member means to eat. It outlives the recipe. */
export const plannedMeals = pgTable(
  'planned_meals',
  {
    id: id(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    day: date({ mode: 'string' }).notNull(),
    time: mealTime().notNull(),
    /** In the order of the day. */
    timeRank: integer()
      .notNull()
      .generatedAlwaysAs(
        (): SQL =>
          sql`case ${plannedMeals.time} when 'BREAKFAST' then 0 when 'LUNCH' then 1 when 'DINNER' then 2 else 3 end`,
      ),
    /** Among the dishes of one meal. */
    position: integer().notNull(),
    recipeId: uuid().references(() => recipes.id, { onDelete: 'set null' }),
    /** The recipe's when it was planned, or the member's own words. */
    title: text().notNull(),
    servings: integer().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('planned_meals_in_order').on(t.accountId, t.day, t.time, t.position),
    index('planned_meals_by_day').on(t.accountId, t.day, t.timeRank, t.position, t.id),
    index('planned_meals_by_recipe').on(t.recipeId),
    check('planned_meals_dishes', sql`${t.position} between 0 and 9`),
    check('planned_meals_servings', sql`${t.servings} between 1 and 1000`),
  ],
)

export const shoppingLists = pgTable(
  'shopping_lists',
  {
    id: id(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    title: text().notNull(),
    /** Of the planned meals that it was made from. */
    fromDay: date({ mode: 'string' }).notNull(),
    toDay: date({ mode: 'string' }).notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('shopping_lists_newest').on(t.accountId, t.createdAt, t.id),
    check('shopping_lists_days', sql`${t.fromDay} <= ${t.toDay}`),
  ],
)

export const shoppingItems = pgTable(
  'shopping_items',
  {
    id: id(),
    listId: uuid()
      .notNull()
      .references(() => shoppingLists.id, { onDelete: 'cascade' }),
    /** What it stands for among the planned meals; null for what the member added. */
    needKey: text(),
    foodId: uuid().references(() => foods.id),
    name: text().notNull(),
    /** Where a shop keeps it; empty where nobody knows. */
    aisle: text().notNull().default(''),
    /** Exact: sums of thirds and sevenths have denominators of any size. */
    numerator: numeric({ precision: 40, scale: 0 }),
    denominator: numeric({ precision: 40, scale: 0 }),
    unit: text().references(() => units.code),
    note: text().notNull().default(''),
    isChecked: boolean().notNull().default(false),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('shopping_items_once').on(t.listId, t.needKey),
    index('shopping_items_in_order').on(t.listId, t.aisle, t.name, t.id),
    check(
      'shopping_items_amount',
      sql`(${t.numerator} is null) = (${t.denominator} is null) and ${t.numerator} > 0 and ${t.denominator} > 0 and (${t.unit} is null or ${t.numerator} is not null)`,
    ),
  ],
)

/** Which things of the shop are a food, and how much of it one of them holds. Staff keeps it. */
export const foodVariants = pgTable(
  'food_variants',
  {
    foodId: uuid()
      .notNull()
      .references(() => foods.id, { onDelete: 'cascade' }),
    variantId: uuid()
      .notNull()
      .references(() => variants.id, { onDelete: 'cascade' }),
    packNumerator: integer().notNull(),
    packDenominator: integer().notNull(),
    packUnit: text().references(() => units.code),
  },
  (t) => [
    primaryKey({ name: 'food_variants_once', columns: [t.foodId, t.variantId] }),
    index('food_variants_by_variant').on(t.variantId),
    check('food_variants_pack', sql`${t.packNumerator} > 0 and ${t.packDenominator} > 0`),
  ],
)
