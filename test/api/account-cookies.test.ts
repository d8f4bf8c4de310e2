import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Call,
  call,
  codes,
  connect,
  join,
  newcomer,
  PASSWORD,
  REFRESH,
  type Reply,
  SIGN_IN,
  SIGN_OUT,
  SIGN_UP,
  WHO,
} from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const ACCESS = '__Host-atrium-access'
const REFRESH_COOKIE = '__Host-atrium-refresh'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

/** A browser, as far as cookies go: keeps what is set, throws away what has run out, sends the rest. */
class Browser {
  cookies: Record<string, string> = {}

  async call(given: Omit<Call, 'cookies'>): Promise<Reply> {
    const reply = await call(server, { ...given, cookies: this.cookies })
    for (const { name, value, maxAge } of Object.values(reply.setCookies)) {
      if (maxAge === 0) delete this.cookies[name]
      else this.cookies[name] = value ?? ''
    }
    return reply
  }

  who = async () => (await this.call({ query: WHO })).data.viewer?.account.handle ?? null
  refresh = () => this.call({ query: REFRESH, variables: { input: {} } })
  signIn = (handle: string) =>
    this.call({
      query: SIGN_IN,
      variables: { input: { email: `${handle}@example.com`, password: PASSWORD, cookie: true } },
    })
}

async function signedUp(handle: string): Promise<Browser> {
  const browser = new Browser()
  const { data } = await browser.call({ query: SIGN_UP, variables: newcomer(handle, { cookie: true }) })
  expect(data.signUp.userErrors).toEqual([])
  return browser
}

const FORGED = `${'eyJhbGciOiJIUzI1NiJ9'}.${'e30'}.${'A'.repeat(43)}`
const sessionsOf = (handle: string) =>
  server.running.atrium.deps.db.query<{ revoked: boolean }>(
    `select revoked_at is not null as revoked from sessions
     where account_id = (select id from accounts where handle = $1) order by created_at`,
    [handle],
  )

describe('a session in cookies', () => {
  test('sets __Host- cookies that no script reads and no other site sends, and shows no token', async () => {
    const { data, setCookies } = await call(server, {
      query: SIGN_UP,
      variables: newcomer('ada', { cookie: true }),
    })
    expect(data.signUp.session).toMatchObject({ accessToken: null, refreshToken: null, account: { handle: 'ada' } })
    const rules = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' }
    expect(setCookies).toEqual({
      [ACCESS]: { name: ACCESS, value: expect.stringMatching(/^ey/), maxAge: 900, ...rules },
      [REFRESH_COOKIE]: {
        name: REFRESH_COOKIE,
        value: expect.stringMatching(/^atr_/),
        maxAge: 30 * 86_400,
        ...rules,
      },
    })
    expect(JSON.stringify(data)).not.toContain(setCookies[REFRESH_COOKIE]?.value)
  })

  test('is not opened for who did not ask for it', async () => {
    expect((await call(server, { query: SIGN_UP, variables: newcomer('bob') })).setCookies).toEqual({})
  })

  test('works for later requests, and for the socket', async () => {
    const browser = await signedUp('cyd')
    expect(await browser.who()).toBe('cyd')
    const socket = connect(server, { cookies: browser.cookies })
    expect((await socket.run(WHO)).data.viewer.account.handle).toBe('cyd')
    await socket.client.dispose()
  })

  test('gives way to a token in the header', async () => {
    const browser = await signedUp('dan')
    const other = await join(server, 'not-dan')
    const { data } = await browser.call({ query: WHO, token: other.accessToken })
    expect(data.viewer.account.handle).toBe('not-dan')
    expect((await browser.call({ query: WHO, token: FORGED })).status).toBe(401)
  })

  test('is renewed by its refresh cookie, which then is another one', async () => {
    const browser = await signedUp('eve')
    const before = { ...browser.cookies }
    const { data } = await browser.refresh()
    expect(data.refreshSession.session).toMatchObject({ accessToken: null, refreshToken: null })
    expect(browser.cookies[REFRESH_COOKIE]).not.toBe(before[REFRESH_COOKIE])
    expect(await browser.who()).toBe('eve')
    const thief = new Browser()
    thief.cookies = before
    const refused = await thief.refresh()
    expect(codes(refused)).toEqual(['UNAUTHENTICATED'])
    expect(thief.cookies).toEqual({})
    expect(await browser.who()).toBeNull()
  })

  test.each([
    ['has run out and is gone', null],
    ['is forged', FORGED],
    ['is garbage', '%00%ff'],
    ['is empty', ''],
  ])('whose access cookie %s can still be renewed, signed in over, and signed out', async (what, value) => {
    const damage = ({ cookies }: Browser): void => {
      if (value === null) delete cookies[ACCESS]
      else cookies[ACCESS] = value
    }
    const handle = `fay-${what.replace(/[^a-z]/g, '')}`
    const browser = await signedUp(handle)
    damage(browser)
    expect(await browser.who()).toBeNull()
    expect((await browser.refresh()).data.refreshSession.session.account.handle).toBe(handle)
    expect(await browser.who()).toBe(handle)
    damage(browser)
    expect((await browser.signIn(handle)).data.signIn.session.account.handle).toBe(handle)
    expect(await browser.who()).toBe(handle)
    damage(browser)
    expect((await browser.call({ query: SIGN_OUT })).data.signOut.signedOut).toBe(true)
    expect(browser.cookies).toEqual({})
    expect((await sessionsOf(handle)).at(-1)).toEqual({ revoked: true })
  })

  test('that ended elsewhere does not keep anyone from signing in', async () => {
    const browser = await signedUp('gil')
    await server.running.atrium.deps.db.query(`update sessions set revoked_at = now()
      where account_id = (select id from accounts where handle = 'gil')`)
    expect(await browser.who()).toBeNull()
    expect(codes(await browser.call({ query: '{ openReports { totalCount } }' }))).toEqual(['UNAUTHENTICATED'])
    await browser.signIn('gil')
    expect(await browser.who()).toBe('gil')
  })

  test('is over for the browser and for whoever copied its cookies after signing out', async () => {
    const browser = await signedUp('hal')
    const copy = new Browser()
    copy.cookies = { ...browser.cookies }
    await browser.call({ query: SIGN_OUT })
    expect(browser.cookies).toEqual({})
    expect(await copy.who()).toBeNull()
    expect(codes(await copy.refresh())).toEqual(['UNAUTHENTICATED'])
  })
})

