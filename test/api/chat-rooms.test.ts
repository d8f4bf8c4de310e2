import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { decodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { accountId, ChatClient } from '../support/chat.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let chat: ChatClient
let ada: Viewer
let bob: Viewer
let cleo: Viewer
const crowd: Viewer[] = []

beforeAll(async () => {
  server = await startTestServer()
  chat = new ChatClient(server)
  const person = (handle: string) => server.world.person({ handle })
  ada = await person('ada')
  bob = await person('bob')
  cleo = await person('cleo')
  for (let n = 0; n < 20; n++) crowd.push(await person(`crowd-${n}`))
}, 60_000)
afterAll(() => server.close())

const atOnce = <T>(count: number, run: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => run(n)))
const outcomes = (done: { outcome: string }[]): string[] => done.map(({ outcome }) => outcome).sort()

/** Resolves once a statement waits for a row that another transaction holds. */
const somebodyWaits = () =>
  vi.waitFor(
    async () => {
      const waiting = await server.running.atrium.deps.db.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      )
      if (waiting.length === 0) throw new Error('nobody waits')
    },
    { timeout: 20_000, interval: 10 },
  )

/** Handles with their roles. */
const rolesIn = async (viewer: Viewer, room: string): Promise<Record<string, string>> => {
  const { members } = await chat.room(
    viewer,
    room,
    'memberCount members(first: 100) { nodes { role account { handle } } }',
  )
  return Object.fromEntries(
    members.nodes.map((each: { role: string; account: { handle: string } }) => [each.account.handle, each.role]),
  )
}

describe('a room of two', () => {
  test('is one, however often both open it at the same moment', async () => {
    const opened = await atOnce(40, (n) =>
      chat.run('openDirectRoom', n % 2 === 0 ? ada : bob, { accountId: accountId(n % 2 === 0 ? bob : ada) }),
    )
    expect(new Set(opened.map(({ value }) => value?.id)).size).toBe(1)
    expect(opened.map(({ outcome }) => outcome)).toEqual(opened.map(() => 'done'))
    expect(opened[0]?.value).toMatchObject({ kind: 'DIRECT', encryption: 'NONE', viewerPeer: { handle: 'bob' } })
    expect(opened[1]?.value.viewerPeer).toEqual({ handle: 'ada' })
  })

  test('has one more that is encrypted, and that is one too', async () => {
    const sealed = await atOnce(10, () =>
      chat.run('openDirectRoom', ada, { accountId: accountId(bob), encryption: 'END_TO_END' }),
    )
    const open = await chat.run('openDirectRoom', ada, { accountId: accountId(bob) })
    expect(new Set(sealed.map(({ value }) => value?.id)).size).toBe(1)
    expect(sealed[0]?.value.encryption).toBe('END_TO_END')
    expect(sealed[0]?.value.id).not.toBe(open.value.id)
  })

  test('needs somebody else, who exists', async () => {
    const alone = await chat.run('openDirectRoom', ada, { accountId: accountId(ada) })
    expect(alone.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'accountId'] }])
    const nobody = await chat.run('openDirectRoom', ada, { accountId: 'account_01jdzzzzzzzzzzzzzzzzzzzzzz' })
    expect(nobody.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'accountId'] }])
  })

  test('cannot be left, and nobody else comes in', async () => {
    const { value } = await chat.run('openDirectRoom', ada, { accountId: accountId(bob) })
    expect((await chat.run('leaveRoom', ada, { roomId: value.id })).outcome).toBe('INVALID_INPUT')
    const invited = await chat.run('inviteToRoom', ada, { roomId: value.id, accountId: accountId(cleo) })
    expect(invited.outcome).toBe('FORBIDDEN')
  })

  test('falls silent when one blocks the other, and speaks again when the block is taken back', async () => {
    const { value } = await chat.run('openDirectRoom', cleo, { accountId: accountId(bob) })
    await chat.say(cleo, value.id, 'hello')
    await chat.run('blockAccount', bob, { accountId: accountId(cleo) })
    await chat.run('blockAccount', bob, { accountId: accountId(cleo) })
    for (const who of [bob, cleo]) {
      const { userErrors } = await chat.run('sendMessage', who, { roomId: value.id, body: 'hm' })
      expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'roomId'] }])
    }
    const room = await chat.group(cleo)
    const invited = await chat.run('inviteToRoom', cleo, { roomId: room, accountId: accountId(bob) })
    expect(invited.outcome).toBe('INVALID_INPUT')
    const blocked = await chat.ask('{ viewer { blocked { totalCount nodes { handle } } } }', {}, bob)
    expect(blocked.data.viewer.blocked).toEqual({ totalCount: 1, nodes: [{ handle: 'cleo' }] })
    await chat.run('unblockAccount', bob, { accountId: accountId(cleo) })
    await chat.say(cleo, value.id, 'hello again')
  })

  test('is not opened with who blocked the viewer', async () => {
    const [one, other] = [crowd[0] as Viewer, crowd[1] as Viewer]
    await chat.run('blockAccount', one, { accountId: accountId(other) })
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      expect((await chat.run('openDirectRoom', from, { accountId: accountId(to) })).outcome).toBe('INVALID_INPUT')
    }
    await chat.run('unblockAccount', one, { accountId: accountId(other) })
  })
})

