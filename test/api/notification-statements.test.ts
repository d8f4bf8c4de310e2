import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import { encodeId } from '../../src/core/ids.ts'
import { followAccount } from '../../src/domain/account/follow.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { inbox } from '../support/inbox.ts'
import { type Plan, planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Statement, Statements } from '../support/statements.ts'

const statements = new Statements()
const ENTRIES = 20_000
let server: TestServer
let box: ReturnType<typeof inbox>
let ada: Viewer
let fans: Viewer[]

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  // The clock would be heard among the statements that are explained.
  await server.running.atrium.queue.stop(1_000)
  box = inbox(server)
  ada = await server.world.person({ handle: 'ada' })
  const bob = await server.world.person({ handle: 'bob' })
  fans = await Promise.all(Array.from({ length: 5 }, (_, n) => server.world.person({ handle: `fan-${n}` })))
  const { deps } = server.running.atrium
  const { db } = deps
  const posts = await Promise.all(Array.from({ length: 5 }, () => server.world.published(ada)))
  // As one who is told of much: notifications of another member lie between hers.
  await db.query(
    `insert into notifications (id, recipient_id, seq, kind, group_key, read_at)
     select gen_random_uuid(), case when n % 2 = 0 then $1::text::uuid else $2::text::uuid end, n,
       (array['FOLLOW', 'REACTION', 'POLL_CLOSED'])[n % 3 + 1]::notification_kind, 'key-' || n,
       case when n % 50 = 0 then null else now() end
     from generate_series(1, ${ENTRIES}) n`,
    [ada.accountId, bob.accountId],
  )
  await db.query('insert into notification_inboxes values ($1::text::uuid, $3), ($2::text::uuid, $3)', [
    ada.accountId,
    bob.accountId,
    ENTRIES,
  ])
  await db.script('analyze')
  for (let n = 0; n < 30; n++) {
    const comment = await server.world.comment(fans[n % 5] as Viewer, posts[n % 5] ?? '', `No. ${n}`)
    if (n % 3 === 0) await server.world.comment(fans[(n + 1) % 5] as Viewer, posts[n % 5] ?? '', 'Yes.', comment)
  }
  for (const fan of fans) {
    for (const post of posts) await server.world.react(fan, post)
    await followAccount(deps, fan, ada.accountId)
    await followAccount(deps, ada, fan.accountId)
  }
}, 60_000)
afterAll(() => server.close())

async function sentFor(query: string, variables: Record<string, unknown> = {}): Promise<Statement[]> {
  const token = await box.as(ada)
  const run = async () => expect((await server.ask(query, variables, token)).errors).toBeUndefined()
  await run()
  return statements.during(run)
}

const LIST = `query ($n: Int!, $kinds: [NotificationKind!]) { notifications(first: $n, kinds: $kinds) { nodes {
  kind actorCount actors { handle presence { state } } readAt
  subject { ... on Post { title by: author { handle } } ... on Comment { body author { handle } subject { id } } } } } }`

describe('a list costs as many statements for fifty notifications as for five', () => {
  test('with who did it, what it is about, and whether they are here', async () => {
    const sent = await sentFor(LIST, { n: 50 })
    // The viewer, notifications, subjects, comments, posts, what the comments are on and its posts, who did it and how
    // many, two ties, and the authors of posts and comments. Posts, authors and their ties are found at two depths.
    expect(sent.length).toBeLessThanOrEqual(15)
    // Few entries have few kinds, and nothing is asked for that none of them has.
    const kinds = ['COMMENT']
    expect(await sentFor(LIST, { n: 40, kinds })).toHaveLength((await sentFor(LIST, { n: 5, kinds })).length)
  })

  test('by their ids', async () => {
    const { nodes } = await box.list(ada, { first: 50 })
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Notification { kind actorCount } } }'
    const ids = nodes.map(({ id }: { id: string }) => id)
    expect((await sentFor(query, { ids })).length).toBe((await sentFor(query, { ids: ids.slice(0, 5) })).length)
  })

  test('and marking fifty as many as marking five', async () => {
    const mutation = `mutation ($ids: [ID!]!) { markNotificationsRead(input: { ids: $ids }) { unreadNotificationCount } }`
    const { nodes } = await box.list(ada, { first: 55 })
    const ids = nodes.map(({ id }: { id: string }) => id)
    const few = await sentFor(mutation, { ids: ids.slice(50) })
    expect((await sentFor(mutation, { ids: ids.slice(0, 50) })).length).toBe(few.length)
  })

  test('telling fifty members of something as many as telling five', async () => {
    const { deps } = server.running.atrium
    const { notify } = await import('../../src/domain/notification/notify.ts')
    const crowd = await Promise.all(Array.from({ length: 50 }, (_, n) => server.world.person({ handle: `crowd-${n}` })))
    const tell = (count: number) =>
      statements.during(() =>
        deps.db.transaction((tx) =>
          notify(deps, tx, {
            kind: 'POLL_CLOSED',
            recipients: crowd.slice(0, count).map(({ accountId }) => accountId),
            actorId: null,
          }),
        ),
      )
    expect((await tell(50)).length).toBe((await tell(5)).length)
  })
})

async function planOf(query: string, variables: Record<string, unknown> = {}): Promise<Plan[]> {
  const sent = await sentFor(query, variables)
  const found = sent.find(({ text }) => text.includes('"notifications"'))
  return planOfStatement(server.running.atrium.deps.db, found)
}

describe('an inbox of ten thousand', () => {
  test.each([
    ['the first page', '{ notifications(first: 10) { nodes { id } } }', {}, 'notifications_seq'],
    [
      'a page far down',
      'query ($after: String) { notifications(first: 10, after: $after) { nodes { id } } }',
      { after: encodeCursor('NEWEST', ['5000']) },
      'notifications_seq',
    ],
    ['the unread ones', '{ notifications(first: 10, unread: true) { nodes { id } } }', {}, 'notifications_unread'],
  ])('is read off its index and touches no other row: %s', async (_, query, variables, index) => {
    const plan = await planOf(query, variables)
    const scan = plan.find((node) => node['Index Name'] !== undefined)
    expect(scan).toMatchObject({ 'Index Name': index, 'Actual Rows': 11 })
    expect(scan?.['Rows Removed by Filter'] ?? 0).toBe(0)
    expect(plan.map((node) => node['Node Type'])).not.toContain('Sort')
  })

  test('and what is unread is counted off its index', async () => {
    const plan = await planOf('{ viewer { unreadNotificationCount } }')
    expect(plan.map((node) => node['Index Name'])).toContain('notifications_unread')
    expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan')
  })

  test('is no place to look for what is not one’s own', async () => {
    const [foreign] = await server.running.atrium.deps.db.query<{ id: string }>(
      'select id from notifications where recipient_id <> $1::text::uuid limit 1',
      [ada.accountId],
    )
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
    const { data } = await server.ask(query, { ids: [encodeId('notification', foreign?.id ?? '')] }, await box.as(ada))
    expect(data.nodes).toEqual([null])
  })
})
