import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import { followAccount } from '../../src/domain/account/follow.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { type HeardEntry, inbox, listenToInbox } from '../support/inbox.ts'
import { BEGINNING, untilRunning } from '../support/listener.ts'
import { hasRedis, startRedis } from '../support/redis.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let box: ReturnType<typeof inbox>
let members = 0
beforeAll(async () => {
  server = await startTestServer()
  box = inbox(server)
})
afterEach(() => untilRunning(server, 0))
afterAll(() => server.close())

const member = () => server.world.person({ handle: `member-${members++}` })
const ids = (heard: readonly HeardEntry[]) => heard.map(({ id }) => id)

describe('the stream of notifications', () => {
  test('of a hundred comments at once reaches who comes, goes and comes back: all, in one order, without gap or duplicate', async () => {
    const ada = await member()
    const token = await box.as(ada)
    const authors = await Promise.all(Array.from({ length: 10 }, member))
    const posts = await Promise.all(Array.from({ length: 10 }, () => server.world.published(ada)))
    let writing = true
    const written = Promise.all(
      authors.map(async (author, at) => {
        for (let n = 0; n < 10; n++) await server.world.comment(author, posts[(at + n) % 10] ?? '', `${at}/${n}`)
      }),
    ).finally(() => {
      writing = false
    })
    const restless = async (patienceMs: number): Promise<string[]> => {
      const heard: HeardEntry[] = []
      while (heard.length < 100) {
        const listener = listenToInbox(server, token, heard.at(-1)?.streamCursor ?? BEGINNING)
        const missing = 100 - heard.length
        await (writing ? pause(patienceMs) : listener.hears((now) => now.length >= missing))
        await listener.leave()
        heard.push(...listener.heard)
        expect(listener.errors).toEqual([])
      }
      return ids(heard)
    }
    const steady = listenToInbox(server, token, BEGINNING)
    const readers = [30, 90].map(restless)
    await written
    await steady.hears((heard) => heard.length >= 100)
    await steady.leave()
    expect(new Set(ids(steady.heard)).size).toBe(100)
    expect(steady.heard).toHaveLength(100)
    for (const read of await Promise.all(readers)) expect(read).toEqual(ids(steady.heard))
  }, 60_000)

  test('sends a group again when somebody joins it, and ends with all of them', async () => {
    const ada = await member()
    const post = await server.world.published(ada)
    const listener = listenToInbox(server, await box.as(ada), BEGINNING)
    const fans = await Promise.all(Array.from({ length: 30 }, member))
    await Promise.all(fans.map((fan) => server.world.react(fan, post)))
    await listener.hears((heard) => heard.at(-1)?.actorCount === 30)
    expect(new Set(ids(listener.heard)).size).toBe(1)
    const counts = listener.heard.map(({ actorCount }) => actorCount)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
    await listener.leave()
  })

  test('is one’s own: nobody hears what another is told', async () => {
    const [ada, bob, cleo] = [await member(), await member(), await member()]
    const [atAda, atBob] = [listenToInbox(server, await box.as(ada)), listenToInbox(server, await box.as(bob))]
    await untilRunning(server, 2)
    await followAccount(server.running.atrium.deps, cleo, ada.accountId)
    await followAccount(server.running.atrium.deps, cleo, bob.accountId)
    await Promise.all([atAda.hears((heard) => heard.length > 0), atBob.hears((heard) => heard.length > 0)])
    const [own] = (await box.list(ada)).nodes
    expect(ids(atAda.heard)).toEqual([own.id])
    expect(ids(atBob.heard)).not.toContain(own.id)
    await Promise.all([atAda.leave(), atBob.leave()])
  })

  test.each([
    ['nobody', null, null, 'UNAUTHENTICATED'],
    ['a cursor of another stream', 'member', encodeCursor('STREAM', ['1']), 'BAD_USER_INPUT'],
    ['nonsense', 'member', 'nonsense\0', 'BAD_USER_INPUT'],
  ])('is refused to %s', async (_, who, after, code) => {
    const token = who === null ? null : await box.as(await member())
    const listener = listenToInbox(server, token, after)
    await vi.waitFor(() => expect(listener.errors).toMatchObject([{ extensions: { code } }]), 10_000)
    await listener.leave()
  })
})

describe('the number of unread notifications', () => {
  const watch = (token: string | null) => {
    const client = server.socket(token)
    const shown: number[] = []
    client.subscribe<{ unreadNotificationCount: number }>(
      { query: 'subscription { unreadNotificationCount }' },
      {
        next: ({ data }) => void (data && shown.push(data.unreadNotificationCount)),
        error: () => {},
        complete: () => {},
      },
    )
    return {
      shown,
      last: (count: number) => vi.waitFor(() => expect(shown.at(-1)).toBe(count), { timeout: 10_000 }),
      leave: async () => client.dispose(),
    }
  }

  test('is told at first, then as it grows, and shrinks where another window reads or somebody takes something back', async () => {
    const [ada, bob]: Viewer[] = [await member(), await member()]
    const post = await server.world.published(ada as Viewer)
    const badge = watch(await box.as(ada as Viewer))
    await badge.last(0)
    await server.world.comment(bob as Viewer, post)
    await server.world.react(bob as Viewer, post)
    await badge.last(2)
    const { removeReaction } = await import('../../src/domain/reaction.ts')
    await removeReaction(server.running.atrium.deps, bob as Viewer, { on: { kind: 'POST', id: post }, kind: 'LIKE' })
    await badge.last(1)
    const [entry] = (await box.list(ada as Viewer)).nodes
    await box.read(ada as Viewer, { ids: [entry.id] })
    await badge.last(0)
    await badge.leave()
  })
})

describe.runIf(hasRedis)('two servers', () => {
  test('what happens at one is told at the other at once', async () => {
    const redis = await startRedis()
    const a = await startTestServer({ config: { redisUrl: redis.url } })
    const b = await startTestServer({ config: { redisUrl: redis.url }, databaseUrl: a.databaseUrl })
    try {
      const [ada, bob] = [await a.world.person({ handle: 'ada' }), await a.world.person({ handle: 'bob' })]
      const listener = listenToInbox(b, await b.tokenOf(ada), BEGINNING)
      await untilRunning(b, 1)
      const post = await a.world.published(ada)
      await a.world.comment(bob, post)
      // Without the event it would be found by the half-minute look at the latest.
      await listener.hears((heard) => heard.length === 1)
      await listener.leave()
      // Who is here is known at both, from the socket at one.
      const [seen] = [await a.running.atrium.deps.presence.of([ada.accountId])]
      expect(seen.get(ada.accountId)?.state).toBe('ONLINE')
    } finally {
      await b.close()
      await a.close()
      await redis.stop()
    }
  }, 30_000)
})
