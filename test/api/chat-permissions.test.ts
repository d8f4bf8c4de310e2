import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { accountId, ChatClient, type ChatMutation } from '../support/chat.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const WHO = ['nobody', 'outsider', 'invited', 'banned', 'staff', 'member', 'author', 'moderator', 'owner'] as const
type Who = (typeof WHO)[number]

let server: TestServer
let chat: ChatClient
const people = new Map<Who, Viewer | null>([['nobody', null]])
let another: Viewer
let newcomers = 0

beforeAll(async () => {
  server = await startTestServer()
  chat = new ChatClient(server)
  for (const who of WHO.slice(1)) {
    people.set(who, await server.world.person({ handle: who, role: who === 'staff' ? 'STAFF' : 'MEMBER' }))
  }
  another = await server.world.person({ handle: 'another' })
}, 60_000)
afterAll(() => server.close())

const person = (who: Who): Viewer => people.get(who) as Viewer

/** A room in which everybody of the table has their place, with a message of the author. */
async function scene() {
  const room = await chat.group(person('owner'), [person('moderator'), person('member'), person('author'), another])
  await chat.run('setRoomRole', person('owner'), {
    roomId: room,
    accountId: accountId(person('moderator')),
    role: 'MODERATOR',
  })
  const invitation = await chat.run('inviteToRoom', person('owner'), {
    roomId: room,
    accountId: accountId(person('invited')),
  })
  await chat.run('removeRoomMember', person('owner'), {
    roomId: room,
    accountId: accountId(person('banned')),
    ban: true,
  })
  const link = await chat.run('createRoomLink', person('owner'), { roomId: room })
  const message = await chat.say(person('author'), room, 'the message of the author')
  const { members } = await chat.room(person('owner'), room, 'members { nodes { id account { handle } } }')
  const member = members.nodes.find((each: { account: { handle: string } }) => each.account.handle === 'another').id
  return { room, message: message.id as string, invitation: invitation.value.id, link: link.value.id, member }
}
type Scene = Awaited<ReturnType<typeof scene>>

const newcomer = () => server.world.person({ handle: `newcomer-${newcomers++}` })

