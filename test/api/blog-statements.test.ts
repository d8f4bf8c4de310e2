import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { BlogClient } from '../support/blog.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Statement, Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let blog: BlogClient
const people: Viewer[] = []
const posts: Uuid[] = []

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  // Mails and the clock would be heard among the statements that are counted.
  await server.running.atrium.queue.stop(1_000)
  blog = new BlogClient(server)
  const { world } = server
  for (let number = 0; number < 5; number++) people.push(await world.person({ handle: `person${number}` }))
  const staff = await world.person({ handle: 'staff', role: 'STAFF' })
  for (const name of ['One', 'Two', 'Three']) await world.tag(staff, name)
  await world.category(staff, 'Shelf')
  for (let number = 0; number < 50; number++) {
    const author = people[number % 5] as Viewer
    const tags = ['one', 'two', 'three'].slice(0, number % 4)
    const post = await world.published(author, { title: `Post ${number}`, tags, categories: ['shelf'] })
    posts.push(post)
    for (let each = 0; each <= number % 5; each++) {
      const commenter = people[(number + each) % 5] as Viewer
      const comment = await world.comment(commenter, post, `No. ${each}`)
      if (each === 1) await world.comment(author, post, 'A reply.', comment)
    }
    await world.react(people[(number + 1) % 5] as Viewer, post)
  }
}, 120_000)
afterAll(() => server.close())

/** Asks once to have everything warm, then again while the statements are counted. */
async function sentFor(
  query: string,
  variables: Record<string, unknown> = {},
  viewer: Viewer | null = null,
): Promise<Statement[]> {
  const check = async (): Promise<void> => {
    const { errors } = await blog.ask(query, variables, viewer)
    expect(errors).toBeUndefined()
  }
  await check()
  return statements.during(check)
}

const count = async (query: string, variables: Record<string, unknown> = {}, viewer: Viewer | null = null) =>
  (await sentFor(query, variables, viewer)).length

const LIST = `query ($n: Int!) { posts(first: $n) { nodes {
  title author { handle } tags { name } categories { name } commentCount url
  comments(first: 3) { nodes { body author { handle } replyCount } }
  reactionCount reactionCounts { kind count } viewerReactions viewerCanEdit } } }`

describe('a list costs as many statements for fifty rows as for five', () => {
  test('posts with author, tags, categories, comment count, three comments each and reactions: at most one a relation', async () => {
    const sent = await sentFor(LIST, { n: 50 })
    expect(sent.length).toBe(await count(LIST, { n: 5 }))
    expect(new Set(sent.map(({ text }) => text)).size).toBe(sent.length)
    // posts, accounts, tags, categories, comment counts, comments, reply counts, reaction counts
    expect(sent).toHaveLength(8)
  })

  test('and two more for a viewer: who they are, and how they reacted', async () => {
    const viewer = people[0] as Viewer
    expect(await count(LIST, { n: 50 }, viewer)).toBe(10)
    expect(await count(LIST, { n: 5 }, viewer)).toBe(10)
  })

  test.each([
    [
      'the posts of tags',
      '{ tags(first: 3) { nodes { postCount posts(first: 5) { totalCount nodes { title tags { name } } } } } }',
      4,
    ],
    [
      'the posts of authors',
      'query ($n: Int!) { posts(first: $n) { nodes { author { posts(first: 3) { nodes { title } } postCount } } } }',
      4,
    ],
    [
      'the posts of categories',
      'query ($n: Int!) { posts(first: $n) { nodes { categories { posts(first: 3) { nodes { title } } } } } }',
      3,
    ],
    [
      'replies',
      'query ($n: Int!) { posts(first: $n) { nodes { comments(first: 3, orderBy: OLDEST) { nodes { replies(first: 2) { nodes { body author { handle } } } } } } } }',
      4,
    ],
  ])('%s', async (_, query, most) => {
    const variables = query.includes('$n') ? [{ n: 5 }, { n: 50 }] : [{}]
    for (const each of variables) expect(await count(query, each)).toBe(most)
  })

  test('things by their ids, of one kind or of several', async () => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Post { title } ... on Account { handle } } }'
    const ids = [
      ...posts.map((id) => encodeId('post', id)),
      ...people.map(({ accountId }) => encodeId('account', accountId)),
    ]
    expect(await count(query, { ids })).toBe(2)
    const one = `{ ${posts
      .slice(0, 20)
      .map((id, at) => `n${at}: node(id: "${encodeId('post', id)}") { id }`)
      .join(' ')} }`
    expect(await count(one)).toBe(1)
  })
})

describe('nothing is read that nobody asked for', () => {
  test('the whole list is counted only for totalCount', async () => {
    const without = await sentFor('{ posts { nodes { id } pageInfo { hasNextPage } } }')
    expect(without).toHaveLength(1)
    const counted = await sentFor('{ posts { totalCount nodes { id } } }')
    expect(counted).toHaveLength(2)
    expect(counted.filter(({ text }) => text.includes('count(*)'))).toHaveLength(1)
  })

  test('the texts of posts stay in the database unless they are asked for', async () => {
    const [plain] = await sentFor('{ posts { nodes { id title excerpt } } }')
    expect(plain?.text).not.toMatch(/"body"|"body_html"|"body_text"|"search"/)
    const withBody = await sentFor('{ posts(first: 50) { nodes { title body bodyHtml } } }')
    expect(withBody).toHaveLength(2)
    expect(withBody[1]?.text).toContain('"body_html"')
  })

  test('no secret of an account is read to show it', async () => {
    const sent = await sentFor('{ posts { nodes { author { handle name } } } }')
    expect(sent.map(({ text }) => text).join()).not.toMatch(/password_hash|email/)
  })
})

describe('one request', () => {
  test('reads a row once, however often it occurs', async () => {
    const id = encodeId('post', posts[0] ?? '')
    const query = `{ a: node(id: "${id}") { ... on Post { author { handle } } } b: nodes(ids: ["${id}", "${id}"]) { ... on Post { title author { name } } } }`
    expect(await count(query)).toBe(2)
  })

  test('sees in each mutation what the one before it wrote', async () => {
    const author = people[0] as Viewer
    const id = encodeId('post', posts[0] ?? '')
    const change = (title: string, tags: string) =>
      `updatePost(input: { id: "${id}", title: "${title}", tags: ${tags} }) { post { title tags { slug } } }`
    const { data } = await blog.ask(
      `mutation { a: ${change('A', '["one"]')} b: ${change('B', '["two", "three"]')} c: ${change('C', '[]')} }`,
      {},
      author,
    )
    expect(data).toEqual({
      a: { post: { title: 'A', tags: [{ slug: 'one' }] } },
      b: { post: { title: 'B', tags: [{ slug: 'three' }, { slug: 'two' }] } },
      c: { post: { title: 'C', tags: [] } },
    })
  })

  test('does not remember what another request read', async () => {
    const id = encodeId('post', posts[5] ?? '')
    const read = async () => (await blog.ask(`{ node(id: "${id}") { ... on Post { title } } }`)).data.node.title
    expect(await read()).toBe('Post 5')
    await blog.run('updatePost', people[0] as Viewer, { id, title: 'Changed' })
    expect(await read()).toBe('Changed')
  })
})
