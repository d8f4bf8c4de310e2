import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import { atOnce, call, codes, connect, join, PASSWORD, REFRESH, SIGN_IN, SIGN_OUT, WHO } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { until } from '../support/small-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const refresh = (refreshToken: string | null) =>
  call(server, { query: REFRESH, variables: { input: refreshToken === null ? {} : { refreshToken } } })
const who = (token: string) => call(server, { query: WHO, token })
const sql = <Row>(text: string, parameters: unknown[] = []) =>
  server.running.atrium.deps.db.query<Row>(text, parameters)

describe('refreshing a session', () => {
  test('gives a new pair for the same session, and the old access token goes on to its end', async () => {
    const first = await join(server, 'ada')
    const { data } = await refresh(first.refreshToken)
    const second = data.refreshSession.session
    expect(second.id).toBe(first.id)
    expect(second.account.handle).toBe('ada')
    expect(second.refreshToken).not.toBe(first.refreshToken)
    for (const token of [first.accessToken, second.accessToken]) {
      expect((await who(token)).data.viewer.account.handle).toBe('ada')
    }
    expect((await refresh(second.refreshToken)).data.refreshSession.session.id).toBe(first.id)
  })

  test('with an old token ends the whole family: the newest tokens of both users are worthless', async () => {
    const first = await join(server, 'bob')
    const { session: second } = (await refresh(first.refreshToken)).data.refreshSession
    const { session: third } = (await refresh(second.refreshToken)).data.refreshSession
    expect(codes(await refresh(first.refreshToken))).toEqual(['UNAUTHENTICATED'])
    for (const token of [first, second, third].map(({ accessToken }) => accessToken)) {
      const refused = await who(token)
      expect([refused.status, codes(refused)]).toEqual([401, ['UNAUTHENTICATED']])
    }
    expect(codes(await refresh(third.refreshToken))).toEqual(['UNAUTHENTICATED'])
  })

  test('ends one family only: another session of the same account goes on', async () => {
    const phone = await join(server, 'cyd')
    const input = { email: 'cyd@example.com', password: PASSWORD }
    const laptop = (await call(server, { query: SIGN_IN, variables: { input } })).data.signIn.session
    await refresh(phone.refreshToken)
    await refresh(phone.refreshToken)
    expect((await who(phone.accessToken)).status).toBe(401)
    expect((await who(laptop.accessToken)).data.viewer.account.handle).toBe('cyd')
    expect((await refresh(laptop.refreshToken)).data.refreshSession.session.id).toBe(laptop.id)
  })

  test.each([2, 20])('%i times at once with one token lets one through at most, and ends the family', async (count) => {
    const session = await join(server, `racer-${count}`)
    const replies = await atOnce(count, () => refresh(session.refreshToken))
    const won = replies.map(({ data }) => data?.refreshSession?.session).filter((each) => each != null)
    expect(won.length).toBeLessThanOrEqual(1)
    expect(replies.flatMap(codes).filter((code) => code !== 'UNAUTHENTICATED')).toEqual([])
    for (const each of [session, ...won]) {
      expect((await who(each.accessToken)).status).toBe(401)
      expect(codes(await refresh(each.refreshToken))).toEqual(['UNAUTHENTICATED'])
    }
  })

  test('is refused once the session has expired, and its access token with it', async () => {
    const session = await join(server, 'dan')
    await sql(`update sessions set expires_at = now() - interval '1 second'
      where account_id = (select id from accounts where handle = 'dan')`)
    expect(codes(await refresh(session.refreshToken))).toEqual(['UNAUTHENTICATED'])
    expect((await who(session.accessToken)).status).toBe(401)
  })

  test('moves the end of the session thirty days ahead', async () => {
    const session = await join(server, 'eve')
    const expiry = async () => {
      const [row] = await sql<{ days: number }>(`select extract(epoch from expires_at - now())::float / 86400 as days
        from sessions where account_id = (select id from accounts where handle = 'eve')`)
      return Number(row?.days)
    }
    await sql(`update sessions set expires_at = now() + interval '1 hour'
      where account_id = (select id from accounts where handle = 'eve')`)
    await refresh(session.refreshToken)
    expect(await expiry()).toBeCloseTo(30, 1)
  })

  test.each([
    ['nothing', null],
    ['an empty text', ''],
    ['a token that nobody was given', `atr_${'A'.repeat(43)}`],
    ['a NUL', '\0'],
    ['a megabyte', 'a'.repeat(900_000)],
  ])('with %s is refused', async (_what, token) => {
    const refused = await refresh(token)
    expect([refused.status, codes(refused), refused.data]).toEqual([200, ['UNAUTHENTICATED'], { refreshSession: null }])
  })

  test('takes no access token in place of the refresh token, nor the stored hash', async () => {
    const session = await join(server, 'fay')
    const [stored] = await sql<{ hash: string }>(`select hash from refresh_tokens where session_id =
      (select id from sessions where account_id = (select id from accounts where handle = 'fay'))`)
    for (const token of [session.accessToken, stored?.hash ?? '']) {
      expect(codes(await refresh(token))).toEqual(['UNAUTHENTICATED'])
    }
    expect((await refresh(session.refreshToken)).data.refreshSession.session.id).toBe(session.id)
  })

  test('leaves no token in the database that could be used', async () => {
    const session = await join(server, 'gil')
    const rows = await sql(`select row_to_json(t)::text as row from refresh_tokens t
      union all select row_to_json(s)::text from sessions s union all select row_to_json(a)::text from accounts a`)
    const dump = JSON.stringify(rows)
    for (const secret of [session.accessToken, session.refreshToken, session.refreshToken.slice(4), PASSWORD]) {
      expect(dump).not.toContain(secret)
    }
  })
})

