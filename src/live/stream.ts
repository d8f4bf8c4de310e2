import type { Bus, Topic } from './bus.ts'

const DEFAULT_HEAL_MS = 30_000
const DEFAULT_PAGE_SIZE = 100

export interface StreamOptions<Row> {
  bus: Bus
  /** Their events are hints that new rows may be there; what they carry is not looked at. */
  topics: readonly Topic<unknown>[]
  /** The sequence number of the last row that the client has; null means: only what comes from now on. */
  after: number | null
  /**
   * At most `limit` rows with a sequence number above `afterSeq`, in ascending order. A number must not become visible
   * after a higher one did, or the lower row is never delivered: take it while the parent row is locked.
   */
  fetch(afterSeq: number, limit: number): Promise<readonly Row[]>
  seqOf(row: Row): number
  /**
   * The row as it is when the reader takes it; null leaves it out. A page may have waited for a slow reader, and what
   * is on it may have been taken away meanwhile.
   */
  current?(row: Row): Promise<Row | null>
  /** The last sequence number that there is; called when `after` is null. */
  start(): Promise<number>
  /** Rows of an event that got lost are found after this time at the latest. */
  healMs?: number
  pageSize?: number
  onEnd?(): void
}

/**
 * Rows in order, without gap or duplicate: hints say that there is something to fetch, and rows always come from
 * `fetch`. It subscribes when called, before the first fetch. Memory is bounded by one page, however slow the reader
 * is: nothing is fetched before the reader asks, and hints that come meanwhile count as one.
 *
 * A failing `fetch`, `current` or `start` rejects the pending `next()` and ends the stream. `return()` resolves at once, also
 * while `next()` is pending. It is no generator, whose `return()` would wait for the next row.
 */
export function streamRows<Row>(options: StreamOptions<Row>): AsyncIterableIterator<Row, undefined, undefined> {
  const {
    bus,
    topics,
    after,
    fetch,
    seqOf,
    current,
    start,
    healMs = DEFAULT_HEAL_MS,
    pageSize = DEFAULT_PAGE_SIZE,
    onEnd = () => {},
  } = options
  type Result = IteratorResult<Row, undefined>
  const waiting: { resolve: (result: Result) => void; reject: (error: unknown) => void }[] = []
  let page: readonly Row[] = []
  let taken = 0
  let hinted = true
  let pumping = false
  let done = false

  const hint = (): void => {
    hinted = true
    void pump()
  }
  const stop = topics.map((topic) => bus.subscribe(topic, hint))
  // Spread out, so that thousands of readers who came with one reconnect do not all ask in the same moment for ever.
  const heal = setInterval(hint, healMs * (0.9 + Math.random() * 0.2)).unref()

  const finish = (): void => {
    if (done) return
    done = true
    clearInterval(heal)
    for (const unsubscribe of stop) unsubscribe()
    onEnd()
    page = []
    for (const { resolve } of waiting.splice(0)) resolve({ value: undefined, done: true })
  }

  // "From now on" counts from the call and not from the first next().
  let last: number | Promise<number> = after ?? (async () => start())()
  if (typeof last !== 'number') last.catch(() => {}) // told to the first next()

  const pump = async (): Promise<void> => {
    if (pumping) return
    pumping = true
    try {
      while (!done && waiting.length > 0) {
        const row = page[taken]
        if (row !== undefined) {
          taken++
          const value = current === undefined ? row : await current(row)
          if (value !== null && !done) waiting.shift()?.resolve({ value, done: false })
          continue
        }
        if (!hinted) break
        // Before the fetch: a hint that comes while it runs may be for a row that it does not see.
        hinted = false
        const from: number = await last
        const rows = await fetch(from, pageSize)
        const newest = rows.at(-1)
        if (done || newest === undefined) continue
        page = rows
        taken = 0
        last = seqOf(newest)
        if (last <= from) throw new Error(`A stream went back from ${from} to ${last}`)
        hinted ||= rows.length >= pageSize
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
    throw(error: unknown) {
      finish()
      return Promise.reject(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
