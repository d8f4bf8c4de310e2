import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { notFound } from '../../src/core/errors.ts'
import { DatabaseUnavailable } from '../../src/db/unavailable.ts'
import { RESYNC, topic } from '../../src/live/bus.ts'
import { CHANGED, createRig, RECHECK, type Rig, rowsFrom, settled, Table } from '../support/hub.ts'

let rig: Rig
beforeEach(() => {
  rig = createRig()
})
afterEach(() => {
  rig.hub.close()
  expect(rig.bus.listening).toBe(0)
  expect(rig.counts.groups).toBe(0)
})

/** Lets listeners in until it is shut. */
const createDoor = () => {
  const door = {
    isOpen: true,
    audience: '',
    admissions: 0,
    async admit() {
      door.admissions++
      if (!door.isOpen) throw notFound('room', ['id'])
      return door.audience
    },
  }
  return door
}

describe('who may not listen', () => {
  test('is told so, and nothing is loaded for them', async () => {
    const door = createDoor()
    door.isOpen = false
    await expect(rig.join(rig.state({ ...door, load: async () => 1 }))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(rig.counts).toMatchObject({ loaded: 0, groups: 0 })
  })

  test('any more is ended with what the gate says, and hears nothing of what happened since', async () => {
    const [left, stayed] = [createDoor(), createDoor()]
    const mine = topic<Record<never, never>>('memberChanged', 'mine')
    let said = 0
    const load = async () => said
    const reader = await rig.join(rig.state({ ...left, recheckOn: [mine], load }))
    const other = await rig.join(rig.state({ ...stayed, recheckOn: [], load }))
    await Promise.all([reader.hears(1), other.hears(1)])
    left.isOpen = false
    said = 1
    rig.bus.publish(mine, {})
    rig.hint()
    await other.hears(2)
    await vi.waitFor(() => expect(reader.errors).toMatchObject([{ code: 'NOT_FOUND' }]), 10_000)
    expect(reader.heard).toEqual(['0'])
    expect([left.admissions, stayed.admissions]).toEqual([2, 1])
    other.leave()
  })

  test('any more is found out now and then, also when the event that would have told it was lost', async () => {
    const door = createDoor()
    const reader = await rig.join(rig.state({ ...door, healMs: 60, load: async () => 1 }))
    await reader.hears(1)
    door.isOpen = false
    await vi.waitFor(() => expect(reader.errors).toHaveLength(1), 10_000)
  })

  test('any more is found out after an outage of the bus', async () => {
    const [door, streamDoor] = [createDoor(), createDoor()]
    const table = new Table(1)
    const readers = [
      await rig.join(rig.state({ ...door, load: async () => 1 })),
      await rig.join(rig.stream(table, { ...streamDoor, after: 0 })),
    ]
    for (const reader of readers) await reader.hears(1)
    door.isOpen = false
    streamDoor.isOpen = false
    table.add()
    rig.bus.publish(CHANGED, RESYNC as never)
    await vi.waitFor(() => expect(readers.map(({ errors }) => errors.length)).toEqual([1, 1]), 10_000)
    expect(readers.map(({ heard }) => heard)).toEqual([['1'], rowsFrom(1, 1)])
  })

  test('but nobody is ended because the gate could not be asked for a while', async () => {
    const door = createDoor()
    let isAway = false
    const admit = async () => {
      if (isAway) throw new DatabaseUnavailable('away')
      return door.admit()
    }
    let said = 0
    const reader = await rig.join(rig.state({ admit, load: async () => said }))
    await reader.hears(1)
    isAway = true
    said = 1
    rig.bus.publish(RECHECK, {})
    await settled(150)
    expect(reader.errors).toEqual([])
    isAway = false
    rig.hint()
    await reader.hears(2)
    reader.leave()
  })
})

describe('a stream', () => {
  test('holds back what comes while the gate is asked, and goes on without a gap', async () => {
    const table = new Table(2)
    let answer = () => {}
    let asked = 0
    const admit = async () => {
      if (asked++ > 0) await new Promise<void>((resolve) => (answer = resolve))
      return ''
    }
    const reader = await rig.join(rig.stream(table, { admit, after: 0 }))
    await reader.hears(2)
    rig.bus.publish(RECHECK, {})
    for (let n = 0; n < 3; n++) {
      table.add()
      rig.hint()
      await settled()
    }
    expect(reader.heard).toEqual(rowsFrom(1, 2))
    answer()
    await reader.hears(5)
    expect(reader.heard).toEqual(rowsFrom(1, 5))
    reader.leave()
  })

  test('whose rows are gone ends for all who listen to it', async () => {
    const table = new Table(1)
    let isGone = false
    const fetch = (after: number, limit: number) =>
      isGone ? Promise.reject(notFound('post', ['on'])) : table.fetch(after, limit)
    const readers = await Promise.all([1, 2, 3].map(() => rig.join(rig.stream(table, { fetch }))))
    await settled()
    isGone = true
    rig.hint()
    await vi.waitFor(
      () => expect(readers.map(({ errors }) => errors)).toMatchObject(readers.map(() => [{ code: 'NOT_FOUND' }])),
      10_000,
    )
  })

  test('of a new audience goes on where the old one was', async () => {
    const table = new Table(3)
    const doors = [createDoor(), createDoor()]
    const readers = await Promise.all(doors.map((door) => rig.join(rig.stream(table, { ...door, after: 0 }))))
    for (const reader of readers) await reader.hears(3)
    for (const door of doors) door.audience = 'staff'
    rig.bus.publish(RECHECK, {})
    for (let n = 0; n < 5; n++) {
      table.add()
      rig.hint()
      await settled(1)
    }
    for (const reader of readers) await reader.hears(8)
    expect(readers.map(({ heard }) => heard)).toEqual(readers.map(() => rowsFrom(1, 8)))
    for (const reader of readers) reader.leave()
  })
})

describe('who becomes part of another audience', () => {
  test('sees at once what it sees, and nothing of the old one any more', async () => {
    const door = createDoor()
    const mine = topic<Record<never, never>>('voted', 'mine')
    let round = 1
    const load = async (audience: string) => `${audience || 'waiting'} ${round}`
    const voter = await rig.join(rig.state({ ...door, recheckOn: [mine], load }))
    const waiting = await rig.join(rig.state({ load }))
    await Promise.all([voter.hears(1), waiting.hears(1)])
    door.audience = 'voted'
    rig.bus.publish(mine, {})
    await voter.hears(2)
    round = 2
    rig.hint()
    await Promise.all([voter.hears(3), waiting.hears(2)])
    expect(voter.heard).toEqual(['"waiting 1"', '"voted 1"', '"voted 2"'])
    expect(waiting.heard).toEqual(['"waiting 1"', '"waiting 2"'])
    expect(rig.counts.groups).toBe(2)
    for (const reader of [voter, waiting]) reader.leave()
  })

  test('back and forth as fast as it can, sees in the end what it is part of', async () => {
    const door = createDoor()
    const load = async (audience: string) => {
      await settled(Math.random() * 3)
      return audience
    }
    const reader = await rig.join(rig.state({ ...door, load }))
    for (let n = 0; n < 50; n++) {
      door.audience = n % 2 === 0 ? 'voted' : ''
      rig.bus.publish(RECHECK, {})
      if (n % 5 === 0) await settled(1)
    }
    door.audience = 'voted'
    rig.bus.publish(RECHECK, {})
    await vi.waitFor(() => expect(reader.heard.at(-1)).toBe('"voted"'), 10_000)
    await settled(50)
    expect(reader.heard.at(-1)).toBe('"voted"')
    expect(rig.counts.groups).toBe(1)
    reader.leave()
  })
})
