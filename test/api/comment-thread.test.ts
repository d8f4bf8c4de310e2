import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commentId, conversation, outcome, people, postId } from '../support/conversation.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let talk: ReturnType<typeof conversation>
let who: Awaited<ReturnType<typeof people<'ada' | 'bob' | 'cleo'>>>
let post: string
beforeAll(async () => {
  server = await startTestServer()
  talk = conversation(server)
  who = await people(server, ['ada', 'bob', 'cleo'])
})
beforeEach(async () => {
  post = postId(await server.world.published(who.ada.viewer))
})
afterAll(() => server.close())

const THREAD = `query ($id: ID!) { node(id: $id) { ... on Post { commentCount comments(first: 5, orderBy: OLDEST) {
  totalCount nodes { ...C replies(first: 5) { totalCount nodes { ...C replies(first: 5) { totalCount nodes { ...C } } } } }
} } } } fragment C on Comment { id body bodyHtml state author { handle } replyCount depth parent { id } }`
const thread = async (token: string | null = null) => (await server.ask(THREAD, { id: post }, token)).data.node

/** Adds a comment that must be accepted, and answers its id. */
async function say(by: 'ada' | 'bob' | 'cleo', body: string, parentId?: string): Promise<string> {
  const answer = await talk.add(who[by].token, post, body, { parentId })
  expect(outcome(answer)).toBe('done')
  return answer.comment.id
}

describe('a thread', () => {
  test('is made of comments and their replies, each below what it answers', async () => {
    const first = await say('bob', 'first')
    const reply = await say('cleo', 'reply', first)
    await say('bob', 'reply to the reply', reply)
    await say('cleo', 'second')
    const { commentCount, comments } = await thread()
    expect(commentCount).toBe(4)
    expect(comments.totalCount).toBe(2)
    expect(comments.nodes).toMatchObject([
      {
        body: 'first',
        depth: 0,
        parent: null,
        replyCount: 1,
        author: { handle: 'bob' },
        replies: { nodes: [{ body: 'reply', depth: 1, parent: { id: first }, replies: { nodes: [{ depth: 2 }] } }] },
      },
      { body: 'second', replies: { totalCount: 0, nodes: [] } },
    ])
  })

  test('goes eight replies deep and no deeper, and the refusal says so', async () => {
    let parent: string | undefined
    for (let depth = 0; depth <= 8; depth++) parent = await say('bob', `depth ${depth}`, parent)
    const { comment, userErrors } = await talk.add(who.bob.token, post, 'too deep', { parentId: parent })
    expect(comment).toBeNull()
    expect(userErrors).toMatchObject([
      { __typename: 'LimitExceeded', code: 'LIMIT_EXCEEDED', limit: 8, path: ['input', 'parentId'] },
    ])
  })

  test('takes no reply to a comment of another post, nor to what is no comment', async () => {
    const elsewhere = commentId(
      await server.world.comment(who.bob.viewer, await server.world.published(who.ada.viewer)),
    )
    for (const parentId of [elsewhere, post, 'comment_01jdzzzzzzzzzzzzzzzzzzzzzz', 'nonsense', '\0']) {
      const { userErrors } = await talk.add(who.bob.token, post, 'reply', { parentId })
      expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'parentId'] }])
    }
  })

  test('takes no reply to a comment that was deleted', async () => {
    const gone = await say('bob', 'gone')
    await talk.remove(who.bob.token, gone)
    expect(outcome(await talk.add(who.cleo.token, post, 'reply', { parentId: gone }))).toBe('INVALID_INPUT')
  })
})

describe('editing', () => {
  test('changes the words and says when', async () => {
    const id = await say('bob', 'before')
    const { comment } = await talk.edit(who.bob.token, id, '**after**')
    expect(comment).toMatchObject({ id, body: '**after**', bodyHtml: '<p><strong>after</strong></p>\n' })
    const { data } = await server.ask('query ($id: ID!) { node(id: $id) { ... on Comment { body editedAt } } }', { id })
    expect(data.node).toEqual({ body: '**after**', editedAt: expect.stringMatching(/^\d{4}-.*Z$/) })
  })
})

