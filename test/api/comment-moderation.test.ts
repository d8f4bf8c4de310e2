import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CommentState } from '../../src/domain/comment/rules.ts'
import { commentId, conversation, outcome, people, postId } from '../support/conversation.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let talk: ReturnType<typeof conversation>
let tokens: Record<string, string | null>
let who: Awaited<ReturnType<typeof people<'member' | 'author' | 'owner'>>>
let staff: Awaited<ReturnType<typeof people<'keeper'>>>['keeper']
let post: string
beforeAll(async () => {
  server = await startTestServer()
  talk = conversation(server)
  who = await people(server, ['member', 'author', 'owner'])
  staff = (await people(server, ['keeper'], 'STAFF')).keeper
  post = postId(await server.world.published(who.owner.viewer))
  const { member, author, owner } = who
  tokens = { nobody: null, member: member.token, author: author.token, owner: owner.token, staff: staff.token }
})
afterAll(() => server.close())

const WORDS = 'words that matter'

/** A new comment of `author` on the post of `owner`, brought into its state the way it gets there in life. */
async function commentIn(state: CommentState): Promise<string> {
  const { comment } = await talk.add(who.author.token, post, WORDS)
  if (state === 'DELETED') await talk.remove(who.author.token, comment.id)
  else if (state !== 'VISIBLE') await talk.moderate(staff.token, comment.id, state)
  return comment.id
}

const SEEN = `query ($id: ID!) { node(id: $id) { ... on Comment {
  state body bodyHtml author { handle } viewerCanEdit viewerCanDelete viewerCanModerate } } }`

const actions: Record<string, (token: string | null, id: string) => Promise<string>> = {
  see: async (token, id) => outcome({ errors: (await server.ask(SEEN, { id }, token)).errors }),
  read: async (token, id) => {
    const { data } = await server.ask(SEEN, { id }, token)
    const { body, bodyHtml, author } = data?.node ?? {}
    if (body == null) expect([bodyHtml ?? null, author ?? null]).toEqual([null, null])
    else expect({ body, author }).toEqual({ body: WORDS, author: { handle: 'author' } })
    return body == null ? 'no words' : 'words'
  },
  reply: async (token, id) => outcome(await talk.add(token, post, 'a reply', { parentId: id })),
  edit: async (token, id) => outcome(await talk.edit(token, id, 'other words')),
  delete: async (token, id) => outcome(await talk.remove(token, id)),
  hold: async (token, id) => outcome(await talk.moderate(token, id, 'HELD')),
  remove: async (token, id) => outcome(await talk.moderate(token, id, 'REMOVED')),
  restore: async (token, id) => outcome(await talk.moderate(token, id, 'VISIBLE')),
}

const [OK, NO, WHO, NF, BAD, ILL] = [
  'done',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'NOT_FOUND',
  'INVALID_INPUT',
  'ILLEGAL_TRANSITION',
] as const
const [W, X] = ['words', 'no words'] as const

/** For each state and action what nobody, a member, the author, the owner of the post and staff get. */
const TABLE: Record<CommentState, Record<string, readonly [string, string, string, string, string]>> = {
  VISIBLE: {
    see: [OK, OK, OK, OK, OK],
    read: [W, W, W, W, W],
    reply: [WHO, OK, OK, OK, OK],
    edit: [WHO, NO, OK, NO, NO],
    delete: [WHO, NO, OK, NO, NO],
    hold: [WHO, NO, NO, NO, OK],
    remove: [WHO, NO, NO, OK, OK],
    restore: [WHO, NO, NO, OK, OK],
  },
  HELD: {
    see: [NF, NF, OK, OK, OK],
    read: [X, X, W, W, W],
    reply: [WHO, NF, BAD, BAD, BAD],
    edit: [WHO, NF, OK, NO, NO],
    delete: [WHO, NF, OK, NO, NO],
    hold: [WHO, NF, NO, NO, OK],
    remove: [WHO, NF, NO, NO, OK],
    restore: [WHO, NF, NO, NO, OK],
  },
  REMOVED: {
    see: [OK, OK, OK, OK, OK],
    read: [X, X, W, W, W],
    reply: [WHO, BAD, BAD, BAD, BAD],
    edit: [WHO, NO, BAD, NO, NO],
    delete: [WHO, NO, OK, NO, NO],
    hold: [WHO, NO, NO, NO, ILL],
    remove: [WHO, NO, NO, NO, OK],
    restore: [WHO, NO, NO, NO, OK],
  },
  DELETED: {
    see: [OK, OK, OK, OK, OK],
    read: [X, X, X, X, X],
    reply: [WHO, BAD, BAD, BAD, BAD],
    edit: [WHO, NO, BAD, NO, NO],
    delete: [WHO, NO, ILL, NO, NO],
    hold: [WHO, NO, NO, NO, ILL],
    remove: [WHO, NO, NO, ILL, ILL],
    restore: [WHO, NO, NO, ILL, ILL],
  },
}
const VIEWERS = ['nobody', 'member', 'author', 'owner', 'staff'] as const

