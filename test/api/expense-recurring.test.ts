import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays } from '../../src/core/calendar.ts'
import { instantOf, localDate } from '../../src/core/local-time.ts'
import type { Deps } from '../../src/domain/deps.ts'
import { recurringLifecycle } from '../../src/domain/expense/rules.ts'
import { bookDueRecurring } from '../../src/domain/expense/schedule.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ExpenseClient, LEISURE, UTILITIES } from '../support/expense.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let client: ExpenseClient
let made = 0

beforeAll(async () => {
  server = await startTestServer()
  await server.running.atrium.queue.stop(1_000)
  client = new ExpenseClient(server)
})
afterAll(() => server.close())

const FIELDS = 'recurring { id status nextOn upcoming(first: 5) amount { amount } category { name } description }'
const member = async (timeZone = 'UTC'): Promise<Viewer> => {
  const viewer = await server.world.person({ handle: `member-${++made}` })
  await server.running.atrium.deps.db.query('update accounts set time_zone = $1 where id = $2', [
    timeZone,
    viewer.accountId,
  ])
  return viewer
}
const today = (timeZone = 'UTC') => localDate(Date.now(), timeZone)
const create = (viewer: Viewer, input: Record<string, unknown>) =>
  client.run(
    'createRecurringExpense',
    viewer,
    {
      amount: { amount: '9.99', currency: 'EUR' },
      description: 'Rent',
      frequency: 'MONTHLY',
      categoryId: UTILITIES,
      ...input,
    },
    FIELDS,
  )
const act = (mutation: string, viewer: Viewer, id: string) =>
  client.run(mutation, viewer, { id }, FIELDS, 'ExpenseIdInput')
const days = async (viewer: Viewer) =>
  (await client.list(viewer, {}, 'OLDEST')).map(({ spentOn }: { spentOn: string }) => spentOn)
/** As the job does, at another time. */
const bookAt = (instant: string) => {
  const deps: Deps = { ...server.running.atrium.deps, clock: { now: () => new Date(instant) } }
  return bookDueRecurring(deps)
}
test('what comes rarely tells its next days, and can be skipped on any of them', async () => {
  const ada = await member()
  const { value } = await create(ada, { frequency: 'MONTHLY', every: 1_000, startsOn: '2090-01-31' })
  expect(value.upcoming).toEqual(['2090-01-31', '2173-05-31'])
  const yearly = await create(ada, { frequency: 'YEARLY', every: 50, startsOn: '2092-02-29' })
  expect(yearly.value.upcoming).toEqual(['2092-02-29', '2142-02-28', '2192-02-29'])
  const skip = (on: string) => client.run('skipRecurringExpense', ada, { id: value.id, on }, FIELDS)
  expect((await skip('2200-12-31')).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'on'] }])
  expect((await skip('2173-05-31')).value.upcoming).toEqual(['2090-01-31'])
})

/** Begins in the future, so that a test can move the clock to it. */
const FUTURE = 2099

