import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import type { Uuid } from '../../src/core/ids.ts'
import { commentAdded } from '../../src/domain/comment/comment.ts'
import { commentId, conversation, people, postId } from '../support/conversation.ts'
import { BEGINNING, listen, untilRunning } from '../support/listener.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const WRITERS = Array.from({ length: 20 }, (_, n) => `writer-${n}`)

let server: TestServer
let talk: ReturnType<typeof conversation>
let who: Awaited<ReturnType<typeof people<'ada' | 'bob'>>>
let staff: string
let id: Uuid
let post: string
beforeAll(async () => {
  server = await startTestServer()
  talk = conversation(server)
  who = await people(server, ['ada', 'bob'])
  staff = (await people(server, ['keeper'], 'STAFF')).keeper.token
})
beforeEach(async () => {
  id = await server.world.published(who.ada.viewer)
  post = postId(id)
})
afterEach(() => untilRunning(server, 0))
afterAll(() => server.close())

const say = (body: string) => server.world.comment(who.bob.viewer, id, body)

test('two hundred comments of twenty writers at once reach readers who come, go and come back: all, once, in one order', async () => {
  const writers = Object.values(await people(server, WRITERS))
  let writing = true
  const written = Promise.all(
    writers.map(async ({ token, viewer }) => {
      for (let n = 0; n < 10; n++) await talk.add(token, post, `${viewer.handle} says ${n}`)
    }),
  ).finally(() => {
    writing = false
  })
  /** Listens a while, leaves wherever it is, comes back with its last cursor, until it has all. */
  const restless = async (patienceMs: number): Promise<string[]> => {
    const ids: string[] = []
    let after = BEGINNING
    while (ids.length < 200) {
      const listener = listen(server, post, { after })
      await (writing ? pause(patienceMs) : listener.hears(200 - ids.length).catch(() => {}))
      await listener.leave()
      ids.push(...listener.heard.map((heard) => heard.id))
      after = listener.heard.at(-1)?.streamCursor ?? after
      expect(listener.errors).toEqual([])
    }
    return ids
  }
  const steady = listen(server, post, { after: BEGINNING })
  const readers = [20, 45, 90, 150].map(restless)
  await written
  await steady.hears(200)
  await steady.leave()
  const order = steady.heard.map((heard) => heard.id)
  expect(new Set(order).size).toBe(200)
  for (const read of await Promise.all(readers)) expect(read).toEqual(order)
  for (const { handle } of writers.map(({ viewer }) => viewer)) {
    const own = steady.bodies().filter((body) => body.startsWith(`${handle} `))
    expect(own).toEqual(Array.from({ length: 10 }, (_, n) => `${handle} says ${n}`))
  }
}, 60_000)