const U = 'UNAUTHENTICATED'
const N = 'NOT_FOUND'
const F = 'FORBIDDEN'
const D = 'done'
const ACTIONS: Record<string, [ChatMutation, (scene: Scene) => object | Promise<object>, string[]]> = {
  //                                                                    nobody outsider invited banned staff member author moderator owner
  send: ['sendMessage', ({ room }) => ({ roomId: room, body: 'x' }), [U, N, N, N, N, D, D, D, D]],
  edit: ['editMessage', ({ message }) => ({ id: message, body: 'x' }), [U, N, N, N, N, F, D, F, F]],
  delete: ['deleteMessage', ({ message }) => ({ id: message }), [U, N, N, N, N, F, D, D, D]],
  pin: ['pinMessage', ({ message }) => ({ id: message }), [U, N, N, N, N, F, F, D, D]],
  unpin: ['unpinMessage', ({ message }) => ({ id: message }), [U, N, N, N, N, F, F, D, D]],
  react: ['addReaction', ({ message }) => ({ subjectId: message }), [U, N, N, N, N, D, D, D, D]],
  unreact: ['removeReaction', ({ message }) => ({ subjectId: message }), [U, N, N, N, N, D, D, D, D]],
  report: [
    'report',
    ({ message }) => ({ subjectId: message, reason: 'SPAM' }),
    [U, N, N, N, N, D, 'INVALID_INPUT', D, D],
  ],
  'report the room': ['report', ({ room }) => ({ subjectId: room, reason: 'SPAM' }), [U, N, N, N, N, D, D, D, D]],
  read: ['markRoomRead', ({ room, message }) => ({ roomId: room, messageId: message }), [U, N, N, N, N, D, D, D, D]],
  mute: ['muteNotifications', ({ room }) => ({ subjectId: room }), [U, N, N, N, N, D, D, D, D]],
  type: ['setTyping', ({ room }) => ({ roomId: room }), [U, N, N, N, N, D, D, D, D]],
  rename: ['updateRoom', ({ room }) => ({ id: room, title: 'x' }), [U, N, N, N, N, F, F, D, D]],
  end: ['deleteRoom', ({ room }) => ({ roomId: room }), [U, N, N, N, N, F, F, F, D]],
  leave: ['leaveRoom', ({ room }) => ({ roomId: room }), [U, N, N, N, N, D, D, D, D]],
  'walk in': ['joinRoom', ({ room }) => ({ roomId: room }), [U, N, N, N, N, D, D, D, D]],
  invite: [
    'inviteToRoom',
    async ({ room }) => ({ roomId: room, accountId: accountId(await newcomer()) }),
    [U, N, N, N, N, D, D, D, D],
  ],
  accept: ['acceptRoomInvitation', ({ invitation }) => ({ id: invitation }), [U, N, D, N, N, N, N, N, N]],
  'end the invitation': ['endRoomInvitation', ({ invitation }) => ({ id: invitation }), [U, N, D, N, N, F, F, D, D]],
  'make a link': ['createRoomLink', ({ room }) => ({ roomId: room }), [U, N, N, N, N, F, F, D, D]],
  'take a link back': ['deleteRoomLink', ({ link }) => ({ id: link }), [U, N, N, N, N, F, F, D, D]],
  'remove a member': [
    'removeRoomMember',
    ({ room }) => ({ roomId: room, accountId: accountId(another) }),
    [U, N, N, N, N, F, F, D, D],
  ],
  'remove the moderator': [
    'removeRoomMember',
    ({ room }) => ({ roomId: room, accountId: accountId(person('moderator')) }),
    [U, N, N, N, N, F, F, 'INVALID_INPUT', D],
  ],
  'remove the owner': [
    'removeRoomMember',
    ({ room }) => ({ roomId: room, accountId: accountId(person('owner')) }),
    [U, N, N, N, N, F, F, F, 'INVALID_INPUT'],
  ],
  'lift a ban': [
    'liftRoomBan',
    ({ room }) => ({ roomId: room, accountId: accountId(person('banned')) }),
    [U, N, N, N, N, F, F, D, D],
  ],
  promote: [
    'setRoomRole',
    ({ room }) => ({ roomId: room, accountId: accountId(another), role: 'MODERATOR' }),
    [U, N, N, N, N, F, F, F, D],
  ],
  'attach the message elsewhere': [
    'createRoom',
    ({ message }) => ({ title: 'x', subjectId: message }),
    [U, N, N, N, N, 'INVALID_INPUT', 'INVALID_INPUT', 'INVALID_INPUT', 'INVALID_INPUT'],
  ],
  'reply from another room': [
    'sendMessage',
    async ({ message }) => ({ roomId: await chat.group(person('outsider')), body: 'x', replyToId: message }),
    [U, N, N, N, N, N, N, N, N],
  ],
}
/** Who is refused changes nothing, so they share one. */
let untouched: Promise<Scene> | undefined

const ROWS = Object.entries(ACTIONS).flatMap(([action, [, , verdicts]]) =>
  WHO.map((who, n) => ({ action, who, verdict: verdicts[n] ?? '' })),
)

function untouchedScene(): Promise<Scene> {
  untouched ??= scene()
  return untouched
}

describe('who may do what in a group', () => {
  test.each(ROWS)('$action as $who: $verdict', async ({ action, who, verdict }) => {
    const [mutation, inputOf] = ACTIONS[action] as (typeof ACTIONS)[string]
    const input = (await inputOf(verdict === D ? await scene() : await untouchedScene())) as Record<string, unknown>
    expect((await chat.run(mutation, people.get(who) ?? null, input)).outcome).toBe(verdict)
  })
})

