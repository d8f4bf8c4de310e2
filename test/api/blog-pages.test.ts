import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient } from '../support/blog.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let blog: BlogClient
let ada: Viewer

const POSTS = 37

beforeAll(async () => {
  server = await startTestServer()
  blog = new BlogClient(server)
  ada = await server.world.person({ handle: 'ada' })
  const staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  await server.world.tag(staff, 'Walked')
  await server.world.category(staff, 'Walked')
  for (let number = 0; number < 23; number++) await server.world.tag(staff, `Tag ${number}`)
  for (let number = 0; number < POSTS; number++) {
    const body = `owl ${'owl '.repeat(number % 4)}`
    await server.world.published(ada, { title: 'Owls', body, tags: ['walked'], categories: ['walked'] })
  }
  const { db } = server.running.atrium.deps
  // Few instants, some a microsecond apart: what is equal in one key must be kept apart by the next.
  await db.query(`with numbered as (select id, row_number() over (order by id) as n from posts)
    update posts set published_at = '2024-05-01T10:00:00Z'::timestamptz + (n % 3) * interval '1 microsecond' + (n % 2) * interval '1 day',
      updated_at = '2024-06-01T00:00:00Z'::timestamptz + (n % 4) * interval '1 second'
    from numbered where numbered.id = posts.id`)
  const subject = await server.world.published(ada, { title: 'Commented', publishedAt: new Date('2023-01-01') })
  for (let number = 0; number < 21; number++) await server.world.comment(ada, subject, `No. ${number}`)
  await db.query(`update comments set created_at = '2024-01-01T00:00:00Z'`)
  commented = encodeId('post', subject)
})
afterAll(() => server.close())

let commented = ''

interface Page {
  edges: { cursor: string; node: { id: string } }[]
  nodes: { id: string }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
  totalCount: number
}

const PAGE =
  '{ edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }'
const ARGS = 'first: $first, after: $after, last: $last, before: $before'

/** Every connection of the blog, with the way to it. */
const LISTS: Record<string, { field: string; path: string[] }> = {
  newest: { field: `posts(${ARGS})`, path: ['posts'] },
  oldest: { field: `posts(${ARGS}, orderBy: OLDEST)`, path: ['posts'] },
  relevance: { field: `posts(${ARGS}, orderBy: RELEVANCE, filter: { text: "owl" })`, path: ['posts'] },
  filtered: {
    field: `posts(${ARGS}, filter: { author: "ada", tags: ["walked"], category: "walked" })`,
    path: ['posts'],
  },
  own: { field: `viewer { posts(${ARGS}) PAGE }`, path: ['viewer', 'posts'] },
  account: { field: `account(handle: "ada") { posts(${ARGS}) PAGE }`, path: ['account', 'posts'] },
  'account, oldest': {
    field: `account(handle: "ada") { posts(${ARGS}, orderBy: OLDEST) PAGE }`,
    path: ['account', 'posts'],
  },
  tag: { field: `tag(slug: "walked") { posts(${ARGS}) PAGE }`, path: ['tag', 'posts'] },
  category: { field: `category(slug: "walked") { posts(${ARGS}) PAGE }`, path: ['category', 'posts'] },
  tags: { field: `tags(${ARGS})`, path: ['tags'] },
  comments: { field: `node(id: $on) { ... on Post { comments(${ARGS}) PAGE } }`, path: ['node', 'comments'] },
}

interface Asked {
  first?: number
  last?: number
  after?: string | null
  before?: string | null
}

async function answerOf(list: string, asked: Asked) {
  const { field, path } = LISTS[list] ?? { field: '', path: [] }
  const selection = field.includes('PAGE') ? field.replace('PAGE', PAGE) : `${field} ${PAGE}`
  const on = field.includes('$on') ? ', $on: ID!' : ''
  const query = `query ($first: Int, $after: String, $last: Int, $before: String${on}) { ${selection} }`
  const { data, errors } = await blog.ask(query, { ...asked, on: commented }, ada)
  return { page: path.reduce((at, key) => at?.[key], data) as Page, errors }
}

