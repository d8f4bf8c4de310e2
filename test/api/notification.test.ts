import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import { encodeId } from '../../src/core/ids.ts'
import { followAccount, unfollowAccount } from '../../src/domain/account/follow.ts'
import { archivePost } from '../../src/domain/blog/publication.ts'
import { addComment, deleteComment, editComment, moderateComment } from '../../src/domain/comment/comment.ts'
import { NOTIFICATION_KINDS } from '../../src/domain/notification/kinds.ts'
import { notify } from '../../src/domain/notification/notify.ts'
import { removeReaction } from '../../src/domain/reaction.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { commentId, postId } from '../support/conversation.ts'
import { inbox } from '../support/inbox.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let box: ReturnType<typeof inbox>
let members = 0
beforeAll(async () => {
  server = await startTestServer()
  box = inbox(server)
})
afterAll(() => server.close())

/** A new one each time: every test looks into empty inboxes. */
const member = (role: Viewer['role'] = 'MEMBER') => server.world.person({ handle: `member-${members++}`, role })
const deps = () => server.running.atrium.deps
const kindsOf = async (viewer: Viewer) => (await box.list(viewer)).nodes.map(({ kind }: { kind: string }) => kind)
const onPost = (id: string) => ({ kind: 'POST', id }) as const

describe('who is told of a comment', () => {
  test('the owner of the post, whom it answers, and whom it names: each once, the nearest reason first', async () => {
    const [ada, bob, cleo, dan] = [await member(), await member(), await member(), await member()]
    const post = await server.world.published(ada, { title: 'Engines' })
    const first = await server.world.comment(bob, post, 'First.')
    const text = `To @${bob.handle}, @${ada.handle}, @${dan.handle}, and @${dan.handle} again.`
    const reply = await server.world.comment(cleo, post, text, first)
    expect((await box.list(ada)).nodes).toMatchObject([
      {
        kind: 'COMMENT',
        actors: [{ handle: cleo.handle }],
        actorCount: 1,
        subject: { __typename: 'Comment', id: commentId(reply), body: text },
        readAt: null,
      },
      { kind: 'COMMENT', actors: [{ handle: bob.handle }], subject: { id: commentId(first) } },
    ])
    expect([await kindsOf(bob), await kindsOf(cleo), await kindsOf(dan)]).toEqual([['REPLY'], [], ['COMMENT_MENTION']])
  })

  test('nobody of what they wrote themselves: on their own post, in answer to themselves, with their own name', async () => {
    const ada = await member()
    const post = await server.world.published(ada)
    const first = await server.world.comment(ada, post, `I am @${ada.handle}.`)
    await server.world.comment(ada, post, 'And again.', first)
    await server.world.react(ada, post)
    expect((await box.list(ada)).nodes).toEqual([])
  })

  test('whom an edit names that the comment did not name before, once however often it is edited', async () => {
    const [ada, bob, cleo] = [await member(), await member(), await member()]
    const post = await server.world.published(ada)
    const comment = await server.world.comment(bob, post, 'Nobody.')
    for (const body of [`@${cleo.handle}!`, `Well, @${cleo.handle}.`, 'Nobody.', `@${cleo.handle}?`]) {
      await editComment(deps(), bob, { id: comment, body })
      const { nodes } = await box.list(cleo, { unread: true })
      await box.read(cleo, { ids: nodes.map(({ id }: { id: string }) => id) })
    }
    expect(await kindsOf(cleo)).toEqual(['COMMENT_MENTION'])
  })

  test('nobody of a comment that was refused or rolled back', async () => {
    const [ada, bob] = [await member(), await member()]
    const post = await server.world.published(ada)
    await expect(addComment(deps(), bob, { on: onPost(post), body: '' })).rejects.toThrow()
    await expect(
      deps().db.transaction(async (tx) => {
        const nested = {
          ...deps(),
          db: { ...deps().db, ...tx, transaction: <T>(work: (t: typeof tx) => Promise<T>) => work(tx) },
        }
        await addComment(nested, bob, { on: onPost(post), body: 'Never.' })
        throw new Error('roll back')
      }),
    ).rejects.toThrow('roll back')
    expect((await box.list(ada)).total).toBe(0)
  })

  test('and once of one that is sent again under its key', async () => {
    const [ada, bob] = [await member(), await member()]
    const post = await server.world.published(ada)
    const input = { on: onPost(post), body: 'Once.', idempotencyKey: 'the same key'.replaceAll(' ', '-') }
    await Promise.all(Array.from({ length: 10 }, () => addComment(deps(), bob, input)))
    expect(await kindsOf(ada)).toEqual(['COMMENT'])
  })
})

