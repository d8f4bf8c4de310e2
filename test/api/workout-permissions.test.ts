import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { followAccount } from '../../src/domain/account/follow.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { WorkoutClient, type WorkoutMutation } from '../support/workout.ts'

let server: TestServer
let client: WorkoutClient
const people: Record<string, Viewer | null> = { nobody: null }
beforeAll(async () => {
  server = await startTestServer()
  client = new WorkoutClient(server)
  for (const [handle, role] of [
    ['owner', 'MEMBER'],
    ['follower', 'MEMBER'],
    ['member', 'MEMBER'],
    ['staff', 'STAFF'],
    ['admin', 'ADMIN'],
  ] as const) {
    people[handle] = await server.world.person({
      handle: handle === 'staff' ? 'the-staff' : handle === 'admin' ? 'the-admin' : handle,
      role,
    })
  }
  await followAccount(server.running.atrium.deps, people.follower as Viewer, (people.owner as Viewer).accountId)
}, 60_000)
afterAll(() => server.close())

const owner = () => people.owner as Viewer

/** `who` is UNAUTHENTICATED, `none` is NOT_FOUND, `no` is FORBIDDEN. */
const SHORT: Record<string, string> = { ok: 'ok', who: 'UNAUTHENTICATED', none: 'NOT_FOUND', no: 'FORBIDDEN' }
const TABLE = `
  visibility  viewer    see   write comment react  listed
  PRIVATE     nobody    none  who   who     who    no
  PRIVATE     owner     ok    ok    ok      ok     yes
  PRIVATE     follower  none  none  none    none   no
  PRIVATE     member    none  none  none    none   no
  PRIVATE     staff     none  none  none    none   no
  PRIVATE     admin     none  none  none    none   no
  FOLLOWERS   nobody    none  who   who     who    no
  FOLLOWERS   owner     ok    ok    ok      ok     yes
  FOLLOWERS   follower  ok    no    ok      ok     yes
  FOLLOWERS   member    none  none  none    none   no
  FOLLOWERS   staff     none  none  none    none   no
  FOLLOWERS   admin     none  none  none    none   no
  PUBLIC      nobody    ok    who   who     who    yes
  PUBLIC      owner     ok    ok    ok      ok     yes
  PUBLIC      follower  ok    no    ok      ok     yes
  PUBLIC      member    ok    no    ok      ok     yes
  PUBLIC      staff     ok    no    ok      ok     yes
  PUBLIC      admin     ok    no    ok      ok     yes`
const ROWS = TABLE.trim()
  .split('\n')
  .slice(1)
  .map((line) => line.trim().split(/\s+/) as [string, string, string, string, string, string, string])

interface Things {
  workout: string
  entry: string
  set: string
  plan: string
  planExercise: string
}

async function made(visibility: string): Promise<Things> {
  const exercises = [{ exerciseId: await client.exercise('Dip') }]
  const plan = await client.must('createWorkoutPlan', owner(), { name: 'A plan', visibility, exercises })
  const workout = await client.begun(owner(), { Dip: [['0', 5]] }, { visibility })
  const {
    exercises: [entry],
  } = await client.must('finishWorkout', owner(), {
    id: workout.id,
    startedAt: '2024-01-02T10:00:00Z',
    endedAt: '2024-01-02T11:00:00Z',
  })
  return {
    workout: workout.id,
    entry: entry.id,
    set: entry.sets[0].id,
    plan: plan.id,
    planExercise: plan.exercises[0].id,
  }
}

/** Every mutation on something that is there. */
const writes = (
  { workout, entry, set, plan, planExercise }: Things,
  exerciseId: string,
): [WorkoutMutation, object][] => [
  ['updateWorkout', { id: workout, notes: 'Mine' }],
  ['logSet', { workoutId: workout, workoutExerciseId: entry, reps: 3 }],
  ['updateSet', { id: set, reps: 4 }],
  ['moveSet', { id: set, position: 0 }],
  ['addWorkoutExercise', { workoutId: workout, exerciseId }],
  ['updateWorkoutExercise', { id: entry, notes: 'Mine' }],
  ['moveWorkoutExercise', { id: entry, position: 0 }],
  ['deleteSet', { id: set }],
  ['removeWorkoutExercise', { id: entry }],
  ['deleteWorkout', { id: workout }],
  ['updateWorkoutPlan', { id: plan, name: 'Mine' }],
  ['movePlanExercise', { id: planExercise, position: 0 }],
  ['scheduleWorkout', { planId: plan, day: '2024-01-01' }],
  ['repeatWorkoutPlan', { planId: plan, weekdays: [1], firstDay: '2100-01-01' }],
  ['deleteWorkoutPlan', { id: plan }],
]

