import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { accountId, ChatClient, listenToRoom } from '../support/chat.ts'
import { untilRunning } from '../support/listener.ts'
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

async function peopleOf(server: TestServer): Promise<[Viewer, Viewer, Viewer]> {
  const [ada, bob, cleo] = await Promise.all(['ada', 'bob', 'cleo'].map((handle) => server.world.person({ handle })))
  return [ada as Viewer, bob as Viewer, cleo as Viewer]
}

describe('two servers on one database that hear nothing of each other', () => {
  let a: TestServer
  let b: TestServer
  beforeAll(async () => {
    a = await startTestServer()
    b = await startTestServer({ databaseUrl: a.databaseUrl })
  }, 60_000)
  afterAll(async () => {
    await b.close()
    await a.close()
  })

  test('a member who was removed at one hears nothing at the other of what is said after that, and the others do', async () => {
    const [ada, bob, cleo] = await peopleOf(a)
    const [atA, atB] = [new ChatClient(a), new ChatClient(b)]
    const room = await atA.group(ada, [bob, cleo])
    const bobs = [
      listenToRoom(b, await atB.tokenOf(bob), room),
      listenToRoom(b, await atB.tokenOf(bob), room, { field: 'roomEvents' }),
    ]
    const cleos = listenToRoom(b, await atB.tokenOf(cleo), room)
    await untilRunning(b, 3)
    await atB.say(ada, room, 'before')
    for (const stream of bobs) await stream.hears(1)
    await atA.run('removeRoomMember', ada, { roomId: room, accountId: accountId(bob) })
    await atB.say(ada, room, 'after')
    await cleos.hears(2)
    for (const stream of bobs) {
      await stream.ends()
      expect(stream.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    }
    expect(bobs.map(({ heard }) => heard.length)).toEqual([1, 1])
    expect(cleos.heard.map(({ body }) => body)).toEqual(['before', 'after'])
    await Promise.all([...bobs, cleos].map((stream) => stream.leave()))
  }, 30_000)
})

describe.runIf(hasRedis)('two servers on one database and one Redis', () => {
  let redis: TestRedis
  let a: TestServer
  let b: TestServer
  beforeAll(async () => {
    redis = await startRedis()
    a = await startTestServer({ config: { redisUrl: redis.url } })
    b = await startTestServer({ config: { redisUrl: redis.url }, databaseUrl: a.databaseUrl })
  }, 60_000)
  afterAll(async () => {
    await b.close()
    await a.close()
    await redis.stop()
  })

  test('what is said at both at once is heard at both, all of it, in one order; and who leaves at one loses it at the other', async () => {
    const [ada, bob, cleo] = await peopleOf(a)
    const clients = [new ChatClient(a), new ChatClient(b)] as const
    const room = await clients[0].group(ada, [bob, cleo])
    const [atA, atB] = [
      listenToRoom(a, await clients[0].tokenOf(bob), room),
      listenToRoom(b, await clients[1].tokenOf(cleo), room),
    ]
    await Promise.all([untilRunning(a, 1), untilRunning(b, 1)])
    await Promise.all(Array.from({ length: 60 }, (_, n) => clients[n % 2 === 0 ? 0 : 1].say(ada, room, `${n}`)))
    await Promise.all([atA.hears(60), atB.hears(60)])
    const orders = [atA, atB].map(({ heard }) => heard.map(({ body }) => body))
    expect(new Set(orders[0]).size).toBe(60)
    expect(orders[1]).toEqual(orders[0])
    await clients[0].run('leaveRoom', cleo, { roomId: room })
    await atB.ends()
    expect(atB.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    await Promise.all([atA.leave(), atB.leave()])
  }, 60_000)
})
