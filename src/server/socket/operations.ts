import { type ExecutionResult, execute, type FormattedExecutionResult, GraphQLError } from 'graphql'
import type { ServerOptions, Context as SocketContext, SubscribePayload } from 'graphql-ws'
import type { Limits } from '../../config.ts'
import { DomainError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { Hub } from '../../live/hub/hub.ts'
import { type Admission, bearerToken } from '../admission.ts'
import { type Documents, isRefused, type Prepared } from '../documents.ts'
import type { Cookies, Credentials, Door, Viewer } from '../door.ts'
import type { Mask } from '../errors.ts'
import { refusal } from '../limits/refusal.ts'
import type { Metrics } from '../metrics.ts'
import { CLOSE_CODES } from './close-codes.ts'
import type { NextEvent } from './frame.ts'
import type { Outlet } from './outlet.ts'
import { createSubscribe, type LiveArgs } from './subscription.ts'

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

/** One open socket, as the hooks of graphql-ws see it. */
export interface SocketConnection {
  readonly address: string
  readonly userAgent: string | null
  readonly cookies: Cookies
  readonly outlet: Outlet
  bearer: string | null
  /**
   * Messages that are being handled; an operation is one until its last result is out. graphql-ws forgets an operation
   * as soon as the client completes it, which would let one socket start any number of them at once.
   */
  pending: number
  /** Closes the socket when the token ends. */
  expiry: NodeJS.Timeout | undefined
  /** Ends the watch over the viewer's session. */
  unwatch: (() => void) | undefined
  isOpen(): boolean
  close(code: number, reason: string): void
}

export interface OperationsOptions<Context extends object> {
  door: Door<Context>
  documents: Documents
  admission: Admission
  mask: Mask
  metrics: Metrics
  hub: Hub<NextEvent>
  limits: Limits
  log: Log
}

type Parameters = Record<string, unknown> | undefined
type Hooks = ServerOptions<Parameters, SocketConnection>

interface RunArgs extends LiveArgs {
  readonly cost: Prepared['cost']
  readonly startedAt: number
}

/** Everything that HTTP does to an operation, for operations that come through a socket. */
export function createOperations<Context extends object>(options: OperationsOptions<Context>): Hooks {
  const { door, documents, admission, mask, metrics, hub, limits, log } = options

  const credentialsOf = ({ bearer, cookies }: SocketConnection): Credentials => ({ bearer, cookies })

  const closeAtExpiry = (connection: SocketConnection, viewer: Viewer): void => {
    const leftMs = viewer.expiresAt.getTime() - Date.now()
    connection.expiry = setTimeout(
      () => {
        if (leftMs > LONGEST_TIMEOUT_MS) closeAtExpiry(connection, viewer)
        else connection.close(CLOSE_CODES.FORBIDDEN, 'The token has expired.')
      },
      Math.min(Math.max(leftMs, 0), LONGEST_TIMEOUT_MS),
    )
  }

  const admit = async (connection: SocketConnection): Promise<Viewer | null> => {
    try {
      return await admission.admit(connection.address, credentialsOf(connection))
    } catch (error) {
      // The token was good when the socket opened: its session has ended since, and so do its subscriptions.
      if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') {
        connection.close(CLOSE_CODES.FORBIDDEN, error.message)
      }
      throw error
    }
  }

  const start = async (connection: SocketConnection, id: string, payload: SubscribePayload): Promise<RunArgs> => {
    const startedAt = performance.now()
    const { operationName, variables, query } = payload
    const viewer = await admit(connection)
    const prepared = documents.prepare({ query, operationName, variables })
    if (isRefused(prepared)) throw new AggregateError(prepared)
    const { address, userAgent, cookies, outlet } = connection
    await admission.admitPoints(address, viewer, prepared.points)
    if (viewer !== null && prepared.operation.operation !== 'subscription') door.active?.(viewer)
    const freshContext = (): Context => door.createContext({ viewer, address, userAgent, cookies })
    return {
      schema: door.schema,
      document: prepared.document,
      hash: prepared.hash,
      operation: prepared.operation,
      cost: prepared.cost,
      operationName,
      variableValues: variables,
      contextValue: freshContext(),
      freshContext,
      viewer,
      id,
      outlet,
      isCostAsked: payload.extensions?.cost === true,
      startedAt,
    }
  }

  const present = (result: ExecutionResult, args: RunArgs): FormattedExecutionResult => {
    if (result.errors === undefined && !args.isCostAsked) return result as FormattedExecutionResult
    const { errors, extensions, ...rest } = result
    return {
      ...(errors && { errors: errors.map(mask) }),
      ...rest,
      ...(args.isCostAsked ? { extensions: { ...extensions, cost: args.cost } } : extensions && { extensions }),
    }
  }
  const subscribe = createSubscribe<Context>({
    door,
    hub,
    metrics,
    log,
    present: (result, args) => present(result, args as RunArgs),
  })

  const timed = async <Result>(args: RunArgs, run: () => Result): Promise<Awaited<Result>> => {
    try {
      return await run()
    } finally {
      const { operation, startedAt } = args
      const seconds = (performance.now() - startedAt) / 1000
      metrics.operationEnded({ transport: 'socket', type: operation.operation, name: operation.name?.value, seconds })
    }
  }

  return {
    connectionInitWaitTimeout: 10_000,

    async onConnect({ extra: connection, connectionParams }: SocketContext<Parameters, SocketConnection>) {
      try {
        connection.bearer = bearerToken(connectionParams?.authorization ?? connectionParams?.Authorization)
        const viewer = await door.authenticate(credentialsOf(connection))
        // A socket that has closed in the meantime would never clear these away.
        if (viewer !== null && connection.isOpen()) {
          closeAtExpiry(connection, viewer)
          connection.unwatch = door.watch?.(viewer, (reason) => connection.close(CLOSE_CODES.FORBIDDEN, reason))
        }
        return true
      } catch (error) {
        if (error instanceof DomainError) {
          connection.close(CLOSE_CODES.FORBIDDEN, error.message)
        } else {
          log.error({ err: error }, 'A socket could not be authenticated')
          connection.close(CLOSE_CODES.TRY_AGAIN_LATER, 'Try again later.')
        }
        return false
      }
    },

    async onSubscribe({ extra: connection }, id, payload) {
      try {
        if (connection.pending > limits.socketOperations) {
          const limit = limits.socketOperations
          throw refusal('TOO_MANY_OPERATIONS', `A socket may run at most ${limit} operations at once.`, { limit })
        }
        return await start(connection, id, payload)
      } catch (error) {
        return error instanceof AggregateError ? error.errors : [wrap(error)]
      }
    },

    execute: (args) => timed(args as RunArgs, () => execute(args)),
    subscribe: (args) => timed(args as RunArgs, () => subscribe(args as RunArgs)),

    onNext: (_context, _id, _payload, args, result) => present(result, args as RunArgs),
    onError: (_context, _id, _payload, errors) => errors.map(mask),
  }
}

const wrap = (error: unknown): GraphQLError => {
  if (error instanceof GraphQLError) return error
  const originalError = error instanceof Error ? error : new Error(String(error))
  return new GraphQLError(originalError.message, { originalError })
}