describe('who may do what with a workout or plan', () => {
  test.each(ROWS)('that is %s: %s', async (visibility, who, see, write, comment, react, listed) => {
    const viewer = people[who] ?? null
    const things = await made(visibility)
    const node = async (id: string) =>
      (await client.ask('query ($id: ID!) { node(id: $id) { id } }', { id }, viewer)).errors?.[0]?.extensions.code ??
      'ok'
    for (const id of Object.values(things)) expect([id, await node(id)]).toEqual([id, SHORT[see]])

    const own = await client.ask(
      'query ($listed: String!) { workouts(first: 100, filter: { owner: $listed }) { nodes { id } } }',
      { listed: 'owner' },
      viewer,
    )
    const isListed = own.data.workouts.nodes.some(({ id }: { id: string }) => id === things.workout)
    expect(isListed).toBe(listed === 'yes')

    const say =
      'mutation ($id: ID!) { addComment(input: { subjectId: $id, body: "Well done" }) { userErrors { code } } }'
    const cheer = 'mutation ($id: ID!) { addReaction(input: { subjectId: $id, kind: LIKE }) { userErrors { code } } }'
    for (const [query, cell] of [
      [say, comment],
      [cheer, react],
    ] as const) {
      const { data, errors } = await client.ask(query, { id: things.workout }, viewer)
      const [done] = Object.values<{ userErrors: { code: string }[] } | null>(data ?? {})
      expect(errors?.[0]?.extensions.code ?? done?.userErrors[0]?.code ?? 'ok').toBe(SHORT[cell])
    }
    const before = await client.see(owner(), things.workout)
    for (const [mutation, input] of writes(things, await client.exercise('Plank'))) {
      const { outcome } = await client.run(mutation, viewer, input as Record<string, unknown>)
      // The repetition of a day too far ahead is refused to its owner too, for the day.
      const expected = mutation === 'repeatWorkoutPlan' && write === 'ok' ? 'INVALID_INPUT' : SHORT[write]
      expect([mutation, outcome]).toEqual([mutation, expected])
    }
    if (write !== 'ok') expect(await client.see(owner(), things.workout)).toEqual(before)
  })
})

describe('what is shared', () => {
  test('is listed to those who follow, without what is private or not done', async () => {
    const { world } = server
    const [one, fan] = [await world.person({ handle: 'one' }), await world.person({ handle: 'fan' })]
    await followAccount(server.running.atrium.deps, fan, one.accountId)
    for (const visibility of ['PRIVATE', 'FOLLOWERS', 'PUBLIC']) {
      await client.must('scheduleWorkout', one, { name: `Planned ${visibility}`, day: '2024-02-01', visibility })
      const { id } = await client.begun(one, {}, { name: visibility, visibility })
      await client.must('finishWorkout', one, { id, withoutSets: true })
    }
    const names = async (filter: object, viewer: Viewer | null) => {
      const query =
        'query ($filter: SharedWorkoutFilter) { workouts(first: 100, filter: $filter) { nodes { name owner { handle } } } }'
      const { data, errors } = await client.ask(query, { filter }, viewer)
      return (
        errors?.[0]?.extensions.code ??
        data.workouts.nodes
          .filter((each: { owner: { handle: string } }) => each.owner.handle === 'one')
          .map(({ name }: { name: string }) => name)
      )
    }
    expect(await names({ followed: true }, fan)).toEqual(['PUBLIC', 'FOLLOWERS'])
    expect(await names({ owner: 'one' }, fan)).toEqual(['PUBLIC', 'FOLLOWERS'])
    expect(await names({ owner: 'one' }, null)).toEqual(['PUBLIC'])
    expect(await names({}, fan)).toEqual(['PUBLIC'])
    expect(await names({ followed: true }, null)).toBe('UNAUTHENTICATED')
  })

  test('has comments and reactions of its own, and its owner hears of them', async () => {
    const { world } = server
    const [two, fan] = [await world.person({ handle: 'two' }), await world.person({ handle: 'cheerer' })]
    const { id } = await client.begun(two, {}, { visibility: 'PUBLIC' })
    const say = 'mutation ($id: ID!) { addComment(input: { subjectId: $id, body: "Strong!" }) { userErrors { code } } }'
    expect((await client.ask(say, { id }, fan)).data.addComment.userErrors).toEqual([])
    const read =
      'query ($id: ID!) { node(id: $id) { ... on Workout { commentCount comments { nodes { body } } reactionCount } } }'
    expect((await client.ask(read, { id }, fan)).data.node).toEqual({
      commentCount: 1,
      comments: { nodes: [{ body: 'Strong!' }] },
      reactionCount: 0,
    })
    const { data } = await client.ask('{ notifications { nodes { kind actors { handle } } } }', {}, two)
    expect(data.notifications.nodes).toEqual([{ kind: 'COMMENT', actors: [{ handle: 'cheerer' }] }])
    await client.must('updateWorkout', two, { id, visibility: 'PRIVATE' })
    expect((await client.ask(read, { id }, fan)).errors?.[0]?.extensions.code).toBe('NOT_FOUND')
  })
})

