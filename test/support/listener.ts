import type { Client } from 'graphql-ws'
import { vi } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import type { GraphError, TestServer } from './server.ts'

const COMMENT_ADDED = `subscription ($on: ID!, $after: String) {
  commentAdded(on: $on, after: $after) { id body state streamCursor author { handle } } }`

/** The cursor before the first comment. */
export const BEGINNING = encodeCursor('STREAM', ['0'])

export interface Heard {
  id: string
  body: string
  streamCursor: string
}

export interface Listener {
  readonly heard: Heard[]
  readonly bodies: () => string[]
  /** Errors that ended the subscription, or came as an event. */
  readonly errors: GraphError[]
  readonly isEnded: () => boolean
  /** Resolves once it has heard so many comments. */
  hears(count: number, timeoutMs?: number): Promise<void>
  leave(): Promise<void>
}

/** Somebody who listens to the comments on `on`, on a socket of their own. */
export function listen(
  server: TestServer,
  on: string,
  { after = null, token = null }: { after?: string | null; token?: string | null } = {},
): Listener {
  const client: Client = server.socket(token)
  const heard: Heard[] = []
  const errors: GraphError[] = []
  let ended = false
  client.subscribe<{ commentAdded: Heard }>(
    { query: COMMENT_ADDED, variables: { on, after } },
    {
      next: ({ data, errors: failed }) => {
        if (data?.commentAdded) heard.push(data.commentAdded)
        errors.push(...((failed ?? []) as unknown as GraphError[]))
      },
      error: (error) => {
        ended = true
        errors.push(...(Array.isArray(error) ? (error as GraphError[]) : []))
      },
      complete: () => {
        ended = true
      },
    },
  )
  return {
    heard,
    errors,
    bodies: () => heard.map(({ body }) => body),
    isEnded: () => ended,
    hears: (count, timeout = 20_000) =>
      vi.waitFor(
        () => {
          if (heard.length < count) throw new Error(`heard ${heard.length} of ${count}: ${JSON.stringify(errors)}`)
        },
        { timeout, interval: 10 },
      ),
    leave: async () => client.dispose(),
  }
}

/** How many subscriptions the server runs, from its own metrics. */
export async function runningSubscriptions({ url }: TestServer): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^atrium_subscriptions (\d+)$/m.exec(text)?.[1] ?? Number.NaN)
}

export const untilRunning = (server: TestServer, count: number): Promise<void> =>
  vi.waitFor(
    async () => {
      const running = await runningSubscriptions(server)
      if (running !== count) throw new Error(`${running} subscriptions run, not ${count}`)
    },
    { timeout: 10_000, interval: 20 },
  )
