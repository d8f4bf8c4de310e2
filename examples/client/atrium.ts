import { type Client, createClient } from 'graphql-ws'
import WebSocket from 'ws'
import type { TypedDocumentString } from './gql/graphql.ts'

interface Answer<Data> {
  data?: Data | null
  errors?: { message: string; extensions: { code: string } }[]
}

/** Why an operation has no answer. `code` is for programs: see docs/errors.md. */
class GraphError extends Error {
  override readonly name = 'GraphError'

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`)
  }
}

/** One person's way into the graph: HTTP for queries and mutations, a socket for subscriptions. */
export class Atrium {
  readonly #url: string
  #token: string | null = null
  #socket: Client | null = null

  /** @param url where the server runs: `http://localhost:4000` */
  constructor(url: string) {
    this.#url = `${url.replace(/\/+$/, '')}/graphql`
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
  async *listen<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): AsyncGenerator<Data, void> {
    this.#socket ??= createClient({
      url: this.#url.replace(/^http/, 'ws'),
      // Browsers, and Node from version 22 on, have a WebSocket of their own and need no such line.
      webSocketImpl: WebSocket,
      connectionParams: () => (this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
    })
    for await (const answer of this.#socket.iterate<Data>({ query: document.toString(), variables })) {
      yield dataOf(answer as Answer<Data>)
    }
  }

  async close(): Promise<void> {
    await this.#socket?.dispose()
  }
}

function dataOf<Data>({ data, errors }: Answer<Data>): Data {
  const [error] = errors ?? []
  if (error !== undefined) throw new GraphError(error.extensions.code, error.message)
  if (data === null || data === undefined) throw new GraphError('EMPTY', 'The server answered without data.')
  return data
}