describe('what happens again while it is unread is one entry', () => {
  test('a hundred reactions at once of a hundred members: one entry, counted exactly', async () => {
    const ada = await member()
    const post = await server.world.published(ada, { title: 'Loved' })
    const fans = await Promise.all(Array.from({ length: 100 }, () => member()))
    await Promise.all(fans.map((fan) => server.world.react(fan, post)))
    const { nodes, unread } = await box.list(ada)
    expect(nodes).toMatchObject([
      { kind: 'REACTION', actorCount: 100, subject: { __typename: 'Post', id: postId(post), title: 'Loved' } },
    ])
    expect(nodes[0].actors).toHaveLength(3)
    expect(unread).toBe(1)
  })

  test('one member who reacts in several ways counts once, and who takes all back is counted no more', async () => {
    const [ada, bob, cleo] = [await member(), await member(), await member()]
    const post = await server.world.published(ada)
    await Promise.all((['LIKE', 'LOVE', 'WOW'] as const).map((kind) => server.world.react(bob, post, kind)))
    await server.world.react(cleo, post)
    expect((await box.list(ada)).nodes).toMatchObject([
      { actorCount: 2, actors: [{ handle: cleo.handle }, { handle: bob.handle }] },
    ])
    for (const kind of ['LIKE', 'LOVE'] as const) await removeReaction(deps(), bob, { on: onPost(post), kind })
    expect((await box.list(ada)).nodes).toMatchObject([{ actorCount: 2 }])
    await removeReaction(deps(), bob, { on: onPost(post), kind: 'WOW' })
    expect((await box.list(ada)).nodes).toMatchObject([{ actorCount: 1, actors: [{ handle: cleo.handle }] }])
    await removeReaction(deps(), cleo, { on: onPost(post), kind: 'LIKE' })
    expect(await box.list(ada)).toMatchObject({ nodes: [], unread: 0 })
  })

  test('after it was read the next one begins a new entry, but nobody is told twice of one member’s reaction', async () => {
    const [ada, bob, cleo] = [await member(), await member(), await member()]
    const post = await server.world.published(ada)
    await server.world.react(bob, post)
    const [first] = (await box.list(ada)).nodes
    await box.read(ada, { ids: [first.id] })
    await removeReaction(deps(), bob, { on: onPost(post), kind: 'LIKE' })
    await server.world.react(bob, post)
    expect((await box.list(ada)).nodes).toMatchObject([{ id: first.id, actorCount: 1 }])
    await server.world.react(cleo, post)
    expect((await box.list(ada)).nodes).toMatchObject([{ actorCount: 1, readAt: null }, { id: first.id }])
  })

  test('reading and reacting at once lose no reaction: each is in an entry, and no two unread ones are of one post', async () => {
    const ada = await member()
    const post = await server.world.published(ada)
    const fans = await Promise.all(Array.from({ length: 60 }, () => member()))
    const reading = (async () => {
      for (let n = 0; n < 15; n++) {
        const { nodes } = await box.list(ada, { unread: true })
        expect(nodes.length).toBeLessThanOrEqual(1)
        await box.read(ada, { ids: nodes.map(({ id }: { id: string }) => id) })
      }
    })()
    await Promise.all([reading, ...fans.map((fan) => server.world.react(fan, post))])
    const { nodes } = await box.list(ada)
    const counted = nodes.reduce((sum: number, { actorCount }: { actorCount: number }) => sum + actorCount, 0)
    expect(counted).toBe(60)
  })

  test('new followers are told of together, and who leaves again is not', async () => {
    const [ada, bob, cleo] = [await member(), await member(), await member()]
    for (const fan of [bob, cleo]) {
      await followAccount(deps(), fan, ada.accountId)
      await followAccount(deps(), fan, ada.accountId)
    }
    expect((await box.list(ada)).nodes).toMatchObject([
      { kind: 'FOLLOW', actorCount: 2, subject: null, actors: [{ handle: cleo.handle }, { handle: bob.handle }] },
    ])
    for (const fan of [bob, cleo]) await unfollowAccount(deps(), fan, ada.accountId)
    expect((await box.list(ada)).nodes).toEqual([])
  })
})

