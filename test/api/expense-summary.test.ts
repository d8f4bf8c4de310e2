import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { convert, scaled } from '../../src/core/exchange.ts'
import { currencyOf, exponentOf, isCurrency, money } from '../../src/core/money.ts'
import { bringRates } from '../../src/domain/exchange-rate/exchange-rate.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { shippedRates } from '../../src/gateways/exchange-rate/sources.ts'
import { ExpenseClient, GROCERIES, LEISURE, UTILITIES } from '../support/expense.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let client: ExpenseClient
let staff: Viewer
let made = 0

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  client = new ExpenseClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
})
afterAll(() => server.close())

const member = (): Promise<Viewer> => server.world.person({ handle: `member-${++made}` })
const prefer = (viewer: Viewer, input: Record<string, unknown>) =>
  client.run('updateExpensePreferences', viewer, input, 'preferences { currency booksOrders }')

describe('a summary', () => {
  test('adds up in all, by category and by month, beside the period before', async () => {
    const ada = await member()
    await client.create(ada, '10.10', { spentOn: '2025-03-10', categoryId: GROCERIES })
    await client.create(ada, '20.20', { spentOn: '2025-04-10', categoryId: GROCERIES })
    await client.create(ada, '30.30', { spentOn: '2025-04-30', categoryId: LEISURE })
    await client.create(ada, '39.70', { spentOn: '2025-02-15', categoryId: LEISURE })
    await client.create(ada, '99', { spentOn: '2024-12-31' })
    expect(await client.summary(ada, { from: '2025-03-01', to: '2025-04-30' })).toEqual({
      from: '2025-03-01',
      to: '2025-04-30',
      currency: 'EUR',
      count: 3,
      oldestRateOn: null,
      isStale: false,
      total: { amount: '60.60' },
      // Of January and February: whole months stand beside whole months.
      previousTotal: { amount: '39.70' },
      changePercent: expect.closeTo(52.645, 2),
      unconverted: [],
      byCategory: [
        {
          category: { name: 'Groceries' },
          total: { amount: '30.30' },
          percent: 50,
          count: 2,
          previousTotal: { amount: '0.00' },
        },
        {
          category: { name: 'Leisure' },
          total: { amount: '30.30' },
          percent: 50,
          count: 1,
          previousTotal: { amount: '39.70' },
        },
      ],
      byMonth: [
        { month: '2025-03-01', count: 1, total: { amount: '10.10' } },
        { month: '2025-04-01', count: 2, total: { amount: '50.50' } },
      ],
    })
    const all = await client.summary(ada)
    expect(all).toMatchObject({ count: 5, previousTotal: null, changePercent: null, from: null, to: null })
    expect((await client.summary(await member())).total.amount).toBe('0.00')
    expect((await client.summary(ada, { categoryIds: [LEISURE] })).total.amount).toBe('70.00')
    expect(await client.summary(ada, { from: '2025-04-01', to: '2025-03-01' })).toBe('BAD_USER_INPUT')
  })

  test('converts each expense with the last rate until its day, says how old it is, and adds nothing up without one', async () => {
    const ada = await member()
    await client.create(ada, '100', { spentOn: '2025-04-26' }, 'USD')
    await client.create(ada, '10', { spentOn: '2025-04-25' })
    const fresh = await client.summary(ada)
    // Saturday: the rate is Friday's, 1.1357.
    expect(fresh).toMatchObject({ total: { amount: '98.05' }, count: 2, oldestRateOn: '2025-04-25', isStale: false })
    await client.create(ada, '100', { spentOn: '2025-06-30' }, 'USD')
    expect(await client.summary(ada)).toMatchObject({ total: { amount: '186.10' }, isStale: true })
    await client.create(ada, '1.5', { spentOn: '2025-04-25' }, 'KWD')
    await client.create(ada, '7', { spentOn: '2020-01-01' }, 'USD')
    expect(await client.summary(ada)).toMatchObject({
      total: { amount: '186.10' },
      count: 3,
      unconverted: [
        { count: 1, total: { amount: '1.500', currency: 'KWD' } },
        { count: 1, total: { amount: '7.00', currency: 'USD' } },
      ],
    })
    // By way of the euro: 100 / 1.1357 × 162.8, 10 × 162.8.
    expect((await prefer(ada, { currency: 'JPY' })).value).toEqual({ currency: 'JPY', booksOrders: true })
    expect(await client.summary(ada, { to: '2025-05-01', from: '2025-04-01', currency: 'USD' })).toMatchObject({
      currency: 'JPY',
      total: { amount: '14335' },
    })
  })

  test('is one statement for its sums, however much there is', async () => {
    const ada = await member()
    const { db } = server.running.atrium.deps
    await db.query(
      `insert into expenses (id, account_id, category_id, amount_minor, currency, spent_on, description)
       select gen_random_uuid(), $1, (select id from expense_categories where account_id is null offset n % 7 limit 1), 1 + n * 7919 % 9999,
         (array['EUR', 'USD', 'JPY', 'GBP'])[1 + n % 4], date '2025-05-01' + n % 300, 'Expense ' || n from generate_series(1, 2000) n`,
      [ada.accountId],
    )
    const token = await client.tokenOf(ada)
    const query =
      '{ expenseSummary(filter: { from: "2025-05-01", to: "2026-04-30" }) { total { amount } byMonth { total { minorUnits } } byCategory { total { minorUnits } category { name } } total { minorUnits } } }'
    let answer: Awaited<ReturnType<TestServer['ask']>> = { data: null }
    const sent = await statements.during(async () => {
      answer = await server.ask(query, {}, token)
    })
    const reading = sent.filter(({ text }) => text.includes('from "expenses"'))
    expect(reading).toHaveLength(1)
    // Who asks, how their books are kept, the sums, the names of the categories.
    expect(sent).toHaveLength(4)
    const { total, byMonth, byCategory } = answer.data.expenseSummary
    const sum = (parts: { total: { minorUnits: number } }[]) =>
      parts.reduce((all, part) => all + part.total.minorUnits, 0)
    expect(sum(byMonth)).toBe(total.minorUnits)
    expect(sum(byCategory)).toBe(total.minorUnits)
    const [plan] = await db.query<{ 'QUERY PLAN': [{ Plan: unknown }] }>(
      `explain (format json) ${reading[0]?.text}`,
      reading[0]?.parameters,
    )
    expect(JSON.stringify(plan)).not.toMatch(/"Node Type":"Seq Scan"[^{}]*"Relation Name":"expenses"/)
  })

  test('comes anew over the socket whenever something in the books changes', async () => {
    const ada = await member()
    const socket = server.socket(await client.tokenOf(ada))
    const seen: string[] = []
    const done = new Promise<void>((resolve) => {
      socket.subscribe<{ expenseSummaryUpdated: { total: { amount: string } } }>(
        { query: 'subscription { expenseSummaryUpdated { total { amount } } }' },
        {
          next({ data }) {
            seen.push(data?.expenseSummaryUpdated.total.amount ?? '')
            if (seen.length === 1) void client.create(ada, '7.25')
            if (seen.includes('7.25')) resolve()
          },
          error: () => {},
          complete: () => {},
        },
      )
    })
    await done
    expect(seen).toEqual(['0.00', '7.25'])
  })
})

