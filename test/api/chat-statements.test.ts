import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import { decodeId, encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ChatClient } from '../support/chat.ts'
import { type Plan, planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Statement, Statements } from '../support/statements.ts'

const MESSAGES = 20_000

const statements = new Statements()
let server: TestServer
let chat: ChatClient
let ada: Viewer
let bob: Viewer
let big: string

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  chat = new ChatClient(server)
  ada = await server.world.person({ handle: 'ada' })
  bob = await server.world.person({ handle: 'bob' })
  const post = encodeId('post', await server.world.published(ada))
  for (let n = 0; n < 50; n++) {
    const room = await chat.group(ada, n % 2 === 0 ? [bob] : [], { title: `Room ${n}` })
    const said = await chat.say(ada, room, `hello @bob ${n}`, { attachments: [{ nodeId: post }] })
    await chat.run('addReaction', ada, { subjectId: said.id, emoji: '🎉' })
  }
  big = await chat.group(ada, [bob], { title: 'The big one' })
  const { db } = server.running.atrium.deps
  const id = decodeId('room', big)
  await db.query(
    `with made as (insert into subjects (id, kind) select gen_random_uuid(), 'MESSAGE' from generate_series(1, ${MESSAGES}) returning id),
      numbered as (select id, row_number() over () + 10 as n from made)
     insert into messages (id, room_id, seq, encryption, author_id, body, body_html)
     select id, $1::text::uuid, n, 'NONE', $2::text::uuid, 'words ' || n, '<p>words</p>' from numbered`,
    [id, ada.accountId],
  )
  await db.query(
    'insert into message_mentions select id, $2::text::uuid, room_id, seq from messages where room_id = $1::text::uuid',
    [id, ada.accountId],
  )
  await db.query('update rooms set event_seq = $2::text::int where id = $1::text::uuid', [id, String(MESSAGES + 10)])
  const replied = await chat.say(bob, big, 'an answer')
  for (let n = 0; n < 49; n++) {
    const body = n % 2 === 0 ? 'hello @bob' : 'hello'
    await chat.say(n % 3 === 0 ? bob : ada, big, body, { replyToId: replied.id, attachments: [{ nodeId: post }] })
  }
  await db.script('vacuum analyze messages')
  await db.script('analyze')
}, 120_000)
afterAll(() => server.close())

async function sentFor(query: string, viewer: Viewer, variables: Record<string, unknown> = {}): Promise<Statement[]> {
  const check = async (): Promise<void> => {
    expect((await chat.ask(query, variables, viewer)).errors).toBeUndefined()
  }
  await check()
  return statements.during(check)
}

const HISTORY = `query ($id: ID!, $n: Int!) { node(id: $id) { ... on Room { messages(last: $n) { nodes {
  body bodyHtml author { handle } replyTo { body author { handle } } mentions { handle } attachments { url node { id } }
  reactionCounts { emoji count } viewerEmoji viewerCanEdit viewerCanDelete room { title } } } } } }`
const SIDEBAR = `query ($n: Int!) { viewer { roomList { unreadCount mentionCount rooms(first: $n) { nodes {
  title memberCount viewerUnreadCount viewerMentionCount viewerMutesNotifications viewerPeer { handle }
  viewerMembership { role lastReadSeq } lastMessage { body author { handle } } subject { id } } } } } }`