describe('a link', () => {
  test('with one use left lets one of twenty in, who come at once', async () => {
    const room = await chat.group(ada)
    const { value } = await chat.run('createRoomLink', ada, { roomId: room, maxUses: 1 })
    const joined = await atOnce(20, (n) => chat.run('joinRoomByLink', crowd[n] as Viewer, { token: value.token }))
    expect(outcomes(joined)).toEqual([...Array.from({ length: 19 }, () => 'NOT_FOUND'), 'done'])
    expect((await chat.room(ada, room, 'memberCount')).memberCount).toBe(2)
  })

  test('is used up by those who come in, and not by members who follow it', async () => {
    const room = await chat.group(ada)
    const { value } = await chat.run('createRoomLink', ada, { roomId: room, maxUses: 5 })
    await atOnce(10, () => chat.run('joinRoomByLink', bob, { token: value.token }))
    await chat.run('joinRoomByLink', ada, { token: value.token })
    const { links } = await chat.room(ada, room, 'links { nodes { uses maxUses createdBy { handle } } }')
    expect(links.nodes).toEqual([{ uses: 1, maxUses: 5, createdBy: { handle: 'ada' } }])
  })

  test.each([
    ['out of date', "update room_links set expires_at = now() - interval '1 second'"],
    ['taken back', 'delete from room_links'],
  ])('that is %s lets nobody in', async (_, spoil) => {
    const room = await chat.group(ada)
    const { value } = await chat.run('createRoomLink', ada, { roomId: room })
    await server.running.atrium.deps.db.query(`${spoil} where token = $1`, [value.token])
    expect((await chat.run('joinRoomByLink', bob, { token: value.token })).outcome).toBe('NOT_FOUND')
  })

  test.each(['', 'nonsense', '\u0000', 'x'.repeat(32)])('that nobody made lets nobody in: %j', async (token) => {
    expect((await chat.run('joinRoomByLink', bob, { token })).outcome).toBe('NOT_FOUND')
  })

  test.each([{ days: 0 }, { days: 31 }, { maxUses: 0 }, { maxUses: 1_001 }])('is not made with %j', async (input) => {
    const room = await chat.group(ada)
    expect((await chat.run('createRoomLink', ada, { roomId: room, ...input })).outcome).toBe('INVALID_INPUT')
  })
})

