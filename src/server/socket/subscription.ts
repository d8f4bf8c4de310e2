import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute, GraphQLError } from 'graphql'

/** `contextValue` serves the opening of the source; every event gets its own from `freshContext`. */
export interface SubscriptionArgs extends ExecutionArgs {
  freshContext(): unknown
  onStart(): void
  onEnd(): void
}

type Result = IteratorResult<ExecutionResult, undefined>
const DONE: Result = { value: undefined, done: true }

const isAsyncIterable = (value: object): value is AsyncIterable<unknown> => Symbol.asyncIterator in value

/**
 * graphql-js's `subscribe` with two differences. Each event is executed in a new context, because the loaders of the
 * subscription's context answer the second event with the rows of the first. And `return()` ends a pending `next()` at
 * once, also for a source that hangs (an `async function*` that waits does not hear of its `return()`).
 */
export async function subscribe(
  args: SubscriptionArgs,
): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, undefined, undefined>> {
  const source = await openSource(args)
  return isAsyncIterable(source) ? executeEach(source[Symbol.asyncIterator](), args) : source
}

async function openSource(args: SubscriptionArgs): Promise<AsyncIterable<unknown> | ExecutionResult> {
  try {
    return await createSourceEventStream(args)
  } catch (error) {
    return { errors: [asGraphQLError(error)] }
  }
}

const asGraphQLError = (error: unknown): GraphQLError => {
  if (error instanceof GraphQLError) return error
  const originalError = error instanceof Error ? error : new Error(String(error))
  return new GraphQLError(originalError.message, { originalError })
}

function executeEach(
  source: AsyncIterator<unknown>,
  args: SubscriptionArgs,
): AsyncGenerator<ExecutionResult, undefined, undefined> {
  let ended = false
  let endPending: (() => void) | null = null
  args.onStart()

  const end = (): void => {
    if (ended) return
    ended = true
    args.onEnd()
    endPending?.()
  }
  const close = (): void => {
    if (ended) return
    end()
    // Not awaited: it may never resolve. A source that fails while it closes has nobody left to tell.
    void Promise.resolve(source.return?.()).catch(() => {})
  }

  const pull = async (): Promise<Result> => {
    try {
      const event = await source.next()
      if (event.done || ended) {
        end()
        return DONE
      }
      const value = await execute({ ...args, rootValue: event.value, contextValue: args.freshContext() })
      return ended ? DONE : { value, done: false }
    } catch (error) {
      if (ended) return DONE
      // The reader gets the error, not the end.
      endPending = null
      close()
      throw error
    }
  }

  const iterator: AsyncGenerator<ExecutionResult, undefined, undefined> = {
    next() {
      if (ended) return Promise.resolve(DONE)
      return new Promise<Result>((resolve, reject) => {
        endPending = () => resolve(DONE)
        pull().then(resolve, reject)
      })
    },
    return() {
      close()
      return Promise.resolve(DONE)
    },
    throw(error: unknown) {
      close()
      return Promise.reject(error)
    },
    [Symbol.asyncIterator]() {
      return iterator
    },
  }
  return iterator
}
