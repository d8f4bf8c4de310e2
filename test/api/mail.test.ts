import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { addComment } from '../../src/domain/comment/comment.ts'
import { conversation, outcome, people, postId } from '../support/conversation.ts'
import { type ParsedMail, parseMail, untilMailsSent } from '../support/mail.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { startSmtpServer, type TestSmtpServer } from '../support/smtp.ts'

const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) { session { account { handle } } userErrors { code } } }`
const newMember = (handle: string) => ({
  input: { handle, email: `${handle}@example.org`, name: `${handle} Øre`, password: 'seventeen green umbrellas' },
})

describe('without a mail server, in the data directory', () => {
  let server: TestServer
  let who: Awaited<ReturnType<typeof people<'ada' | 'bob'>>>
  let read = new Set<string>()
  beforeAll(async () => {
    server = await startTestServer()
    who = await people(server, ['ada', 'bob'])
  })
  afterEach(async () => {
    await newMails()
  })
  afterAll(() => server.close())

  /** The mails that were written since the last call, as a mail program reads them. */
  async function newMails(): Promise<ParsedMail[]> {
    await untilMailsSent(server)
    const folder = join(server.dataDirectory, 'mail')
    const names = (await readdir(folder).catch(() => [])).sort()
    const fresh = names.filter((name) => !read.has(name))
    read = new Set(names)
    return Promise.all(fresh.map(async (name) => parseMail(await readFile(join(folder, name), 'utf8'))))
  }

  test('who signs up is welcomed, by name and with a way in', async () => {
    const { data } = await server.ask(SIGN_UP, newMember('cleo'))
    expect(data.signUp.userErrors).toEqual([])
    const [mail, ...more] = await newMails()
    expect(more).toEqual([])
    expect(mail?.headers).toMatchObject({ subject: 'Welcome to Atrium', to: 'cleo Øre <cleo@example.org>' })
    for (const part of ['text/plain', 'text/html']) {
      expect(mail?.parts[part]).toContain('Hello cleo Øre')
      expect(mail?.parts[part]).toContain(server.url)
    }
  })

  test('a sign-up that is refused sends nothing', async () => {
    const { data } = await server.ask(SIGN_UP, { input: { ...newMember('ada').input, handle: 'ada' } })
    expect(data.signUp.userErrors).toEqual([{ code: 'TAKEN' }])
    expect(await newMails()).toEqual([])
  })

  test('a new comment is told to the author of the post: who, on what, the words, and where', async () => {
    const title = 'Ünïcode & <tags>'
    const post = postId(await server.world.published(who.ada.viewer, { title }))
    const { comment } = await conversation(server).add(who.bob.token, post, 'First line <b>bold</b>\n\nSecond line')
    const [mail, ...more] = await newMails()
    expect(more).toEqual([])
    expect(mail?.headers).toMatchObject({ subject: `@bob commented on “${title}”`, to: 'ada <ada@example.com>' })
    const text = mail?.parts['text/plain'] ?? ''
    expect(text).toContain(`your post “${title}”`)
    expect(text).toContain('> First line <b>bold</b>\n> \n> Second line')
    expect(text).toMatch(new RegExp(`${server.url}/posts/ada/[\\w-]+#${comment.id}`))
    expect(mail?.parts['text/html']).toContain('&lt;b&gt;bold&lt;/b&gt;')
  })

  test('the order for a mail holds ids and nothing that people wrote', async () => {
    const post = postId(await server.world.published(who.ada.viewer, { title: 'Unrepeatable title' }))
    await conversation(server).add(who.bob.token, post, 'unrepeatable words')
    await untilMailsSent(server)
    const rows = await server.running.atrium.deps.db.query<{ job: string }>('select j::text as job from pgboss.job j')
    const jobs = rows.map(({ job }) => job).join()
    expect(jobs).toContain('subjectId')
    expect(jobs).not.toMatch(/unrepeatable|@?bob/i)
  })

  test.each([
    ['deleted', "state = 'DELETED', body = '', body_html = ''"],
    ['held', "state = 'HELD'"],
    ['removed', "state = 'REMOVED'"],
    ['an orphan', 'author_id = null'],
  ])('nobody hears of a comment that is %s before its mail is sent', async (_, change) => {
    const { deps } = server.running.atrium
    const on = await server.world.published(who.ada.viewer)
    await deps.db.transaction(async (tx) => {
      const nested = {
        ...deps,
        db: { ...deps.db, ...tx, transaction: <T>(work: (t: typeof tx) => Promise<T>) => work(tx) },
      }
      const id = await addComment(nested, who.bob.viewer, { on: { kind: 'POST', id: on }, body: 'too late' })
      await tx.query(`update comments set ${change} where id = $1::text::uuid`, [id])
    })
    expect(await newMails()).toEqual([])
  })

  test('a comment on one’s own post, one that was refused and a repeated request send nothing more', async () => {
    const talk = conversation(server)
    const post = postId(await server.world.published(who.ada.viewer))
    expect(outcome(await talk.add(who.ada.token, post, 'my own'))).toBe('done')
    expect(outcome(await talk.add(who.bob.token, post, ''))).toBe('INVALID_INPUT')
    expect(outcome(await talk.add(who.bob.token, post, 'reply', { parentId: 'nonsense' }))).toBe('NOT_FOUND')
    expect(await newMails()).toEqual([])
    const once = { idempotencyKey: 'mail-me-once' }
    await Promise.all(Array.from({ length: 10 }, () => talk.add(who.bob.token, post, 'once', once)))
    expect(await newMails()).toHaveLength(1)
  })

  test('a comment that is rolled back sends nothing', async () => {
    const { deps } = server.running.atrium
    const id = await server.world.published(who.ada.viewer)
    await expect(
      deps.db.transaction(async (tx) => {
        const nested = {
          ...deps,
          db: { ...deps.db, ...tx, transaction: <T>(work: (t: typeof tx) => Promise<T>) => work(tx) },
        }
        await addComment(nested, who.bob.viewer, { on: { kind: 'POST', id }, body: 'never' })
        throw new Error('roll back')
      }),
    ).rejects.toThrow('roll back')
    await pause(300)
    expect(await newMails()).toEqual([])
  })

  test('nobody writes to demo accounts, whose addresses belong to nobody', async () => {
    const demo = await server.world.person({ handle: 'demo', isDemo: true })
    const post = postId(await server.world.published(demo))
    expect(outcome(await conversation(server).add(who.bob.token, post, 'hello?'))).toBe('done')
    expect(await newMails()).toEqual([])
  })

  test('nobody writes to an account that was deleted while its mail waited', async () => {
    const { atrium } = server.running
    const gone = await server.world.person({ handle: 'gone' })
    await atrium.deps.db.transaction(async (tx) => {
      const id = await server.world.published(gone)
      await addComment(
        { ...atrium.deps, db: { ...atrium.deps.db, ...tx, transaction: (work) => work(tx) } },
        who.bob.viewer,
        { on: { kind: 'POST', id }, body: 'too late' },
      )
      // Before the mail's job can start: it becomes visible when this commits.
      const { blogPortability } = await import('../../src/domain/blog/portability.ts')
      await blogPortability.eraseOf(tx, gone.accountId, atrium.deps)
      await tx.query('delete from accounts where id = $1::text::uuid', [gone.accountId])
    })
    expect(await newMails()).toEqual([])
  })
})

