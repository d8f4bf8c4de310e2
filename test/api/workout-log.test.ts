import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addDays } from '../../src/core/calendar.ts'
import { encodeId } from '../../src/core/ids.ts'
import { localDate } from '../../src/core/local-time.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { atOnce } from '../support/door.ts'
import { BEGINNING } from '../support/listener.ts'
import { type GraphError, startTestServer, type TestServer } from '../support/server.ts'
import { WorkoutClient } from '../support/workout.ts'

let server: TestServer
let client: WorkoutClient
let ada: Viewer
let members = 0
/** Somebody with no workouts behind them. */
const newcomer = () => {
  members += 1
  return server.world.person({ handle: `member-${members}` })
}
beforeAll(async () => {
  server = await startTestServer()
  client = new WorkoutClient(server)
  ada = await server.world.person({ handle: 'ada' })
}, 60_000)
afterAll(() => server.close())

describe('a workout', () => {
  test('is planned, begun, logged set by set and finished', async () => {
    const workout = await client.begun(ada, { 'Back squat': [], Running: [] })
    expect(workout).toMatchObject({
      status: 'IN_PROGRESS',
      viewerCanLog: true,
      viewerCanBecome: ['DONE', 'SKIPPED', 'CANCELLED'],
    })
    const [squat, run] = workout.exercises
    const log = (more: object) =>
      client.must('logSet', ada, { workoutId: workout.id, workoutExerciseId: squat.id, ...more })
    await log({ kind: 'WARM_UP', reps: 10, weight: { amount: '200', unit: 'KG' } })
    const working = await log({ reps: 5, weight: { amount: '102.5' }, effort: 8.5 })
    expect(working).toMatchObject({
      kind: 'NORMAL',
      reps: 5,
      weight: { grams: 102_500, kilograms: '102.5', pounds: '225.97' },
      effort: 8.5,
      oneRepMax: { grams: 119_583 },
    })
    await log({ kind: 'DROP', reps: 12, weight: { amount: '80' } })
    await log({ kind: 'FAILURE', reps: 0, weight: { amount: '140' } })
    await client.must('logSet', ada, {
      workoutId: workout.id,
      workoutExerciseId: run.id,
      distanceMetres: 5000,
      durationSeconds: 1500,
    })
    const done = await client.must('finishWorkout', ada, { id: workout.id })
    expect(done).toMatchObject({
      status: 'DONE',
      setCount: 4,
      volume: { grams: 5 * 102_500 + 12 * 80_000 },
      viewerCanBecome: [],
    })
    expect(done.exercises[0]).toMatchObject({ setCount: 3, bestOneRepMax: { grams: 119_583 } })
    expect(done.exercises[0].sets.map(({ kind }: { kind: string }) => kind)).toEqual([
      'WARM_UP',
      'NORMAL',
      'DROP',
      'FAILURE',
    ])
    expect(done.durationSeconds).toBeGreaterThanOrEqual(0)
  })

  test('is put right afterwards: sets are changed, moved and deleted, and the sums follow', async () => {
    const workout = await client.begun(ada, {
      Deadlift: [
        ['100', 5],
        ['110', 3],
      ],
    })
    const [entry] = (await client.see(ada, workout.id)).exercises
    await client.must('finishWorkout', ada, { id: workout.id })
    const [first, second] = entry.sets
    const changed = await client.must('updateSet', ada, { id: first.id, reps: 1 })
    expect(changed).toMatchObject({ reps: 1, weight: { grams: 100_000 }, oneRepMax: { grams: 100_000 } })
    expect(await client.must('updateSet', ada, { id: first.id, effort: 9, kind: 'FAILURE' })).toMatchObject({
      effort: 9,
      reps: 1,
    })
    expect(await client.must('updateSet', ada, { id: first.id, effort: null })).toMatchObject({
      effort: null,
      kind: 'FAILURE',
    })
    const moved = await client.must('moveSet', ada, { id: second.id, position: 0 })
    expect(moved.sets.map(({ id }: { id: string }) => id)).toEqual([second.id, first.id])
    expect(moved).toMatchObject({ volume: { grams: 430_000 }, setCount: 2, bestOneRepMax: { grams: 121_000 } })
    const left = await client.must('deleteSet', ada, { id: second.id })
    expect(left).toMatchObject({ volume: { grams: 100_000 }, setCount: 1, bestOneRepMax: { grams: 100_000 } })
    expect((await client.run('updateSet', ada, { id: first.id, reps: null })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'reps'] },
    ])
    expect((await client.run('deleteSet', ada, { id: second.id })).outcome).toBe('NOT_FOUND')
  })

  test('takes in more exercises, in any order, with notes and targets, and lets go of them', async () => {
    const { id, exercises } = await client.must('scheduleWorkout', ada, {
      name: 'Free',
      day: '2026-12-24',
      exercises: [{ exerciseId: await client.exercise('Dip') }],
    })
    expect(exercises).toHaveLength(1)
    const input = {
      workoutId: id,
      exerciseId: await client.exercise('Plank'),
      position: 0,
      idempotencyKey: 'plank-first',
    }
    const plank = await client.must('addWorkoutExercise', ada, input)
    expect((await client.must('addWorkoutExercise', ada, input)).id).toBe(plank.id)
    const noted = await client.must('updateWorkoutExercise', ada, {
      id: plank.id,
      notes: 'Elbows under shoulders',
      restSeconds: 45,
      targets: [{ durationSeconds: 90 }],
    })
    expect(noted).toMatchObject({
      notes: 'Elbows under shoulders',
      restSeconds: 45,
      targets: [{ durationSeconds: 90 }],
    })
    expect(await client.must('updateWorkoutExercise', ada, { id: plank.id, restSeconds: null })).toMatchObject({
      notes: 'Elbows under shoulders',
      restSeconds: null,
      targets: [{ durationSeconds: 90 }],
    })
    const names = (of: { exercises: { exercise: { name: string } }[] }) =>
      of.exercises.map(({ exercise }) => exercise.name)
    expect(names(await client.see(ada, id))).toEqual(['Plank', 'Dip'])
    expect(names(await client.must('moveWorkoutExercise', ada, { id: plank.id, position: 1 }))).toEqual([
      'Dip',
      'Plank',
    ])
    expect(names(await client.must('removeWorkoutExercise', ada, { id: plank.id }))).toEqual(['Dip'])
  })

  test('is moved while it is planned, and knows when its day is over', async () => {
    const { id } = await client.must('scheduleWorkout', ada, {
      name: 'Early',
      day: '2024-01-05',
      time: '07:00',
      timeZone: 'Asia/Tokyo',
    })
    expect(await client.see(ada, id)).toMatchObject({
      isMissed: true,
      startsAt: '2024-01-04T22:00:00.000Z',
      timeZone: 'Asia/Tokyo',
    })
    const day = addDays(localDate(Date.now(), 'Asia/Tokyo'), 10)
    const moved = await client.must('updateWorkout', ada, { id, day, time: null })
    const startsAt = new Date(Date.parse(`${day}T00:00:00+09:00`)).toISOString()
    expect(moved).toMatchObject({ isMissed: false, day, time: null, startsAt })
    expect(await client.must('updateWorkout', ada, { id, name: 'Later', time: '20:15' })).toMatchObject({
      name: 'Later',
      time: '20:15',
    })
    await client.must('startWorkout', ada, { id })
    expect((await client.run('updateWorkout', ada, { id, day: '2026-11-02' })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'day'] },
    ])
    expect(await client.must('updateWorkout', ada, { id, notes: 'Cold' })).toMatchObject({ notes: 'Cold' })
  })

  test('that was skipped or called off can be taken up again', async () => {
    for (const mutation of ['skipWorkout', 'cancelWorkout'] as const) {
      const { id } = await client.begun(ada)
      await client.must(mutation, ada, { id })
      const input = { workoutId: id, exerciseId: await client.exercise('Dip') }
      expect((await client.run('addWorkoutExercise', ada, input)).outcome).toBe('INVALID_INPUT')
      expect(await client.must('reopenWorkout', ada, { id })).toMatchObject({ status: 'PLANNED', startedAt: null })
    }
  })

  test('is deleted with all that is in it', async () => {
    const { id, exercises } = await client.begun(ada, { Dip: [] })
    expect(await client.must('deleteWorkout', ada, { id })).toBe(id)
    for (const gone of [id, exercises[0].id]) {
      const { errors } = await client.ask('query ($id: ID!) { node(id: $id) { id } }', { id: gone }, ada)
      expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND')
    }
  })
})