describe('what is seen of a room', () => {
  const S = 'seen'
  const SEES: Record<string, [(scene: Scene) => string, string[]]> = {
    //                                              nobody outsider invited banned staff member author moderator owner
    'the room': [({ room }) => `node(id: "${room}") { id }`, [N, N, S, N, N, S, S, S, S]],
    'its title': [
      ({ room }) => `node(id: "${room}") { ... on Room { title memberCount } }`,
      [N, N, S, N, N, S, S, S, S],
    ],
    messages: [
      ({ room }) => `node(id: "${room}") { ... on Room { messages { nodes { body } } } }`,
      [N, N, N, N, N, S, S, S, S],
    ],
    'the last one': [
      ({ room }) => `node(id: "${room}") { ... on Room { lastMessage { body } } }`,
      [N, N, N, N, N, S, S, S, S],
    ],
    pins: [
      ({ room }) => `node(id: "${room}") { ... on Room { pinnedMessages { totalCount } } }`,
      [N, N, N, N, N, S, S, S, S],
    ],
    members: [
      ({ room }) => `node(id: "${room}") { ... on Room { members { nodes { id } } } }`,
      [N, N, N, N, N, S, S, S, S],
    ],
    invitations: [
      ({ room }) => `node(id: "${room}") { ... on Room { invitations { nodes { id } } } }`,
      [N, N, N, N, N, S, S, S, S],
    ],
    'a message': [({ message }) => `node(id: "${message}") { id }`, [N, N, N, N, N, S, S, S, S]],
    'a membership': [({ member }) => `node(id: "${member}") { id }`, [N, N, N, N, N, S, S, S, S]],
    'an invitation': [({ invitation }) => `node(id: "${invitation}") { id }`, [N, N, S, N, N, S, S, S, S]],
    'a link': [({ link }) => `node(id: "${link}") { id }`, [N, N, N, N, N, N, N, S, S]],
    'the search of it': [
      ({ room }) => `searchMessages(text: "author", roomId: "${room}") { totalCount }`,
      [U, N, N, N, N, S, S, S, S],
    ],
  }

  test.each(Object.entries(SEES))('%s', async (_, [queryOf, verdicts]) => {
    const query = `{ seen: ${queryOf(await scene())} }`
    for (const [n, who] of WHO.entries()) {
      const { errors } = await chat.ask(query, {}, people.get(who) ?? null)
      expect([who, errors?.[0]?.extensions.code ?? S]).toEqual([who, verdicts[n]])
    }
  })

  test('`nodes` holds nothing in the place of what is not to be seen, and a search finds nothing of it', async () => {
    const { room, message, member, invitation, link } = await scene()
    const ids = [room, message, member, invitation, link]
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
    for (const who of ['nobody', 'outsider', 'banned', 'staff'] as const) {
      const { data } = await chat.ask(query, { ids }, people.get(who) ?? null)
      expect(data.nodes).toEqual(ids.map(() => null))
      if (who === 'nobody') continue
      const found = await chat.ask('{ searchMessages(text: "author") { totalCount } }', {}, people.get(who) ?? null)
      expect(found.data.searchMessages.totalCount).toBe(0)
    }
  })

  test('links and bans are shown to moderators, and are empty for members', async () => {
    const { room } = await scene()
    const seen = async (who: Who) => {
      const { links, bans } = await chat.room(
        person(who),
        room,
        'links { totalCount nodes { token } } bans { totalCount }',
      )
      return [links.totalCount, links.nodes.length, bans.totalCount]
    }
    expect(await seen('member')).toEqual([0, 0, 0])
    expect(await seen('moderator')).toEqual([1, 1, 1])
    expect(await seen('owner')).toEqual([1, 1, 1])
  })

  test('and `viewerCan…` says what the mutations do', async () => {
    const { room, message } = await scene()
    const can = async (who: Who) => {
      const shown = await chat.room(
        person(who),
        room,
        'viewerCanChange viewerCanPin viewerCanRemoveMembers viewerCanJoin members(first: 20) { nodes { viewerCanRemove account { handle } } }',
      )
      const { data } = await chat.ask(
        `{ node(id: "${message}") { ... on Message { viewerCanEdit viewerCanDelete } } }`,
        {},
        person(who),
      )
      const removable = shown.members.nodes
        .filter((each: { viewerCanRemove: boolean }) => each.viewerCanRemove)
        .map((each: { account: { handle: string } }) => each.account.handle)
      const { viewerCanChange, viewerCanPin, viewerCanRemoveMembers, viewerCanJoin } = shown
      return [
        viewerCanChange,
        viewerCanPin,
        viewerCanRemoveMembers,
        viewerCanJoin,
        ...Object.values(data.node),
        removable,
      ]
    }
    expect(await can('member')).toEqual([false, false, false, false, false, false, []])
    expect(await can('author')).toEqual([false, false, false, false, true, true, []])
    expect(await can('moderator')).toEqual([true, true, true, false, false, true, ['member', 'author', 'another']])
    expect(await can('owner')).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
      ['moderator', 'member', 'author', 'another'],
    ])
  })
})