describe('what is heard', () => {
  test('is only what was committed, and nothing is told before that', async () => {
    const { bus, db } = server.running.atrium.deps
    const listener = listen(server, post)
    await untilRunning(server, 1)
    let told = 0
    const stop = bus.subscribe(commentAdded(id), () => told++)
    const nested = { ...server.running.atrium.deps }
    await expect(
      db.transaction(async (tx) => {
        nested.db = { ...db, ...tx, transaction: (work) => work(tx) }
        const { addComment } = await import('../../src/domain/comment/comment.ts')
        await addComment(nested, who.bob.viewer, { on: { kind: 'POST', id }, body: 'never said' })
        await pause(100)
        expect(told).toBe(0)
        throw new Error('roll back')
      }),
    ).rejects.toThrow('roll back')
    await say('said')
    await listener.hears(1)
    await pause(100)
    expect(listener.bodies()).toEqual(['said'])
    expect(told).toBe(1)
    stop()
    await listener.leave()
  })

  test('leaves out what was held, removed or deleted meanwhile, without an error, and goes on behind it', async () => {
    const ids = []
    for (const body of ['one', 'held', 'removed', 'deleted', 'two']) ids.push(commentId(await say(body)))
    await talk.moderate(staff, ids[1] ?? '', 'HELD')
    await talk.moderate(staff, ids[2] ?? '', 'REMOVED')
    await talk.remove(who.bob.token, ids[3] ?? '')
    for (const token of [null, who.bob.token, who.ada.token, staff]) {
      const listener = listen(server, post, { after: BEGINNING, token })
      await listener.hears(2)
      await pause(50)
      expect(listener.bodies()).toEqual(['one', 'two'])
      expect(listener.errors).toEqual([])
      await listener.leave()
    }
  })

  test('finds its way past more hidden comments than it reads at a time', async () => {
    for (let n = 0; n < 150; n++) await say(`${n}`)
    await server.running.atrium.deps.db.query(
      "update comments set state = 'HELD' where subject_id = $1::text::uuid and seq > 2 and seq < 148",
      [id],
    )
    const listener = listen(server, post, { after: BEGINNING })
    await listener.hears(5)
    expect(listener.bodies()).toEqual(['0', '1', '147', '148', '149'])
    await listener.leave()
  })

  test('is as it is when it is handed over, also when it was hidden after the page was read', async () => {
    const { db } = server.running.atrium.deps
    for (let n = 0; n < 5; n++) await say(`${n}`)
    const lane = db.lane
    let hidden = false
    db.lane = (width) => {
      const mine = lane(width)
      const original = mine.query
      mine.query = (async (text: string, parameters?: unknown[]) => {
        const rows = await original(text, parameters)
        // The page with all five has just been read: now four of them are held.
        if (!hidden && text.includes('"seq" >')) {
          hidden = true
          await original("update comments set state = 'HELD' where subject_id = $1::text::uuid and seq > 1", [id])
        }
        return rows
      }) as typeof original
      return mine
    }
    const listener = listen(server, post, { after: BEGINNING })
    await listener.hears(1)
    await vi.waitFor(() => expect(hidden).toBe(true), 10_000)
    db.lane = lane
    await say('after')
    await listener.hears(2)
    expect(listener.bodies()).toEqual(['0', 'after'])
    expect(listener.errors).toEqual([])
    await listener.leave()
  })

  test('begins with the next comment where no cursor was given, and replies count as comments', async () => {
    const before = await say('before')
    const listener = listen(server, post)
    await untilRunning(server, 1)
    await server.world.comment(who.ada.viewer, id, 'a reply', before)
    await listener.hears(1)
    expect(listener.bodies()).toEqual(['a reply'])
    await listener.leave()
  })
})

describe('who may listen', () => {
  test.each([
    ['a draft of somebody else', async () => postId(await server.world.draft(who.ada.viewer))],
    ['a post that is not there', async () => 'post_01jdzzzzzzzzzzzzzzzzzzzzzz'],
    ['a comment', async () => commentId(await say('a comment'))],
    ['an account', async () => 'account_01jdzzzzzzzzzzzzzzzzzzzzzz'],
    ['nonsense', async () => 'nonsense\0'],
  ])('nobody to %s: it is not found, and no source opens', async (_, on) => {
    const { bus } = server.running.atrium.deps
    const opened = vi.spyOn(bus, 'subscribe')
    const listener = listen(server, await on(), { token: who.bob.token })
    await vi.waitFor(() => expect(listener.isEnded()).toBe(true), 10_000)
    expect(listener.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    const channels = opened.mock.calls.map(([{ channel }]) => channel)
    expect(channels.filter((channel) => channel.startsWith('commentAdded'))).toEqual([])
    opened.mockRestore()
    await untilRunning(server, 0)
    await listener.leave()
  })

  test.each([
    ' ',
    'nonsense',
    encodeCursor('NEWEST', ['1']),
    encodeCursor('STREAM', ['-1']),
    encodeCursor('STREAM', ['1e3']),
  ])('nobody after %j, which is no cursor of this stream', async (after) => {
    const listener = listen(server, post, { after })
    await vi.waitFor(() => expect(listener.isEnded()).toBe(true), 10_000)
    expect(listener.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    await listener.leave()
  })

  test.each(['archivePost', 'deletePost'])(
    'nobody any more once %s took the post away: the stream ends with NOT_FOUND',
    async (field) => {
      const payload = field === 'archivePost' ? 'post { id }' : 'deletedId'
      const listener = listen(server, post, { token: who.bob.token })
      const owner = listen(server, post, { token: who.ada.token })
      await untilRunning(server, 2)
      await say('heard')
      await listener.hears(1)
      await server.ask(
        `mutation ($id: ID!) { ${field}(input: { id: $id }) { ${payload} } }`,
        { id: post },
        who.ada.token,
      )
      await vi.waitFor(() => expect(listener.isEnded()).toBe(true), { timeout: 5000 })
      expect(listener.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
      expect(listener.bodies()).toEqual(['heard'])
      expect(owner.isEnded()).toBe(field === 'deletePost')
      await Promise.all([listener.leave(), owner.leave()])
      await untilRunning(server, 0)
    },
  )
})
