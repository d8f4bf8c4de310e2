import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { connectRedis } from '../../src/gateways/redis.ts'
import { type Bus, createLocalBus, RESYNC } from '../../src/live/bus.ts'
import {
  createPresence,
  type Presence,
  type PresenceState,
  type PresenceTuning,
  presenceChanged,
  typingChanged,
} from '../../src/live/presence.ts'
import { createMemoryStore, createPresenceMemory, type PresenceStore } from '../../src/live/presence-store.ts'
import { createRedisBus } from '../../src/live/redis-bus.ts'
import { createRedisStore } from '../../src/live/redis-presence.ts'
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts'

const log = createLog('silent')
const NEVER = 3_600_000
/** Nothing lapses by itself unless a test says what does. */
const CALM: PresenceTuning = { awayAfterMs: NEVER, lingerMs: 0, graceMs: 0, leaseMs: NEVER, activeEveryMs: 0 }

interface Instance {
  readonly presence: Presence
  readonly bus: Bus
  /** As kill -9 would: nothing is said, and nothing renewed. */
  kill(): void
}

const until = (condition: () => Promise<void> | void) => vi.waitFor(condition, { timeout: 15_000, interval: 10 })

/** One server's presence; `store` may be cut off, so that its server tells no more. */
function instanceOver(bus: Bus, store: PresenceStore, tuning: PresenceTuning): Instance {
  let killed = false
  const unknown = { leaseMs: null, idleMs: null }
  const cut: PresenceStore = {
    ...store,
    touch: (...touch) => (killed ? Promise.resolve({ before: unknown, after: unknown }) : store.touch(...touch)),
  }
  const presence = createPresence({ bus, store: cut, log }, { ...CALM, ...tuning })
  return {
    presence,
    bus,
    kill() {
      killed = true
    },
  }
}

/** What a screen shows that reads at first and then whenever it is told to. */
function watching<Shown>(
  { bus }: Instance,
  topic: ReturnType<typeof presenceChanged>,
  read: () => Promise<Shown>,
): { readonly shown: () => Shown | null; readonly told: () => number; readonly stop: () => void } {
  let shown: Shown | null = null
  let told = 0
  const look = async () => {
    shown = await read()
  }
  const stop = bus.subscribe(topic, (event) => {
    if (event !== RESYNC) told++
    void look()
  })
  void look()
  return { shown: () => shown, told: () => told, stop }
}

const stateOf = async ({ presence }: Instance, id: string): Promise<PresenceState | undefined> =>
  (await presence.of([id])).get(id)?.state
const is = (instance: Instance, id: string, state: PresenceState) =>
  until(async () => expect(await stateOf(instance, id)).toBe(state))
const screen = (instance: Instance, id: string) => watching(instance, presenceChanged(id), () => stateOf(instance, id))
const room = (instance: Instance, place: string) =>
  watching(instance, typingChanged(place), () => instance.presence.typingIn(place))

