import {
  GraphQLBoolean,
  GraphQLError,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql'
import { createClient } from 'graphql-ws'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import WebSocket from 'ws'
import { type Config, type Limits, readConfig } from '../../src/config.ts'
import { DomainError, invalidInput, notFound, unauthenticated } from '../../src/core/errors.ts'
import { createLog } from '../../src/core/log.ts'
import type { RateLimiter } from '../../src/server/admission.ts'
import type { Connection, Viewer } from '../../src/server/door.ts'
import { type AtriumServer, createServer, type ServerOptions } from '../../src/server/server.ts'

export interface SmallContext {
  /** Different for every context that was made. */
  number: number
  connection: Connection
}

/** An iterator that is fed by the test, and knows whether it was closed. */
export class Feed<Event> implements AsyncIterableIterator<Event> {
  closed = false
  readonly #events: Event[] = []
  readonly #waiting: ((result: IteratorResult<Event>) => void)[] = []

  push(event: Event): void {
    const reader = this.#waiting.shift()
    if (reader === undefined) this.#events.push(event)
    else reader({ value: event, done: false })
  }

  next(): Promise<IteratorResult<Event>> {
    const event = this.#events.shift()
    if (event !== undefined) return Promise.resolve({ value: event, done: false })
    if (this.closed) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  return(): Promise<IteratorResult<Event>> {
    this.closed = true
    for (const reader of this.#waiting.splice(0)) reader({ value: undefined, done: true })
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

export const SECRET = 'select password_hash from accounts where email = $1'

/** A graph with one field for everything that a transport has to care about. */
export function smallGraph() {
  const feeds: Feed<number>[] = []
  const release: (() => void)[] = []
  const written: string[] = []

  const strict = new GraphQLScalarType<string, string>({
    name: 'Strict',
    parseValue: (value) => {
      if (value !== 'good') throw new Error('must be good')
      return 'good'
    },
    serialize: (value) => {
      if (value !== 'good') throw new GraphQLError(`cannot print ${SECRET}`)
      return 'good'
    },
  })
  const pageArguments = { first: { type: GraphQLInt }, last: { type: GraphQLInt } }
  const person: GraphQLObjectType = new GraphQLObjectType({
    name: 'Person',
    fields: () => ({
      name: { type: GraphQLString, resolve: () => 'Ada' },
      friend: { type: person, resolve: () => ({}) },
      friends: { type: people, args: pageArguments, resolve: () => ({ edges: [] }) },
    }),
  })
  const edge = new GraphQLObjectType({
    name: 'PersonEdge',
    fields: { cursor: { type: GraphQLString }, node: { type: person } },
  })
  const people: GraphQLObjectType = new GraphQLObjectType({
    name: 'PersonConnection',
    fields: {
      edges: { type: new GraphQLList(edge) },
      totalCount: { type: GraphQLInt, resolve: () => 0 },
    },
  })
  const filter: GraphQLInputObjectType = new GraphQLInputObjectType({
    name: 'Filter',
    fields: () => ({ ids: { type: new GraphQLList(GraphQLInt) }, not: { type: filter } }),
  })
  const fail = (error: () => unknown) => ({
    type: GraphQLString,
    resolve: () => {
      throw error()
    },
  })

  const query = new GraphQLObjectType<unknown, SmallContext>({
    name: 'Query',
    fields: {
      hello: { type: GraphQLString, resolve: () => 'world' },
      viewer: { type: GraphQLString, resolve: (_root, _args, { connection }) => connection.viewer?.accountId ?? null },
      address: { type: GraphQLString, resolve: (_root, _args, { connection }) => connection.address },
      person: { type: person, resolve: () => ({}) },
      people: { type: people, args: pageArguments, resolve: () => ({ edges: [] }) },
      count: {
        type: GraphQLInt,
        args: { ids: { type: new GraphQLList(GraphQLInt) }, filter: { type: filter }, strict: { type: strict } },
        resolve: (_root, { ids }: { ids?: unknown[] }) => ids?.length ?? 0,
      },
      flag: {
        type: GraphQLBoolean,
        args: { on: { type: new GraphQLNonNull(GraphQLBoolean) } },
        resolve: (_root, { on }) => on,
      },
      slow: {
        type: GraphQLString,
        resolve: () => new Promise<string>((resolve) => release.push(() => resolve('finished'))),
      },
      cookie: {
        type: GraphQLString,
        resolve(_root, _args, { connection }) {
          connection.setCookie?.('one=1; Path=/')
          connection.setCookie?.('two=2; Path=/')
          return 'set'
        },
      },
      crash: fail(() => Object.assign(new Error(SECRET), { cause: new Error(SECRET) })),
      crashWithText: fail(() => SECRET),
      crashWithGraphqlError: fail(() => new GraphQLError(SECRET)),
      unprintable: { type: strict, resolve: () => SECRET },
      missing: { type: new GraphQLNonNull(GraphQLString), resolve: () => null },
      forbidden: fail(() => unauthenticated()),
      nothing: fail(() => notFound('post', ['id'])),
      wrong: fail(() => invalidInput(['input', 'title'], 'A title has at most 200 characters.')),
      illegal: fail(() => new DomainError('ILLEGAL_TRANSITION', 'No.', [], { allowed: ['PUBLISHED'] })),
    },
  })
  const mutation = new GraphQLObjectType<unknown, SmallContext>({
    name: 'Mutation',
    fields: {
      write: {
        type: GraphQLString,
        args: { text: { type: GraphQLString } },
        resolve: (_root, { text }: { text?: string }) => {
          written.push(text ?? '')
          return text
        },
      },
    },
  })
  const subscription = new GraphQLObjectType<unknown, SmallContext>({
    name: 'Subscription',
    fields: {
      contexts: {
        type: GraphQLInt,
        subscribe: () => {
          const feed = new Feed<number>()
          feeds.push(feed)
          return feed
        },
        resolve: (_event, _args, { number }) => number,
      },
      large: {
        type: GraphQLString,
        subscribe: () => {
          const feed = new Feed<number>()
          feeds.push(feed)
          return feed
        },
        resolve: (bytes) => 'x'.repeat(Number(bytes)),
      },
      crashing: {
        type: GraphQLString,
        subscribe: () => {
          throw new Error(SECRET)
        },
      },
      crashingLater: {
        type: GraphQLString,
        subscribe: () => ({
          next: () => Promise.reject(new Error(SECRET)),
          [Symbol.asyncIterator]() {
            return this
          },
        }),
      },
      crashingEvents: {
        type: GraphQLString,
        subscribe: () => {
          const feed = new Feed<number>()
          feeds.push(feed)
          feed.push(1)
          return feed
        },
        resolve: () => {
          throw new Error(SECRET)
        },
      },
      hanging: {
        type: GraphQLString,
        subscribe: async function* () {
          await new Promise(() => {})
          yield 'never'
        },
      },
    },
  })
  return { schema: new GraphQLSchema({ query, mutation, subscription }), feeds, release, written }
}

export const memoryLimiter = (points: number): RateLimiter => {
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
  const defaults = readConfig({ ATRIUM_DATA: '/nonexistent', JWT_SECRET: 'x'.repeat(32) })
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
      createContext: (connection) => ({ number: ++contexts, connection }),
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