describe('with a mail server', () => {
  let smtp: TestSmtpServer
  let server: TestServer
  beforeAll(async () => {
    smtp = await startSmtpServer()
    server = await startTestServer({ config: { smtpUrl: smtp.url } })
  })
  afterEach(async () => {
    smtp.answer('RCPT', null)
    smtp.mails.length = 0
  })
  afterAll(async () => {
    await server.close()
    await smtp.stop()
  })

  const job = async (where: string) => {
    const rows = await server.running.atrium.deps.db.query<{ state: string; retries: number; limit: number }>(
      `select state::text, retry_count as retries, retry_limit as "limit" from pgboss.job
       where name = 'mail.send' and data->>'template' = 'welcome' and ${where}`,
    )
    return rows[0]
  }
  /** The clock of the queue, put forward: what waits for another try is due now. */
  const hurry = (change = '') =>
    server.running.atrium.deps.db.query(
      `update pgboss.job set start_after = now() ${change} where name = 'mail.send' and state = 'retry'`,
    )

  test('a mail that is not taken at first is tried again, and arrives once', async () => {
    smtp.answer('RCPT', '451 try again later')
    await server.ask(SIGN_UP, newMember('dora'))
    await vi.waitFor(async () => expect(await job("state = 'retry'")).toMatchObject({ limit: 10 }), { timeout: 10_000 })
    expect(smtp.mails).toEqual([])
    smtp.answer('RCPT', null)
    await hurry()
    await vi.waitFor(() => expect(smtp.mails).toHaveLength(1), { timeout: 10_000 })
    expect(smtp.mails[0]?.to).toEqual(['dora@example.org'])
    await untilMailsSent(server)
  })

  test('a mail that is never taken is given up after eleven tries and kept where staff can find it', async () => {
    smtp.answer('RCPT', '550 no such user')
    await server.ask(SIGN_UP, newMember('erin'))
    await vi.waitFor(async () => expect(await job("state = 'retry'")).toMatchObject({ limit: 10 }), { timeout: 10_000 })
    // Eight tries later, all of which look like the first one.
    await hurry(', retry_count = retry_limit - 2')
    await vi.waitFor(async () => expect(await job("state = 'retry'")).toMatchObject({ retries: 9 }), {
      timeout: 10_000,
    })
    await hurry()
    await vi.waitFor(
      async () =>
        expect(await server.running.atrium.queue.failedJobs()).toMatchObject([
          { job: 'mail.send', data: { template: 'welcome' }, reason: expect.stringContaining('550') },
        ]),
      { timeout: 10_000 },
    )
    expect(smtp.mails).toEqual([])
  })
})
