import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atOnce, call, codes, connect, join, newcomer, PASSWORD, SIGN_IN, SIGN_UP } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const attempt = (server: TestServer, email: string, password: string) =>
  call(server, { query: SIGN_IN, variables: { input: { email, password } } })

/** `count` sign-ins in one document. */
const aliased = (count: number, email: (n: number) => string, password: string): string =>
  `mutation { ${Array.from(
    { length: count },
    (_, n) =>
      `s${n}: signIn(input: { email: ${JSON.stringify(email(n))}, password: ${JSON.stringify(password)} }) { session { id } userErrors { code } }`,
  ).join(' ')} }`

describe('signing in', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
    await join(server, 'ada')
  })
  afterAll(() => server.close())

  test('opens a session of its own each time', async () => {
    const sessions = await atOnce(
      3,
      async () => (await attempt(server, 'ada@example.com', PASSWORD)).data.signIn.session,
    )
    expect(new Set(sessions.map(({ id }) => id)).size).toBe(3)
    expect(new Set(sessions.map(({ refreshToken }) => refreshToken)).size).toBe(3)
    for (const session of sessions) expect(session.account.handle).toBe('ada')
  })

  test('answers an unknown address and a wrong password in the same words, over both transports', async () => {
    const unknown = await attempt(server, 'nobody@example.com', PASSWORD)
    const wrong = await attempt(server, 'ada@example.com', 'not the right passphrase')
    const expected = {
      signIn: {
        session: null,
        userErrors: [
          { code: 'WRONG_CREDENTIALS', message: 'The e-mail address or the password is wrong.', path: ['input'] },
        ],
      },
    }
    for (const { data, status } of [unknown, wrong]) expect({ data, status }).toEqual({ data: expected, status: 200 })
    expect([...unknown.headers.keys()]).toEqual([...wrong.headers.keys()])
    const socket = connect(server)
    for (const email of ['nobody@example.com', 'ada@example.com']) {
      const input = { email, password: 'not the right passphrase' }
      expect(await socket.run(SIGN_IN, { input })).toEqual({ data: expected })
    }
    await socket.client.dispose()
  })

  test('takes the same time for an unknown address as for a wrong password', async () => {
    const times: Record<string, number[]> = { 'nobody@example.com': [], 'ada@example.com': [] }
    for (let round = 0; round < 15; round++) {
      for (const [email, measured] of Object.entries(times)) {
        const startedAt = performance.now()
        await attempt(server, email, 'not the right passphrase')
        measured.push(performance.now() - startedAt)
      }
    }
    // The best of each: whatever else the machine does only ever adds to it.
    const [unknown = 0, wrong = 0] = Object.values(times).map((measured) => Math.min(...measured))
    // Without the hash an unknown address is answered ten times as fast.
    expect(Math.max(unknown / wrong, wrong / unknown)).toBeLessThan(3)
  })

  test.each([
    ['an empty address', '', PASSWORD],
    ['a NUL in the address', 'ada\0@example.com\0', 'not the right passphrase'],
    ['a NUL in the password', 'ada@example.com', `${PASSWORD}\0`],
    ['an empty password', 'ada@example.com', ''],
    ['a password with a space more', 'ada@example.com', `${PASSWORD} `],
    ['a huge address', 'a'.repeat(400_000), PASSWORD],
    ['a huge password', 'ada@example.com', 'é'.repeat(400_000)],
    ['an address with a wildcard', 'ada%', PASSWORD],
    ['an address that ends the statement', "ada@example.com' or '1'='1", PASSWORD],
  ])('with %s is refused as any other wrong one', async (_what, email, password) => {
    const { data, status } = await attempt(server, email, password)
    expect(status).toBe(200)
    expect(data.signIn.session).toBeNull()
    expect(data.signIn.userErrors).toMatchObject([{ code: 'WRONG_CREDENTIALS', path: ['input'] }])
  })
})

