import { readFileSync } from 'node:fs'
import { parseSetCookie } from 'cookie'
import { expect } from 'vitest'
import type { Answer, TestServer } from './server.ts'
import { openClient } from './small-server.ts'

/** Every code that docs/errors.md promises. Others may not leave. */
const DOCUMENTED_CODES: ReadonlySet<string> = new Set(
  Array.from(
    readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8').matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g),
    ([, code]) => code ?? '',
  ),
)

/** Statements, constraints, hashes and stacks have no business outside. */
const INTERNALS =
  /insert into|\bselect\s.*\sfrom\b|update "|delete from|violates|constraint|argon2|node_modules|\.[cm]?[tj]s:\d|\n\s+at |PostgresError|Drizzle/i

export interface Call {
  query: string
  variables?: Record<string, unknown>
  token?: string | null
  headers?: Record<string, string>
  /** Values by name, as a browser would send them. */
  cookies?: Record<string, string>
  /** Instead of the JSON of query and variables. */
  body?: string
}

export interface Reply extends Answer {
  status: number
  headers: Headers
  /** `Set-Cookie` by name, with its attributes. */
  setCookies: Record<string, ReturnType<typeof parseSetCookie>>
}

const codesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(codesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, field]) =>
    name === 'code' && typeof field === 'string' ? [field] : codesIn(field),
  )
}

/** The rule for every answer, good or bad: documented codes only, nothing of the inside, and no fault of ours. */
function expectClean(text: string): void {
  expect(text).not.toMatch(INTERNALS)
  const codes = codesIn(JSON.parse(text))
  expect(codes.filter((code) => !DOCUMENTED_CODES.has(code) || code === 'INTERNAL')).toEqual([])
}

/** One request with all that HTTP tells; each answer is held to `expectClean`. */
export async function call(
  server: TestServer,
  { query, variables, token, headers, cookies, body }: Call,
): Promise<Reply> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(cookies
        ? {
            cookie: Object.entries(cookies)
              .map((pair) => pair.join('='))
              .join('; '),
          }
        : {}),
      ...headers,
    },
    body: body ?? JSON.stringify({ query, variables }),
  })
  const text = await response.text()
  expectClean(text)
  const set = response.headers.getSetCookie().map((header) => parseSetCookie(header))
  return {
    ...(JSON.parse(text) as Answer),
    status: response.status,
    headers: response.headers,
    setCookies: Object.fromEntries(set.map((cookie) => [cookie.name, cookie])),
  }
}

/** A socket of this server, as a token's or a cookie's owner; its answers are held to the same rule. */
export function connect(server: TestServer, { token, cookies }: Pick<Call, 'token' | 'cookies'> = {}) {
  const client = openClient(
    server.running.port,
    token ? { authorization: `Bearer ${token}` } : {},
    cookies
      ? {
          cookie: Object.entries(cookies)
            .map((pair) => pair.join('='))
            .join('; '),
        }
      : {},
  )
  return {
    ...client,
    async run(query: string, variables?: Record<string, unknown>): Promise<Answer> {
      const answer = await client.run(query, variables)
      expectClean(JSON.stringify(answer))
      return answer as Answer
    },
  }
}

/** Codes of the top-level errors. */
export const codes = ({ errors = [] }: Pick<Answer, 'errors'>): string[] =>
  errors.map(({ extensions }) => extensions.code)

const SESSION = 'session { id accessToken accessTokenExpiresAt refreshToken account { id handle name role } }'
export const USER_ERRORS = 'userErrors { code message path }'
export const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) { ${SESSION} ${USER_ERRORS} } }`
export const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { ${SESSION} ${USER_ERRORS} } }`
export const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION} ${USER_ERRORS} } }`
export const SIGN_OUT = `mutation { signOut { signedOut ${USER_ERRORS} } }`
export const WHO = '{ viewer { email accessTokenExpiresAt account { handle role } } }'

export const PASSWORD = 'wooden boats drift slowly'

/** The input of a sign-up that works. */
export const newcomer = (handle: string, more: Record<string, unknown> = {}) => ({
  input: { email: `${handle}@example.com`, handle, password: PASSWORD, ...more },
})

export interface Session {
  id: string
  accessToken: string
  refreshToken: string
  account: { id: string; handle: string; name: string; role: string }
}

/** Signs somebody up and answers the session. */
export async function join(server: TestServer, handle: string, more: Record<string, unknown> = {}): Promise<Session> {
  const { data } = await call(server, { query: SIGN_UP, variables: newcomer(handle, more) })
  expect(data.signUp.userErrors).toEqual([])
  return data.signUp.session
}

/** `count` times the same at once. */
export const atOnce = <T>(count: number, act: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => act(n)))
