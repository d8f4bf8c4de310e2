import { createHmac, generateKeyPairSync } from 'node:crypto'
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, newId } from '../../src/core/ids.ts'
import { call, codes, connect, join, PASSWORD, type Session } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let session: Session
beforeAll(async () => {
  server = await startTestServer()
  session = await join(server, 'ada')
})
afterAll(() => server.close())

const secret = () => server.running.atrium.deps.jwtSecret
const seconds = (fromNow: number): number => Math.floor(Date.now() / 1000) + fromNow

interface Forgery {
  header?: Record<string, string>
  claims?: JWTPayload
  key?: Uint8Array
}

/** A token as the server makes it, but for what is changed. An undefined claim is left out. */
function sign({ header = {}, claims = {}, key = secret() }: Forgery = {}): Promise<string> {
  const payload = {
    sid: session.id,
    iss: 'atrium',
    aud: 'atrium:graph',
    iat: seconds(0),
    exp: seconds(600),
    ...claims,
  }
  return new SignJWT(JSON.parse(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header })
    .sign(key)
}

const changed = (token: string, part: number): string => {
  const parts = token.split('.')
  const text = parts[part] ?? ''
  parts[part] = `${text.slice(0, 5)}${text[5] === 'A' ? 'B' : 'A'}${text.slice(6)}`
  return parts.join('.')
}

/** Signed as RS256 would be checked by a server that takes its HMAC key for whatever the header says. */
function confused(): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const head = `${encode({ alg: 'RS256', typ: 'at+jwt' })}.${encode({ sid: session.id, exp: seconds(600) })}`
  return `${head}.${createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' }))
    .update(head)
    .digest('base64url')}`
}

const tokenOfEnded = async (): Promise<string> => {
  const { accessToken } = await join(server, `gone-${newId().slice(-8)}`)
  await call(server, { query: 'mutation { signOut { signedOut } }', token: accessToken })
  return accessToken
}
const tokenOfDeleted = async (): Promise<string> => {
  const { accessToken } = await join(server, `left-${newId().slice(-8)}`)
  const query = 'mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { deletedId } }'
  const { data } = await call(server, { query, variables: { input: { password: PASSWORD } }, token: accessToken })
  expect(data.deleteAccount.deletedId).toMatch(/^account_/)
  return accessToken
}

const BAD: [string, () => string | Promise<string>][] = [
  ['signed with another key', () => sign({ key: new TextEncoder().encode('some other secret, thirty-two long') })],
  ['with another signature', () => changed(session.accessToken, 2)],
  ['with other claims under its signature', () => changed(session.accessToken, 1)],
  ['without a signature', () => session.accessToken.replace(/[^.]*$/, '')],
  [
    'that is unsecured (alg: none)',
    () =>
      new UnsecuredJWT({ sid: session.id })
        .setIssuer('atrium')
        .setAudience('atrium:graph')
        .setExpirationTime('10m')
        .encode(),
  ],
  ['of another HMAC (HS512)', () => sign({ header: { alg: 'HS512' } })],
  ['whose header says RS256', () => confused()],
  ['of another audience', () => sign({ claims: { aud: 'atrium:mail' } })],
  ['without an audience', () => sign({ claims: { aud: undefined } as unknown as JWTPayload })],
  ['of another issuer', () => sign({ claims: { iss: 'https://elsewhere.example' } })],
  ['that has expired', () => sign({ claims: { iat: seconds(-900), exp: seconds(-1) } })],
  ['that never expires', () => sign({ claims: { exp: undefined } as unknown as JWTPayload })],
  ['of another type', () => sign({ header: { typ: 'JWT' } })],
  ['without a type', () => sign({ header: { typ: undefined } as unknown as Record<string, string> })],
  ['that names no session', () => sign({ claims: { sid: undefined } as unknown as JWTPayload })],
  ['that names an account in place of the session', () => sign({ claims: { sid: session.account.id } })],
  ['that names a session that never was', () => sign({ claims: { sid: encodeId('session', newId()) } })],
  ['that names something else', () => sign({ claims: { sid: { toString: 'x' } } as unknown as JWTPayload })],
  ['of a session that has ended', tokenOfEnded],
  ['of an account that was deleted', tokenOfDeleted],
  ['that is the refresh token', () => session.refreshToken],
  ['that is garbage', () => 'a.b.c'],
  ['that is very long', () => `${'a'.repeat(8_000)}`],
]

const RENAME = 'mutation { updateProfile(input: { name: "Mallory" }) { account { name } } }'

test('a token that is made as the server makes it is good, so that the others fail for what is wrong with them', async () => {
  const { data } = await call(server, { query: '{ viewer { account { handle } } }', token: await sign() })
  expect(data.viewer.account.handle).toBe('ada')
})

describe.each(BAD)('a token %s', (_what, make) => {
  test('is UNAUTHENTICATED over HTTP, whatever is asked, and changes nothing', async () => {
    const token = await make()
    for (const query of [RENAME, '{ tags { totalCount } }', '{ viewer { email } }']) {
      const reply = await call(server, { query, token })
      expect([reply.status, codes(reply), reply.data]).toEqual([401, ['UNAUTHENTICATED'], undefined])
      expect(reply.headers.get('www-authenticate')).toBe('Bearer')
    }
    const { data } = await call(server, { query: '{ account(handle: "ada") { name } }' })
    expect(data.account.name).toBe('ada')
  })

  test('closes a socket with 4403', async () => {
    const { code, reason } = await connect(server, { token: await make() }).closing()
    expect(code).toBe(4403)
    expect(reason).toMatch(/^(The access token is not valid|The session has ended)/)
  })
})

test.each(['Basic YWRhOmFkYQ==', 'Bearer', 'Bearer a b', 'token'])(
  'an Authorization header of %j is refused, not taken for nobody’s',
  async (authorization) => {
    const reply = await call(server, { query: '{ viewer { email } }', headers: { authorization } })
    expect([reply.status, codes(reply)]).toEqual([401, ['UNAUTHENTICATED']])
  },
)

test('a socket closes when its token expires', async () => {
  const socket = connect(server, { token: await sign({ claims: { exp: seconds(2) } }) })
  expect((await socket.run('{ viewer { email } }')).data.viewer.email).toBe('ada@example.com')
  expect((await socket.closing()).code).toBe(4403)
})
