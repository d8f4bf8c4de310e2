/** Where the graph answers, over HTTP. */
export const ENDPOINT = '/graphql'

/** The same door for sockets: `wss:` where the page came over `https:`. */
export const socketUrl = (): string => new URL(ENDPOINT, window.location.href).href.replace(/^http/, 'ws')

interface Answer<Data> {
  readonly data?: Data | null
  readonly errors?: readonly { readonly message: string }[]
}

/**
 * Sends one operation of the page itself (not of the visitor).
 * @throws Error with the server's message when the answer has errors or no data.
 */
export async function ask<Data>(query: string, variables: Readonly<Record<string, unknown>>): Promise<Data> {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    credentials: 'omit',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const answer = (await response.json()) as Answer<Data>
  const failure = answer.errors?.[0]
  if (failure) throw new Error(failure.message)
  if (!answer.data) throw new Error(`The server answered ${response.status} without data.`)
  return answer.data
}
