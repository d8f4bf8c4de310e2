import type { Client } from 'graphql-ws'
import { vi } from 'vitest'
import type { GraphError, TestServer } from './server.ts'

/** As `after` of any stream: all there is, from the first on. */
export const BEGINNING = ''

/** What a subscription sent so far. */
// biome-ignore lint/suspicious/noExplicitAny: the selection is the test's.
export interface Listener<Heard = any> {
  readonly heard: Heard[]
  /** When each of them came. */
  readonly atMs: number[]
  /** Errors that ended the subscription, or came as an event. */
  readonly errors: GraphError[]
  readonly isEnded: () => boolean
  /** Resolves once it has heard so many. */
  hears(count: number, timeoutMs?: number): Promise<void>
  /** Resolves to what came last once that satisfies it. */
  until(holds: (last: Heard) => boolean, timeoutMs?: number): Promise<Heard>
  /** Resolves once the server has ended it. */
  ends(timeoutMs?: number): Promise<void>
  leave(): Promise<void>
}

/** Collects what a subscription with the alias `heard` sends. */
// biome-ignore lint/suspicious/noExplicitAny: the selection is the test's.
export function subscribed<Heard = any>(
  client: Client,
  query: string,
  variables: Record<string, unknown> = {},
): Listener<Heard> {
  const heard: Heard[] = []
  const atMs: number[] = []
  const errors: GraphError[] = []
  let ended = false
  client.subscribe<{ heard: Heard }>(
    { query, variables },
    {
      next: ({ data, errors: failed }) => {
        if (data?.heard !== undefined && data.heard !== null) {
          heard.push(data.heard)
          atMs.push(performance.now())
        }
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
  const wait = (holds: () => boolean, timeout: number): Promise<void> =>
    vi.waitFor(
      () => {
        if (!holds())
          throw new Error(`heard ${heard.length}: ${JSON.stringify(heard.at(-1))} ${JSON.stringify(errors)}`)
      },
      { timeout, interval: 10 },
    )
  return {
    heard,
    atMs,
    errors,
    isEnded: () => ended,
    hears: (count, timeout = 20_000) => wait(() => heard.length >= count, timeout),
    async until(holds, timeout = 20_000) {
      await wait(() => heard.length > 0 && holds(heard.at(-1) as Heard), timeout)
      return heard.at(-1) as Heard
    },
    ends: (timeout = 10_000) => wait(() => ended, timeout),
    leave: async () => client.dispose(),
  }
}

const COMMENT_ADDED = `subscription ($on: ID!, $after: String) {
  heard: commentAdded(on: $on, after: $after) { id body state streamCursor author { handle } } }`

export interface HeardComment {
  id: string
  body: string
  streamCursor: string
}

export interface CommentListener extends Listener<HeardComment> {
  readonly bodies: () => string[]
}

/** Somebody who listens to the comments on `on`, on a socket of their own. */
export function listen(
  server: TestServer,
  on: string,
  { after = null, token = null }: { after?: string | null; token?: string | null } = {},
): CommentListener {
  const listener = subscribed<HeardComment>(server.socket(token), COMMENT_ADDED, { on, after })
  return { ...listener, bodies: () => listener.heard.map(({ body }) => body) }
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
