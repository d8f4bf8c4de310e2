import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import { commentId, conversation, people, postId } from '../support/conversation.ts'
import { untilMailsSent } from '../support/mail.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let talk: ReturnType<typeof conversation>
let who: Awaited<ReturnType<typeof people<'ada' | 'bob' | 'cleo'>>>
let staff: string
beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  talk = conversation(server)
  who = await people(server, ['ada', 'bob', 'cleo'])
  staff = (await people(server, ['keeper'], 'STAFF')).keeper.token
})
afterAll(() => server.close())

const LIST = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $orderBy: CommentOrder!) {
  node(id: $id) { ... on Post { comments(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    totalCount nodes { id body } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }`
const list = async (id: string, page: object) => {
  const { data, errors } = await server.ask(LIST, { id, orderBy: 'OLDEST', ...page })
  return { ...data?.node?.comments, errors }
}
const bodies = (page: { nodes: { body: string }[] }) => page.nodes.map(({ body }) => body)
const numbers = (from: number, to: number) =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => `${from + Math.sign(to - from) * index}`)

describe('the pages of the comments on a post', () => {
  let post: string
  beforeAll(async () => {
    const id = await server.world.published(who.ada.viewer)
    post = postId(id)
    for (const body of numbers(1, 25)) await server.world.comment(who.bob.viewer, id, body)
  })

  test('are twenty long, the newest first, unless told', async () => {
    const { data } = await server.ask(
      'query ($id: ID!) { node(id: $id) { ... on Post { comments { nodes { body } } } } }',
      {
        id: post,
      },
    )
    expect(bodies(data.node.comments)).toEqual(numbers(25, 6))
  })

  test.each([
    ['OLDEST', numbers(1, 25)],
    ['NEWEST', numbers(25, 1)],
  ])(
    'lead through the whole list in the order %s, forward and backward, without gap or repetition',
    async (orderBy, all) => {
      const forward: string[] = []
      for (let after: string | null = null; ; ) {
        const page: Awaited<ReturnType<typeof list>> = await list(post, { orderBy, first: 7, after })
        expect(page.totalCount).toBe(25)
        forward.push(...bodies(page))
        if (!page.pageInfo.hasNextPage) break
        after = page.pageInfo.endCursor
      }
      expect(forward).toEqual(all)
      const backward: string[] = []
      for (let before: string | null = null; ; ) {
        const page: Awaited<ReturnType<typeof list>> = await list(post, { orderBy, last: 7, before })
        backward.unshift(...bodies(page))
        if (!page.pageInfo.hasPreviousPage) break
        before = page.pageInfo.startCursor
      }
      expect(backward).toEqual(all)
    },
  )

  test.each([
    ['no page', { first: 0 }],
    ['a page of less than nothing', { first: -1 }],
    ['more than a hundred', { first: 101 }],
    ['both ends', { first: 1, last: 1 }],
    ['after something that is no cursor', { after: 'nonsense' }],
    ['after the cursor of another order', { orderBy: 'NEWEST', after: 'of OLDEST' }],
    ['after a day that no calendar has', { after: forged('OLDEST', ['2026-02-31 10:00:00+00', UUID]) }],
    ['after the year 0', { after: forged('OLDEST', ['0000-01-01 10:00:00+00', UUID]) }],
    ['after 25 o’clock', { before: forged('OLDEST', ['2026-02-01 25:00:00+00', UUID]) }],
    ['after an id that is none', { after: forged('OLDEST', ['2026-02-01 10:00:00+00', 'x']) }],
  ])('cannot be asked for %s', async (_, page: Record<string, unknown>) => {
    const { edges } = await list(post, { first: 1 })
    const after = page.after === 'of OLDEST' ? edges[0].cursor : page.after
    const { errors } = await list(post, { ...page, after })
    expect(errors?.[0]?.extensions.code).toMatch(/^(BAD_USER_INPUT|QUERY_TOO_COMPLEX)$/)
  })
})

const UUID = '01939c1d-0000-7000-8000-000000000000'
function forged(order: string, keys: string[]): string {
  return Buffer.from(JSON.stringify([order, ...keys])).toString('base64url')
}

describe('a held comment', () => {
  const VIEW = `query ($post: ID!, $reply: ID!, $held: ID!) {
    post: node(id: $post) { ... on Post { commentCount comments { totalCount nodes { id body replies { nodes { id body } } } } } }
    reply: node(id: $reply) { ... on Comment { body parent { id body } } }
    nodes(ids: [$held, $reply]) { id }
  }`
  let post: Uuid
  let held: string
  let reply: string
  beforeAll(async () => {
    post = await server.world.published(who.ada.viewer)
    const id = await server.world.comment(who.bob.viewer, post, 'SECRET words')
    held = commentId(id)
    reply = commentId(await server.world.comment(who.cleo.viewer, post, 'an answer', id))
    await talk.moderate(staff, held, 'HELD')
  })
  const view = (token: string | null) => server.ask(VIEW, { post: postId(post), held, reply }, token)

  test.each(['nobody', 'cleo'] as const)(
    'is nowhere to be found for %s: no list, count, parent or node has it',
    async (name) => {
      const answer = await view(name === 'nobody' ? null : who[name].token)
      expect(answer.data).toEqual({
        post: { commentCount: 1, comments: { totalCount: 0, nodes: [] } },
        reply: { body: 'an answer', parent: null },
        nodes: [null, { id: reply }],
      })
      expect(JSON.stringify(answer)).not.toContain('SECRET')
    },
  )

  test.each(['author', 'owner', 'staff'] as const)('can be read by its %s by its id', async (name) => {
    const token = { author: who.bob.token, owner: who.ada.token, staff }[name]
    const { data } = await view(token)
    expect(data.reply.parent).toEqual({ id: held, body: 'SECRET words' })
    expect(data.nodes).toEqual([{ id: held }, { id: reply }])
  })

  test('is in the export of its author and in nobody else’s', async () => {
    const exported = async (token: string) =>
      JSON.stringify((await server.ask('{ viewer { export } }', {}, token)).data.viewer.export)
    expect(await exported(who.bob.token)).toContain('SECRET words')
    for (const token of [who.ada.token, who.cleo.token, staff]) expect(await exported(token)).not.toContain('SECRET')
  })
})

test('fifty comments cost as many statements as five, whoever looks', async () => {
  const QUERY = `query ($id: ID!) { node(id: $id) { ... on Post { comments(first: 50) { nodes {
    body author { handle } viewerCanModerate viewerReactions reactionCount replyCount
    replies(first: 3) { nodes { body parent { body } } } } } } } }`
  const talked = async (howMany: number): Promise<Uuid> => {
    const post = await server.world.published(who.ada.viewer)
    for (let n = 0; n < howMany; n++) {
      const id = await server.world.comment(who.bob.viewer, post, `${n}`)
      await server.world.comment(who.cleo.viewer, post, 'an answer', id)
      if (n % 2 === 0) await talk.moderate(staff, commentId(id), 'REMOVED')
    }
    return post
  }
  const statementsFor = async (post: Uuid, howMany: number, token: string | null): Promise<string[]> => {
    const heard = await statements.during(async () => {
      const { data } = await server.ask(QUERY, { id: postId(post) }, token)
      expect(data.node.comments.nodes).toHaveLength(howMany)
    })
    // The pool asks a connection that was idle for long whether it still lives.
    return heard.flatMap(({ text }) => (text === 'select 1' ? [] : text)).sort()
  }
  const [few, many] = [await talked(5), await talked(50)]
  await untilMailsSent(server)
  for (const token of [null, who.cleo.token, who.ada.token, staff]) {
    const five = await statementsFor(few, 5, token)
    expect(five.length).toBeGreaterThan(3)
    expect(await statementsFor(many, 50, token)).toEqual(five)
  }
})
