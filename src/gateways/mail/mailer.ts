import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Log } from '../../core/log.ts'

export interface Mail {
  to: { name: string; address: string }
  subject: string
  text: string
  html: string
  /** Unique and the same for each attempt; becomes `<messageId@domain of the sender>`. */
  messageId: string
  /** Where a POST ends mails of this kind (RFC 8058); null where they are not for choosing. */
  unsubscribeUrl?: string | null
}

export interface Mailer {
  /**
   * Resolves when the mail server has taken the mail, or the file is complete: `location` is that file, null over SMTP.
   * @throws when it was not taken; then it may be sent again, and the Message-ID shows that it is the same mail.
   */
  send(mail: Mail): Promise<{ location: string | null }>
}

export interface MailerOptions {
  /** Null: mails become files in `<dataDirectory>/mail/`. */
  smtpUrl: string | null
  /** `Atrium <atrium@example.com>` */
  from: string
  dataDirectory: string
  log: Log
}

/** A mail server that hangs must not keep a job for the ten minutes that nodemailer would wait. */
const TIMEOUTS_MS = { dnsTimeout: 10_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }
/** Mails are made from templates; none of them may pull in a file or a URL. */
const CLOSED = { disableFileAccess: true, disableUrlAccess: true }

export const createMailer = (options: MailerOptions): Mailer =>
  options.smtpUrl === null ? createFileMailer(options) : createSmtpMailer(options.smtpUrl, options)

function createSmtpMailer(url: string, { from }: MailerOptions): Mailer {
  const transport = createTransport({ url, ...TIMEOUTS_MS, ...CLOSED })
  return {
    async send(mail) {
      await transport.sendMail(compose(mail, from))
      return { location: null }
    },
  }
}

function createFileMailer({ from, dataDirectory, log }: MailerOptions): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows', ...CLOSED })
  const directory = join(dataDirectory, 'mail')
  return {
    async send(mail) {
      const { message } = await transport.sendMail(compose(mail, from))
      if (!Buffer.isBuffer(message)) throw new Error('nodemailer answered a stream')
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const digest = createHash('sha256').update(mail.messageId).digest('hex').slice(0, 12)
      const name = `${new Date().toISOString().replaceAll(':', '-')}-${digest}.eml`
      const location = join(directory, name)
      // Whoever watches the folder must never see half a mail.
      const unfinished = join(directory, `.${name}.part`)
      await writeFile(unfinished, message, { mode: 0o600 })
      await rename(unfinished, location)
      log.info({ location }, 'A mail was written to a file, as no SMTP_URL is set')
      return { location }
    },
  }
}

function compose({ to, subject, text, html, messageId, unsubscribeUrl }: Mail, from: string) {
  return {
    from,
    to: { name: oneLine(to.name), address: checkedAddress(to.address) },
    subject: oneLine(subject),
    text,
    html,
    messageId: `<${checkedId(messageId)}@${domainOf(from)}>`,
    // RFC 3834: vacation replies and other robots should leave it unanswered.
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl == null
        ? {}
        : {
            'List-Unsubscribe': `<${new URL(unsubscribeUrl).href}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
    },
  }
}

/** A line break in a header would begin another header. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()

/** Exactly one address: a comma or an angle bracket would make the header name further recipients. */
function checkedAddress(address: string): string {
  if (!/^[^\s\p{Cc},;:<>()[\]\\"]+@[^\s\p{Cc},;:<>()[\]\\"@]+$/u.test(address)) {
    throw new Error('a mail was addressed to something that is no e-mail address')
  }
  return address
}

function checkedId(messageId: string): string {
  if (!/^[\w.-]+$/.test(messageId)) throw new Error('a Message-ID may only have letters, digits, dots and hyphens')
  return messageId
}

const domainOf = (from: string): string => /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
