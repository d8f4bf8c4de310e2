import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { createMailer, type Mail } from '../../src/gateways/mail/mailer.ts'
import { mailHandler } from '../../src/jobs/mail.ts'
import { type ParsedMail, parseMail } from '../support/mail.ts'
import { startSmtpServer, type TestSmtpServer } from '../support/smtp.ts'

const log = createLog('silent')
const from = 'Atrium <atrium@example.com>'
const mail = (changes: Partial<Mail> = {}): Mail => ({
  to: { name: 'Ada Lovelace', address: 'ada@example.org' },
  subject: 'Grüße aus dem Atrium – „neu“',
  text: 'Zeile eins\n.\nZeile drei ✓\n',
  html: '<p>Grüße</p>',
  messageId: 'job-1',
  ...changes,
})

let dataDirectory: string
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'atrium-mail-'))
})
afterEach(() => rm(dataDirectory, { recursive: true, force: true }))

describe('without a mail server', () => {
  const fileMailer = (told = log) => createMailer({ smtpUrl: null, from, dataDirectory, log: told })
  const readMail = async (location: string | null): Promise<ParsedMail> =>
    parseMail(await readFile(location ?? '', 'utf8'))

  test('a mail becomes a file that reads back as what was sent', async () => {
    const { location } = await fileMailer().send(mail())
    const read = await readMail(location)
    expect(read.headers).toMatchObject({
      from: 'Atrium <atrium@example.com>',
      to: 'Ada Lovelace <ada@example.org>',
      subject: 'Grüße aus dem Atrium – „neu“',
      'message-id': '<job-1@example.com>',
      'auto-submitted': 'auto-generated',
    })
    expect(read.parts['text/plain']).toBe('Zeile eins\n.\nZeile drei ✓\n')
    expect(read.parts['text/html']).toBe('<p>Grüße</p>')
  })

  test('the log says where it is, and does not say to whom it goes', async () => {
    const lines: string[] = []
    const { location } = await fileMailer(pino({}, { write: (line: string) => void lines.push(line) })).send(mail())
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ location })
    expect(location).toContain(join(dataDirectory, 'mail'))
    expect(lines[0]).not.toContain('ada@')
  })

  test('files sort by time, and nothing unfinished is left beside them', async () => {
    const mailer = fileMailer()
    for (let n = 0; n < 5; n++) {
      await mailer.send(mail({ subject: `number ${n}`, messageId: randomUUID() }))
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
    const names = (await readdir(join(dataDirectory, 'mail'))).sort()
    expect(names.every((name) => name.endsWith('.eml'))).toBe(true)
    const mails = await Promise.all(names.map((name) => readMail(join(dataDirectory, 'mail', name))))
    expect(mails.map((read) => read.headers.subject)).toEqual([0, 1, 2, 3, 4].map((n) => `number ${n}`))
  })

  test('no name and no subject can add a header or a recipient', async () => {
    const evil = 'Hi\r\nBcc: victim@example.org\r\n\r\n<script>'
    const to = { name: `"Ada" <eve@example.org>, ${evil}`, address: 'ada@example.org' }
    const { location } = await fileMailer().send(mail({ to, subject: evil }))
    const read = await readMail(location)
    expect(read.headers.bcc).toBeUndefined()
    expect(read.headers.subject).toBe('Hi Bcc: victim@example.org <script>')
    expect(read.headers.to?.endsWith('<ada@example.org>')).toBe(true)
    expect(read.parts['text/plain']).toContain('Zeile eins')
  })

  test.each([
    'a@b.example, eve@example.org',
    'a@b.example\r\nBcc: eve@example.org',
    'Ada <a@b.example>',
    'a@b.example>',
    'a b@example.org',
    'nobody',
    '',
  ])('%j is refused as an address, and no file is written', async (address) => {
    await expect(fileMailer().send(mail({ to: { name: 'Ada', address } }))).rejects.toThrow('no e-mail address')
    expect(await readdir(dataDirectory)).toEqual([])
  })
})

describe('with a mail server', () => {
  let server: TestSmtpServer
  beforeAll(async () => {
    server = await startSmtpServer()
  })
  afterEach(() => {
    server.mails.length = 0
    server.answer('RCPT', null)
  })
  afterAll(() => server.stop())
  const findNotificationMail = async () => null
  const smtpMailer = () => createMailer({ smtpUrl: server.url, from, dataDirectory, log })

  test('a mail goes to its one recipient over SMTP and reads back as what was sent', async () => {
    expect(await smtpMailer().send(mail())).toEqual({ location: null })
    expect(server.mails).toHaveLength(1)
    expect(server.mails[0]).toMatchObject({ from: 'atrium@example.com', to: ['ada@example.org'] })
    const read = parseMail(server.mails[0]?.source ?? '')
    expect(read.headers.subject).toBe('Grüße aus dem Atrium – „neu“')
    expect(read.parts['text/plain']).toBe('Zeile eins\n.\nZeile drei ✓\n')
    expect(await readdir(dataDirectory)).toEqual([])
  })

  test('a mail that the server does not take is an error, so that the job is tried again', async () => {
    server.answer('RCPT', '451 try again later')
    await expect(smtpMailer().send(mail())).rejects.toThrow('451')
    expect(server.mails).toEqual([])
  })

  test('a mail server that is not there is an error and not a crash', async () => {
    const gone = await startSmtpServer()
    await gone.stop()
    await expect(createMailer({ smtpUrl: gone.url, from, dataDirectory, log }).send(mail())).rejects.toThrow()
  })

  const none = async () => null
  const nothing = {
    findLowStockNotice: none,
    findRefundNotice: none,
    findElsewhereNotice: none,
    findDisputeNotice: none,
    findOrderAddress: none,
    findReceiptMail: none,
    findRefundMail: none,
    findCancelledShowtime: none,
    findSeatOffer: none,
    findEndedWait: none,
  }

  test('the mail job sends to the address the account has now, and each attempt is the same mail', async () => {
    const run = {
      id: randomUUID(),
      attempt: 1,
      signal: new AbortController().signal,
      data: { template: 'welcome' as const, accountId: randomUUID(), params: { homeUrl: 'https://atrium.example/' } },
    }
    const accounts = new Map<string, { email: string; name: string }>([
      [run.data.accountId, { email: 'ada@example.org', name: 'Ada' }],
    ])
    const handle = mailHandler({
      mailer: smtpMailer(),
      findAddress: async (id) => accounts.get(id) ?? null,
      findNotificationMail,
      ...nothing,
    })
    await handle(run)
    accounts.set(run.data.accountId, { email: 'new@example.org', name: 'Ada' })
    await handle({ ...run, attempt: 2 })
    expect(server.mails.map((received) => received.to)).toEqual([['ada@example.org'], ['new@example.org']])
    const ids = server.mails.map((received) => parseMail(received.source).headers['message-id'])
    expect(ids).toEqual([`<${run.id}@example.com>`, `<${run.id}@example.com>`])
    expect(parseMail(server.mails[0]?.source ?? '').headers.subject).toBe('Welcome to Atrium')
  })

  test('mail to an account that is gone is dropped quietly', async () => {
    const handle = mailHandler({
      mailer: smtpMailer(),
      findAddress: async () => null,
      findNotificationMail,
      ...nothing,
    })
    const params = { homeUrl: 'https://atrium.example/' }
    const data = { template: 'welcome' as const, accountId: randomUUID(), params }
    await handle({ id: randomUUID(), attempt: 1, signal: new AbortController().signal, data })
    expect(server.mails).toEqual([])
  })
})
