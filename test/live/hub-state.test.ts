import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DatabaseUnavailable } from '../../src/db/unavailable.ts'
import { createRig, type Rig, settled } from '../support/hub.ts'

let rig: Rig
/** What there is to see. */
let votes: number
beforeEach(() => {
  rig = createRig()
  votes = 0
})
afterEach(() => {
  rig.hub.close()
  expect(rig.bus.listening).toBe(0)
  expect(rig.counts.groups).toBe(0)
})

const poll = (more: Partial<Parameters<Rig['state']>[0]> = {}) => rig.state({ load: async () => votes, ...more })
const many = (count: number, join: () => ReturnType<Rig['join']>) => Promise.all(Array.from({ length: count }, join))
const leave = (readers: { leave(): void }[]): void => {
  for (const reader of readers) reader.leave()
}

describe('a state', () => {
  test('comes at once, and those who come in one moment share the look', async () => {
    const readers = await many(200, () => rig.join(poll()))
    for (const reader of readers) await reader.hears(1)
    expect(readers.map(({ heard }) => heard)).toEqual(readers.map(() => ['0']))
    expect(rig.counts.loaded).toBeLessThanOrEqual(3)
    leave(readers)
  })

  test.each([2, 200])('that changes is loaded and executed once for %d who listen', async (count) => {
    const readers = await many(count, () => rig.join(poll()))
    for (const reader of readers) await reader.hears(1)
    const before = { ...rig.counts }
    votes = 1
    rig.hint()
    for (const reader of readers) await reader.hears(2)
    expect(readers.map(({ heard }) => heard)).toEqual(readers.map(() => ['0', '1']))
    expect(rig.counts.loaded - before.loaded).toBe(1)
    expect(rig.counts.shared - before.shared).toBe(1)
    expect(rig.counts.delivered - before.delivered).toBe(count)
    leave(readers)
  })

  test('that changes a thousand times in a moment is sent a few times, and the last change always', async () => {
    const [reader] = await many(1, () => rig.join(poll({ minIntervalMs: 50 })))
    await reader?.hears(1)
    const startedAt = performance.now()
    for (let n = 1; n <= 1000; n++) {
      votes = n
      rig.hint()
      if (n % 50 === 0) await settled(3)
    }
    await vi.waitFor(() => expect(reader?.heard.at(-1)).toBe('1000'), { interval: 2 })
    const tookMs = performance.now() - startedAt
    expect(reader?.heard.length).toBeLessThanOrEqual(2 + Math.ceil(tookMs / 50))
    await settled(120)
    expect(reader?.heard.at(-1)).toBe('1000')
    reader?.leave()
  })

  test('that takes long to look at is looked at less often: it rests four times as long as it took', async () => {
    const lookMs = 60
    const startedAtMs: number[] = []
    const source = poll({
      minIntervalMs: 1,
      async load() {
        startedAtMs.push(performance.now())
        await settled(lookMs)
        return votes
      },
    })
    const reader = await rig.join(source)
    // The first look is for who has come, and the next one for all: from there on it rests.
    const hinting = setInterval(() => {
      votes++
      rig.hint()
    }, 5)
    await vi.waitFor(() => expect(startedAtMs.length).toBeGreaterThanOrEqual(5), { timeout: 20_000 })
    clearInterval(hinting)
    for (const [at, startMs] of startedAtMs.slice(2).entries()) {
      expect(startMs - (startedAtMs[at + 1] ?? 0)).toBeGreaterThanOrEqual(lookMs * 4)
    }
    await vi.waitFor(() => expect(reader.heard.at(-1)).toBe(String(votes)), { timeout: 20_000 })
    reader.leave()
  })

  test('that changes while it is looked at is looked at again', async () => {
    let release = () => {}
    let loads = 0
    const source = poll({
      async load() {
        const seen = votes
        loads++
        if (loads === 2) await new Promise<void>((resolve) => (release = resolve))
        return seen
      },
    })
    const reader = await rig.join(source)
    await reader.hears(1)
    votes = 1
    rig.hint()
    await vi.waitFor(() => expect(loads).toBe(2), 10_000)
    votes = 2
    rig.hint()
    release()
    await vi.waitFor(() => expect(reader.heard.at(-1)).toBe('2'), 10_000)
    reader.leave()
  })

  test('is not sent again where a look finds what was sent already', async () => {
    const reader = await rig.join(poll())
    await reader.hears(1)
    for (let n = 0; n < 3; n++) {
      rig.hint()
      await settled(30)
    }
    expect(reader.heard).toEqual(['0'])
    expect(rig.counts.loaded).toBe(4)
    votes = 1
    rig.hint()
    await reader.hears(2)
    reader.leave()
  })

  test('that a newcomer saw and the others did not is sent to all, also when it has gone back since', async () => {
    const first = await rig.join(poll({ minIntervalMs: 100 }))
    await first.hears(1)
    votes = 1
    rig.hint()
    await first.hears(2)
    votes = 2
    rig.hint()
    const second = await rig.join(poll({ minIntervalMs: 100 }))
    await second.hears(1)
    expect(second.heard).toEqual(['2'])
    votes = 1
    rig.hint()
    await vi.waitFor(() => expect(second.heard.at(-1)).toBe('1'), 10_000)
    leave([first, second])
  })

  test('whose event was lost is found by the next look, which follows by itself', async () => {
    const reader = await rig.join(poll({ healMs: 60 }))
    await reader.hears(1)
    votes = 1
    await reader.hears(2)
    expect(reader.heard).toEqual(['0', '1'])
    reader.leave()
  })

  test('of another operation, source or viewer is not mixed up with this one', async () => {
    const readers = await Promise.all([
      rig.join(poll()),
      rig.join(rig.state({ key: 'another', load: async () => 'other' })),
      rig.join(poll(), { key: 'other variables' }),
    ])
    for (const reader of readers) await reader.hears(1)
    expect(readers.map(({ heard }) => heard)).toEqual([['0'], ['"other"'], ['0']])
    expect(rig.counts.groups).toBe(3)
    leave(readers)
  })
})

