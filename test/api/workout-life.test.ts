import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays } from '../../src/core/calendar.ts'
import { localDate } from '../../src/core/local-time.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { WorkoutClient } from '../support/workout.ts'

let server: TestServer
let client: WorkoutClient
let members = 0
/** Somebody with no workouts behind them. */
const newcomer = () => {
  members += 1
  return server.world.person({ handle: `member-${members}` })
}
beforeAll(async () => {
  server = await startTestServer()
  client = new WorkoutClient(server)
}, 60_000)
afterAll(() => server.close())

const dip = async () => [{ exerciseId: await client.exercise('Dip') }]
const today = () => localDate(Date.now(), 'UTC')

describe('a workout without a set', () => {
  test('is not finished by mistake: what to do instead is told, and nothing counts', async () => {
    const eve = await newcomer()
    const workout = await client.begun(eve, { Dip: [] })
    const { userErrors } = await client.run('finishWorkout', eve, { id: workout.id })
    expect(userErrors).toMatchObject([
      {
        __typename: 'NothingLogged',
        code: 'NOTHING_LOGGED',
        path: ['input', 'withoutSets'],
        allowed: ['SKIPPED', 'CANCELLED'],
      },
    ])
    expect((await client.see(eve, workout.id)).status).toBe('IN_PROGRESS')
    const { data } = await client.ask('{ viewer { workoutStreak { doneThisWeek } } }', {}, eve)
    expect(data.viewer.workoutStreak.doneThisWeek).toBe(0)
  })

  test('is finished by who says so, and one with a warm-up alone by anybody', async () => {
    const eve = await newcomer()
    const yoga = await client.begun(eve, {}, { name: 'Yoga' })
    expect(await client.must('finishWorkout', eve, { id: yoga.id, withoutSets: true })).toMatchObject({
      status: 'DONE',
      setCount: 0,
      volume: { grams: 0 },
    })
    const short = await client.begun(eve, { Dip: [] })
    const set = { workoutId: short.id, workoutExerciseId: short.exercises[0].id, kind: 'WARM_UP', reps: 5 }
    const { id } = await client.must('logSet', eve, set)
    await client.must('deleteSet', eve, { id })
    expect((await client.run('finishWorkout', eve, { id: short.id })).outcome).toBe('NOTHING_LOGGED')
    await client.must('logSet', eve, set)
    expect(await client.must('finishWorkout', eve, { id: short.id })).toMatchObject({ status: 'DONE', setCount: 0 })
  })
})

describe('when a workout was done', () => {
  const bad = async (viewer: Viewer, input: Record<string, unknown>) => {
    const { userErrors } = await client.run('updateWorkout', viewer, input)
    return userErrors.map(({ code, path }) => `${code} ${path.slice(1).join('.')}`)
  }

  test('is put right afterwards, and reports, records and streaks follow', async () => {
    const eve = await newcomer()
    const first = await client.done(eve, '2024-03-04T10:00:00Z', { 'Bench press': [['80', 5]] })
    const second = await client.done(eve, '2024-03-11T10:00:00Z', { 'Bench press': [['90', 5]] })
    expect(second.records.length).toBe(2)
    // The phone was left running until the evening.
    const changed = await client.must('updateWorkout', eve, { id: first.id, endedAt: '2024-03-04T10:45:00Z' })
    expect(changed).toMatchObject({ startedAt: '2024-03-04T10:00:00.000Z', durationSeconds: 2700 })
    await client.must('updateWorkout', eve, {
      id: first.id,
      startedAt: '2024-03-18T10:00:00Z',
      endedAt: '2024-03-18T10:30:00Z',
    })
    expect((await client.see(eve, second.id)).records).toEqual([])
    const WEEKS =
      '{ viewer { workoutReport(from: "2024-03-04", to: "2024-03-24", timeZone: "UTC") { weeks { firstDay done durationSeconds } } } }'
    const { data } = await client.ask(WEEKS, {}, eve)
    expect(data.viewer.workoutReport.weeks).toEqual([
      { firstDay: '2024-03-04', done: 0, durationSeconds: 0 },
      { firstDay: '2024-03-11', done: 1, durationSeconds: 3600 },
      { firstDay: '2024-03-18', done: 1, durationSeconds: 1800 },
    ])
  })

  test('is not what cannot have been', async () => {
    const eve = await newcomer()
    const { id } = await client.done(eve, '2024-03-04T10:00:00Z')
    expect(await bad(eve, { id, endedAt: '2024-03-04T09:59:59Z' })).toEqual(['INVALID_INPUT endedAt'])
    expect(await bad(eve, { id, startedAt: '2024-03-04T11:00:01Z' })).toEqual(['INVALID_INPUT startedAt'])
    expect(await bad(eve, { id, endedAt: '2100-01-01T00:00:00Z' })).toEqual(['INVALID_INPUT endedAt'])
    expect(await bad(eve, { id, startedAt: '0001-01-01T00:00:00Z' })).toEqual(['INVALID_INPUT startedAt'])
    const planned = await client.must('scheduleWorkout', eve, { name: 'Later', day: '2026-12-01' })
    expect(await bad(eve, { id: planned.id, startedAt: '2024-03-04T10:00:00Z' })).toEqual(['INVALID_INPUT startedAt'])
    const begun = await client.begun(eve)
    expect(await bad(eve, { id: begun.id, endedAt: '2024-03-04T10:00:00Z' })).toEqual(['INVALID_INPUT endedAt'])
    const early = { id: begun.id, startedAt: '2024-03-04T10:00:00.000Z' }
    expect(await client.must('updateWorkout', eve, early)).toMatchObject({ startedAt: early.startedAt, endedAt: null })
    await client.must('skipWorkout', eve, { id: begun.id })
    expect(await bad(eve, early)).toEqual(['INVALID_INPUT startedAt'])
  })
})

