import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { accountId, ChatClient, type RoomListener } from '../support/chat.ts'
import { subscribed, untilRunning } from '../support/listener.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let chat: ChatClient
let ada: Viewer
let bob: Viewer
let cleo: Viewer
beforeAll(async () => {
  server = await startTestServer()
  chat = new ChatClient(server)
  const [one, two, three] = await Promise.all(['ada', 'bob', 'cleo'].map((handle) => server.world.person({ handle })))
  ada = one as Viewer
  bob = two as Viewer
  cleo = three as Viewer
}, 60_000)
afterEach(() => untilRunning(server, 0))
afterAll(() => server.close())

/** Waits until the newest that was heard is as expected. */
const untilLast = (listener: RoomListener, expected: unknown): Promise<void> =>
  vi.waitFor(() => expect(listener.heard.at(-1)).toMatchObject(expected as object), { timeout: 10_000, interval: 20 })

describe('the live list of rooms', () => {
  const LIST = `subscription { heard: roomListUpdated { unreadCount mentionCount
    rooms { nodes { title viewerUnreadCount lastMessage { body } } } invitations { nodes { room { title } } } } }`
  const watch = async (viewer: Viewer) => subscribed(server.socket(await chat.tokenOf(viewer)), LIST)

  test('shows each room that is joined, spoken in, read and left, the latest first, also rooms that are newer than it', async () => {
    const reader = await server.world.person({ handle: 'reader' })
    const list = await watch(reader)
    await untilLast(list, { unreadCount: 0, rooms: { nodes: [] }, invitations: { nodes: [] } })
    const one = await chat.group(ada, [], { title: 'One' })
    const { value } = await chat.run('inviteToRoom', ada, { roomId: one, accountId: accountId(reader) })
    await untilLast(list, { invitations: { nodes: [{ room: { title: 'One' } }] } })
    await chat.run('acceptRoomInvitation', reader, { id: value.id })
    await untilLast(list, { rooms: { nodes: [{ title: 'One', viewerUnreadCount: 0 }] }, invitations: { nodes: [] } })
    const said = await chat.say(ada, one, 'hello @reader')
    await untilLast(list, {
      unreadCount: 1,
      mentionCount: 1,
      rooms: { nodes: [{ title: 'One', viewerUnreadCount: 1, lastMessage: { body: 'hello @reader' } }] },
    })
    const two = await chat.group(ada, [reader], { title: 'Two' })
    await chat.say(ada, two, 'over here')
    await untilLast(list, { unreadCount: 2, rooms: { nodes: [{ title: 'Two' }, { title: 'One' }] } })
    await chat.run('markRoomRead', reader, { roomId: one, messageId: said.id })
    await untilLast(list, { unreadCount: 1, mentionCount: 0 })
    await chat.run('removeRoomMember', ada, { roomId: two, accountId: accountId(reader) })
    await untilLast(list, { unreadCount: 0, rooms: { nodes: [{ title: 'One' }] } })
    expect(list.errors).toEqual([])
    await list.leave()
  }, 30_000)

  test('shows the state after the last of two hundred messages, however few updates it sends', async () => {
    const reader = await server.world.person({ handle: 'patient' })
    const room = await chat.group(ada, [reader])
    const list = await watch(reader)
    await list.hears(1)
    await Promise.all(Array.from({ length: 200 }, (_, n) => chat.say(ada, room, `${n}`)))
    await untilLast(list, { unreadCount: 200 })
    expect(list.heard.length).toBeLessThan(60)
    await list.leave()
  }, 30_000)
})

