import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import { type Plan, planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { productId, ShopClient } from '../support/shop.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let loved: Uuid
const MEMBERS = 4_000

/** Four thousand members have reviewed one product, and some of them three others. */
beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  const shop = new ShopClient(server)
  const staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  const shelf = await server.world.productCategory(staff, { name: 'Shelf' })
  const made = []
  for (let n = 0; n < 4; n += 1) made.push(await shop.product(staff, shelf))
  loved = made[0]?.id ?? ''
  const { db } = server.running.atrium.deps
  await db.query(
    `insert into accounts (id, handle, email, password_hash, name)
     select gen_random_uuid(), 'member-' || n, 'member-' || n || '@example.com', '', 'Member' from generate_series(1, ${MEMBERS}) n`,
  )
  for (const [n, { id }] of made.entries()) {
    await db.query(
      `with members as (select id as author, row_number() over (order by handle) as n from accounts where handle like 'member-%' limit ${MEMBERS / (1 + 9 * Math.min(n, 1))}),
         made as (insert into subjects (id, kind) select gen_random_uuid(), 'REVIEW' from members returning id),
         numbered as (select id, row_number() over () as n from made)
       insert into reviews (id, subject_id, author_id, stars, text, state, helpful_count, created_at)
       select id, $1::text::uuid, author, 1 + (n * 7919 % 5)::int, 'Words.', case when n % 50 = 0 then 'HELD' else 'VISIBLE' end::review_state,
         (n * 31 % 97)::int, now() - n * interval '1 minute' from numbered join members using (n)`,
      [id],
    )
  }
  await db.script('analyze')
}, 120_000)
afterAll(() => server.close())

/** How the reviews are read: the scans of their table, of the statement that lists them. */
async function scansOf(list: string): Promise<Plan[]> {
  const sent = await statements.during(async () => {
    const query = `query ($id: ID!) { node(id: $id) { ... on Reviewable { reviews(first: 10, ${list}) { nodes { stars } } } } }`
    expect((await server.ask(query, { id: productId(loved) })).errors).toBeUndefined()
  })
  const listed = sent.find(({ text }) => text.includes('"helpful_count"'))
  const plan = await planOfStatement(server.running.atrium.deps.db, listed)
  return plan.filter((node) => node['Relation Name'] === 'reviews')
}

describe('ten of four thousand reviews', () => {
  test.each([
    ['orderBy: NEWEST', 'reviews_newest'],
    ['orderBy: HIGHEST', 'reviews_by_stars'],
    ['orderBy: LOWEST', 'reviews_by_stars'],
    ['orderBy: MOST_HELPFUL', 'reviews_most_helpful'],
    ['orderBy: NEWEST, stars: 2', 'reviews_by_stars'],
  ])('are read off their index, and no others: %s', async (list, index) => {
    const [scan, ...others] = await scansOf(list)
    expect(others).toEqual([])
    expect(scan).toMatchObject({ 'Index Name': index, 'Actual Rows': 11 })
  })
})

test('how many stars a product was given is read off its totals, and not counted', async () => {
  const sent = await statements.during(async () => {
    const query =
      'query ($id: ID!) { node(id: $id) { ... on Reviewable { averageRating reviewCount ratingCounts { stars count } } } }'
    const { data } = await server.ask(query, { id: productId(loved) })
    expect(data.node.reviewCount).toBe(MEMBERS - MEMBERS / 50)
  })
  expect(sent.filter(({ text }) => /from "reviews"/.test(text))).toEqual([])
})
