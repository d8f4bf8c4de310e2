import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { accountId, ChatClient } from '../support/chat.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let chat: ChatClient
let ada: Viewer
let bob: Viewer
let cleo: Viewer
let room: string

beforeAll(async () => {
  server = await startTestServer()
  chat = new ChatClient(server)
  ada = await server.world.person({ handle: 'ada' })
  bob = await server.world.person({ handle: 'bob' })
  cleo = await server.world.person({ handle: 'cleo' })
  room = await chat.group(ada, [bob])
}, 60_000)
afterAll(() => server.close())

type Said = Awaited<ReturnType<ChatClient['say']>>

const handles = (people: { handle: string }[]): string[] => people.map(({ handle }) => handle).sort()
const atOnce = <T>(count: number, run: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => run(n)))

describe('editing', () => {
  test('is over after fifteen minutes, and the refusal says since when', async () => {
    const { db } = server.running.atrium.deps
    const message = await chat.say(bob, room, 'first')
    const age = async (minutes: string) =>
      db.query<{ endedAt: string }>(
        `update messages set created_at = clock_timestamp() - $2::text::interval where seq = $1::text::int
         returning to_char((created_at + interval '15 minutes') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "endedAt"`,
        [String(message.seq), minutes],
      )
    await age('14 minutes 30 seconds')
    const edited = await chat.run('editMessage', bob, { id: message.id, body: 'second' })
    expect(edited.value).toMatchObject({ body: 'second', editedAt: expect.any(String) })
    const [row] = await age('15 minutes')
    const late = await chat.run('editMessage', bob, { id: message.id, body: 'third' })
    expect(late.userErrors).toMatchObject([
      { __typename: 'EditWindowOver', code: 'EDIT_WINDOW_OVER', path: ['input', 'id'], endedAt: row?.endedAt },
    ])
    const seen = await chat.ask(
      'query ($id: ID!) { node(id: $id) { ... on Message { body viewerCanEdit viewerCanDelete } } }',
      {
        id: message.id,
      },
      bob,
    )
    expect(seen.data.node).toEqual({ body: 'second', viewerCanEdit: false, viewerCanDelete: true })
  })

  test.each([
    ['', 'INVALID_INPUT'],
    ['x'.repeat(4_001), 'INVALID_INPUT'],
  ])('to %j is refused', async (body, code) => {
    const { id } = await chat.say(bob, room, 'first')
    expect((await chat.run('editMessage', bob, { id, body })).outcome).toBe(code)
  })

  test('and deleting a deleted message is refused; its place is empty', async () => {
    const { id } = await chat.say(bob, room, 'said @ada', { attachments: [{ url: 'https://example.com/' }] })
    await chat.run('pinMessage', ada, { id })
    expect((await chat.run('deleteMessage', bob, { id })).value).toMatchObject({
      body: null,
      mentions: [],
      attachments: [],
      pinnedAt: null,
      deletedAt: expect.any(String),
    })
    for (const mutation of ['editMessage', 'deleteMessage', 'pinMessage'] as const) {
      const input = mutation === 'editMessage' ? { id, body: 'again' } : { id }
      expect((await chat.run(mutation, mutation === 'pinMessage' ? ada : bob, input)).outcome).toBe('INVALID_INPUT')
    }
    expect((await chat.run('addReaction', ada, { subjectId: id })).outcome).toBe('INVALID_INPUT')
    const [left] = await server.running.atrium.deps.db.query<{ text: string }>(
      'select messages::text as text from messages where deleted_at is not null and pinned_at is null and body is null limit 1',
    )
    expect(left?.text).not.toContain('said')
  })
})

describe('mentions', () => {
  test.each([
    ['hello @ada', ['ada']],
    ['@ADA and @bob, twice @ada!', ['ada', 'bob']],
    ['(@bob)', ['bob']],
    ['**@bob**', ['bob']],
    ['`@ada` is code, and so is\n\n```\n@bob\n```', []],
    ['write to me@ada or https://example.com/@bob', []],
    ['@nobody-here and @cleo, who is not in this room', []],
  ])('in %j are %j', async (body, named) => {
    expect(handles((await chat.say(bob, room, body)).mentions)).toEqual(named)
  })

  test('follow an edit', async () => {
    const { id } = await chat.say(bob, room, 'hello @ada')
    expect(handles((await chat.run('editMessage', bob, { id, body: 'hello @bob' })).value.mentions)).toEqual(['bob'])
    expect((await chat.run('editMessage', bob, { id, body: 'hello' })).value.mentions).toEqual([])
  })
})