describe('bad input', () => {
  test('a set says what its exercise is measured in, within what anybody does, and nothing else', async () => {
    const workout = await client.begun(ada, {
      'Bench press': [],
      'Pull-up': [],
      Plank: [],
      Running: [],
      'Sled push': [],
    })
    const [bench, pull, plank, run, sled] = workout.exercises.map(({ id }: { id: string }) => id)
    const weight = { amount: '50' }
    const errors = async (workoutExerciseId: string, more: object) => {
      const { userErrors } = await client.run('logSet', ada, { workoutId: workout.id, workoutExerciseId, ...more })
      return userErrors.map(({ code, path }) => `${code} ${path.slice(1).join('.')}`)
    }
    expect(await errors(bench, { reps: -1, weight })).toEqual(['INVALID_INPUT reps'])
    expect(await errors(bench, { reps: 1001, weight })).toEqual(['INVALID_INPUT reps'])
    expect(await errors(bench, { reps: 5 })).toEqual(['INVALID_INPUT weight'])
    expect(await errors(bench, { weight })).toEqual(['INVALID_INPUT reps'])
    expect(await errors(bench, { reps: 5, weight: { amount: '-5' } })).toEqual(['INVALID_INPUT weight.amount'])
    expect(await errors(bench, { reps: 5, weight: { amount: '1000.001' } })).toEqual(['INVALID_INPUT weight.amount'])
    expect(await errors(bench, { reps: 5, weight: { amount: '2205', unit: 'LB' } })).toEqual([
      'INVALID_INPUT weight.amount',
    ])
    expect(await errors(bench, { reps: 5, weight, distanceMetres: 5 })).toEqual(['INVALID_INPUT distanceMetres'])
    expect(await errors(bench, { reps: 5, weight, effort: 11 })).toEqual(['INVALID_INPUT effort'])
    expect(await errors(bench, { reps: 5, weight, loggedAt: '2100-01-01T00:00:00Z' })).toEqual([
      'INVALID_INPUT loggedAt',
    ])
    expect(await errors(plank, { durationSeconds: 0 })).toEqual(['INVALID_INPUT durationSeconds'])
    expect(await errors(plank, { reps: 3 })).toEqual(['INVALID_INPUT reps', 'INVALID_INPUT durationSeconds'])
    expect(await errors(run, { distanceMetres: 1_000_001 })).toEqual(['INVALID_INPUT distanceMetres'])
    expect(await errors(sled, { distanceMetres: 20 })).toEqual(['INVALID_INPUT weight'])
    expect(await errors(pull, { reps: 8 })).toEqual([])
    expect(await errors(pull, { reps: 8, weight })).toEqual([])
    expect((await client.see(ada, workout.id)).setCount).toBe(2)
  })

  test('a set for an exercise that is not in the workout is refused, whoever’s it is', async () => {
    const [one, other] = [await client.begun(ada, { Dip: [] }), await client.begun(ada, { Dip: [] })]
    const input = { workoutId: one.id, workoutExerciseId: other.exercises[0].id, reps: 5 }
    const { userErrors } = await client.run('logSet', ada, input)
    expect(userErrors).toMatchObject([{ __typename: 'NotFound', path: ['input', 'workoutExerciseId'] }])
    const none = { ...input, workoutExerciseId: encodeId('workoutexercise', ada.accountId) }
    expect((await client.run('logSet', ada, none)).outcome).toBe('NOT_FOUND')
    // The table does not take it either.
    const { db } = server.running.atrium.deps
    await expect(
      db.query(
        `insert into workout_sets (id, workout_id, workout_exercise_id, position, kind, reps)
         select gen_random_uuid(), a.id, e.id, 0, 'NORMAL', 1 from workouts a, workout_exercises e where e.workout_id <> a.id limit 1`,
      ),
    ).rejects.toThrow()
  })

  test('sets are logged in a workout that has begun, and twenty is the end', async () => {
    const planned = await client.must('scheduleWorkout', ada, {
      name: 'Not yet',
      day: '2026-12-01',
      exercises: [{ exerciseId: await client.exercise('Dip') }],
    })
    const input = { workoutId: planned.id, workoutExerciseId: planned.exercises[0].id, reps: 5 }
    expect((await client.run('logSet', ada, input)).userErrors).toMatchObject([
      { __typename: 'IllegalTransition', from: 'PLANNED', allowed: ['IN_PROGRESS'] },
    ])
    await client.must('startWorkout', ada, { id: planned.id })
    const outcomes = await atOnce(24, () => client.run('logSet', ada, input))
    expect(outcomes.filter(({ outcome }) => outcome === 'ok')).toHaveLength(20)
    const [refused] = outcomes.filter(({ outcome }) => outcome !== 'ok')
    expect(refused?.userErrors).toMatchObject([{ __typename: 'LimitExceeded', limit: 20 }])
  })

  test('a workout does not end before it starts, nor in the future, and is planned for a day that there is', async () => {
    const { id } = await client.begun(ada, { Dip: [['0', 5]] })
    const bad = async (input: object) => {
      const { userErrors } = await client.run('finishWorkout', ada, { id, ...input })
      return userErrors.map(({ code, path }) => `${code} ${path.slice(1).join('.')}`)
    }
    const [early, late] = ['2024-01-01T10:00:00Z', '2024-01-01T11:00:00Z']
    expect(await bad({ startedAt: late, endedAt: early })).toEqual(['INVALID_INPUT endedAt'])
    expect(await bad({ endedAt: '2000-01-01T10:00:00Z' })).toEqual(['INVALID_INPUT endedAt'])
    expect(await bad({ endedAt: '2100-01-01T10:00:00Z' })).toEqual(['INVALID_INPUT endedAt'])
    expect(await bad({ startedAt: '2100-01-01T10:00:00Z' })).toEqual(['INVALID_INPUT startedAt'])
    // Some zones were behind then, where the year before the first has no date.
    expect(await bad({ startedAt: '0001-01-01T00:00:00Z' })).toEqual(['INVALID_INPUT startedAt'])
    expect(await bad({ endedAt: '1969-12-31T23:59:59Z' })).toEqual(['INVALID_INPUT endedAt'])
    expect(await client.must('finishWorkout', ada, { id, startedAt: early, endedAt: late })).toMatchObject({
      durationSeconds: 3600,
    })
    const planned = await client.must('scheduleWorkout', ada, { name: 'Later', day: '2026-12-01' })
    expect((await client.run('startWorkout', ada, { id: planned.id, at: '2100-01-01T00:00:00Z' })).outcome).toBe(
      'INVALID_INPUT',
    )
    const { userErrors } = await client.run('startWorkout', ada, { id: planned.id, at: '0001-01-01T00:00:00Z' })
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'at'] }])
    for (const input of [{ day: '2199-01-01' }, { day: '1899-01-01' }, { day: '2026-12-01', name: undefined }]) {
      expect((await client.run('scheduleWorkout', ada, { name: 'When', ...input })).outcome).toBe('INVALID_INPUT')
    }
    const unknownZone = await client.run('scheduleWorkout', ada, {
      name: 'Where',
      day: '2026-12-01',
      timeZone: 'Mars/Olympus',
    })
    expect(unknownZone.outcome).not.toBe('ok')
  })

  const STEPS = ['startWorkout', 'finishWorkout', 'skipWorkout', 'cancelWorkout', 'reopenWorkout'] as const
  /** Row by row the status and how it was reached, column by column what becomes of it by each step. */
  const TABLE = `
    PLANNED      -                            IN_PROGRESS  -     SKIPPED  CANCELLED  -
    IN_PROGRESS  startWorkout                 -            DONE  SKIPPED  CANCELLED  -
    DONE         startWorkout,finishWorkout   -            -     -        -          -
    SKIPPED      skipWorkout                  -            -     -        -          PLANNED
    SKIPPED      startWorkout,skipWorkout     -            -     -        -          PLANNED
    CANCELLED    cancelWorkout                -            -     -        -          PLANNED
    CANCELLED    startWorkout,cancelWorkout   -            -     -        -          PLANNED`
  const PAIRS = TABLE.trim()
    .split('\n')
    .flatMap((row) => {
      const [status = '', way = '', ...cells] = row.trim().split(/\s+/)
      const allowed = cells.filter((cell) => cell !== '-')
      return STEPS.map((step, at) => ({ status, way, step, becomes: cells[at] ?? '', allowed }))
    })

  test.each(PAIRS)(
    'that is $status (by $way): $step makes it $becomes',
    async ({ status, way, step, becomes, allowed }) => {
      const { id } = await client.must('scheduleWorkout', ada, { name: 'Steps', day: '2026-12-01' })
      const input = (of: string) => (of === 'finishWorkout' ? { id, withoutSets: true } : { id })
      for (const each of STEPS.filter((one) => way.split(',').includes(one))) await client.must(each, ada, input(each))
      const { value, userErrors } = await client.run(step, ada, input(step))
      if (becomes === '-') {
        expect(userErrors).toMatchObject([{ __typename: 'IllegalTransition', from: status }])
        expect(userErrors[0]?.allowed?.toSorted()).toEqual(allowed.toSorted())
        expect((await client.see(ada, id)).status).toBe(status)
      } else {
        expect([userErrors, value.status]).toEqual([[], becomes])
      }
    },
  )
})

