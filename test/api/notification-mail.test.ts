import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { followAccount, unfollowAccount } from '../../src/domain/account/follow.ts'
import { archivePost } from '../../src/domain/blog/publication.ts'
import { deleteComment } from '../../src/domain/comment/comment.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { postId } from '../support/conversation.ts'
import { inbox } from '../support/inbox.ts'
import { type ParsedMail, parseMail, untilMailsSent } from '../support/mail.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let box: ReturnType<typeof inbox>
let members = 0
let read = new Set<string>()
beforeAll(async () => {
  server = await startTestServer()
  box = inbox(server)
})
afterAll(() => server.close())

const member = () => server.world.person({ handle: `member-${members++}` })
const deps = () => server.running.atrium.deps
const waiting = async (): Promise<number> =>
  (
    await deps().db.query(
      "select 1 from pgboss.job where name = 'mail.send' and state = 'created' and start_after > now()",
    )
  ).length

/** The mails that were written since the last call; those that wait for the member to look are due now. */
async function newMails(): Promise<ParsedMail[]> {
  await deps().db.query("update pgboss.job set start_after = now() where name = 'mail.send' and state = 'created'")
  await untilMailsSent(server)
  const folder = join(server.dataDirectory, 'mail')
  const names = (await readdir(folder).catch(() => [])).sort()
  const fresh = names.filter((name) => !read.has(name))
  read = new Set(names)
  return Promise.all(fresh.map(async (name) => parseMail(await readFile(join(folder, name), 'utf8'))))
}
const subjects = async () => (await newMails()).map(({ headers }) => headers.subject)

/** Bob's comment on Ada's post names Cleo, who is told by mail if she is away. */
async function mentioned() {
  const [ada, bob, cleo] = [await member(), await member(), await member()]
  await box.prefer(ada, [{ kind: 'COMMENT', email: 'NEVER' }])
  const post = await server.world.published(ada, { title: 'Engines' })
  const comment = await server.world.comment(bob, post, `Look, @${cleo.handle}!`)
  return { ada, bob, cleo, post, comment }
}

describe('a mention is mailed', () => {
  test('after a while, to a member who is not there: who, on what, the words, and where', async () => {
    const { bob, cleo } = await mentioned()
    expect(await waiting()).toBe(1)
    const [mail, ...more] = await newMails()
    expect(more).toEqual([])
    expect(mail?.headers).toMatchObject({
      to: `"${cleo.handle}" <${cleo.handle}@example.com>`,
      subject: `@${bob.handle} mentioned you in a comment on “Engines”`,
    })
    expect(mail?.parts['text/plain']).toContain(`> Look, @${cleo.handle}!`)
    expect(mail?.parts['text/plain']).toMatch(new RegExp(`${server.url}/posts/[\\w-]+/engines#comment_`))
  })

  const CHANGES: [string, (made: Awaited<ReturnType<typeof mentioned>>) => Promise<unknown>][] = [
    ['is online', async ({ cleo }) => deps().presence.active(cleo.accountId)],
    [
      'has read it',
      async ({ cleo }) => {
        const { nodes } = await box.list(cleo)
        await box.read(cleo, { ids: nodes.map(({ id }: { id: string }) => id) })
        // Nobody is online for having read.
        vi.spyOn(deps().presence, 'of').mockResolvedValueOnce(new Map())
      },
    ],
    [
      'wants no such mails any more',
      async ({ cleo }) => {
        await deps().db.query(
          `insert into notification_preferences values ($1::text::uuid, 'COMMENT_MENTION', true, 'NEVER')`,
          [cleo.accountId],
        )
      },
    ],
    ['is named in a comment that was deleted', ({ bob, comment }) => deleteComment(deps(), bob, comment)],
    ['may not see the post any more', ({ ada, post }) => archivePost(deps(), ada, post)],
    [
      'was named by somebody whose account is gone',
      ({ bob }) => deps().db.query('delete from notification_actors where actor_id = $1::text::uuid', [bob.accountId]),
    ],
    [
      'has muted the post',
      ({ cleo, post }) =>
        deps().db.query('insert into notification_mutes values ($1::text::uuid, $2::text::uuid)', [
          cleo.accountId,
          post,
        ]),
    ],
    ['is gone', ({ cleo }) => deps().db.query('delete from accounts where id = $1::text::uuid', [cleo.accountId])],
  ]
  test.each(CHANGES)('not to who %s by then', async (_, change) => {
    await change(await mentioned())
    expect(await newMails()).toEqual([])
    vi.restoreAllMocks()
  })

  test('to who is there at first and away later not: the app has shown it', async () => {
    const { cleo } = await mentioned()
    deps().presence.active(cleo.accountId)
    expect(await newMails()).toEqual([])
    expect((await box.list(cleo)).unread).toBe(1)
  })
})