describe('what is unread', () => {
  const counts = (viewer: Viewer, of: string) => chat.room(viewer, of, 'viewerUnreadCount viewerMentionCount')

  test('is what others said behind the marker, without what was deleted; and the marker never goes back', async () => {
    const fresh = await chat.group(ada, [bob])
    const said: Said[] = []
    for (let n = 0; n < 6; n++) said.push(await chat.say(ada, fresh, n === 4 ? 'hey @bob' : `${n}`))
    await chat.say(bob, fresh, 'mine')
    expect(await counts(bob, fresh)).toEqual({ viewerUnreadCount: 6, viewerMentionCount: 1 })
    await chat.run('deleteMessage', ada, { id: said[0]?.id })
    expect(await counts(bob, fresh)).toEqual({ viewerUnreadCount: 5, viewerMentionCount: 1 })
    const read = (n: number) => chat.run('markRoomRead', bob, { roomId: fresh, messageId: said[n]?.id })
    expect((await read(2)).value).toMatchObject({ viewerUnreadCount: 3, viewerMentionCount: 1 })
    expect((await read(5)).value).toMatchObject({ viewerUnreadCount: 0, viewerMentionCount: 0 })
    expect((await read(1)).value.viewerMembership.lastReadSeq).toBe(said[5]?.seq)
    expect(await counts(ada, fresh)).toEqual({ viewerUnreadCount: 1, viewerMentionCount: 0 })
  })

  test('ends at the furthest of twenty devices that read at the same moment', async () => {
    const fresh = await chat.group(ada, [bob])
    const said = await atOnce(20, (n) => chat.say(ada, fresh, `${n}`))
    const shuffled = said.map((message, n) => ({ message, rank: (n * 7) % 20 })).sort((a, b) => a.rank - b.rank)
    await Promise.all(
      shuffled.map(({ message }) => chat.run('markRoomRead', bob, { roomId: fresh, messageId: message.id })),
    )
    const { viewerMembership } = await chat.room(bob, fresh, 'viewerMembership { lastReadSeq }')
    expect(viewerMembership.lastReadSeq).toBe(Math.max(...said.map(({ seq }) => seq)))
  })

  test('is added up over the rooms that are not muted; mentions over all', async () => {
    const reader = await server.world.person({ handle: 'reader' })
    const rooms = [await chat.group(ada, [reader]), await chat.group(ada, [reader])]
    for (const each of rooms) {
      await chat.say(ada, each, 'one')
      await chat.say(ada, each, 'two @reader')
    }
    const total = async () =>
      (await chat.ask('{ viewer { roomList { unreadCount mentionCount } } }', {}, reader)).data.viewer.roomList
    expect(await total()).toEqual({ unreadCount: 4, mentionCount: 2 })
    expect((await chat.run('muteNotifications', reader, { subjectId: rooms[0] })).value.viewerMutesNotifications).toBe(
      true,
    )
    expect(await total()).toEqual({ unreadCount: 2, mentionCount: 2 })
    await chat.run('unmuteNotifications', reader, { subjectId: rooms[0] })
    expect(await total()).toEqual({ unreadCount: 4, mentionCount: 2 })
  })

  test('is not read by a message of another room', async () => {
    const [one, other] = [await chat.group(ada, [bob]), await chat.group(ada, [bob])]
    const foreign = await chat.say(ada, other, 'there')
    expect((await chat.run('markRoomRead', bob, { roomId: one, messageId: foreign.id })).outcome).toBe('NOT_FOUND')
  })
})

