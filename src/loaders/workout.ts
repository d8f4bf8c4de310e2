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

const previous = statement<{ __key: string; id: string }>(
  sql`select this.id as "__key", before.id as "id" from ${workoutExercises} this join workouts w on w.id = this.workout_id
  cross join lateral (
    select e.id from workout_exercises e join workouts p on p.id = e.workout_id
    where e.owner_id = this.owner_id and e.exercise_id = this.exercise_id and e.workout_id <> this.workout_id and e.set_count > 0
      and p.status = 'DONE' and (p.started_at, p.id) < (coalesce(w.started_at, 'infinity'), w.id)
    order by p.started_at desc, p.id desc, e.position limit 1
  ) before
  where this.id = any(${keysOf(workoutExercises.id)})`,
)

/** The same exercise in the last workout that its owner has done before, batched; its id, or null where there is none. */
export const previousOf = (loaders: BatchLoaders, entryId: string): Promise<string | null> =>
  loaders.grouped(previous, entryId, {}, ([row]) => row?.id ?? null)

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
