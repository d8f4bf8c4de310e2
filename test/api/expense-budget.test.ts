import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addDays, addMonths } from '../../src/core/calendar.ts'
import { parseId } from '../../src/core/ids.ts'
import { localDate } from '../../src/core/local-time.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ExpenseClient, GROCERIES, LEISURE } from '../support/expense.ts'
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

const member = (): Promise<Viewer> => server.world.person({ handle: `saver-${++made}` })
/** The first day of a month, so many from this one. */
const month = (from: number) => addMonths(`${localDate(Date.now(), 'UTC').slice(0, 7)}-01`, from)
const set = (viewer: Viewer, amount: string, input: Record<string, unknown> = {}, currency = 'EUR') =>
  client.run('setExpenseBudget', viewer, { amount: { amount, currency }, ...input }, 'budget { id carriesFrom }')
const FIELDS =
  'budget { carriesFrom category { name } } spent { amount } carried { amount } left { amount } percentSpent unconvertedCount isStale'

interface Standing {
  budget: { carriesFrom: string | null; category: { name: string } | null }
  carried: { amount: string }
  left: { amount: string }
}
const standing = async (viewer: Viewer, of: string): Promise<Standing[]> =>
  (await client.ask(`query ($month: LocalDate) { expenseBudgets(month: $month) { ${FIELDS} } }`, { month: of }, viewer))
    .data.expenseBudgets
const sums = async (viewer: Viewer, of: string) =>
  (await standing(viewer, of)).map(({ carried, left }) => [carried.amount, left.amount])