const cases = Object.entries(TABLE).flatMap(([state, byAction]) =>
  Object.entries(byAction).flatMap(([action, expected]) =>
    VIEWERS.map((viewer, index) => ({ state: state as CommentState, action, viewer, expected: expected[index] })),
  ),
)

test('the table has every state, action and viewer', () => {
  expect(cases).toHaveLength(4 * 8 * 5)
})

test.each(cases)(
  '$viewer who would $action a comment that is $state gets: $expected',
  async ({ state, action, viewer, expected }) => {
    const id = await commentIn(state)
    expect(await actions[action]?.(tokens[viewer] ?? null, id)).toBe(expected)
  },
)

describe('what the graph says the viewer may do is what it lets them do', () => {
  test.each(Object.keys(TABLE).flatMap((state) => VIEWERS.map((viewer) => ({ state: state as CommentState, viewer }))))(
    '$viewer and a comment that is $state',
    async ({ state, viewer }) => {
      const id = await commentIn(state)
      const { data } = await server.ask(SEEN, { id }, tokens[viewer] ?? null)
      const said = data?.node
      if (said == null) return expect(TABLE[state].see?.[VIEWERS.indexOf(viewer)]).toBe(NF)
      const may = (action: string) => TABLE[state][action]?.[VIEWERS.indexOf(viewer)] === OK
      expect(said).toMatchObject({
        viewerCanEdit: may('edit'),
        viewerCanDelete: may('delete'),
        viewerCanModerate: may('hold') || may('remove') || may('restore'),
      })
    },
  )
})

test('nobody overrules a decision about their own words on their own post, but staff does', async () => {
  const { comment } = await talk.add(who.owner.token, post, 'mine')
  await talk.moderate(staff.token, comment.id, 'REMOVED')
  expect(outcome(await talk.moderate(who.owner.token, comment.id, 'VISIBLE'))).toBe('FORBIDDEN')
  expect(outcome(await talk.moderate(staff.token, comment.id, 'VISIBLE'))).toBe('done')
})

test('on an archived post the comments are found by nobody but its owner and staff', async () => {
  const own = await server.world.published(who.owner.viewer)
  const id = commentId(await server.world.comment(who.author.viewer, own, WORDS))
  await server.ask(
    'mutation ($id: ID!) { archivePost(input: { id: $id }) { post { id } } }',
    { id: postId(own) },
    who.owner.token,
  )
  const seen = await Promise.all(VIEWERS.map((viewer) => actions.see?.(tokens[viewer] ?? null, id)))
  expect(seen).toEqual([NF, NF, NF, OK, OK])
  expect(outcome(await talk.edit(who.author.token, id, 'other'))).toBe('NOT_FOUND')
  expect(outcome(await talk.remove(who.member.token, id))).toBe('NOT_FOUND')
})

test('authors delete their words on an archived post too, and see nothing of it by that', async () => {
  const own = await server.world.published(who.owner.viewer)
  const id = commentId(await server.world.comment(who.author.viewer, own, WORDS))
  const archive = 'mutation ($id: ID!) { archivePost(input: { id: $id }) { post { id } } }'
  await server.ask(archive, { id: postId(own) }, who.owner.token)
  const { comment, userErrors } = await talk.remove(who.author.token, id)
  expect({ comment, userErrors }).toEqual({ comment: null, userErrors: [] })
  expect((await server.ask(SEEN, { id }, staff.token)).data.node).toMatchObject({ state: 'DELETED', body: null })
})

describe('the owner of a post', () => {
  const moderable = async (id: string) =>
    (await server.ask(SEEN, { id }, who.owner.token)).data.node.viewerCanModerate as boolean

  test('removes a comment and restores it', async () => {
    const id = await commentIn('VISIBLE')
    for (const state of ['REMOVED', 'REMOVED', 'VISIBLE', 'VISIBLE']) {
      expect(outcome(await talk.moderate(who.owner.token, id, state))).toBe('done')
      expect(await moderable(id)).toBe(true)
    }
  })

  test('cannot restore what they removed once staff confirmed it', async () => {
    const id = await commentIn('VISIBLE')
    await talk.moderate(who.owner.token, id, 'REMOVED')
    await talk.moderate(staff.token, id, 'REMOVED')
    expect(outcome(await talk.moderate(who.owner.token, id, 'VISIBLE'))).toBe('FORBIDDEN')
    expect(await moderable(id)).toBe(false)
  })

  test('decides again about what staff restored', async () => {
    const id = await commentIn('REMOVED')
    await talk.moderate(staff.token, id, 'VISIBLE')
    expect(await moderable(id)).toBe(true)
    expect(outcome(await talk.moderate(who.owner.token, id, 'REMOVED'))).toBe('done')
  })
})

test.each(['comment_01jdzzzzzzzzzzzzzzzzzzzzzz', 'nonsense', ''])('no comment has the id %j', async (id) => {
  expect(outcome(await talk.edit(who.author.token, id, 'words'))).toBe('NOT_FOUND')
  expect(outcome(await talk.remove(who.author.token, id))).toBe('NOT_FOUND')
  expect(outcome(await talk.moderate(staff.token, id, 'HELD'))).toBe('NOT_FOUND')
  expect(outcome(await talk.edit(who.author.token, post, 'words'))).toBe('NOT_FOUND')
})