/** What presence promises, whatever it is kept in; `make` adds a server to those that share it. */
function contract(name: string, make: (tuning?: PresenceTuning) => Promise<Instance>): void {
  describe(`${name}: what presence promises`, () => {
    test('nobody is here who never came, and everybody who was asked for is in the answer', async () => {
      const a = await make()
      const ids = Array.from({ length: 1_200 }, (_, n) => `nobody-${n}`)
      const found = await a.presence.of([...ids, 'nobody-1'])
      expect([...found.keys()]).toEqual(ids)
      expect(new Set([...found.values()].map(({ state }) => state))).toEqual(new Set(['OFFLINE']))
      expect(found.get('nobody-1')?.lastSeenAt).toBeNull()
      expect(await a.presence.of([])).toEqual(new Map())
    })

    test('who has a socket open is online at all servers, until the last of all their sockets has closed', async () => {
      const [a, b] = [await make(), await make()]
      const [phone, laptop, desk] = [
        a.presence.connected('ada'),
        a.presence.connected('ada'),
        b.presence.connected('ada'),
      ]
      for (const each of [a, b]) await is(each, 'ada', 'ONLINE')
      phone()
      phone()
      laptop()
      await until(async () => expect(await stateOf(b, 'ada')).toBe('ONLINE'))
      desk()
      for (const each of [a, b]) await is(each, 'ada', 'OFFLINE')
      expect((await a.presence.of(['ada'])).get('ada')?.lastSeenAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    })

    test('who does nothing is away, and online again when they do something, at any server', async () => {
      const [a, b] = [await make({ awayAfterMs: 150 }), await make({ awayAfterMs: 150 })]
      a.presence.connected('bram')
      await is(b, 'bram', 'AWAY')
      const seen = screen(b, 'bram')
      await until(() => expect(seen.shown()).toBe('AWAY'))
      b.presence.active('bram')
      await until(() => expect(seen.told()).toBeGreaterThan(0))
      await is(a, 'bram', 'AWAY')
    })

    test('who comes without a socket is online for a while after the last thing they did', async () => {
      const [a, b] = [await make({ lingerMs: 400 }), await make({ lingerMs: 400 })]
      a.presence.active('cleo')
      await is(b, 'cleo', 'ONLINE')
      await is(b, 'cleo', 'OFFLINE')
    })

    test('a socket that comes back at once was never away, and does not count as doing something', async () => {
      const a = await make({ graceMs: NEVER, awayAfterMs: 100 })
      const close = a.presence.connected('dora')
      await is(a, 'dora', 'AWAY')
      const seen = screen(a, 'dora')
      close()
      const again = a.presence.connected('dora')
      again()
      await until(() => expect(seen.shown()).toBe('AWAY'))
      expect([await stateOf(a, 'dora'), seen.told()]).toEqual(['AWAY', 0])
    })

    test('whoever listens is told when someone comes and goes, at every server, and not when nothing changes', async () => {
      const [a, b] = [await make(), await make()]
      const [atA, atB] = [screen(a, 'erin'), screen(b, 'erin')]
      await until(() => expect([atA.shown(), atB.shown()]).toEqual(['OFFLINE', 'OFFLINE']))
      const close = a.presence.connected('erin')
      await until(() => expect([atA.shown(), atB.shown()]).toEqual(['ONLINE', 'ONLINE']))
      const told = atA.told()
      for (let n = 0; n < 50; n++) a.presence.active('erin')
      a.presence.connected('erin')()
      await a.presence.of(['erin'])
      expect(atA.told()).toBe(told)
      close()
      await until(() => expect([atA.shown(), atB.shown()]).toEqual(['OFFLINE', 'OFFLINE']))
    })

    test('the people of a server that was killed vanish, and whoever listens elsewhere is told', async () => {
      const [a, b] = [await make({ leaseMs: 600 }), await make({ leaseMs: 600 })]
      a.presence.connected('fay')
      b.presence.connected('gil')
      const [fay, gil] = [screen(b, 'fay'), screen(b, 'gil')]
      await until(() => expect([fay.shown(), gil.shown()]).toEqual(['ONLINE', 'ONLINE']))
      a.kill()
      await until(() => expect(fay.shown()).toBe('OFFLINE'))
      // Those of the other one have been renewed meanwhile.
      expect(gil.shown()).toBe('ONLINE')
    })

    test('a server that closes takes its people along at once', async () => {
      const [a, b] = [await make(), await make()]
      a.presence.connected('hal')
      await is(b, 'hal', 'ONLINE')
      await a.presence.close()
      await a.presence.close()
      expect(await stateOf(b, 'hal')).toBe('OFFLINE')
      a.presence.connected('hal')()
      expect(await stateOf(b, 'hal')).toBe('OFFLINE')
    })

    test('a listener is told of what lapses: away, and then the end of lingering, without any event', async () => {
      const [a, b] = [await make({ awayAfterMs: 200, lingerMs: 300 }), await make({ awayAfterMs: 200, lingerMs: 300 })]
      a.presence.active('ida')
      a.presence.connected('jon')
      const [ida, jon] = [screen(b, 'ida'), screen(b, 'jon')]
      await until(() => expect(ida.shown()).toBe('OFFLINE'))
      await until(() => expect(jon.shown()).toBe('AWAY'))
    })

    test('who types is named at every server until they stop or a while has passed, and listeners hear of both', async () => {
      const [a, b] = [await make(), await make()]
      const seen = room(b, 'room-1')
      a.presence.typing('room-1', 'kim', 60_000)
      a.presence.typing('room-1', 'ada', 60_000)
      b.presence.typing('room-2', 'lou', 60_000)
      await until(() => expect(seen.shown()).toEqual(['ada', 'kim']))
      b.presence.stopTyping('room-1', 'kim')
      await until(() => expect(seen.shown()).toEqual(['ada']))
      a.presence.typing('room-1', 'kim', 100)
      await until(() => expect(seen.shown()).toEqual(['ada', 'kim']))
      await until(() => expect(seen.shown()).toEqual(['ada']))
      expect(await a.presence.typingIn('room-2')).toEqual(['lou'])
      expect(await a.presence.typingIn('elsewhere')).toEqual([])
    })

    test('going on to type puts the end off and tells nobody anew; stopping twice tells once', async () => {
      const a = await make()
      const seen = room(a, 'room-3')
      a.presence.typing('room-3', 'ada', 50)
      for (let n = 0; n < 20; n++) a.presence.typing('room-3', 'ada', 60_000)
      await until(() => expect(seen.shown()).toEqual(['ada']))
      expect(seen.told()).toBe(1)
      a.presence.stopTyping('room-3', 'ada')
      a.presence.stopTyping('room-3', 'ada')
      a.presence.stopTyping('room-3', 'nobody')
      await until(() => expect(seen.shown()).toEqual([]))
      expect(seen.told()).toBe(2)
    })

    test('a full room names fifty of those who type', async () => {
      const a = await make()
      for (let n = 0; n < 80; n++) a.presence.typing('crowd', `member-${n}`, 60_000)
      await until(async () => expect(await a.presence.typingIn('crowd')).toHaveLength(50))
    })
  })
}

describe('in process', () => {
  const open: Instance[] = []
  let memory = createPresenceMemory()
  let bus: Bus = createLocalBus({ log })
  afterEach(async () => {
    for (const { presence } of open.splice(0)) await presence.close()
    bus.close()
    memory = createPresenceMemory()
    bus = createLocalBus({ log })
  })

  contract('in process', async (tuning = {}) => {
    const made = instanceOver(bus, createMemoryStore(`server-${open.length}`, memory), tuning)
    open.push(made)
    return made
  })

  test('what it remembers is bounded: those who left long ago are forgotten first, and nobody who is here', async () => {
    const store = createMemoryStore('server', memory)
    await store.touch('here', { leaseMs: NEVER, idleMs: null })
    for (let n = 0; n < 100_100; n++) await store.touch(`passer-by-${n}`, { leaseMs: null, idleMs: 0 })
    expect(memory.people.size).toBeLessThanOrEqual(100_000)
    expect(memory.people.has('here')).toBe(true)
    for (let n = 0; n < 10_100; n++) await store.startTyping(`place-${n}`, 'ada', NEVER)
    expect(memory.places.size).toBeLessThanOrEqual(10_000)
    for (let n = 0; n < 1_100; n++) await store.startTyping('place-1', `member-${n}`, NEVER)
    expect(memory.places.get('place-1')?.size).toBeLessThanOrEqual(1_000)
  })
})

describe.runIf(hasRedis)('over Redis', () => {
  let server: TestRedis
  let clients: Redis[] = []
  const open: Instance[] = []
  let made = 0
  const make = async (tuning: PresenceTuning = {}): Promise<Instance> => {
    const redis = connectRedis(server.url, log)
    clients.push(redis)
    const instance = instanceOver(
      createRedisBus({ redis, log }),
      createRedisStore({ redis, server: `server-${made++}` }),
      tuning,
    )
    open.push(instance)
    await ready()
    return instance
  }
  const ready = () => until(() => expect(clients.map(({ status }) => status)).toEqual(clients.map(() => 'ready')))
  beforeAll(async () => {
    server = await startRedis()
  })
  afterEach(async () => {
    for (const { presence, bus } of open.splice(0)) {
      await presence.close()
      bus.close()
    }
    for (const client of clients.splice(0)) client.disconnect()
    clients = []
  })
  afterAll(() => server.stop())

  contract('over Redis', make)

  test('fifty people cost one round trip', async () => {
    const a = await make()
    const sent = vi.spyOn(clients[0] as Redis, 'sendCommand')
    await a.presence.of(Array.from({ length: 50 }, (_, n) => `member-${n}`))
    expect(sent).toHaveBeenCalledTimes(1)
  })

  test('every key in Redis ends by itself', async () => {
    const a = await make()
    a.presence.connected('ada')
    a.presence.active('bram')
    a.presence.typing('room', 'ada', 60_000)
    const client = clients[0] as Redis
    await until(async () => expect((await client.keys('atrium:*')).length).toBeGreaterThanOrEqual(3))
    for (const key of await client.keys('atrium:*')) expect(await client.pttl(key)).toBeGreaterThan(0)
  })

  test('while Redis is away nothing throws, each server knows its own people, and all are known again afterwards', async () => {
    const [a, b] = [await make({ leaseMs: 60_000 }), await make({ leaseMs: 60_000 })]
    a.presence.connected('ada')
    b.presence.connected('bram')
    await is(b, 'ada', 'ONLINE')
    await server.kill()
    await until(() => expect(clients.every(({ status }) => status !== 'ready')).toBe(true))
    const close = a.presence.connected('cleo')
    a.presence.typing('room', 'ada', 60_000)
    expect([await stateOf(a, 'ada'), await stateOf(a, 'cleo'), await stateOf(a, 'bram')]).toEqual([
      'ONLINE',
      'ONLINE',
      'OFFLINE',
    ])
    expect(await a.presence.typingIn('room')).toEqual(['ada'])
    await server.restart()
    await ready()
    // Told again because Redis is back: the next renewal would be twenty seconds away.
    for (const id of ['ada', 'bram', 'cleo']) for (const each of [a, b]) await is(each, id, 'ONLINE')
    close()
    await is(b, 'cleo', 'OFFLINE')
  })

  test('a frozen Redis holds nobody up for longer than a command may take, and no memory', async () => {
    const a = await make()
    a.presence.connected('ada')
    await is(a, 'ada', 'ONLINE')
    server.freeze()
    try {
      for (let n = 0; n < 20_000; n++) a.presence.active(`member-${n}`)
      expect(clients[0]?.commandQueue.length).toBeLessThanOrEqual(5_001)
      expect(await stateOf(a, 'ada')).toBe('ONLINE')
    } finally {
      server.thaw()
    }
  })
})