describe('history', () => {
  test('is read backward from the newest, forward from a cursor, and around a message', async () => {
    const fresh = await chat.group(ada)
    const said: Said[] = []
    for (let n = 0; n < 12; n++) said.push(await chat.say(ada, fresh, `${n}`))
    const page = async (args: string) => {
      const { messages } = await chat.room(
        ada,
        fresh,
        `messages(${args}) { nodes { body } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`,
      )
      return { ...messages.pageInfo, said: messages.nodes.map(({ body }: { body: string }) => body).join(' ') }
    }
    const newest = await page('last: 4')
    expect(newest).toMatchObject({ said: '8 9 10 11', hasNextPage: false, hasPreviousPage: true })
    expect(await page(`last: 4, before: "${newest.startCursor}"`)).toMatchObject({ said: '4 5 6 7', hasNextPage: true })
    expect(await page(`first: 3, after: "${said[1]?.streamCursor}"`)).toMatchObject({ said: '2 3 4' })
    const around = await page(`first: 5, around: "${said[6]?.id}"`)
    expect(around).toMatchObject({ said: '4 5 6 7 8', hasNextPage: true, hasPreviousPage: true })
    expect(await page(`last: 2, before: "${around.startCursor}"`)).toMatchObject({ said: '2 3' })
    expect(await page(`first: 2, after: "${around.endCursor}"`)).toMatchObject({ said: '9 10' })
    expect(await page(`first: 6, around: "${said[0]?.id}"`)).toMatchObject({ said: '0 1 2 3', hasPreviousPage: false })
    expect(await page(`first: 6, around: "${said[11]?.id}"`)).toMatchObject({ said: '9 10 11', hasNextPage: false })
    expect(await page(`first: 1, around: "${said[3]?.id}"`)).toMatchObject({ said: '3', hasNextPage: true })
    expect(await page(`first: 1, around: "${said[11]?.id}"`)).toMatchObject({ said: '11', hasNextPage: false })
    expect(await chat.room(ada, room, `messages(first: 5, around: "${said[0]?.id}") { nodes { body } }`)).toBe(
      'NOT_FOUND',
    )
  })

  test.each(['nonsense', '', 'WyJST09NIiwieCJd', 'WyJST09NIiwiOTk5OTk5OTk5OTk5Il0'])(
    'is not read behind %j, which is no cursor',
    async (after) => {
      expect(await chat.room(ada, room, `messages(first: 5, after: "${after}") { nodes { body } }`)).toBe(
        'BAD_USER_INPUT',
      )
    },
  )
})

describe('searching', () => {
  const search = async (viewer: Viewer | null, text: string, inRoom: string | null = null) => {
    const { data, errors } = await chat.ask(
      'query ($text: String!, $roomId: ID) { searchMessages(text: $text, roomId: $roomId) { totalCount edges { highlight node { body } } } }',
      { text, roomId: inRoom },
      viewer,
    )
    return errors?.[0]?.extensions.code ?? data.searchMessages
  }

  test('finds in the viewer’s rooms what was said and is still there, the best first, with the words marked', async () => {
    const [one, other] = [await chat.group(ada, [bob]), await chat.group(ada, [bob, cleo])]
    await chat.say(ada, one, 'pangolin & pots, pans > people, and whoever else was in the kitchen at that hour')
    await chat.say(ada, other, 'pangolin, pangolins and nothing but pangolins')
    const gone = await chat.say(ada, other, 'no pangolin at all')
    await chat.run('deleteMessage', ada, { id: gone.id })
    const found = await search(bob, 'pangolins')
    expect(found.totalCount).toBe(2)
    expect(found.edges[0].node.body).toMatch(/nothing but/)
    expect(found.edges[1].highlight).toMatch(/^<mark>pangolin<\/mark> &amp; pots, pans &gt; people/)
    expect((await search(cleo, 'pangolins')).totalCount).toBe(1)
    expect((await search(bob, 'pangolins', one)).totalCount).toBe(1)
    expect(await search(cleo, 'pangolins', one)).toBe('NOT_FOUND')
    expect(await search(null, 'pangolins')).toBe('UNAUTHENTICATED')
    await chat.run('leaveRoom', bob, { roomId: other })
    expect((await search(bob, 'pangolins')).totalCount).toBe(1)
  })

  test.each(['', '   ', '"', '\u0000', 'the', '-'.repeat(600), '- '.repeat(250), '-"'.repeat(250)])(
    'for %j finds nothing, and fails for nobody',
    async (text) => {
      expect((await search(ada, text)).totalCount).toBe(0)
    },
  )
})

