import { sql } from 'drizzle-orm'
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
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant, tsvector } from '../columns.ts'
import { subjects } from '../subject.ts'
import { uploads } from '../upload.ts'
import { foods, units } from './food.ts'

export const recipeStatus = pgEnum('recipe_status', ['DRAFT', 'PUBLISHED', 'ARCHIVED'])

export const recipes = pgTable(
  'recipes',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    chefId: uuid()
      .notNull()
      .references(() => accounts.id),
    title: text().notNull(),
    slug: text().notNull(),
    summary: text().notNull().default(''),
    status: recipeStatus().notNull().default('DRAFT'),
    /** Staff took another's recipe off the lists: its chef does not bring it back. */
    archivedByStaff: boolean().notNull().default(false),
    servings: integer().notNull(),
    /** What comes out of it, in words: `24 biscuits`. */
    makes: text().notNull().default(''),
    prepMinutes: integer(),
    cookMinutes: integer(),
    /** As the chef says it, for resting and rising; the sum of the other two unless told. */
    totalMinutes: integer(),
    cuisine: text().notNull().default(''),
    cuisineSlug: text().notNull().default(''),
    /** Values of `RECIPE_DIETS` in domain/recipe/rules, each once. */
    diets: text().array().notNull().default(sql`'{}'`),
    /** Slugs, in the order in which the chef gave them. */
    labels: text().array().notNull().default(sql`'{}'`),
    /** Of one serving, as the chef gives it. */
    energyKcal: numeric({ precision: 9, scale: 2 }),
    proteinG: numeric({ precision: 9, scale: 2 }),
    fatG: numeric({ precision: 9, scale: 2 }),
    carbohydrateG: numeric({ precision: 9, scale: 2 }),
    fibreG: numeric({ precision: 9, scale: 2 }),
    sodiumMg: numeric({ precision: 9, scale: 2 }),
    /** The page that it was imported from. */
    sourceUrl: text(),
    publishedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('recipes_updated_by_chef').on(t.chefId, t.updatedAt, t.id),
    check('recipes_title_length', sql`char_length(${t.title}) between 1 and 200`),
    check('recipes_servings', sql`${t.servings} between 1 and 1000`),
    check(
      'recipes_times',
      sql`${t.prepMinutes} between 0 and 43200 and ${t.cookMinutes} between 0 and 43200 and ${t.totalMinutes} between 0 and 86400`,
    ),
    check('recipes_published_has_time', sql`${t.status} = 'DRAFT' or ${t.publishedAt} is not null`),
  ],
)

/** Every slug that a recipe ever had. The chef's old links keep working, and no new recipe takes them over. */
export const recipeSlugs = pgTable(
  'recipe_slugs',
  {
    chefId: uuid()
      .notNull()
      .references(() => accounts.id),
    slug: text().notNull(),
    recipeId: uuid()
      .notNull()
      .references(() => recipes.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'recipe_slugs_taken', columns: [t.chefId, t.slug] }),
    index('recipe_slugs_by_recipe').on(t.recipeId),
  ],
)

/**
 * An amount is numerator over denominator in lowest terms: a third of a cup has no exact decimal, and thrice it is one cup.
 * `from` alone is a quantity, with `to` it is a range.
 */
export const recipeIngredients = pgTable(
  'recipe_ingredients',
  {
    recipeId: uuid()
      .notNull()
      .references(() => recipes.id, { onDelete: 'cascade' }),
    position: smallint().notNull(),
    /** Of what part of the dish: `For the dough`. Empty for none. */
    groupTitle: text().notNull().default(''),
    fromNumerator: integer(),
    fromDenominator: integer(),
    toNumerator: integer(),
    toDenominator: integer(),
    unit: text().references(() => units.code),
    /** As the chef calls it. */
    food: text().notNull(),
    /** The form of it that is looked up among `food_names`. */
    foodKey: text().notNull(),
    foodId: uuid().references(() => foods.id),
    note: text().notNull().default(''),
    isOptional: boolean().notNull().default(false),
  },
  (t) => [
    primaryKey({ name: 'recipe_ingredients_in_order', columns: [t.recipeId, t.position] }),
    index('recipe_ingredients_by_food').on(t.foodId, t.recipeId),
    index('recipe_ingredients_unknown').on(t.foodKey).where(sql`${t.foodId} is null`),
    check(
      'recipe_ingredients_amount',
      sql`(${t.fromNumerator} is null) = (${t.fromDenominator} is null) and (${t.toNumerator} is null) = (${t.toDenominator} is null)
        and (${t.toNumerator} is null or ${t.fromNumerator} is not null) and ${t.fromNumerator} > 0 and ${t.fromDenominator} > 0 and ${t.toDenominator} > 0
        and ${t.toNumerator}::bigint * ${t.fromDenominator} > ${t.fromNumerator}::bigint * ${t.toDenominator}`,
    ),
    check('recipe_ingredients_unit_of_amount', sql`${t.unit} is null or ${t.fromNumerator} is not null`),
  ],
)

