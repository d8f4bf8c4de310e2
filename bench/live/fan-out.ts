import { median, type Verdict } from '../measure.ts'
import { type Child, startChild } from './child.ts'

const SUBSCRIBERS = 2_000
/** One process could not read fast enough for one server. */
const CLIENT_PROCESSES = 2
const ROUNDS = 5
const SINGLE_EVENTS = 10
const BURSTS = 3
const BURST_EVENTS = 10

/** A comment, as every server sends it. */
const PAYLOAD = JSON.stringify({
  data: {
    commentAdded: {
      id: 'comment_58wy46dtf29t7awmaqafg58pk0',
      body: `n:0${' some words'.repeat(8)}`,
      state: 'VISIBLE',
      streamCursor: 'WyJTVFJFQU0iLCIxIl0',
      createdAt: '2026-11-21T04:08:36.22601Z',
      author: { handle: 'speaker' },
    },
  },
})

const KINDS = ['atrium', 'ws', 'socket.io', 'graphql-ws'] as const
export type Kind = (typeof KINDS)[number]

/** A server and those who listen to it. */
export interface Party {
  readonly url: string
  readonly server: Child
  readonly clients: readonly Child[]
  /** Adds so many events in one tick, and waits until each has reached everyone, in order. */
  publish(count: number): Promise<void>
  /** Server processor time in microseconds for each message that was delivered meanwhile. */
  costOf(work: () => Promise<void>): Promise<number>
  close(): Promise<void>
}

export async function openParty(kind: Kind, subscribers: number): Promise<Party> {
  const server = kind === 'atrium' ? startChild('atrium.ts') : startChild('../peers/main.mjs', kind)
  const { url } = await server.hear('url')
  const clients = Array.from({ length: CLIENT_PROCESSES }, () => startChild('clients.mjs'))
  const count = subscribers / CLIENT_PROCESSES
  const variables = { on: 'post' }
  await Promise.all(clients.map((client) => client.ask({ connect: true, kind, url, variables, count }, 'connected')))
  // The last ones have sent their subscriptions, which are taken up in the same order.
  await new Promise((resolve) => setTimeout(resolve, 500))
  let published = 0
  const publish = async (events: number): Promise<void> => {
    const first = published + 1
    published += events
    const number = (offset: number): string => PAYLOAD.replace('n:0', `n:${first + offset}`)
    const payloads = Array.from({ length: events }, (_, offset) => number(offset))
    server.send({ payloads })
    const got = await Promise.all(clients.map((client) => client.ask({ awaited: published * count }, 'received')))
    if (got.some(({ isBroken }) => isBroken)) throw new Error(`${kind} lost a message, or sent one in another order`)
  }
  return {
    url: String(url),
    server,
    clients,
    publish,
    async costOf(work) {
      const before = published
      server.send({ isStart: true })
      await work()
      const { microseconds } = await server.ask({ isEnd: true }, 'microseconds')
      return Number(microseconds) / ((published - before) * subscribers)
    },
    async close() {
      await Promise.all(clients.map((client) => client.stop()))
      await server.stop()
    },
  }
}

const singly = async ({ publish }: Party): Promise<void> => {
  for (let event = 0; event < SINGLE_EVENTS; event += 1) await publish(1)
}
const inBursts = async ({ publish }: Party): Promise<void> => {
  for (let burst = 0; burst < BURSTS; burst += 1) await publish(BURST_EVENTS)
}

/**
 * What a delivered message costs the server, beside a raw broadcast of one pre-made buffer over `ws`, a room of Socket.IO,
 * and graphql-ws as it comes: the same bytes to as many subscribers, the servers taking turns.
 */
export async function measureFanOut(): Promise<Verdict[]> {
  const parties = new Map<Kind, Party>()
  try {
    for (const kind of KINDS) parties.set(kind, await openParty(kind, SUBSCRIBERS))
    const costs = { single: new Map<Kind, number[]>(), burst: new Map<Kind, number[]>() }
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const [kind, party] of round % 2 === 0 ? parties : [...parties].reverse()) {
        // It takes too long to be measured as often, and is far off.
        if (kind === 'graphql-ws' && round !== 0) continue
        const single = await party.costOf(() => singly(party))
        const burst = await party.costOf(() => inBursts(party))
        if (round < 0) continue
        costs.single.set(kind, [...(costs.single.get(kind) ?? []), single])
        costs.burst.set(kind, [...(costs.burst.get(kind) ?? []), burst])
      }
    }
    const of = (manner: keyof typeof costs, kind: Kind): number => median(costs[manner].get(kind) ?? [])
    const verdict = (what: string, manner: keyof typeof costs, peer: Kind, limit: number): Verdict => ({
      what,
      value: of(manner, 'atrium') / of(manner, peer),
      limit,
      unit: 'times',
      detail: `${of(manner, 'atrium').toFixed(2)} µs a message, ${peer} ${of(manner, peer).toFixed(2)} µs; ${SUBSCRIBERS} subscribers`,
    })
    const told = Number.POSITIVE_INFINITY
    return [
      verdict('Live events singly, beside raw ws', 'single', 'ws', 1.1),
      verdict('Live events in bursts, beside raw ws', 'burst', 'ws', 0.6),
      verdict('Live events singly, beside Socket.IO', 'single', 'socket.io', 1),
      verdict('Live events in bursts, beside Socket.IO', 'burst', 'socket.io', 1),
      verdict('Live events singly, beside graphql-ws as it comes', 'single', 'graphql-ws', told),
      verdict('Live events in bursts, beside graphql-ws as it comes', 'burst', 'graphql-ws', told),
    ]
  } finally {
    for (const party of parties.values()) await party.close()
  }
}