describe('attempts', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({
      limits: { signInAttemptsPerAccount: 5, signInAttemptsPerAddress: 30 },
      config: { trustProxy: true },
    })
    for (const handle of ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gil'])
      await server.world.person({ handle, password: PASSWORD })
  })
  afterAll(() => server.close())

  const from = (address: string) => ({ 'x-forwarded-for': address })
  const tryIt = (handle: string, password: string, address: string) =>
    call(server, {
      query: SIGN_IN,
      variables: { input: { email: `${handle}@example.com`, password } },
      headers: from(address),
    })
  const WRONG = 'not the right passphrase'

  test('at an account are limited, wherever they come from, and even the right password must wait', async () => {
    for (let n = 1; n <= 5; n++) expect(codes(await tryIt('ada', WRONG, `192.0.2.${n}`))).toEqual([])
    const refused = await tryIt('ada', PASSWORD, '192.0.2.6')
    expect(refused.data).toEqual({ signIn: null })
    expect(codes(refused)).toEqual(['RATE_LIMITED'])
    const retryAfterSeconds = refused.errors?.[0]?.extensions.retryAfterSeconds
    expect(retryAfterSeconds).toBeGreaterThan(800)
    expect(retryAfterSeconds).toBeLessThanOrEqual(900)
  })

  test('that are right do not count, but put no guess right either', async () => {
    for (let n = 0; n < 8; n++) expect((await tryIt('gil', PASSWORD, '192.0.2.8')).data.signIn.session).not.toBeNull()
    for (let n = 0; n < 4; n++) expect(codes(await tryIt('gil', WRONG, '192.0.2.9'))).toEqual([])
    expect((await tryIt('gil', PASSWORD, '192.0.2.9')).data.signIn.session).not.toBeNull()
    expect(codes(await tryIt('gil', WRONG, '192.0.2.9'))).toEqual([])
    expect(codes(await tryIt('gil', PASSWORD, '192.0.2.9'))).toEqual(['RATE_LIMITED'])
  })

  test('at one account leave the others alone', async () => {
    expect((await tryIt('bob', PASSWORD, '192.0.2.6')).data.signIn.session.account.handle).toBe('bob')
  })

  test('at an address that has no account are limited just the same', async () => {
    for (let n = 1; n <= 5; n++) expect(codes(await tryIt('nobody', WRONG, '192.0.2.7'))).toEqual([])
    expect(codes(await tryIt('nobody', WRONG, '192.0.2.7'))).toEqual(['RATE_LIMITED'])
  })

  test('count as one account under every spelling of its address', async () => {
    const spellings = [
      'cyd@example.com',
      ' CYD@example.com',
      'cyd@EXAMPLE.com\t',
      'c\0yd@example.com',
      '\0cyd@example.com',
    ]
    for (const email of spellings) {
      const input = { email, password: WRONG }
      expect(codes(await call(server, { query: SIGN_IN, variables: { input }, headers: from('192.0.2.8') }))).toEqual(
        [],
      )
    }
    expect(codes(await tryIt('cyd', PASSWORD, '192.0.2.9'))).toEqual(['RATE_LIMITED'])
  })

  test('in one document count each for itself', async () => {
    const { data, errors, status } = await call(server, {
      query: aliased(20, () => 'dan@example.com', WRONG),
      headers: from('192.0.2.10'),
    })
    expect(status).toBe(200)
    const answers = Object.values<{ userErrors: { code: string }[] } | null>(data)
    expect(answers.filter((answer) => answer?.userErrors[0]?.code === 'WRONG_CREDENTIALS')).toHaveLength(5)
    expect(answers.filter((answer) => answer === null)).toHaveLength(15)
    expect(new Set(codes({ errors: errors ?? [] }))).toEqual(new Set(['RATE_LIMITED']))
  })

  test('from one network are limited, and what is refused uses up nobody’s attempts', async () => {
    const asked = await call(server, {
      query: aliased(40, (n) => `victim${n % 30}@example.com`, WRONG),
      headers: from('2001:db8:1:2::1'),
    })
    expect(codes(asked)).toHaveLength(10)
    // A neighbour in the same /64 is the same household; a stranger is not.
    for (let n = 0; n < 10; n++) expect(codes(await tryIt('eve', WRONG, '2001:db8:1:2::9'))).toEqual(['RATE_LIMITED'])
    expect((await tryIt('eve', PASSWORD, '2001:db8:1:3::1')).data.signIn.session.account.handle).toBe('eve')
  })

  test('to sign up count for the network, but never against whoever has the address', async () => {
    for (let n = 0; n < 10; n++) {
      const variables = newcomer(`fay-${n}`, { email: 'fay@example.com' })
      const { data } = await call(server, { query: SIGN_UP, variables, headers: from('192.0.2.20') })
      expect(data.signUp.userErrors[0].code).toBe('TAKEN')
    }
    expect((await tryIt('fay', PASSWORD, '192.0.2.21')).data.signIn.session.account.handle).toBe('fay')
    const flood = await atOnce(25, (n) =>
      call(server, { query: SIGN_UP, variables: newcomer(`flood-${n}`), headers: from('192.0.2.20') }),
    )
    expect(flood.filter((reply) => codes(reply).includes('RATE_LIMITED'))).toHaveLength(5)
    expect(flood.filter(({ data }) => data.signUp?.session)).toHaveLength(20)
  })

  test('are counted over a socket too', async () => {
    const socket = connect(server)
    const answer = await socket.run(aliased(7, () => 'sam@example.com', WRONG))
    expect(codes(answer)).toEqual(['RATE_LIMITED', 'RATE_LIMITED'])
    await socket.client.dispose()
  })
})