describe('a mail', () => {
  test('of a comment on one’s post comes at once, also when one is there, unless one wants otherwise', async () => {
    const [ada, bob] = [await member(), await member()]
    deps().presence.active(ada.accountId)
    const post = await server.world.published(ada, { title: 'Engines' })
    await server.world.comment(bob, post)
    expect(await waiting()).toBe(0)
    expect(await subjects()).toEqual([`@${bob.handle} commented on “Engines”`])
    await box.prefer(ada, [{ kind: 'COMMENT', email: 'NEVER' }])
    await server.world.comment(bob, post)
    expect(await newMails()).toEqual([])
    await box.prefer(ada, [{ kind: 'COMMENT', email: 'ALWAYS', inApp: false }])
    await server.world.comment(bob, post, 'Only by mail.')
    expect(await subjects()).toHaveLength(1)
    expect((await box.list(ada)).total).toBe(2)
  })

  test('of a group is one mail, however many join it, and however often one of them leaves and comes back', async () => {
    const ada = await member()
    await box.prefer(ada, [{ kind: 'FOLLOW', email: 'ALWAYS' }])
    const fans: Viewer[] = await Promise.all(Array.from({ length: 5 }, member))
    // So that the mail finds all of them.
    const { db } = deps()
    await db.transaction(async (tx) => {
      const nested = {
        ...deps(),
        db: { ...db, ...tx, transaction: <T>(work: (t: typeof tx) => Promise<T>) => work(tx) },
      }
      for (const fan of fans) await followAccount(nested, fan, ada.accountId)
    })
    expect(await subjects()).toEqual([expect.stringMatching(/^@member-\d+ and 4 others follow you$/)])
    for (const fan of fans) await unfollowAccount(deps(), fan, ada.accountId)
    await followAccount(deps(), fans[0] as Viewer, ada.accountId)
    expect((await box.list(ada)).total).toBe(1)
    expect(await newMails()).toEqual([])
  })
})

describe('the link at the foot of a mail', () => {
  async function linkOf(): Promise<{ ada: Viewer; bob: Viewer; post: string; link: string; mail: ParsedMail }> {
    const [ada, bob] = [await member(), await member()]
    const post = await server.world.published(ada)
    await server.world.comment(bob, post)
    const [mail] = await newMails()
    const link = /^<(http[^>]+)>$/.exec(mail?.headers['list-unsubscribe'] ?? '')?.[1] ?? ''
    return { ada, bob, post, link, mail: mail as ParsedMail }
  }
  const wishOf = async (viewer: Viewer) => (await box.prefer(viewer, [])).preferences[0].email

  test('stands in the header that mail programs know, and in both bodies', async () => {
    const { link, mail } = await linkOf()
    expect(link).toContain(`${server.url}/notifications/unsubscribe?token=`)
    expect(mail.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
    expect(mail.parts['text/plain']).toContain(link)
    expect(mail.parts['text/html']).toContain(link)
  })

  test.each([
    ['a mail program', { 'content-type': 'application/x-www-form-urlencoded' }, 'List-Unsubscribe=One-Click'],
    ['the page’s own button', { 'content-type': 'application/x-www-form-urlencoded' }, ''],
    ['a form of several parts', { 'content-type': 'multipart/form-data; boundary=x' }, '--x\r\n\r\n--x--'],
    ['nothing but the address', {}, undefined],
  ])('ends such mails by a POST of %s, without a sign-in, and others not', async (_, headers, body) => {
    const { ada, bob, post, link } = await linkOf()
    const asked = await fetch(link)
    expect([asked.status, asked.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await asked.text()).toContain('<form method="post">')
    // Scanners open every link: only a POST does it.
    expect(await wishOf(ada)).toBe('ALWAYS')
    const done = await fetch(link, { method: 'POST', headers, ...(body === undefined ? {} : { body }) })
    expect(done.status).toBe(200)
    expect(await wishOf(ada)).toBe('NEVER')
    expect(await wishOf(bob)).toBe('ALWAYS')
    await server.world.comment(bob, post)
    expect(await newMails()).toEqual([])
    expect((await box.list(ada)).total).toBe(2)
    expect((await fetch(link, { method: 'POST' })).status).toBe(200)
  })

  test('is no way to do anything else: no other kind or account, and no token of a session', async () => {
    const { ada, link } = await linkOf()
    const session = await box.as(ada)
    const token = new URL(link).searchParams.get('token') ?? ''
    const [head = '', , signature = ''] = token.split('.')
    const forged = [head, Buffer.from('{"kind":"FOLLOW"}').toString('base64url'), signature].join('.')
    const address = `${server.url}/notifications/unsubscribe`
    for (const query of [
      '',
      '?token=',
      '?token=nonsense',
      `?token=${session}`,
      `?token=${forged}`,
      `?token=${token}&token=${token}`,
    ]) {
      for (const method of ['GET', 'POST']) {
        expect([query, (await fetch(address + query, { method })).status]).toEqual([query, 404])
      }
    }
    expect(await wishOf(ada)).toBe('ALWAYS')
    const { errors } = await server.ask('{ viewer { email } }', {}, token)
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })

  test('of an account that is gone does nothing', async () => {
    const { ada, link } = await linkOf()
    await deps().db.query('delete from posts where author_id = $1::text::uuid', [ada.accountId])
    await deps().db.query('delete from accounts where id = $1::text::uuid', [ada.accountId])
    expect((await fetch(link, { method: 'POST' })).status).toBe(200)
  })
})

test('a muted post mails nothing', async () => {
  const [ada, bob] = [await member(), await member()]
  const post = await server.world.published(ada)
  await box.mute(ada, postId(post))
  await server.world.comment(bob, post)
  expect(await newMails()).toEqual([])
})
