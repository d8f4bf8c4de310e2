import type { Uuid } from '../core/ids.ts'
import type { Mailer } from '../gateways/mail/mailer.ts'
import type { NotificationMail, OutgoingMail } from '../gateways/mail/outbox.ts'
import { type MailParams, type Recipient, type RenderedMail, renderMail } from '../gateways/mail/templates.ts'
import type { JobHandler } from '../gateways/queue/job.ts'

export interface MailDeps {
  mailer: Mailer
  /** Null when the account is gone: it gets no more mail. */
  findAddress(accountId: Uuid): Promise<{ email: string; name: string } | null>
  /** Null when nobody needs to hear of it by mail any more: it was read, or taken away. */
  findNotificationMail(mail: NotificationMail): Promise<MailParams['notification'] | null>
  /** Null when there is enough again. */
  findLowStockNotice(variantId: Uuid): Promise<MailParams['lowStock'] | null>
  /** Null when it is tried again. */
  findRefundNotice(refundId: Uuid): Promise<MailParams['refundTrouble'] | null>
  findDisputeNotice(disputeId: Uuid): Promise<MailParams['dispute'] | null>
}

/** Sends one mail. The Message-ID is the job's id, so a mail that is sent twice is recognised as the same one. */
export const mailHandler =
  ({ mailer, findAddress, ...find }: MailDeps): JobHandler<OutgoingMail> =>
  async ({ id, data }) => {
    const account = await findAddress(data.accountId)
    if (account === null) return
    const to = { name: account.name, address: account.email }
    const written = await write(data, account, find)
    if (written !== null) await mailer.send({ to, ...written, messageId: id })
  }

async function write(
  mail: OutgoingMail,
  recipient: Recipient,
  find: Omit<MailDeps, 'mailer' | 'findAddress'>,
): Promise<RenderedMail | null> {
  if (mail.template === 'welcome') return renderMail(mail.template, recipient, mail.params)
  if (mail.template === 'lowStock') {
    const low = await find.findLowStockNotice(mail.variantId)
    return low === null ? null : renderMail(mail.template, recipient, low)
  }
  if (mail.template === 'refundTrouble') {
    const trouble = await find.findRefundNotice(mail.refundId)
    return trouble === null ? null : renderMail(mail.template, recipient, trouble)
  }
  if (mail.template === 'dispute') {
    const trouble = await find.findDisputeNotice(mail.disputeId)
    return trouble === null ? null : renderMail(mail.template, recipient, trouble)
  }
  const params = await find.findNotificationMail(mail)
  return params === null ? null : renderMail(mail.template, recipient, params)
}
