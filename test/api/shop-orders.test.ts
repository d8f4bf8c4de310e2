import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Database } from '../../src/db/database.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { place, placeMany } from '../support/orders.ts'
import { type Plan, planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ShopClient } from '../support/shop.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let shop: ShopClient
let db: Database
let staff: Viewer
let ada: Viewer
const ORDERS = 10_000

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  shop = new ShopClient(server)
  db = server.running.atrium.deps.db
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
  await placeMany(db, ORDERS)
  for (let n = 0; n < 60; n += 1) {
    const createdAt = new Date(Date.UTC(2025, 0, 1 + n)).toISOString()
    await place(db, {
      accountId: ada.accountId,
      email: 'ada@example.com',
      name: 'Ada 100%_Lovelace',
      createdAt,
      ...(n % 3 === 0 && { paidAt: createdAt }),
      lines: [{ title: n === 7 ? 'Zebra crossing' : 'A thing' }, { title: 'Another' }],
      ...(n % 3 === 0 && { refunds: [{ amountMinor: 10, at: createdAt }] }),
    })
  }
  await db.script('analyze')
}, 120_000)
afterAll(() => server.close())

const QUERY = `orders(first: $first, after: $after, filter: $filter) { totalCount nodes { id status createdAt lines { title variant { sku } ticket { id } } coupons { code }
  refunds { amount { minorUnits } } payment { status } totals { total { minorUnits } } } pageInfo { hasNextPage endCursor } }`
const ARGS = '($first: Int, $after: String, $filter: OrderFilter)'
const ALL = `query ${ARGS} { ${QUERY} }`
const OWN = `query ${ARGS} { viewer { ${QUERY} } }`

const list = async (viewer: Viewer, filter: object, more: object = {}) => {
  const isStaff = viewer === staff
  const { data, errors } = await shop.ask(isStaff ? ALL : OWN, { first: 20, filter, ...more }, viewer)
  if (errors) return { refused: errors[0]?.extensions.code as string, totalCount: -1, nodes: [], pageInfo: null }
  return isStaff ? data.orders : data.viewer.orders
}