test('a summary that is watched names a category as it is called now', async () => {
  const ada = await member()
  const { id } = (await client.category(ada, 'Cat')).value
  await client.create(ada, '5', { categoryId: id })
  const seen: string[] = []
  server.socket(await client.tokenOf(ada)).subscribe<{
    expenseSummaryUpdated: { byCategory: { category: { name: string } }[] }
  }>(
    { query: 'subscription { expenseSummaryUpdated { byCategory { category { name } } } }' },
    {
      next: ({ data }) => void seen.push(data?.expenseSummaryUpdated.byCategory[0]?.category.name ?? ''),
      error: () => {},
      complete: () => {},
    },
  )
  await vi.waitFor(() => expect(seen.at(-1)).toBe('Cat'), { timeout: 20_000, interval: 20 })
  await client.run('updateExpenseCategory', ada, { id, name: 'Cats' }, 'category { id }')
  await vi.waitFor(() => expect(seen.at(-1)).toBe('Cats'), { timeout: 20_000, interval: 20 })
})

describe('a budget', () => {
  const set = (viewer: Viewer, amount: string, input: Record<string, unknown> = {}, currency = 'EUR') =>
    client.run(
      'setExpenseBudget',
      viewer,
      { amount: { amount, currency }, ...input },
      'budget { id amount { amount } category { name } month }',
    )
  const standing = async (viewer: Viewer, month: string) =>
    (
      await client.ask(
        'query ($month: LocalDate) { expenseBudgets(month: $month) { budget { id month category { name } amount { amount currency } } spent { amount } left { amount } percentSpent unconvertedCount } }',
        { month },
        viewer,
      )
    ).data.expenseBudgets

  test('says what is left of it in a month; one of the month itself goes before that of every month', async () => {
    const ada = await member()
    await set(ada, '100', { categoryId: GROCERIES })
    await set(ada, '50', { categoryId: GROCERIES, month: '2025-04-17' })
    await set(ada, '1000')
    await client.create(ada, '60', { spentOn: '2025-04-30', categoryId: GROCERIES })
    await client.create(ada, '113.57', { spentOn: '2025-04-25', categoryId: UTILITIES }, 'USD')
    await client.create(ada, '1', { spentOn: '2025-04-01' }, 'KWD')
    const april = await standing(ada, '2025-04-10')
    expect(april).toMatchObject([
      {
        budget: { category: null, month: null },
        spent: { amount: '160.00' },
        left: { amount: '840.00' },
        percentSpent: 16,
        unconvertedCount: 1,
      },
      {
        budget: { category: { name: 'Groceries' }, month: '2025-04-01', amount: { amount: '50.00' } },
        spent: { amount: '60.00' },
        left: { amount: '-10.00' },
      },
    ])
    expect(await standing(ada, '2025-05-31')).toMatchObject([
      { spent: { amount: '0.00' } },
      { budget: { amount: { amount: '100.00' } }, left: { amount: '100.00' } },
    ])
  })

  test('is changed by setting it again, once also at once, and is its owner’s alone', async () => {
    const ada = await member()
    const done = await Promise.all(
      Array.from({ length: 20 }, (_, n) => set(ada, String(n + 1), { categoryId: LEISURE })),
    )
    expect(new Set(done.map(({ value }) => value.id)).size).toBe(1)
    const { id } = done[0]?.value ?? {}
    const remove = (viewer: Viewer) => client.run('deleteExpenseBudget', viewer, { id }, 'deletedId', 'ExpenseIdInput')
    const bob = await member()
    expect((await remove(bob)).userErrors[0].code).toBe('NOT_FOUND')
    expect((await client.ask('query ($id: ID!) { nodes(ids: [$id]) { id } }', { id }, bob)).data.nodes).toEqual([null])
    expect((await remove(ada)).value).toBe(id)
    expect(await standing(ada, '2025-04-10')).toEqual([])
    expect((await set(ada, '0')).userErrors[0].code).toBe('INVALID_INPUT')
  })
})

