import { tmpdir } from 'node:os'
import { createClient } from 'graphql-ws'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import WebSocket from 'ws'
import { type Config, type Limits, readConfig } from '../../src/config.ts'
import { unauthenticated } from '../../src/core/errors.ts'
import { createLog } from '../../src/core/log.ts'
import type { RateLimiter } from '../../src/server/admission.ts'
import type { Viewer } from '../../src/server/door.ts'
import { type AtriumServer, createServer, type ServerOptions } from '../../src/server/server.ts'
import { SECRET, type SmallContext, smallGraph } from './small-graph.ts'

const memoryLimiter = (points: number): RateLimiter => {
  const limiter = new RateLimiterMemory({ points, duration: 60 })
  return {
    async consume(key, spent = 1) {
      try {
        await limiter.consume(key, spent)
        return { allowed: true, retryAfterMs: 0 }
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error
        return { allowed: false, retryAfterMs: error.msBeforeNext }
      }
    },
  }
}

interface Settings {
  limits?: Partial<Limits>
  config?: Partial<Config>
  viewerRate?: number
  addressRate?: number
  tokenMs?: number
  options?: Partial<ServerOptions<SmallContext>>
}

export type SmallServer = Awaited<ReturnType<typeof startSmallServer>>

/** The real server around the small graph. The tokens `good` and `other` are known; `revoked` holds those that ended. */
export async function startSmallServer(settings: Settings = {}) {
  const { viewerRate = 1_000_000, addressRate = 1_000_000, tokenMs = 60_000 } = settings
  const graph = smallGraph()
  const revoked = new Set<string>()
  let contexts = 0
  let databaseAnswers = true
  const defaults = readConfig({ ATRIUM_DATA: tmpdir(), JWT_SECRET: 'x'.repeat(32) })
  const server: AtriumServer = await createServer<SmallContext>({
    config: {
      ...defaults,
      host: '127.0.0.1',
      port: 0,
      ...settings.config,
      limits: { ...defaults.limits, ...settings.limits },
    },
    log: createLog('silent'),
    perViewer: memoryLimiter(viewerRate),
    perAddress: memoryLimiter(addressRate),
    poolState: () => ({ open: 3, idle: 2, waiting: 1 }),
    ping: () => (databaseAnswers ? Promise.resolve() : Promise.reject(new Error(SECRET))),
    door: {
      schema: graph.schema,
      async authenticate({ bearer, cookies }): Promise<Viewer | null> {
        const token = bearer ?? cookies['__Host-atrium-access'] ?? null
        if (token === null) return null
        if (token === 'outage') throw new Error(SECRET)
        if ((token !== 'good' && token !== 'other') || revoked.has(token))
          throw unauthenticated('This token is not valid.')
        return { accountId: token, sessionId: token, expiresAt: new Date(Date.now() + tokenMs) }
      },
      createContext: (connection) => ({
        number: ++contexts,
        connection,
        viewerId: connection.viewer?.accountId ?? null,
      }),
      personal: { viewer: ['viewerId'], connection: ['connection'] },
    },
    ...settings.options,
  })
  const { port } = await server.listen()
  const url = `http://127.0.0.1:${port}`
  return {
    ...graph,
    server,
    url,
    port,
    revoked,
    loseDatabase: () => {
      databaseAnswers = false
    },
    post: (body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}

export interface Answer {
  data?: Record<string, unknown> | null
  errors?: { message: string; path?: unknown; extensions: { code: string; [key: string]: unknown } }[]
  extensions?: Record<string, unknown>
}

export const read = async (response: Response): Promise<Answer> => (await response.json()) as Answer

/** Waits until something is so, and fails the test when it does not become so. */
export async function until(isSo: () => boolean, what = 'it'): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 500) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export interface ClosedSocket {
  code: number
  reason: string
}

/** A graphql-ws client on one socket that never reconnects. */
export function openClient(port: number, connectionParams: Record<string, unknown> = {}, headers = {}) {
  class Socket extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { headers })
    }
  }
  let closed: ClosedSocket | undefined
  const client = createClient({
    url: `ws://127.0.0.1:${port}/graphql`,
    webSocketImpl: Socket,
    connectionParams,
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => {},
    on: {
      closed: (event) => {
        const { code, reason } = event as ClosedSocket
        closed = { code, reason }
      },
    },
  })
  const run = async (
    query: string,
    variables?: Record<string, unknown>,
    extensions?: Record<string, unknown>,
  ): Promise<Answer> => {
    const answers = client.iterate({ query, variables: variables ?? null, extensions: extensions ?? null })
    try {
      for await (const answer of answers) return answer as Answer
      return {}
    } catch (errors) {
      if (Array.isArray(errors)) return { errors } as Answer
      throw errors
    }
  }
  return {
    client,
    run,
    closing: async (): Promise<ClosedSocket> => {
      await until(() => closed !== undefined, 'the socket to close')
      return closed as ClosedSocket
    },
    isClosed: () => closed !== undefined,
  }
}

/** A socket that speaks the protocol by hand. */
export async function openRaw(port: number, { headers = {}, init = true } = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', { headers })
  const messages: { type: string; id?: string; payload?: unknown }[] = []
  socket.on('message', (text) => messages.push(JSON.parse(String(text))))
  const closing = new Promise<ClosedSocket>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
  )
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const send = (message: unknown): void => socket.send(JSON.stringify(message))
  if (init) {
    send({ type: 'connection_init' })
    await until(() => messages.length > 0, 'the acknowledgement')
  }
  return { socket, messages, closing, send }
}