describe('a reader', () => {
  test('who does not keep up gets the newest state when they can read again, and nobody waits for them', async () => {
    const slow = await rig.join(poll(), { isCongested: false })
    const quick = await rig.join(poll())
    await Promise.all([slow.hears(1), quick.hears(1)])
    slow.congest()
    for (const n of [1, 2, 3]) {
      votes = n
      rig.hint()
      await quick.hears(n + 1)
    }
    expect(slow.heard).toEqual(['0'])
    slow.drain()
    await slow.hears(2)
    expect(slow.heard).toEqual(['0', '3'])
    leave([slow, quick])
  })

  test('who leaves while a look lasts hears nothing of it', async () => {
    let release = () => {}
    const source = poll({
      load: () =>
        new Promise((resolve) => {
          release = () => resolve(1)
        }),
    })
    const reader = await rig.join(source)
    await settled()
    reader.leave()
    release()
    await settled()
    expect(reader.heard).toEqual([])
  })
})

describe('what depends on who listens, although no field says so,', () => {
  test('is thrown away and executed for each alone', async () => {
    const readers = await Promise.all(
      ['ada', 'bob', 'eve'].map((name) => rig.join(poll(), { name, isRevealing: true })),
    )
    for (const reader of readers) await reader.hears(1)
    votes = 1
    rig.hint()
    for (const reader of readers) await reader.hears(2)
    expect(readers.map(({ heard }) => heard)).toEqual([
      ['ada: 0', 'ada: 1'],
      ['bob: 0', 'bob: 1'],
      ['eve: 0', 'eve: 1'],
    ])
    leave(readers)
  })
})

describe('when something fails', () => {
  test('an outage is sat out: nobody is ended, and the state comes when it is over', async () => {
    let isAway = false
    const load = async () => {
      if (isAway) throw new DatabaseUnavailable('away')
      return votes
    }
    const readers = await many(50, () => rig.join(poll({ load })))
    for (const reader of readers) await reader.hears(1)
    isAway = true
    votes = 1
    rig.hint()
    await settled(200)
    isAway = false
    for (const reader of readers) await reader.hears(2)
    expect(readers.flatMap(({ errors }) => errors)).toEqual([])
    leave(readers)
  })

  test('an outage that does not end ends the subscriptions with it', async () => {
    rig.hub.close()
    rig = createRig({ outageMs: 200 })
    let isAway = false
    const load = async () => {
      if (isAway) throw new DatabaseUnavailable('away')
      return votes
    }
    const readers = await many(3, () => rig.join(poll({ load })))
    for (const reader of readers) await reader.hears(1)
    isAway = true
    rig.hint()
    await vi.waitFor(() => expect(readers.map(({ errors }) => errors.length)).toEqual([1, 1, 1]), 10_000)
  })

  test('whatever else it is ends the subscriptions at once', async () => {
    const readers = await many(3, () => rig.join(poll({ load: () => Promise.reject(new Error('a bug')) })))
    await vi.waitFor(
      () => expect(readers.map(({ errors }) => errors)).toMatchObject(readers.map(() => [Error('a bug')])),
      10_000,
    )
    expect(rig.counts.loaded).toBeLessThanOrEqual(3)
  })
})