describe('a recurring expense', () => {
  test('books what is due at once, and tells its next days', async () => {
    const ada = await member()
    const { value } = await create(ada, {
      frequency: 'WEEKLY',
      startsOn: addDays(today(), -14),
      // Other tests move the clock by decades.
      endsOn: addDays(today(), 35),
    })
    expect(value).toMatchObject({
      status: 'ACTIVE',
      nextOn: addDays(today(), 7),
      upcoming: [7, 14, 21, 28, 35].map((n) => addDays(today(), n)),
    })
    expect(await days(ada)).toEqual([addDays(today(), -14), addDays(today(), -7), today()])
    const [booked] = await client.list(ada)
    expect(booked).toMatchObject({ source: 'RECURRING', description: 'Rent', amount: { amount: '9.99' } })
    const { data } = await client.ask('{ expenseChanges(first: 1) { nodes { kind actor { handle } } } }', {}, ada)
    expect(data.expenseChanges.nodes).toEqual([{ kind: 'CREATED', actor: null }])
  })

  test.each([
    ['MONTHLY', 1, `${FUTURE}-01-31`, ['01-31', '02-28', '03-31', '04-30', '05-31']],
    ['MONTHLY', 3, `${FUTURE}-11-30`, ['2099-11-30', '2100-02-28', '2100-05-30', '2100-08-30', '2100-11-30']],
    ['YEARLY', 1, '2096-02-29', ['2096-02-29', '2097-02-28', '2098-02-28', '2099-02-28', '2100-02-28']],
    ['YEARLY', 4, '2092-02-29', ['2092-02-29', '2096-02-29', '2100-02-28', '2104-02-29', '2108-02-29']],
    ['DAILY', 10, `${FUTURE}-02-20`, ['02-20', '03-02', '03-12', '03-22', '04-01']],
    ['WEEKLY', 2, `${FUTURE}-12-20`, ['2099-12-20', '2100-01-03', '2100-01-17', '2100-01-31', '2100-02-14']],
  ])('%s every %i from %s falls on %j', async (frequency, every, startsOn, expected) => {
    const { value } = await create(await member(), { frequency, every, startsOn })
    expect(value.upcoming).toEqual(expected.map((day) => (day.length === 5 ? `${FUTURE}-${day}` : day)))
  })

  test('ends on a day, or after so many', async () => {
    const ada = await member()
    const until = await create(ada, { frequency: 'DAILY', startsOn: addDays(today(), -1), endsOn: addDays(today(), 1) })
    expect(until.value).toMatchObject({ status: 'ACTIVE', upcoming: [addDays(today(), 1)] })
    const twice = await create(ada, { frequency: 'DAILY', startsOn: addDays(today(), -5), maxOccurrences: 2 })
    expect(twice.value).toMatchObject({ status: 'ENDED', nextOn: null, upcoming: [] })
    expect(await days(ada)).toEqual([addDays(today(), -5), addDays(today(), -4), addDays(today(), -1), today()])
  })

  test.each([
    ['an end before its start', { startsOn: '2099-01-02', endsOn: '2099-01-01' }, 'input.endsOn'],
    ['a start of long ago', { startsOn: '2020-01-01' }, 'input.startsOn'],
    ['no interval', { every: 0 }, 'input.every'],
    ['no occurrence', { maxOccurrences: 0 }, 'input.maxOccurrences'],
    ['nothing to pay', { amount: { amount: '0', currency: 'EUR' } }, 'input.amount'],
  ])('is refused for %s', async (_, input, path) => {
    const { userErrors } = await create(await member(), input)
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: path.split('.') }])
  })

  test.each([
    // Each zone is looked at one minute before and after its own midnight of 1 March 2098.
    ['Pacific/Auckland', '2098-02-28T10:59:00Z', '2098-02-28T11:01:00Z'],
    ['Asia/Kolkata', '2098-02-28T18:29:00Z', '2098-02-28T18:31:00Z'],
    ['UTC', '2098-02-28T23:59:00Z', '2098-03-01T00:01:00Z'],
    ['America/St_Johns', '2098-03-01T03:29:00Z', '2098-03-01T03:31:00Z'],
    ['Pacific/Honolulu', '2098-03-01T09:59:00Z', '2098-03-01T10:01:00Z'],
    ['Pacific/Kiritimati', '2098-02-28T09:59:00Z', '2098-02-28T10:01:00Z'],
  ])('is booked when the day begins in %s, and not a minute before', async (timeZone, before, after) => {
    const ada = await member(timeZone)
    await create(ada, { startsOn: '2098-03-01', maxOccurrences: 1 })
    await bookAt(before)
    expect(await days(ada)).toEqual([])
    await bookAt(after)
    expect(await days(ada)).toEqual(['2098-03-01'])
  })

  test.each([
    // Clocks go forward and back; a day has 23 or 25 hours, and each is booked once.
    ['Europe/Berlin', '2097-03-31', 23],
    ['America/New_York', '2097-11-03', 25],
    ['Australia/Lord_Howe', '2097-04-07', 24.5],
  ])('is booked on each day across the change of clocks in %s', async (timeZone, change, hours) => {
    const midnightMs = (day: string) => Date.parse(instantOf(`${day}T00:00`, timeZone).instant)
    expect(midnightMs(addDays(change, 1)) - midnightMs(change)).toBe(hours * 3_600_000)
    const ada = await member(timeZone)
    await create(ada, { frequency: 'DAILY', startsOn: addDays(change, -1), maxOccurrences: 3 })
    for (let hour = -48; hour <= 96; hour += 1) {
      const instant = new Date(Date.parse(`${change}T00:00:00Z`) + hour * 3_600_000).toISOString()
      const local = localDate(instant, timeZone)
      await bookAt(instant)
      const expected = [-1, 0, 1].map((n) => addDays(change, n)).filter((day) => day <= local)
      if (hour % 6 === 0) expect(await days(ada)).toEqual(expected)
    }
  })

  test('is caught up with after no server ran, once, though twenty try at the same time', async () => {
    const ada = await member()
    await create(ada, { frequency: 'DAILY', startsOn: '2097-01-01', endsOn: '2098-02-28' })
    const counts = await Promise.all(Array.from({ length: 20 }, () => bookAt('2099-01-01T00:00:00Z')))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(424)
    const { data } = await client.ask('{ expenses { totalCount } recurringExpenses { nodes { status } } }', {}, ada)
    expect(data).toEqual({ expenses: { totalCount: 424 }, recurringExpenses: { nodes: [{ status: 'ENDED' }] } })
    const twice = await server.running.atrium.deps.db.query(
      'select 1 from expenses where account_id = $1 group by spent_on having count(*) > 1',
      [ada.accountId],
    )
    expect(twice).toEqual([])
  })

  test('is not booked again when what it booked was deleted', async () => {
    const ada = await member()
    await create(ada, { frequency: 'DAILY', maxOccurrences: 1 })
    const [booked] = await client.list(ada)
    await client.delete(ada, booked.id)
    await bookAt(new Date(Date.now() + 86_400_000).toISOString())
    expect(await days(ada)).toEqual([])
  })

  test('waits while it is paused, and what fell into the pause is not booked', async () => {
    const ada = await member()
    const { id } = (await create(ada, { frequency: 'DAILY', startsOn: '2096-05-01' })).value
    expect((await act('pauseRecurringExpense', ada, id)).value.status).toBe('PAUSED')
    await bookAt('2096-05-10T00:00:00Z')
    expect(await days(ada)).toEqual([])
    expect((await act('pauseRecurringExpense', ada, id)).userErrors[0].code).toBe('ILLEGAL_TRANSITION')
    expect((await act('resumeRecurringExpense', ada, id)).value).toMatchObject({
      status: 'ACTIVE',
      nextOn: '2096-05-01',
    })
    await bookAt('2096-05-02T00:00:00Z')
    expect(await days(ada)).toEqual(['2096-05-01', '2096-05-02'])
    const started = (await create(ada, { frequency: 'DAILY', startsOn: addDays(today(), -3), maxOccurrences: 10 }))
      .value.id
    await server.running.atrium.deps.db.query(
      `update recurring_expenses set status = 'PAUSED', next_on = $1 where id = (select id from recurring_expenses order by created_at desc limit 1)`,
      [addDays(today(), -2)],
    )
    expect((await act('resumeRecurringExpense', ada, started)).value.nextOn).toBe(addDays(today(), 1))
    await act('pauseRecurringExpense', ada, id)
  })

  test('leaves out what is skipped, and nothing twice', async () => {
    const ada = await member()
    const { id } = (await create(ada, { startsOn: '2095-01-31', maxOccurrences: 3 })).value
    const skip = (input: Record<string, unknown> = {}) =>
      client.run('skipRecurringExpense', ada, { id, ...input }, FIELDS)
    expect((await skip({ on: '2095-02-27' })).userErrors[0].code).toBe('INVALID_INPUT')
    expect((await skip({ on: '2095-02-28' })).value).toMatchObject({
      nextOn: '2095-01-31',
      upcoming: ['2095-01-31', '2095-03-31'],
    })
    expect((await skip({ on: '2095-02-28' })).userErrors[0].code).toBe('TAKEN')
    expect((await skip()).value.nextOn).toBe('2095-03-31')
    await bookAt('2095-12-31T00:00:00Z')
    expect(await days(ada)).toEqual(['2095-03-31'])
    expect((await skip()).userErrors[0].code).toBe('ILLEGAL_TRANSITION')
  })

  test('books what it was changed to from then on, and goes without what it booked', async () => {
    const ada = await member()
    const { id } = (await create(ada, { frequency: 'DAILY', maxOccurrences: 5 })).value
    const change = {
      amount: { amount: '700', currency: 'JPY' },
      description: 'Higher rent',
      categoryId: LEISURE,
      endsOn: addDays(today(), 1),
    }
    const { value } = await client.run('updateRecurringExpense', ada, { id, ...change }, FIELDS)
    expect(value).toMatchObject({
      amount: { amount: '700' },
      category: { name: 'Leisure' },
      upcoming: [addDays(today(), 1)],
    })
    await bookAt(`${addDays(today(), 3)}T00:00:00Z`)
    expect((await client.list(ada)).map(({ description }: { description: string }) => description)).toEqual([
      'Higher rent',
      'Rent',
    ])
    expect((await client.run('deleteRecurringExpense', ada, { id }, 'deletedId', 'ExpenseIdInput')).value).toBe(id)
    expect(await client.list(ada)).toHaveLength(2)
  })

  test('is its owner’s alone', async () => {
    const ada = await member()
    const bob = await server.world.person({ handle: `admin-${++made}`, role: 'ADMIN' })
    const { id } = (await create(ada, { startsOn: '2095-01-31' })).value
    for (const mutation of ['pauseRecurringExpense', 'resumeRecurringExpense', 'deleteRecurringExpense']) {
      const selection = mutation.startsWith('delete') ? 'deletedId' : FIELDS
      expect((await client.run(mutation, bob, { id }, selection, 'ExpenseIdInput')).userErrors[0].code).toBe(
        'NOT_FOUND',
      )
    }
    expect((await client.run('skipRecurringExpense', bob, { id }, FIELDS)).userErrors[0].code).toBe('NOT_FOUND')
    expect((await client.run('updateRecurringExpense', bob, { id, note: 'x' }, FIELDS)).userErrors[0].code).toBe(
      'NOT_FOUND',
    )
    expect((await client.ask('query ($id: ID!) { nodes(ids: [$id]) { id } }', { id }, bob)).data.nodes).toEqual([null])
    expect((await client.ask('{ recurringExpenses { totalCount } }', {}, bob)).data.recurringExpenses.totalCount).toBe(
      0,
    )
  })
})

test('its life has these steps and no others', () => {
  const steps = recurringLifecycle.states.flatMap((from) =>
    recurringLifecycle.allowed(from).map((to) => `${from} ${to}`),
  )
  expect(steps.toSorted()).toEqual(['ACTIVE ENDED', 'ACTIVE PAUSED', 'PAUSED ACTIVE', 'PAUSED ENDED'])
})

test('any schedule is booked on the days that it tells', async () => {
  const ada = await member()
  const schedule = fc.record({
    frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    every: fc.integer({ min: 1, max: 5 }),
    startsOn: fc.integer({ min: 0, max: 1500 }).map((n) => addDays('2060-01-01', n)),
    maxOccurrences: fc.integer({ min: 1, max: 5 }),
  })
  await fc.assert(
    fc.asyncProperty(schedule, async (input) => {
      const { id, upcoming } = (await create(ada, input)).value
      await bookAt('2095-01-01T00:00:00Z')
      expect(await days(ada)).toEqual(upcoming)
      for (const { id: booked } of await client.list(ada)) await client.delete(ada, booked)
      await client.run('deleteRecurringExpense', ada, { id }, 'deletedId', 'ExpenseIdInput')
    }),
    { numRuns: 10 },
  )
})
