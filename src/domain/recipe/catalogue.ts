import { eq, isNull, sql } from 'drizzle-orm'
import { newId, type Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Database, Transaction } from '../../db/database.ts'
import { findFoodIds } from '../../db/queries/recipe/catalogue.ts'
import { refreshSearchRows, SEARCH_ROWS_VERSION } from '../../db/queries/recipe/search-row.ts'
import { catalogueSyncs, foodNames, foods, units } from '../../db/tables/recipe/food.ts'
import { recipeIngredients, recipes } from '../../db/tables/recipe/recipe.ts'
import { slugText } from '../blog/slug-text.ts'
import { listOf, readCatalogue } from './catalogue-file.ts'
import { foodKey, foodKeys } from './food-key.ts'
import { UNITS, UNITS_HASH } from './units.ts'

const LOCK = 7_201_540_265

/**
 * Brings units and foods of the database to what the files of `catalogue/` say, once however many servers start at a time.
 * A file that is the same as last time costs one small query. Ingredients that nobody knew are looked at again.
 */
export async function syncCatalogue(db: Database): Promise<void> {
  const file = readCatalogue('foods')
  const wanted = new Map([
    ['units', UNITS_HASH],
    ['foods', file.hash],
    ['recipe-search', SEARCH_ROWS_VERSION],
  ])
  const rows = await db.orm.select({ name: catalogueSyncs.name, hash: catalogueSyncs.hash }).from(catalogueSyncs)
  const has = (name: string): boolean => rows.some((row) => row.name === name && row.hash === wanted.get(name))
  if ([...wanted.keys()].every(has)) return
  // After a change of what is searched for, all rows are made anew: longer than a statement may take otherwise.
  await db.transaction(
    async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [LOCK])
      if (!has('units') || !has('foods')) {
        await syncUnits(tx)
        await syncFoods(tx, file.rows)
        await recogniseIngredients(tx)
      }
      if (!has('recipe-search')) await refreshAllRows(tx)
      for (const [name, hash] of wanted) {
        await tx.orm
          .insert(catalogueSyncs)
          .values({ name, hash })
          .onConflictDoUpdate({ target: catalogueSyncs.name, set: { hash, syncedAt: sql`now()` } })
      }
    },
    { statementTimeoutMs: null },
  )
}

async function refreshAllRows(tx: Transaction): Promise<void> {
  const published = await tx.orm.select({ id: recipes.id }).from(recipes).where(eq(recipes.status, 'PUBLISHED'))
  for (let at = 0; at < published.length; at += 1_000) {
    await refreshSearchRows(
      tx,
      published.slice(at, at + 1_000).map(({ id }) => id),
    )
  }
}

const syncUnits = (tx: Transaction) =>
  tx.orm
    .insert(units)
    .values(UNITS.map(({ code, kind, system }) => ({ code, kind, system })))
    .onConflictDoUpdate({ target: units.code, set: { kind: sql`excluded.kind`, system: sql`excluded.system` } })

const cell = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text)

const COLUMNS = [
  ['name', 'name'],
  ['plural', 'plural'],
  ['aisle', 'aisle'],
  ['isLiquid', 'is_liquid'],
  ['gramsPerCup', 'grams_per_cup'],
  ['gramsEach', 'grams_each'],
  ['eachUnit', 'each_unit'],
  ['energyKcal', 'energy_kcal'],
  ['proteinG', 'protein_g'],
  ['fatG', 'fat_g'],
  ['carbohydrateG', 'carbohydrate_g'],
  ['fibreG', 'fibre_g'],
  ['sodiumMg', 'sodium_mg'],
] as const

async function syncFoods(tx: Transaction, rows: readonly Readonly<Record<string, string>>[]): Promise<void> {
  const values = rows.map((row) => ({
    id: newId(),
    slug: slugText(row.name ?? ''),
    name: row.name ?? '',
    plural: row.plural ?? '',
    aisle: row.aisle ?? '',
    isLiquid: row.liquid === 'yes',
    gramsPerCup: cell(row.grams_per_cup),
    gramsEach: cell(row.grams_each),
    eachUnit: cell(row.each_unit),
    energyKcal: cell(row.kcal),
    proteinG: cell(row.protein),
    fatG: cell(row.fat),
    carbohydrateG: cell(row.carbohydrate),
    fibreG: cell(row.fibre),
    sodiumMg: cell(row.sodium_mg),
  }))
  const set = Object.fromEntries(COLUMNS.map(([field, column]) => [field, sql.raw(`excluded.${column}`)]))
  const written = await tx.orm
    .insert(foods)
    .values(values)
    .onConflictDoUpdate({ target: foods.slug, set: { ...set, updatedAt: sql`now()` } })
    .returning({ id: foods.id, slug: foods.slug })
  const idOf = new Map(written.map(({ id, slug }) => [slug, id]))
  const names = new Map<string, Uuid>()
  for (const row of rows) {
    const foodId = idOf.get(slugText(row.name ?? '')) ?? ''
    for (const name of [row.name ?? '', row.plural ?? '', ...listOf(row.aliases)]) {
      const key = foodKey(name)
      // Of two foods that share a name the first of the file has it.
      if (!names.has(key)) names.set(key, foodId)
    }
  }
  await tx.orm.delete(foodNames)
  await tx.orm.insert(foodNames).values([...names].map(([key, foodId]) => ({ key, foodId })))
}

/** Foods of the names that people gave ingredients, by what they wrote. Names that lead nowhere are left out. */
export async function recogniseFoods(
  db: Parameters<typeof findFoodIds>[0],
  names: readonly string[],
): Promise<Map<string, Uuid>> {
  const keys = new Map(names.map((name) => [name, foodKeys(name)]))
  const found = await findFoodIds(db, [...new Set([...keys.values()].flat())])
  const recognised = [...keys].flatMap(([name, candidates]) => {
    const id = candidates.map((key) => found.get(key)).find((each) => each !== undefined)
    return id === undefined ? [] : [[name, id] as const]
  })
  return new Map(recognised)
}

async function recogniseIngredients(tx: Transaction): Promise<void> {
  const unknown = await tx.orm
    .selectDistinct({ food: recipeIngredients.food })
    .from(recipeIngredients)
    .where(isNull(recipeIngredients.foodId))
  const found = await recogniseFoods(
    tx,
    unknown.map(({ food }) => food),
  )
  if (found.size === 0) return
  const [names, ids] = [[...found.keys()], [...found.values()]]
  const changed = await tx.query<{ recipeId: Uuid }>(
    `update recipe_ingredients set food_id = found.id from unnest($1::text[], $2::uuid[]) as found(name, id)
     where food_id is null and food = found.name returning recipe_id as "recipeId"`,
    [pgArray(names), pgArray(ids)],
  )
  await refreshSearchRows(tx, [...new Set(changed.map(({ recipeId }) => recipeId))])
}
