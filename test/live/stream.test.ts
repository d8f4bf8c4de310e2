import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { type Bus, createLocalBus, type Listener, type Topic, topic } from '../../src/live/bus.ts'
import { type StreamOptions, streamRows } from '../../src/live/stream.ts'

interface Row {
  seq: number
}
const added = topic<{ seq: number }>('rowAdded', 'p')
const rows = (...seqs: number[]): Row[] => seqs.map((seq) => ({ seq }))

/** Rows as a table keeps them, and how often the stream asked for them. */
function createTable(...seqs: number[]) {
  const table = {
    rows: rows(...seqs),
    fetches: 0,
    largestLimit: 0,
    async fetch(after: number, limit: number): Promise<Row[]> {
      table.fetches++
      table.largestLimit = Math.max(table.largestLimit, limit)
      const found = table.rows.filter((row) => row.seq > after).slice(0, limit)
      await Promise.resolve()
      return found
    },
    start: async () => table.rows.at(-1)?.seq ?? 0,
  }
  return table
}

describe('a stream of rows', () => {
  let bus: Bus
  let subscribed: number
  beforeEach(() => {
    const local = createLocalBus({ log: createLog('silent') })
    subscribed = 0
    bus = {
      ...local,
      subscribe<Payload>(on: Topic<Payload>, listener: Listener<Payload>) {
        subscribed++
        const stop = local.subscribe(on, listener)
        return () => {
          subscribed--
          stop()
        }
      },
    }
  })
  afterEach(() => {
    bus.close()
    vi.useRealTimers()
  })

  const open = (table: ReturnType<typeof createTable>, options: Partial<StreamOptions<Row>> = {}) =>
    streamRows<Row>({
      bus,
      topics: [added],
      after: 0,
      fetch: table.fetch,
      start: table.start,
      seqOf: (row) => row.seq,
      healMs: 3_600_000,
      ...options,
    })
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5))
  const take = async (stream: AsyncIterator<Row>, count: number): Promise<number[]> => {
    const taken: number[] = []
    while (taken.length < count) {
      const { value, done } = await stream.next()
      if (done) break
      taken.push(value.seq)
    }
    return taken
  }

  test('begins with what the client missed, then goes on with what is new', async () => {
    const table = createTable(1, 2, 3)
    const stream = open(table, { after: 1 })
    expect(await take(stream, 2)).toEqual([2, 3])
    const next = stream.next()
    await settled()
    table.rows.push({ seq: 4 })
    bus.publish(added, { seq: 4 })
    expect(await next).toEqual({ value: { seq: 4 }, done: false })
    await stream.return?.()
  })

  test('without a cursor it begins at the moment it is opened, not when it is first read', async () => {
    const table = createTable(1, 2)
    const stream = open(table, { after: null })
    await settled()
    table.rows.push({ seq: 3 })
    expect(await take(stream, 1)).toEqual([3])
    await stream.return?.()
  })

  test('hands out each row as it is when the reader takes it, and leaves out what is gone by then', async () => {
    const gone = new Set([2, 3, 5])
    const asked: number[] = []
    const stream = open(createTable(1, 2, 3, 4, 5, 6), {
      pageSize: 3,
      current: async (row) => {
        asked.push(row.seq)
        return gone.has(row.seq) ? null : row
      },
    })
    expect(await take(stream, 1)).toEqual([1])
    expect(asked).toEqual([1])
    gone.add(4)
    expect(await take(stream, 1)).toEqual([6])
    await stream.return?.()
  })

  test('that is left while it asks what a row is now delivers it to nobody', async () => {
    let answer: (row: Row) => void = () => {}
    const stream = open(createTable(1), {
      current: () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    })
    const next = stream.next()
    await settled()
    await stream.return?.()
    answer({ seq: 1 })
    expect(await next).toEqual({ value: undefined, done: true })
  })

  test('a row that is added while a fetch runs is not lost, although its hint comes before the fetch ends', async () => {
    const table = createTable()
    const stream = open(table, {
      fetch: async (after, limit) => {
        const found = await table.fetch(after, limit)
        if (table.fetches === 1) {
          table.rows.push({ seq: 1 })
          bus.publish(added, { seq: 1 })
        }
        return found
      },
    })
    expect(await take(stream, 1)).toEqual([1])
    await stream.return?.()
  })

  test('reads in pages, nothing ahead of the reader, and many hints cost one fetch', async () => {
    const table = createTable(...Array.from({ length: 250 }, (_, n) => n + 1))
    const stream = open(table, { pageSize: 100 })
    await settled()
    expect(table.fetches).toBe(0)
    expect(await take(stream, 1)).toEqual([1])
    for (let n = 0; n < 1_000; n++) bus.publish(added, { seq: n })
    await settled()
    expect(table.fetches).toBe(1)
    expect((await take(stream, 249)).at(-1)).toBe(250)
    expect(table.largestLimit).toBe(100)
    const idle = stream.next()
    await settled()
    const fetches = table.fetches
    table.rows.push({ seq: 251 })
    for (let n = 0; n < 1_000; n++) bus.publish(added, { seq: n })
    expect(await idle).toEqual({ value: { seq: 251 }, done: false })
    const further = stream.next()
    await settled()
    expect(table.fetches - fetches).toBeLessThanOrEqual(2)
    await stream.return?.()
    await further
  })

  test('a row whose hint was lost comes with the next look, which follows by itself', async () => {
    vi.useFakeTimers()
    const table = createTable()
    const stream = open(table, { healMs: 30_000 })
    const next = stream.next()
    await vi.advanceTimersByTimeAsync(1_000)
    table.rows.push({ seq: 1 })
    await vi.advanceTimersByTimeAsync(20_000)
    expect(table.fetches).toBe(1)
    await vi.advanceTimersByTimeAsync(13_000)
    expect(await next).toEqual({ value: { seq: 1 }, done: false })
    await stream.return?.()
  })

  test('return() while idle answers at once, ends the pending read, unsubscribes, and may be called again', async () => {
    const stream = open(createTable())
    const pending = stream.next()
    await settled()
    expect(subscribed).toBe(1)
    expect(await stream.return?.()).toEqual({ value: undefined, done: true })
    expect(await pending).toEqual({ value: undefined, done: true })
    expect(subscribed).toBe(0)
    expect(await stream.return?.()).toEqual({ value: undefined, done: true })
    expect(await stream.next()).toEqual({ value: undefined, done: true })
    expect(subscribed).toBe(0)
  })

  test('return() does not wait for a fetch that hangs', async () => {
    const stream = open(createTable(), { fetch: () => new Promise(() => {}) })
    const pending = stream.next()
    expect(await stream.return?.()).toEqual({ value: undefined, done: true })
    expect(await pending).toEqual({ value: undefined, done: true })
  })

  test('a failing fetch rejects the pending read, unsubscribes and ends the stream', async () => {
    const stream = open(createTable(), { fetch: () => Promise.reject(new Error('database gone')) })
    await expect(stream.next()).rejects.toThrow('database gone')
    expect(subscribed).toBe(0)
    expect(await stream.next()).toEqual({ value: undefined, done: true })
  })

  test('a failing start is told to the first read and to no one else', async () => {
    const stream = open(createTable(), { after: null, start: () => Promise.reject(new Error('database gone')) })
    await settled()
    await expect(stream.next()).rejects.toThrow('database gone')
    expect(subscribed).toBe(0)
  })

  test('throw() ends the stream with the error it was given', async () => {
    const stream = open(createTable(1))
    await expect(stream.throw?.(new Error('reader failed'))).rejects.toThrow('reader failed')
    expect(subscribed).toBe(0)
  })

  test('no gap, no duplicate and the right order, however inserts, hints, losses and reads interleave', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('insert with hint' as const) },
      { weight: 2, arbitrary: fc.constant('insert, hint lost' as const) },
      { weight: 1, arbitrary: fc.constant('hint for nothing' as const) },
      { weight: 4, arbitrary: fc.constant('read' as const) },
      { weight: 3, arbitrary: fc.constant('let others run' as const) },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 80 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 10 }),
        fc.boolean(),
        async (steps, already, pageSize, delays, fromNow) => {
          const table = createTable(...Array.from({ length: already }, (_, n) => n + 1))
          let fetches = 0
          const stream = open(table, {
            after: fromNow ? null : 0,
            pageSize,
            fetch: async (after, limit) => {
              const ticks = delays[fetches++ % delays.length] ?? 0
              // Before and after the snapshot: inserts fall on either side of it.
              for (let tick = 0; tick < ticks; tick++) await Promise.resolve()
              const found = await table.fetch(after, limit)
              for (let tick = 0; tick < ticks; tick++) await Promise.resolve()
              return found
            },
          })
          const reads: Promise<IteratorResult<Row>>[] = []
          for (const action of steps) {
            if (action.startsWith('insert')) table.rows.push({ seq: table.rows.length + 1 })
            if (action.includes('with hint') || action.startsWith('hint')) bus.publish(added, { seq: 0 })
            if (action === 'read') reads.push(stream.next())
            if (action === 'let others run') await Promise.resolve()
          }
          const expected = table.rows.map((row) => row.seq).filter((seq) => !fromNow || seq > already)
          while (reads.length < expected.length) reads.push(stream.next())
          bus.publish(added, { seq: 0 }) // stands for the healing look
          const got = await Promise.all(reads.slice(0, expected.length))
          await stream.return?.()
          await Promise.all(reads)
          expect(got.map((result) => result.value?.seq)).toEqual(expected)
          expect(subscribed).toBe(0)
        },
      ),
      { numRuns: 500 },
    )
  })
})
