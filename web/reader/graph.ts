import type { TypedDocumentString } from '../gql/graphql.ts'

const ENDPOINT = '/graphql'

/** `wss:` where the page came over `https:`. */
export const socketUrl = (): string => new URL(ENDPOINT, window.location.href).href.replace(/^http/, 'ws')

interface Answer<Data> {
  readonly data?: Data | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

/** The server's first error. `code` is one of docs/errors.md. */
export class GraphError extends Error {
  override readonly name = 'GraphError'

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

export const hasCode = (error: unknown, code: string): boolean => error instanceof GraphError && error.code === code

/**
 * One operation over HTTP, with the cookies of this origin.
 * @throws GraphError, or TypeError where there is no connection.
 */
export async function send<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
    body: JSON.stringify({ query: document.toString(), variables }),
  })
  // A proxy in front may answer with a page of its own.
  const { data, errors }: Answer<Data> = await response.json().catch(() => ({}))
  const [error] = errors ?? []
  if (error !== undefined) throw new GraphError(error.extensions?.code ?? 'UNKNOWN', error.message)
  if (data === null || data === undefined) throw new GraphError('UNKNOWN', `The server answered ${response.status}.`)
  return data
}
