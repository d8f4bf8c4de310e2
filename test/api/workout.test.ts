import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { syncExercises } from '../../src/domain/workout/catalogue.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { WorkoutClient } from '../support/workout.ts'

let server: TestServer
let client: WorkoutClient
let ada: Viewer
let bob: Viewer
beforeAll(async () => {
  server = await startTestServer()
  client = new WorkoutClient(server)
  ada = await server.world.person({ handle: 'ada' })
  bob = await server.world.person({ handle: 'bob' })
}, 60_000)
afterAll(() => server.close())

const EXERCISES = `query ($filter: ExerciseFilter, $first: Int) {
  exercises(filter: $filter, first: $first) { totalCount nodes { id name kind muscles equipment isOwn } } }`

describe('the catalogue of exercises', () => {
  const find = async (filter: object, viewer: Viewer | null = null) => {
    const { data } = await client.ask(EXERCISES, { filter, first: 100 }, viewer)
    return data.exercises.nodes as { id: string; name: string; kind: string; muscles: string[]; isOwn: boolean }[]
  }

  test('has more than sixty, is everybody’s, and is found by its ids', async () => {
    const { data } = await client.ask(EXERCISES, { first: 1 })
    expect(data.exercises.totalCount).toBeGreaterThanOrEqual(60)
    const [{ id, name }] = data.exercises.nodes
    const node = await client.ask('query ($id: ID!) { node(id: $id) { ... on Exercise { name } } }', { id })
    expect(node.data.node).toEqual({ name })
  })

  test('is brought in by many servers that start at once on an empty database', async () => {
    const { db } = server.running.atrium.deps
    const names = () => db.query('select name from exercises where owner_id is null order by name')
    const before = await names()
    for (let time = 0; time < 5; time++) {
      await db.query('delete from exercises where owner_id is null')
      await Promise.all(Array.from({ length: 8 }, () => syncExercises(db)))
      expect(await names()).toEqual(before)
    }
  })

  test('is searched by words, muscle group, equipment and kind, all of them together', async () => {
    expect((await find({ text: 'bench PRESS' })).map(({ name }) => name)).toEqual([
      'Bench press',
      'Close-grip bench press',
      'Dumbbell bench press',
      'Incline bench press',
    ])
    expect((await find({ text: 'press bench incl' })).map(({ name }) => name)).toEqual(['Incline bench press'])
    expect((await find({ text: '100%_' })).length).toBe(0)
    expect((await find({ text: '%' })).length).toBe(0)
    // As people type it on a telephone.
    for (const [typed, found] of [
      ["farmer's walk", 'Farmer’s walk'],
      ['farmers', 'Farmer’s walk'],
      ['pull up', 'Pull-up'],
      ['pullups', 'Pull-up'],
      ['Push-Ups', 'Push-up'],
      ['sit ups', 'Sit-up'],
      ['one arm row', 'One-arm dumbbell row'],
      ['lüngés', 'Walking lunge'],
    ] as const) {
      expect([typed, (await find({ text: typed })).map(({ name }) => name)]).toEqual([
        typed,
        expect.arrayContaining([found]),
      ])
    }
    // Of a short word the singular stands by itself.
    const typed = async (text: string) => (await find({ text })).map(({ name }) => name)
    expect(await typed('dips')).toContain('Dip')
    expect(await typed('curls')).toContain('Hammer curl')
    expect(await typed('abs')).toEqual((await typed('ab')).filter((name) => /\bab\b/i.test(name)))
    expect((await typed('abs')).join()).not.toContain('Cable')
    const cables = await find({ muscles: ['LATS', 'BICEPS'], equipment: ['CABLE'] })
    expect(cables.map(({ name }) => name)).toContain('Lat pulldown')
    for (const { muscles } of cables) expect(muscles.some((each) => each === 'LATS' || each === 'BICEPS')).toBe(true)
    const runs = await find({ kinds: ['DISTANCE'], equipment: ['NONE'] })
    expect(runs.map(({ name }) => name)).toContain('Running')
    expect(new Set(runs.map(({ kind }) => kind))).toEqual(new Set(['DISTANCE']))
  })

  test('is added to by members for themselves: nobody else finds theirs, and no name stands twice', async () => {
    const input = {
      name: 'Stone lifting',
      kind: 'WEIGHT_AND_REPS',
      muscles: ['GLUTES', 'GLUTES'],
      secondaryMuscles: ['GLUTES', 'LATS'],
    }
    const own = await client.must('createExercise', ada, input)
    expect(own).toMatchObject({ name: 'Stone lifting', muscles: ['GLUTES'], secondaryMuscles: ['LATS'], isOwn: true })
    expect(await find({ own: true }, ada)).toHaveLength(1)
    expect(await find({ text: 'stone' }, bob)).toEqual([])
    expect(await find({ text: 'stone' })).toEqual([])
    const node = await client.ask('query ($id: ID!) { node(id: $id) { id } }', { id: own.id }, bob)
    expect(node.errors?.[0]?.extensions.code).toBe('NOT_FOUND')
    for (const name of ['stone LIFTING', 'Bench press', 'bench press ']) {
      const { userErrors } = await client.run('createExercise', ada, { ...input, name })
      expect(userErrors).toMatchObject([{ __typename: 'Taken', code: 'TAKEN', path: ['input', 'name'] }])
    }
    expect((await client.run('createExercise', bob, input)).outcome).toBe('ok')
    expect((await client.run('updateExercise', ada, { id: own.id, name: 'Deadlift' })).outcome).toBe('TAKEN')
    expect((await client.run('updateExercise', bob, { id: own.id, name: 'Mine now' })).outcome).toBe('NOT_FOUND')
    const catalogue = await client.exercise('Deadlift')
    expect((await client.run('updateExercise', ada, { id: catalogue, name: 'Mine' })).outcome).toBe('NOT_FOUND')
    expect((await client.run('createExercise', ada, { ...input, name: 'No muscle', muscles: [] })).outcome).toBe(
      'INVALID_INPUT',
    )
  })

  test('is searched in every script by the words that stand in the name', async () => {
    const asha = await server.world.person({ handle: 'asha' })
    const own = { kind: 'BODYWEIGHT_REPS', muscles: ['CHEST'] }
    for (const name of ['पुश अप', 'Übung ४', '懸垂', 'Жим лёжа', '¿?']) {
      await client.must('createExercise', asha, { ...own, name })
    }
    const typed = async (text: string) => (await find({ text, own: true }, asha)).map(({ name }) => name)
    for (const [text, name] of [
      ['पुश', 'पुश अप'],
      ['अप पुश', 'पुश अप'],
      ['ubung', 'Übung ४'],
      ['४', 'Übung ४'],
      ['übung ४', 'Übung ४'],
      ['懸垂', '懸垂'],
      ['ЖИМ лежа', 'Жим лёжа'],
      ['?', '¿?'],
    ] as const) {
      expect([text, await typed(text)]).toEqual([text, [name]])
    }
    // Other vowels are other words.
    expect(await typed('पीश')).toEqual([])
  })

  test('an own one is put right, also where it was used; its kind stays', async () => {
    const input = { name: 'Sandbag cary', kind: 'WEIGHT_AND_DISTANCE', muscles: ['FOREARMS'], equipment: 'OTHER' }
    const { id } = await client.must('createExercise', bob, input)
    const used = { name: 'Carry', day: '2024-05-01', exercises: [{ exerciseId: id }] }
    const workout = await client.must('scheduleWorkout', bob, used)
    const change = {
      name: 'Sandbag carry',
      muscles: ['ABS'],
      secondaryMuscles: ['ABS', 'TRAPS'],
      instructions: 'Hug it.',
    }
    expect(await client.must('updateExercise', bob, { id, ...change })).toEqual({
      ...input,
      ...change,
      id,
      secondaryMuscles: ['TRAPS'],
      isOwn: true,
    })
    expect((await client.see(bob, workout.id)).exercises[0].exercise).toMatchObject({ id, name: 'Sandbag carry' })
    // Its own name in another spelling is not taken.
    await client.must('updateExercise', bob, { id, name: 'SANDBAG carry', equipment: 'NONE' })
    expect(await find({ text: 'sandbag', equipment: ['NONE'] }, bob)).toMatchObject([{ name: 'SANDBAG carry' }])
    for (const [bad, field] of [
      [{ name: '  ' }, 'name'],
      [{ name: 'x'.repeat(81) }, 'name'],
      [{ muscles: [] }, 'muscles'],
      [{ instructions: 'x'.repeat(2001) }, 'instructions'],
    ] as const) {
      const { userErrors } = await client.run('updateExercise', bob, { id, ...bad })
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', field] }])
    }
  })

  test('is sorted by name, by what one did last, or most; page by page', async () => {
    const eve = await server.world.person({ handle: 'eve' })
    await client.done(eve, '2024-03-04T10:00:00Z', { Deadlift: [['100', 5]], Dip: [['0', 5]] })
    await client.done(eve, '2024-03-06T10:00:00Z', { Dip: [['0', 5]] })
    await client.done(eve, '2024-03-08T10:00:00Z', { Deadlift: [['100', 5]], 'Pull-up': [['0', 5]] })
    await client.done(eve, '2024-03-09T10:00:00Z', { Dip: [['0', 5]] })
    const skipped = await client.begun(eve, { Plank: [] })
    await client.must('skipWorkout', eve, { id: skipped.id })
    const LIST = `query ($orderBy: ExerciseOrder, $first: Int, $after: String) { exercises(orderBy: $orderBy, first: $first, after: $after) {
      totalCount nodes { name } pageInfo { endCursor hasNextPage } } }`
    const list = async (variables: Record<string, unknown>, viewer: Viewer | null = eve) => {
      const { data } = await client.ask(LIST, variables, viewer)
      return { ...data.exercises, names: data.exercises.nodes.map(({ name }: { name: string }) => name) }
    }
    const byName = (await list({ first: 100 })).names as string[]
    expect(byName).toEqual(byName.toSorted())
    const [first] = byName
    expect((await list({ orderBy: 'LATEST_DONE', first: 4 })).names).toEqual(['Dip', 'Deadlift', 'Pull-up', first])
    expect((await list({ orderBy: 'MOST_DONE', first: 4 })).names).toEqual(['Dip', 'Deadlift', 'Pull-up', first])
    await client.done(eve, '2024-03-10T10:00:00Z', { 'Pull-up': [['0', 5]] })
    expect((await list({ orderBy: 'LATEST_DONE', first: 3 })).names).toEqual(['Pull-up', 'Dip', 'Deadlift'])
    const page = await list({ orderBy: 'MOST_DONE', first: 2 })
    const next = await list({ orderBy: 'MOST_DONE', first: 2, after: page.pageInfo.endCursor })
    expect([...page.names, ...next.names]).toEqual(['Dip', 'Deadlift', 'Pull-up', first])
    expect(page.totalCount).toBe((await list({ first: 1 })).totalCount)
    // Who has done nothing, and who is nobody, gets them by name.
    for (const viewer of [await server.world.person({ handle: 'idle' }), null]) {
      expect((await list({ orderBy: 'LATEST_DONE', first: 3 }, viewer)).names).toEqual(byName.slice(0, 3))
    }
  })

  test('twenty of one name at once are one', async () => {
    const input = { name: 'Log press', kind: 'WEIGHT_AND_REPS', muscles: ['SHOULDERS'] }
    const all = await Promise.all(Array.from({ length: 20 }, () => client.run('createExercise', ada, input)))
    expect(all.map(({ outcome }) => outcome).sort()).toEqual(['TAKEN', ...Array(18).fill('TAKEN'), 'ok'])
  })

  test('what was used stays in what it was used in, and is listed no more; its name is free again', async () => {
    const input = { name: 'Tyre flip', kind: 'BODYWEIGHT_REPS', muscles: ['FULL_BODY'] }
    const { id } = await client.must('createExercise', ada, input)
    const workout = await client.must('scheduleWorkout', ada, {
      name: 'Strong',
      day: '2026-11-21',
      exercises: [{ exerciseId: id }],
    })
    expect(await client.must('deleteExercise', ada, { id })).toBe(id)
    expect(await find({ text: 'tyre' }, ada)).toEqual([])
    expect((await client.see(ada, workout.id)).exercises[0].exercise.name).toBe('Tyre flip')
    expect((await client.run('createExercise', ada, input)).outcome).toBe('ok')
    expect((await client.run('deleteExercise', ada, { id })).outcome).toBe('NOT_FOUND')
  })

  test('a plan that holds a deleted one can still be changed, and no other plan gets it', async () => {
    const { id } = await client.must('createExercise', ada, {
      name: 'Keg toss',
      kind: 'BODYWEIGHT_REPS',
      muscles: ['GLUTES'],
    })
    const plan = await client.must('createWorkoutPlan', ada, { name: 'Kegs', exercises: [{ exerciseId: id }] })
    await client.must('deleteExercise', ada, { id })
    const exercises = [{ exerciseId: await client.exercise('Burpee') }, { exerciseId: id, targets: [{ minReps: 5 }] }]
    const changed = await client.must('updateWorkoutPlan', ada, { id: plan.id, exercises })
    expect(changed.exercises.map((each: { exercise: { name: string } }) => each.exercise.name)).toEqual([
      'Burpee',
      'Keg toss',
    ])
    expect((await client.run('createWorkoutPlan', ada, { name: 'More kegs', exercises })).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['input', 'exercises', '1', 'exerciseId'] },
    ])
    await client.must('updateWorkoutPlan', ada, { id: plan.id, exercises: exercises.slice(0, 1) })
    expect((await client.run('updateWorkoutPlan', ada, { id: plan.id, exercises })).outcome).toBe('NOT_FOUND')
  })
})

