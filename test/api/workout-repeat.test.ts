import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays, occurrences, weekdayOf } from '../../src/core/calendar.ts'
import { decodeId } from '../../src/core/ids.ts'
import { instantOf, localDate } from '../../src/core/local-time.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { fillAllRepeats, HORIZON_DAYS } from '../../src/domain/workout/repeat.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { WorkoutClient } from '../support/workout.ts'

let server: TestServer
let second: TestServer
let client: WorkoutClient
let members = 0
const newcomer = () => {
  members += 1
  return server.world.person({ handle: `member-${members}` })
}
beforeAll(async () => {
  server = await startTestServer()
  second = await startTestServer({ databaseUrl: server.databaseUrl })
  client = new WorkoutClient(server)
}, 60_000)
afterAll(async () => {
  await second.close()
  await server.close()
})

const LIST = `query ($id: ID!) { viewer { workouts(first: 100, filter: { repeatId: $id }) { nodes {
  id name day time startsAt status exercises { exercise { name } } viewerRepeat { id } } } } }`
interface Seen {
  id: string
  name: string
  day: string
  time: string | null
  startsAt: string
  status: string
  exercises: { exercise: { name: string } }[]
}
const workoutsOf = async (viewer: Viewer, id: string): Promise<Seen[]> =>
  (await client.ask(LIST, { id }, viewer)).data.viewer.workouts.nodes
const daysOf = async (viewer: Viewer, id: string) => (await workoutsOf(viewer, id)).map(({ day }) => day)

const planOf = async (viewer: Viewer, name = 'Weekly') =>
  (await client.must('createWorkoutPlan', viewer, { name, exercises: [{ exerciseId: await client.exercise('Dip') }] }))
    .id
const today = (zone = 'UTC') => localDate(Date.now(), zone)

/** As if so many days had passed since it was filled. */
const unfill = (repeat: string, days: number) =>
  server.running.atrium.deps.db.query(
    `update workout_repeats set filled_through = filled_through - $2::text::int where id = $1::text::uuid`,
    [decodeId('repeat', repeat), String(days)],
  )

describe('a plan that is repeated', () => {
  test('becomes workouts on its weekdays, five weeks ahead, with what it holds', async () => {
    const eve = await newcomer()
    const planId = await planOf(eve)
    const firstDay = today()
    const repeat = await client.must('repeatWorkoutPlan', eve, {
      planId,
      weekdays: [4, 1, 4],
      firstDay,
      time: '18:30',
      timeZone: 'UTC',
    })
    expect(repeat).toMatchObject({ weekdays: [1, 4], intervalWeeks: 1, time: '18:30', plan: { name: 'Weekly' } })
    const rule = { frequency: 'WEEKLY', weekdays: [1, 4], firstDay } as const
    const made = await workoutsOf(eve, repeat.id)
    expect(made.map(({ day }) => day)).toEqual(occurrences(rule, firstDay, addDays(firstDay, HORIZON_DAYS)))
    expect(repeat.nextDay).toBe(made[0]?.day)
    for (const workout of made) {
      expect(workout).toMatchObject({
        name: 'Weekly',
        time: '18:30',
        status: 'PLANNED',
        exercises: [{ exercise: { name: 'Dip' } }],
      })
      expect(workout.startsAt).toBe(`${workout.day}T18:30:00.000Z`)
    }
  })

  test.each(['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Santiago', 'UTC'])(
    'keeps its time on the clocks of %s, over changes of the clock',
    async (timeZone) => {
      const eve = await newcomer()
      const firstDay = today(timeZone)
      const input = { planId: await planOf(eve), weekdays: [7], firstDay, time: '02:15', timeZone }
      const repeat = await client.must('repeatWorkoutPlan', eve, input)
      for (const { startsAt, day } of await workoutsOf(eve, repeat.id)) {
        expect(startsAt).toBe(instantOf(`${day}T02:15`, timeZone).instant)
      }
    },
  )

  test('every second week, so many times, or until a day', async () => {
    const eve = await newcomer()
    const planId = await planOf(eve)
    const firstDay = today()
    const weekdays = [weekdayOf(firstDay)]
    const start = async (more: object) =>
      daysOf(eve, (await client.must('repeatWorkoutPlan', eve, { planId, weekdays, firstDay, ...more })).id)
    const week = (n: number) => addDays(firstDay, 7 * n)
    expect(await start({ intervalWeeks: 2 })).toEqual([week(0), week(2), week(4)])
    expect(await start({ count: 2 })).toEqual([week(0), week(1)])
    expect(await start({ lastDay: addDays(week(2), 6) })).toEqual([week(0), week(1), week(2)])
    const ahead = addDays(firstDay, 100)
    expect(await start({ firstDay: ahead, weekdays: [weekdayOf(ahead)] })).toEqual([])
  })

  test('is filled once for each day, by two servers at once and again and again', async () => {
    const eve = await newcomer()
    const firstDay = today()
    const { id } = await client.must('repeatWorkoutPlan', eve, {
      planId: await planOf(eve),
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      firstDay,
    })
    const all = await daysOf(eve, id)
    expect(all).toHaveLength(HORIZON_DAYS + 1)
    await unfill(id, 60)
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => fillAllRepeats((n % 2 === 0 ? server : second).running.atrium.deps)),
    )
    expect(await daysOf(eve, id)).toEqual(all)
    // The table does not take one twice either.
    const { db } = server.running.atrium.deps
    await expect(
      db.query(
        `update workouts set occurrence_day = $2::text::date where id = (select id from workouts where repeat_id = $1::text::uuid and occurrence_day <> $2::text::date limit 1)`,
        [decodeId('repeat', id), firstDay],
      ),
    ).rejects.toThrow()
  })

  test('what comes near is made, what was deleted is not made again', async () => {
    const eve = await newcomer()
    const firstDay = today()
    const { id } = await client.must('repeatWorkoutPlan', eve, {
      planId: await planOf(eve),
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      firstDay,
    })
    const made = await workoutsOf(eve, id)
    const [deleted, , cancelled] = made
    await client.must('deleteWorkout', eve, { id: deleted?.id })
    await client.must('cancelWorkout', eve, { id: cancelled?.id })
    const { db } = server.running.atrium.deps
    // The last three days as if they had not come near yet.
    await unfill(id, 3)
    await db.query(
      `delete from subjects where id in (select id from workouts where repeat_id = $1::text::uuid and occurrence_day > $2::text::date)`,
      [decodeId('repeat', id), addDays(firstDay, HORIZON_DAYS - 3)],
    )
    await fillAllRepeats(second.running.atrium.deps)
    expect(await daysOf(eve, id)).toEqual(made.map(({ day }) => day).slice(1))
  })
})