describe('exchange rates', () => {
  const convertMoney = async (amount: string, currency: string, to: string, on: string | null = null) => {
    const { data, errors } = await client.ask(
      'query ($amount: MoneyInput!, $to: Currency!, $on: LocalDate) { convertMoney(amount: $amount, to: $to, on: $on) { amount { amount currency } rate asOf isStale } }',
      { amount: { amount, currency }, to, on },
    )
    return errors?.[0]?.extensions.code ?? data.convertMoney
  }

  test('of the bank are there from the start, dated, and converted by way of the euro', async () => {
    const { data } = await client.ask(
      '{ exchangeRates(first: 1, currency: "USD") { totalCount nodes { currency ratedOn unitsPerEuro source } } }',
    )
    expect(data.exchangeRates).toEqual({
      totalCount: 6,
      nodes: [{ currency: 'USD', ratedOn: '2025-04-25', unitsPerEuro: '1.13570000', source: 'ECB' }],
    })
    expect(await convertMoney('100', 'USD', 'JPY', '2024-06-30')).toEqual({
      amount: { amount: '16062', currency: 'JPY' },
      rate: '160.6165343297',
      asOf: '2024-06-28',
      isStale: false,
    })
    expect(await convertMoney('100', 'USD', 'EUR')).toMatchObject({ asOf: '2025-04-25', isStale: true })
    expect(await convertMoney('5', 'CHF', 'CHF')).toEqual({
      amount: { amount: '5.00', currency: 'CHF' },
      rate: '1',
      asOf: null,
      isStale: false,
    })
    expect(await convertMoney('5', 'USD', 'EUR', '2024-06-27')).toBe('NOT_FOUND')
    expect(await convertMoney('5', 'AED', 'EUR')).toBe('NOT_FOUND')
  })

  test('are set by staff alone, for days that have come, and the bank does not overwrite them', async () => {
    const set = (viewer: Viewer | null, currency: string, on: string, unitsPerEuro: string) =>
      client.run(
        'setExchangeRate',
        viewer,
        { currency, on, unitsPerEuro },
        'rate { currency ratedOn unitsPerEuro source }',
      )
    expect((await set(null, 'AED', '2025-04-25', '4.17')).refused).toBe('UNAUTHENTICATED')
    expect((await set(await member(), 'AED', '2025-04-25', '4.17')).refused).toBe('FORBIDDEN')
    for (const [currency, on, units] of [
      ['EUR', '2025-04-25', '1'],
      ['AED', '2199-04-25', '1'],
      ['AED', '2025-04-25', '0'],
      ['AED', '2025-04-25', '1,5'],
    ] as const) {
      expect((await set(staff, currency, on, units)).userErrors).toMatchObject([{ code: 'INVALID_INPUT' }])
    }
    expect((await set(staff, 'AED', '2025-04-25', '4.1700')).value).toMatchObject({ currency: 'AED', source: 'STAFF' })
    expect(await convertMoney('41.7', 'AED', 'EUR', '2025-04-25')).toMatchObject({ amount: { amount: '10.00' } })
    await set(staff, 'SEK', '2025-04-25', '10')
    expect(await bringRates(server.running.atrium.deps, shippedRates)).toBe(0)
    expect(await convertMoney('10', 'SEK', 'EUR', '2025-04-25')).toMatchObject({ amount: { amount: '1.00' } })
  })

  test('give the same to the cent in the database and in the program', async () => {
    const { db } = server.running.atrium.deps
    const units = fc
      .integer({ min: 1, max: 10 ** 9 })
      .map((value) => `${Math.trunc(value / 1e4)}.${String(value % 1e4).padStart(4, '0')}`)
    const currencies = fc.constantFrom('EUR', 'JPY', 'KWD', 'USD').map(currencyOf)
    const amounts = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
    await fc.assert(
      fc.asyncProperty(
        amounts,
        currencies,
        units,
        currencies,
        units,
        async (amount, source, sourceUnits, target, targetUnits) => {
          fc.pre(scaled(targetUnits) / scaled(sourceUnits) < 1_000n)
          const [row] = await db.query<{ minor: string }>('select convert_minor($1, $2, $3, $4, $5)::bigint as minor', [
            amount,
            source,
            sourceUnits,
            target,
            targetUnits,
          ])
          expect(Number(row?.minor)).toBe(convert(money(amount, source), sourceUnits, target, targetUnits).amountMinor)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('know the digits of every currency in the database as in the program', async () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
    const codes = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c))).filter(isCurrency)
    const rows = await server.running.atrium.deps.db.query<{ code: string; digits: number }>(
      'select code, currency_exponent(code) as digits from unnest($1::text[]) code',
      [`{${codes.join(',')}}`],
    )
    expect(rows).toEqual(codes.map((code) => ({ code, digits: exponentOf(currencyOf(code)) })))
  })
})

test('what is converted into more than can be told exactly says so, and the rest is told', async () => {
  const ada = await server.world.person({ handle: 'croesus' })
  await client.ask('mutation { updateExpensePreferences(input: { currency: "IDR" }) { userErrors { code } } }', {}, ada)
  const { refused } = await client.create(ada, '10000000000')
  expect(refused).toBe('BAD_USER_INPUT')
  const { data, errors } = await client.ask('{ expenses { nodes { amount { amount } converted { rate } } } }', {}, ada)
  expect(data.expenses.nodes).toEqual([{ amount: { amount: '10000000000.00' }, converted: null }])
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', reason: 'LIMIT_EXCEEDED' } }])
})
