import { sql } from 'drizzle-orm'
import { boolean, check, index, numeric, pgEnum, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { id, instant } from '../columns.ts'

export const unitKind = pgEnum('unit_kind', ['MASS', 'VOLUME', 'COUNT'])
export const unitSystem = pgEnum('unit_system', ['METRIC', 'US', 'ANY'])

/** Copied from `catalogue/units.csv` at every start; here so that an amount can point at its unit. */
export const units = pgTable('units', {
  code: text().primaryKey(),
  kind: unitKind().notNull(),
  system: unitSystem().notNull(),
})

/** Copied from `catalogue/foods.csv` at every start. One that leaves the file stays: recipes point at it. */
export const foods = pgTable(
  'foods',
  {
    id: id(),
    slug: text().notNull().unique('foods_slug_taken'),
    name: text().notNull(),
    plural: text().notNull(),
    /** Where a shop keeps it: `Vegetables`. */
    aisle: text().notNull(),
    isLiquid: boolean().notNull().default(false),
    /** What a US cup of it weighs; null where it is not measured by volume. */
    gramsPerCup: numeric({ precision: 8, scale: 2 }),
    /** What one of it weighs, in the unit `eachUnit` (`piece`, `clove`, …). */
    gramsEach: numeric({ precision: 8, scale: 2 }),
    eachUnit: text().references(() => units.code),
    /** Of 100 grams. All of them are known or none. */
    energyKcal: numeric({ precision: 7, scale: 2 }),
    proteinG: numeric({ precision: 7, scale: 2 }),
    fatG: numeric({ precision: 7, scale: 2 }),
    carbohydrateG: numeric({ precision: 7, scale: 2 }),
    fibreG: numeric({ precision: 7, scale: 2 }),
    sodiumMg: numeric({ precision: 8, scale: 2 }),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('foods_by_name').on(t.name, t.id),
    check('foods_each', sql`(${t.gramsEach} is null) = (${t.eachUnit} is null)`),
    check('foods_weights', sql`${t.gramsPerCup} > 0 and ${t.gramsEach} > 0`),
    check(
      'foods_nutrition',
      sql`num_nulls(${t.energyKcal}, ${t.proteinG}, ${t.fatG}, ${t.carbohydrateG}, ${t.fibreG}, ${t.sodiumMg}) in (0, 6)`,
    ),
  ],
)

/** Every name by which an ingredient is known as a food, in the form that `foodKey` of domain/recipe gives it. */
export const foodNames = pgTable(
  'food_names',
  {
    key: text().primaryKey(),
    foodId: uuid()
      .notNull()
      .references(() => foods.id, { onDelete: 'cascade' }),
  },
  (t) => [
    index('food_names_by_food').on(t.foodId),
    index('food_names_search').using('gin', sql`to_tsvector('english', ${t.key})`).with({ fastupdate: false }),
  ],
)

/** Which state of a file of `catalogue/` the tables hold, so that a start that changes nothing writes nothing. */
export const catalogueSyncs = pgTable('catalogue_syncs', {
  name: text().primaryKey(),
  /** SHA-256 of the file, in hex. */
  hash: text().notNull(),
  syncedAt: instant().notNull().defaultNow(),
})
