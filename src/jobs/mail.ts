import type { Uuid } from '../core/ids.ts'
import type { Mailer } from '../gateways/mail/mailer.ts'
import type { OutgoingMail } from '../gateways/mail/outbox.ts'
import { type MailParams, type Recipient, type RenderedMail, renderMail } from '../gateways/mail/templates.ts'
import type { JobHandler } from '../gateways/queue/job.ts'

export interface MailDeps {
  mailer: Mailer
  /** Null when the account is gone: it gets no more mail. */
  findAddress(accountId: Uuid): Promise<{ email: string; name: string } | null>
  /** Null when the comment is gone or no longer to be read: nobody hears of it. */
  findCommentNotice(commentId: Uuid): Promise<MailParams['newComment'] | null>
}

/** Sends one mail. The Message-ID is the job's id, so a mail that is sent twice is recognised as the same one. */
export const mailHandler =
  ({ mailer, findAddress, findCommentNotice }: MailDeps): JobHandler<OutgoingMail> =>
  async ({ id, data }) => {
    const account = await findAddress(data.accountId)
    if (account === null) return
    const to = { name: account.name, address: account.email }
    const written = await write(data, account, findCommentNotice)
    if (written !== null) await mailer.send({ to, ...written, messageId: id })
  }

async function write(
  mail: OutgoingMail,
  recipient: Recipient,
  findCommentNotice: MailDeps['findCommentNotice'],
): Promise<RenderedMail | null> {
  if (mail.template === 'welcome') return renderMail(mail.template, recipient, mail.params)
  const notice = await findCommentNotice(mail.commentId)
  return notice === null ? null : renderMail(mail.template, recipient, notice)
}