async function pageOf(list: string, asked: Asked): Promise<Page> {
  const { page, errors } = await answerOf(list, asked)
  expect(errors).toBeUndefined()
  return page
}

const ids = (page: Page): string[] => page.nodes.map(({ id }) => id)

/** Goes through the whole list in pages of the given sizes (used in turn), and looks at what each page says of itself. */
async function walk(list: string, sizes: readonly number[], toward: 'forward' | 'backward'): Promise<string[]> {
  const found: string[] = []
  let cursor: string | null = null
  for (let turn = 0; turn < 200; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    const asked: Asked = toward === 'forward' ? { first: size, after: cursor } : { last: size, before: cursor }
    const { nodes, edges, pageInfo, totalCount } = await pageOf(list, asked)
    expect(edges.map(({ node }) => node)).toEqual(nodes)
    expect(edges[0]?.cursor ?? null).toBe(pageInfo.startCursor)
    expect(edges.at(-1)?.cursor ?? null).toBe(pageInfo.endCursor)
    if (toward === 'forward') found.push(...nodes.map(({ id }) => id))
    else found.unshift(...nodes.map(({ id }) => id))
    const [more, behind] = [pageInfo.hasNextPage, pageInfo.hasPreviousPage]
    expect(toward === 'forward' ? behind : more).toBe(turn > 0)
    expect(toward === 'forward' ? more : behind).toBe(found.length < totalCount)
    if (found.length >= totalCount) return found
    expect(nodes).toHaveLength(size)
    cursor = toward === 'forward' ? pageInfo.endCursor : pageInfo.startCursor
  }
  throw new Error('the walk does not end')
}

describe('pages of any size, in either direction, add up to the whole list', () => {
  test.each(Object.keys(LISTS))('%s', async (list) => {
    const whole = ids(await pageOf(list, { first: 100 }))
    expect(whole.length).toBeGreaterThan(20)
    expect(new Set(whole).size).toBe(whole.length)
    const sizes = fc.array(fc.integer({ min: 2, max: 17 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(sizes, fc.constantFrom('forward' as const, 'backward' as const), async (each, toward) => {
        expect(await walk(list, each, toward)).toEqual(whole)
      }),
      { numRuns: 8 },
    )
  })

  test('one at a time as well', async () => {
    expect(await walk('newest', [1], 'forward')).toEqual(ids(await pageOf('newest', { first: 100 })))
  })
})

test('newest is by the time of publication to the microsecond, then by id; oldest is the reverse', async () => {
  const { db } = server.running.atrium.deps
  const rows = await db.query<{ id: string }>(
    `select id from posts where status = 'PUBLISHED' order by published_at desc, id desc`,
  )
  const newest = ids(await pageOf('newest', { first: 100 }))
  expect(newest).toEqual(rows.map(({ id }) => encodeId('post', id)))
  expect(ids(await pageOf('oldest', { first: 100 }))).toEqual(newest.toReversed())
})

test('a page between two cursors, from either end, and a page after the last', async () => {
  const { edges } = await pageOf('newest', { first: 10 })
  const [after, before] = [edges[1]?.cursor ?? '', edges[8]?.cursor ?? '']
  const between = edges.slice(2, 8).map(({ node }) => node.id)
  expect(ids(await pageOf('newest', { first: 4, after, before }))).toEqual(between.slice(0, 4))
  expect(ids(await pageOf('newest', { last: 4, after, before }))).toEqual(between.slice(-4))
  expect(ids(await pageOf('newest', { after, before }))).toEqual(between)
  const { pageInfo } = await pageOf('newest', { last: 1 })
  const end = await pageOf('newest', { first: 5, after: pageInfo.endCursor })
  expect(end).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false, hasPreviousPage: true, endCursor: null } })
})

