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
    const early = { id: begun.id, startedAt: '2024-03-04T10:00:00Z' }
    expect(await client.must('updateWorkout', eve, early)).toMatchObject({ startedAt: early.startedAt, endedAt: null })
    await client.must('skipWorkout', eve, { id: begun.id })
    expect(await bad(eve, early)).toEqual(['INVALID_INPUT startedAt'])
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
