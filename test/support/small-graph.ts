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
import { DomainError, invalidInput, notFound, unauthenticated } from '../../src/core/errors.ts'
import { topic } from '../../src/live/bus.ts'
import { type LiveStream, liveState, liveStream } from '../../src/live/source.ts'
import { DEPENDS_ON_VIEWER } from '../../src/schema/viewer.ts'
import type { Connection } from '../../src/server/door.ts'
import { createCountedBus } from './counted-bus.ts'

export interface SmallContext {
  /** Different for every context that was made. */
  number: number
  connection: Connection
  viewerId: string | null
}

interface FeedRow<Event> {
  readonly seq: number
  readonly event: Event
}

let feedsMade = 0

/** A stream that is fed by the test, of one subscription alone. */
export class Feed<Event> {
  readonly source: LiveStream<FeedRow<Event>>
  readonly #bus = createCountedBus()
  readonly #rows: FeedRow<Event>[] = []
  readonly #pushed = topic<Record<never, never>>('pushed', String(feedsMade++))

  constructor() {
    this.source = liveStream({
      bus: this.#bus,
      key: this.#pushed.channel,
      topics: [this.#pushed],
      recheckOn: [topic('never', 'happens')],
      admit: async () => '',
      after: 0,
      fetch: async (after, limit) => this.#rows.filter(({ seq }) => seq > after).slice(0, limit),
      seqOf: ({ seq }) => seq,
      start: async () => this.#rows.length,
    })
  }

  get closed(): boolean {
    return this.#bus.listening === 0
  }

  push(event: Event): void {
    this.#rows.push({ seq: this.#rows.length + 1, event })
    this.#bus.publish(this.#pushed, {})
  }
}

/** A state that `load` finds, or does not. */
const stateOf = (key: string, load: () => Promise<unknown>) =>
  liveState({ bus: createCountedBus(), key, topics: [], admit: async () => '', load })

export const SECRET = 'select password_hash from accounts where email = $1'

/** A graph with one field for everything that a transport has to care about. */
export function smallGraph() {
  const feeds: Feed<number>[] = []
  const shared = new Feed<number>()
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
          return feed.source
        },
        resolve: (_event, _args, { number }) => number,
      },
      large: {
        type: GraphQLString,
        subscribe: () => {
          const feed = new Feed<number>()
          feeds.push(feed)
          return feed.source
        },
        resolve: (row) => 'x'.repeat((row as FeedRow<number>).event),
      },
      shared: {
        type: GraphQLString,
        subscribe: () => shared.source,
        resolve: (row) => 'x'.repeat((row as FeedRow<number>).event),
      },
      who: {
        type: GraphQLString,
        subscribe: () => shared.source,
        resolve: (_row, _args, { connection }) => `${connection.viewer?.accountId} at ${connection.address}`,
      },
      marked: {
        type: GraphQLString,
        extensions: { [DEPENDS_ON_VIEWER]: true },
        subscribe: () => shared.source,
        resolve: (_row, _args, { viewerId }) => viewerId,
      },
      crashing: {
        type: GraphQLString,
        subscribe: () => {
          throw new Error(SECRET)
        },
      },
      crashingLater: {
        type: GraphQLString,
        subscribe: () => stateOf('crashingLater', () => Promise.reject(new Error(SECRET))),
      },
      crashingEvents: {
        type: GraphQLString,
        subscribe: () => {
          const feed = new Feed<number>()
          feeds.push(feed)
          feed.push(1)
          return feed.source
        },
        resolve: () => {
          throw new Error(SECRET)
        },
      },
      hanging: {
        type: GraphQLString,
        subscribe: () => stateOf('hanging', () => new Promise(() => {})),
      },
    },
  })
  return { schema: new GraphQLSchema({ query, mutation, subscription }), feeds, shared, release, written }
}