describe('attachments', () => {
  test('are shown to who may see them, and go with what was deleted', async () => {
    const post = encodeId('post', await server.world.published(ada))
    const draft = encodeId('post', await server.world.draft(ada))
    const { attachments } = await chat.say(ada, room, '', {
      attachments: [{ nodeId: post }, { nodeId: draft }, { url: 'https://example.com/a' }],
    })
    expect(attachments.map(({ node, url }: { node: { id: string } | null; url: string }) => node?.id ?? url)).toEqual([
      post,
      draft,
      'https://example.com/a',
    ])
    const seen = async (viewer: Viewer) =>
      (await chat.room(viewer, room, 'lastMessage { attachments { url node { id } } }')).lastMessage.attachments
    expect(await seen(bob)).toEqual([
      { url: null, node: { id: post } },
      { url: null, node: null },
      { url: 'https://example.com/a', node: null },
    ])
    await chat.ask('mutation ($id: ID!) { deletePost(input: { id: $id }) { deletedId } }', { id: post }, ada)
    expect((await seen(bob))[0]).toEqual({ url: null, node: null })
  })

  test.each([
    [
      'a node and an address',
      [{ nodeId: 'post_01jdzzzzzzzzzzzzzzzzzzzzzz', url: 'https://example.com/' }],
      'INVALID_INPUT',
    ],
    ['nothing', [{}], 'INVALID_INPUT'],
    ['an http address', [{ url: 'http://example.com/' }], 'INVALID_INPUT'],
    ['a script', [{ url: 'javascript:alert(1)' }], 'INVALID_INPUT'],
    ['a post that is not there', [{ nodeId: 'post_01jdzzzzzzzzzzzzzzzzzzzzzz' }], 'NOT_FOUND'],
    ['an account', [{ nodeId: 'account_01jdzzzzzzzzzzzzzzzzzzzzzz' }], 'NOT_FOUND'],
    ['nonsense', [{ nodeId: 'nonsense' }], 'NOT_FOUND'],
    ['eleven addresses', Array.from({ length: 11 }, () => ({ url: 'https://example.com/' })), 'LIMIT_EXCEEDED'],
  ])('that are %s are refused', async (_, attachments, code) => {
    const { outcome, userErrors } = await chat.run('sendMessage', ada, { roomId: room, body: 'see', attachments })
    expect(outcome).toBe(code)
    expect(userErrors[0]?.path.slice(0, 2)).toEqual(['input', 'attachments'])
  })

  test('of others’ drafts and of messages in others’ rooms are refused to who cannot see them', async () => {
    const draft = encodeId('post', await server.world.draft(ada))
    const secret = await chat.say(ada, await chat.group(ada), 'secret')
    for (const nodeId of [draft, secret.id]) {
      const { outcome } = await chat.run('sendMessage', bob, { roomId: room, body: 'see', attachments: [{ nodeId }] })
      expect(outcome).toBe('NOT_FOUND')
      expect((await chat.say(ada, room, 'see', { attachments: [{ nodeId }] })).attachments[0].node.id).toBe(nodeId)
      const shown = await chat.room(bob, room, 'lastMessage { attachments { node { id } } }')
      expect(shown.lastMessage.attachments).toEqual([{ node: null }])
    }
  })
})

describe('pins', () => {
  test('are at most fifty, also of many at once, the latest first', async () => {
    const fresh = await chat.group(ada)
    const said = await atOnce(55, (n) => chat.say(ada, fresh, `${n}`))
    const done = await Promise.all(said.map(({ id }) => chat.run('pinMessage', ada, { id })))
    expect(done.filter(({ outcome }) => outcome === 'LIMIT_EXCEEDED')).toHaveLength(5)
    const { pinnedMessages } = await chat.room(
      ada,
      fresh,
      'pinnedMessages(first: 100) { totalCount nodes { id pinnedAt } }',
    )
    expect(pinnedMessages.totalCount).toBe(50)
    const times = pinnedMessages.nodes.map(({ pinnedAt }: { pinnedAt: string }) => pinnedAt)
    expect(times).toEqual([...times].sort().reverse())
    const first = pinnedMessages.nodes[0].id
    expect((await chat.run('pinMessage', ada, { id: first })).outcome).toBe('done')
    expect((await chat.run('unpinMessage', ada, { id: first })).value.pinnedAt).toBeNull()
  }, 30_000)
})