describe('a budget that carries over', () => {
  test('adds what is left of a month to the next one, from the month on in which that was set', async () => {
    const ada = await member()
    await set(ada, '100', { categoryId: GROCERIES })
    await client.create(ada, '30', { spentOn: month(-1), categoryId: GROCERIES })
    await client.create(ada, '60', { spentOn: month(0), categoryId: GROCERIES })
    await client.create(ada, '5', { spentOn: month(0), categoryId: LEISURE })
    // Every month begins anew unless told.
    expect(await sums(ada, month(1))).toEqual([['0.00', '100.00']])
    expect((await set(ada, '100', { categoryId: GROCERIES, carriesOver: true })).value.carriesFrom).toBe(month(0))
    const exported = await client.ask('{ viewer { export } }', {}, ada)
    expect(exported.data.viewer.export.expenses.budgets).toMatchObject([{ carriesFrom: month(0) }])
    expect(await sums(ada, month(0))).toEqual([['0.00', '40.00']])
    expect(await sums(ada, month(1))).toEqual([['40.00', '140.00']])
    expect(await sums(ada, month(3))).toEqual([['240.00', '340.00']])
    // Another amount changes nothing about whether it goes on.
    expect((await set(ada, '110', { categoryId: GROCERIES })).value.carriesFrom).toBe(month(0))
    expect(await sums(ada, month(1))).toEqual([['50.00', '160.00']])
    expect((await set(ada, '110', { categoryId: GROCERIES, carriesOver: false })).value.carriesFrom).toBeNull()
    expect(await sums(ada, month(1))).toEqual([['0.00', '110.00']])
  })

  test('takes what was overspent off the next one, and what came back counts as not spent', async () => {
    const ada = await member()
    await set(ada, '100', { carriesOver: true })
    await client.create(ada, '170', { spentOn: month(0) })
    expect(await sums(ada, month(1))).toEqual([['-70.00', '30.00']])
    await server.running.atrium.deps.db.query(
      `insert into expenses (id, account_id, category_id, amount_minor, currency, spent_on, description, source, source_id)
       select gen_random_uuid(), $1, id, -9000, 'EUR', $2::text::date, 'Cup', 'REFUND', gen_random_uuid() from expense_categories where account_id is null limit 1`,
      [ada.accountId, month(0)],
    )
    expect(await standing(ada, month(0))).toMatchObject([{ spent: { amount: '80.00' }, percentSpent: 80 }])
    expect(await sums(ada, month(1))).toEqual([['20.00', '120.00']])
  })

  test('takes each month before for what its own budget was, in any currency, and says which rates were missing or old', async () => {
    const ada = await member()
    const { id } = (await set(ada, '100', { categoryId: LEISURE, carriesOver: true })).value
    await server.running.atrium.deps.db.query(
      `update expense_budgets set carries_from = '2025-03-01' where id = $1::text::uuid`,
      [parseId(id)?.uuid],
    )
    // 113.57 dollars are 100 euros on 25 April, and the rate of that day is the last one that is shipped.
    await set(ada, '340.71', { categoryId: LEISURE, month: '2025-05-01' }, 'USD')
    await client.create(ada, '113.57', { spentOn: '2025-04-25', categoryId: LEISURE }, 'USD')
    await client.create(ada, '20', { spentOn: '2025-03-31', categoryId: LEISURE })
    await client.create(ada, '50', { spentOn: '2025-02-28', categoryId: LEISURE })
    const told = async (of: string) => (await standing(ada, of))[0]
    expect(await told('2025-03-10')).toMatchObject({ carried: { amount: '0.00' }, left: { amount: '80.00' } })
    expect(await told('2025-04-10')).toMatchObject({
      carried: { amount: '80.00' },
      left: { amount: '80.00' },
      isStale: false,
      unconvertedCount: 0,
    })
    // In dollars, as the budget of May is: 80 euros over, at the rates of their days.
    expect(await told('2025-05-10')).toMatchObject({ left: { amount: expect.stringMatching(/^4\d\d\.\d\d$/) } })
    // 80 over of March and April, 300 of May, 100 of June.
    expect(await told('2025-07-10')).toMatchObject({
      carried: { amount: '480.00' },
      left: { amount: '580.00' },
      isStale: false,
    })
    await client.create(ada, '1', { spentOn: '2025-06-30', categoryId: LEISURE }, 'KWD')
    expect(await told('2025-07-10')).toMatchObject({ carried: { amount: '480.00' }, unconvertedCount: 1 })
    await client.create(ada, '113.57', { spentOn: '2025-06-30', categoryId: LEISURE }, 'USD')
    expect(await told('2025-07-10')).toMatchObject({ carried: { amount: '380.00' }, isStale: true })
  })

  test('is one for every month: a budget of a single month has no next one', async () => {
    const ada = await member()
    const { userErrors } = await set(ada, '100', { month: month(0), carriesOver: true })
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'carriesOver'] }])
    expect(await standing(ada, month(0))).toEqual([])
  })
})

test.each([
  ['nothing', '0', {}, 'amount'],
  ['a third decimal', '1.005', {}, 'amount.amount'],
  ['a month outside of the calendar', '5', { month: '1850-01-01' }, 'month'],
])('a budget is refused for %s, which is named', async (_, amount, input, field) => {
  const { userErrors } = await set(await member(), amount, input)
  expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', ...field.split('.')] }])
})

test('budgets of a month outside of the calendar are refused, and sums that no number holds say so', async () => {
  const ada = await member()
  const ask = async (of: string) =>
    (
      await client.ask(
        'query ($month: LocalDate) { expenseBudgets(month: $month) { left { amount } } }',
        { month: of },
        ada,
      )
    ).errors?.[0]?.extensions
  expect(await ask('9999-12-31')).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['month'] })
  await set(ada, '5')
  await server.running.atrium.deps.db.query(
    `insert into expenses (id, account_id, category_id, amount_minor, currency, spent_on, description)
     select gen_random_uuid(), $1, (select id from expense_categories where account_id is null limit 1), 1000000000000, 'EUR', date '2025-04-01', 'Bank ' || n from generate_series(1, 9100) n`,
    [ada.accountId],
  )
  expect(await ask('2025-04-01')).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'LIMIT_EXCEEDED' })
})