describe('a post is told to the followers of its author', () => {
  const until = (condition: () => Promise<void>) => vi.waitFor(condition, { timeout: 30_000, interval: 50 })

  test('all of them, batch after batch, each once, also when a batch runs again, and nobody else', async () => {
    const [ada, stranger] = [await member(), await member()]
    const { db, jobs } = deps()
    const fans: Viewer[] = await Promise.all(Array.from({ length: 3 }, () => member()))
    await db.query(
      `with made as (
         insert into accounts (id, handle, email, password_hash, name)
         select gen_random_uuid(), 'fan-' || n, 'fan-' || n || '@example.com', 'x', 'Fan' from generate_series(1, 450) n returning id
       ) insert into follows (follower_id, followee_id) select id, $1::text::uuid from made`,
      [ada.accountId],
    )
    for (const fan of fans) await followAccount(deps(), fan, ada.accountId)
    const post = await server.world.published(ada, { title: 'News' })
    const told = async () =>
      (
        await db.query<{ n: number }>(
          `select count(*)::int as n from notifications where kind = 'POST_PUBLISHED' and subject_id = $1::text::uuid`,
          [post],
        )
      )[0]?.n
    await until(async () => expect(await told()).toBe(453))
    const { tellFollowers } = await import('../../src/domain/blog/announcement.ts')
    await jobs.enqueue(db, tellFollowers, { postId: post, authorId: ada.accountId, after: null })
    await until(async () =>
      expect(
        await db.query("select 1 from pgboss.job where name = 'blog.tellFollowers' and state <= 'active'"),
      ).toEqual([]),
    )
    expect(await told()).toBe(453)
    expect((await box.list(fans[0] as Viewer)).nodes).toMatchObject([
      { kind: 'POST_PUBLISHED', actors: [{ handle: ada.handle }], subject: { id: postId(post), title: 'News' } },
    ])
    expect((await box.list(stranger)).nodes).toEqual([])
  }, 60_000)

  test('of an old one that finds its way here nobody is told', async () => {
    const [ada, bob] = [await member(), await member()]
    await followAccount(deps(), bob, ada.accountId)
    const post = await server.world.draft(ada)
    const { publishPost } = await import('../../src/domain/blog/publication.ts')
    const { db } = deps()
    await db.transaction(async (tx) => {
      const nested = {
        ...deps(),
        db: { ...db, ...tx, transaction: <T>(work: (t: typeof tx) => Promise<T>) => work(tx) },
      }
      await publishPost(nested, ada, post)
      await tx.query("update posts set published_at = now() - interval '3 days' where id = $1::text::uuid", [post])
    })
    await until(async () =>
      expect(
        await db.query("select 1 from pgboss.job where name = 'blog.tellFollowers' and state <= 'active'"),
      ).toEqual([]),
    )
    expect(await kindsOf(bob)).toEqual([])
  })

  test('of one that comes back from the archive nobody is told again', async () => {
    const [ada, bob] = [await member(), await member()]
    await followAccount(deps(), bob, ada.accountId)
    const post = await server.world.published(ada)
    await until(async () => expect(await kindsOf(bob)).toEqual(['POST_PUBLISHED']))
    await archivePost(deps(), ada, post)
    const { publishPost } = await import('../../src/domain/blog/publication.ts')
    const before = await deps().db.query("select 1 from pgboss.job where name = 'blog.tellFollowers'")
    await publishPost(deps(), ada, post)
    const after = await deps().db.query("select 1 from pgboss.job where name = 'blog.tellFollowers'")
    expect(after).toHaveLength(before.length)
  })
})

