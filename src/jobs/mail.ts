import type { Uuid } from '../core/ids.ts'
import type { Mailer } from '../gateways/mail/mailer.ts'
import type { NotificationMail, OutgoingMail } from '../gateways/mail/outbox.ts'
import { type MailParams, type MailTemplate, type RenderedMail, renderMail } from '../gateways/mail/templates.ts'
import type { Recipient } from '../gateways/mail/texts/content.ts'
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
  /** Null when it did not go after all. */
  findElsewhereNotice(refundId: Uuid): Promise<MailParams['refundElsewhere'] | null>
  findDisputeNotice(disputeId: Uuid): Promise<MailParams['dispute'] | null>
  /** Where mails about an order go; null where nobody is to get any. */
  findOrderAddress(orderId: Uuid): Promise<{ email: string; name: string } | null>
  /** Null when it is not paid. */
  findReceiptMail(orderId: Uuid): Promise<MailParams['receipt'] | null>
  /** Null when the money did not go. */
  findRefundMail(refundId: Uuid): Promise<MailParams['refund'] | null>
  findCancelledShowtime(orderId: Uuid, showtimeId: Uuid): Promise<MailParams['showtimeCancelled'] | null>
  /** Null when the offer has run out, or was taken. */
  findSeatOffer(entryId: Uuid): Promise<MailParams['seatsOffered'] | null>
  findEndedWait(entryId: Uuid): Promise<MailParams['waitlistEnded'] | null>
}

/** Sends one mail. The Message-ID is the job's id, so a mail that is sent twice is recognised as the same one. */
export const mailHandler =
  ({ mailer, ...find }: MailDeps): JobHandler<OutgoingMail> =>
  async ({ id, data }) => {
    const recipient = await ('orderId' in data ? find.findOrderAddress(data.orderId) : find.findAddress(data.accountId))
    if (recipient === null) return
    const to = { name: recipient.name, address: recipient.email }
    const written = await write(data, recipient, find)
    if (written !== null) await mailer.send({ to, ...written, messageId: id })
  }

const rendered = <Template extends MailTemplate>(
  template: Template,
  recipient: Recipient,
  params: MailParams[Template] | null,
): RenderedMail | null => (params === null ? null : renderMail(template, recipient, params))

/** Null where there is nothing left to say. */
async function write(
  mail: OutgoingMail,
  recipient: Recipient,
  find: Omit<MailDeps, 'mailer'>,
): Promise<RenderedMail | null> {
  switch (mail.template) {
    case 'welcome':
      return renderMail(mail.template, recipient, mail.params)
    case 'lowStock':
      return rendered(mail.template, recipient, await find.findLowStockNotice(mail.variantId))
    case 'refundTrouble':
      return rendered(mail.template, recipient, await find.findRefundNotice(mail.refundId))
    case 'refundElsewhere':
      return rendered(mail.template, recipient, await find.findElsewhereNotice(mail.refundId))
    case 'dispute':
      return rendered(mail.template, recipient, await find.findDisputeNotice(mail.disputeId))
    case 'receipt':
      return rendered(mail.template, recipient, await find.findReceiptMail(mail.orderId))
    case 'refund':
      return rendered(mail.template, recipient, await find.findRefundMail(mail.refundId))
    case 'showtimeCancelled':
      return rendered(mail.template, recipient, await find.findCancelledShowtime(mail.orderId, mail.showtimeId))
    case 'seatsOffered':
      return rendered(mail.template, recipient, await find.findSeatOffer(mail.entryId))
    case 'waitlistEnded':
      return rendered(mail.template, recipient, await find.findEndedWait(mail.entryId))
    default:
      return rendered(mail.template, recipient, await find.findNotificationMail(mail))
  }
}
