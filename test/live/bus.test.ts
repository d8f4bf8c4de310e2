import { once } from 'node:events'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { connectRedis } from '../../src/gateways/redis.ts'
import { type Bus, createLocalBus, RESYNC, topic } from '../../src/live/bus.ts'
import { createRedisBus } from '../../src/live/redis-bus.ts'
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts'

const log = createLog('silent')
const commentAdded = (post: string) => topic<{ commentId: string }>('commentAdded', post)

interface Recorder {
  /** Payloads without the resync hints. */
  readonly events: { commentId: string }[]
  readonly resyncs: () => number
  readonly stop: () => void
}

function record(bus: Bus, post: string): Recorder {
  const events: { commentId: string }[] = []
  let resyncs = 0
  const stop = bus.subscribe(commentAdded(post), (event) => {
    if (event === RESYNC) resyncs++
    else events.push(event)
  })
  return { events, resyncs: () => resyncs, stop }
}

/** What every bus promises; `make` builds one, `cleanUp` ends what it needed. */
function contract(name: string, make: () => Bus): void {
  describe(`${name}: what every bus promises`, () => {
    let bus: Bus
    beforeEach(() => {
      bus = make()
    })
    afterEach(() => bus.close())

    test('a listener hears each event of its topic once and in order, and none of another topic', async () => {
      const mine = record(bus, 'mine')
      const other = record(bus, 'other')
      for (let n = 0; n < 100; n++) bus.publish(commentAdded('mine'), { commentId: String(n) })
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(mine.events.map((event) => Number(event.commentId))).toEqual(Array.from({ length: 100 }, (_, n) => n))
      expect(other.events).toEqual([])
    })

    test('all listeners of a topic hear an event', () => {
      const recorders = [record(bus, 'p'), record(bus, 'p'), record(bus, 'p')]
      bus.publish(commentAdded('p'), { commentId: '1' })
      expect(recorders.map((recorder) => recorder.events)).toEqual(recorders.map(() => [{ commentId: '1' }]))
    })

    test('who unsubscribed hears nothing more, and unsubscribing twice does not unsubscribe another', () => {
      const gone = record(bus, 'p')
      const stays = record(bus, 'p')
      gone.stop()
      gone.stop()
      bus.publish(commentAdded('p'), { commentId: '1' })
      expect(gone.events).toEqual([])
      expect(stays.events).toHaveLength(1)
    })

    test('a listener that is unsubscribed by another during an event does not hear it', () => {
      const heard: string[] = []
      bus.subscribe(commentAdded('p'), (event) => {
        if (event === RESYNC) return
        heard.push('first')
        stop()
      })
      const stop = bus.subscribe(commentAdded('p'), (event) => {
        if (event !== RESYNC) heard.push('second')
      })
      bus.publish(commentAdded('p'), { commentId: '1' })
      expect(heard).toEqual(['first'])
    })

    test('a listener that throws keeps neither the publisher nor the others from going on', () => {
      bus.subscribe(commentAdded('p'), () => {
        throw new Error('broken listener')
      })
      const other = record(bus, 'p')
      bus.publish(commentAdded('p'), { commentId: '1' })
      expect(other.events).toHaveLength(1)
    })

    test('a listener may publish: the events it causes arrive too', () => {
      const second = record(bus, 'second')
      bus.subscribe(commentAdded('first'), (event) => {
        if (event !== RESYNC) bus.publish(commentAdded('second'), event)
      })
      bus.publish(commentAdded('first'), { commentId: '7' })
      expect(second.events).toEqual([{ commentId: '7' }])
    })

    test('a closed bus is silent: publishing and subscribing do nothing, closing again neither', () => {
      const before = record(bus, 'p')
      bus.close()
      bus.close()
      const after = record(bus, 'p')
      bus.publish(commentAdded('p'), { commentId: '1' })
      expect([before.events, after.events]).toEqual([[], []])
    })
  })
}

contract('in process', () => createLocalBus({ log }))