describe('a plan', () => {
  const planned = async () => ({
    name: 'Push day',
    exercises: [
      {
        exerciseId: await client.exercise('Bench press'),
        notes: 'Slowly',
        restSeconds: 180,
        targets: [
          { kind: 'WARM_UP', minReps: 10, weight: { amount: '20' } },
          { minReps: 5, maxReps: 8, weight: { amount: '80', unit: 'KG' }, effort: 8.5 },
        ],
      },
      { exerciseId: await client.exercise('Dip'), superset: 1, targets: [{ minReps: 8 }] },
      { exerciseId: await client.exercise('Plank'), superset: 1, targets: [{ durationSeconds: 60, restSeconds: 30 }] },
    ],
  })

  test('holds exercises in their order with what to do', async () => {
    const plan = await client.must('createWorkoutPlan', ada, await planned())
    expect(plan).toMatchObject({ name: 'Push day', version: 1, visibility: 'PRIVATE', viewerCanEdit: true })
    expect(plan.exercises.map((each: { exercise: { name: string } }) => each.exercise.name)).toEqual([
      'Bench press',
      'Dip',
      'Plank',
    ])
    expect(plan.exercises[0]).toMatchObject({ notes: 'Slowly', restSeconds: 180, superset: null })
    expect(plan.exercises[0].targets).toMatchObject([
      { kind: 'WARM_UP', minReps: 10, maxReps: null, weight: { kilograms: '20' }, effort: null },
      { kind: 'NORMAL', minReps: 5, maxReps: 8, weight: { kilograms: '80', pounds: '176.37' }, effort: 8.5 },
    ])
    expect(plan.exercises[2].targets).toMatchObject([{ durationSeconds: 60, restSeconds: 30 }])
  })

  test('is put into another order, and changed; a workout that was made of it keeps what it was', async () => {
    const plan = await client.must('createWorkoutPlan', ada, await planned())
    const workout = await client.must('scheduleWorkout', ada, { planId: plan.id, day: '2026-12-01', time: '18:30' })
    expect(workout).toMatchObject({ name: 'Push day', planVersion: 1, time: '18:30', status: 'PLANNED' })
    const moved = await client.must('movePlanExercise', ada, { id: plan.exercises[2].id, position: 0 })
    const names = (of: { exercises: { exercise: { name: string } }[] }) =>
      of.exercises.map(({ exercise }) => exercise.name)
    expect(names(moved)).toEqual(['Plank', 'Bench press', 'Dip'])
    expect(moved.version).toBe(2)
    for (const position of [-1, 3]) {
      expect((await client.run('movePlanExercise', ada, { id: plan.exercises[2].id, position })).outcome).toBe(
        'INVALID_INPUT',
      )
    }
    const changed = await client.must('updateWorkoutPlan', ada, {
      id: plan.id,
      name: 'Legs',
      exercises: [{ exerciseId: await client.exercise('Back squat') }],
    })
    expect([changed.name, changed.version, names(changed)]).toEqual(['Legs', 3, ['Back squat']])
    expect(names(await client.see(ada, workout.id))).toEqual(['Bench press', 'Dip', 'Plank'])
    const begun = await client.must('scheduleWorkout', ada, { planId: plan.id, day: '2026-12-02' })
    await client.must('startWorkout', ada, { id: begun.id })
    await client.must('updateWorkoutPlan', ada, {
      id: plan.id,
      exercises: [{ exerciseId: await client.exercise('Leg press') }],
      applyToPlanned: true,
    })
    expect(names(await client.see(ada, workout.id))).toEqual(['Leg press'])
    expect(names(await client.see(ada, begun.id))).toEqual(['Back squat'])
    expect(await client.see(ada, workout.id)).toMatchObject({ name: 'Legs', planVersion: 4 })
  })

  test('says what is wrong with it, all of it at once, and nothing is kept', async () => {
    const bench = await client.exercise('Bench press')
    const { userErrors } = await client.run('createWorkoutPlan', ada, {
      name: 'Wrong',
      exercises: [
        { exerciseId: bench, targets: [{ minReps: 8, maxReps: 5 }] },
        { exerciseId: bench, targets: [{ durationSeconds: 60 }] },
        { exerciseId: encodeId('exercise', ada.accountId) },
        { exerciseId: bench, targets: [{ minReps: 5, weight: { amount: '1000.001' } }] },
        { exerciseId: bench, targets: [{ minReps: -1, effort: 8.3 }] },
      ],
    })
    expect(userErrors.map(({ code, path }) => [code, path.join('.')])).toEqual([
      ['INVALID_INPUT', 'input.exercises.0.targets.0.maxReps'],
      ['INVALID_INPUT', 'input.exercises.1.targets.0.durationSeconds'],
      ['NOT_FOUND', 'input.exercises.2.exerciseId'],
      ['INVALID_INPUT', 'input.exercises.3.targets.0.weight.amount'],
      ['INVALID_INPUT', 'input.exercises.4.targets.0.effort'],
      ['INVALID_INPUT', 'input.exercises.4.targets.0.minReps'],
    ])
    const many = Array.from({ length: 21 }, () => ({ exerciseId: bench }))
    expect((await client.run('createWorkoutPlan', ada, { name: 'Long', exercises: many })).userErrors).toMatchObject([
      { code: 'LIMIT_EXCEEDED', limit: 20 },
    ])
    const targets = Array.from({ length: 21 }, () => ({ minReps: 1 }))
    const deep = { name: 'Deep', exercises: [{ exerciseId: bench, targets }] }
    expect((await client.run('createWorkoutPlan', ada, deep)).userErrors).toMatchObject([
      { code: 'LIMIT_EXCEEDED', path: ['input', 'exercises', '0', 'targets'] },
    ])
    expect((await client.run('createWorkoutPlan', ada, { name: '  ', exercises: [] })).outcome).toBe('INVALID_INPUT')
  })

  test('that is shown can be copied, with the exercises that its owner made', async () => {
    const own = await client.must('createExercise', ada, {
      name: 'Wall ball',
      kind: 'WEIGHT_AND_REPS',
      muscles: ['FULL_BODY'],
    })
    const exercises = [{ exerciseId: own.id }, { exerciseId: await client.exercise('Burpee') }]
    const plan = await client.must('createWorkoutPlan', ada, { name: 'For all', visibility: 'PUBLIC', exercises })
    expect((await client.run('scheduleWorkout', bob, { planId: plan.id, day: '2026-12-01' })).outcome).toBe('FORBIDDEN')
    const key = { id: plan.id, idempotencyKey: 'copy-for-all' }
    const copy = await client.must('copyWorkoutPlan', bob, key)
    expect(copy).toMatchObject({
      name: 'For all',
      owner: { handle: 'bob' },
      visibility: 'PRIVATE',
      viewerCanEdit: true,
    })
    expect((await client.must('copyWorkoutPlan', bob, key)).id).toBe(copy.id)
    const [first, second] = copy.exercises
    expect(first.exercise).toMatchObject({ name: 'Wall ball' })
    expect(first.exercise.id).not.toBe(own.id)
    expect(second.exercise.id).toBe(await client.exercise('Burpee'))
    // A second copy finds the exercise that came with the first.
    const again = await client.must('copyWorkoutPlan', bob, { id: plan.id })
    expect(again.exercises[0].exercise.id).toBe(first.exercise.id)
    const { data } = await client.ask('{ workoutPlans(owner: "ADA") { nodes { name } } }')
    expect(data.workoutPlans.nodes).toEqual([{ name: 'For all' }])
    expect((await client.run('scheduleWorkout', bob, { planId: copy.id, day: '2026-12-01' })).outcome).toBe('ok')
  })

  test('is found among one’s own by its name, and sorted', async () => {
    const zoe = await server.world.person({ handle: 'zoe' })
    const ids: Record<string, string> = {}
    for (const name of ['Push', 'Legs', 'Pull 50%']) {
      ids[name] = (await client.must('createWorkoutPlan', zoe, { name, exercises: [] })).id
    }
    await client.must('updateWorkoutPlan', zoe, { id: ids.Legs, notes: 'Twice a week' })
    const LIST = `query ($text: String, $orderBy: WorkoutPlanOrder, $first: Int, $after: String) { viewer {
      workoutPlans(text: $text, orderBy: $orderBy, first: $first, after: $after) { totalCount nodes { name } pageInfo { endCursor } } } }`
    const list = async (variables: Record<string, unknown>, viewer = zoe) =>
      (await client.ask(LIST, variables, viewer)).data.viewer.workoutPlans
    const found = async (variables: Record<string, unknown>) =>
      (await list(variables)).nodes.map(({ name }: { name: string }) => name) as string[]
    expect(await found({})).toEqual(['Pull 50%', 'Legs', 'Push'])
    expect(await found({ orderBy: 'LATEST_CHANGED' })).toEqual(['Legs', 'Pull 50%', 'Push'])
    const { endCursor } = (await list({ orderBy: 'NAME', first: 1 })).pageInfo
    expect(await found({ orderBy: 'NAME', after: endCursor })).toEqual(['Pull 50%', 'Push'])
    expect(await found({ text: 'pU', orderBy: 'NAME' })).toEqual(['Pull 50%', 'Push'])
    expect(await found({ text: '50%' })).toEqual(['Pull 50%'])
    expect((await list({ text: 'pu' })).totalCount).toBe(2)
    expect((await list({ text: 'pu' }, bob)).totalCount).toBe(0)
  })
})