describe('what a member leaves with', () => {
  test('is in their export, and goes with their account', async () => {
    const { world } = server
    const zoe = await world.person({ handle: 'zoe', password: 'wooden boats drift slowly' })
    const own = await client.must('createExercise', zoe, {
      name: 'Zoe’s lift',
      kind: 'WEIGHT_AND_REPS',
      muscles: ['LATS'],
    })
    const plan = await client.must('createWorkoutPlan', zoe, {
      name: 'Zoe’s plan',
      exercises: [{ exerciseId: own.id, targets: [{ minReps: 5 }] }],
    })
    await client.must('updateWorkoutSettings', zoe, { weightUnit: 'LB' })
    await client.must('repeatWorkoutPlan', zoe, {
      planId: plan.id,
      weekdays: [1],
      firstDay: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
    })
    const workout = await client.begun(zoe, { Dip: [['5', 8]] }, { name: 'Zoe’s day' })
    const { data } = await client.ask('{ viewer { export } }', {}, zoe)
    const { workouts } = data.viewer.export
    expect(workouts).toMatchObject({
      settings: { weightUnit: 'LB', weeklyGoal: 3 },
      exercises: [{ name: 'Zoe’s lift', muscles: ['LATS'] }],
      plans: [
        {
          id: plan.id,
          name: 'Zoe’s plan',
          exercises: [{ exercise: 'Zoe’s lift', targets: [{ kind: 'NORMAL', minReps: 5 }] }],
        },
      ],
      repeats: [{ plan: plan.id, weekdays: [1] }],
    })
    expect(workouts.workouts).toContainEqual(
      expect.objectContaining({
        id: workout.id,
        name: 'Zoe’s day',
        status: 'IN_PROGRESS',
        exercises: [
          expect.objectContaining({ exercise: 'Dip', sets: [expect.objectContaining({ reps: 8, weightGrams: 5000 })] }),
        ],
      }),
    )
    const leave = 'mutation { deleteAccount(input: { password: "wooden boats drift slowly" }) { userErrors { code } } }'
    expect((await client.ask(leave, {}, zoe)).data.deleteAccount.userErrors).toEqual([])
    const { db } = server.running.atrium.deps
    for (const table of ['exercises', 'workout_plans', 'workout_repeats', 'workouts', 'workout_exercises']) {
      const [row] = await db.query<{ count: number }>(
        `select count(*)::int as count from ${table} where owner_id = $1::text::uuid`,
        [zoe.accountId],
      )
      expect([table, row?.count]).toEqual([table, 0])
    }
    const [orphans] = await db.query<{ count: number }>(
      `select count(*)::int as count from subjects s where kind = 'WORKOUT' and not exists (select 1 from workouts w where w.id = s.id)`,
    )
    expect(orphans?.count).toBe(0)
  })
})
