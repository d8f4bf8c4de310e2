import { addDays, weekdayOf } from '../core/calendar.ts'
import { newId, type Uuid } from '../core/ids.ts'
import { instantOf, localDate } from '../core/local-time.ts'
import { addReaction } from '../domain/reaction.ts'
import type { Viewer } from '../domain/viewer.ts'
import { createWorkoutPlan } from '../domain/workout/plan.ts'
import { repeatWorkoutPlan } from '../domain/workout/repeat.ts'
import { updateWorkoutSettings } from '../domain/workout/settings.ts'
import type { World } from './world.ts'

/** Of the last so many weeks. */
const WEEKS = 10

interface Move {
  name: string
  sets: number
  reps: number
  /** In the first week; grams. Each week a little more. */
  fromGrams?: number
  stepGrams?: number
  seconds?: number
  metres?: number
}

interface DemoPlan {
  name: string
  notes: string
  weekdays: number[]
  time: string
  moves: Move[]
}

const lift = (name: string, reps: number, fromGrams: number, stepGrams: number, sets = 3): Move => ({
  name,
  sets,
  reps,
  fromGrams,
  stepGrams,
})

const PUSH: DemoPlan = {
  name: 'Push',
  notes: 'Chest, shoulders, triceps. Leave one repetition in the tank.',
  weekdays: [1, 4],
  time: '18:30',
  moves: [
    lift('Bench press', 5, 60_000, 1_250, 4),
    lift('Overhead press', 6, 35_000, 500),
    lift('Lateral raise', 12, 8_000, 0),
    lift('Triceps pushdown', 12, 20_000, 500),
  ],
}
const PULL: DemoPlan = {
  name: 'Pull and legs',
  notes: 'Heavy first, then the rest.',
  weekdays: [2, 6],
  time: '07:15',
  moves: [
    lift('Back squat', 5, 80_000, 2_500, 4),
    lift('Deadlift', 3, 100_000, 2_500, 2),
    { name: 'Pull-up', sets: 3, reps: 6 },
    lift('Barbell curl', 10, 25_000, 250),
    { name: 'Plank', sets: 2, reps: 0, seconds: 60 },
  ],
}
const RUNS: DemoPlan = {
  name: 'Along the river',
  notes: 'Easy enough to talk.',
  weekdays: [3, 7],
  time: '08:00',
  moves: [{ name: 'Running', sets: 1, reps: 0, metres: 5_000, seconds: 1_650 }],
}

/** What somebody does of a plan, week by week. */
interface Training {
  handle: string
  timeZone: string
  visibility: 'PUBLIC' | 'FOLLOWERS'
  plan: DemoPlan
}

const TRAININGS: readonly Training[] = [
  { handle: 'ada', timeZone: 'Europe/Paris', visibility: 'PUBLIC', plan: PUSH },
  { handle: 'ada', timeZone: 'Europe/Paris', visibility: 'FOLLOWERS', plan: PULL },
  { handle: 'bram', timeZone: 'Europe/Lisbon', visibility: 'PUBLIC', plan: RUNS },
  { handle: 'dara', timeZone: 'Europe/Athens', visibility: 'FOLLOWERS', plan: PULL },
]

/** Ten weeks of training behind the demo's people and the next ones planned, so that reports and curves have something to show. */
export async function fillWorkouts(world: World, member: (handle: string) => Viewer): Promise<void> {
  const { deps } = world
  const exercises = new Map(
    (
      await deps.db.query<{ id: Uuid; name: string }>(
        'select id, name from exercises where owner_id is null and retired_at is null',
      )
    ).map(({ id, name }) => [name, id]),
  )
  const done: DoneWorkout[] = []
  for (const { handle, timeZone, visibility, plan } of TRAININGS) {
    const viewer = member(handle)
    await updateWorkoutSettings(deps, viewer, { weeklyGoal: 2 })
    const planId = await createWorkoutPlan(deps, viewer, {
      name: plan.name,
      notes: plan.notes,
      visibility: 'PUBLIC',
      exercises: plan.moves.map(({ name, sets, reps, fromGrams, seconds, metres }) => ({
        exerciseId: exercises.get(name) ?? '',
        restSeconds: 120,
        targets: Array.from({ length: sets }, () => ({
          ...(reps === 0 ? {} : { minReps: reps, maxReps: reps + 2 }),
          ...(fromGrams === undefined ? {} : { weight: { amount: String(fromGrams / 1000), unit: 'KG' as const } }),
          ...(seconds === undefined ? {} : { durationSeconds: seconds }),
          ...(metres === undefined ? {} : { distanceMetres: metres }),
        })),
      })),
    })
    const today = localDate(deps.clock.now().getTime(), timeZone)
    const { weekdays, time } = plan
    await repeatWorkoutPlan(deps, viewer, { planId, weekdays, firstDay: today, time, timeZone, visibility })
    done.push(...history({ viewer, planId, timeZone, visibility, plan, today, exercises }))
  }
  await writeHistory(world, done)
  const [latest] = done
    .filter(({ visibility }) => visibility === 'PUBLIC')
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
  if (latest === undefined) return
  await addReaction(deps, member('chiyo'), { on: { kind: 'WORKOUT', id: latest.id }, kind: 'LIKE' })
}

interface DoneSet {
  id: Uuid
  kind: 'WARM_UP' | 'NORMAL'
  reps: number | null
  weightGrams: number | null
  durationSeconds: number | null
  distanceMetres: number | null
}

