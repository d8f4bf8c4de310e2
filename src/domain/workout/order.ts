import { invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Transaction } from '../../db/database.ts'

/** Rows that stand in an order below something, one at each place. */
const LISTS = {
  planExercises: ['workout_plan_exercises', 'plan_id'],
  workoutExercises: ['workout_exercises', 'workout_id'],
  sets: ['workout_sets', 'workout_exercise_id'],
} as const

/**
 * Puts a row at another place among its siblings, counted from 0. The parent is locked by whoever calls, and the row is one of its.
 * @throws DomainError `INVALID_INPUT` for a place that there is not.
 */
export async function move(
  tx: Transaction,
  list: keyof typeof LISTS,
  { id, parentId, position }: { id: Uuid; parentId: Uuid; position: number },
): Promise<void> {
  const [table, parent] = LISTS[list]
  const rows = await tx.query<{ id: Uuid }>(
    `select id from ${table} where ${parent} = $1::text::uuid order by position`,
    [parentId],
  )
  if (position < 0 || position >= rows.length) {
    throw invalidInput(['input', 'position'], `Places are counted from 0 to ${rows.length - 1}.`)
  }
  const ids = rows.map((row) => row.id).filter((each) => each !== id)
  ids.splice(position, 0, id)
  // Each place is taken once at every moment, so they all step aside first.
  await tx.query(`update ${table} set position = -1 - position where ${parent} = $1::text::uuid`, [parentId])
  await tx.query(
    `update ${table} set position = place - 1
     from unnest($2::text::uuid[]) with ordinality as ordered(id, place)
     where ${table}.${parent} = $1::text::uuid and ${table}.id = ordered.id`,
    [parentId, pgArray(ids)],
  )
}
