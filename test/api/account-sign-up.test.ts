import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atOnce, call, codes, join, newcomer, PASSWORD, SIGN_IN, SIGN_UP, WHO } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const signUp = async (handle: string, more: Record<string, unknown> = {}) =>
  (await call(server, { query: SIGN_UP, variables: newcomer(handle, more) })).data.signUp
const refusal = async (handle: string, more: Record<string, unknown> = {}) => {
  const { session, userErrors } = await signUp(handle, more)
  expect(session).toBeNull()
  return userErrors.map(({ code, path }: { code: string; path: string[] }) => `${code} ${path.join('.')}`)
}
const countAccounts = async (): Promise<number> => {
  const rows = await server.running.atrium.deps.db.query<{ n: string }>('select count(*)::int as n from accounts')
  return Number(rows[0]?.n)
}

describe('signing up', () => {
  test('opens an account and a session that works at once', async () => {
    const session = await join(server, 'ada', { name: '  Ada Lovelace ' })
    expect(session.account).toMatchObject({ handle: 'ada', name: 'Ada Lovelace', role: 'MEMBER' })
    expect(session.id).toMatch(/^session_/)
    const { data } = await call(server, { query: WHO, token: session.accessToken })
    expect(data.viewer).toMatchObject({ email: 'ada@example.com', account: { handle: 'ada', role: 'MEMBER' } })
    const minutes = (Date.parse(data.viewer.accessTokenExpiresAt) - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(14)
    expect(minutes).toBeLessThanOrEqual(15)
  })

  test('names an account by its handle unless told otherwise', async () => {
    expect((await join(server, 'nameless')).account.name).toBe('nameless')
    expect((await join(server, 'nameless2', { name: null })).account.name).toBe('nameless2')
  })

  test('sends a welcome mail', async () => {
    await join(server, 'welcomed')
    const { db } = server.running.atrium.deps
    const jobs = await db.query<{ data: { template: string } }>(
      `select data from pgboss.job where data->>'accountId' = (select id::text from accounts where handle = 'welcomed')`,
    )
    expect(jobs.map(({ data }) => data.template)).toEqual(['welcome'])
  })

  test('reports every wrong value of the form together', async () => {
    const before = await countAccounts()
    expect(await refusal('x', { email: 'nobody', name: 'a\nb', password: 'too short' })).toEqual([
      'INVALID_INPUT input.email',
      'INVALID_INPUT input.handle',
      'INVALID_INPUT input.name',
      'INVALID_INPUT input.password',
    ])
    expect(await countAccounts()).toBe(before)
  })

  test('reports what is taken beside what is wrong, and both names where both are', async () => {
    await join(server, 'taken-twice')
    const email = 'taken-twice@example.com'
    expect(await refusal('taken-twice', { email: email.toUpperCase() })).toEqual([
      'TAKEN input.email',
      'TAKEN input.handle',
    ])
    expect(await refusal('taken-twice', { email: 'nobody', password: 'too short' })).toEqual([
      'INVALID_INPUT input.email',
      'INVALID_INPUT input.password',
      'TAKEN input.handle',
    ])
    // The names still count against the password where another field is wrong.
    expect(await refusal('hyperbolically', { name: 'a\nb', password: 'hyperbolically1' })).toEqual([
      'INVALID_INPUT input.name',
      'INVALID_INPUT input.password',
    ])
  })
})

describe('a handle', () => {
  test.each([
    ['ab', 'too short'],
    ['a'.repeat(31), 'too long'],
    ['-ada', 'a hyphen first'],
    ['ada_', 'an underscore last'],
    ['a da', 'a space'],
    ['ada.l', 'a dot'],
    ['аda', 'a Cyrillic letter that looks like ours'],
    ['adá', 'an accent'],
    ['ad\u200ba', 'a character that nobody sees'],
    ['ada\0', 'a NUL'],
    ['İda', 'a letter whose lower case is two'],
    ['admin', 'reserved'],
    ['ATRIUM', 'reserved in any case'],
    ['ad-min', 'reserved, with a hyphen in it'],
    ['sup_port', 'reserved, with an underscore in it'],
    ['graphql', 'a part of an address'],
  ])('%j is refused: %s', async (handle) => {
    expect(await refusal('any', { handle, email: 'handle@example.com' })).toEqual(['INVALID_INPUT input.handle'])
  })

  test('is kept in lower case without spaces around it, and is the same in upper case', async () => {
    expect((await join(server, 'grace', { handle: '  Grace-H_9 ' })).account.handle).toBe('grace-h_9')
    expect(await refusal('other', { handle: 'GRACE-H_9' })).toEqual(['TAKEN input.handle'])
  })
})

describe('an e-mail address', () => {
  test('is the same in upper case, with spaces around it, and for signing in', async () => {
    await join(server, 'mary', { email: ' Mary@Example.COM ' })
    expect(await refusal('mary2', { email: 'mary@example.com' })).toEqual(['TAKEN input.email'])
    for (const email of ['MARY@example.com', '  mary@example.com\t']) {
      const { data } = await call(server, { query: SIGN_IN, variables: { input: { email, password: PASSWORD } } })
      expect(data.signIn.session.account.handle).toBe('mary')
    }
  })

  test.each([
    '',
    'mary',
    'mary@',
    '@example.com',
    'a b@example.com',
    'a@b',
    'mary@example.com\r\nBcc: x@y.zz',
    'm\0@example.com',
    `${'a'.repeat(250)}@example.com`,
  ])('%j is none', async (email) => {
    expect(await refusal('mailer', { email })).toEqual(['INVALID_INPUT input.email'])
  })
})

describe('a password', () => {
  const LOWEST = '15 characters'
  test.each<[string, string, string | null]>([
    ['14 characters', 'qmzpx vrtkw jh', LOWEST],
    ['15 characters', 'qmzpx vrtkw jhd', null],
    ['15 letters of lower case only', 'qmzpxvrtkwjhdbn', null],
    ['digits only, without a pattern', '748159263074815', null],
    ['spaces around it, which count', ' qmzpx vrtkw j ', null],
    ['14 characters of two units each', '🦊🐝🌵🎻🧭🪁🛶🧶🪴🦉🍄🌋🧿🪗', LOWEST],
    ['15 characters of two units each', '🦊🐝🌵🎻🧭🪁🛶🧶🪴🦉🍄🌋🧿🪗🫐', null],
    ['words of another script', 'тихий лес шумит ночью', null],
    ['256 characters', 'qmzpx vrtkw jhdb'.repeat(16), null],
    ['257 characters', `${'qmzpx vrtkw jhdb'.repeat(16)}!`, 'at most 256'],
    ['a megabyte of accents', 'a'.padEnd(400_000, '\u0301\u0316'), 'at most 256'],
    ['a common password, twice', 'passwordpassword', 'first that an attacker'],
    ['a row of digits', '123456789012345', 'first that an attacker'],
    ['one letter', 'aaaaaaaaaaaaaaaaaaaa', 'first that an attacker'],
    ['a walk over the keyboard', 'qwertyuiopasdfghjkl', 'first that an attacker'],
    ['the name of the house, with digits', 'atriumatrium123', 'first that an attacker'],
  ])('of %s: %#', async (_what, password, message) => {
    const handle = `pw-${Math.random().toString(36).slice(2, 10)}x`
    const { session, userErrors } = await signUp(handle, { password })
    if (message === null) {
      expect(userErrors).toEqual([])
      const signIn = { input: { email: `${handle}@example.com`, password } }
      expect((await call(server, { query: SIGN_IN, variables: signIn })).data.signIn.session.account.handle).toBe(
        handle,
      )
    } else {
      expect(session).toBeNull()
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'password'] }])
      expect(userErrors[0].message).toContain(message)
    }
  })

  test.each([
    ['handle', 'marguerite-xu', 'marguerite-xu-1'],
    ['e-mail address', 'someone-else', 'zelda.fitz@corp.example'],
    ['e-mail name, twice', 'someone-else', 'zelda.fitzzelda.fitz'],
    ['name', 'someone-else', 'Anastasia Bevilacqua'],
  ])('made of the own %s is refused', async (_what, handle, password) => {
    const own = { email: 'zelda.fitz@corp.example', name: 'Anastasia Bevilacqua', password }
    expect(await refusal(handle, own)).toEqual(['INVALID_INPUT input.password'])
  })

  test('typed on another keyboard, composed differently, is the same password', async () => {
    const typed = 'Ångström café ﬁnale ①'
    await join(server, 'anders', { password: typed })
    for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) {
      const input = { email: 'anders@example.com', password: typed.normalize(form) }
      const { data } = await call(server, { query: SIGN_IN, variables: { input } })
      expect(data.signIn.session?.account.handle).toBe('anders')
    }
    const input = { email: 'anders@example.com', password: typed.toLowerCase() }
    expect((await call(server, { query: SIGN_IN, variables: { input } })).data.signIn.session).toBeNull()
  })
})

describe('fifty sign-ups at once', () => {
  test.each([
    ['the same e-mail address', (n: number) => newcomer(`racer-${n}`, { email: 'racer@example.com' }), 'input.email'],
    ['the same handle', (n: number) => newcomer('sprinter', { email: `sprinter${n}@example.com` }), 'input.handle'],
  ])('with %s open exactly one account', async (_what, variables, path) => {
    const before = await countAccounts()
    const replies = await atOnce(50, (n) => call(server, { query: SIGN_UP, variables: variables(n) }))
    expect(replies.flatMap(codes)).toEqual([])
    const payloads = replies.map(({ data }) => data.signUp)
    expect(payloads.filter(({ session }) => session !== null)).toHaveLength(1)
    const errors = payloads.flatMap(({ userErrors }) => userErrors)
    expect(new Set(errors.map(({ code, path }) => `${code} ${path.join('.')}`))).toEqual(new Set([`TAKEN ${path}`]))
    expect(errors).toHaveLength(49)
    expect(await countAccounts()).toBe(before + 1)
  })
})