describe('what was taken away', () => {
  test('a withdrawn post, and a comment on it, show neither words nor names, and come back with it', async () => {
    const [ada, bob, cleo] = [await member(), await member(), await member()]
    const post = await server.world.published(ada, { title: 'Fleeting' })
    await server.world.comment(bob, post, `Dear @${cleo.handle}`)
    expect((await box.list(cleo)).nodes).toMatchObject([{ subject: { body: `Dear @${cleo.handle}` } }])
    await archivePost(deps(), ada, post)
    expect((await box.list(cleo)).nodes).toMatchObject([{ kind: 'COMMENT_MENTION', subject: null, actors: [] }])
    expect((await box.list(ada)).nodes).toMatchObject([{ subject: { __typename: 'Comment' } }])
  })

  test.each(['HELD', 'REMOVED'] as const)('a comment that is %s shows nothing to whom it named', async (state) => {
    const [ada, bob, cleo, staff] = [await member(), await member(), await member(), await member('STAFF')]
    const post = await server.world.published(ada)
    const id = await server.world.comment(bob, post, `Rude words, @${cleo.handle}`)
    await moderateComment(deps(), staff, { id, state })
    const text = JSON.stringify(await box.list(cleo))
    expect(text).not.toMatch(/Rude words/)
    expect(text).not.toContain(`"${bob.handle}"`)
    await moderateComment(deps(), staff, { id, state: 'VISIBLE' })
    expect(JSON.stringify(await box.list(cleo))).toMatch(/Rude words/)
  })

  test('a comment that its author deletes takes what was told of it along', async () => {
    const [ada, bob] = [await member(), await member()]
    const post = await server.world.published(ada)
    const id = await server.world.comment(bob, post, 'Regretted.')
    await deleteComment(deps(), bob, id)
    expect(await box.list(ada)).toMatchObject({ nodes: [], unread: 0 })
  })
})

