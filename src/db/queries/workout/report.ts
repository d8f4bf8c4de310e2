import { type SQL, sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import { runStatement } from '../../statement.ts'
import { workouts } from '../../tables/workout/workout.ts'
import { type DaySpan, isMissed, isOnDays } from './workouts.ts'

export interface StatusRow {
  readonly planned: number
  readonly inProgress: number
  readonly done: number
  readonly skipped: number
  readonly cancelled: number
  readonly missed: number
}

/** How many workouts of a period are in which state. */
export async function countStatuses(db: Executor, ownerId: string, days: DaySpan): Promise<StatusRow> {
  const of = (status: string) => sql.raw(`(count(*) filter (where status = '${status}'))::int`)
  const [row] = await runStatement<StatusRow>(
    db,
    sql`select ${of('PLANNED')} as "planned", ${of('IN_PROGRESS')} as "inProgress", ${of('DONE')} as "done",
      ${of('SKIPPED')} as "skipped", ${of('CANCELLED')} as "cancelled", (count(*) filter (where ${isMissed}))::int as "missed"
    from ${workouts} where ${workouts.ownerId} = ${ownerId}::text::uuid and ${isOnDays(days)}`,
  )
  return row ?? { planned: 0, inProgress: 0, done: 0, skipped: 0, cancelled: 0, missed: 0 }
}

/** Workouts that a member has done in a period, by when they began. */
const doneIn = (ownerId: string, { from, before }: Pick<DaySpan, 'from' | 'before'>) =>
  sql`w.owner_id = ${ownerId}::text::uuid and w.status = 'DONE' and w.started_at >= ${from}::text::timestamptz and w.started_at < ${before}::text::timestamptz`

/**
 * The exercises of each workout that has sets. `offset 0` keeps Postgres from joining them the other way round, beginning
 * with all that were ever done.
 */
const entriesOf = sql`cross join lateral (select * from workout_exercises where workout_id = w.id and set_count > 0 offset 0) e`

/** A sum that the graph can say: where somebody wrote down impossible things, the most that fits is shown instead of no report. */
const bounded = (sum: SQL): SQL => sql`least(${sum}, 2147483647)`

export interface ExerciseTotalRow {
  readonly exerciseId: string
  readonly workoutCount: number
  readonly setCount: number
  readonly repCount: number
  readonly volumeGrams: number
  readonly durationSeconds: number
  readonly distanceMetres: number
  readonly bestOneRepMaxGrams: number | null
  readonly maxWeightGrams: number | null
  readonly bestSetId: string | null
}

export const MAX_EXERCISE_TOTALS = 200

/** What was done of each exercise, the most lifted first. The best set is the one with the highest estimated one-rep max, or the longest. */
export const sumExercises = (db: Executor, ownerId: string, days: DaySpan) =>
  runStatement<ExerciseTotalRow>(
    db,
    sql`select total.*, (
      select s.id from workout_sets s where s.workout_exercise_id = total."bestEntryId" and s.kind <> 'WARM_UP'
      order by nullif(s.one_rep_max_grams, 0) desc nulls last, s.distance_metres desc nulls last, s.duration_seconds desc nulls last,
        s.reps desc nulls last, s.weight_grams desc nulls last, s.position limit 1
    ) as "bestSetId" from (
      select e.exercise_id as "exerciseId", count(distinct w.id)::int as "workoutCount", sum(e.set_count)::int as "setCount",
        ${bounded(sql`sum(e.rep_count)`)}::int as "repCount", sum(e.volume_grams)::float8 as "volumeGrams",
        ${bounded(sql`sum(e.total_seconds)`)}::int as "durationSeconds", ${bounded(sql`sum(e.total_metres)`)}::int as "distanceMetres",
        max(e.best_one_rep_max_grams) as "bestOneRepMaxGrams", max(e.max_weight_grams) as "maxWeightGrams",
        (array_agg(e.id order by nullif(e.best_one_rep_max_grams, 0) desc nulls last, e.longest_metres desc nulls last,
          e.longest_seconds desc nulls last, e.most_reps desc nulls last, w.started_at, e.id))[1] as "bestEntryId"
      from workouts w ${entriesOf}
      where ${doneIn(ownerId, days)}
      group by 1 order by 5 desc, 3 desc, 1 limit ${sql.raw(String(MAX_EXERCISE_TOTALS))}
    ) total`,
  )

export interface MuscleTotalRow {
  readonly muscle: string
  readonly setCount: number
  readonly volumeGrams: number
}

/** By the muscle groups that an exercise is for first and foremost: a set counts for each of them. */
export const sumMuscles = (db: Executor, ownerId: string, days: DaySpan) =>
  runStatement<MuscleTotalRow>(
    db,
    sql`select muscle as "muscle", sum(e.set_count)::int as "setCount", sum(e.volume_grams)::float8 as "volumeGrams"
    from workouts w ${entriesOf} join exercises x on x.id = e.exercise_id
      cross join unnest(x.muscles) as muscle
    where ${doneIn(ownerId, days)} group by 1 order by 2 desc, 1`,
  )

export interface StretchRow {
  /** From 1: between the first and the second boundary. */
  readonly stretch: number
  readonly done: number
  readonly setCount: number
  readonly volumeGrams: number
  readonly durationSeconds: number
}

/** What was done between each boundary and the next, empty stretches left out. The boundaries are instants in their order. */
export const sumStretches = (db: Executor, ownerId: string, boundaries: readonly string[]) =>
  runStatement<StretchRow>(
    db,
    sql`select width_bucket(w.started_at, ${pgArray(boundaries)}::text::timestamptz[]) as "stretch", count(*)::int as "done",
      coalesce(sum(e.sets), 0)::int as "setCount", coalesce(sum(e.volume), 0)::float8 as "volumeGrams",
      ${bounded(sql`sum(extract(epoch from w.ended_at - w.started_at))`)}::float8 as "durationSeconds"
    from workouts w left join lateral (
      select sum(set_count) as sets, sum(volume_grams) as volume from workout_exercises where workout_id = w.id
    ) e on true
    where ${doneIn(ownerId, { from: boundaries[0] ?? '', before: boundaries.at(-1) ?? '' })} group by 1 order by 1`,
  )

/** As `sumStretches`, how many were done; read off the index alone. */
export const countStretches = (db: Executor, ownerId: string, boundaries: readonly string[]) =>
  runStatement<Pick<StretchRow, 'stretch' | 'done'>>(
    db,
    sql`select width_bucket(w.started_at, ${pgArray(boundaries)}::text::timestamptz[]) as "stretch", count(*)::int as "done"
    from workouts w where ${doneIn(ownerId, { from: boundaries[0] ?? '', before: boundaries.at(-1) ?? '' })} group by 1 order by 1`,
  )

/** When the member's first done workout began. */
export async function findFirstDone(db: Executor, ownerId: string): Promise<string | null> {
  const [row] = await runStatement<{ first: string | null }>(
    db,
    sql`select min(w.started_at) as "first" from workouts w where w.owner_id = ${ownerId}::text::uuid and w.status = 'DONE'`,
  )
  return row?.first ?? null
}

export interface ProgressRow {
  readonly workoutId: string
  readonly startedAt: string
  readonly setCount: number
  readonly repCount: number
  readonly volumeGrams: number
  readonly durationSeconds: number
  readonly distanceMetres: number
  readonly bestOneRepMaxGrams: number | null
  readonly maxWeightGrams: number | null
  readonly mostReps: number | null
  readonly longestSeconds: number | null
  readonly longestMetres: number | null
}

export const MAX_PROGRESS_POINTS = 1000

/** One point for each done workout that had the exercise, the oldest first; of more than fit the latest. */
export const findProgress = (
  db: Executor,
  ownerId: string,
  exerciseId: string,
  span: Pick<DaySpan, 'from' | 'before'>,
) =>
  runStatement<ProgressRow>(
    db,
    sql`select * from (
      select w.id as "workoutId", w.started_at as "startedAt", sum(e.set_count)::int as "setCount",
        ${bounded(sql`sum(e.rep_count)`)}::int as "repCount", sum(e.volume_grams)::float8 as "volumeGrams",
        ${bounded(sql`sum(e.total_seconds)`)}::int as "durationSeconds", ${bounded(sql`sum(e.total_metres)`)}::int as "distanceMetres",
        max(e.best_one_rep_max_grams) as "bestOneRepMaxGrams", max(e.max_weight_grams) as "maxWeightGrams", max(e.most_reps) as "mostReps",
        max(e.longest_seconds) as "longestSeconds", max(e.longest_metres) as "longestMetres"
      from workouts w cross join lateral (
        select * from workout_exercises where owner_id = ${ownerId}::text::uuid and exercise_id = ${exerciseId}::text::uuid
          and workout_id = w.id and set_count > 0 offset 0
      ) e where ${doneIn(ownerId, span)}
      group by w.id order by w.started_at desc, w.id desc limit ${sql.raw(String(MAX_PROGRESS_POINTS))}
    ) point order by "startedAt", "workoutId"`,
  )
