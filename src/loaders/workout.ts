import { sql } from 'drizzle-orm'
import { exerciseRecords, type RecordRow, workoutRecords } from '../db/queries/workout/records.ts'
import { keysOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { workoutExercises } from '../db/tables/workout/workout.ts'
import type { BatchLoaders } from './batch.ts'

/** The records that a workout has set, batched. */
export const recordsOfWorkout = (loaders: BatchLoaders, workoutId: string): Promise<readonly RecordRow[]> =>
  loaders.grouped(workoutRecords, workoutId, {}, (rows) => rows)

/** The best that the viewer has done in an exercise, batched. */
export const recordsIn = (loaders: BatchLoaders, viewer: string, exerciseId: string): Promise<readonly RecordRow[]> =>
  loaders.grouped(exerciseRecords, exerciseId, { viewer }, (rows) => rows)

interface Totals {
  readonly setCount: number
  readonly volumeGrams: number
}

const totals = statement<Totals & { __key: string }>(
  sql`select ${workoutExercises.workoutId} as "__key", sum(${workoutExercises.setCount})::int as "setCount",
    sum(${workoutExercises.volumeGrams})::float8 as "volumeGrams"
  from ${workoutExercises} where ${workoutExercises.workoutId} = any(${keysOf(workoutExercises.workoutId)}) group by 1`,
)

/** What a workout comes to, batched. */
export const totalsOf = (loaders: BatchLoaders, workoutId: string): Promise<Totals> =>
  loaders.grouped(totals, workoutId, {}, ([row]) => row ?? { setCount: 0, volumeGrams: 0 })