describe('reading', () => {
  const some = async (viewer: Viewer, count: number) => {
    const [ada, post] = [await member(), await server.world.published(viewer)]
    for (let n = 0; n < count; n++) await server.world.comment(ada, post, `No. ${n}`)
    return (await box.list(viewer)).nodes as { id: string; streamCursor: string }[]
  }

  test('by ids or up to a cursor, as often as one likes', async () => {
    const ada = await member()
    const [five, four, three, two, one] = await some(ada, 5)
    expect(await box.read(ada, { ids: [five?.id, five?.id] })).toMatchObject({
      unreadNotificationCount: 4,
      userErrors: [],
    })
    const readAt = (await box.list(ada)).nodes[0].readAt
    expect(await box.read(ada, { ids: [five?.id] })).toMatchObject({ unreadNotificationCount: 4 })
    expect((await box.list(ada)).nodes[0].readAt).toBe(readAt)
    expect(await box.read(ada, { upTo: three?.streamCursor })).toMatchObject({ unreadNotificationCount: 1 })
    const { nodes, unread, total } = await box.list(ada, { unread: true })
    expect([nodes.map(({ id }: { id: string }) => id), unread, total]).toEqual([[four?.id], 1, 1])
    const read = await box.list(ada, { unread: false })
    expect(read.nodes.map(({ id }: { id: string }) => id)).toEqual([five, three, two, one].map((each) => each?.id))
    expect(await box.read(ada, { upTo: five?.streamCursor })).toMatchObject({ unreadNotificationCount: 0 })
    expect(await box.read(ada, { ids: [] })).toMatchObject({ unreadNotificationCount: 0, userErrors: [] })
  })

  test('what somebody else was told of is not found, and then none of the others is marked', async () => {
    const [ada, bob] = [await member(), await member()]
    const [[own], [foreign]] = [await some(ada, 1), await some(bob, 1)]
    const unknown = encodeId('notification', '0193a0f0-0000-7000-8000-000000000000')
    for (const id of [foreign?.id, unknown, 'nonsense\0', encodeId('post', ada.accountId)]) {
      const answer = await box.read(ada, { ids: [own?.id, id] })
      expect(answer.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'ids', '1'] }])
    }
    expect([(await box.list(ada)).unread, (await box.list(bob)).unread]).toEqual([1, 1])
    const node = 'query ($id: ID!) { node(id: $id) { id } }'
    for (const [viewer, code] of [
      [ada, undefined],
      [bob, 'NOT_FOUND'],
      [await member('ADMIN'), 'NOT_FOUND'],
      [null, 'NOT_FOUND'],
    ] as const) {
      const token = viewer === null ? null : await box.as(viewer)
      expect((await server.ask(node, { id: own?.id }, token)).errors?.[0]?.extensions.code).toBe(code)
    }
  })

  test.each([
    ['nothing', {}],
    ['both', { ids: [], upTo: encodeCursor('INBOX', ['1']) }],
    ['a cursor of another list', { upTo: encodeCursor('NEWEST', ['1']) }],
    ['a cursor of no number', { upTo: encodeCursor('INBOX', ['-1']) }],
    ['nonsense', { upTo: 'nonsense\0' }],
  ])('%s is refused', async (_, input) => {
    expect((await box.read(await member(), input)).userErrors).toMatchObject([{ code: 'INVALID_INPUT' }])
  })

  test('lists in pages, newest first, and of the kinds that are asked for', async () => {
    const ada = await member()
    await some(ada, 3)
    await followAccount(deps(), await member(), ada.accountId)
    const first = await box.list(ada, { first: 2 })
    expect(first.nodes.map(({ kind }: { kind: string }) => kind)).toEqual(['FOLLOW', 'COMMENT'])
    const second = await box.list(ada, { first: 2, after: first.pageInfo.endCursor })
    expect([second.nodes.length, second.pageInfo.hasNextPage]).toEqual([2, false])
    expect((await box.list(ada, { kinds: ['FOLLOW', 'REACTION'] })).total).toBe(1)
    expect((await box.list(ada, { kinds: [] })).total).toBe(0)
    expect((await box.list(ada, { first: 1000 })).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

describe('who may', () => {
  const OPERATIONS: [
    string,
    (viewer: Viewer | null) => Promise<{ errors?: { extensions: { code: string } }[] | undefined }>,
  ][] = [
    ['list', (viewer) => box.list(viewer)],
    ['mark', (viewer) => box.read(viewer, { ids: [] })],
    ['choose', (viewer) => box.prefer(viewer, [])],
    ['mute', (viewer) => box.mute(viewer, 'nonsense')],
    ['unmute', (viewer) => box.unmute(viewer, 'nonsense')],
  ]
  test.each(OPERATIONS)('%s: whoever is signed in, and nobody else', async (_, run) => {
    expect((await run(null)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    for (const role of ['MEMBER', 'CHEF', 'STAFF', 'ADMIN'] as const) {
      expect((await run(await member(role))).errors).toBeUndefined()
    }
  })
})

describe('preferences', () => {
  test('have their defaults, change one by one, and are one’s own', async () => {
    const [ada, bob] = [await member(), await member()]
    const before = (await box.prefer(ada, [])).preferences
    expect(before).toHaveLength(NOTIFICATION_KINDS.length)
    expect(before[0]).toEqual({ kind: 'COMMENT', inApp: true, email: 'ALWAYS' })
    await box.prefer(ada, [
      { kind: 'COMMENT', email: 'NEVER' },
      { kind: 'FOLLOW', inApp: false },
    ])
    const { preferences } = await box.prefer(ada, [{ kind: 'COMMENT', inApp: false }])
    expect(preferences.find(({ kind }: { kind: string }) => kind === 'COMMENT')).toMatchObject({
      inApp: false,
      email: 'NEVER',
    })
    expect(preferences.find(({ kind }: { kind: string }) => kind === 'FOLLOW')).toMatchObject({
      inApp: false,
      email: 'NEVER',
    })
    expect((await box.prefer(bob, [])).preferences).toEqual(before)
  })

  test('a kind that is turned off in the app is not entered, and two requests at once both count', async () => {
    const [ada, bob] = [await member(), await member()]
    await Promise.all([
      box.prefer(ada, [
        { kind: 'COMMENT', inApp: false },
        { kind: 'REPLY', inApp: false },
      ]),
      box.prefer(ada, [
        { kind: 'REPLY', email: 'NEVER' },
        { kind: 'COMMENT', email: 'NEVER' },
      ]),
    ])
    const post = await server.world.published(ada)
    await server.world.comment(bob, post)
    expect((await box.list(ada)).total).toBe(0)
    const preferences = (await box.prefer(ada, [])).preferences.slice(0, 2)
    expect(preferences).toEqual([
      { kind: 'COMMENT', inApp: false, email: 'NEVER' },
      { kind: 'REPLY', inApp: false, email: 'NEVER' },
    ])
  })

  test('naming a kind twice is refused, and nothing is changed', async () => {
    const ada = await member()
    const answer = await box.prefer(ada, [
      { kind: 'FOLLOW', inApp: false },
      { kind: 'FOLLOW', inApp: true },
    ])
    expect(answer.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'preferences', '1', 'kind'] }])
    expect((await box.prefer(ada, [])).preferences[7]).toMatchObject({ kind: 'FOLLOW', inApp: true })
  })
})

describe('a muted post', () => {
  test('tells nothing of its comments until it is unmuted', async () => {
    const [ada, bob] = [await member(), await member()]
    const post = await server.world.published(ada)
    for (let n = 0; n < 2; n++) {
      expect(await box.mute(ada, postId(post))).toMatchObject({ subject: { id: postId(post) }, userErrors: [] })
    }
    await server.world.comment(bob, post)
    await server.world.react(bob, post)
    expect((await box.list(ada)).total).toBe(0)
    const muted = 'query ($id: ID!) { node(id: $id) { ... on Post { viewerMutesNotifications } } }'
    const isMuted = async (viewer: Viewer | null) =>
      (await server.ask(muted, { id: postId(post) }, viewer === null ? null : await box.as(viewer))).data.node
    expect([await isMuted(ada), await isMuted(bob), await isMuted(null)]).toEqual([
      { viewerMutesNotifications: true },
      { viewerMutesNotifications: false },
      { viewerMutesNotifications: false },
    ])
    for (let n = 0; n < 2; n++) expect((await box.unmute(ada, postId(post))).userErrors).toEqual([])
    await server.world.comment(bob, post)
    expect(await kindsOf(ada)).toEqual(['COMMENT'])
  })

  test('must be one that the viewer sees; a mute of what is gone out of sight can be taken back', async () => {
    const [ada, bob] = [await member(), await member()]
    const [draft, post] = [await server.world.draft(ada), await server.world.published(ada)]
    for (const id of [postId(draft), encodeId('account', ada.accountId), 'nonsense\0']) {
      expect((await box.mute(bob, id)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
      expect((await box.unmute(bob, id)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    }
    await box.mute(bob, postId(post))
    await archivePost(deps(), ada, post)
    expect(await box.unmute(bob, postId(post))).toMatchObject({ subject: null, userErrors: [] })
  })
})

describe('an account that is deleted', () => {
  test('is told of to nobody any more, and leaves groups to the others', async () => {
    const [ada, bob, gone] = [await member(), await member(), await member()]
    const post = await server.world.published(ada)
    await server.world.react(gone, post)
    await server.world.react(bob, post)
    await followAccount(deps(), gone, ada.accountId)
    await server.world.comment(gone, post, 'Words.')
    expect((await box.list(ada)).total).toBe(3)
    await server.ask(
      'mutation { deleteAccount(input: { password: "a passphrase for this world" }) { deletedId } }',
      {},
      await box.as(gone),
    )
    expect((await box.list(ada)).nodes).toMatchObject([
      { kind: 'REACTION', actorCount: 1, actors: [{ handle: bob.handle }] },
    ])
  })

  test('takes its inbox along; an export has what it was told of, what it chose, and what it muted', async () => {
    const [ada, bob] = [await member(), await member()]
    const post = await server.world.published(ada)
    const comment = await server.world.comment(bob, post, 'Bob’s words.')
    await box.prefer(ada, [{ kind: 'FOLLOW', email: 'ALWAYS' }])
    await box.mute(ada, postId(post))
    const token = await box.as(ada)
    const { data } = await server.ask('{ viewer { export } }', {}, token)
    expect(data.viewer.export.notifications).toEqual({
      received: [{ kind: 'COMMENT', about: commentId(comment), createdAt: expect.any(String), readAt: null }],
      preferences: [{ kind: 'FOLLOW', inApp: true, email: 'ALWAYS' }],
      muted: [{ on: postId(post), since: expect.any(String) }],
    })
    expect(JSON.stringify(data.viewer.export)).not.toContain('Bob’s words')
    await server.ask(
      'mutation { deleteAccount(input: { password: "a passphrase for this world" }) { deletedId } }',
      {},
      token,
    )
    for (const table of ['notifications', 'notification_inboxes', 'notification_preferences', 'notification_mutes']) {
      const column = table === 'notifications' ? 'recipient_id' : 'account_id'
      const left = await deps().db.query(`select 1 from ${table} where ${column} = $1::text::uuid`, [ada.accountId])
      expect([table, left]).toEqual([table, []])
    }
  })

  test('while its friends are told of what it does, and it of what they do, ends in a deletion and in no fault', async () => {
    for (let round = 0; round < 4; round++) {
      const [ada, gone] = [await member(), await member()]
      const friends = await Promise.all(Array.from({ length: 6 }, () => member()))
      const [theirs, own] = [await server.world.published(ada), await server.world.published(gone)]
      const token = await box.as(gone)
      const talking = Promise.allSettled(
        friends.flatMap((friend, n) => [
          server.world.react(friend, own),
          server.world.react(gone, theirs, (['LIKE', 'LOVE', 'WOW', 'SAD', 'LAUGH'] as const)[n % 5]),
          server.world.comment(friend, own, `@${ada.handle}`),
          server.world.comment(gone, theirs, `@${friend.handle}`),
          followAccount(deps(), friend, gone.accountId),
          followAccount(deps(), gone, friend.accountId),
        ]),
      )
      const { data } = await server.ask(
        'mutation { deleteAccount(input: { password: "a passphrase for this world" }) { deletedId userErrors { code } } }',
        {},
        token,
      )
      expect(data.deleteAccount.userErrors).toEqual([])
      await talking
      const left = await deps().db.query(
        `select 1 from notifications n left join notification_actors x on x.notification_id = n.id
         where n.recipient_id = $1::text::uuid or x.actor_id = $1::text::uuid or x.actor_id is null and n.kind = 'FOLLOW'`,
        [gone.accountId],
      )
      expect(left).toEqual([])
    }
  }, 60_000)
})

describe('notify', () => {
  test('of many members in opposite orders at once ends, with every entry in its inbox', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => member()))
    const recipients = people.map(({ accountId }) => accountId)
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        deps().db.transaction((tx) =>
          notify(deps(), tx, {
            kind: 'POLL_CLOSED',
            recipients: n % 2 === 0 ? recipients : recipients.toReversed(),
            actorId: null,
          }),
        ),
      ),
    )
    for (const each of people) {
      const rows = await deps().db.query<{ seq: number }>(
        'select seq from notifications where recipient_id = $1::text::uuid order by seq',
        [each.accountId],
      )
      expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
    }
  })

  test('skips accounts that are gone or go at this moment, and tells the others', async () => {
    const [ada, gone, bob] = [await member(), await member(), await member()]
    await deps().db.transaction(async (deletion) => {
      await deletion.query('delete from accounts where id = $1::text::uuid', [gone.accountId])
      // It would wait for the deletion, which in turn may wait for what this one holds.
      await deps().db.transaction((tx) =>
        notify(deps(), tx, {
          kind: 'FOLLOW',
          recipients: [gone.accountId, null, bob.accountId, '0193a0f0-0000-7000-8000-000000000000'],
          actorId: ada.accountId,
          groupBy: 'followers',
        }),
      )
    })
    expect(await kindsOf(bob)).toEqual(['FOLLOW'])
  })
})
