import { sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import { keysOf } from '../../relation.ts'
import { statement } from '../../statement.ts'
import { exercises } from '../../tables/workout/exercise.ts'
import { workouts } from '../../tables/workout/workout.ts'

/** The best that somebody has done in one way. Weights in grams, distances in metres, times in seconds. */
export interface RecordRow {
  readonly exerciseId: string
  readonly kind: 'ONE_REP_MAX' | 'MAX_WEIGHT' | 'MOST_REPS' | 'LONGEST_DISTANCE' | 'LONGEST_TIME'
  readonly value: number
  readonly workoutId: string
  readonly achievedAt: string
  /** What was the best before; null where that is not asked. */
  readonly previous: number | null
}

/** In what one can be better, by the kind of exercise. */
const METRICS = sql.raw(`(values
  ('WEIGHT_AND_REPS', 'ONE_REP_MAX', 1), ('WEIGHT_AND_REPS', 'MAX_WEIGHT', 2),
  ('BODYWEIGHT_REPS', 'MOST_REPS', 1), ('BODYWEIGHT_REPS', 'MAX_WEIGHT', 2),
  ('TIME', 'LONGEST_TIME', 1), ('TIME', 'MAX_WEIGHT', 2),
  ('DISTANCE', 'LONGEST_DISTANCE', 1), ('DISTANCE', 'LONGEST_TIME', 2),
  ('WEIGHT_AND_DISTANCE', 'MAX_WEIGHT', 1), ('WEIGHT_AND_DISTANCE', 'LONGEST_DISTANCE', 2)) as m(exercise_kind, kind, place)`)

/** Who did it without a weight did it with none: the first weight that is added to pull-ups is more than before. */
const metricOf = (row: string) =>
  sql.raw(`case m.kind when 'ONE_REP_MAX' then ${row}.best_one_rep_max_grams
    when 'MAX_WEIGHT' then coalesce(${row}.max_weight_grams, case when greatest(${row}.most_reps, ${row}.longest_seconds) > 0 then 0 end)
    when 'MOST_REPS' then ${row}.most_reps when 'LONGEST_DISTANCE' then ${row}.longest_metres else ${row}.longest_seconds end`)

/**
 * Records that a workout has set: better than everything that was done before it. Where nothing was done before, there is nothing to be
 * better than: the first time is no record. A weight of nothing is none either.
 */
export const workoutRecords = statement<RecordRow & { __key: string }>(
  sql`select w.id as "__key", done.exercise_id as "exerciseId", m.kind as "kind", done.value as "value", w.id as "workoutId",
    w.started_at as "achievedAt", before.value as "previous"
  from ${workouts} w
  cross join lateral (
    select e.exercise_id, m.kind, max(${metricOf('e')}) as value, min(e.position) as position, min(m.place) as place
    from workout_exercises e join exercises x on x.id = e.exercise_id join ${METRICS} on m.exercise_kind = x.kind::text
    where e.workout_id = w.id group by 1, 2
  ) done
  cross join lateral (select done.kind as kind) m
  cross join lateral (
    select max(${metricOf('e')}) as value from workout_exercises e join workouts p on p.id = e.workout_id
    where e.owner_id = w.owner_id and e.exercise_id = done.exercise_id and p.status = 'DONE'
      and (p.started_at, p.id) < (w.started_at, w.id)
  ) before
  where w.id = any(${keysOf(workouts.id)}) and w.status = 'DONE' and done.value > before.value
  order by w.id, done.position, done.place`,
)

/** The records that one workout has set. */
export const findRecordsOf = (db: Executor, workoutId: string) => workoutRecords.run(db, { keys: `{${workoutId}}` })

/** The best that a member has done so far in some exercises, the first time that it was reached. */
export const exerciseRecords = statement<RecordRow & { __key: string }>(
  sql`select x.id as "__key", x.id as "exerciseId", m.kind as "kind", best.value as "value", best.workout_id as "workoutId",
    best.started_at as "achievedAt", null::int as "previous"
  from ${exercises} x join ${METRICS} on m.exercise_kind = x.kind::text
  cross join lateral (
    select ${metricOf('e')} as value, e.workout_id, w.started_at
    from workout_exercises e join workouts w on w.id = e.workout_id
    where e.owner_id = ${sql.placeholder('viewer')}::text::uuid and e.exercise_id = x.id and w.status = 'DONE'
    order by 1 desc nulls last, w.started_at, w.id limit 1
  ) best
  where x.id = any(${keysOf(exercises.id)}) and best.value > 0 order by x.id, m.place`,
)