describe('two phones', () => {
  test('that start or finish the same workout at once do it once', async () => {
    const { id } = await client.must('scheduleWorkout', ada, { name: 'Twice', day: '2026-12-01' })
    for (const [mutation, input] of [
      ['startWorkout', { id }],
      ['finishWorkout', { id, withoutSets: true }],
    ] as const) {
      const outcomes = (await atOnce(20, () => client.run(mutation, ada, input))).map(({ outcome }) => outcome)
      expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
      expect(new Set(outcomes)).toEqual(new Set(['ok', 'ILLEGAL_TRANSITION']))
    }
  })

  test('that repeat a set under its client id write it once; another set under that id is refused', async () => {
    const workout = await client.begun(ada, { Dip: [] })
    const input = {
      workoutId: workout.id,
      workoutExerciseId: workout.exercises[0].id,
      reps: 8,
      clientId: 'phone-1-set-1',
    }
    const all = await atOnce(20, () => client.run('logSet', ada, input))
    expect(new Set(all.map(({ value }) => value?.id)).size).toBe(1)
    expect((await client.see(ada, workout.id)).exercises[0].sets).toHaveLength(1)
    expect((await client.run('logSet', ada, { ...input, reps: 9 })).outcome).toBe('CONFLICT')
    // The key is kept for some days only, the name of the set as long as the set.
    const { db } = server.running.atrium.deps
    await db.query(`delete from idempotency_keys where key = $1`, [input.clientId])
    expect((await client.must('logSet', ada, input)).id).toBe(all[0]?.value.id)
    await db.query(`delete from idempotency_keys where key = $1`, [input.clientId])
    expect((await client.run('logSet', ada, { ...input, reps: 9 })).outcome).toBe('CONFLICT')
    await client.must('logSet', ada, input)
    await client.must('deleteSet', ada, { id: all[0]?.value.id })
    expect((await client.run('logSet', ada, input)).outcome).toBe('NOT_FOUND')
    expect((await client.see(ada, workout.id)).exercises[0].sets).toEqual([])
  })

  test('that log different sets at once lose none, each at a place of its own', async () => {
    const workout = await client.begun(ada, { Dip: [] })
    const workoutExerciseId = workout.exercises[0].id
    await atOnce(20, (n) => client.must('logSet', ada, { workoutId: workout.id, workoutExerciseId, reps: n + 1 }))
    const [{ sets, setCount }] = (await client.see(ada, workout.id)).exercises
    expect(setCount).toBe(20)
    expect(sets.map(({ position }: { position: number }) => position)).toEqual(Array.from({ length: 20 }, (_, n) => n))
    const total = sets.reduce((sum: number, { reps }: { reps: number }) => sum + reps, 0)
    expect(total).toBe(210)
  })
})

