import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  locatedError,
  type OperationDefinitionNode,
} from 'graphql'
import type { Log } from '../../core/log.ts'
import { isDatabaseUnavailable } from '../../db/unavailable.ts'
import type { Hub, Subscription } from '../../live/hub/hub.ts'
import type { Listener, Operation } from '../../live/hub/operation.ts'
import { FairShare } from '../../live/hub/share.ts'
import { isLiveSource, type LiveSource } from '../../live/source.ts'
import type { Door, Viewer } from '../door.ts'
import type { Metrics } from '../metrics.ts'
import { NextEvent, type NextPrefix, nextPrefix } from './frame.ts'
import { planLive } from './live-plan.ts'
import type { Outlet } from './outlet.ts'

/** An operation that came through a socket, as graphql-ws keeps it while it runs. */
export interface LiveArgs {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  /** Same hash, same text. */
  readonly hash: string
  readonly operation: OperationDefinitionNode
  readonly operationName: string | null | undefined
  readonly variableValues: Record<string, unknown> | null | undefined
  /** Serves the opening of the source and is given up then: every event gets its own. */
  contextValue?: unknown
  readonly viewer: Viewer | null
  readonly id: string
  readonly outlet: Outlet
  readonly isCostAsked: boolean
  /** Of the caller, for what is executed for them alone. */
  freshContext(): unknown
}

export interface SubscriptionsOptions<Context extends object> {
  door: Door<Context>
  hub: Hub<NextEvent>
  metrics: Metrics
  log: Log
  /** The result as it leaves: errors masked, with the cost for those who asked. */
  present(result: ExecutionResult, args: LiveArgs): object
}

export type Subscribe = (args: LiveArgs) => Promise<ExecutionResult | AsyncGenerator<never, undefined, undefined>>

type Done = IteratorResult<never, undefined>
const DONE: Done = { value: undefined, done: true }
const NOBODY = { viewer: null, address: '', userAgent: null, cookies: {} }

/** The `subscribe` of graphql-ws: sources are opened here, and what they tell is left to the hub. */
export function createSubscribe<Context extends object>(options: SubscriptionsOptions<Context>): Subscribe {
  const { door, hub, metrics, log, present } = options
  /** Operations that were found to depend on who listens, although no field says so. */
  const told = new WeakSet<OperationDefinitionNode>()

  /** Of what is executed for one member alone, whatever they open and on however many sockets. */
  const share = new FairShare()
  const forMember = <Answer>({ viewer }: LiveArgs, work: () => Promise<Answer>): Promise<Answer> =>
    viewer === null ? work() : share.use(viewer.accountId, work)

  const run = async (args: LiveArgs, rootValue: unknown, contextValue: unknown): Promise<NextEvent> => {
    const { schema, document, operationName, variableValues } = args
    const result = await execute({ schema, document, operationName, variableValues, rootValue, contextValue })
    const outage = result.errors?.find(({ originalError }) => isDatabaseUnavailable(originalError))
    // Nobody can make up for an event that says only that the database was away. The hub tries again.
    if (outage !== undefined) throw outage
    return new NextEvent(JSON.stringify(present(result, args)))
  }

  const operationOf = (args: LiveArgs, isPersonal: boolean): Operation<NextEvent> => ({
    isPersonal,
    async execute(value) {
      let noticed: string | null = null
      const { personal } = door
      const context = door.createContext(isPersonal ? { ...NOBODY, viewer: args.viewer } : NOBODY)
      const names = isPersonal ? personal.connection : [...personal.viewer, ...personal.connection]
      watch(context, names, (name) => {
        noticed = name
      })
      const event = await (isPersonal ? forMember(args, () => run(args, value, context)) : run(args, value, context))
      if (noticed === null) return event
      if (!told.has(args.operation)) {
        told.add(args.operation)
        const { hash, operation } = args
        log.warn(
          { operation: operation.name?.value, hash, read: noticed },
          'A subscription depends on who listens, without a field that is marked so: it is executed for each alone',
        )
      }
      return null
    },
  })

  return async (args) => {
    const source = await openSource(args)
    args.contextValue = undefined
    if (!isLiveSource(source)) return source
    const { field, dependsOnViewer, cursorVariable } = planLive(args.schema, args.document, args.operation)
    const key = keyOf(args, dependsOnViewer, source.kind === 'stream' ? cursorVariable : null)
    const runOwn: typeof run = (own, ...rest) => forMember(own, () => run(own, ...rest))
    const listener = new SocketListener(args, runOwn, metrics)
    try {
      const operation = () => operationOf(shareable(args), dependsOnViewer)
      listener.subscription = await hub.open({ source, key, operation, listener })
    } catch (error) {
      return { errors: [locatedError(error, [field], [field.alias?.value ?? field.name.value])] }
    }
    metrics.subscriptionStarted()
    return listener
  }
}

