import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import { ROOMS } from '../../src/domain/portability.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { atOnce, call, codes, connect } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const EXPORT = '{ viewer { export } }'

let server: TestServer
let ada: Viewer
let bob: Viewer
let exported: Record<string, never>
const ids: Record<string, string> = {}
beforeAll(async () => {
  server = await startTestServer()
  const { world } = server
  ada = await world.person({ handle: 'ada', bio: 'Writes.' })
  bob = await world.person({ handle: 'bob', bio: 'Secretly a spy.' })
  const staff = await world.person({ handle: 'keeper', role: 'STAFF' })
  await world.tag(staff, 'Zines')
  await world.tag(staff, 'Essays')
  await world.category(staff, 'Letters')
  const terms = { tags: ['zines', 'essays'], categories: ['letters'] }
  const draft = await world.draft(ada, { title: 'Unfinished', body: 'Draft words.', ...terms })
  const post = await world.published(ada, { title: 'Finished', body: 'Final words.' })
  const bobs = await world.published(bob, { title: 'Of Bob', body: 'Bob’s words.' })
  const bobsDraft = await world.draft(bob, { title: 'Hidden', body: 'Bob’s secret draft.' })
  const comment = await world.comment(ada, bobs, 'Nice, Bob.')
  const reply = await world.comment(ada, bobs, 'And thanks.', comment)
  await world.comment(bob, post, 'Bob’s comment.')
  await world.react(ada, bobs)
  await world.react(bob, post)
  const token = await server.tokenOf(ada)
  const write = async (query: string, variables: Record<string, unknown>) => {
    const { data } = await call(server, { query, variables, token })
    expect(Object.values<{ userErrors: unknown[] }>(data)[0]?.userErrors).toEqual([])
  }
  await write('mutation ($id: ID!) { updatePost(input: { id: $id, slug: "the-end" }) { userErrors { code } } }', {
    id: encodeId('post', post),
  })
  await write('mutation ($id: ID!) { followAccount(input: { accountId: $id }) { userErrors { code } } }', {
    id: encodeId('account', bob.accountId),
  })
  await write(
    'mutation ($id: ID!) { report(input: { subjectId: $id, reason: SPAM, note: "Looks odd." }) { userErrors { code } } }',
    { id: encodeId('post', bobs) },
  )
  Object.assign(ids, {
    account: encodeId('account', ada.accountId),
    draft: encodeId('post', draft),
    post: encodeId('post', post),
    comment: encodeId('comment', comment),
    reply: encodeId('comment', reply),
    bobs: encodeId('post', bobs),
    bobsDraft: encodeId('post', bobsDraft),
  })
  const { data } = await call(server, { query: EXPORT, token })
  exported = data.viewer.export
})
afterAll(() => server.close())

describe('an export', () => {
  test('has a part for the account and one for every room, and is complete', () => {
    expect(Object.keys(exported).toSorted()).toEqual(
      ['exportedAt', 'account', 'following', 'sessions', ...ROOMS.map(({ room }) => room)].toSorted(),
    )
    expect(exported.account).toMatchObject({
      id: ids.account,
      handle: 'ada',
      email: 'ada@example.com',
      bio: 'Writes.',
      role: 'MEMBER',
      timeZone: 'UTC',
    })
    expect(exported.following).toEqual([{ handle: 'bob', since: expect.any(String) }])
    expect(exported.sessions).toHaveLength(1)
    expect(exported.posts).toMatchObject([
      {
        id: ids.draft,
        title: 'Unfinished',
        body: 'Draft words.',
        status: 'DRAFT',
        tags: ['essays', 'zines'],
        categories: ['letters'],
        formerSlugs: [],
      },
      {
        id: ids.post,
        title: 'Finished',
        body: 'Final words.',
        status: 'PUBLISHED',
        tags: [],
        formerSlugs: ['finished'],
      },
    ])
    expect(exported.comments).toMatchObject([
      { id: ids.comment, body: 'Nice, Bob.', on: ids.bobs, replyTo: null },
      { id: ids.reply, body: 'And thanks.', on: ids.bobs, replyTo: ids.comment },
    ])
    expect(exported.reactions).toMatchObject([{ on: ids.bobs, kind: 'LIKE' }])
    expect(exported.reports).toMatchObject([{ on: ids.bobs, reason: 'SPAM', note: 'Looks odd.' }])
  })

  test('covers every table that names an account', async () => {
    const rows = await server.running.atrium.deps.db.query<{ name: string }>(
      `select distinct conrelid::regclass::text as name from pg_constraint
       where contype = 'f' and confrelid = 'accounts'::regclass order by 1`,
    )
    // A new table belongs into the export and the deletion first, and then here.
    expect(rows.map(({ name }) => name)).toEqual([
      'account_blocks',
      'bill_members',
      'carts',
      'comments',
      'cooked_meals',
      'devices',
      'exchange_rates',
      'exercises',
      'expense_budgets',
      'expense_categories',
      'expense_changes',
      'expense_preferences',
      'expenses',
      'follows',
      'idempotency_keys',
      'imports',
      'message_mentions',
      'messages',
      'notification_actors',
      'notification_inboxes',
      'notification_mutes',
      'notification_preferences',
      'notifications',
      'orders',
      'planned_meals',
      'poll_ballots',
      'poll_choices',
      'polls',
      'post_imports',
      'post_slugs',
      'posts',
      'price_changes',
      'reactions',
      'recipe_favourites',
      'recipe_slugs',
      'recipes',
      'recurring_expenses',
      'reports',
      'reviews',
      'room_bans',
      'room_events',
      'room_invitations',
      'room_links',
      'room_members',
      'rooms',
      'sessions',
      'shopping_lists',
      'stock_movements',
      'survey_submissions',
      'surveys',
      'tickets',
      'uploads',
      'waitlist_entries',
      'wishes',
      'workout_plans',
      'workout_repeats',
      'workout_settings',
      'workouts',
    ])
  })

  test('has no secret, and nothing of other people that is not public', async () => {
    const text = JSON.stringify(exported)
    const hashes = await server.running.atrium.deps.db.query<{ secret: string }>(
      'select password_hash as secret from accounts union all select hash from refresh_tokens',
    )
    const foreign = ['bob@example.com', 'Bob’s secret draft.', 'Bob’s comment.', 'Secretly a spy.', ids.bobsDraft ?? '']
    for (const secret of [...hashes.map((row) => row.secret), 'passwordHash', ...foreign]) {
      expect(text).not.toContain(secret)
    }
  })

  test('is for nobody else: neither who is not signed in, nor a member of staff, can ask for another’s', async () => {
    expect((await call(server, { query: EXPORT })).data).toEqual({ viewer: null })
    const query = '{ account(handle: "ada") { export } }'
    const staff = await server.tokenOf(await server.world.person({ handle: 'nosy', role: 'ADMIN' }))
    expect(codes(await call(server, { query, token: staff }))).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  })

  test('comes over the socket too, and many at once do not mix people up', async () => {
    const tokens = await Promise.all([ada, bob].map((one) => server.tokenOf(one)))
    const socket = connect(server, { token: tokens[1] ?? null })
    expect((await socket.run(EXPORT)).data.viewer.export.account.handle).toBe('bob')
    await socket.client.dispose()
    const answers = await atOnce(20, (n) => call(server, { query: EXPORT, token: tokens[n % 2] ?? null }))
    expect(answers.map(({ data }) => data.viewer.export.account.handle)).toEqual(
      answers.map((_, n) => (n % 2 === 0 ? 'ada' : 'bob')),
    )
  })
})