describe('a workout lasts seven days at most', () => {
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
  const since = (instant: string, days: number, more = 0) =>
    new Date(Date.parse(instant) + days * 86_400_000 + more).toISOString()
  const refusals = async (mutation: 'finishWorkout' | 'updateWorkout', viewer: Viewer, input: object) =>
    (await client.run(mutation, viewer, { ...input })).userErrors.map(({ code, path }) => `${code} ${path.join('.')}`)

  test('when it is finished and when it is put right, and the refusal names the field', async () => {
    const eve = await newcomer()
    const startedAt = '2024-03-04T10:00:00.000Z'
    const [least, most] = [since(startedAt, 7, 1), since(startedAt, 7)]
    const { id } = await client.begun(eve, { Dip: [['0', 5]] })
    expect(await refusals('finishWorkout', eve, { id, startedAt, endedAt: least })).toEqual([
      'INVALID_INPUT input.endedAt',
    ])
    expect(await client.must('finishWorkout', eve, { id, startedAt, endedAt: most })).toMatchObject({
      durationSeconds: 7 * 86_400,
    })
    expect(await refusals('updateWorkout', eve, { id, endedAt: least })).toEqual(['INVALID_INPUT input.endedAt'])
    expect(await refusals('updateWorkout', eve, { id, startedAt: '1970-01-05T00:00:00Z' })).toEqual([
      'INVALID_INPUT input.startedAt',
    ])
    expect(await client.see(eve, id)).toMatchObject({ startedAt, endedAt: most })
  })

  test('and one that was forgotten for longer is finished: it was over with the last set of that time', async () => {
    const eve = await newcomer()
    const at = ago(10)
    const forgotten = async (logged: string[]) => {
      const { id } = await client.must('scheduleWorkout', eve, {
        name: 'Dips',
        day: '2026-11-10',
        exercises: await dip(),
      })
      const { exercises } = await client.must('startWorkout', eve, { id, at })
      for (const loggedAt of logged) {
        await client.must('logSet', eve, { workoutId: id, workoutExerciseId: exercises[0].id, reps: 8, loggedAt })
      }
      return id
    }
    const last = since(at, 0, 2_700_000)
    const withSets = await forgotten([ago(11), since(at, 0, 600_000), last, ago(1)])
    expect(await client.must('finishWorkout', eve, { id: withSets })).toMatchObject({
      startedAt: at,
      endedAt: last,
      durationSeconds: 2700,
    })
    const late = await forgotten([ago(1)])
    expect(await client.must('finishWorkout', eve, { id: late })).toMatchObject({ startedAt: at, endedAt: at })
    // Who trained today in what was begun then says so.
    const today = await forgotten([ago(0)])
    const startedAt = ago(0.05)
    const finished = await client.must('finishWorkout', eve, { id: today, startedAt })
    expect(finished.startedAt).toBe(startedAt)
    expect(finished.durationSeconds).toBeGreaterThan(0)
  })

  test('but what is stored from before is shown, renamed and reported, however long and far it was', async () => {
    const eve = await newcomer()
    const { db } = server.running.atrium.deps
    for (const weight of ['60', '70']) await client.done(eve, '2024-03-04T10:00:00Z', { Deadlift: [[weight, 5]] })
    const { id } = await client.done(eve, '2024-03-04T10:00:00Z', { Dip: [['0', 5]] })
    await db.query(
      `update workouts set started_at = '1970-01-05T10:00:00Z', ended_at = '2026-11-20T10:00:00Z' where owner_id = $1::text::uuid`,
      [eve.accountId],
    )
    await db.query(
      `update workout_exercises set rep_count = 2147483647, total_seconds = 2147483647, total_metres = 2147483647, set_count = 1
       where owner_id = $1::text::uuid`,
      [eve.accountId],
    )
    expect(await client.must('updateWorkout', eve, { id, name: 'Long' })).toMatchObject({ name: 'Long' })
    const REPORT = `query ($dip: ID!) { viewer {
      workoutReport(from: "1970-01-05", to: "1970-01-11", timeZone: "UTC") {
        weeks { done durationSeconds } exercises { exercise { name } workoutCount repCount durationSeconds distanceMetres } }
      exerciseProgress(exerciseId: $dip, from: "1970-01-05", to: "1970-01-11", timeZone: "UTC") { repCount durationSeconds distanceMetres } } }`
    const { data, errors } = await client.ask(REPORT, { dip: await client.exercise('Dip') }, eve)
    expect(errors).toBeUndefined()
    const most = 2_147_483_647
    const sums = { repCount: most, durationSeconds: most, distanceMetres: most }
    expect(data.viewer.workoutReport.weeks).toEqual([{ done: 3, durationSeconds: most }])
    expect(data.viewer.workoutReport.exercises).toEqual(
      expect.arrayContaining([
        { exercise: { name: 'Deadlift' }, workoutCount: 2, ...sums },
        { exercise: { name: 'Dip' }, workoutCount: 1, ...sums },
      ]),
    )
    expect(data.viewer.exerciseProgress).toMatchObject([sums])
  })
})

