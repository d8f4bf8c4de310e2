import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import {
  atOnce,
  call,
  codes,
  connect,
  join,
  newcomer,
  PASSWORD,
  REFRESH,
  SIGN_IN,
  SIGN_UP,
  USER_ERRORS,
  WHO,
} from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const DELETE = `mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { deletedId ${USER_ERRORS} } }`
const CREATE = `mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } ${USER_ERRORS} } }`
const COMMENT = `mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } ${USER_ERRORS} } }`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const remove = (token: string | null, password = PASSWORD, on = server) =>
  call(on, { query: DELETE, variables: { input: { password } }, token })
const member = async (handle: string): Promise<{ viewer: Viewer; token: string }> => {
  const viewer = await server.world.person({ handle, password: PASSWORD })
  return { viewer, token: await server.tokenOf(viewer) }
}
const count = async (text: string, parameters: unknown[] = []): Promise<number> => {
  const rows = await server.running.atrium.deps.db.query<{ n: number }>(`select count(*)::int as n ${text}`, parameters)
  return Number(rows[0]?.n)
}

describe('deleting an account', () => {
  test('takes its posts, follows, reactions and reports along, and leaves its comments without words or name', async () => {
    const { viewer, token } = await member('ada')
    const bob = await member('bob')
    const { world } = server
    const own = await world.published(viewer, { title: 'Ada’s' })
    const draft = await world.draft(viewer)
    const bobs = await world.published(bob.viewer, { title: 'Bob’s' })
    await world.comment(bob.viewer, own, 'On what will be gone.')
    const root = await world.comment(viewer, bobs, 'My words.')
    await world.comment(bob.viewer, bobs, 'A reply stays.', root)
    await world.react(viewer, bobs)
    const follow = 'mutation ($id: ID!) { followAccount(input: { accountId: $id }) { userErrors { code } } }'
    await call(server, { query: follow, variables: { id: encodeId('account', bob.viewer.accountId) }, token })
    await call(server, { query: follow, variables: { id: encodeId('account', viewer.accountId) }, token: bob.token })

    const { data } = await remove(token)
    expect(data.deleteAccount).toEqual({ deletedId: encodeId('account', viewer.accountId), userErrors: [] })

    const nodes = [encodeId('account', viewer.accountId), encodeId('post', own), encodeId('post', draft)]
    const query = `query ($nodes: [ID!]!, $bobs: ID!) {
      nodes(ids: $nodes) { id }
      bob: account(handle: "bob") { followerCount followingCount }
      post: node(id: $bobs) { ... on Post {
        reactionCount commentCount
        comments { nodes { body state author { handle } replies { nodes { body author { handle } } } } }
      } }
    }`
    const after = await call(server, { query, variables: { nodes, bobs: encodeId('post', bobs) } })
    expect(after.data).toMatchObject({
      nodes: [null, null, null],
      bob: { followerCount: 0, followingCount: 0 },
      post: {
        reactionCount: 0,
        comments: {
          nodes: [
            {
              body: null,
              state: 'DELETED',
              author: null,
              replies: { nodes: [{ body: 'A reply stays.', author: { handle: 'bob' } }] },
            },
          ],
        },
      },
    })
    const rows = await server.running.atrium.deps.db.query('select row_to_json(c)::text as row from comments c')
    expect(JSON.stringify(rows)).not.toContain('My words.')
  })

  test('frees its handle and its address', async () => {
    const { accessToken } = await join(server, 'cyd')
    await remove(accessToken)
    const again = await call(server, { query: SIGN_UP, variables: newcomer('cyd') })
    expect(again.data.signUp.session.account.handle).toBe('cyd')
  })

  test('ends all its sessions and sockets at once', async () => {
    const phone = await join(server, 'dan')
    const input = { email: 'dan@example.com', password: PASSWORD }
    const laptop = (await call(server, { query: SIGN_IN, variables: { input } })).data.signIn.session
    const sockets = [phone, laptop].map(({ accessToken }) => connect(server, { token: accessToken }))
    for (const socket of sockets) await socket.run(WHO)
    await remove(phone.accessToken)
    for (const { accessToken, refreshToken } of [phone, laptop]) {
      expect((await call(server, { query: WHO, token: accessToken })).status).toBe(401)
      expect(codes(await call(server, { query: REFRESH, variables: { input: { refreshToken } } }))).toEqual([
        'UNAUTHENTICATED',
      ])
    }
    for (const socket of sockets) expect((await socket.closing()).code).toBe(4403)
    const { data } = await call(server, { query: SIGN_IN, variables: { input } })
    expect(data.signIn.userErrors).toMatchObject([{ code: 'WRONG_CREDENTIALS' }])
  })

  test.each(['not the right passphrase', '', `${PASSWORD} `, 'é'.repeat(300_000)])(
    'with a wrong password changes nothing',
    async (password) => {
      const handle = `kept-${Math.random().toString(36).slice(2, 9)}0`
      const { accessToken } = await join(server, handle)
      const { data } = await remove(accessToken, password)
      expect(data.deleteAccount).toMatchObject({
        deletedId: null,
        userErrors: [{ code: 'WRONG_CREDENTIALS', path: ['input', 'password'] }],
      })
      expect((await call(server, { query: WHO, token: accessToken })).data.viewer.account.handle).toBe(handle)
    },
  )

  test('is no way to guess the password: attempts are counted with those of signing in', async () => {
    const strict = await startTestServer({ limits: { signInAttemptsPerAccount: 4 } })
    const { accessToken } = await join(strict, 'eve')
    for (let n = 0; n < 2; n++) expect(codes(await remove(accessToken, 'a wrong one', strict))).toEqual([])
    const input = { email: 'eve@example.com', password: 'a wrong one' }
    for (let n = 0; n < 2; n++) expect(codes(await call(strict, { query: SIGN_IN, variables: { input } }))).toEqual([])
    expect(codes(await remove(accessToken, PASSWORD, strict))).toEqual(['RATE_LIMITED'])
    expect((await call(strict, { query: WHO, token: accessToken })).data.viewer.account.handle).toBe('eve')
    await strict.close()
  })
})

