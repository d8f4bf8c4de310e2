import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit'
import { type Client, createClient } from 'graphql-ws'
import { authorizationOf, currentActing, isOurs } from './acting.ts'
import { ENDPOINT, socketUrl } from './endpoint.ts'
import { authorizationKey, type RequestHeaders, withAuthorization } from './request-headers.ts'

/** The server's close code for a token that is refused or has ended. */
const FORBIDDEN = 4403

/** Headers as connection parameters, with `Authorization` spelled as the server reads it. */
function connectionParamsOf(headers: RequestHeaders): Record<string, unknown> {
  const present = authorizationKey(headers)
  // A subscription outlives the token it began with, and reconnects with the one that replaced it.
  const fresh =
    present !== undefined && isOurs(headers[present])
      ? withAuthorization(headers, authorizationOf(currentActing().session), isOurs)
      : headers
  const key = authorizationKey(fresh)
  const { [key ?? '']: authorization, ...others } = fresh
  return key === undefined ? others : { ...others, Authorization: authorization }
}

/** A client of its own for each subscription: a socket is authenticated once, when it opens, with these headers. */
function socketClient(headers: RequestHeaders): Client {
  let sent: unknown
  return createClient({
    url: socketUrl(),
    connectionParams: () => {
      const params = connectionParamsOf(headers)
      sent = params.Authorization
      return params
    },
    // To come back with a token that was just refused would only delay the message by half a minute.
    shouldRetry: (problem) =>
      problem instanceof CloseEvent &&
      (problem.code !== FORBIDDEN || connectionParamsOf(headers).Authorization !== sent),
  })
}

/** Sends what the visitor runs: subscriptions over a socket, everything else as POST. */
export const fetcher: Fetcher = (params, options) =>
  createGraphiQLFetcher({
    url: ENDPOINT,
    enableIncrementalDelivery: false,
    // Without the cookie of another page on this server, "anonymous" means anonymous.
    fetch: (input, init) => fetch(input, { ...init, credentials: 'omit' }),
    wsClient: socketClient(options?.headers ?? {}),
  })(params, options)