describe('what was begun, called off and taken up again', () => {
  const takenUp = async (viewer: Viewer, id: string) => {
    const workout = await client.must('startWorkout', viewer, { id })
    const set = { workoutId: id, workoutExerciseId: workout.exercises[0].id, reps: 8 }
    await client.must('logSet', viewer, set)
    await client.must('skipWorkout', viewer, { id })
    await client.must('reopenWorkout', viewer, { id })
  }
  const reps = async (viewer: Viewer, id: string) => {
    const seen = await client.see(viewer, id)
    return typeof seen === 'string' ? seen : seen.exercises[0].sets.map((set: { reps: number }) => set.reps)
  }

  test('keeps its sets when its plan is changed for all that is planned', async () => {
    const eve = await newcomer()
    const plan = await client.must('createWorkoutPlan', eve, { name: 'Push', exercises: await dip() })
    const [begun, other] = [
      await client.must('scheduleWorkout', eve, { planId: plan.id, day: today() }),
      await client.must('scheduleWorkout', eve, { planId: plan.id, day: today() }),
    ]
    await takenUp(eve, begun.id)
    const exercises = [{ exerciseId: await client.exercise('Plank') }]
    await client.must('updateWorkoutPlan', eve, { id: plan.id, exercises, applyToPlanned: true })
    expect(await reps(eve, begun.id)).toEqual([8])
    expect((await client.see(eve, other.id)).exercises[0].exercise.name).toBe('Plank')
  })

  test.each(['changeWorkoutRepeat', 'endWorkoutRepeat', 'deleteWorkoutPlan'] as const)(
    'keeps its sets when its repetition is changed or ended: %s',
    async (mutation) => {
      const eve = await newcomer()
      const plan = await client.must('createWorkoutPlan', eve, { name: 'Daily', exercises: await dip() })
      const repeat = await client.must('repeatWorkoutPlan', eve, {
        planId: plan.id,
        weekdays: [1, 2, 3, 4, 5, 6, 7],
        firstDay: today(),
        timeZone: 'UTC',
      })
      const LIST = 'query ($id: ID!) { viewer { workouts(first: 100, filter: { planId: $id }) { nodes { id day } } } }'
      const { data } = await client.ask(LIST, { id: plan.id }, eve)
      const [, , begun, untouched] = data.viewer.workouts.nodes as { id: string; day: string }[]
      await takenUp(eve, begun?.id ?? '')
      await client.must(
        mutation,
        eve,
        {
          changeWorkoutRepeat: { id: repeat.id, fromDay: addDays(today(), 1), time: '06:00' },
          endWorkoutRepeat: { id: repeat.id, lastDay: today() },
          deleteWorkoutPlan: { id: plan.id },
        }[mutation],
      )
      expect(await reps(eve, begun?.id ?? '')).toEqual([8])
      expect(await client.see(eve, untouched?.id ?? '')).toBe('NOT_FOUND')
    },
  )
})