describe('an edit', () => {
  const daily = async (eve: Viewer, more: object = {}) => {
    const planId = await planOf(eve)
    const input = {
      planId,
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      firstDay: today(),
      time: '07:00',
      timeZone: 'UTC',
      ...more,
    }
    return { ...(await client.must('repeatWorkoutPlan', eve, input)), planId }
  }

  test('of one alone changes that one', async () => {
    const eve = await newcomer()
    const repeat = await daily(eve)
    const [, moved] = await workoutsOf(eve, repeat.id)
    await client.must('updateWorkout', eve, { id: moved?.id, time: '21:00', name: 'Late' })
    const after = await workoutsOf(eve, repeat.id)
    expect(after.filter(({ time }) => time !== '07:00')).toMatchObject([{ id: moved?.id, name: 'Late', time: '21:00' }])
  })

  test('of this and all following leaves those before, those changed alone, and those that have begun', async () => {
    const eve = await newcomer()
    const repeat = await daily(eve)
    const before = await workoutsOf(eve, repeat.id)
    const from = before[5]?.day as string
    await client.must('updateWorkout', eve, { id: before[7]?.id, time: '21:00' })
    await client.must('startWorkout', eve, { id: before[8]?.id })
    const other = await planOf(eve, 'Other')
    const next = await client.must('changeWorkoutRepeat', eve, {
      id: repeat.id,
      fromDay: from,
      time: '18:00',
      planId: other,
    })
    expect(next).toMatchObject({ firstDay: from, time: '18:00', plan: { name: 'Other' } })
    expect(next.id).not.toBe(repeat.id)
    expect((await workoutsOf(eve, repeat.id)).map(({ id }) => id)).toEqual(before.slice(0, 5).map(({ id }) => id))
    const after = await workoutsOf(eve, next.id)
    expect(after.map(({ day }) => day)).toEqual(before.slice(5).map(({ day }) => day))
    const kept = after.filter(({ time }) => time !== '18:00')
    expect(kept.map(({ id, time, name }) => [id, time, name])).toEqual(
      [
        [before[7]?.id, '21:00', 'Weekly'],
        [before[8]?.id, '07:00', 'Weekly'],
      ].sort((a, b) => after.findIndex(({ id }) => id === a[0]) - after.findIndex(({ id }) => id === b[0])),
    )
    const { data } = await client.ask(
      'query ($id: ID!) { node(id: $id) { ... on WorkoutRepeat { lastDay nextDay } } }',
      { id: repeat.id },
      eve,
    )
    expect(data.node.lastDay).toBe(addDays(from, -1))
  })

  test('of all keeps the count that is left, and leaves no empty repetition behind', async () => {
    const eve = await newcomer()
    const repeat = await daily(eve, { count: 5 })
    const later = await client.must('changeWorkoutRepeat', eve, {
      id: repeat.id,
      fromDay: addDays(today(), 2),
      time: null,
    })
    expect(later).toMatchObject({ count: 3, time: null })
    expect(await daysOf(eve, later.id)).toEqual([2, 3, 4].map((n) => addDays(today(), n)))
    const all = await client.must('changeWorkoutRepeat', eve, {
      id: later.id,
      fromDay: addDays(today(), 2),
      time: '06:00',
    })
    expect(await daysOf(eve, all.id)).toHaveLength(3)
    const gone = await client.ask('query ($id: ID!) { node(id: $id) { id } }', { id: later.id }, eve)
    expect(gone.errors?.[0]?.extensions.code).toBe('NOT_FOUND')
    const late = { id: all.id, fromDay: addDays(today(), 20) }
    expect((await client.run('changeWorkoutRepeat', eve, late)).outcome).toBe('INVALID_INPUT')
    // All days until then would be counted, on the thread that answers everybody.
    const endless = { planId: await planOf(eve), weekdays: [1, 2, 3, 4, 5, 6, 7], firstDay: today() }
    const { id } = await client.must('repeatWorkoutPlan', eve, endless)
    const never = await client.run('changeWorkoutRepeat', eve, { id, fromDay: '9999-12-30' })
    expect(never.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'fromDay'] }])
  })

  test('at its end takes away what nobody has touched', async () => {
    const eve = await newcomer()
    const repeat = await daily(eve)
    const made = await workoutsOf(eve, repeat.id)
    await client.must('updateWorkout', eve, { id: made[10]?.id, notes: 'With Bob' })
    const ended = await client.must('endWorkoutRepeat', eve, { id: repeat.id, lastDay: made[3]?.day })
    expect(ended.lastDay).toBe(made[3]?.day)
    expect(await daysOf(eve, repeat.id)).toEqual([0, 1, 2, 3, 10].map((n) => made[n]?.day))
    await unfill(repeat.id, 60)
    await fillAllRepeats(server.running.atrium.deps)
    expect(await daysOf(eve, repeat.id)).toHaveLength(5)
    expect((await client.run('endWorkoutRepeat', eve, { id: repeat.id, lastDay: addDays(today(), 20) })).outcome).toBe(
      'INVALID_INPUT',
    )
  })

  test('of the plan changes what is planned where that is asked for; its end ends the repetition', async () => {
    const eve = await newcomer()
    const repeat = await daily(eve)
    const made = await workoutsOf(eve, repeat.id)
    await client.must('startWorkout', eve, { id: made[0]?.id })
    await client.must('finishWorkout', eve, { id: made[0]?.id, withoutSets: true })
    const exercises = [{ exerciseId: await client.exercise('Plank') }]
    await client.must('updateWorkoutPlan', eve, { id: repeat.planId, exercises, applyToPlanned: true })
    const names = (await workoutsOf(eve, repeat.id)).map((each) => each.exercises[0]?.exercise.name)
    expect(names[0]).toBe('Dip')
    expect(new Set(names.slice(1))).toEqual(new Set(['Plank']))
    await client.must('deleteWorkoutPlan', eve, { id: repeat.planId })
    const { data } = await client.ask(
      '{ viewer { workouts(first: 100) { nodes { id plan { id } viewerRepeat { id } } } workoutRepeats { totalCount } } }',
      {},
      eve,
    )
    expect(data.viewer).toEqual({
      workouts: { nodes: [{ id: made[0]?.id, plan: null, viewerRepeat: null }] },
      workoutRepeats: { totalCount: 0 },
    })
  })

  test('that makes no sense is refused', async () => {
    const eve = await newcomer()
    const planId = await planOf(eve)
    const firstDay = today()
    const bad = async (more: object) => {
      const { userErrors, outcome } = await client.run('repeatWorkoutPlan', eve, {
        planId,
        weekdays: [1],
        firstDay,
        ...more,
      })
      return [outcome, userErrors[0]?.path.slice(1).join('.')]
    }
    expect(await bad({ weekdays: [] })).toEqual(['INVALID_INPUT', 'weekdays'])
    expect(await bad({ weekdays: [8] })).toEqual(['INVALID_INPUT', 'weekdays.0'])
    expect(await bad({ lastDay: addDays(firstDay, -1) })).toEqual(['INVALID_INPUT', 'lastDay'])
    expect(await bad({ firstDay: addDays(firstDay, -3) })).toEqual(['INVALID_INPUT', 'firstDay'])
    expect(await bad({ count: 0 })).toEqual(['INVALID_INPUT', 'count'])
    expect(await bad({ intervalWeeks: 9 })).toEqual(['INVALID_INPUT', 'intervalWeeks'])
    expect(await bad({ firstDay: '9999-12-30' })).toEqual(['INVALID_INPUT', 'firstDay'])
    const stranger = await newcomer()
    const { id } = await client.must('repeatWorkoutPlan', eve, { planId, weekdays: [1], firstDay })
    expect((await client.run('changeWorkoutRepeat', stranger, { id, fromDay: firstDay })).outcome).toBe('NOT_FOUND')
    expect((await client.run('endWorkoutRepeat', stranger, { id, lastDay: firstDay })).outcome).toBe('NOT_FOUND')
    expect((await client.run('repeatWorkoutPlan', stranger, { planId, weekdays: [1], firstDay })).outcome).toBe(
      'NOT_FOUND',
    )
  })
})