describe('personal records', () => {
  const NOTES = '{ viewer { account { handle } } notifications(kinds: [WORKOUT_RECORD]) { nodes { subject { id } } } }'
  const told = async (viewer: Viewer) =>
    (await client.ask(NOTES, {}, viewer)).data.notifications.nodes.map(
      ({ subject }: { subject: { id: string } }) => subject.id,
    )

  test('are set by being better than ever before; the first time is none, and each is told of once', async () => {
    const eve = await newcomer()
    const first = await client.done(eve, '2024-01-05T10:00:00Z', { 'Bench press': [['80', 5]], 'Pull-up': [['0', 8]] })
    expect(first.records).toEqual([])
    const better = await client.done(eve, '2024-01-07T10:00:00Z', {
      'Bench press': [
        ['80', 6],
        ['70', 3],
      ],
      'Pull-up': [['0', 8]],
    })
    expect(better.records).toMatchObject([
      { kind: 'ONE_REP_MAX', weight: { grams: 96_000 }, exercise: { name: 'Bench press' } },
    ])
    const heavier = await client.done(eve, '2024-01-09T10:00:00Z', {
      'Bench press': [['85', 1]],
      'Pull-up': [['5', 10]],
    })
    expect(heavier.records).toMatchObject([
      { kind: 'MAX_WEIGHT', weight: { grams: 85_000 }, exercise: { name: 'Bench press' } },
      { kind: 'MOST_REPS', reps: 10, exercise: { name: 'Pull-up' } },
      { kind: 'MAX_WEIGHT', weight: { grams: 5_000 }, exercise: { name: 'Pull-up' } },
    ])
    const worse = await client.done(eve, '2024-01-12T10:00:00Z', { 'Bench press': [['80', 5]] })
    expect(worse.records).toEqual([])
    // Logged late: it was better than what came before it, though not than what came after.
    const late = await client.done(eve, '2024-01-06T10:00:00Z', { 'Bench press': [['81', 5]] })
    expect(late.records).toMatchObject([{ kind: 'ONE_REP_MAX' }, { kind: 'MAX_WEIGHT', weight: { grams: 81_000 } }])
    expect(await told(eve)).toEqual([late.id, heavier.id, better.id])
    expect(await told(ada)).toEqual([])
    const query =
      'query ($id: ID!) { node(id: $id) { ... on Exercise { viewerRecords { kind weight { kilograms } achievedAt } } } }'
    const { data } = await client.ask(query, { id: await client.exercise('Bench press') }, eve)
    expect(data.node.viewerRecords).toEqual([
      { kind: 'ONE_REP_MAX', weight: { kilograms: '96' }, achievedAt: '2024-01-07T10:00:00.000Z' },
      { kind: 'MAX_WEIGHT', weight: { kilograms: '85' }, achievedAt: '2024-01-09T10:00:00.000Z' },
    ])
    const none = await client.ask(query, { id: await client.exercise('Bench press') }, await newcomer())
    expect(none.data.node.viewerRecords).toEqual([])
  })

  test('do not come from warm-ups, skipped workouts or failed repetitions', async () => {
    const eve = await newcomer()
    await client.done(eve, '2024-01-05T10:00:00Z', { 'Bench press': [['80', 5]] })
    const skipped = await client.begun(eve, { 'Bench press': [['200', 5]] })
    await client.must('skipWorkout', eve, { id: skipped.id })
    const workout = await client.begun(eve, { 'Bench press': [['150', 0]] })
    const log = {
      workoutId: workout.id,
      workoutExerciseId: workout.exercises[0].id,
      kind: 'WARM_UP',
      reps: 5,
      weight: { amount: '120' },
    }
    await client.must('logSet', eve, log)
    expect((await client.must('finishWorkout', eve, { id: workout.id })).records).toEqual([])
    expect(await told(eve)).toEqual([])
  })
})