interface DoneWorkout {
  id: Uuid
  ownerId: Uuid
  planId: Uuid
  name: string
  visibility: string
  status: 'DONE' | 'SKIPPED'
  day: string
  time: string
  timeZone: string
  startsAt: string
  dayEndsAt: string
  startedAt: string
  endedAt: string
  exercises: { id: Uuid; exerciseId: Uuid; sets: DoneSet[] }[]
}

interface Past extends Omit<Training, 'handle'> {
  viewer: Viewer
  planId: Uuid
  today: string
  exercises: ReadonlyMap<string, Uuid>
}

/** Day by day until yesterday. Now and then one was skipped, and a little goes up every week. */
function history({ viewer, planId, timeZone, visibility, plan, today, exercises }: Past): DoneWorkout[] {
  const done: DoneWorkout[] = []
  for (let ago = WEEKS * 7; ago > 0; ago -= 1) {
    const day = addDays(today, -ago)
    if (!plan.weekdays.includes(weekdayOf(day))) continue
    const week = Math.trunc((WEEKS * 7 - ago) / 7)
    const startsAt = instantOf(`${day}T${plan.time}`, timeZone).instant
    const later = (minutes: number) => new Date(Date.parse(startsAt) + minutes * 60_000).toISOString()
    const isSkipped = (ago * 7 + plan.moves.length) % 17 === 0
    done.push({
      id: newId(),
      ownerId: viewer.accountId,
      planId,
      name: plan.name,
      visibility,
      status: isSkipped ? 'SKIPPED' : 'DONE',
      day,
      time: plan.time,
      timeZone,
      startsAt,
      dayEndsAt: instantOf(`${addDays(day, 1)}T00:00`, timeZone).instant,
      startedAt: later(ago % 9),
      endedAt: later(42 + (ago % 13)),
      exercises: plan.moves.map((move) => ({
        id: newId(),
        exerciseId: exercises.get(move.name) ?? '',
        sets: isSkipped ? [] : setsOf(move, week, ago),
      })),
    })
  }
  return done
}

function setsOf({ sets, reps, fromGrams, stepGrams = 0, seconds, metres }: Move, week: number, ago: number): DoneSet[] {
  const weightGrams = fromGrams === undefined ? null : fromGrams + stepGrams * week
  const set = (more: Partial<DoneSet>): DoneSet => ({
    id: newId(),
    kind: 'NORMAL',
    reps: null,
    weightGrams,
    durationSeconds: null,
    distanceMetres: null,
    ...more,
  })
  const working = Array.from({ length: sets }, (_, at) =>
    set({
      reps: reps === 0 ? null : Math.max(reps + (ago % 3) - at, 1),
      durationSeconds: seconds === undefined ? null : seconds + week * 5 - (ago % 4) * 3,
      distanceMetres: metres === undefined ? null : metres + week * 150 + (ago % 5) * 100,
    }),
  )
  const isHeavy = weightGrams !== null && weightGrams >= 50_000
  return isHeavy ? [set({ kind: 'WARM_UP', reps: 10, weightGrams: 20_000 }), ...working] : working
}

/** Written at once, as it would have been in the end: some thousand sets one by one would keep the first start waiting. */
async function writeHistory({ deps }: World, done: readonly DoneWorkout[]): Promise<void> {
  await deps.db.query(
    `with past as (
       select * from json_to_recordset($1::text::json) as w(id uuid, "ownerId" uuid, "planId" uuid, name text, visibility workout_visibility,
         status workout_status, day date, time time, "timeZone" text, "startsAt" timestamptz, "dayEndsAt" timestamptz,
         "startedAt" timestamptz, "endedAt" timestamptz, exercises json)
     ), subject as (
       insert into subjects (id, kind, created_at) select id, 'WORKOUT', "startsAt" from past
     ), done as (
       insert into workouts (id, owner_id, plan_id, plan_version, name, visibility, status, local_day, local_time, time_zone,
         starts_at, day_ends_at, started_at, ended_at, created_at, updated_at)
       select id, "ownerId", "planId", 1, name, visibility, status, day, time, "timeZone", "startsAt", "dayEndsAt",
         case when status = 'DONE' then "startedAt" end, case when status = 'DONE' then "endedAt" end, "startsAt", "startsAt" from past
     ), entry as (
       select e.id, past.id as workout_id, past."ownerId" as owner_id, e."exerciseId", place - 1 as position, e.sets, past."endedAt", past."planId"
       from past cross join json_array_elements(past.exercises) with ordinality as each(value, place)
         cross join json_to_record(each.value) as e(id uuid, "exerciseId" uuid, sets json)
     ), entered as (
       insert into workout_exercises (id, workout_id, owner_id, exercise_id, position, targets)
       select id, workout_id, owner_id, "exerciseId", position,
         (select targets from workout_plan_exercises p where p.plan_id = entry."planId" and p.position = entry.position) from entry
     )
     insert into workout_sets (id, workout_id, workout_exercise_id, position, kind, reps, weight_grams, duration_seconds, distance_metres,
       logged_at, updated_at)
     select s.id, entry.workout_id, entry.id, place - 1, s.kind, s.reps, s."weightGrams", s."durationSeconds", s."distanceMetres",
       entry."endedAt", entry."endedAt"
     from entry cross join json_array_elements(entry.sets) with ordinality as each(value, place)
       cross join json_to_record(each.value) as s(id uuid, kind set_kind, reps int, "weightGrams" int, "durationSeconds" int, "distanceMetres" int)`,
    [JSON.stringify(done)],
  )
}
