import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import { type Plan, planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
const PRODUCTS = 20_000

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  const staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  const root = await server.world.productCategory(staff, { name: 'Root' })
  await server.world.productCategory(staff, { name: 'Few', parentId: root })
  const { db } = server.running.atrium.deps
  await db.query(
    `with made as (insert into subjects (id, kind) select gen_random_uuid(), 'PRODUCT' from generate_series(1, ${PRODUCTS}) returning id),
       numbered as (select id, row_number() over () as n from made)
     insert into products (id, category_id, slug, name, status, from_price_minor, created_at, rating_sum, rating_count)
     select id, (select id from product_categories where slug = case when n % 500 = 0 then 'few' else 'root' end),
       'product-' || n, 'Product ' || n || case when n % 400 = 1 then ' pangolin' else '' end,
       case when n % 20 = 0 then 'DRAFT' else 'ACTIVE' end::product_status, 1 + n * 7919 % 99991, now() - n * interval '1 minute',
       case when n % 3 = 0 then 0 else 10 + n % 37 end, case when n % 3 = 0 then 0 else 10 end
     from numbered`,
  )
  await db.query(
    `insert into variants (id, product_id, sku, price_minor, currency) select gen_random_uuid(), id, upper(slug), from_price_minor, 'EUR' from products`,
  )
  await db.script('analyze')
}, 120_000)
afterAll(() => server.close())

async function planOf(query: string, variables: Record<string, unknown> = {}): Promise<Plan[]> {
  const sent = await statements.during(async () => {
    expect((await server.ask(query, variables)).errors).toBeUndefined()
  })
  const [statement] = sent
  return (await planOfStatement(server.running.atrium.deps.db, statement)).filter(
    (node) => node['Relation Name'] === 'products' || node['Index Name']?.startsWith('products'),
  )
}

/** The cursor of the row at this place in the order of prices. */
async function cursorAt(position: number): Promise<string> {
  const [row] = await server.running.atrium.deps.db.query<{ price: string; id: string }>(
    `select from_price_minor::text as price, id from products where status = 'ACTIVE' order by from_price_minor, id offset ${position - 1} limit 1`,
  )
  return encodeCursor('PRICE_ASC', [row?.price ?? '', row?.id ?? ''])
}

describe('a page of a shop of 20,000 products', () => {
  test.each([
    ['the newest', 'NEWEST', 'products_newest', null],
    ['the cheapest', 'PRICE_ASC', 'products_by_price', null],
    ['the dearest', 'PRICE_DESC', 'products_by_price', null],
    ['the best rated', 'RATING', 'products_by_rating', null],
    ['page 1,000 by price', 'PRICE_ASC', 'products_by_price', 10_000],
  ])('is read off its index and touches no other row: %s', async (_, orderBy, index, position) => {
    const after = position === null ? null : await cursorAt(position)
    const query =
      'query ($orderBy: ProductOrder!, $after: String) { products(first: 10, orderBy: $orderBy, after: $after) { nodes { name } } }'
    const [scan, ...others] = await planOf(query, { orderBy, after })
    expect(others).toEqual([])
    expect(scan).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': index, 'Actual Rows': 11 })
    expect(scan?.['Rows Removed by Filter'] ?? 0).toBe(0)
  })

  test('a search reads what matches, by its index', async () => {
    const plan = await planOf(
      '{ products(first: 10, orderBy: RELEVANCE, filter: { text: "pangolin" }) { nodes { name } } }',
    )
    expect(plan.map((node) => node['Index Name'])).toContain('products_search')
    expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan')
    expect(Math.max(...plan.map((node) => node['Actual Rows']))).toBeLessThan(100)
  })

  test('what has the most stars is found without reading the whole shop', async () => {
    const plan = await planOf('{ products(first: 10, orderBy: PRICE_ASC, filter: { minStars: 5 }) { nodes { name } } }')
    expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan')
    const rated = await planOf('{ products(first: 10, orderBy: RATING, filter: { minStars: 4 }) { nodes { name } } }')
    expect(rated.map((node) => node['Index Name'])).toEqual(['products_by_rating'])
  })

  test('a category with few products does not read the whole shop', async () => {
    const plan = await planOf('{ products(first: 10, filter: { category: "few" }) { nodes { name } } }')
    expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan')
  })
})