describe('a message that was reported', () => {
  test('is shown to staff, and nothing around it; they may delete it, which settles the report', async () => {
    const { room, message } = await scene()
    const reply = await chat.say(person('author'), room, 'rude words', {
      replyToId: message,
      attachments: [{ nodeId: message }],
    })
    expect((await chat.run('deleteMessage', person('staff'), { id: reply.id })).outcome).toBe(N)
    await chat.run('report', person('member'), { subjectId: reply.id, reason: 'ABUSE' })
    const reports = async () =>
      (
        await chat.ask(
          `{ openReports(first: 100) { nodes { subject { id ... on Message { body author { handle } room { title } replyTo { body } attachments { node { id } } viewerCanDelete } } } } }`,
          {},
          person('staff'),
        )
      ).data.openReports.nodes.map(({ subject }: { subject: { id: string } }) => subject)
    const shown = (await reports()).find(({ id }: { id: string }) => id === reply.id)
    expect(shown).toEqual({
      id: reply.id,
      body: 'rude words',
      author: { handle: 'author' },
      room: null,
      replyTo: null,
      attachments: [{ node: null }],
      viewerCanDelete: true,
    })
    expect(await chat.room(person('staff'), room, 'title')).toBe(N)
    expect(
      (await chat.ask(`{ node(id: "${reply.id}") { id } }`, {}, person('staff'))).errors?.[0]?.extensions.code,
    ).toBe(N)
    expect((await chat.run('deleteMessage', person('staff'), { id: message })).outcome).toBe(N)
    expect((await chat.run('deleteMessage', person('staff'), { id: reply.id })).value).toMatchObject({ body: null })
    expect((await reports()).filter(({ id }: { id: string }) => id === reply.id)).toEqual([])
  })
})

describe('a message whose report is closed', () => {
  test('is no longer read by staff, whatever its author makes of it', async () => {
    const { room } = await scene()
    const said = await chat.say(person('author'), room, 'harmless')
    await chat.run('report', person('member'), { subjectId: said.id, reason: 'SPAM' })
    const open = await chat.ask(
      '{ openReports(first: 100) { nodes { id subject { id ... on Message { body } } } } }',
      {},
      person('staff'),
    )
    const report = open.data.openReports.nodes.find(
      ({ subject }: { subject: { id: string } | null }) => subject?.id === said.id,
    )
    expect(report.subject.body).toBe('harmless')
    await chat.ask(
      'mutation ($id: ID!) { resolveReport(input: { id: $id }) { report { id } } }',
      {
        id: report.id,
      },
      person('staff'),
    )
    await chat.run('editMessage', person('author'), { id: said.id, body: 'a secret' })
    const { data } = await chat.ask(
      'query ($id: ID!) { node(id: $id) { ... on Report { id subject { id ... on Message { body } } } } }',
      { id: report.id },
      person('staff'),
    )
    expect(data.node).toEqual({ id: report.id, subject: null })
    expect((await chat.run('deleteMessage', person('staff'), { id: said.id })).outcome).toBe(N)
  })
})

