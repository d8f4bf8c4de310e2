import { ApolloServer, type ApolloServerPlugin, type GraphQLRequest } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type GraphQLSchema, Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql'
import type { Limits } from '../config.ts'
import { DomainError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { OPENS_SESSION } from '../permissions/rules.ts'
import { acceptsHtml } from './accept.ts'
import { type Admission, bearerToken, readCookies } from './admission.ts'
import { type Documents, isRefused, type OperationRequest, type Prepared } from './documents.ts'
import type { Door, Viewer } from './door.ts'
import { type Mask, statusOf } from './errors.ts'
import { refusal } from './limits/refusal.ts'
import type { Metrics } from './metrics.ts'

const PATH = '/graphql'
const RESPONSE_TYPE = 'application/graphql-response+json'

/** Answers `GET /graphql` in a browser. */
export type Playground = (request: FastifyRequest, reply: FastifyReply) => unknown

interface GraphqlOptions<Context extends object> {
  door: Door<Context>
  documents: Documents
  admission: Admission
  mask: Mask
  metrics: Metrics
  limits: Limits
  log: Log
  playground: Playground | undefined
}

/**
 * `POST /graphql`, and `GET` for queries. Who asks and whether the operation may run is decided here, as on sockets;
 * Apollo Server knows the HTTP of GraphQL, keeps foreign pages out, and executes.
 * @returns the function that stops Apollo Server.
 */
export async function registerGraphql<Context extends object>(
  app: FastifyInstance,
  options: GraphqlOptions<Context>,
): Promise<() => Promise<void>> {
  const { door, documents, admission, mask, metrics, playground } = options
  const apollo = createApollo(options)
  await apollo.start()
  const viewers = new WeakMap<FastifyRequest, Viewer | null>()

  const execute = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest, reply: FastifyReply) =>
      door.createContext({
        viewer: viewers.get(request) ?? null,
        address: request.ip,
        userAgent: request.headers['user-agent'] ?? null,
        cookies: readCookies(request.headers.cookie),
        setCookie: (header) => void reply.header('set-cookie', header),
      }),
  })

  /** Who asks; `stale` is the refusal of a session that came as a cookie. */
  const admit = async (request: FastifyRequest): Promise<{ viewer: Viewer | null; stale: DomainError | null }> => {
    const cookies = readCookies(request.headers.cookie)
    const bearer = bearerToken(request.headers.authorization)
    try {
      return { viewer: await admission.admit(request.ip, { bearer, cookies }), stale: null }
    } catch (error) {
      if (bearer !== null || !(error instanceof DomainError) || error.code !== 'UNAUTHENTICATED') throw error
      return { viewer: null, stale: error }
    }
  }

  const forgetSession = (request: FastifyRequest, reply: FastifyReply): void => {
    for (const header of door.forgetSession?.(readCookies(request.headers.cookie)) ?? []) {
      reply.header('set-cookie', header)
    }
  }

  const refuse = (request: FastifyRequest, reply: FastifyReply, errors: readonly unknown[]): FastifyReply => {
    const formatted = errors.map(mask)
    const { code, retryAfterSeconds } = formatted[0]?.extensions ?? { code: 'INTERNAL' }
    if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
    if (code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer')
    const type = request.headers.accept?.includes(RESPONSE_TYPE) ? RESPONSE_TYPE : 'application/json'
    return reply
      .code(statusOf(code))
      .type(`${type}; charset=utf-8`)
      .send(JSON.stringify({ errors: formatted }))
  }

  app.route({
    method: ['GET', 'POST'],
    url: PATH,
    async handler(request, reply) {
      if (playground !== undefined && request.method === 'GET' && acceptsHtml(request)) {
        await admission.admitAddress(request.ip)
        return playground(request, reply)
      }
      reply.header('cache-control', 'no-store')
      const startedAt = performance.now()
      let operation: OperationDefinitionNode | undefined
      try {
        const { viewer, stale } = await admit(request)
        viewers.set(request, viewer)
        const asked = readOperation(request)
        const prepared = asked === null ? null : documents.prepare(asked)
        if (stale !== null && (prepared === null || isRefused(prepared) || !opensSession(door.schema, prepared))) {
          forgetSession(request, reply)
          throw stale
        }
        if (prepared !== null) {
          if (isRefused(prepared)) return refuse(request, reply, prepared)
          operation = prepared.operation
          if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
            return refuse(request, reply, [refusal('SUBSCRIPTION_OVER_HTTP', 'Subscriptions need a WebSocket.')])
          }
          await admission.admitPoints(request.ip, viewer, prepared.points)
          if (viewer !== null) door.active?.(viewer)
        }
        return await execute.call(app, request, reply)
      } catch (error) {
        if (error instanceof DomainError) return refuse(request, reply, [error])
        throw error
      } finally {
        if (operation !== undefined) {
          const { operation: type, name } = operation
          const seconds = (performance.now() - startedAt) / 1000
          metrics.operationEnded({ transport: 'http', type, name: name?.value, seconds })
        }
      }
    },
  })

  app.route({
    method: ['PUT', 'PATCH', 'DELETE'],
    url: PATH,
    handler: (_request, reply) =>
      reply
        .code(405)
        .header('allow', 'GET, POST')
        .send({ errors: [{ message: 'Use POST.', extensions: { code: 'METHOD_NOT_ALLOWED' } }] }),
  })

  return () => apollo.stop()
}