export const recipeSteps = pgTable(
  'recipe_steps',
  {
    recipeId: uuid()
      .notNull()
      .references(() => recipes.id, { onDelete: 'cascade' }),
    position: smallint().notNull(),
    /** Of what part of the work: `The sauce`. Empty for none. */
    sectionTitle: text().notNull().default(''),
    /** Markdown, as the chef wrote it. */
    body: text().notNull(),
    bodyHtml: text().notNull(),
    bodyText: text().notNull(),
    minutes: integer(),
  },
  (t) => [
    primaryKey({ name: 'recipe_steps_in_order', columns: [t.recipeId, t.position] }),
    check('recipe_steps_minutes', sql`${t.minutes} between 1 and 43200`),
  ],
)

/** In order; the first one is the cover. */
export const recipeImages = pgTable(
  'recipe_images',
  {
    recipeId: uuid()
      .notNull()
      .references(() => recipes.id, { onDelete: 'cascade' }),
    position: smallint().notNull(),
    uploadId: uuid()
      .notNull()
      .unique('recipe_images_once')
      .references(() => uploads.id),
    /** What it shows, for those who do not see it. */
    alt: text().notNull(),
  },
  (t) => [primaryKey({ name: 'recipe_images_in_order', columns: [t.recipeId, t.position] })],
)

/** What a label is called; recipes hold the slugs. */
export const recipeLabels = pgTable('recipe_labels', {
  slug: text().primaryKey(),
  name: text().notNull(),
  createdAt: instant().notNull().defaultNow(),
})

/**
 * One narrow row for each published recipe, made anew whenever the recipe changes. What a list filters and sorts by stands
 * together here, so that one index answers several filters at once and a favourite or a rating does not touch the recipe.
 */
export const recipeSearch = pgTable(
  'recipe_search',
  {
    recipeId: uuid()
      .primaryKey()
      .references(() => recipes.id, { onDelete: 'cascade' }),
    chefId: uuid().notNull(),
    publishedAt: instant().notNull(),
    /** One more than any recipe takes where nothing is known. */
    totalMinutes: integer().notNull(),
    /** Average of the stars, null without any. */
    rating: numeric({ precision: 3, scale: 2 }),
    ratingCount: integer().notNull().default(0),
    /** For sorting, in thousandths of a star: a few good words count less than many (see `db/queries/recipe`). */
    ratingScore: integer().notNull().default(3000),
    /** What a recipe has or has not: `label:quick`, `cuisine:thai`, `diet:VEGAN`, `food:<uuid>`, `text:<key of an unknown food>`, `within:45`, `pair:<hash>` (see `db/queries/recipe/search-row`). */
    facets: text().array().notNull(),
    /** Everything that can be read in it without markup, for highlights. */
    bodyText: text().notNull(),
    search: tsvector().notNull(),
  },
  (t) => [
    index('recipe_search_newest').on(t.publishedAt, t.recipeId),
    index('recipe_search_newest_by_chef').on(t.chefId, t.publishedAt, t.recipeId),
    index('recipe_search_quickest').on(t.totalMinutes, t.recipeId),
    index('recipe_search_best').on(t.ratingScore, t.recipeId),
    index('recipe_search_facets').using('gin', t.facets, t.search).with({ fastupdate: false }),
  ],
)

export const recipeFavourites = pgTable(
  'recipe_favourites',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    recipeId: uuid()
      .notNull()
      .references(() => recipes.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'recipe_favourites_once', columns: [t.accountId, t.recipeId] }),
    index('recipe_favourites_newest').on(t.accountId, t.createdAt, t.recipeId),
    index('recipe_favourites_by_recipe').on(t.recipeId),
  ],
)

/** "I cooked this": a member's own log, which outlives the recipe. */
export const cookedMeals = pgTable(
  'cooked_meals',
  {
    id: id(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    recipeId: uuid().references(() => recipes.id, { onDelete: 'set null' }),
    /** Of the recipe when it was cooked. */
    title: text().notNull(),
    cookedOn: date({ mode: 'string' }).notNull(),
    servings: integer(),
    note: text().notNull().default(''),
    photoId: uuid()
      .unique('cooked_meals_one_photo')
      .references(() => uploads.id),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('cooked_meals_newest').on(t.accountId, t.cookedOn, t.id),
    index('cooked_meals_by_recipe').on(t.recipeId, t.accountId, t.cookedOn, t.id),
    check('cooked_meals_servings', sql`${t.servings} between 1 and 1000`),
  ],
)