describe('a room on a post', () => {
  test('is listed and open for who sees the post, and read by who came in', async () => {
    const owner = person('owner')
    const post = encodeId('post', await server.world.published(owner))
    const room = await chat.group(owner, [], { title: 'About the post', subjectId: post })
    await chat.say(owner, room, 'welcome')
    const list = async (viewer: Viewer | null) => {
      const { data, errors } = await chat.ask(
        'query ($on: ID!) { rooms(on: $on) { totalCount nodes { title memberCount viewerCanJoin subject { id } } } }',
        { on: post },
        viewer,
      )
      return errors?.[0]?.extensions.code ?? data.rooms
    }
    const listed = { title: 'About the post', memberCount: 1, subject: { id: post } }
    expect(await list(null)).toEqual({ totalCount: 1, nodes: [{ ...listed, viewerCanJoin: false }] })
    expect((await list(person('outsider'))).nodes).toEqual([{ ...listed, viewerCanJoin: true }])
    expect(await chat.room(person('outsider'), room, 'messages { nodes { body } }')).toBe(N)
    expect((await chat.run('joinRoom', person('outsider'), { roomId: room })).outcome).toBe(D)
    const { messages } = await chat.room(person('outsider'), room, 'messages { nodes { body } }')
    expect(messages.nodes).toEqual([{ body: 'welcome' }])
    await chat.ask('mutation ($id: ID!) { archivePost(input: { id: $id }) { post { id } } }', { id: post }, owner)
    expect(await list(person('member'))).toBe(N)
    expect(await chat.room(person('member'), room, 'title')).toBe(N)
    expect((await chat.run('joinRoom', person('member'), { roomId: room })).outcome).toBe(N)
    expect(await chat.room(person('outsider'), room, 'title subject { id }')).toEqual({
      title: 'About the post',
      subject: null,
    })
    await chat.ask('mutation ($id: ID!) { deletePost(input: { id: $id }) { deletedId } }', { id: post }, owner)
    expect((await chat.room(person('outsider'), room, 'messages { nodes { body } }')).messages.nodes).toHaveLength(1)
  })

  test('is hung there by its author, and by nobody else', async () => {
    const post = encodeId('post', await server.world.published(person('owner')))
    const draft = encodeId('post', await server.world.draft(person('owner')))
    const hang = async (who: Who, subjectId: string) =>
      (await chat.run('createRoom', person(who), { title: 'x', subjectId })).outcome
    expect([await hang('owner', post), await hang('staff', post)]).toEqual([D, D])
    expect([await hang('member', post), await hang('member', draft)]).toEqual(['INVALID_INPUT', N])
    expect(await hang('owner', await chat.group(person('owner')))).toBe('INVALID_INPUT')
    expect(await hang('owner', 'nonsense')).toBe(N)
  })
})

describe('a poll in a room', () => {
  test('is posted with a message, and is for the members alone', async () => {
    const { room } = await scene()
    const made = await chat.ask(
      `mutation ($on: ID!) { createPoll(input: { subjectId: $on, question: "Tea?", options: [{ label: "Yes" }, { label: "No" }] }) { poll { id } userErrors { code path message } } }`,
      { on: room },
      person('member'),
    )
    const id = made.data?.createPoll?.poll?.id
    expect(made.data?.createPoll?.userErrors ?? made.errors).toEqual([])
    const said = await chat.say(person('member'), room, '', { attachments: [{ nodeId: id }] })
    expect(said.attachments).toEqual([{ url: null, node: { id, __typename: 'Poll' } }])
    const seen = async (who: Who) =>
      (await chat.ask(`{ node(id: "${id}") { id } }`, {}, people.get(who) ?? null)).errors?.[0]?.extensions.code ??
      'seen'
    for (const who of ['member', 'author', 'owner'] as const) expect(await seen(who)).toBe('seen')
    for (const who of ['nobody', 'outsider', 'invited', 'banned', 'staff'] as const) expect(await seen(who)).toBe(N)
  })
})