describe('an invitation', () => {
  test('waits once, whoever invites at the same moment, and is answered once', async () => {
    const room = await chat.group(ada, [bob])
    const sent = await atOnce(20, (n) =>
      chat.run('inviteToRoom', n % 2 === 0 ? ada : bob, { roomId: room, accountId: accountId(cleo) }),
    )
    expect(outcomes(sent)).toEqual([...Array.from({ length: 19 }, () => 'TAKEN'), 'done'])
    const id = sent.find(({ value }) => value !== null)?.value.id
    const seen = await chat.ask(
      '{ viewer { roomList { invitations { nodes { id room { title memberCount } } } } } }',
      {},
      cleo,
    )
    expect(seen.data.viewer.roomList.invitations.nodes).toContainEqual({
      id,
      room: { title: 'A room', memberCount: 2 },
    })
    const accepted = await atOnce(10, () => chat.run('acceptRoomInvitation', cleo, { id }))
    expect(outcomes(accepted)).toEqual([...Array.from({ length: 9 }, () => 'NOT_FOUND'), 'done'])
    expect((await chat.room(ada, room, 'memberCount')).memberCount).toBe(3)
    const again = await chat.run('inviteToRoom', ada, { roomId: room, accountId: accountId(cleo) })
    expect(again.userErrors).toMatchObject([{ code: 'TAKEN', path: ['input', 'accountId'] }])
  })

  test('that was withdrawn or declined lets nobody in, and can be sent again', async () => {
    const room = await chat.group(ada)
    for (const who of [ada, cleo]) {
      const { value } = await chat.run('inviteToRoom', ada, { roomId: room, accountId: accountId(cleo) })
      expect((await chat.run('endRoomInvitation', bob, { id: value.id })).outcome).toBe('NOT_FOUND')
      expect((await chat.run('acceptRoomInvitation', bob, { id: value.id })).outcome).toBe('NOT_FOUND')
      expect((await chat.run('endRoomInvitation', who, { id: value.id })).outcome).toBe('done')
      expect((await chat.run('acceptRoomInvitation', cleo, { id: value.id })).outcome).toBe('NOT_FOUND')
    }
  })
})

describe('withdrawing an invitation', () => {
  test('does not hold it while it waits for the room: who accepts it holds the room and waits for it', async () => {
    const room = await chat.group(ada)
    const { value } = await chat.run('inviteToRoom', ada, { roomId: room, accountId: accountId(cleo) })
    const { db } = server.running.atrium.deps
    const ending = await db.transaction(async (tx) => {
      await tx.query('select 1 from rooms where id = $1::text::uuid for no key update', [decodeId('room', room)])
      const end = chat.run('endRoomInvitation', ada, { id: value.id })
      await somebodyWaits()
      const id = decodeId('invitation', value.id)
      await tx.query('select 1 from room_invitations where id = $1::text::uuid for update nowait', [id])
      return { end }
    })
    expect((await ending.end).outcome).toBe('done')
  })
})