test('budgets come anew over the socket when something is spent, and when one is set or goes', async () => {
  const ada = await member()
  const { id } = (await set(ada, '100')).value
  const socket = server.socket(await client.tokenOf(ada))
  const seen: string[] = []
  socket.subscribe<{ expenseBudgetsUpdated: { left: { amount: string } }[] }>(
    { query: 'subscription { expenseBudgetsUpdated { left { amount } } }' },
    {
      next: ({ data }) => void seen.push((data?.expenseBudgetsUpdated ?? []).map(({ left }) => left.amount).join()),
      error: () => {},
      complete: () => {},
    },
  )
  const told = (left: string) => vi.waitFor(() => expect(seen.at(-1)).toBe(left), { timeout: 20_000, interval: 20 })
  await told('100.00')
  await client.create(ada, '30', { spentOn: null })
  await told('70.00')
  await set(ada, '50')
  await told('20.00')
  await client.run('deleteExpenseBudget', ada, { id }, 'deletedId', 'ExpenseIdInput')
  await told('')
  const nobody: string[] = []
  server.socket(null).subscribe(
    { query: 'subscription { expenseBudgetsUpdated { left { amount } } }' },
    {
      next: ({ errors }) => void nobody.push(String(errors?.[0]?.extensions?.code)),
      error: (errors) => void nobody.push(JSON.stringify(errors)),
      complete: () => {},
    },
  )
  await vi.waitFor(() => expect(nobody.join()).toContain('UNAUTHENTICATED'), { timeout: 20_000, interval: 20 })
})

describe('the trend of a summary', () => {
  const TREND =
    'from to total { amount } previousTotal { amount } previousTotalToDate { amount } changePercentToDate previousUnconverted'
  const trend = async (viewer: Viewer, filter: Record<string, unknown>) =>
    (
      await client.ask(
        `query ($filter: ExpenseFilter) { expenseSummary(filter: $filter) { ${TREND} } }`,
        { filter },
        viewer,
      )
    ).data.expenseSummary

  test('holds whole months against whole months, so that what is paid on the first of each is in both', async () => {
    const ada = await member()
    for (const day of ['2025-03-01', '2025-04-01']) await client.create(ada, '740', { spentOn: day })
    expect(await trend(ada, { from: '2025-04-01', to: '2025-04-30' })).toMatchObject({
      total: { amount: '740.00' },
      previousTotal: { amount: '740.00' },
      previousTotalToDate: { amount: '740.00' },
      changePercentToDate: 0,
    })
    // Days that are no months are held against as many days: from 3 March on.
    expect(await trend(ada, { from: '2025-04-01', to: '2025-04-29' })).toMatchObject({
      previousTotal: { amount: '0.00' },
    })
  })

  test('holds what runs still against as much of the period before, and says what that lacks', async () => {
    const ada = await member()
    const today = localDate(Date.now(), 'UTC')
    // A stretch of forty days of which today is the tenth.
    const [from, to] = [addDays(today, -9), addDays(today, 30)]
    await client.create(ada, '30', { spentOn: today })
    await client.create(ada, '500', { spentOn: addDays(today, 1) })
    await client.create(ada, '20', { spentOn: addDays(from, -40 + 9) })
    await client.create(ada, '80', { spentOn: addDays(from, -40 + 10) })
    await client.create(ada, '1', { spentOn: addDays(from, -1) }, 'KWD')
    expect(await trend(ada, { from, to })).toEqual({
      ...{ from, to },
      total: { amount: '530.00' },
      previousTotal: { amount: '100.00' },
      previousTotalToDate: { amount: '20.00' },
      changePercentToDate: 50,
      previousUnconverted: 1,
    })
    expect(await trend(ada, { from: addDays(today, 1), to })).toMatchObject({
      previousTotalToDate: null,
      changePercentToDate: null,
    })
    expect(await trend(ada, { from })).toMatchObject({ previousTotalToDate: null, previousUnconverted: 0 })
  })
})
