import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ChatClient, listenToRoom } from '../support/chat.ts'
import { BEGINNING, untilRunning } from '../support/listener.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let chat: ChatClient
let ada: Viewer
let bob: Viewer
let cleo: Viewer
const writers: Viewer[] = []

beforeAll(async () => {
  server = await startTestServer()
  chat = new ChatClient(server)
  ;[ada, bob, cleo] = (await Promise.all(['ada', 'bob', 'cleo'].map((handle) => server.world.person({ handle })))) as [
    Viewer,
    Viewer,
    Viewer,
  ]
  for (let n = 0; n < 20; n++) writers.push(await server.world.person({ handle: `writer-${n}` }))
}, 60_000)
afterAll(() => server.close())

const atOnce = <T>(count: number, run: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => run(n)))

describe('sending', () => {
  test('twenty times at once under one client id is one message', async () => {
    const room = await chat.group(ada, [bob])
    const sent = await atOnce(20, () => chat.run('sendMessage', bob, { roomId: room, body: 'once', clientId: 'c-1' }))
    expect(new Set(sent.map(({ value }) => value?.id)).size).toBe(1)
    expect(sent.map(({ outcome }) => outcome)).toEqual(sent.map(() => 'done'))
    const { messages } = await chat.room(ada, room, 'messages { totalCount nodes { body } }')
    expect(messages).toEqual({ totalCount: 1, nodes: [{ body: 'once' }] })
  })

  test('under a client id that was used for something else is a conflict; of another member it is another name', async () => {
    const room = await chat.group(ada, [bob])
    const first = await chat.say(bob, room, 'one', { clientId: 'same' })
    const other = await chat.run('sendMessage', bob, { roomId: room, body: 'two', clientId: 'same' })
    expect(other.userErrors).toMatchObject([{ code: 'CONFLICT', path: ['input', 'clientId'] }])
    const adas = await chat.say(ada, room, 'two', { clientId: 'same' })
    expect(adas.id).not.toBe(first.id)
  })

  test('again after an edit still answers the first message, as it is now', async () => {
    const room = await chat.group(ada)
    const first = await chat.say(ada, room, 'before', { clientId: 'edited' })
    await chat.run('editMessage', ada, { id: first.id, body: 'after' })
    expect(await chat.say(ada, room, 'before', { clientId: 'edited' })).toMatchObject({ id: first.id, body: 'after' })
  })

  test.each([
    ['nothing', { body: '' }],
    ['blanks', { body: ' \n ' }],
    ['no words at all', {}],
    ['4,001 characters', { body: 'x'.repeat(4_001) }],
    ['a body and a ciphertext', { body: 'x', ciphertext: 'AAAA' }],
    ['a ciphertext where the room is open', { ciphertext: 'AAAA' }],
    ['a client id with a blank', { body: 'x', clientId: 'a b' }],
    ['a client id of 101 characters', { body: 'x', clientId: 'x'.repeat(101) }],
    ['control characters', { body: 'a\u0000b' }],
  ])('%s is refused, and nothing is numbered', async (_, content) => {
    const room = await chat.group(ada)
    const { streamCursor } = await chat.room(ada, room, 'streamCursor')
    const { outcome } = await chat.run('sendMessage', ada, { roomId: room, ...content })
    expect(outcome).toBe('INVALID_INPUT')
    expect((await chat.room(ada, room, 'streamCursor')).streamCursor).toBe(streamCursor)
  })

  test('4,000 characters are not too many, and an emoji is one', async () => {
    const room = await chat.group(ada)
    expect((await chat.say(ada, room, '🎉'.repeat(4_000))).body).toHaveLength(8_000)
  })

  test('an answer to a message of another room is refused: there is no such message here', async () => {
    const [room, other] = [await chat.group(ada), await chat.group(ada)]
    const foreign = await chat.say(ada, other, 'elsewhere')
    const reply = await chat.run('sendMessage', ada, { roomId: room, body: 'to that', replyToId: foreign.id })
    expect(reply.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'replyToId'] }])
    const own = await chat.say(ada, room, 'here')
    expect((await chat.say(ada, room, 'to this', { replyToId: own.id })).replyTo).toEqual({ id: own.id })
  })

  test('numbers are in the order in which messages are seen, for twenty writers at once', async () => {
    const room = await chat.group(ada, writers)
    await atOnce(20, async (n) => {
      for (let each = 0; each < 5; each++) await chat.say(writers[n] as Viewer, room, `${n}/${each}`)
    })
    const { messages } = await chat.room(ada, room, 'messages(first: 100) { nodes { seq body createdAt } }')
    const { nodes } = messages
    expect(nodes).toHaveLength(100)
    const seqs = nodes.map(({ seq }: { seq: number }) => seq)
    expect(seqs).toEqual(Array.from({ length: 100 }, (_, n) => seqs[0] + n))
    // Zeros at the end are left out: `.5Z` is later than `.49Z`, and would be sorted before it.
    const times = nodes.map(({ createdAt }: { createdAt: string }) => createdAt.replace(/Z$/, '').padEnd(26, '0'))
    expect(times).toEqual([...times].sort())
  }, 30_000)
})