describe('deleting', () => {
  test('takes a comment without replies off the list', async () => {
    const id = await say('bob', 'alone')
    const { comment } = await talk.remove(who.bob.token, id)
    expect(comment).toMatchObject({ id, state: 'DELETED', body: null, bodyHtml: null, author: null })
    expect(await thread()).toMatchObject({ commentCount: 0, comments: { totalCount: 0, nodes: [] } })
  })

  test('leaves an empty place where there are replies, without words and without a name', async () => {
    const id = await say('bob', 'answered')
    const reply = await say('cleo', 'answer', id)
    await talk.remove(who.bob.token, id)
    const { commentCount, comments } = await thread()
    expect(commentCount).toBe(1)
    expect(comments).toMatchObject({
      totalCount: 1,
      nodes: [
        { id, state: 'DELETED', body: null, bodyHtml: null, author: null, replies: { nodes: [{ body: 'answer' }] } },
      ],
    })
    await talk.remove(who.cleo.token, reply)
    expect((await thread()).comments).toEqual({ totalCount: 0, nodes: [] })
  })

  test('keeps several empty places above a reply that is still there', async () => {
    const top = await say('bob', 'top')
    const middle = await say('cleo', 'middle', top)
    await say('ada', 'below', middle)
    for (const [by, id] of [
      ['bob', top],
      ['cleo', middle],
    ] as const)
      await talk.remove(who[by].token, id)
    const { comments } = await thread()
    expect(comments).toMatchObject({
      totalCount: 1,
      nodes: [
        {
          id: top,
          body: null,
          replyCount: 0,
          replies: { totalCount: 1, nodes: [{ id: middle, body: null, replies: { nodes: [{ body: 'below' }] } }] },
        },
      ],
    })
  })

  test('leaves no word of it in the database', async () => {
    const id = await say('bob', 'a secret that slipped out')
    await talk.remove(who.bob.token, id)
    const left = await server.running.atrium.deps.db.query<{ body: string }>(
      "select body from comments where body || body_html like '%slipped%'",
    )
    expect(left).toEqual([])
  })

  test('happens once', async () => {
    const id = await say('bob', 'once')
    expect(outcome(await talk.remove(who.bob.token, id))).toBe('done')
    expect((await talk.remove(who.bob.token, id)).userErrors).toMatchObject([
      { __typename: 'IllegalTransition', from: 'DELETED', allowed: [], path: ['input', 'id'] },
    ])
  })

  test('of the post takes its comments, and the reactions and reports that hang on them', async () => {
    const id = await say('bob', 'liked and reported')
    await talk.react(who.cleo.token, id)
    await talk.report(who.cleo.token, id)
    await server.ask(
      'mutation ($id: ID!) { deletePost(input: { id: $id }) { deletedId } }',
      { id: post },
      who.ada.token,
    )
    const { db } = server.running.atrium.deps
    const orphans = await db.query(
      `select id from subjects s where kind = 'COMMENT' and not exists (select 1 from comments c where c.id = s.id)`,
    )
    expect(orphans).toEqual([])
  })
})

describe('where comments are open', () => {
  const addTo = async (token: string | null, id: string) => outcome(await talk.add(token, id, 'words'))

  test('a draft is not found by others, and takes none from its author', async () => {
    const draft = postId(await server.world.draft(who.ada.viewer))
    expect(await addTo(who.bob.token, draft)).toBe('NOT_FOUND')
    expect(await addTo(who.ada.token, draft)).toBe('INVALID_INPUT')
  })

  test('an archived post is not found by others, and takes none from its author', async () => {
    await server.ask(
      'mutation ($id: ID!) { archivePost(input: { id: $id }) { post { id } } }',
      { id: post },
      who.ada.token,
    )
    expect(await addTo(who.bob.token, post)).toBe('NOT_FOUND')
    expect(await addTo(who.ada.token, post)).toBe('INVALID_INPUT')
  })

  test('who is not signed in is asked to sign in, before anything is looked up', async () => {
    expect(await addTo(null, post)).toBe('UNAUTHENTICATED')
    expect(await addTo(null, 'nonsense')).toBe('UNAUTHENTICATED')
  })

  test('nothing but a subject can be commented on', async () => {
    const account = 'account_01jdzzzzzzzzzzzzzzzzzzzzzz'
    for (const id of [account, 'post_01jdzzzzzzzzzzzzzzzzzzzzzz', '', 'post_', 'x'.repeat(5000)]) {
      expect(await addTo(who.bob.token, id)).toBe('NOT_FOUND')
    }
    expect(await addTo(who.bob.token, await say('bob', 'a comment'))).toBe('INVALID_INPUT')
  })
})