describe('over a socket, which cannot set cookies,', () => {
  test.each([
    ['signing up', SIGN_UP, newcomer('ivy', { cookie: true }), 'input.cookie'],
    ['signing in', SIGN_IN, { input: { email: 'jon@example.com', password: PASSWORD, cookie: true } }, 'input.cookie'],
  ])('%s into cookies is refused and changes nothing', async (_what, query, variables, path) => {
    if (query === SIGN_IN) await join(server, 'jon')
    const socket = connect(server)
    const [answer] = Object.values<{ session: unknown; userErrors: { code: string; path: string[] }[] }>(
      (await socket.run(query, variables)).data,
    )
    expect(answer?.session).toBeNull()
    expect(answer?.userErrors.map(({ code, path: at }) => [code, at.join('.')])).toEqual([['INVALID_INPUT', path]])
    await socket.client.dispose()
    expect(await sessionsOf('ivy')).toEqual([])
    expect((await sessionsOf('jon')).length).toBeLessThanOrEqual(1)
    const { data } = await call(server, { query: '{ account(handle: "ivy") { id } }' })
    expect(data.account).toBeNull()
  })

  test('refreshing by cookie is refused, and does not use the cookie up', async () => {
    const browser = await signedUp('kim')
    const socket = connect(server, { cookies: browser.cookies })
    const { data } = await socket.run(REFRESH, { input: {} })
    expect(data.refreshSession).toMatchObject({ session: null, userErrors: [{ code: 'INVALID_INPUT' }] })
    await socket.client.dispose()
    expect((await browser.refresh()).data.refreshSession.session.account.handle).toBe('kim')
  })

  test('a cookie that no longer counts is refused with 4403', async () => {
    const socket = connect(server, { cookies: { [ACCESS]: FORGED } })
    expect((await socket.closing()).code).toBe(4403)
  })
})

describe('another site', () => {
  const OUT = JSON.stringify({ query: SIGN_OUT })
  test.each([
    ['a form', 'application/x-www-form-urlencoded', `query=${encodeURIComponent(SIGN_OUT)}`],
    ['plain text', 'text/plain', OUT],
    ['plain text that says it is JSON', 'text/plain; application/json', OUT],
    [
      'a form with a file',
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${OUT}\r\n--x--`,
    ],
    ['no type at all', '', OUT],
  ])('cannot act for the browser with %s', async (_what, type, body) => {
    const browser = await signedUp(`lee-${Math.random().toString(36).slice(2, 8)}0`)
    const reply = await call(server, { query: '', body, headers: { 'content-type': type }, cookies: browser.cookies })
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.status).toBeLessThan(500)
    expect(reply.setCookies).toEqual({})
    expect(await browser.who()).not.toBeNull()
  })

  test('cannot act for the browser with an image or a link', async () => {
    const browser = await signedUp('mia')
    const cookie = Object.entries(browser.cookies)
      .map((pair) => pair.join('='))
      .join('; ')
    const get = (query: string, headers = {}) =>
      fetch(`${server.url}/graphql?query=${encodeURIComponent(query)}`, { headers: { cookie, ...headers } })
    expect((await get('{ viewer { email } }')).status).toBe(400)
    expect((await get(SIGN_OUT, { 'apollo-require-preflight': '1' })).status).toBe(405)
    expect(await browser.who()).toBe('mia')
  })

  test('is not told by CORS that it may read what the browser gets', async () => {
    const { headers } = await call(server, { query: WHO, headers: { origin: 'https://evil.example' } })
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })
})
