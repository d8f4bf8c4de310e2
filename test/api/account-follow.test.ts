import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, newId } from '../../src/core/ids.ts'
import { atOnce, call, codes, join, type Session, USER_ERRORS } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let ada: Session
beforeAll(async () => {
  server = await startTestServer()
  ada = await join(server, 'ada')
})
afterAll(() => server.close())

const act = (verb: 'follow' | 'unfollow', accountId: string, token: string | null = ada.accessToken) =>
  call(server, {
    query: `mutation ($input: FollowInput!) {
      result: ${verb}Account(input: $input) { account { handle viewerFollows followerCount } ${USER_ERRORS} }
    }`,
    variables: { input: { accountId } },
    token,
  })
const ask = async (handle: string, selection: string, token: string | null = null) =>
  (await call(server, { query: `{ account(handle: "${handle}") { ${selection} } }`, token })).data.account

describe('following', () => {
  test('twice is following once, and unfollowing twice is unfollowing once', async () => {
    const bob = await join(server, 'bob')
    for (let n = 0; n < 2; n++) {
      const followed = { account: { handle: 'bob', viewerFollows: true, followerCount: 1 }, userErrors: [] }
      expect((await act('follow', bob.account.id)).data.result).toEqual(followed)
    }
    for (let n = 0; n < 2; n++) {
      const left = { account: { handle: 'bob', viewerFollows: false, followerCount: 0 }, userErrors: [] }
      expect((await act('unfollow', bob.account.id)).data.result).toEqual(left)
    }
  })

  test('fifty times at once, by fifty and by one, counts each follower once', async () => {
    const star = await join(server, 'star')
    const fans = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => server.tokenOf(await server.world.person({ handle: `fan-${n}` }))),
    )
    const replies = await atOnce(50, (n) => act('follow', star.account.id, fans[n % 10]))
    expect(replies.flatMap(codes)).toEqual([])
    expect(replies.flatMap(({ data }) => data.result.userErrors)).toEqual([])
    expect(await ask('star', 'followerCount followers { totalCount nodes { handle } }')).toMatchObject({
      followerCount: 10,
      followers: { totalCount: 10 },
    })
    await atOnce(50, (n) => act('unfollow', star.account.id, fans[n % 5]))
    expect(await ask('star', 'followerCount')).toEqual({ followerCount: 5 })
  })

  test('oneself is refused', async () => {
    expect((await act('follow', ada.account.id)).data.result).toMatchObject({
      account: null,
      userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'accountId'] }],
    })
    expect(await ask('ada', 'followerCount')).toEqual({ followerCount: 0 })
  })

  test.each([
    ['nobody', () => encodeId('account', newId())],
    ['the id of something else', () => encodeId('post', newId())],
    ['a handle', () => 'bob'],
    ['nothing', () => ''],
  ])('%s is NOT_FOUND', async (_what, id) => {
    expect((await act('follow', id())).data.result).toMatchObject({
      account: null,
      userErrors: [{ code: 'NOT_FOUND', path: ['input', 'accountId'] }],
    })
  })

  test('needs somebody who follows', async () => {
    const reply = await act('follow', ada.account.id, null)
    expect([codes(reply), reply.data.result]).toEqual([['UNAUTHENTICATED'], null])
  })
})

describe('followers and following', () => {
  const order = Array.from({ length: 7 }, (_, n) => `reader-${n}`)
  beforeAll(async () => {
    const author = await join(server, 'author')
    for (const handle of order) {
      const token = await server.tokenOf(await server.world.person({ handle }))
      await act('follow', author.account.id, token)
    }
    await act('follow', author.account.id)
  })

  test('come the latest first, page by page in both directions, without gap or duplicate', async () => {
    const all = ['ada', ...order.toReversed()]
    const page = 'edges { cursor node { handle } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'
    const forward: string[] = []
    for (let after: string | null = null; ; ) {
      const { followers } = await ask('author', `followers(first: 3, after: ${JSON.stringify(after)}) { ${page} }`)
      forward.push(...followers.edges.map(({ node }: { node: { handle: string } }) => node.handle))
      after = followers.pageInfo.endCursor
      if (!followers.pageInfo.hasNextPage) break
    }
    expect(forward).toEqual(all)
    const backward: string[] = []
    for (let before: string | null = null; ; ) {
      const { followers } = await ask('author', `followers(last: 3, before: ${JSON.stringify(before)}) { ${page} }`)
      backward.unshift(...followers.edges.map(({ node }: { node: { handle: string } }) => node.handle))
      before = followers.pageInfo.startCursor
      if (!followers.pageInfo.hasPreviousPage) break
    }
    expect(backward).toEqual(all)
  })

  test('are two sides of one thing', async () => {
    const { following } = await ask('ada', 'following { nodes { handle } totalCount }')
    expect(following).toEqual({ nodes: [{ handle: 'author' }], totalCount: 1 })
    expect(await ask('author', 'followerCount followingCount')).toEqual({ followerCount: 8, followingCount: 0 })
  })

  test('say for each whether the viewer follows them, and false to nobody', async () => {
    const selection = 'followers { nodes { handle viewerFollows } } viewerFollows'
    const forAda = await ask('author', selection, ada.accessToken)
    expect(forAda.viewerFollows).toBe(true)
    expect(forAda.followers.nodes.every(({ viewerFollows }: { viewerFollows: boolean }) => !viewerFollows)).toBe(true)
    expect((await ask('author', selection)).viewerFollows).toBe(false)
  })

  test.each([
    ['first: 0', 'first'],
    ['first: 101', 'first'],
    ['last: -1', 'last'],
    ['first: 1, last: 1', 'last'],
    ['after: "garbage"', 'after'],
    ['before: "W10"', 'before'],
  ])('with %s are refused, naming the argument', async (args, argument) => {
    const query = `{ account(handle: "author") { followers(${args}) { nodes { id } } } }`
    const { errors } = await call(server, { query })
    expect(errors).toMatchObject([
      { path: ['account', 'followers'], extensions: { code: 'BAD_USER_INPUT', argument: [argument] } },
    ])
  })
})