describe.runIf(hasRedis)('over Redis', () => {
  let server: TestRedis
  let clients: Redis[] = []
  let buses: Bus[] = []

  /** One server's bus with its own connection, as each server process has. */
  const makeBus = (): Bus => {
    const client = connectRedis(server.url, log)
    const bus = createRedisBus({ redis: client, log })
    clients.push(client)
    buses.push(bus)
    return bus
  }
  const until = (condition: () => boolean) =>
    vi.waitFor(() => expect(condition()).toBe(true), { timeout: 15_000, interval: 10 })
  /** Subscribed at Redis, which the first resync hint tells. */
  const recordReady = async (bus: Bus, post: string): Promise<Recorder> => {
    const recorder = record(bus, post)
    await until(() => recorder.resyncs() > 0)
    return recorder
  }

  beforeAll(async () => {
    server = await startRedis()
  })
  afterEach(() => {
    for (const bus of buses) bus.close()
    for (const client of clients) client.disconnect()
    buses = []
    clients = []
  })
  afterAll(() => server.stop())

  contract('over Redis', makeBus)

  test('an event reaches the other servers, and its own server hears it exactly once', async () => {
    const [a, b] = [makeBus(), makeBus()]
    const [atA, atB] = [await recordReady(a, 'p'), await recordReady(b, 'p')]
    for (let n = 0; n < 50; n++) a.publish(commentAdded('p'), { commentId: String(n) })
    await until(() => atB.events.length === 50)
    b.publish(commentAdded('p'), { commentId: 'last' })
    await until(() => atA.events.length === 51)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(atA.events).toHaveLength(51)
    expect(atB.events).toEqual(atA.events)
  })

  test('two listeners of a topic cost one subscription, and the last one to leave ends it', async () => {
    const bus = makeBus()
    const client = new Redis(server.url)
    clients.push(client)
    const subscribers = async () => (await client.pubsub('NUMSUB', 'atrium:commentAdded:p'))[1]
    const first = await recordReady(bus, 'p')
    const second = record(bus, 'p')
    expect(await subscribers()).toBe(1)
    first.stop()
    expect(await subscribers()).toBe(1)
    second.stop()
    await vi.waitFor(async () => expect(await subscribers()).toBe(0), 10_000)
  })

  test('what anyone else writes into the channel is ignored', async () => {
    const bus = makeBus()
    const recorder = await recordReady(bus, 'p')
    const client = new Redis(server.url)
    clients.push(client)
    const garbage = [
      '',
      '{',
      'null',
      '[]',
      '["x"]',
      '["x",{"commentId":{"deep":1}}]',
      '["x",[1]]',
      '{"commentId":"1"}',
      '\u0000',
    ]
    for (const text of garbage) await client.publish('atrium:commentAdded:p', text)
    await client.publish('atrium:commentAdded:p', '["another server",{"commentId":"good"}]')
    await until(() => recorder.events.length > 0)
    expect(recorder.events).toEqual([{ commentId: 'good' }])
  })

  test('after Redis was killed and is back, every listener is told to resync, and events flow again', async () => {
    const [a, b] = [makeBus(), makeBus()]
    const [atA, atB] = [await recordReady(a, 'p'), await recordReady(b, 'p')]
    await server.kill()
    expect(() => a.publish(commentAdded('p'), { commentId: 'in the outage' })).not.toThrow()
    expect(atA.events).toEqual([{ commentId: 'in the outage' }])
    const [resyncsAtA, resyncsAtB] = [atA.resyncs(), atB.resyncs()]
    const subscribedMeanwhile = record(b, 'q')
    await server.restart()
    await until(() => atA.resyncs() > resyncsAtA && atB.resyncs() > resyncsAtB && subscribedMeanwhile.resyncs() > 0)
    // A publisher that is not back yet would make a resync of it.
    await until(() => clients.every(({ status }) => status === 'ready'))
    a.publish(commentAdded('p'), { commentId: 'after' })
    a.publish(commentAdded('q'), { commentId: 'after' })
    await until(() => atB.events.length > 0 && subscribedMeanwhile.events.length > 0)
    expect(atB.events.at(-1)).toEqual({ commentId: 'after' })
  })

  test('when only the publisher had lost Redis, the other servers are told to resync once it is back', async () => {
    const [a, b] = [makeBus(), makeBus()]
    const atB = await recordReady(b, 'p')
    const publisher = clients[0]
    if (publisher === undefined) throw new Error('no client')
    await until(() => publisher.status === 'ready')
    publisher.disconnect(true)
    await once(publisher, 'close')
    const before = atB.resyncs()
    a.publish(commentAdded('p'), { commentId: 'lost' })
    await until(() => atB.resyncs() > before)
    expect(atB.events).toEqual([])
  })

  test('a frozen Redis neither blocks nor grows the publisher, and a listener learns of it afterwards', async () => {
    const [a, b] = [makeBus(), makeBus()]
    const [atA, atB] = [await recordReady(a, 'p'), await recordReady(b, 'p')]
    const resyncs = atB.resyncs()
    server.freeze()
    try {
      const started = performance.now()
      for (let n = 0; n < 5_000; n++) a.publish(commentAdded('p'), { commentId: String(n) })
      expect(performance.now() - started).toBeLessThan(1_000)
      expect(atA.events).toHaveLength(5_000)
      expect(clients[0]?.commandQueue.length).toBeLessThanOrEqual(1_001)
      await until(() => clients[0]?.status !== 'ready') // noticed, although the connection is open
    } finally {
      server.thaw()
    }
    await until(() => atB.resyncs() > resyncs)
    const heard = atB.events.length
    a.publish(commentAdded('p'), { commentId: 'after' })
    await until(() => atB.events.length > heard)
    expect(atB.events.at(-1)).toEqual({ commentId: 'after' })
  })

  test('an outage is logged once when it begins and once when it ends, however many retries it takes', async () => {
    const lines: string[] = []
    const told = pino({}, { write: (line: string) => void lines.push(JSON.parse(line).msg) })
    const client = connectRedis(server.url, told)
    clients.push(client)
    let retries = 0
    client.on('reconnecting', () => retries++)
    await until(() => client.status === 'ready')
    await server.kill()
    await until(() => retries >= 3)
    await expect(client.get('key')).rejects.toThrow()
    await server.restart()
    await until(() => client.status === 'ready')
    expect(lines).toEqual(['Redis is out of reach; retrying', 'Redis is reachable again'])
  })
})
