import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { accountId, ChatClient, listenToRoom } from '../support/chat.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const PASSWORD = 'a passphrase for this world'

let server: TestServer
let chat: ChatClient
let ada: Viewer
let bob: Viewer
beforeAll(async () => {
  server = await startTestServer()
  chat = new ChatClient(server)
  ada = await server.world.person({ handle: 'ada' })
  bob = await server.world.person({ handle: 'bob' })
}, 60_000)
afterAll(() => server.close())

const erase = (viewer: Viewer) =>
  chat.ask(
    'mutation ($p: String!) { deleteAccount(input: { password: $p }) { deletedId userErrors { code } } }',
    {
      p: PASSWORD,
    },
    viewer,
  )

describe('an export', () => {
  test('has one’s own memberships and messages, and nobody else’s', async () => {
    const room = await chat.group(ada, [bob], { title: 'Export' })
    const said = await chat.say(ada, room, 'of ada')
    await chat.say(bob, room, 'of bob')
    await chat.run('blockAccount', ada, { accountId: accountId(bob) })
    await chat.run('unblockAccount', ada, { accountId: accountId(bob) })
    await chat.run('blockAccount', ada, { accountId: accountId(await server.world.person({ handle: 'rude' })) })
    const { data } = await chat.ask('{ viewer { export } }', {}, ada)
    const { chat: own } = data.viewer.export
    expect(own.memberships).toMatchObject([{ room, title: 'Export', role: 'OWNER' }])
    expect(own.messages).toMatchObject([{ id: said.id, room, body: 'of ada', replyTo: null }])
    expect(own.blocked).toMatchObject([{ handle: 'rude' }])
    expect(JSON.stringify(own)).not.toContain('of bob')
  })
})

describe('the deletion of an account', () => {
  test('leaves empty places without a name, hands its rooms on, and tells those who listen', async () => {
    const leaver = await server.world.person({ handle: 'leaver' })
    const room = await chat.group(leaver, [ada, bob])
    const { value: direct } = await chat.run('openDirectRoom', leaver, { accountId: accountId(bob) })
    const alone = await chat.group(leaver)
    await chat.say(leaver, alone, 'to nobody')
    const said = await chat.say(leaver, room, 'words that go, @bob')
    await chat.say(bob, room, 'an answer', { replyToId: said.id })
    await chat.say(leaver, direct.id, 'secret words')
    await chat.say(bob, direct.id, 'my own')
    const listener = listenToRoom(server, await chat.tokenOf(bob), room, {
      field: 'roomEvents',
      after: (await chat.room(bob, room, 'streamCursor')).streamCursor,
    })
    expect((await erase(leaver)).data.deleteAccount.userErrors).toEqual([])
    await listener.hears(2)
    expect(listener.heard).toMatchObject([
      { kind: 'MEMBER_LEFT', account: null, actor: null },
      { kind: 'ROLE_CHANGED', account: { handle: 'ada' }, actor: null, role: 'OWNER' },
    ])
    await listener.leave()
    const selection =
      'viewerMentionCount memberCount messages { nodes { body author { handle } deletedAt replyTo { body } } }'
    expect(await chat.room(bob, room, selection)).toMatchObject({
      memberCount: 2,
      viewerMentionCount: 0,
      messages: {
        nodes: [
          { body: null, author: null, deletedAt: expect.any(String), replyTo: null },
          { body: 'an answer', author: { handle: 'bob' }, replyTo: { body: null } },
        ],
      },
    })
    expect(await chat.room(bob, direct.id, `${selection} viewerPeer { handle }`)).toMatchObject({
      memberCount: 1,
      viewerPeer: null,
      messages: { nodes: [{ body: null }, { body: 'my own' }] },
    })
    const left = await server.running.atrium.deps.db.query(
      "select 1 from messages where body in ('words that go, @bob', 'secret words', 'to nobody')",
    )
    expect(left).toEqual([])
  })

  test('while the account writes in twenty rooms at once leaves nothing of it that can be read', async () => {
    const writer = await server.world.person({ handle: 'writer' })
    const rooms: string[] = []
    for (let n = 0; n < 20; n++) rooms.push(await chat.group(ada, [writer]))
    const writing = rooms.map((room) => chat.run('sendMessage', writer, { roomId: room, body: 'one last word' }))
    const [erased] = await Promise.all([erase(writer), ...writing])
    expect(erased.data.deleteAccount.userErrors).toEqual([])
    const { db } = server.running.atrium.deps
    expect(await db.query("select 1 from messages where body = 'one last word'")).toEqual([])
    const counts = await db.query(
      'select 1 from rooms r where member_count <> (select count(*) from room_members m where m.room_id = r.id)',
    )
    expect(counts).toEqual([])
  }, 30_000)
})
