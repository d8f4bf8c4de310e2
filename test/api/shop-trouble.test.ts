import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ShopClient } from '../support/shop.ts'
import { type Statement, Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let shop: ShopClient
let staff: Viewer
const ORDERS = 3_000

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  const { db } = server.running.atrium.deps
  await db.query(
    `with made as (insert into subjects (id, kind) select gen_random_uuid(), 'ORDER' from generate_series(1, ${ORDERS}) returning id),
       numbered as (select id, row_number() over () as n from made),
       placed as (
         insert into orders (id, cart_id, checkout_key, input_hash, status, email, name, street, postal_code, city, country, currency,
           subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor, total_minor, expires_at, paid_at)
         select id, id, 'key', '', 'PAID', 'a@example.com', 'A', 'S', '1', 'C', 'DE', 'EUR', 1000, 0, 0, 0, 0, 1000, now(), now() from numbered),
       paid as (
         insert into payments (id, order_id, gateway, reference, amount_minor, currency, status)
         select id, id, 'test', 'pi_' || n, 1000, 'EUR', 'SUCCEEDED' from numbered),
       disputed as (
         insert into disputes (id, payment_id, reference, status, amount_minor, currency, reason, created_at)
         select gen_random_uuid(), id, 'dp_' || n, 'OPEN', 1000, 'EUR', 'fraudulent', now() - n * interval '1 minute' from numbered)
     insert into refunds (id, order_id, amount_minor, status, created_at)
     select gen_random_uuid(), id, 100, case when n % 100 = 0 then 'FAILED' else 'SUCCEEDED' end::refund_status, now() - n * interval '1 minute' from numbered`,
  )
  await db.script('analyze')
}, 120_000)
afterAll(() => server.close())

/** Asks once to have everything warm, then again while the statements are counted. */
async function sentFor(query: string, variables: object): Promise<Statement[]> {
  const check = async (): Promise<void> => {
    const { data, errors } = await shop.ask(query, { ...variables }, staff)
    expect(errors).toBeUndefined()
    expect(data.list.nodes.length).toBeGreaterThan(0)
  }
  await check()
  return statements.during(check)
}

const ORDER = 'order { id status payment { status } refunds { status } disputes { status } lines { title } }'
const LISTS: [string, string, number][] = [
  // Who asks; the page; the orders, their payments, refunds, disputes and lines.
  ['refunds', `query ($n: Int!) { list: refunds(first: $n) { nodes { amount { amount } status ${ORDER} } } }`, 7],
  ['refunds that failed', `query ($n: Int!) { list: refunds(first: $n, status: FAILED) { nodes { id ${ORDER} } } }`, 7],
  // The payments lead to the orders.
  ['disputes', `query ($n: Int!) { list: disputes(first: $n) { nodes { amount { amount } reason ${ORDER} } } }`, 8],
]

describe('what staff has to look after', () => {
  test.each(LISTS)('%s cost as many statements for thirty rows as for five', async (_, query, count) => {
    expect(await sentFor(query, { n: 30 })).toHaveLength(count)
    expect(await sentFor(query, { n: 5 })).toHaveLength(count)
  })

  test.each([
    ['refunds', 'refunds(first: 10)', 'refunds', 'refunds_by_day'],
    ['refunds that failed', 'refunds(first: 10, status: FAILED)', 'refunds', 'refunds_by_status'],
    ['disputes', 'disputes(first: 10)', 'disputes', 'disputes_newest'],
  ])('%s are read off an index, and no row more than the page', async (_, list, table, index) => {
    const sent = await sentFor(`{ list: ${list} { nodes { amount { amount } } } }`, {})
    const page = sent.find(({ text }) => text.includes(`from "${table}"`))
    const plan = await planOfStatement(server.running.atrium.deps.db, page)
    const scans = plan.filter((node) => node['Relation Name'] === table)
    expect(scans).toMatchObject([{ 'Node Type': 'Index Scan', 'Index Name': index }])
    expect(scans[0]?.['Actual Rows']).toBeLessThanOrEqual(12)
  })
})
