import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { type Plan, planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Statement, Statements } from '../support/statements.ts'
import { WorkoutClient } from '../support/workout.ts'

const statements = new Statements()
let server: TestServer
let client: WorkoutClient
let ada: Viewer
let exerciseId: string

/** A thousand of ada's, a day apart, and thirty of each of many others; three exercises with four sets in each of ada's. */
const OWN = 1_000
const OTHERS = 2_000

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  client = new WorkoutClient(server)
  const { world } = server
  ada = await world.person({ handle: 'ada' })
  exerciseId = await client.exercise('Bench press')
  const { db } = server.running.atrium.deps
  await db.query(
    `insert into accounts (id, handle, email, password_hash, name) select gen_random_uuid(), 'other-' || n, 'other-' || n || '@example.com', '', 'Other'
     from generate_series(1, ${OTHERS}) n`,
  )
  await db.query(
    `with owner as (
       select id, ${OWN} as many from accounts where id = $1::text::uuid union all select id, 30 from accounts where id <> $1::text::uuid
     ), made as (
       insert into workouts (id, owner_id, name, visibility, status, local_day, time_zone, starts_at, day_ends_at, started_at, ended_at)
       select gen_random_uuid(), id, 'Workout ' || n, case when n % 3 = 0 then 'PUBLIC' else 'PRIVATE' end::workout_visibility,
         case when n <= 10 then 'PLANNED' else 'DONE' end::workout_status, current_date - n, 'UTC', (current_date - n)::timestamptz,
         (current_date - n + 1)::timestamptz, case when n > 10 then (current_date - n)::timestamptz + interval '10 hours' end,
         case when n > 10 then (current_date - n)::timestamptz + interval '11 hours' end
       from owner cross join generate_series(1, many) n returning id, owner_id
     ), subject as (
       insert into subjects (id, kind) select id, 'WORKOUT' from made
     ), entry as (
       insert into workout_exercises (id, workout_id, owner_id, exercise_id, position, targets, set_count)
       select gen_random_uuid(), made.id, made.owner_id, e.id, row_number() over (partition by made.id order by e.name), '[]', 4
       from made cross join exercises e
       where e.name in ('Bench press', 'Back squat', 'Deadlift') and (made.owner_id = $1::text::uuid or e.name = 'Bench press')
       returning id, workout_id, owner_id
     )
     insert into workout_sets (id, workout_id, workout_exercise_id, position, kind, reps, weight_grams)
     select gen_random_uuid(), workout_id, id, n, 'NORMAL', 5, 50000 + n * 1000 from entry cross join generate_series(0, 3) n
     where owner_id = $1::text::uuid`,
    [ada.accountId],
  )
  await db.query(
    `insert into exercises (id, owner_id, name, kind, muscles, secondary_muscles, equipment)
     select gen_random_uuid(), a.id, 'Own ' || n, 'TIME', '{ABS}', '{}', 'NONE' from accounts a cross join generate_series(1, 10) n`,
  )
  await db.query(
    `insert into workout_plans (id, owner_id, name, visibility)
     select gen_random_uuid(), a.id, 'Plan ' || n, case when n % 4 = 0 then 'PUBLIC' else 'PRIVATE' end::workout_visibility
     from accounts a cross join generate_series(1, 10) n`,
  )
  await db.script('analyze')
}, 120_000)
afterAll(() => server.close())

const run = async (query: string, variables: Record<string, unknown> = {}): Promise<Statement[]> => {
  const token = await client.tokenOf(ada)
  return statements.during(async () => {
    expect((await server.ask(query, variables, token)).errors).toBeUndefined()
  })
}

/** The plan of the statement that reads the list. */
async function planOf(of: RegExp, query: string, variables: Record<string, unknown> = {}): Promise<Plan[]> {
  const statement = (await run(query, variables)).find(({ text }) => of.test(text))
  return planOfStatement(server.running.atrium.deps.db, statement)
}

