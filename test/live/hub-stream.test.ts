import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DatabaseUnavailable } from '../../src/db/unavailable.ts'
import { createRig, RECHECK, type Reader, type Rig, type Row, rowsFrom, settled, Table } from '../support/hub.ts'

let rig: Rig
let table: Table
beforeEach(() => {
  rig = createRig()
  table = new Table()
})
afterEach(() => {
  rig.hub.close()
  expect(rig.bus.listening).toBe(0)
  expect(rig.counts.groups).toBe(0)
})

const leave = (readers: Reader[]): void => {
  for (const reader of readers) reader.leave()
}

describe('a stream', () => {
  test('begins with what a reader missed, then goes on with what is new', async () => {
    table.add(250)
    const reader = await rig.join(rig.stream(table, { after: 1 }))
    await reader.hears(249)
    table.add()
    rig.hint()
    await reader.hears(250)
    expect(reader.heard).toEqual(rowsFrom(2, 251))
    reader.leave()
  })

  test('without a cursor begins at the moment in which it was opened', async () => {
    table.add(2)
    const reader = await rig.join(rig.stream(table))
    table.add()
    rig.hint()
    await reader.hears(1)
    await settled(20)
    expect(reader.heard).toEqual(rowsFrom(3, 3))
    reader.leave()
  })

  test.each([2, 200])('reads and executes a row once for %d who listen', async (count) => {
    table.add(5)
    const readers = await Promise.all(Array.from({ length: count }, () => rig.join(rig.stream(table))))
    await settled(20)
    const before = { ...rig.counts }
    table.add()
    rig.hint()
    for (const reader of readers) await reader.hears(1)
    expect(readers.map(({ heard }) => heard)).toEqual(readers.map(() => rowsFrom(6, 6)))
    expect(rig.counts.fetched - before.fetched).toBe(1)
    expect(rig.counts.shared - before.shared).toBe(1)
    expect(rig.counts.delivered - before.delivered).toBe(count)
    leave(readers)
  })

  test('is shared by those who begin at different rows, also while they catch up', async () => {
    table.add(1_000)
    const readers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => rig.join(rig.stream(table, { after: n * 3 }))),
    )
    for (const [n, reader] of readers.entries()) await reader.hears(1_000 - n * 3)
    for (const [n, reader] of readers.entries()) expect(reader.heard).toEqual(rowsFrom(n * 3 + 1, 1_000))
    // Alone they would be 85,150.
    expect(rig.counts.shared).toBeLessThan(20_000)
    leave(readers)
  })

  test('leaves out what is gone when it is about to be sent, and goes on behind it', async () => {
    const gone = new Set([2, 3, 5])
    table.add(5)
    const current = async (row: Row) => (gone.has(row.seq) ? null : row)
    const readers = [
      await rig.join(rig.stream(table, { after: 0, current })),
      await rig.join(rig.stream(table, { current })),
    ]
    await settled()
    gone.add(7)
    table.add(3)
    rig.hint()
    await readers[0]?.hears(4)
    await readers[1]?.hears(2)
    expect(readers.map(({ heard }) => heard.map((row) => JSON.parse(row).seq))).toEqual([
      [1, 4, 6, 8],
      [6, 8],
    ])
    leave(readers)
  })

  test('a row that is added while a page is read is not lost, although its hint comes before the page', async () => {
    let fetches = 0
    const fetch = async (after: number, limit: number) => {
      const found = await table.fetch(after, limit)
      if (fetches++ === 0) {
        table.add()
        rig.hint()
      }
      return found
    }
    const reader = await rig.join(rig.stream(table, { fetch }))
    await reader.hears(1)
    expect(reader.heard).toEqual(rowsFrom(1, 1))
    reader.leave()
  })

  test('a row whose hint was lost comes with the next look, which follows by itself', async () => {
    const reader = await rig.join(rig.stream(table, { healMs: 50 }))
    await settled(20)
    table.add()
    await reader.hears(1)
    reader.leave()
  })

  test('that goes back is a bug, and ends', async () => {
    const fetch = async (): Promise<Row[]> => [{ seq: 3 }, { seq: 2 }]
    const reader = await rig.join(rig.stream(table, { fetch }))
    await vi.waitFor(
      () => expect(reader.errors).toMatchObject([{ message: expect.stringContaining('went back') }]),
      10_000,
    )
  })

  test('sits an outage out', async () => {
    let isAway = false
    const fetch = async (after: number, limit: number) => {
      if (isAway) throw new DatabaseUnavailable('away')
      return table.fetch(after, limit)
    }
    const readers = await Promise.all([null, 0].map((after) => rig.join(rig.stream(table, { fetch, after }))))
    await settled()
    isAway = true
    table.add(3)
    rig.hint()
    const late = await rig.join(rig.stream(table, { fetch, after: 1 }))
    await settled(150)
    isAway = false
    for (const reader of readers) await reader.hears(3)
    await late.hears(2)
    expect([...readers, late].map(({ heard, errors }) => [heard.length, errors.length])).toEqual([
      [3, 0],
      [3, 0],
      [2, 0],
    ])
    leave([...readers, late])
  })
})