describe('statements', () => {
  test('of fifty messages with all that they show are as many as of five', async () => {
    const few = await sentFor(HISTORY, bob, { id: big, n: 5 })
    const many = await sentFor(HISTORY, bob, { id: big, n: 50 })
    expect(many.length).toBe(few.length)
    expect(many.length).toBeLessThanOrEqual(16)
  })

  test('of fifty rooms with all that a sidebar shows are as many as of five', async () => {
    const few = await sentFor(SIDEBAR, ada, { n: 5 })
    const many = await sentFor(SIDEBAR, ada, { n: 50 })
    expect(many.length).toBe(few.length)
    expect(many.length).toBeLessThanOrEqual(12)
  })

  test('of fifty messages that each show ten rooms on a post are as many as of five', async () => {
    const post = encodeId('post', await server.world.published(ada))
    const rooms: string[] = []
    for (let n = 0; n < 10; n++) rooms.push(await chat.group(ada, [], { title: `On the post ${n}`, subjectId: post }))
    const own = await chat.group(ada, [bob])
    const attachments = rooms.map((nodeId) => ({ nodeId }))
    for (let n = 0; n < 50; n++) await chat.say(ada, own, 'look', { attachments })
    const query = `query ($id: ID!, $n: Int!) { node(id: $id) { ... on Room { messages(last: $n) { nodes {
      attachments { node { id ... on Room { title viewerCanJoin } } } } } } } }`
    const few = await sentFor(query, bob, { id: own, n: 5 })
    const many = await sentFor(query, bob, { id: own, n: 50 })
    expect(many.length).toBe(few.length)
    expect(many.length).toBeLessThanOrEqual(12)
  }, 30_000)

  test('of sending a message to a group are one, for all that has to be written', async () => {
    const SEND =
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } userErrors { code } } }'
    const sent = await sentFor(SEND, ada, { input: { roomId: big, body: 'plain words' } })
    const writing = sent.filter(({ text }) => /insert into|update/.test(text))
    expect(writing).toHaveLength(1)
  })
})

/** How Postgres answers the statement of the operation that reads what `mark` says. */
async function planOf(query: string, variables: Record<string, unknown>, mark: string): Promise<Plan[]> {
  const sent = await sentFor(query, bob, variables)
  const statement = sent.find(({ text }) => text.includes(mark))
  return planOfStatement(server.running.atrium.deps.db, statement)
}

const ofMessages = (plan: Plan[]): Plan[] =>
  plan.filter((node) => node['Relation Name'] === 'messages' || node['Index Name']?.startsWith('messages'))

describe('in a room of 20,000 messages', () => {
  const PAGE = `query ($id: ID!, $after: String, $before: String, $first: Int, $last: Int) { node(id: $id) { ... on Room {
    messages(first: $first, last: $last, after: $after, before: $before) { nodes { seq } } } } }`

  test.each([
    ['the newest', { last: 10 }],
    ['in the middle', { last: 10, before: encodeCursor('ROOM', ['10000']) }],
    ['the first', { first: 10 }],
    ['behind a cursor', { first: 10, after: encodeCursor('ROOM', ['15000']) }],
  ])('a page is read off the index, and no other row is touched: %s', async (_, page) => {
    const [scan, ...others] = ofMessages(await planOf(PAGE, { id: big, ...page }, '"messages"'))
    expect(others).toEqual([])
    expect(scan).toMatchObject({ 'Index Name': 'messages_seq', 'Actual Rows': 11 })
    expect(scan?.['Rows Removed by Filter'] ?? 0).toBe(0)
  })

  test('what is unread is counted in an index, and no further than a thousand', async () => {
    const plan = await planOf(
      'query ($id: ID!) { node(id: $id) { ... on Room { viewerUnreadCount } } }',
      { id: big },
      '"unread"',
    )
    const [scan, ...others] = ofMessages(plan)
    expect(others).toEqual([])
    expect(scan).toMatchObject({ 'Node Type': 'Index Only Scan', 'Index Name': 'messages_unread' })
    expect(scan?.['Actual Rows']).toBeLessThanOrEqual(1_000)
    expect(plan.map((node) => node['Index Name'])).toContain('message_mentions_unread')
    const { viewerUnreadCount } = await chat.room(bob, big, 'viewerUnreadCount')
    expect(viewerUnreadCount).toBe(1_000)
  })

  test('a search reads what matches', async () => {
    const plan = ofMessages(await planOf('{ searchMessages(text: "17777") { nodes { body } } }', {}, 'ts_rank'))
    expect(plan.map((node) => node['Index Name'])).toContain('messages_search')
    expect(Math.max(...plan.map((node) => node['Actual Rows']))).toBeLessThan(100)
  })
})
