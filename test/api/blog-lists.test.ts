import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { followAccount } from '../../src/domain/account/follow.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient } from '../support/blog.ts'
import { type GraphError, startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let blog: BlogClient
let ada: Viewer
let bram: Viewer
let reader: Viewer

const on = (day: number): Date => new Date(Date.UTC(2024, 0, day, 12))

beforeAll(async () => {
  server = await startTestServer()
  blog = new BlogClient(server)
  const { world } = server
  ada = await world.person({ handle: 'ada' })
  bram = await world.person({ handle: 'bram' })
  reader = await world.person({ handle: 'reader' })
  const staff = await world.person({ handle: 'staff', role: 'STAFF' })
  for (const name of ['Owls', 'Night', 'Trees']) await world.tag(staff, name)
  for (const name of ['Nature', 'Town']) await world.category(staff, name)
  const write = (author: Viewer, day: number, title: string, tags: string[], categories: string[], body = 'Words.') =>
    world.published(author, { title, tags, categories, body, publishedAt: on(day) })
  await write(ada, 1, 'A1', ['owls'], ['nature'])
  await write(ada, 2, 'A2', ['owls', 'night'], ['nature', 'town'])
  await write(bram, 3, 'B3', ['owls', 'night', 'trees'], ['town'])
  await write(bram, 4, 'B4', ['trees'], [])
  await world.draft(ada, { title: 'A draft', tags: ['owls'], categories: ['nature'], body: 'A snowy secret.' })
  await followAccount(server.running.atrium.deps, reader, bram.accountId)
})
afterAll(() => server.close())

async function titles(args: string, viewer: Viewer | null = null): Promise<string[]> {
  const { data, errors } = await blog.ask(`{ posts${args} { nodes { title } } }`, {}, viewer)
  expect(errors).toBeUndefined()
  return data.posts.nodes.map((post: { title: string }) => post.title)
}

describe('published posts can be narrowed down', () => {
  test.each([
    ['to nothing in particular', '', ['B4', 'B3', 'A2', 'A1']],
    ['the other way round', '(orderBy: OLDEST)', ['A1', 'A2', 'B3', 'B4']],
    ['by relevance of nothing, which is by age', '(orderBy: RELEVANCE)', ['B4', 'B3', 'A2', 'A1']],
    ['to an author', '(filter: { author: "ada" })', ['A2', 'A1']],
    ['to an author, however the handle is written', '(filter: { author: " ADA " })', ['A2', 'A1']],
    ['to an author who does not exist', '(filter: { author: "nobody" })', []],
    ['to a tag', '(filter: { tags: ["owls"] })', ['B3', 'A2', 'A1']],
    ['to posts with all of several tags', '(filter: { tags: ["owls", "night"] })', ['B3', 'A2']],
    ['to posts with all of several tags, one unknown', '(filter: { tags: ["owls", "nope"] })', []],
    ['to no tags', '(filter: { tags: [] })', ['B4', 'B3', 'A2', 'A1']],
    ['to a category', '(filter: { category: "town" })', ['B3', 'A2']],
    ['to a time on', '(filter: { publishedFrom: "2024-01-03T12:00:00Z" })', ['B4', 'B3']],
    ['to before a time', '(filter: { publishedBefore: "2024-01-03T12:00:00Z" })', ['A2', 'A1']],
    [
      'to a range, in any offset',
      '(filter: { publishedFrom: "2024-01-02T14:00:00+02:00", publishedBefore: "2024-01-03T12:00:01Z" })',
      ['B3', 'A2'],
    ],
    [
      'to a range that is empty',
      '(filter: { publishedFrom: "2024-02-01T00:00:00Z", publishedBefore: "2024-01-01T00:00:00Z" })',
      [],
    ],
    ['by everything at once', '(filter: { author: "bram", tags: ["trees"], category: "town", text: "words" })', ['B3']],
    [
      'to a tag with NUL',
      '(filter: { tags: ["no\\u0000pe"], author: "a\\u0000", category: "\\u0000", text: "\\u0000x" })',
      [],
    ],
  ])('%s', async (_, args, expected) => {
    expect(await titles(args)).toEqual(expected)
  })

  test('and count as many as there are, each filter for itself', async () => {
    const { data } = await blog.ask(
      '{ all: posts { totalCount } owls: posts(first: 1, filter: { tags: ["owls"] }) { totalCount } none: posts(filter: { text: "nothing" }) { totalCount } }',
    )
    expect(data).toEqual({ all: { totalCount: 4 }, owls: { totalCount: 3 }, none: { totalCount: 0 } })
  })

  test.each([
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+10:00',
    '9999-12-31T23:59:59-10:00',
    '2024-02-31T00:00:00Z',
    'now',
  ])('a time that no calendar has is refused by name: %s', async (publishedFrom) => {
    const query = 'query ($t: DateTime!) { posts(filter: { publishedFrom: $t }) { nodes { id } } }'
    const { errors } = await blog.ask(query, { t: publishedFrom })
    expect((errors as GraphError[])[0]?.extensions.code).toBe('BAD_USER_INPUT')
    const literal = await blog.ask(`{ posts(filter: { publishedFrom: "${publishedFrom}" }) { nodes { id } } }`)
    expect((literal.errors as GraphError[])[0]?.extensions.code).toMatch(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED/)
  })

  test('the first and the last year are served', async () => {
    const filter = '(filter: { publishedFrom: "0001-01-01T00:00:00Z", publishedBefore: "9999-12-31T23:59:59Z" })'
    expect(await titles(filter)).toHaveLength(4)
  })
})

describe('pages of authors, tags and categories', () => {
  test('show their published posts and how many there are', async () => {
    const { data } = await blog.ask(
      `{ account(handle: "ada") { postCount posts(orderBy: OLDEST) { totalCount nodes { title } } }
         tag(slug: "owls") { name postCount posts { totalCount nodes { title } } }
         category(slug: "nature") { name postCount posts { totalCount nodes { title } } } }`,
      {},
      ada,
    )
    const list = (...found: string[]) => ({ totalCount: found.length, nodes: found.map((title) => ({ title })) })
    expect(data).toEqual({
      account: { postCount: 2, posts: list('A1', 'A2') },
      tag: { name: 'Owls', postCount: 3, posts: list('B3', 'A2', 'A1') },
      category: { name: 'Nature', postCount: 2, posts: list('A2', 'A1') },
    })
  })

  test.each(['tag(slug: "nope") { id }', 'category(slug: "nope") { id }', 'account(handle: "nope") { id }'])(
    'are not found where there are none: %s',
    async (field) => {
      const { errors } = await blog.ask(`{ ${field} }`)
      expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND')
    },
  )

  test('tags can be looked for by how their name begins', async () => {
    const { data } = await blog.ask('{ tags(prefix: "oW") { totalCount nodes { slug } } }')
    expect(data.tags).toEqual({ totalCount: 1, nodes: [{ slug: 'owls' }] })
    const percent = await blog.ask('{ tags(prefix: "%") { nodes { slug } } categories { nodes { slug } } }')
    expect(percent.data).toEqual({ tags: { nodes: [] }, categories: { nodes: [{ slug: 'nature' }, { slug: 'town' }] } })
  })
})

describe('the viewer’s own lists', () => {
  const own = async (viewer: Viewer | null, args = '') => {
    const { data, errors } = await blog.ask(`{ viewer { posts${args} { totalCount nodes { title } } } }`, {}, viewer)
    expect(errors).toBeUndefined()
    return (
      data.viewer && {
        count: data.viewer.posts.totalCount,
        titles: data.viewer.posts.nodes.map((n: { title: string }) => n.title),
      }
    )
  }

  test('show their own posts in every state, or in one', async () => {
    expect(await own(ada)).toEqual({ count: 3, titles: expect.arrayContaining(['A draft', 'A1', 'A2']) })
    expect(await own(ada, '(status: DRAFT)')).toEqual({ count: 1, titles: ['A draft'] })
    expect(await own(ada, '(status: ARCHIVED)')).toEqual({ count: 0, titles: [] })
    expect(await own(bram, '(status: DRAFT)')).toEqual({ count: 0, titles: [] })
    expect(await own(null)).toBeNull()
  })

  test('have what was changed last at their head', async () => {
    const post = await server.world.draft(bram, { title: 'Older' })
    await server.world.draft(bram, { title: 'Newer' })
    expect((await own(bram, '(first: 2)')).titles).toEqual(['Newer', 'Older'])
    const { data } = await blog.ask(`{ viewer { posts(first: 2) { nodes { id title } } } }`, {}, bram)
    await blog.run('updatePost', bram, { id: data.viewer.posts.nodes[1].id, body: 'Changed.' })
    expect((await own(bram, '(first: 2)')).titles).toEqual(['Older', 'Newer'])
    expect((await blog.see(bram, post)).body).toBe('Changed.')
  })

  test('the feed has the published posts of those whom the viewer follows, the newest first', async () => {
    const feed = async (viewer: Viewer) => {
      const { data } = await blog.ask('{ viewer { feed { totalCount nodes { title } } } }', {}, viewer)
      return data.viewer.feed
    }
    expect(await feed(reader)).toEqual({ totalCount: 2, nodes: [{ title: 'B4' }, { title: 'B3' }] })
    expect(await feed(ada)).toEqual({ totalCount: 0, nodes: [] })
  })
})

test.each([
  ['UTC', '2024-01-04'],
  ['Pacific/Kiritimati', '2024-01-05'],
  ['America/New_York', '2024-01-04'],
])('the date of a post is that of where it is read: in %s %s', async (timeZone, date) => {
  const { data } = await blog.ask('query ($z: TimeZone!) { posts(first: 1) { nodes { publishedOn(timeZone: $z) } } }', {
    z: timeZone,
  })
  expect(data.posts.nodes).toEqual([{ publishedOn: date }])
})
