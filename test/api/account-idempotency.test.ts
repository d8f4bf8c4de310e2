import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atOnce, call, codes, connect, join, USER_ERRORS } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const CREATE = `mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id title slug } ${USER_ERRORS} } }`

let server: TestServer
let token: string
let other: string
beforeAll(async () => {
  server = await startTestServer()
  token = (await join(server, 'ada')).accessToken
  other = (await join(server, 'bob')).accessToken
})
afterAll(() => server.close())

let made = 0
const newKey = (): string => `a-new-key-${++made}`
const create = async (input: Record<string, unknown>, as = token) => {
  const { data, errors } = await call(server, {
    query: CREATE,
    variables: { input: { title: 'Once', body: 'Only.', ...input } },
    token: as,
  })
  expect(errors).toBeUndefined()
  return data.createPost
}
const countPosts = async (): Promise<number> => {
  const rows = await server.running.atrium.deps.db.query<{ n: number }>('select count(*)::int as n from posts')
  return Number(rows[0]?.n)
}

describe('a mutation with an idempotency key', () => {
  test('that is sent again gets the first answer, and does nothing', async () => {
    const idempotencyKey = newKey()
    const first = await create({ idempotencyKey })
    const before = await countPosts()
    expect(await create({ idempotencyKey })).toEqual(first)
    const socket = connect(server, { token })
    const input = { body: 'Only.', title: 'Once', idempotencyKey }
    expect((await socket.run(CREATE, { input })).data.createPost).toEqual(first)
    await socket.client.dispose()
    expect(await countPosts()).toBe(before)
  })

  test('that is sent again after its post was deleted is told so', async () => {
    const idempotencyKey = newKey()
    const { post } = await create({ idempotencyKey })
    const query = 'mutation ($id: ID!) { deletePost(input: { id: $id }) { deletedId } }'
    await call(server, { query, variables: { id: post.id }, token })
    expect(await create({ idempotencyKey })).toMatchObject({
      post: null,
      userErrors: [{ code: 'NOT_FOUND', path: ['input', 'idempotencyKey'] }],
    })
  })

  test('that is sent fifty times at once is done once, and all get its answer', async () => {
    const before = await countPosts()
    const idempotencyKey = newKey()
    const answers = await atOnce(50, () => create({ idempotencyKey }))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0].post.id).toMatch(/^post_/)
    expect(await countPosts()).toBe(before + 1)
  })

  test('and another input is a CONFLICT that changes nothing', async () => {
    const idempotencyKey = newKey()
    const { post } = await create({ idempotencyKey })
    const before = await countPosts()
    for (const input of [{ title: 'Other' }, { body: 'Other.' }, { tags: [] }, { excerpt: 'Own.' }]) {
      expect(await create({ ...input, idempotencyKey })).toMatchObject({
        post: null,
        userErrors: [{ code: 'CONFLICT', path: ['input', 'idempotencyKey'] }],
      })
    }
    expect(await countPosts()).toBe(before)
    expect((await create({ idempotencyKey })).post).toEqual(post)
  })

  test('of different inputs at once: one is done, the others are told of the conflict', async () => {
    const idempotencyKey = newKey()
    const answers = await atOnce(20, (n) => create({ title: `Variant ${n}`, idempotencyKey }))
    expect(answers.filter(({ post }) => post !== null)).toHaveLength(1)
    expect(answers.filter(({ userErrors }) => userErrors[0]?.code === 'CONFLICT')).toHaveLength(19)
  })

  test('of another mutation is a CONFLICT', async () => {
    const idempotencyKey = newKey()
    const { post } = await create({ idempotencyKey })
    const query = `mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } ${USER_ERRORS} } }`
    const variables = { input: { subjectId: post.id, body: 'Hello', idempotencyKey } }
    expect((await call(server, { query, variables, token })).data.addComment.userErrors).toMatchObject([
      { code: 'CONFLICT' },
    ])
  })

  test('is independent of the same key of another account', async () => {
    const idempotencyKey = newKey()
    const [mine, theirs] = await Promise.all([create({ idempotencyKey }), create({ idempotencyKey }, other)])
    expect(mine.post.id).not.toBe(theirs.post.id)
    expect((await create({ idempotencyKey, title: 'Mine alone' }, other)).userErrors[0].code).toBe('CONFLICT')
  })

  test('that failed leaves the key free for another try', async () => {
    const idempotencyKey = newKey()
    for (const wrong of [{ title: '' }, { tags: ['no-such-tag'] }]) {
      expect((await create({ ...wrong, idempotencyKey })).userErrors[0].code).toBe('INVALID_INPUT')
    }
    expect((await create({ idempotencyKey })).post.title).toBe('Once')
  })

  test('is done each time without a key', async () => {
    const before = await countPosts()
    for (const input of [{}, {}, { idempotencyKey: null }]) expect((await create(input)).userErrors).toEqual([])
    expect(await countPosts()).toBe(before + 3)
  })

  test.each(['', 'short-7', 'x'.repeat(101), 'with a space', 'línea-de-acento', 'nul-nul-nul\0', 'line\nbreak-line'])(
    'that is %j is INVALID_INPUT',
    async (idempotencyKey) => {
      const before = await countPosts()
      expect(await create({ idempotencyKey })).toMatchObject({
        post: null,
        userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'idempotencyKey'] }],
      })
      expect(await countPosts()).toBe(before)
    },
  )

  test('needs somebody whose key it is', async () => {
    const variables = { input: { title: 'Once', body: 'Only.', idempotencyKey: newKey() } }
    expect(codes(await call(server, { query: CREATE, variables }))).toEqual(['UNAUTHENTICATED'])
  })

  test('takes any key of 8 to 100 printable characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[\x21-\x7e]{8,100}$/), async (key) => {
        const idempotencyKey = `${key.slice(0, 92)}${++made}`.padEnd(8, '-')
        const first = await create({ idempotencyKey })
        expect(await create({ idempotencyKey })).toEqual(first)
      }),
      { numRuns: 20 },
    )
  })
})
