import type { Uuid } from '../core/ids.ts'
import type { Mailer } from '../gateways/mail/mailer.ts'
import type { OutgoingMail } from '../gateways/mail/outbox.ts'
import { renderMail } from '../gateways/mail/templates.ts'
import type { JobHandler } from '../gateways/queue/job.ts'

export interface MailDeps {
  mailer: Mailer
  /** Null when the account is gone: it gets no more mail. */
  findAddress(accountId: Uuid): Promise<{ email: string; name: string } | null>
}

/** Sends one mail. The Message-ID is the job's id, so a mail that is sent twice is recognised as the same one. */
export const mailHandler =
  ({ mailer, findAddress }: MailDeps): JobHandler<OutgoingMail> =>
  async ({ id, data }) => {
    const account = await findAddress(data.accountId)
    if (account === null) return
    const to = { name: account.name, address: account.email }
    await mailer.send({ to, ...renderMail(data.template, account, data.params), messageId: id })
  }