describe('the orders of a member', () => {
  test('are their own, page by page, the latest first', async () => {
    const seen: string[] = []
    let after: string | null = null
    do {
      const page = await list(ada, {}, { first: 25, after })
      expect(page.totalCount).toBe(60)
      seen.push(...page.nodes.map(({ createdAt }: { createdAt: string }) => createdAt))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toHaveLength(60)
    expect(seen).toEqual(seen.toSorted().toReversed())
  })

  test('are found by state, day and what was bought; nobody else’s are', async () => {
    expect((await list(ada, { status: 'PAID' })).totalCount).toBe(20)
    expect((await list(ada, { status: 'CANCELLED' })).totalCount).toBe(0)
    const week = { placedFrom: '2025-01-03T00:00:00Z', placedBefore: '2025-01-05T00:00:00Z' }
    expect((await list(ada, week)).totalCount).toBe(2)
    expect((await list(ada, { text: 'ZEBRA' })).totalCount).toBe(1)
    expect((await list(ada, { text: 'zebra', status: 'PAID' })).totalCount).toBe(0)
    expect((await list(ada, { text: 'Pangolin' })).totalCount).toBe(0)
  })
})

describe('staff', () => {
  test('finds an order by its buyer or by what was bought', async () => {
    expect((await list(staff, { text: 'pangolin' })).totalCount).toBe(1)
    expect((await list(staff, { text: 'ada@exa' })).totalCount).toBe(60)
    expect((await list(staff, { text: '100%_L' })).totalCount).toBe(60)
    expect((await list(staff, { text: '100_%L' })).totalCount).toBe(0)
    expect((await list(staff, { text: 'ada 1', status: 'PAID' })).totalCount).toBe(20)
  })

  test.each(['ab', 'x'.repeat(101)])('is told that a text of another length is not looked for', async (text) => {
    expect(await list(staff, { text })).toMatchObject({ refused: 'BAD_USER_INPUT' })
  })

  test('reads an order as its own node, whoever bought it', async () => {
    const { nodes } = await list(staff, { text: 'zebra' })
    const { data } = await shop.ask('query ($id: ID!) { node(id: $id) { id } }', { id: nodes[0].id }, staff)
    expect(data.node.id).toMatch(/^order_/)
    expect(encodeId('order', '01890a5d-ac96-774b-bcce-b302099a8057')).toMatch(/^order_/)
  })
})

test('forty orders with everything in them cost as many statements as five', async () => {
  const during = async (first: number, viewer: Viewer) => {
    await list(viewer, {}, { first })
    return statements.during(() => list(viewer, {}, { first }))
  }
  for (const viewer of [ada, staff]) {
    const many = await during(40, viewer)
    // Who asks; the orders and their number; lines, coupons, refunds, payments; variants of the lines.
    expect(many).toHaveLength(8)
    expect(await during(5, viewer)).toHaveLength(many.length)
  }
})

/** The plan of the statement that has `part` in it. */
async function planOf(part: RegExp, work: () => Promise<unknown>): Promise<Plan[]> {
  const sent = await statements.during(work)
  const found = sent.find(({ text }) => part.test(text))
  return planOfStatement(db, found)
}
const PAGE = /^select .*"orders"."id" as "id"/
const pageOf = (viewer: Viewer, filter: object) =>
  shop.ask(
    viewer === staff
      ? `query ${ARGS} { orders(first: $first, after: $after, filter: $filter) { nodes { id } } }`
      : `query ${ARGS} { viewer { orders(first: $first, after: $after, filter: $filter) { nodes { id } } } }`,
    { first: 10, filter },
    viewer,
  )

describe('a page of ten thousand orders', () => {
  test.each([
    ['all', {}, 'orders_newest'],
    ['those in a rare state', { status: 'FULFILLED' }, 'orders_newest_by_status'],
    ['those of a day', { placedBefore: '2026-06-02T00:00:00Z' }, 'orders_newest'],
  ])('is read off its index: %s', async (_, filter, index) => {
    const [scan] = (await planOf(PAGE, () => pageOf(staff, filter))).filter(
      (node) => node['Relation Name'] === 'orders',
    )
    expect(scan).toMatchObject({ 'Index Name': index, 'Actual Rows': 11 })
    expect(scan?.['Rows Removed by Filter'] ?? 0).toBe(0)
  })

  test('of one member reads nobody else’s', async () => {
    const [scan] = (await planOf(PAGE, () => pageOf(ada, {}))).filter((node) => node['Relation Name'] === 'orders')
    expect(scan).toMatchObject({ 'Index Name': 'orders_newest_by_account', 'Actual Rows': 11 })
  })

  test('with a text reads what matches', async () => {
    const plan = await planOf(PAGE, () => pageOf(staff, { text: 'pangolin' }))

    expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan')
    const indexes = plan.map((node) => node['Index Name'])
    expect(indexes).toEqual(expect.arrayContaining(['orders_by_buyer', 'order_lines_by_title']))
  })
})

describe('a sales report of one of seventy days', () => {
  const ask = () =>
    shop.ask(
      `{ salesReport(from: "2026-06-10", to: "2026-06-10", timeZone: "Europe/Berlin") { days { day figures { orders } } total { orders }
         topProducts { pieces product { name category { name } } } } }`,
      {},
      staff,
    )

  test('costs two statements, with the products three', async () => {
    expect((await ask()).data.salesReport.total.orders).toBeGreaterThan(10)
    // Who asks; the sums; the products that sold best; there are none to load here.
    expect(await statements.during(ask)).toHaveLength(3)
  })

  test('reads that day only', async () => {
    for (const part of [/^with paid as/, /"revenueMinor"/]) {
      const plan = await planOf(part, ask)
      const read = plan.filter((node) => ['orders', 'order_lines', 'refunds'].includes(node['Relation Name'] ?? ''))
      expect(read.map((node) => node['Node Type'])).not.toContain('Seq Scan')
    }
    expect((await planOf(/^with paid as/, ask)).map((node) => node['Index Name'])).toContain('orders_paid')
  })
})