const TABLES = ['workouts', 'workout_exercises', 'workout_sets', 'exercises', 'workout_plans']
const expectIndexed = (plan: Plan[], mostRows: number) => {
  const scans = plan.filter((node) => node['Node Type'] === 'Seq Scan' && TABLES.includes(node['Relation Name'] ?? ''))
  expect(scans).toEqual([])
  expect(Math.max(...plan.map((node) => node['Actual Rows'] * node['Actual Loops']))).toBeLessThanOrEqual(mostRows)
}

const OWN_LIST = `query ($first: Int, $filter: WorkoutFilter, $orderBy: WorkoutOrder, $after: String) { viewer {
  workouts(first: $first, filter: $filter, orderBy: $orderBy, after: $after) { nodes { name } pageInfo { endCursor } } } }`
const REPORT = (fields: string) =>
  `query ($from: LocalDate!, $to: LocalDate!) { viewer { workoutReport(from: $from, to: $to, timeZone: "UTC") { ${fields} } } }`

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)

describe('a page of one’s own among sixty thousand workouts', () => {
  test.each([
    ['the next', { orderBy: 'NEXT' }, 'workouts_by_owner', 11],
    ['the latest', { orderBy: 'LATEST' }, 'workouts_by_owner', 11],
    ['what is to be done', { filter: { statuses: ['PLANNED', 'IN_PROGRESS'] } }, 'workouts_open', 11],
    ['what was missed', { filter: { statuses: ['PLANNED'], isMissed: true } }, 'workouts_open', 11],
    ['of a week', { filter: { from: day(300), to: day(294), timeZone: 'UTC' } }, 'workouts_by_owner', 11],
  ])('is read off an index: %s', async (_, variables, index, rows) => {
    const plan = await planOf(/from "workouts"/, OWN_LIST, { first: 10, ...variables })
    expectIndexed(plan, rows)
    expect(plan.map((node) => node['Index Name'])).toContain(index)
  })

  test('at any depth', async () => {
    const token = await client.tokenOf(ada)
    const page = await server.ask(OWN_LIST, { first: 100, filter: { to: day(100), timeZone: 'UTC' } }, token)
    const after = page.data.viewer.workouts.pageInfo.endCursor
    expectIndexed(await planOf(/from "workouts"/, OWN_LIST, { first: 10, after }), 11)
  })

  test('what members show, their plans and the exercises', async () => {
    expectIndexed(await planOf(/from "workouts"/, '{ workouts(first: 10) { nodes { name } } }'), 11)
    expectIndexed(await planOf(/from "workout_plans"/, '{ workoutPlans(first: 10) { nodes { name } } }'), 11)
    const exercises = await planOf(
      /from "exercises"/,
      '{ exercises(first: 10, filter: { text: "press", muscles: [CHEST] }) { nodes { name } } }',
    )
    // The catalogue and one's own twenty, never the twelve thousand of others.
    expectIndexed(exercises, 200)
    // What one did last is told by one's own thousand entries of it, never by those of two thousand others. Each was written five
    // times, with each of its sets, and an index knows all of them until the table is vacuumed.
    const latest = await planOf(
      /from "exercises"/,
      '{ exercises(first: 10, orderBy: LATEST_DONE, filter: { muscles: [CHEST] }) { nodes { name } } }',
    )
    expectIndexed(latest, 5 * OWN)
    const own = await planOf(
      /from "workout_plans"/,
      '{ viewer { workoutPlans(first: 5, text: "plan", orderBy: NAME) { nodes { name } } } }',
    )
    expectIndexed(own, 10)
  })

  test('of an exercise, among those that hold others', async () => {
    const history = { orderBy: 'LATEST', filter: { exerciseId, statuses: ['DONE'] } }
    expectIndexed(await planOf(/from "workouts"/, OWN_LIST, { first: 10, ...history }), 3 * OWN)
  })
})

