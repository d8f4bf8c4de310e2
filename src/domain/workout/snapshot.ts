import { asc, eq, sql } from 'drizzle-orm'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { workoutPlanExercises } from '../../db/tables/workout/plan.ts'
import { workouts } from '../../db/tables/workout/workout.ts'
import { deleteSubjects } from '../comment/deletion.ts'
import type { Deps } from '../deps.ts'
import type { momentOf } from './moment.ts'
import type { PlannedRow } from './planned.ts'
import type { WorkoutVisibility } from './rules.ts'
import { tellChange } from './topics.ts'

export interface WorkoutTemplate {
  readonly ownerId: Uuid
  readonly name: string
  readonly notes: string
  readonly visibility: WorkoutVisibility
  readonly plan: { readonly id: Uuid; readonly version: number } | null
  readonly repeatId: Uuid | null
  readonly exercises: readonly PlannedRow[]
}

/** The exercises of a plan as they are now. */
export async function readPlanned(tx: Transaction, planId: Uuid): Promise<PlannedRow[]> {
  const rows = await tx.orm
    .select()
    .from(workoutPlanExercises)
    .where(eq(workoutPlanExercises.planId, planId))
    .orderBy(asc(workoutPlanExercises.position))
  return rows.map(({ planId: _, ...row }) => row)
}

/**
 * Writes a workout for each moment, with its own copy of the exercises, and the subjects that they are. A day that the repetition has
 * one for already is left out. @returns the ids that were written, in the order of the moments.
 */
export async function insertWorkouts(
  tx: Transaction,
  template: WorkoutTemplate,
  moments: readonly ReturnType<typeof momentOf>[],
): Promise<Uuid[]> {
  if (moments.length === 0) return []
  const rows = moments.map((moment) => ({ id: newId(), ...moment }))
  const exercises = rows.flatMap(({ id: workoutId }) =>
    template.exercises.map((exercise) => ({ ...exercise, id: newId(), workoutId })),
  )
  const { ownerId, plan, repeatId, name, notes, visibility } = template
  const made = await tx.query<{ id: Uuid }>(
    `with made as (
       insert into workouts (id, owner_id, plan_id, plan_version, repeat_id, occurrence_day, name, notes, visibility,
         local_day, local_time, time_zone, starts_at, day_ends_at)
       select id, $3::text::uuid, $4::text::uuid, $5::text::int, $6::text::uuid, case when $6::text is null then null else "localDay" end,
         $7, $8, $9::text::workout_visibility, "localDay", "localTime", "timeZone", "startsAt", "dayEndsAt"
       from json_to_recordset($1::text::json)
         as row(id uuid, "localDay" date, "localTime" time, "timeZone" text, "startsAt" timestamptz, "dayEndsAt" timestamptz)
       on conflict on constraint workouts_occurrence_once do nothing
       returning id, owner_id, starts_at
     ), subject as (
       insert into subjects (id, kind) select id, 'WORKOUT' from made
     ), planned as (
       insert into workout_exercises (id, workout_id, owner_id, exercise_id, position, notes, rest_seconds, superset, targets)
       select e.id, made.id, made.owner_id, e."exerciseId", e.position, e.notes, e."restSeconds", e.superset, e.targets
       from json_to_recordset($2::text::json) as e(id uuid, "workoutId" uuid, "exerciseId" uuid, position smallint, notes text,
         "restSeconds" int, superset smallint, targets jsonb)
       join made on made.id = e."workoutId"
     )
     select id from made order by starts_at`,
    [
      JSON.stringify(rows),
      JSON.stringify(exercises),
      ownerId,
      plan?.id ?? null,
      plan === null ? null : String(plan.version),
      repeatId,
      name,
      notes,
      visibility,
    ],
  )
  return made.map(({ id }) => id)
}

/** It was begun, called off and taken up again: what was done in it is not thrown away with a plan. */
const HAS_NO_SETS = sql`not exists (select 1 from workout_sets where workout_sets.workout_id = workouts.id)`

/** What is planned of a plan becomes what the plan is now, but what was begun once. Its locks are taken in one order. */
export async function refreshPlanned(deps: Pick<Deps, 'bus'>, tx: Transaction, planId: Uuid): Promise<void> {
  const planned = await tx.query<{ id: Uuid }>(
    `select id from workouts w where plan_id = $1::text::uuid and status = 'PLANNED'
       and not exists (select 1 from workout_sets where workout_id = w.id) order by id for update`,
    [planId],
  )
  if (planned.length === 0) return
  const ids = planned.map(({ id }) => id)
  const exercises = await readPlanned(tx, planId)
  const rows = ids.flatMap((workoutId) => exercises.map((exercise) => ({ ...exercise, id: newId(), workoutId })))
  const idList = JSON.stringify(ids)
  await tx.query(
    'delete from workout_exercises where workout_id in (select json_array_elements_text($1::text::json)::uuid)',
    [idList],
  )
  await tx.query(
    `insert into workout_exercises (id, workout_id, owner_id, exercise_id, position, notes, rest_seconds, superset, targets)
     select e.id, w.id, w.owner_id, e."exerciseId", e.position, e.notes, e."restSeconds", e.superset, e.targets
     from json_to_recordset($1::text::json) as e(id uuid, "workoutId" uuid, "exerciseId" uuid, position smallint, notes text,
       "restSeconds" int, superset smallint, targets jsonb) join workouts w on w.id = e."workoutId"`,
    [JSON.stringify(rows)],
  )
  await tx.query(
    `update workouts w set plan_version = p.version, name = p.name, updated_at = now() from workout_plans p
     where p.id = $2::text::uuid and w.id in (select json_array_elements_text($1::text::json)::uuid)`,
    [idList, planId],
  )
  for (const id of ids) tellChange(deps, tx, id)
}

/** Occurrences ahead that nobody has touched, from a day on, of a repetition or of all that a plan has. */
export async function removeUntouched(
  deps: Pick<Deps, 'bus'>,
  tx: Transaction,
  of: { repeatId: Uuid } | { planId: Uuid },
  fromDay: string,
): Promise<void> {
  const which =
    'repeatId' in of
      ? sql`${workouts.repeatId} = ${of.repeatId}`
      : sql`${workouts.repeatId} is not null and ${workouts.planId} = ${of.planId}`
  const untouched = sql`${which} and ${workouts.occurrenceDay} >= ${fromDay}::text::date and ${workouts.status} = 'PLANNED' and not ${workouts.isDetached} and ${HAS_NO_SETS}`
  const gone = await tx.orm
    .select({ id: workouts.id })
    .from(workouts)
    .where(untouched)
    .orderBy(workouts.id)
    .for('update')
  await deleteSubjects(tx, tx.orm.select({ id: workouts.id }).from(workouts).where(untouched))
  for (const { id } of gone) tellChange(deps, tx, id)
}
