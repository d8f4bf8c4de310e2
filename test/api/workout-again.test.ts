import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { followAccount } from '../../src/domain/account/follow.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'
import { WorkoutClient } from '../support/workout.ts'

const statements = new Statements()
let server: TestServer
let client: WorkoutClient
let members = 0
/** Somebody with no workouts behind them. */
const newcomer = () => {
  members += 1
  return server.world.person({ handle: `member-${members}` })
}
beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  client = new WorkoutClient(server)
}, 60_000)
afterAll(() => server.close())

const names = ({ exercises }: { exercises: { exercise: { name: string } }[] }) =>
  exercises.map(({ exercise }) => exercise.name)

describe('a workout that is done again', () => {
  /** Bench press as it was done, with a warm-up and a set that failed; dips as they were planned. */
  const trained = async (viewer: Viewer, more: Record<string, unknown> = {}) => {
    const workout = await client.must('scheduleWorkout', viewer, {
      name: 'Push',
      notes: 'Slept badly',
      day: '2024-03-04',
      exercises: [
        {
          exerciseId: await client.exercise('Bench press'),
          notes: 'Elbows in',
          restSeconds: 180,
          superset: 1,
          targets: [{ minReps: 3 }],
        },
        { exerciseId: await client.exercise('Dip'), targets: [{ minReps: 8, maxReps: 12 }] },
      ],
      ...more,
    })
    await client.must('startWorkout', viewer, { id: workout.id })
    const [bench] = workout.exercises
    const set = { workoutId: workout.id, workoutExerciseId: bench.id }
    await client.must('logSet', viewer, { ...set, kind: 'WARM_UP', reps: 10, weight: { amount: '20' } })
    await client.must('logSet', viewer, { ...set, reps: 5, weight: { amount: '82.5' }, effort: 9 })
    await client.must('logSet', viewer, { ...set, kind: 'FAILURE', reps: 0, weight: { amount: '100' } })
    return client.must('finishWorkout', viewer, { id: workout.id })
  }
  const TARGETS = [
    { kind: 'WARM_UP', minReps: 10, maxReps: 10, weight: { kilograms: '20' }, effort: null },
    { kind: 'NORMAL', minReps: 5, maxReps: 5, weight: { kilograms: '82.5' }, effort: null },
    { kind: 'FAILURE', minReps: null, maxReps: null, weight: { kilograms: '100' } },
  ]

  test('plans what was done in it, and what was planned where nothing was', async () => {
    const eve = await newcomer()
    const { id } = await trained(eve)
    const again = await client.must('scheduleWorkout', eve, { workoutId: id, day: '2026-12-01', time: '18:30' })
    expect(again).toMatchObject({ name: 'Push', notes: '', status: 'PLANNED', time: '18:30', setCount: 0, plan: null })
    expect(again.id).not.toBe(id)
    expect(again.exercises).toMatchObject([
      { notes: 'Elbows in', restSeconds: 180, superset: 1, targets: TARGETS, sets: [] },
      { exercise: { name: 'Dip' }, targets: [{ minReps: 8, maxReps: 12 }] },
    ])
    expect((await client.see(eve, id)).exercises[0].sets).toHaveLength(3)
    const other = { workoutId: id, day: '2026-12-01', name: 'Other', exercises: [] }
    expect(await client.must('scheduleWorkout', eve, other)).toMatchObject({ name: 'Other', exercises: [] })
    const plan = await client.must('createWorkoutPlan', eve, { name: 'A plan', exercises: [] })
    const both = { workoutId: id, planId: plan.id, day: '2026-12-01' }
    expect((await client.run('scheduleWorkout', eve, both)).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'workoutId'] },
    ])
  })

  test('becomes a plan, once for each key', async () => {
    const eve = await newcomer()
    const { id } = await trained(eve)
    const input = { workoutId: id, idempotencyKey: 'save-as-plan' }
    const plan = await client.must('createWorkoutPlan', eve, input)
    expect(plan).toMatchObject({ name: 'Push', notes: '', visibility: 'PRIVATE', version: 1 })
    expect(names(plan)).toEqual(['Bench press', 'Dip'])
    expect(plan.exercises[0]).toMatchObject({ notes: 'Elbows in', restSeconds: 180, superset: 1, targets: TARGETS })
    expect((await client.must('createWorkoutPlan', eve, input)).id).toBe(plan.id)
    expect(await client.must('createWorkoutPlan', eve, { workoutId: id, name: 'Heavy' })).toMatchObject({
      name: 'Heavy',
    })
    for (const [missing, path] of [
      [{ exercises: [] }, 'name'],
      [{ name: 'Empty' }, 'exercises'],
    ] as const) {
      expect((await client.run('createWorkoutPlan', eve, missing)).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: ['input', path] },
      ])
    }
  })

  test('may be another member’s who shows it, with exercises of their own, and no other', async () => {
    const [eve, fan, stranger] = [await newcomer(), await newcomer(), await newcomer()]
    await followAccount(server.running.atrium.deps, fan, eve.accountId)
    const own = await client.must('createExercise', eve, { name: 'Atlas stone', kind: 'TIME', muscles: ['FULL_BODY'] })
    const { id } = await client.must('scheduleWorkout', eve, {
      name: 'Stones',
      day: '2026-12-01',
      visibility: 'FOLLOWERS',
      exercises: [{ exerciseId: own.id, targets: [{ durationSeconds: 10 }] }],
    })
    const plan = await client.must('createWorkoutPlan', fan, { workoutId: id })
    expect(names(plan)).toEqual(['Atlas stone'])
    expect(plan.exercises[0].exercise.id).not.toBe(own.id)
    expect(plan.exercises[0].targets).toMatchObject([{ durationSeconds: 10 }])
    expect(plan.owner.handle).toBe(`member-${members - 1}`)
    for (const mutation of ['createWorkoutPlan', 'scheduleWorkout'] as const) {
      const input = { workoutId: id, ...(mutation === 'scheduleWorkout' && { day: '2026-12-01' }) }
      expect((await client.run(mutation, stranger, input)).userErrors).toMatchObject([
        { code: 'NOT_FOUND', path: ['input', 'workoutId'] },
      ])
    }
  })

  test('lends its name alone where exercises are given: none of its owner’s become the viewer’s', async () => {
    const [eve, fan] = [await newcomer(), await newcomer()]
    await followAccount(server.running.atrium.deps, fan, eve.accountId)
    const own = await client.must('createExercise', eve, {
      name: 'Log lift',
      kind: 'BODYWEIGHT_REPS',
      muscles: ['FULL_BODY'],
    })
    const { id } = await client.must('scheduleWorkout', eve, {
      name: 'Logs',
      day: '2026-12-01',
      visibility: 'FOLLOWERS',
      exercises: [{ exerciseId: own.id }],
    })
    const given = { workoutId: id, exercises: [{ exerciseId: await client.exercise('Dip') }] }
    const made = [
      await client.must('createWorkoutPlan', fan, given),
      await client.must('scheduleWorkout', fan, { ...given, day: '2026-12-01' }),
    ]
    for (const each of made) expect([each.name, names(each)]).toEqual(['Logs', ['Dip']])
    const OWN = '{ exercises(filter: { own: true }) { nodes { name } } }'
    expect((await client.ask(OWN, {}, fan)).data.exercises.nodes).toEqual([])
    const again = await client.must('scheduleWorkout', fan, { workoutId: id, day: '2026-12-01' })
    expect(names(again)).toEqual(['Log lift'])
    expect((await client.ask(OWN, {}, fan)).data.exercises.nodes).toEqual([{ name: 'Log lift' }])
  })
})