describe('who is here', () => {
  const PRESENCE = `subscription ($roomId: ID!) { heard: roomPresence(roomId: $roomId) {
    present { account { handle } presence { state } } typing { handle } } }`
  const watch = async (viewer: Viewer, room: string) =>
    subscribed(server.socket(await chat.tokenOf(viewer)), PRESENCE, { roomId: room })
  const here = (...handles: string[]) => ({
    present: handles.map((handle) => ({ account: { handle }, presence: { state: 'ONLINE' } })),
  })

  test('and who types is shown to the members of a room, those who came later included', async () => {
    const room = await chat.group(ada, [bob])
    const presence = await watch(ada, room)
    await untilLast(presence, here('ada', 'bob'))
    await chat.run('setTyping', bob, { roomId: room })
    await untilLast(presence, { typing: [{ handle: 'bob' }] })
    await chat.run('setTyping', bob, { roomId: room, typing: false })
    await untilLast(presence, { typing: [] })
    await chat.bring(ada, room, cleo)
    await untilLast(presence, here('ada', 'bob', 'cleo'))
    await chat.run('setTyping', cleo, { roomId: room })
    await untilLast(presence, { typing: [{ handle: 'cleo' }] })
    await chat.run('leaveRoom', cleo, { roomId: room })
    await untilLast(presence, { ...here('ada', 'bob'), typing: [] })
    await presence.leave()
  }, 30_000)

  test('is not shown of who does not want it, nor to others, and ends for who leaves', async () => {
    const room = await chat.group(ada, [bob])
    await chat.ask('mutation { updateProfile(input: { showPresence: false }) { userErrors { code } } }', {}, bob)
    const outside = await watch(cleo, room)
    await outside.ends()
    expect(outside.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    const [adas, bobs] = [await watch(ada, room), await watch(bob, room)]
    await untilLast(adas, here('ada'))
    await bobs.hears(1)
    await chat.run('leaveRoom', bob, { roomId: room })
    await bobs.ends()
    expect(bobs.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    await Promise.all([outside, adas, bobs].map((each) => each.leave()))
    await chat.ask('mutation { updateProfile(input: { showPresence: true }) { userErrors { code } } }', {}, bob)
  })

  test('is seen of whom one shares a room with, and of no stranger', async () => {
    const [one, other] = [await server.world.person({ handle: 'one' }), await server.world.person({ handle: 'other' })]
    const seen = async () =>
      (await chat.ask('{ account(handle: "other") { presence { state } } }', {}, one)).data.account.presence
    await chat.ask('{ viewer { email } }', {}, other)
    expect(await seen()).toBeNull()
    await chat.run('openDirectRoom', one, { accountId: accountId(other) })
    expect(await seen()).toEqual({ state: 'ONLINE' })
  })
})

describe('what members are told of', () => {
  const inbox = async (viewer: Viewer) => {
    const { data } = await chat.ask(
      `{ notifications(unread: true) { nodes { kind actors { handle } subject { id ... on Message { body } ... on Room { title } } } } }`,
      {},
      viewer,
    )
    return data.notifications.nodes
  }

  test('is who names them, once read no more; a deleted message takes its notification along', async () => {
    const [named, quiet] = [
      await server.world.person({ handle: 'named' }),
      await server.world.person({ handle: 'quiet' }),
    ]
    const room = await chat.group(ada, [named, quiet])
    const said = await chat.say(ada, room, 'hello @named and @ada')
    expect(await inbox(named)).toEqual([
      { kind: 'MENTION', actors: [{ handle: 'ada' }], subject: { id: said.id, body: 'hello @named and @ada' } },
    ])
    expect([await inbox(quiet), (await inbox(ada)).filter(({ kind }: { kind: string }) => kind === 'MENTION')]).toEqual(
      [[], []],
    )
    await chat.run('editMessage', ada, { id: said.id, body: 'hello @named and @quiet' })
    expect([(await inbox(named)).length, (await inbox(quiet)).length]).toEqual([1, 1])
    await chat.run('markRoomRead', named, { roomId: room, messageId: said.id })
    expect(await inbox(named)).toEqual([])
    await chat.run('deleteMessage', ada, { id: said.id })
    expect(await inbox(quiet)).toEqual([])
  })

  test('is who writes to them alone, in one entry about the latest, unless they muted the room', async () => {
    const friend = await server.world.person({ handle: 'friend' })
    const { value } = await chat.run('openDirectRoom', ada, { accountId: accountId(friend) })
    for (const body of ['one', 'two', 'three']) await chat.say(ada, value.id, body)
    expect(await inbox(friend)).toMatchObject([{ kind: 'DIRECT_MESSAGE', subject: { body: 'three' } }])
    const { messages } = await chat.room(friend, value.id, 'messages(last: 1) { nodes { id } }')
    await chat.run('markRoomRead', friend, { roomId: value.id, messageId: messages.nodes[0].id })
    await chat.run('muteNotifications', friend, { subjectId: value.id })
    await chat.say(ada, value.id, 'four')
    expect(await inbox(friend)).toEqual([])
  })

  test('is who invites them, with the title of the room, until they answer', async () => {
    const guest = await server.world.person({ handle: 'guest' })
    const room = await chat.group(ada, [], { title: 'A party' })
    const { value } = await chat.run('inviteToRoom', ada, { roomId: room, accountId: accountId(guest) })
    expect(await inbox(guest)).toEqual([
      { kind: 'ROOM_INVITATION', actors: [{ handle: 'ada' }], subject: { id: room, title: 'A party' } },
    ])
    await chat.run('acceptRoomInvitation', guest, { id: value.id })
    expect(await inbox(guest)).toEqual([])
  })
})