describe('races', () => {
  test('of several deletions of one account end in one deletion, and in no fault of ours', async () => {
    const { viewer, token } = await member('fay')
    await server.world.published(viewer)
    const replies = await atOnce(10, () => remove(token))
    const done = replies.filter(({ data }) => data?.deleteAccount?.deletedId)
    expect(done.length).toBeGreaterThanOrEqual(1)
    expect(replies.flatMap(codes).filter((code) => code !== 'UNAUTHENTICATED')).toEqual([])
    expect(replies.flatMap(({ data }) => data?.deleteAccount?.userErrors ?? [])).toEqual([])
    expect(await count('from accounts where id = $1', [viewer.accountId])).toBe(0)
  })

  test('of writing and deleting leave nothing behind that is somebody’s who is gone', async () => {
    const host = await member('host')
    const post = encodeId('post', await server.world.published(host.viewer))
    for (let round = 0; round < 5; round++) {
      const { viewer, token } = await member(`gil-${round}`)
      const before = await count('from subjects')
      const writing = atOnce(30, (n) =>
        n % 2 === 0
          ? call(server, {
              query: CREATE,
              variables: { input: { title: `Post ${n}`, body: 'Words.', idempotencyKey: `key-${n}-${round}-x` } },
              token,
            })
          : call(server, { query: COMMENT, variables: { input: { subjectId: post, body: `Comment ${n}` } }, token }),
      )
      const deleting = new Promise((resolve) => setTimeout(resolve, round * 8)).then(() => remove(token))
      const [written, removed] = await Promise.all([writing, deleting])
      expect(removed.data.deleteAccount.userErrors).toEqual([])
      expect(written.flatMap(codes).filter((code) => code !== 'UNAUTHENTICATED')).toEqual([])
      expect(
        written.flatMap(({ data }) => Object.values<{ userErrors: unknown[] } | null>(data ?? {})[0]?.userErrors ?? []),
      ).toEqual([])
      expect(await count('from accounts where id = $1', [viewer.accountId])).toBe(0)
      expect(await count('from posts where author_id = $1', [viewer.accountId])).toBe(0)
      expect(
        await count(`from comments where author_id = $1 or (author_id is null and body <> '')`, [viewer.accountId]),
      ).toBe(0)
      const comments = written.filter(({ data }) => data?.addComment?.comment).length
      expect(await count('from subjects')).toBe(before + comments)
    }
  })

  test('of signing in and deleting end signed out', async () => {
    const { token } = await member('hal')
    const input = { email: 'hal@example.com', password: PASSWORD }
    const [removed, ...signedIn] = await Promise.all([
      remove(token),
      ...Array.from({ length: 20 }, () => call(server, { query: SIGN_IN, variables: { input } })),
    ])
    expect(removed?.data.deleteAccount.userErrors).toEqual([])
    expect(signedIn.flatMap(codes)).toEqual([])
    for (const { data } of signedIn) {
      const { session, userErrors } = data.signIn
      if (session === null) expect(userErrors).toMatchObject([{ code: 'WRONG_CREDENTIALS' }])
      else expect((await call(server, { query: WHO, token: session.accessToken })).status).toBe(401)
    }
  })
})