describe('signing out', () => {
  test('ends this session at once, and no other', async () => {
    const phone = await join(server, 'hal')
    const input = { email: 'hal@example.com', password: PASSWORD }
    const laptop = (await call(server, { query: SIGN_IN, variables: { input } })).data.signIn.session
    const out = await call(server, { query: SIGN_OUT, token: phone.accessToken })
    expect(out.data).toEqual({ signOut: { signedOut: true, userErrors: [] } })
    expect((await who(phone.accessToken)).status).toBe(401)
    expect(codes(await refresh(phone.refreshToken))).toEqual(['UNAUTHENTICATED'])
    expect((await who(laptop.accessToken)).data.viewer.account.handle).toBe('hal')
  })

  test('is for who is signed in', async () => {
    const refused = await call(server, { query: SIGN_OUT })
    expect([codes(refused), refused.data]).toEqual([['UNAUTHENTICATED'], { signOut: null }])
  })

  test('closes the sockets of this session with 4403, the idle ones too, and leaves the others open', async () => {
    const phone = await join(server, 'ivy')
    const input = { email: 'ivy@example.com', password: PASSWORD }
    const laptop = (await call(server, { query: SIGN_IN, variables: { input } })).data.signIn.session
    const idle = connect(server, { token: phone.accessToken })
    const asking = connect(server, { token: phone.accessToken })
    const other = connect(server, { token: laptop.accessToken })
    for (const socket of [idle, asking, other]) expect((await socket.run(WHO)).data.viewer.account.handle).toBe('ivy')
    const post = await server.world.published(await server.world.person({ handle: 'ivys-author' }))
    idle.run(`subscription { commentAdded(on: "${encodeId('post', post)}") { body } }`).catch(() => {})
    expect((await asking.run(SIGN_OUT)).data).toEqual({ signOut: { signedOut: true, userErrors: [] } })
    for (const socket of [idle, asking]) {
      expect(await socket.closing()).toEqual({ code: 4403, reason: 'The session has ended. Sign in again.' })
    }
    expect((await other.run(WHO)).data.viewer.account.handle).toBe('ivy')
    await other.client.dispose()
  })

  test('is what re-use of a token does as well, sockets included', async () => {
    const session = await join(server, 'jon')
    const socket = connect(server, { token: session.accessToken })
    await socket.run(WHO)
    await refresh(session.refreshToken)
    expect(socket.isClosed()).toBe(false)
    await refresh(session.refreshToken)
    expect((await socket.closing()).code).toBe(4403)
  })

  test('lets go of what watched a socket when the socket closes', async () => {
    const { bus } = server.running.atrium.deps
    const session = await join(server, 'kim')
    const watched: string[] = []
    const { subscribe } = bus
    Object.assign(bus, {
      subscribe: ((topic, listener) => {
        watched.push(topic.channel)
        const end = subscribe(topic, listener)
        return () => {
          watched.splice(watched.indexOf(topic.channel), 1)
          end()
        }
      }) satisfies typeof subscribe,
    })
    const sockets = await atOnce(5, async () => {
      const socket = connect(server, { token: session.accessToken })
      await socket.run(WHO)
      return socket
    })
    expect(watched).toHaveLength(5)
    for (const { client } of sockets) await client.dispose()
    await until(() => watched.length === 0, 'the watches to end')
    Object.assign(bus, { subscribe })
  })
})

describe('the viewer', () => {
  test('is nobody without a token', async () => {
    expect((await call(server, { query: WHO })).data).toEqual({ viewer: null })
    const socket = connect(server)
    expect(await socket.run(WHO)).toEqual({ data: { viewer: null } })
    await socket.client.dispose()
  })

  test('is the one of the token, when many ask at once', async () => {
    const people = await atOnce(10, (n) => join(server, `crowd-${n}`))
    const answers = await atOnce(60, (n) => who(people[n % 10]?.accessToken ?? ''))
    expect(answers.map(({ data }) => data.viewer.account.handle)).toEqual(answers.map((_, n) => `crowd-${n % 10}`))
  })
})