function createApollo<Context extends object>(options: GraphqlOptions<Context>): ApolloServer<Context> {
  const { door, documents, mask, limits, log } = options
  return new ApolloServer<Context>({
    schema: door.schema,
    logger: {
      debug: () => {},
      info: () => {},
      warn: (message) => log.warn(message),
      error: (message) => log.error(message),
    },
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: limits.tokens },
    // Apollo asks for a document under a prefix and the SHA-256 of its text; what it would store has passed here first.
    documentStore: {
      get: async (key) => documents.byHash(key.slice(-64)),
      set: async () => {},
      delete: async () => {},
    },
    formatError: (_formatted, error) => mask(error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      publishCost(documents),
    ],
  })
}

/** `extensions.cost` for those who ask: prepared a second time, which is a look into the cache. */
const publishCost = (documents: Documents): ApolloServerPlugin => ({
  async requestDidStart({ request }) {
    const isAsked = request.http?.headers.get('x-atrium-cost') === '1' || request.extensions?.cost === true
    if (!isAsked) return {}
    return {
      async willSendResponse({ source, response }) {
        if (source === undefined || response.body.kind !== 'single') return
        const prepared = documents.prepare({ ...operationOf(request), query: source })
        if (isRefused(prepared)) return
        const { singleResult } = response.body
        singleResult.extensions = { ...singleResult.extensions, cost: prepared.cost }
      },
    }
  },
})

/**
 * Whether a stale cookie is no reason to refuse: browsers send it of their own accord, also with the operation that
 * would put a good one in its place.
 */
function opensSession(schema: GraphQLSchema, { operation }: Prepared): boolean {
  const fields = operation.operation === OperationTypeNode.MUTATION ? schema.getMutationType()?.getFields() : undefined
  return operation.selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && fields?.[selection.name.value]?.extensions[OPENS_SESSION] === true,
  )
}

const operationOf = ({ operationName, variables }: GraphQLRequest) => ({ operationName, variables })

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The operation that Apollo will find in the request, read in the same way. Null where Apollo refuses the request
 * because of its form, before it looks at the document.
 */
function readOperation(request: FastifyRequest): OperationRequest | null {
  const { query, operationName, variables } = request.method === 'GET' ? readSearch(request) : readBody(request)
  if (typeof query !== 'string' || query === '') return null
  if (operationName != null && typeof operationName !== 'string') return null
  if (variables != null && !isObject(variables)) return null
  return { query, operationName, variables }
}

interface Unread {
  query?: unknown
  operationName?: unknown
  variables?: unknown
}

const readBody = ({ body }: FastifyRequest): Unread => (isObject(body) ? body : {})

function readSearch(request: FastifyRequest): Unread {
  const { searchParams } = new URL(request.url, 'http://localhost')
  const once = (name: string): string | undefined => {
    const values = searchParams.getAll(name)
    return values.length === 1 ? values[0] : undefined
  }
  return { query: once('query'), operationName: once('operationName'), variables: parseJson(once('variables')) }
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
