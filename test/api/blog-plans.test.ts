import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient } from '../support/blog.ts'
import { type Plan, planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let blog: BlogClient
let ada: Viewer

const POSTS = 20_000

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  // The clock would be heard among the statements that are explained.
  await server.running.atrium.queue.stop(1_000)
  blog = new BlogClient(server)
  ada = await server.world.person({ handle: 'ada' })
  const bram = await server.world.person({ handle: 'bram' })
  const staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  await server.world.tag(staff, 'Rare')
  await server.world.tag(staff, 'Common')
  const { db } = server.running.atrium.deps
  await db.query(
    `with made as (
       insert into subjects (id, kind) select gen_random_uuid(), 'POST' from generate_series(1, ${POSTS}) returning id
     ), numbered as (select id, row_number() over () as n from made)
     insert into posts (id, author_id, title, slug, status, body, body_html, body_text, excerpt, reading_time_minutes, published_at)
     select id, case when n % 100 = 1 then $2::uuid else $1::uuid end, 'Post ' || n, 'post-' || n,
       case when n % 20 = 0 then 'DRAFT' else 'PUBLISHED' end::post_status, 'Body.', '<p>Body.</p>',
       'Some words about number ' || n || case when n % 400 = 1 then ' and pangolins' else '' end, 'Excerpt.', 1,
       case when n % 20 = 0 then null else now() - (n / 2) * interval '1 minute' end
     from numbered`,
    [ada.accountId, bram.accountId],
  )
  await db.query(`insert into post_tags select posts.id, tags.id from posts, tags
    where tags.slug = 'common' or posts.title like 'Post 77%1'`)
  await db.script('analyze')
}, 120_000)
afterAll(() => server.close())

/** How Postgres answers the first statement on posts that the operation sends. */
async function planOf(
  query: string,
  variables: Record<string, unknown> = {},
  viewer: Viewer | null = null,
): Promise<Plan[]> {
  const sent = await statements.during(async () => {
    expect((await blog.ask(query, variables, viewer)).errors).toBeUndefined()
  })
  const statement = sent.find(({ text }) => text.includes('"posts"'))
  return planOfStatement(server.running.atrium.deps.db, statement)
}

const ofPosts = (plan: Plan[]): Plan[] =>
  plan.filter((node) => node['Relation Name'] === 'posts' || node['Index Name']?.startsWith('posts'))

/** The cursor of the row at this place, as a client who had walked there would hold it. */
async function cursorAt(position: number, direction: 'asc' | 'desc', where = 'true'): Promise<string> {
  const [row] = await server.running.atrium.deps.db.query<{ at: string; id: string }>(
    `select published_at::text as at, id from posts where status = 'PUBLISHED' and ${where} order by published_at ${direction}, id ${direction} offset ${position - 1} limit 1`,
  )
  return encodeCursor(direction === 'desc' ? 'NEWEST' : 'OLDEST', [row?.at ?? '', row?.id ?? ''])
}

const LIST =
  'query ($first: Int, $last: Int, $after: String, $before: String) { posts(first: $first, last: $last, after: $after, before: $before) { nodes { title } } }'

describe('a page of a list of 20,000 posts', () => {
  test.each([
    ['the first', async () => ({ first: 10 })],
    ['the thousandth', async () => ({ first: 10, after: await cursorAt(10_000, 'desc') })],
    ['the last but one, from the end', async () => ({ last: 10, before: await cursorAt(18_990, 'desc') })],
  ])('is read off the index and touches no other row: %s', async (_, asked) => {
    const variables = await asked()
    const plan = await planOf(LIST, variables)
    const [scan, ...others] = ofPosts(plan)
    expect(others).toEqual([])
    expect(scan).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': 'posts_newest', 'Actual Rows': 11 })
    expect(scan?.['Rows Removed by Filter'] ?? 0).toBe(0)
    expect(plan.map((node) => node['Node Type'])).not.toContain('Sort')
    if ('after' in variables || 'before' in variables) expect(scan?.['Index Cond']).toMatch(/ROW\(.*\) [<>] ROW\(/)
  })

  test('and so are the oldest, and a range of time', async () => {
    const [oldest] = ofPosts(await planOf('{ posts(orderBy: OLDEST, first: 10) { nodes { title } } }'))
    expect(oldest).toMatchObject({ 'Index Name': 'posts_newest', 'Actual Rows': 11 })
    const publishedBefore = new Date(Date.now() - 5_000 * 60_000).toISOString()
    const query = 'query ($t: DateTime) { posts(first: 10, filter: { publishedBefore: $t }) { nodes { title } } }'
    const [range] = ofPosts(await planOf(query, { t: publishedBefore }))
    expect(range).toMatchObject({ 'Index Name': 'posts_newest', 'Actual Rows': 11 })
    expect(range?.['Index Cond']).toContain('published_at <')
  })
})

test.each([
  [
    'of an author, by filter',
    '{ posts(first: 10, filter: { author: "bram" }) { nodes { title } } }',
    'posts_newest_by_author',
  ],
  [
    'of an author, by account',
    '{ account(handle: "bram") { posts(first: 10) { nodes { title } } } }',
    'posts_newest_by_author',
  ],
  ['one’s own', '{ viewer { posts(first: 10) { nodes { title } } } }', 'posts_updated_by_author'],
])('posts %s are read off their index', async (_, query, index) => {
  const [scan, ...others] = ofPosts(await planOf(query, {}, ada))
  expect(others).toEqual([])
  expect(scan).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': index, 'Actual Rows': 11 })
})

test.each(['RELEVANCE', 'NEWEST'])('a search reads what matches and not the whole table, by %s', async (order) => {
  const query = `{ posts(first: 10, orderBy: ${order}, filter: { text: "pangolins" }) { edges { highlight node { title } } } }`
  const plan = ofPosts(await planOf(query))
  expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan')
  expect(plan.map((node) => node['Index Name'])).toContain('posts_search')
  expect(Math.max(...plan.map((node) => node['Actual Rows']))).toBeLessThan(100)
})

test.each([
  ['tag', '{ posts(first: 10, filter: { tags: ["common"] }) { nodes { title } } }'],
  ['rare tag', '{ posts(first: 10, filter: { tags: ["rare"] }) { nodes { title } } }'],
  ['tag, on its page', '{ tag(slug: "rare") { posts(first: 10) { nodes { title } } } }'],
])('posts with a %s are found without reading the whole table', async (_, query) => {
  const plan = ofPosts(await planOf(query))
  expect(plan.length).toBeGreaterThan(0)
  expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan')
})

test('what is due is found by its own index', async () => {
  const text = `select id from posts where status = 'SCHEDULED' and publish_at <= now()`
  const [scan] = ofPosts(await planOfStatement(server.running.atrium.deps.db, { text }))
  expect(scan?.['Index Name']).toBe('posts_due')
})
