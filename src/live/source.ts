import { type Bus, RESYNC, type Topic } from './bus.ts'
import { type StreamOptions, streamRows } from './stream.ts'

const DEFAULT_HEAL_MS = 30_000
const DEFAULT_MIN_INTERVAL_MS = 100

/** Who may listen, and which of several versions they hear. */
export interface Gate {
  /**
   * Called before anything opens, after each event of `recheckOn`, and now and then.
   * @returns the audience: listeners of one audience hear the same. The empty string where there is only one.
   * @throws DomainError when the viewer may not listen, or no longer: the subscription ends with it.
   */
  admit(): Promise<string>
  /** Events after which what `admit` said may no longer hold for this listener: it left the room, it has voted. */
  readonly recheckOn?: readonly Topic<unknown>[]
}

export interface StateOptions<State> extends Gate {
  bus: Bus
  /** Sources of one key and one audience show the same state: `pollUpdated:<uuid>`. */
  key: string
  /** Their events say that the state may have changed; what they carry is not looked at. */
  topics: readonly Topic<unknown>[]
  /** The state as this audience may see it now. Must not look at the viewer. Rejects to end the subscription. */
  load(audience: string): Promise<State>
  /** Changes that come faster are sent as one; the last one is always sent. */
  minIntervalMs?: number
  healMs?: number
}

export interface RowStreamOptions<Row> extends Gate, Omit<StreamOptions<Row>, 'fetch'> {
  /** Sources of one key and one audience stream the same rows, wherever each begins: `messageAdded:<uuid>`. */
  key: string
  /** As `StreamOptions.fetch`, and must not look at the viewer. */
  fetch(afterSeq: number, limit: number): Promise<readonly Row[]>
}

/** What the `subscribe` of a subscription field answers: a description of what to listen to. */
export interface LiveState<State> extends AsyncIterable<State> {
  readonly kind: 'state'
  readonly options: StateOptions<State>
}

export interface LiveStream<Row> extends AsyncIterable<Row> {
  readonly kind: 'stream'
  readonly options: RowStreamOptions<Row>
}

/** The present state first, then each change of it: a listener that comes back has missed nothing. */
export async function liveState<State>(options: StateOptions<State>): Promise<LiveState<State>> {
  await options.admit()
  return { kind: 'state', options, [Symbol.asyncIterator]: () => iterateState(options) }
}

/** Rows in order, what was missed `after` a cursor first: without gap or duplicate. */
export async function liveStream<Row>(options: RowStreamOptions<Row>): Promise<LiveStream<Row>> {
  await options.admit()
  return { kind: 'stream', options, [Symbol.asyncIterator]: () => iterateStream(options) }
}

function iterateStream<Row>(options: RowStreamOptions<Row>): AsyncIterator<Row> {
  const { bus, admit, recheckOn = [], topics, fetch } = options
  let admitted = false
  const recheck = (): void => {
    admitted = false
  }
  // Before the stream's own, so that what is fetched because of an event is fetched after the check.
  const stop = recheckOn.map((topic) => bus.subscribe(topic, recheck))
  const rows = streamRows<Row>({
    ...options,
    topics: [...topics, ...recheckOn],
    async fetch(afterSeq, limit) {
      if (!admitted) {
        admitted = true
        await admit()
      }
      return fetch(afterSeq, limit)
    },
    onEnd: () => {
      for (const unsubscribe of stop) unsubscribe()
    },
  })
  return rows
}

function iterateState<State>(options: StateOptions<State>): AsyncIterator<State> {
  const { bus, topics, recheckOn = [], admit, load } = options
  const { minIntervalMs = DEFAULT_MIN_INTERVAL_MS, healMs = DEFAULT_HEAL_MS } = options
  type Result = IteratorResult<State, undefined>
  const waiting: { resolve: (result: Result) => void; reject: (error: unknown) => void }[] = []
  let audience = ''
  let admitted = false
  let changed = true
  let sentAt = Number.NEGATIVE_INFINITY
  let pumping = false
  let done = false

  const look = (): void => {
    changed = true
    void pump()
  }
  const recheck = (): void => {
    admitted = false
    look()
  }
  const stop = [
    ...topics.map((topic) => bus.subscribe(topic, (event) => (event === RESYNC ? recheck() : look()))),
    ...recheckOn.map((topic) => bus.subscribe(topic, recheck)),
  ]
  const heal = setInterval(recheck, healMs * (0.9 + Math.random() * 0.2)).unref()

  const finish = (): void => {
    if (done) return
    done = true
    clearInterval(heal)
    for (const unsubscribe of stop) unsubscribe()
    for (const { resolve } of waiting.splice(0)) resolve({ value: undefined, done: true })
  }

  const pump = async (): Promise<void> => {
    if (pumping) return
    pumping = true
    try {
      while (!done && changed && waiting.length > 0) {
        const restMs = sentAt + minIntervalMs - performance.now()
        if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs))
        // Before the read: a change that comes while it runs may be one that it does not see.
        changed = false
        if (!admitted) {
          admitted = true
          audience = await admit()
        }
        const value = await load(audience)
        sentAt = performance.now()
        if (!done) waiting.shift()?.resolve({ value, done: false })
      }
    } catch (error) {
      if (done) return
      const reader = waiting.shift()
      finish()
      reader?.reject(error)
    } finally {
      pumping = false
    }
  }

  return {
    next() {
      if (done) return Promise.resolve({ value: undefined, done: true })
      return new Promise<Result>((resolve, reject) => {
        waiting.push({ resolve, reject })
        void pump()
      })
    },
    return() {
      finish()
      return Promise.resolve({ value: undefined, done: true })
    },
  }
}