describe('what was done the last time', () => {
  const PREVIOUS = `query ($id: ID!) { node(id: $id) { ... on Workout { exercises { exercise { name }
    viewerPrevious { workout { id } sets { reps weight { kilograms } } } } } } }`
  const previous = async (viewer: Viewer | null, id: string) =>
    (await client.ask(PREVIOUS, { id }, viewer)).data.node.exercises.map(
      ({ viewerPrevious }: { viewerPrevious: object | null }) => viewerPrevious,
    )

  test('stands beside what is to be done, and is that of before, not of later', async () => {
    const eve = await newcomer()
    const first = await client.done(eve, '2024-03-04T10:00:00Z', { 'Bench press': [['80', 5]], Dip: [['0', 9]] })
    const second = await client.done(eve, '2024-03-11T10:00:00Z', { 'Bench press': [['82.5', 5]] })
    const skipped = await client.begun(eve, { 'Bench press': [['200', 1]] })
    await client.must('skipWorkout', eve, { id: skipped.id })
    const next = await client.must('scheduleWorkout', eve, {
      name: 'Next',
      day: '2026-12-01',
      exercises: [
        { exerciseId: await client.exercise('Bench press') },
        { exerciseId: await client.exercise('Dip') },
        { exerciseId: await client.exercise('Plank') },
      ],
    })
    const bench = (id: string, kilograms: string) => ({ workout: { id }, sets: [{ reps: 5, weight: { kilograms } }] })
    expect(await previous(eve, next.id)).toEqual([
      bench(second.id, '82.5'),
      { workout: { id: first.id }, sets: [{ reps: 9, weight: { kilograms: '0' } }] },
      null,
    ])
    expect(await previous(eve, second.id)).toEqual([bench(first.id, '80')])
    expect(await previous(eve, first.id)).toEqual([null, null])
  })

  test('is nobody’s but the owner’s', async () => {
    const [eve, other] = [await newcomer(), await newcomer()]
    await client.done(eve, '2024-03-04T10:00:00Z', { Dip: [['0', 9]] })
    const shown = await client.begun(eve, { Dip: [] }, { visibility: 'PUBLIC' })
    expect(await previous(eve, shown.id)).toMatchObject([{ sets: [{ reps: 9 }] }])
    expect(await previous(other, shown.id)).toEqual([null])
    expect(await previous(null, shown.id)).toEqual([null])
    // What others did of the same exercise is not one's own.
    expect(await previous(other, (await client.begun(other, { Dip: [] })).id)).toEqual([null])
  })

  test('costs as many statements for nine exercises as for one', async () => {
    const eve = await newcomer()
    const all = ['Bench press', 'Dip', 'Plank', 'Deadlift', 'Back squat', 'Pull-up', 'Chin-up', 'Face pull', 'Running']
    const sent = async (of: string[]) => {
      const { id } = await client.begun(eve, Object.fromEntries(of.map((name) => [name, []])))
      const token = await client.tokenOf(eve)
      return statements.during(async () => {
        expect((await server.ask(PREVIOUS, { id }, token)).errors).toBeUndefined()
      })
    }
    await client.done(eve, '2024-03-04T10:00:00Z', { 'Bench press': [['80', 5]], Dip: [['0', 9]] })
    await sent(['Dip'])
    const one = await sent(['Dip'])
    expect((await sent(all)).length).toBe(one.length)
  })

  test('and before that is the history of the exercise', async () => {
    const eve = await newcomer()
    const first = await client.done(eve, '2024-03-04T10:00:00Z', { 'Bench press': [['80', 5]] })
    await client.done(eve, '2024-03-06T10:00:00Z', { Dip: [['0', 9]] })
    await client.must('scheduleWorkout', eve, {
      name: 'Planned',
      day: '2026-12-01',
      exercises: [{ exerciseId: await client.exercise('Bench press') }],
    })
    const LIST = `query ($filter: WorkoutFilter) { viewer { workouts(filter: $filter, orderBy: LATEST) { totalCount nodes { id name } } } }`
    const list = async (filter: object) => (await client.ask(LIST, { filter }, eve)).data.viewer.workouts
    const exerciseId = await client.exercise('Bench press')
    expect(await list({ exerciseId, statuses: ['DONE'] })).toEqual({
      totalCount: 1,
      nodes: [{ id: first.id, name: 'A workout' }],
    })
    expect((await list({ exerciseId })).nodes.map(({ name }: { name: string }) => name)).toEqual([
      'Planned',
      'A workout',
    ])
    const stranger = await newcomer()
    const { data } = await client.ask(LIST, { filter: { exerciseId } }, stranger)
    expect(data.viewer.workouts.totalCount).toBe(0)
    const wrong = await client.ask(LIST, { filter: { exerciseId: 'plan_x' } }, eve)
    expect(wrong.errors?.[0]?.extensions.code).toBe('NOT_FOUND')
  })
})
