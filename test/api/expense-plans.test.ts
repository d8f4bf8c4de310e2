import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ExpenseClient, GROCERIES } from '../support/expense.ts'
import { type Plan, planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let token: string

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  const ada = await server.world.person({ handle: 'ada' })
  const others = await Promise.all([1, 2, 3, 4].map((n) => server.world.person({ handle: `other-${n}` })))
  token = await new ExpenseClient(server).tokenOf(ada)
  const { db } = server.running.atrium.deps
  for (const { accountId } of [ada, ...others]) {
    await db.query(
      `insert into expenses (id, account_id, category_id, amount_minor, currency, spent_on, description)
       select gen_random_uuid(), $1, c.id, 1 + n * 7919 % 99991, (array['EUR', 'USD'])[1 + n % 2], date '2024-01-01' + n % 700, 'Expense ' || n
       from generate_series(1, 5000) n join (select id, row_number() over (order by id) - 1 as place from expense_categories where account_id is null) c on c.place = n % 7`,
      [accountId],
    )
  }
  await db.script('analyze')
}, 120_000)
afterAll(() => server.close())

async function planOf(args: string): Promise<Plan[]> {
  const sent = await statements.during(async () => {
    const answer = await server.ask(`{ expenses(first: 10${args}) { nodes { description } } }`, {}, token)
    expect(answer.errors).toBeUndefined()
  })
  const list = sent.find(({ text }) => text.includes('from "expenses"'))
  return planOfStatement(server.running.atrium.deps.db, list)
}

describe('a page of 25,000 expenses of five members', () => {
  test.each([
    ['the newest', '', 'expenses_newest'],
    ['the oldest', ', orderBy: OLDEST', 'expenses_newest'],
    ['the dearest', ', orderBy: AMOUNT_DESC', 'expenses_by_amount'],
    ['the last entered', ', orderBy: LAST_ENTERED', 'expenses_by_entry'],
    ['those of a month', ', filter: { from: "2024-03-01", to: "2024-03-31" }', 'expenses_newest'],
    [
      'those of an amount',
      ', orderBy: AMOUNT_ASC, filter: { amountFrom: { amount: "500", currency: "EUR" } }',
      'expenses_by_amount',
    ],
  ])('is read off its index: %s', async (_, args, index) => {
    const plan = await planOf(args)
    const scan = plan.find((node) => node['Index Name'] !== undefined)
    expect(scan).toMatchObject({ 'Index Name': index, 'Actual Rows': 11 })
    expect(plan.map((node) => node['Node Type'])).not.toContain('Sort')
  })

  test.each([
    ['a category', `, filter: { categoryIds: ["${GROCERIES}"] }`],
    ['a text', ', filter: { text: "Expense 4711" }'],
    [
      'everything at once',
      `, filter: { period: CUSTOM, from: "2024-02-01", categoryIds: ["${GROCERIES}"], currency: "EUR", text: "7" }`,
    ],
  ])('of %s reads no other member’s', async (_, args) => {
    const plan = await planOf(args)
    expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan')
  })
})