describe('a group', () => {
  test('whose last two owners leave at the same moment belongs to the oldest moderator', async () => {
    for (let round = 0; round < 5; round++) {
      const room = await chat.group(ada, [bob, cleo, ...crowd.slice(0, 3)])
      await chat.run('setRoomRole', ada, { roomId: room, accountId: accountId(bob), role: 'OWNER' })
      await chat.run('setRoomRole', ada, { roomId: room, accountId: accountId(crowd[1] as Viewer), role: 'MODERATOR' })
      await chat.run('setRoomRole', ada, { roomId: room, accountId: accountId(crowd[2] as Viewer), role: 'MODERATOR' })
      const left = await Promise.all([ada, bob].map((who) => chat.run('leaveRoom', who, { roomId: room })))
      expect(outcomes(left)).toEqual(['done', 'done'])
      expect(await rolesIn(cleo, room)).toEqual({
        cleo: 'MEMBER',
        'crowd-0': 'MEMBER',
        'crowd-1': 'OWNER',
        'crowd-2': 'MODERATOR',
      })
    }
  }, 30_000)

  test('that everybody leaves at once always has an owner, until nobody is left and it is gone', async () => {
    const room = await chat.group(ada, crowd)
    await chat.say(ada, room, 'the last words')
    const leaving = [ada, ...crowd.slice(0, 15)]
    expect(outcomes(await Promise.all(leaving.map((who) => chat.run('leaveRoom', who, { roomId: room }))))).toEqual(
      leaving.map(() => 'done'),
    )
    const left = await rolesIn(crowd[19] as Viewer, room)
    expect(Object.keys(left)).toHaveLength(5)
    expect(Object.values(left).filter((role) => role === 'OWNER')).toHaveLength(1)
    await Promise.all(crowd.slice(15).map((who) => chat.run('leaveRoom', who, { roomId: room })))
    const { db } = server.running.atrium.deps
    const rows = await db.query(
      `select 1 from room_members where room_id not in (select id from rooms)
       union all select 1 from rooms where member_count = 0
       union all select 1 from subjects s where kind = 'MESSAGE' and not exists (select 1 from messages m where m.id = s.id)`,
    )
    expect(rows).toEqual([])
    expect(await chat.room(ada, room, 'title')).toBe('NOT_FOUND')
  }, 30_000)

  test('keeps its last owner: they step back only when there is another', async () => {
    const room = await chat.group(ada, [bob])
    const step = () => chat.run('setRoomRole', ada, { roomId: room, accountId: accountId(ada), role: 'MEMBER' })
    expect((await step()).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'role'] }])
    await chat.run('setRoomRole', ada, { roomId: room, accountId: accountId(bob), role: 'OWNER' })
    expect((await step()).outcome).toBe('done')
    expect(await rolesIn(ada, room)).toEqual({ ada: 'MEMBER', bob: 'OWNER' })
  })

  test('whose two owners demote each other at the same moment keeps one', async () => {
    for (let round = 0; round < 5; round++) {
      const room = await chat.group(ada, [bob])
      await chat.run('setRoomRole', ada, { roomId: room, accountId: accountId(bob), role: 'OWNER' })
      const done = await Promise.all([
        chat.run('setRoomRole', ada, { roomId: room, accountId: accountId(bob), role: 'MEMBER' }),
        chat.run('setRoomRole', bob, { roomId: room, accountId: accountId(ada), role: 'MEMBER' }),
      ])
      expect(outcomes(done)).toEqual(['FORBIDDEN', 'done'])
      expect(Object.values(await rolesIn(ada, room)).sort()).toEqual(['MEMBER', 'OWNER'])
    }
  })

  test('that is full takes nobody more, also of two who come at once', async () => {
    const room = await chat.group(ada)
    const { value } = await chat.run('createRoomLink', ada, { roomId: room })
    await server.running.atrium.deps.db.query(
      'update rooms set member_count = 999 where id = (select room_id from room_links where token = $1)',
      [value.token],
    )
    const joined = await Promise.all([bob, cleo].map((who) => chat.run('joinRoomByLink', who, { token: value.token })))
    expect(outcomes(joined)).toEqual(['LIMIT_EXCEEDED', 'done'])
    expect(joined.flatMap(({ userErrors }) => userErrors)).toMatchObject([{ limit: 1_000 }])
  })

  test('is gone for who left, and whole again for who comes back', async () => {
    const room = await chat.group(ada, [bob])
    await chat.say(ada, room, 'one')
    await chat.run('leaveRoom', bob, { roomId: room })
    expect(await chat.room(bob, room, 'title')).toBe('NOT_FOUND')
    await chat.say(ada, room, 'two')
    await chat.bring(ada, room, bob)
    const back = await chat.room(bob, room, 'viewerUnreadCount messages { nodes { body } }')
    expect(back).toEqual({ viewerUnreadCount: 0, messages: { nodes: [{ body: 'one' }, { body: 'two' }] } })
  })

  test('does not let a banned member back: not invited, not by link, not on their own feet, until the ban is lifted', async () => {
    const post = await server.world.published(ada)
    const { encodeId } = await import('../../src/core/ids.ts')
    const room = await chat.group(ada, [bob], { subjectId: encodeId('post', post) })
    const { value: link } = await chat.run('createRoomLink', ada, { roomId: room })
    const ban = { roomId: room, accountId: accountId(bob), ban: true }
    expect((await chat.run('removeRoomMember', ada, ban)).value.memberCount).toBe(1)
    const tries = async () => [
      (await chat.run('inviteToRoom', ada, { roomId: room, accountId: accountId(bob) })).outcome,
      (await chat.run('joinRoomByLink', bob, { token: link.token })).outcome,
      (await chat.run('joinRoom', bob, { roomId: room })).outcome,
      await chat.room(bob, room, 'title'),
    ]
    expect(await tries()).toEqual(['INVALID_INPUT', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'])
    const { bans } = await chat.room(ada, room, 'bans { nodes { account { handle } bannedBy { handle } } }')
    expect(bans.nodes).toEqual([{ account: { handle: 'bob' }, bannedBy: { handle: 'ada' } }])
    await chat.run('liftRoomBan', ada, { roomId: room, accountId: accountId(bob) })
    expect((await chat.run('joinRoom', bob, { roomId: room })).outcome).toBe('done')
    const { links } = await chat.room(ada, room, 'links { nodes { uses } }')
    expect(links.nodes).toEqual([{ uses: 0 }])
  })
})