describe('the stream of a room', () => {
  test('brings two hundred messages of twenty writers to readers who come, go and come back: all, once, in one order', async () => {
    const room = await chat.group(ada, writers)
    const tokens = await Promise.all(writers.map((writer) => chat.tokenOf(writer)))
    let writing = true
    const written = atOnce(20, async (n) => {
      for (let each = 0; each < 10; each++) await chat.say(writers[n] as Viewer, room, `${n} says ${each}`)
    }).finally(() => {
      writing = false
    })
    const restless = async (token: string, patienceMs: number): Promise<string[]> => {
      const bodies: string[] = []
      let after = BEGINNING
      while (bodies.length < 200) {
        const listener = listenToRoom(server, token, room, { after })
        await (writing ? pause(patienceMs) : listener.hears(200 - bodies.length).catch(() => {}))
        await listener.leave()
        bodies.push(...listener.heard.map(({ body }) => body))
        after = listener.heard.at(-1)?.streamCursor ?? after
        expect(listener.errors).toEqual([])
      }
      return bodies
    }
    const steady = listenToRoom(server, await chat.tokenOf(ada), room, { after: BEGINNING })
    const readers = [20, 45, 90, 150].map((patienceMs, n) => restless(tokens[n] ?? '', patienceMs))
    await written
    await steady.hears(200)
    await steady.leave()
    const order = steady.heard.map(({ body }) => body)
    expect(new Set(order).size).toBe(200)
    for (const read of await Promise.all(readers)) expect(read).toEqual(order)
    for (let n = 0; n < 20; n++) {
      const own = order.filter((body) => body.startsWith(`${n} `))
      expect(own).toEqual(Array.from({ length: 10 }, (_, each) => `${n} says ${each}`))
    }
  }, 60_000)

  test('tells every event with its number, and the message as it is now', async () => {
    const room = await chat.group(ada, [bob])
    const listener = listenToRoom(server, await chat.tokenOf(ada), room, { field: 'roomEvents', after: BEGINNING })
    const said = await chat.say(bob, room, 'first')
    await chat.run('editMessage', bob, { id: said.id, body: 'second' })
    await chat.run('addReaction', ada, { subjectId: said.id, emoji: '🎉' })
    await chat.run('pinMessage', ada, { id: said.id })
    await chat.run('unpinMessage', ada, { id: said.id })
    await chat.run('updateRoom', ada, { id: room, title: 'Another name' })
    await chat.run('setRoomRole', ada, { roomId: room, accountId: (await accountOf(bob)).id, role: 'MODERATOR' })
    await chat.run('deleteMessage', bob, { id: said.id })
    await chat.run('leaveRoom', bob, { roomId: room })
    await listener.hears(11)
    expect(listener.heard.map(({ kind }) => kind)).toEqual([
      'MEMBER_JOINED',
      'MEMBER_JOINED',
      'MESSAGE_ADDED',
      'MESSAGE_EDITED',
      'REACTIONS_CHANGED',
      'MESSAGE_PINNED',
      'MESSAGE_UNPINNED',
      'ROOM_CHANGED',
      'ROLE_CHANGED',
      'MESSAGE_DELETED',
      'MEMBER_LEFT',
    ])
    expect(listener.heard.map(({ seq }) => seq)).toEqual(Array.from({ length: 11 }, (_, n) => n + 1))
    expect(listener.heard[8]).toMatchObject({ account: { handle: 'bob' }, actor: { handle: 'ada' }, role: 'MODERATOR' })
    await listener.leave()
    const again = listenToRoom(server, await chat.tokenOf(ada), room, {
      field: 'roomEvents',
      after: listener.heard[6]?.streamCursor ?? null,
    })
    await again.hears(4)
    expect(again.heard.map(({ seq }) => seq)).toEqual([8, 9, 10, 11])
    expect(again.heard[2]?.message).toMatchObject({ body: null })
    await again.leave()
  })

  test('begins with what comes where no cursor was given, and takes the cursor of the room', async () => {
    const room = await chat.group(ada)
    await chat.say(ada, room, 'before')
    const { streamCursor } = await chat.room(ada, room, 'streamCursor')
    await chat.say(ada, room, 'between')
    const token = await chat.tokenOf(ada)
    const [fresh, late] = [
      listenToRoom(server, token, room),
      listenToRoom(server, token, room, { after: streamCursor }),
    ]
    await untilRunning(server, 2)
    await late.hears(1)
    await chat.say(ada, room, 'after')
    await late.hears(2)
    await fresh.hears(1)
    expect([fresh, late].map(({ heard }) => heard.map(({ body }) => body))).toEqual([['after'], ['between', 'after']])
    await Promise.all([fresh.leave(), late.leave()])
  })

  test.each([' ', 'nonsense', 'WyJST09NIiwiLTEiXQ', Buffer.from('["SEQ","1"]').toString('base64url')])(
    'is not opened after %j, which is no cursor of it',
    async (after) => {
      const room = await chat.group(ada)
      const listener = listenToRoom(server, await chat.tokenOf(ada), room, { after })
      await listener.ends()
      expect(listener.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
      await listener.leave()
    },
  )

  test.each(['messageAdded', 'roomEvents'] as const)(
    'is not opened after a cursor that the room has not reached: %s',
    async (field) => {
      const [quiet, busy] = [await chat.group(ada), await chat.group(ada)]
      for (let n = 0; n < 5; n++) await chat.say(ada, busy, `${n}`)
      const { streamCursor } = await chat.room(ada, busy, 'streamCursor')
      const token = await chat.tokenOf(ada)
      const lost = listenToRoom(server, token, quiet, { after: streamCursor, field })
      await lost.ends()
      expect(lost.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
      const right = listenToRoom(server, token, busy, { after: streamCursor, field })
      await chat.say(ada, busy, 'next')
      await right.hears(1)
      await Promise.all([lost.leave(), right.leave()])
    },
  )

  test.each(['messageAdded', 'roomEvents'] as const)('is not found by who is no member: %s', async (field) => {
    const room = await chat.group(ada, [bob])
    for (const [token, code] of [
      [await chat.tokenOf(cleo), 'NOT_FOUND'],
      [null, 'UNAUTHENTICATED'],
    ] as const) {
      const listener = listenToRoom(server, token, room, { field })
      await listener.ends()
      expect(listener.errors).toMatchObject([{ extensions: { code } }])
      await listener.leave()
    }
  })

  test.each(['leaveRoom', 'removeRoomMember', 'deleteRoom'] as const)(
    'ends at once for who lost the room by %s, and they hear nothing of what follows',
    async (how) => {
      const room = await chat.group(ada, [bob, cleo])
      const streams = [
        listenToRoom(server, await chat.tokenOf(bob), room),
        listenToRoom(server, await chat.tokenOf(bob), room, { field: 'roomEvents' }),
      ]
      const staying = listenToRoom(server, await chat.tokenOf(cleo), room)
      await untilRunning(server, 3)
      await chat.say(ada, room, 'heard')
      for (const stream of streams) await stream.hears(1)
      if (how === 'leaveRoom') await chat.run(how, bob, { roomId: room })
      if (how === 'deleteRoom') await chat.run(how, ada, { roomId: room })
      if (how === 'removeRoomMember') {
        await chat.run(how, ada, { roomId: room, accountId: (await accountOf(bob)).id })
      }
      if (how !== 'deleteRoom') await chat.say(ada, room, 'not for bob')
      for (const stream of streams) {
        await stream.ends()
        expect(stream.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
        expect(stream.heard.filter(({ body, message }) => (body ?? message?.body) === 'not for bob')).toEqual([])
      }
      if (how !== 'deleteRoom') await staying.hears(2)
      await Promise.all([...streams, staying].map((stream) => stream.leave()))
      await untilRunning(server, 0)
    },
  )

  test('of a member who is removed in the middle of what they send: nothing of theirs comes behind the removal', async () => {
    const room = await chat.group(ada, [bob])
    const listener = listenToRoom(server, await chat.tokenOf(ada), room, { field: 'roomEvents', after: BEGINNING })
    const sending = atOnce(60, (n) => chat.run('sendMessage', bob, { roomId: room, body: `${n}` }))
    const removing = chat.run('removeRoomMember', ada, { roomId: room, accountId: (await accountOf(bob)).id })
    const outcomes = (await sending).map(({ outcome }) => outcome)
    expect((await removing).outcome).toBe('done')
    const sent = outcomes.filter((outcome) => outcome === 'done').length
    expect(outcomes.filter((outcome) => outcome === 'NOT_FOUND')).toHaveLength(60 - sent)
    await listener.hears(3 + sent)
    expect(listener.heard.at(-1)?.kind).toBe('MEMBER_REMOVED')
    expect(listener.heard.map(({ seq }) => seq)).toEqual(Array.from({ length: 3 + sent }, (_, n) => n + 1))
    await listener.leave()
  }, 30_000)
})

async function accountOf({ handle }: Viewer): Promise<{ id: string }> {
  return (await server.ask('query ($handle: String!) { account(handle: $handle) { id } }', { handle })).data.account
}