describe('reacting to a message', () => {
  test('with any emoji counts each once, and a thumb is a like', async () => {
    const { id } = await chat.say(ada, room, 'look')
    await atOnce(10, () => chat.run('addReaction', bob, { subjectId: id, emoji: '🎉' }))
    await chat.run('addReaction', ada, { subjectId: id, emoji: '🎉' })
    await chat.run('addReaction', ada, { subjectId: id, kind: 'LIKE' })
    const { value } = await chat.run('addReaction', ada, { subjectId: id, emoji: '👍' })
    expect(value).toEqual({
      id,
      reactionCounts: [
        { kind: 'EMOJI', emoji: '🎉', count: 2 },
        { kind: 'LIKE', emoji: '👍', count: 1 },
      ],
      viewerEmoji: ['👍', '🎉'],
      viewerReactions: ['LIKE', 'EMOJI'],
    })
    const taken = await chat.run('removeReaction', ada, { subjectId: id, emoji: '👍' })
    expect(taken.value.viewerEmoji).toEqual(['🎉'])
  })

  test.each(['', 'x', '🎉🎉', 'a🎉', '\u0000', ':tada:'])('with %j is refused: it is not one emoji', async (emoji) => {
    const { id } = await chat.say(ada, room, 'look')
    expect((await chat.run('addReaction', bob, { subjectId: id, emoji })).outcome).toBe('INVALID_INPUT')
  })

  test.each(['👩‍👩‍👧‍👦', '🇮🇹', '👍🏽', '❤️', '1️⃣'])('with %s works', async (emoji) => {
    const { id } = await chat.say(ada, room, 'look')
    const { value } = await chat.run('addReaction', bob, { subjectId: id, emoji })
    expect(value.viewerEmoji).toEqual([emoji])
  })

  test('in more than twenty ways is refused', async () => {
    const { id } = await chat.say(ada, room, 'look')
    const animals = [...'🐀🐁🐂🐃🐄🐅🐆🐇🐈🐉🐊🐋🐌🐍🐎🐏🐐🐑🐒🐓🐔']
    for (const emoji of animals.slice(0, 20)) await chat.run('addReaction', bob, { subjectId: id, emoji })
    const { userErrors } = await chat.run('addReaction', bob, { subjectId: id, emoji: animals[20] })
    expect(userErrors).toMatchObject([{ code: 'LIMIT_EXCEEDED', limit: 20 }])
  })
})

describe('an encrypted room', () => {
  test('takes ciphertexts and nothing else, names who the client names, and is not searched', async () => {
    const sealed = await chat.group(ada, [bob], { encryption: 'END_TO_END' })
    const sent = await chat.run('sendMessage', ada, {
      roomId: sealed,
      ciphertext: 'c2VjcmV0IHBhbmdvbGlu',
      mentionIds: [accountId(bob), accountId(cleo)],
      clientId: 'sealed-1',
    })
    expect(sent.value).toMatchObject({ body: null, ciphertext: 'c2VjcmV0IHBhbmdvbGlu', mentions: [{ handle: 'bob' }] })
    expect(await chat.room(bob, sealed, 'viewerUnreadCount viewerMentionCount')).toEqual({
      viewerUnreadCount: 1,
      viewerMentionCount: 1,
    })
    const edited = await chat.run('editMessage', ada, { id: sent.value.id, ciphertext: 'AAAA' })
    expect(edited.value).toMatchObject({ body: null, ciphertext: 'AAAA', mentions: [] })
    for (const content of [
      { body: 'readable' },
      { ciphertext: 'not base64!' },
      { ciphertext: '' },
      { ciphertext: 'AAA' },
      { ciphertext: 'A'.repeat(65_540) },
      { ciphertext: 'AAAA', attachments: [{ url: 'https://example.com/' }] },
    ]) {
      expect((await chat.run('sendMessage', ada, { roomId: sealed, ...content })).outcome).toBe('INVALID_INPUT')
    }
    expect((await chat.run('editMessage', ada, { id: sent.value.id, body: 'readable' })).outcome).toBe('INVALID_INPUT')
    expect((await chat.run('sendMessage', ada, { roomId: sealed, ciphertext: 'A'.repeat(65_536) })).outcome).toBe(
      'done',
    )
    const gone = await chat.run('deleteMessage', ada, { id: sent.value.id })
    expect(gone.value).toMatchObject({ body: null, ciphertext: null })
  })

  test.each([
    [
      "update messages set body = 'x', body_html = 'x' where ciphertext is not null",
      'messages_readable_by_members_only',
    ],
    ["update rooms set encryption = 'NONE' where encryption = 'END_TO_END'", 'messages_encrypted_as_room'],
  ])('is kept so by the database: %s', async (sql, constraint) => {
    const sealed = await chat.group(ada, [], { encryption: 'END_TO_END' })
    await chat.run('sendMessage', ada, { roomId: sealed, ciphertext: 'AAAA' })
    const { violatedConstraint } = await import('../../src/db/violations.ts')
    const refused = await server.running.atrium.deps.db.query(sql).catch((error: unknown) => violatedConstraint(error))
    expect(refused).toBe(constraint)
  })
})
