import { setTimeout as pause } from 'node:timers/promises'
import type { Verdict } from '../measure.ts'
import { type Child, startChild } from './child.ts'
import { openParty } from './fan-out.ts'
import type { Weight } from './weigh.ts'

const IDLE_SUBSCRIBERS = 2_000
const IDLE_LIMIT_KB = 25
const EVENTS = 20_000
const WARM_UP_EVENTS = 2_000
const BURST_EVENTS = 20
const READERS = 100
const GROWTH_LIMIT_MB = 20

const usedBy = async (server: Child): Promise<Weight> => {
  const { used, rss } = await server.ask({ isMemoryAsked: true }, 'used')
  return { used: Number(used), rss: Number(rss) }
}

/** What a subscriber weighs that has a socket of its own and hears nothing. */
export async function measureIdle(): Promise<Verdict> {
  const server = startChild('whole.ts')
  const clients = startChild('clients.mjs')
  try {
    const { url, on } = await server.hear('url')
    const connect = (count: number) =>
      clients.ask({ connect: true, kind: 'atrium', url, variables: { on }, count }, 'connected')
    // What the first ones load stays, however many come after them.
    await connect(200)
    await pause(1_000)
    const before = await usedBy(server)
    await connect(IDLE_SUBSCRIBERS)
    await pause(1_500)
    const after = await usedBy(server)
    const kilobytes = (field: 'used' | 'rss'): number => (after[field] - before[field]) / IDLE_SUBSCRIBERS / 1_000
    return {
      what: 'Memory of an idle subscriber',
      value: kilobytes('used'),
      limit: IDLE_LIMIT_KB,
      unit: 'kB',
      detail: `with its socket, on the whole server; ${kilobytes('rss').toFixed(1)} kB as the system sees it`,
    }
  } finally {
    await clients.stop()
    await server.stop()
  }
}

/** Somebody stops reading while events pass: the server must not keep them, and everybody else must get them. */
export async function measureStuckReader(): Promise<Verdict> {
  const party = await openParty('atrium', READERS)
  const stuck = startChild('clients.mjs')
  try {
    await stuck.ask({ connect: true, kind: 'atrium', url: party.url, variables: { on: 'post' }, count: 1 }, 'connected')
    // What the first events load and compile stays.
    for (let sent = 0; sent < WARM_UP_EVENTS; sent += BURST_EVENTS) await party.publish(BURST_EVENTS)
    stuck.send({ isPaused: true })
    const before = await usedBy(party.server)
    let most = 0
    for (let sent = 0; sent < EVENTS; sent += BURST_EVENTS) {
      await party.publish(BURST_EVENTS)
      if (sent % (EVENTS / 10) === 0) most = Math.max(most, (await usedBy(party.server)).used)
    }
    most = Math.max(most, (await usedBy(party.server)).used)
    return {
      what: 'Growth while one of many stops reading',
      value: (most - before.used) / 1_000_000,
      limit: GROWTH_LIMIT_MB,
      unit: 'MB',
      detail: `at most, while ${EVENTS} events passed; the other ${READERS} got all of them in order`,
    }
  } finally {
    await stuck.stop()
    await party.close()
  }
}
