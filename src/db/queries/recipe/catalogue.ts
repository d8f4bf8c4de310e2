import { type SQL, sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import { type FoodRow, foodEntity, type LabelRow, labelEntity } from '../../relations/recipe/recipe.ts'
import { runStatement } from '../../statement.ts'
import { foodNames, foods } from '../../tables/recipe/food.ts'
import { recipeLabels } from '../../tables/recipe/recipe.ts'
import { findPage, type ListSource } from '../page.ts'

/** Foods by the keys of their names. */
export async function findFoodIds(db: Executor, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map()
  const rows = await runStatement<{ key: string; foodId: string }>(
    db,
    sql`select ${foodNames.key} as "key", ${foodNames.foodId} as "foodId" from ${foodNames} where ${foodNames.key} = any(${pgArray(keys)}::text::text[])`,
  )
  return new Map(rows.map(({ key, foodId }) => [key, foodId]))
}

const startsWith = (value: SQL, prefix: string): SQL => sql`starts_with(lower(${value}), ${prefix.toLowerCase()})`

/** Foods of which a name begins so. */
export const foodsNamed = (prefix?: string): ListSource<FoodRow> => ({
  of: foodEntity,
  where: [
    prefix === undefined || prefix === ''
      ? undefined
      : sql`exists (select 1 from ${foodNames} where ${foodNames.foodId} = ${foods.id} and ${startsWith(sql`${foodNames.key}`, prefix)})`,
  ],
})

const BY_NAME: KeysetOrder = {
  name: 'NAME',
  direction: 'asc',
  keys: [
    { value: foods.name, type: 'text' },
    { value: foods.id, type: 'uuid' },
  ],
}

export const findFoods = (db: Executor, source: ListSource<FoodRow>, page: PageRequest) =>
  findPage(db, source, BY_NAME, page)

export const labelsNamed = (prefix?: string): ListSource<LabelRow> => ({
  of: labelEntity,
  where: [prefix === undefined || prefix === '' ? undefined : startsWith(sql`${recipeLabels.name}`, prefix)],
})

const BY_SLUG: KeysetOrder = { name: 'SLUG', direction: 'asc', keys: [{ value: recipeLabels.slug, type: 'text' }] }

export const findLabels = (db: Executor, source: ListSource<LabelRow>, page: PageRequest) =>
  findPage(db, source, BY_SLUG, page)
