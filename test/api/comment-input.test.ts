import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conversation, outcome, people, postId } from '../support/conversation.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let talk: ReturnType<typeof conversation>
let who: Awaited<ReturnType<typeof people<'ada' | 'bob'>>>
let post: string
beforeAll(async () => {
  server = await startTestServer()
  talk = conversation(server)
  who = await people(server, ['ada', 'bob'])
  post = postId(await server.world.published(who.ada.viewer))
})
afterAll(() => server.close())

const count = async (): Promise<number> => {
  const rows = await server.running.atrium.deps.db.query<{ count: number }>('select count(*)::int from comments')
  return rows[0]?.count ?? -1
}

describe('the words of a comment', () => {
  test.each([
    ['nothing', ''],
    ['white space only', ' \n\t '],
    ['more than 10,000 characters', 'a'.repeat(10_001)],
    ['NUL', 'a\0b'],
    ['a control character', 'a\u0007b'],
    ['half of a surrogate pair', 'a\ud800b'],
  ])('may not be %s, when written or when edited, and nothing changes', async (_, body) => {
    const { comment } = await talk.add(who.bob.token, post, 'as it was')
    const before = await count()
    for (const refused of [
      await talk.add(who.bob.token, post, body),
      await talk.edit(who.bob.token, comment.id, body),
    ]) {
      expect(refused).toMatchObject({
        comment: null,
        userErrors: [{ __typename: 'InvalidInput', code: 'INVALID_INPUT', path: ['input', 'body'] }],
      })
    }
    expect(await count()).toBe(before)
    const { data } = await server.ask('query ($id: ID!) { node(id: $id) { ... on Comment { body } } }', {
      id: comment.id,
    })
    expect(data.node.body).toBe('as it was')
  })

  test('are counted in characters, so 10,000 emoji are as good as 10,000 letters', async () => {
    const { comment } = await talk.add(who.bob.token, post, '😀'.repeat(10_000))
    expect([...comment.body]).toHaveLength(10_000)
  })

  test('that the mail must cut in the middle of an emoji are accepted like others', async () => {
    expect(outcome(await talk.add(who.bob.token, post, `${'a'.repeat(499)}😀 and more`))).toBe('done')
  })

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[click](javascript:alert(1))',
    '[click](data:text/html;base64,PHNjcmlwdD4=)',
    '![x](javascript:alert(1))',
    '<a href="https://example.com" onclick="alert(1)">x</a>',
    '<svg/onload=alert(1)>',
    '<iframe src="https://example.com"></iframe>',
    '<style>*{display:none}</style>',
    '"><script>alert(1)</script>',
  ])('%j are kept as written and shown without anything that runs', async (body) => {
    const { comment } = await talk.add(who.bob.token, post, body)
    expect(comment.body).toBe(body)
    const tags = comment.bodyHtml.match(/<[a-z][^>]*>/gi) ?? []
    for (const tag of tags) expect(tag).toMatch(/^<(p|a|em|strong|code|pre|ul|ol|li|blockquote|br)\b/)
    expect(tags.join('')).not.toMatch(/javascript:|data:|\son\w+\s*=/i)
  })
})

describe('an idempotency key', () => {
  test('that fifty requests use at once makes one comment, and each gets it', async () => {
    const before = await count()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => talk.add(who.bob.token, post, 'once', { idempotencyKey: 'fifty-at-once' })),
    )
    expect(answers.map(outcome)).toEqual(Array.from({ length: 50 }, () => 'done'))
    expect(new Set(answers.map(({ comment }) => comment.id)).size).toBe(1)
    expect(await count()).toBe(before + 1)
  })

  test('that was used for other words is a conflict', async () => {
    await talk.add(who.bob.token, post, 'these words', { idempotencyKey: 'a-key-of-mine' })
    const { comment, userErrors } = await talk.add(who.bob.token, post, 'other words', {
      idempotencyKey: 'a-key-of-mine',
    })
    expect(comment).toBeNull()
    expect(userErrors).toMatchObject([{ __typename: 'Conflict', code: 'CONFLICT', path: ['input', 'idempotencyKey'] }])
  })

  test('is the member’s own: another may use the same', async () => {
    const mine = await talk.add(who.bob.token, post, 'same words', { idempotencyKey: 'a-shared-key' })
    const yours = await talk.add(who.ada.token, post, 'same words', { idempotencyKey: 'a-shared-key' })
    expect(yours.comment.id).not.toBe(mine.comment.id)
  })

  test.each(['', 'short', 'x'.repeat(101), 'with a space', 'with-NUL-\0', 'ünïcödé-key'])(
    '%j is none, and the refusal names it',
    async (idempotencyKey) => {
      const { userErrors } = await talk.add(who.bob.token, post, 'words', { idempotencyKey })
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'idempotencyKey'] }])
    },
  )

  test('of a refused comment is free for another try', async () => {
    const key = { idempotencyKey: 'refused-at-first' }
    expect(outcome(await talk.add(who.bob.token, post, 'words', { ...key, parentId: 'nonsense' }))).toBe('NOT_FOUND')
    expect(outcome(await talk.add(who.bob.token, post, 'words', key))).toBe('done')
  })

  test('is no way to a post that was taken away since', async () => {
    const own = postId(await server.world.published(who.ada.viewer))
    const key = { idempotencyKey: 'before-it-was-archived' }
    expect(outcome(await talk.add(who.bob.token, own, 'words', key))).toBe('done')
    await server.ask(
      'mutation ($id: ID!) { archivePost(input: { id: $id }) { post { id } } }',
      { id: own },
      who.ada.token,
    )
    const again = await talk.add(who.bob.token, own, 'words', key)
    expect(again.comment).toBeNull()
    expect(outcome(again)).toBe('NOT_FOUND')
  })
})