describe('a reader who does not keep up', () => {
  test('holds nobody up, fills no memory, and gets everything when they read again', async () => {
    const slow = await rig.join(rig.stream(table))
    const quick = await rig.join(rig.stream(table))
    await settled()
    slow.congest()
    for (let n = 0; n < 300; n++) {
      table.add()
      rig.hint()
      await settled(0)
    }
    await quick.hears(300)
    expect(slow.heard).toEqual([])
    const fetched = rig.counts.fetched
    await settled(20)
    expect(rig.counts.fetched).toBe(fetched)
    slow.drain()
    await slow.hears(300)
    expect(slow.heard).toEqual(rowsFrom(1, 300))
    leave([slow, quick])
  })

  test('and leaves is forgotten', async () => {
    table.add(10)
    const slow = await rig.join(rig.stream(table, { after: 0 }), { isCongested: true })
    await settled()
    slow.leave()
    slow.drain()
    await settled()
    expect(slow.heard).toEqual([])
  })
})

describe('what depends on who listens, although no field says so,', () => {
  test('is executed for each alone, in order, for those who catch up and those who are live', async () => {
    table.add(5)
    const readers = await Promise.all(
      ['ada', 'bob'].map((name) => rig.join(rig.stream(table, { after: 2 }), { name, isRevealing: true })),
    )
    for (const reader of readers) await reader.hears(3)
    table.add(5)
    rig.hint()
    for (const reader of readers) await reader.hears(8)
    expect(readers.map(({ heard }) => heard)).toEqual(
      ['ada', 'bob'].map((name) => rowsFrom(3, 10).map((row) => `${name}: ${row}`)),
    )
    leave(readers)
  })
})

test('no gap, no duplicate and the right order, however writes, hints, losses, joins and stuck readers interleave', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant('write and hint' as const) },
    { weight: 2, arbitrary: fc.constant('write, hint lost' as const) },
    { weight: 3, arbitrary: fc.constant('join' as const) },
    { weight: 1, arbitrary: fc.constant('leave and return' as const) },
    { weight: 2, arbitrary: fc.constant('get stuck' as const) },
    { weight: 2, arbitrary: fc.constant('drain' as const) },
    { weight: 1, arbitrary: fc.constant('recheck' as const) },
    { weight: 5, arbitrary: fc.constant('let others run' as const) },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 80 }),
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 10 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      async (steps, already, pageSize, delays, choices, isRevealing) => {
        const racing = createRig()
        const rows = new Table(already)
        let calls = 0
        const late = async (): Promise<void> => {
          const ticks = delays[calls++ % delays.length] ?? 0
          for (let tick = 0; tick < ticks; tick++) await Promise.resolve()
        }
        const choose = (below: number): number => (choices[calls++ % choices.length] ?? 0) % Math.max(1, below)
        const fetch = async (after: number, limit: number) => {
          // Before and after the snapshot: writes fall on either side of it.
          await late()
          const found = await rows.fetch(after, limit)
          await late()
          return found
        }
        const current = async (row: Row) => {
          await late()
          return row
        }
        const admit = async () => {
          await late()
          return ''
        }
        const seqs = (reader: Reader): number[] =>
          reader.heard.map((row) => JSON.parse(row.replace(/^.*?: \{/, '{')).seq)
        const places: { from: number; before: number[]; reader: Promise<Reader> }[] = []
        const open = (from: number, before: number[]): void => {
          const source = racing.stream(rows, { after: from, pageSize, fetch, current, admit })
          places.push({ from, before, reader: racing.join(source, { isRevealing, late }) })
        }
        for (const action of steps) {
          if (action.startsWith('write')) rows.add()
          if (action === 'write and hint') racing.hint()
          if (action === 'join') open(choose(rows.rows.length + 1), [])
          if (action === 'recheck') racing.bus.publish(RECHECK, {})
          const place = places[choose(places.length)]
          if (place !== undefined && action === 'get stuck') (await place.reader).congest()
          if (place !== undefined && action === 'drain') (await place.reader).drain()
          if (place !== undefined && action === 'leave and return') {
            const reader = await place.reader
            reader.leave()
            const heard = [...place.before, ...seqs(reader)]
            places.splice(places.indexOf(place), 1)
            const cursor = heard.at(-1) ?? place.from
            open(cursor, heard)
            const returned = places.at(-1)
            if (returned !== undefined) Object.assign(returned, { from: place.from })
          }
          if (action === 'let others run') await settled(0)
        }
        const last = rows.rows.length
        const readers = await Promise.all(places.map(({ reader }) => reader))
        for (const reader of readers) reader.drain()
        racing.hint() // stands for the healing look
        for (const [n, { from, before }] of places.entries()) {
          await readers[n]?.hears(last - from - before.length)
        }
        await settled(0)
        for (const [n, { from, before, reader }] of places.entries()) {
          expect([...before, ...seqs(await reader)]).toEqual(
            Array.from({ length: last - from }, (_, index) => from + index + 1),
          )
          expect(readers[n]?.errors).toEqual([])
        }
        leave(readers)
        expect(racing.bus.listening).toBe(0)
        expect(racing.counts.groups).toBe(0)
        racing.hub.close()
      },
    ),
    { numRuns: 300 },
  )
}, 60_000)
