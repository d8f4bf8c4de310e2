import { openSession } from '../src/domain/account/session.ts'
import { median, type Verdict } from './measure.ts'
import type { BenchServer } from './server.ts'

const ROWS = 20_000
const RUNS = 9
const SUMMARY = `{ expenseSummary(filter: { from: "2025-05-01", to: "2026-04-30" }) { count total { amount } byCategory { total { amount } category { name } } byMonth { total { amount } } } }`

/** A year of 20,000 expenses in four currencies, summed up by month and category. */
export async function measureExpenses({ running, world, statements }: BenchServer): Promise<Verdict[]> {
  const { deps } = running.atrium
  const { accountId } = await world.person({ handle: 'book-keeper' })
  await deps.db.query(
    `insert into expenses (id, account_id, category_id, amount_minor, currency, spent_on, description)
     select gen_random_uuid(), $1, c.id, 1 + n * 7919 % 99991, (array['EUR', 'USD', 'JPY', 'GBP'])[1 + n % 4], date '2025-05-01' + n % 365, 'Expense ' || n
     from generate_series(1, ${ROWS}) n join (select id, row_number() over (order by id) - 1 as place from expense_categories where account_id is null) c on c.place = n % 7`,
    [accountId],
  )
  await deps.db.script('analyze expenses')
  const origin = { address: '127.0.0.1', userAgent: null }
  const session = await deps.db.transaction((tx) => openSession(deps, tx, accountId, origin))
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${session.access.token}` }
  const times: number[] = []
  let reads = 0
  for (let run = 0; run < RUNS; run += 1) {
    const before = statements.length
    const begin = performance.now()
    const response = await fetch(`${running.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: SUMMARY }),
    })
    const { data } = (await response.json()) as { data: { expenseSummary: { count: number } } | null }
    times.push(performance.now() - begin)
    if (data?.expenseSummary.count !== ROWS) throw new Error('the summary did not count every expense')
    reads = Math.max(reads, statements.slice(before).filter((text) => text.includes('from "expenses"')).length)
  }
  return [
    {
      what: 'Statements that sum up 20,000 expenses',
      value: reads,
      limit: 1,
      unit: 'statements',
      detail: 'total, categories, months',
    },
    {
      what: 'A year of 20,000 expenses in four currencies',
      value: median(times) / 1000,
      limit: 1,
      unit: 's',
      detail: `median of ${RUNS}`,
    },
  ]
}
