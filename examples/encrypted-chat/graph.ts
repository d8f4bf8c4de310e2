import { type Client, createClient } from 'graphql-ws'
import type { TypedDocumentString } from './gql/graphql.ts'

interface Answer<Data> {
  data?: Data | null
  errors?: readonly { message: string; extensions?: { code?: string } }[]
}

/** Why an operation has no answer. `code` is for programs: see docs/errors.md. */
export class GraphError extends Error {
  override readonly name = 'GraphError'

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`)
  }
}

export interface GraphOptions {
  /** Browsers, and Node from version 22 on, have one of their own. */
  readonly webSocket?: unknown
}

/** One person's way into the graph: HTTP for queries and mutations, a socket for subscriptions. */
export class Graph {
  readonly #url: string
  readonly #options: GraphOptions
  #token: string | null = null
  #socket: Client | null = null

  /** @param url of the graph: `http://localhost:4000/graphql` */
  constructor(url: string, options: GraphOptions = {}) {
    this.#url = url
    this.#options = options
  }

  /** Everything after this is done as the member whose access token this is. */
  authorize(accessToken: string): void {
    this.#token = accessToken
  }

  /** @throws GraphError for the first of the answer's errors. */
  async ask<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...(this.#token !== null && { authorization: `Bearer ${this.#token}` }),
      },
      body: JSON.stringify({ query: document.toString(), variables }),
    })
    return dataOf((await response.json()) as Answer<Data>)
  }

  /** What a subscription sends, for `for await`. Leaving the loop ends it. */
  listen<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): AsyncIterableIterator<Data> {
    this.#socket ??= createClient({
      url: this.#url.replace(/^http/, 'ws'),
      ...(this.#options.webSocket !== undefined && { webSocketImpl: this.#options.webSocket }),
      connectionParams: () => (this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
      // A client that was away goes on after its last cursor: it asks anew, instead of letting the socket repeat itself.
      retryAttempts: 0,
    })
    const answers = this.#socket.iterate<Data>({ query: document.toString(), variables })
    const read = ({ value, done }: IteratorResult<unknown>): IteratorResult<Data> =>
      done === true ? { value: undefined, done } : { value: dataOf(value as Answer<Data>), done: false }
    // No generator: its `return` would wait for the next event.
    return {
      next: async () => read(await answers.next().catch(told)),
      return: async () => read((await answers.return?.()) ?? { value: undefined, done: true }),
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  async close(): Promise<void> {
    await this.#socket?.dispose()
  }
}

/** What graphql-ws throws is a list of errors, a close event or an error. */
function told(cause: unknown): never {
  const [error] = Array.isArray(cause) ? (cause as NonNullable<Answer<unknown>['errors']>) : []
  if (error !== undefined) throw new GraphError(error.extensions?.code ?? 'UNKNOWN', error.message)
  if (cause instanceof Error) throw cause
  const { code, reason } = cause as { code?: number; reason?: string }
  throw new GraphError('SOCKET_CLOSED', `${code ?? ''} ${reason ?? ''}`.trim())
}

function dataOf<Data>({ data, errors }: Answer<Data>): Data {
  const [error] = errors ?? []
  if (error !== undefined) throw new GraphError(error.extensions?.code ?? 'UNKNOWN', error.message)
  if (data === null || data === undefined) throw new GraphError('EMPTY', 'The server answered without data.')
  return data
}

/** The thing that a mutation made. @throws GraphError for its first user error. */
export function done<Thing>(
  thing: Thing | null | undefined,
  payload: { userErrors: readonly { code: string; message: string }[] } | null | undefined,
): Thing {
  const [error] = payload?.userErrors ?? []
  if (error !== undefined) throw new GraphError(error.code, error.message)
  if (thing === null || thing === undefined) throw new GraphError('EMPTY', 'It was not done.')
  return thing
}
