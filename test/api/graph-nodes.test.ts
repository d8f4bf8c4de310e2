import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, newId } from '../../src/core/ids.ts'
import { conversation, people } from '../support/conversation.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let who: Awaited<ReturnType<typeof people<'ada' | 'bob'>>>
let staff: { token: string }
const ids: Record<string, string> = {}
beforeAll(async () => {
  server = await startTestServer()
  const { world } = server
  who = await people(server, ['ada', 'bob'])
  const { keeper } = await people(server, ['keeper'], 'STAFF')
  staff = keeper
  const post = await world.published(who.ada.viewer)
  const archived = encodeId('post', await world.published(who.ada.viewer))
  await server.ask(
    'mutation ($id: ID!) { archivePost(input: { id: $id }) { post { id } } }',
    { id: archived },
    who.ada.token,
  )
  const comment = encodeId('comment', await world.comment(who.bob.viewer, post))
  await conversation(server).report(who.ada.token, comment)
  const reports = await server.ask('{ openReports { nodes { id } } }', {}, keeper.token)
  Object.assign(ids, {
    Account: encodeId('account', who.ada.viewer.accountId),
    Post: encodeId('post', post),
    Draft: encodeId('post', await world.draft(who.ada.viewer)),
    Archived: archived,
    Tag: encodeId('tag', await world.tag(keeper.viewer, 'A tag')),
    Category: encodeId('category', await world.category(keeper.viewer, 'A category')),
    Comment: comment,
    Report: reports.data.openReports.nodes[0].id,
  })
})
afterAll(() => server.close())

const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }'
const TYPES: Record<string, string> = { Draft: 'Post', Archived: 'Post' }

describe('node', () => {
  /** Who finds what: nobody in particular, a member, the author of the posts, staff. */
  test.each([
    ['Account', [true, true, true, true]],
    ['Post', [true, true, true, true]],
    ['Tag', [true, true, true, true]],
    ['Category', [true, true, true, true]],
    ['Comment', [true, true, true, true]],
    ['Draft', [false, false, true, false]],
    ['Archived', [false, false, true, true]],
    ['Report', [false, false, false, true]],
  ])('%s', async (name, found) => {
    const id = ids[name]
    const answers = await Promise.all(
      [null, who.bob.token, who.ada.token, staff.token].map((token) => server.ask(NODE, { id }, token)),
    )
    for (const [index, { data, errors }] of answers.entries()) {
      if (found[index]) expect(data.node).toEqual({ __typename: TYPES[name] ?? name, id })
      else expect([data.node, errors?.[0]?.extensions.code]).toEqual([null, 'NOT_FOUND'])
    }
  })

  test('what is private and what does not exist get the same answer', async () => {
    const [draft, nothing] = await Promise.all(
      [ids.Draft, encodeId('post', newId())].map((id) => server.ask(NODE, { id }, who.bob.token)),
    )
    expect(draft).toEqual(nothing)
  })

  test.each([
    ['nothing', () => ''],
    ['a bare uuid', () => newId()],
    ['the id of a post that calls itself a comment', () => ids.Post?.replace('post_', 'comment_')],
    ['a kind that there is not', () => encodeId('order', newId())],
    ['a session, which is no node', () => encodeId('session', newId())],
    ['a number too large for an id', () => `post_${'z'.repeat(26)}`],
    ['capitals', () => ids.Post?.toUpperCase()],
    ['NUL', () => `${ids.Post}\0`],
    ['a megabyte less than the limit', () => 'post_'.repeat(100_000)],
    ['SQL', () => "post_' or 1=1 --"],
  ])('is NOT_FOUND for %s', async (_, id) => {
    const { data, errors } = await server.ask(NODE, { id: id() }, staff.token)
    expect([data.node, errors?.[0]?.extensions.code]).toEqual([null, 'NOT_FOUND'])
  })
})

describe('nodes', () => {
  const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }'

  test('keeps the order and the repetitions, with null where nothing is to be seen', async () => {
    const asked = [ids.Tag, 'nonsense', ids.Draft, ids.Post, ids.Report, ids.Post, ids.Comment]
    const { data, errors } = await server.ask(NODES, { ids: asked })
    expect(errors).toBeUndefined()
    expect(data.nodes.map((node: { id: string } | null) => node?.id ?? null)).toEqual([
      ids.Tag,
      null,
      null,
      ids.Post,
      null,
      ids.Post,
      ids.Comment,
    ])
  })

  test('of none is empty, and of more than a hundred is refused', async () => {
    expect((await server.ask(NODES, { ids: [] })).data).toEqual({ nodes: [] })
    const { data, errors } = await server.ask(NODES, { ids: Array.from({ length: 101 }, () => ids.Post) })
    expect(data ?? null).toBeNull()
    expect(errors).toHaveLength(1)
    expect(errors?.[0]?.extensions.code).toMatch(/^[A-Z_]+$/)
  })
})