describe('a ban', () => {
  test('holds against who is coming in at that moment', async () => {
    const room = await chat.group(ada)
    const { value } = await chat.run('createRoomLink', ada, { roomId: room })
    for (const joiner of crowd) {
      const [, ban] = await Promise.all([
        chat.run('joinRoomByLink', joiner, { token: value.token }),
        chat.run('removeRoomMember', ada, { roomId: room, accountId: accountId(joiner), ban: true }),
      ])
      expect(ban.outcome).toBe('done')
    }
    expect(await rolesIn(ada, room)).toEqual({ ada: 'OWNER' })
  }, 60_000)

  test('of its maker is not undone by making the room once more under the same key', async () => {
    const key = { title: 'Mine at first', idempotencyKey: 'room-key-2' }
    const { value } = await chat.run('createRoom', cleo, key)
    const { value: link } = await chat.run('createRoomLink', cleo, { roomId: value.id })
    await chat.run('joinRoomByLink', bob, { token: link.token })
    await chat.run('setRoomRole', cleo, { roomId: value.id, accountId: accountId(bob), role: 'OWNER' })
    await chat.run('setRoomRole', cleo, { roomId: value.id, accountId: accountId(cleo), role: 'MEMBER' })
    const ban = await chat.run('removeRoomMember', bob, { roomId: value.id, accountId: accountId(cleo), ban: true })
    expect(ban.outcome).toBe('done')
    await chat.run('updateRoom', bob, { roomId: value.id, title: 'Not for Cleo' })
    const again = await chat.run('createRoom', cleo, key)
    expect(again.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'idempotencyKey'] }])
    expect(again.value).toBeNull()
  })

  test('of who made a link hides it also when they make it once more under the same key', async () => {
    const room = await chat.group(ada, [cleo])
    await chat.run('setRoomRole', ada, { roomId: room, accountId: accountId(cleo), role: 'MODERATOR' })
    const link = { roomId: room, idempotencyKey: 'link-key-1' }
    expect((await chat.run('createRoomLink', cleo, link)).outcome).toBe('done')
    await chat.run('removeRoomMember', ada, { roomId: room, accountId: accountId(cleo), ban: true })
    const again = await chat.run('createRoomLink', cleo, link)
    expect(again.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'idempotencyKey'] }])
    expect(again.value).toBeNull()
  })
})

describe('a block', () => {
  test('ends what both do to each other in their room of two, not only what they write', async () => {
    const [one, other] = [crowd[0] as Viewer, crowd[1] as Viewer]
    const { value } = await chat.run('openDirectRoom', one, { accountId: accountId(other) })
    const theirs = await chat.say(other, value.id, 'hello')
    const own = await chat.say(one, value.id, 'hello yourself')
    await chat.run('blockAccount', one, { accountId: accountId(other) })
    const refused = await Promise.all([
      chat.run('sendMessage', other, { roomId: value.id, body: 'still here' }),
      chat.run('editMessage', other, { id: theirs.id, body: 'you cannot stop me @crowd-0' }),
      chat.run('pinMessage', other, { id: theirs.id }),
    ])
    expect(outcomes(refused)).toEqual(['INVALID_INPUT', 'INVALID_INPUT', 'INVALID_INPUT'])
    const reacted = await chat.ask(
      'mutation ($input: ReactionInput!) { addReaction(input: $input) { userErrors { code } } }',
      { input: { subjectId: own.id } },
      other,
    )
    expect(reacted.data.addReaction.userErrors).toEqual([{ code: 'INVALID_INPUT' }])
  })
})

describe('making a room', () => {
  test('twice under one key makes one', async () => {
    const made = await atOnce(10, () => chat.run('createRoom', ada, { title: 'Once', idempotencyKey: 'room-key-1' }))
    expect(new Set(made.map(({ value }) => value?.id)).size).toBe(1)
    const other = await chat.run('createRoom', ada, { title: 'Twice', idempotencyKey: 'room-key-1' })
    expect(other.outcome).toBe('CONFLICT')
  })

  test.each([
    ['no title', { title: ' ' }],
    ['a title of 101 characters', { title: 'x'.repeat(101) }],
    ['a title of two lines', { title: 'a\nb' }],
    ['a description of 1001 characters', { title: 'a', description: 'x'.repeat(1_001) }],
  ])('with %s is refused', async (_, input) => {
    expect((await chat.run('createRoom', ada, input)).outcome).toBe('INVALID_INPUT')
  })
})