test('a reader of the list misses nothing and sees nothing twice while others publish and delete', async () => {
  const whole = ids(await pageOf('newest', { first: 100 }))
  const gone = whole[20] ?? ''
  const seen: string[] = []
  let after: string | null = null
  for (let turn = 0; turn < 12; turn++) {
    const { nodes, pageInfo } = await pageOf('newest', { first: 5, after })
    seen.push(...nodes.map(({ id }) => id))
    after = pageInfo.endCursor
    await server.world.published(ada, { title: 'Meanwhile' })
    await server.world.published(ada, { title: 'Long ago', publishedAt: new Date('2024-05-01T10:00:00Z') })
    if (turn === 1) await blog.run('deletePost', ada, { id: gone })
  }
  expect(seen).toHaveLength(new Set(seen).size)
  expect(seen.filter((id) => whole.includes(id))).toEqual(whole.filter((id) => id !== gone))
})

describe('sizes and cursors that make no sense are told by the argument', () => {
  test.each([
    [{ first: 0 }, ['first']],
    [{ first: -1 }, ['first']],
    [{ first: 101 }, ['first']],
    [{ last: 0 }, ['last']],
    [{ last: 101 }, ['last']],
    [{ first: 1, last: 1 }, ['last']],
    [{ after: '' }, ['after']],
    [{ before: 'x' }, ['before']],
  ])('%j', async (asked, argument) => {
    for (const list of Object.keys(LISTS)) {
      const { errors } = await answerOf(list, asked)
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument })
    }
  })

  test('a cursor of another order is refused', async () => {
    const { pageInfo } = await pageOf('newest', { first: 1 })
    for (const list of ['oldest', 'relevance', 'own', 'tags']) {
      const { errors } = await answerOf(list, { after: pageInfo.endCursor })
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['after'] })
    }
  })

  const forge = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url')
  const UUID = '00000000-0000-7000-8000-000000000000'
  const NOON = '2024-01-01 12:00:00+00'
  const ODD_INSTANTS = [
    '2024-13-01 00:00:00+00',
    '2024-02-31 00:00:00+00',
    '2024-01-01 25:00:00+00',
    '2024-01-01 00:61:00+00',
    '2024-01-01 00:00:99+00',
    '0000-01-01 00:00:00+00',
    'infinity',
    "2024-01-01 00:00:00+00'); drop table posts; --",
    '',
  ]
  const ODD_NUMBERS = ['1e99', '1e-99', '9'.repeat(60), `0.${'0'.repeat(50)}1`, 'NaN', 'Infinity', '0x1', '']
  const FORGED: [string, unknown[]][] = [
    ...ODD_INSTANTS.map((instant): [string, unknown[]] => ['newest', ['NEWEST', instant, UUID]]),
    ...ODD_INSTANTS.map((instant): [string, unknown[]] => ['comments', ['NEWEST', instant, UUID]]),
    ...ODD_NUMBERS.map((number): [string, unknown[]] => ['relevance', ['RELEVANCE', number, UUID]]),
    ['newest', ['NEWEST', NOON, 'nope']],
    ['newest', ['NEWEST', NOON]],
    ['newest', ['NEWEST', NOON, UUID, UUID]],
    ['newest', ['NEWEST', null, UUID]],
    ['newest', ['NEWEST', [NOON], UUID]],
    ['newest', []],
    ['tags', ['SLUG', 'a\u0000b']],
    ['tags', ['SLUG', 'x'.repeat(501)]],
  ]

  test.each(FORGED)('a forged cursor of %s is refused: %j', async (list, parts) => {
    for (const argument of ['after', 'before']) {
      const { errors } = await answerOf(list, { [argument]: forge(...parts) })
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: [argument] })
    }
  })

  test('whatever is handed in as a cursor, the server does not fail', async () => {
    const keys = fc.array(
      fc.oneof(fc.string(), fc.constant(UUID), fc.constant(NOON), fc.double().map(String), fc.jsonValue()),
    )
    const names = fc.constantFrom('NEWEST', 'RELEVANCE', 'SLUG', 'OLDEST')
    const cursor = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.tuple(names, keys).map(([name, each]) => forge(name, ...each)),
    )
    await fc.assert(
      fc.asyncProperty(cursor, fc.constantFrom('newest', 'relevance', 'tags', 'comments'), async (after, list) => {
        const { errors } = await answerOf(list, { after })
        expect([undefined, 'BAD_USER_INPUT']).toContain(errors?.[0]?.extensions.code)
      }),
      { numRuns: 300 },
    )
  })
})