/** Who has the same key hears the same, but for the place in a stream where each begins. */
function keyOf(args: LiveArgs, dependsOnViewer: boolean, cursorVariable: string | null): string {
  const { hash, operation, variableValues, isCostAsked, viewer } = args
  const variables = { ...variableValues }
  if (cursorVariable !== null) delete variables[cursorVariable]
  const who = viewer === null ? null : [viewer.accountId, viewer.sessionId]
  return JSON.stringify([hash, operation.name?.value ?? null, variables, isCostAsked, dependsOnViewer && who])
}

/** Without what belongs to the first subscriber: others may be served with it long after they have gone. */
const shareable = (args: LiveArgs): LiveArgs => ({ ...args, contextValue: undefined, freshContext: () => undefined })

/** Notes when one of these is read. */
function watch(context: object, names: readonly string[], onRead: (name: string) => void): void {
  for (const name of names) {
    const value: unknown = Reflect.get(context, name)
    const get = (): unknown => {
      onRead(name)
      return value
    }
    Object.defineProperty(context, name, { get, enumerable: true, configurable: true })
  }
}

async function openSource(args: LiveArgs): Promise<LiveSource | ExecutionResult> {
  const { schema, document, operationName, variableValues, contextValue } = args
  try {
    const source = await createSourceEventStream({ schema, document, operationName, variableValues, contextValue })
    if (!(Symbol.asyncIterator in source)) return source
    if (isLiveSource(source)) return source
    throw new Error('The subscribe of a field answers a liveState or a liveStream')
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] }
    const originalError = error instanceof Error ? error : new Error(String(error))
    return { errors: [new GraphQLError(originalError.message, { originalError })] }
  }
}

/**
 * One subscription of one socket. For graphql-ws, which keeps its life, it is an iterator that never yields; `next`
 * resolves or rejects when the hub ends it.
 */
class SocketListener implements Listener<NextEvent>, AsyncGenerator<never, undefined, undefined> {
  subscription: Subscription | undefined
  readonly #prefix: NextPrefix
  #isEnded = false
  #hasEntered = false
  #failure: { error: unknown } | undefined
  #settle: { resolve: (done: Done) => void; reject: (error: unknown) => void } | undefined

  constructor(
    readonly args: LiveArgs,
    readonly run: (args: LiveArgs, value: unknown, context: unknown) => Promise<NextEvent>,
    readonly metrics: Metrics,
  ) {
    this.#prefix = nextPrefix(args.id)
  }

  execute(value: unknown): Promise<NextEvent> {
    return this.run(this.args, value, this.args.freshContext())
  }

  send(event: NextEvent): void {
    this.args.outlet.sendNext(event, this.#prefix)
  }

  isCongested(): boolean {
    return this.args.outlet.isCongested()
  }

  drained(): Promise<void> {
    return this.args.outlet.drained()
  }

  end(error: unknown): void {
    if (this.#isEnded) return
    this.#finish()
    this.#failure = { error }
    if (this.#settle !== undefined) this.#settle.reject(error)
  }

  next(): Promise<Done> {
    const failure = this.#failure
    if (failure !== undefined && this.#settle === undefined) {
      this.#failure = undefined
      return Promise.reject(failure.error)
    }
    if (this.#isEnded) return Promise.resolve(DONE)
    const pending = new Promise<Done>((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // Not before: until graphql-ws reads it, the client may have completed it already.
    if (!this.#hasEntered) {
      this.#hasEntered = true
      this.subscription?.enter()
    }
    return pending
  }

  return(): Promise<Done> {
    this.#finish()
    this.#settle?.resolve(DONE)
    return Promise.resolve(DONE)
  }

  throw(error: unknown): Promise<never> {
    this.#finish()
    this.#settle?.resolve(DONE)
    return Promise.reject(error)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  #finish(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.subscription?.leave()
    if (this.subscription !== undefined) this.metrics.subscriptionEnded()
  }
}