describe('a second screen', () => {
  const WATCH = `subscription ($id: ID!) { workoutUpdated(workoutId: $id) { status exercises { setCount sets { reps } } } }`

  test('follows a workout: the present state first, then each change, until it is gone', async () => {
    const workout = await client.begun(ada, { Dip: [] })
    const socket = server.socket(await client.tokenOf(ada))
    const seen: { status: string; exercises: { setCount: number }[] }[] = []
    const errors: { extensions: { code: string } }[] = []
    let ended = false
    const end = (error?: unknown) => {
      ended = true
      if (Array.isArray(error)) errors.push(...error)
    }
    socket.subscribe<{ workoutUpdated: (typeof seen)[number] }>(
      { query: WATCH, variables: { id: workout.id } },
      {
        next: ({ data, errors: failed }) => {
          if (data?.workoutUpdated) seen.push(data.workoutUpdated)
          errors.push(...((failed ?? []) as unknown as typeof errors))
        },
        error: end,
        complete: () => end(),
      },
    )
    const until = (holds: () => boolean) =>
      vi.waitFor(() => expect(holds()).toBe(true), { timeout: 20_000, interval: 10 })
    await until(() => seen.length === 1)
    expect(seen[0]).toMatchObject({ status: 'IN_PROGRESS', exercises: [{ setCount: 0 }] })
    await client.must('logSet', ada, { workoutId: workout.id, workoutExerciseId: workout.exercises[0].id, reps: 5 })
    await until(() => seen.at(-1)?.exercises[0]?.setCount === 1)
    await client.must('finishWorkout', ada, { id: workout.id })
    await until(() => seen.at(-1)?.status === 'DONE')
    await client.must('deleteWorkout', ada, { id: workout.id })
    await until(() => ended)
    expect(errors[0]?.extensions.code).toBe('NOT_FOUND')
  })

  test('of somebody else follows what is shown, and loses it when it is shown no longer', async () => {
    const workout = await client.must('scheduleWorkout', ada, { name: 'Open', day: '2026-12-01', visibility: 'PUBLIC' })
    const seen: unknown[] = []
    const errors: { extensions: { code: string } }[] = []
    server.socket().subscribe(
      { query: WATCH, variables: { id: workout.id } },
      {
        next: ({ data, errors: failed }) => {
          if (data) seen.push(data)
          errors.push(...((failed ?? []) as unknown as typeof errors))
        },
        error: (error) => errors.push(...(error as typeof errors)),
        complete: () => {},
      },
    )
    await vi.waitFor(() => expect(seen.length).toBe(1), { timeout: 20_000 })
    await client.must('updateWorkout', ada, { id: workout.id, visibility: 'PRIVATE' })
    await vi.waitFor(() => expect(errors[0]?.extensions.code).toBe('NOT_FOUND'), { timeout: 20_000 })
  })
  test('of somebody whom one follows ends at once when one does so no longer, and what is said about it', async () => {
    const friend = await server.world.person({ handle: 'friend' })
    const FOLLOW = (what: string) =>
      client.ask(
        `mutation ($id: ID!) { done: ${what}(input: { accountId: $id }) { userErrors { code } } }`,
        { id: encodeId('account', ada.accountId) },
        friend,
      )
    expect((await FOLLOW('followAccount')).data.done.userErrors).toEqual([])
    const workout = await client.must('scheduleWorkout', ada, {
      name: 'Among friends',
      day: '2026-12-01',
      visibility: 'FOLLOWERS',
    })
    const socket = server.socket(await client.tokenOf(friend))
    const heard: string[] = []
    const codes: string[] = []
    const listenTo = (query: string, more = {}) =>
      socket.subscribe(
        { query, variables: { id: workout.id, ...more } },
        {
          next: ({ data, errors }) => {
            if (data) heard.push(JSON.stringify(data))
            for (const { extensions } of errors ?? []) codes.push(String(extensions?.code))
          },
          error: (errors) => codes.push(...(errors as GraphError[]).map(({ extensions }) => extensions.code)),
          complete: () => {},
        },
      )
    listenTo(WATCH)
    const COMMENTS = 'subscription ($id: ID!, $after: String!) { commentAdded(on: $id, after: $after) { body } }'
    listenTo(COMMENTS, { after: BEGINNING })
    const say = (body: string) =>
      client
        .ask(
          'mutation ($input: AddCommentInput!) { addComment(input: $input) { userErrors { code } } }',
          { input: { subjectId: workout.id, body } },
          ada,
        )
        .then(({ data }) => expect(data.addComment.userErrors).toEqual([]))
    await say('Among us')
    await vi.waitFor(() => expect(heard.join()).toMatch(/PLANNED.*Among us|Among us.*PLANNED/), { timeout: 20_000 })
    await FOLLOW('unfollowAccount')
    await vi.waitFor(() => expect(codes).toEqual(['NOT_FOUND', 'NOT_FOUND']), { timeout: 5_000 })
    await say('Without them')
    await client.must('startWorkout', ada, { id: workout.id })
    expect(heard.join()).not.toMatch(/Without them|IN_PROGRESS/)
  })
})