describe('a report', () => {
  const month = { from: day(40), to: day(10) }

  test.each([
    ['statuses', 'percentFinished done', /count\(\*\) filter/, 60],
    ['exercises', 'exercises { setCount bestSet { reps } }', /bestEntryId/, 500],
    ['muscles', 'muscles { muscle setCount }', /unnest\(x\.muscles\)/, 500],
    ['weeks', 'weeks { done volume { grams } }', /width_bucket/, 200],
  ])('of a month reads the month: %s', async (_, fields, of, rows) => {
    expectIndexed(await planOf(of, REPORT(fields), month), rows)
  })

  test('takes as many statements for three years as for a week', async () => {
    const fields = `percentFinished exercises { exercise { name } bestSet { reps } volume { kilograms } } muscles { muscle } weeks { done }`
    await run(REPORT(fields), { from: day(20), to: day(14) })
    const week = await run(REPORT(fields), { from: day(20), to: day(14) })
    const years = await run(REPORT(fields), { from: day(1000), to: day(0) })
    expect(years.length).toBe(week.length)
    expect(week.length).toBeLessThanOrEqual(9)
  })

  test('a curve reads a row for each workout, and a streak reads the index alone', async () => {
    const progress = `query ($id: ID!, $from: LocalDate!, $to: LocalDate!) { viewer { exerciseProgress(exerciseId: $id, from: $from, to: $to, timeZone: "UTC") { day bestOneRepMax { grams } } } }`
    const plan = await planOf(/"bestOneRepMaxGrams"/, progress, { id: exerciseId, from: day(400), to: day(0) })
    expectIndexed(plan, OWN)
    const streak = await planOf(/width_bucket/, '{ viewer { workoutStreak(timeZone: "UTC") { currentWeeks } } }')
    expectIndexed(streak, OWN)
    expect(streak.map((node) => node['Index Name'])).toContain('workouts_done')
  })
})

describe('statements', () => {
  const WORKOUTS = `query ($first: Int) { viewer { workouts(first: $first, orderBy: LATEST, filter: { statuses: [DONE] }) { nodes { name owner { handle } setCount volume { kilograms }
    records { kind } commentCount reactionCount viewerRepeat { id } plan { name }
    exercises { exercise { name } sets { reps weight { kilograms } } } } } } }`

  test('fifty workouts with their sets cost as many as five', async () => {
    const five = await run(WORKOUTS, { first: 5 })
    const many = await run(WORKOUTS.replace('exercises { exercise { name } sets { reps weight { kilograms } } }', ''), {
      first: 50,
    })
    const few = await run(WORKOUTS.replace('exercises { exercise { name } sets { reps weight { kilograms } } }', ''), {
      first: 5,
    })
    expect(many.length).toBe(few.length)
    expect(five.length).toBeLessThanOrEqual(12)
  })

  test('fifty exercises with the viewer’s records cost as many as five', async () => {
    const query =
      'query ($first: Int) { exercises(first: $first) { nodes { name viewerRecords { kind weight { grams } } } } }'
    expect((await run(query, { first: 50 })).length).toBe((await run(query, { first: 5 })).length)
  })

  test('fifty shared workouts are read with as many as five', async () => {
    const query =
      'query ($first: Int) { workouts(first: $first) { nodes { name owner { handle } viewerCanEdit viewerCanBecome commentCount } } }'
    expect((await run(query, { first: 50 })).length).toBe((await run(query, { first: 5 })).length)
  })

  test('a set is logged with few', async () => {
    const workout = await client.begun(ada, { 'Bench press': [] })
    const input = {
      workoutId: workout.id,
      workoutExerciseId: workout.exercises[0].id,
      reps: 5,
      weight: { amount: '60' },
    }
    const sent = await statements.during(() => client.must('logSet', ada, input))
    expect(sent.length).toBeLessThanOrEqual(12)
  })
})
