export type RequestHeaders = Readonly<Record<string, unknown>>

/** The name under which these headers hold the authorization, as header names have no case. */
export const authorizationKey = (headers: RequestHeaders): string | undefined =>
  Object.keys(headers).find((name) => name.toLowerCase() === 'authorization')

/**
 * The headers with the playground's own authorization set, replaced or (null) taken away. One that the visitor typed
 * stays, as do all other headers. Returns the same object where nothing changes.
 */
export function withAuthorization(
  headers: RequestHeaders,
  authorization: string | null,
  isOurs: (value: unknown) => boolean,
): RequestHeaders {
  const key = authorizationKey(headers)
  const present = key === undefined ? undefined : headers[key]
  if (key !== undefined && !isOurs(present)) return headers
  if (authorization === (present ?? null)) return headers
  const others = Object.entries(headers).filter(([name]) => name !== key)
  return Object.fromEntries(authorization === null ? others : [...others, [key ?? 'Authorization', authorization]])
}
