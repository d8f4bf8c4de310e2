import { stringifySetCookie } from 'cookie'
import { invalidInput, unauthenticated } from '../core/errors.ts'
import type { OpenSession } from '../domain/account/session.ts'
import { ACCESS_TOKEN_SECONDS, SESSION_DAYS } from '../domain/account/tokens.ts'
import type { Cookies } from '../schema/context.ts'

/** The `__Host-` prefix makes browsers insist on Secure, on Path=/ and on no Domain (RFC 6265bis, 4.1.3.2). */
export const ACCESS_COOKIE = '__Host-atrium-access'
const REFRESH_COOKIE = '__Host-atrium-refresh'

function set(cookies: Cookies, name: string, value: string, maxAgeSeconds: number): void {
  cookies.set?.(
    stringifySetCookie({
      name,
      value,
      maxAge: maxAgeSeconds,
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'strict',
    }),
  )
}

/**
 * Called before the work: a session that nobody can be told of must not be opened, nor an old token be used up.
 * @throws DomainError `INVALID_INPUT` over a socket, which cannot set cookies.
 */
export function ensureCookiesCanBeSet(cookies: Cookies, path: readonly string[]): void {
  if (cookies.set === null) throw invalidInput(path, 'A socket cannot set cookies. Do this over HTTP.')
}

export function setSessionCookies(cookies: Cookies, opened: OpenSession): void {
  set(cookies, ACCESS_COOKIE, opened.access.token, ACCESS_TOKEN_SECONDS)
  set(cookies, REFRESH_COOKIE, opened.refreshToken, SESSION_DAYS * 86_400)
}

export function clearSessionCookies(cookies: Cookies): void {
  set(cookies, ACCESS_COOKIE, '', 0)
  set(cookies, REFRESH_COOKIE, '', 0)
}

export const refreshCookieOf = ({ values }: Cookies): string | undefined => values[REFRESH_COOKIE]

/**
 * The token that was handed in, or the cookie's; what came as a cookie goes back as one.
 * @throws DomainError `UNAUTHENTICATED` with neither, `INVALID_INPUT` for a cookie over a socket.
 */
export function refreshTokenOf(cookies: Cookies, given: string | null | undefined): { token: string; cookie: boolean } {
  if (given !== undefined && given !== null) return { token: given, cookie: false }
  const token = refreshCookieOf(cookies)
  if (token === undefined) throw unauthenticated('Hand in a refresh token, or send its cookie.')
  ensureCookiesCanBeSet(cookies, ['input', 'refreshToken'])
  return { token, cookie: true }
}
