import type { Uuid } from '../../core/ids.ts'
import type { NotificationKind } from '../../db/queries/notification.ts'
import { defineJob } from '../queue/job.ts'
import type { MailParams } from './templates.ts'

/** A mail about something that a member was told of. */
export interface NotificationMail {
  template: 'notification'
  accountId: Uuid
  kind: NotificationKind
  /** Null where it is not shown in the app, and only mailed. */
  notificationId: Uuid | null
  subjectId: Uuid | null
  actorId: Uuid | null
}

/**
 * A mail to write. Stored in jobs, so fields are added and never renamed. Whom it goes to and what people wrote are
 * looked up when it is sent: both are stored in one place only, and are gone for good when they are deleted there.
 */
export type OutgoingMail =
  | { template: 'welcome'; accountId: Uuid; params: MailParams['welcome'] }
  | { template: 'lowStock'; accountId: Uuid; variantId: Uuid }
  | { template: 'refundTrouble' | 'refundElsewhere'; accountId: Uuid; refundId: Uuid }
  | { template: 'dispute'; accountId: Uuid; disputeId: Uuid }
  | NotificationMail
  | OrderMail
  | ReceiptMail
  | WaitlistMail

/** To whoever placed an order, guests included; the order says where its mails go. */
export interface OrderMail {
  template: 'showtimeCancelled'
  orderId: Uuid
  showtimeId: Uuid
}

/** To whoever paid an order, as soon as it is paid and whenever money of it goes back. */
export type ReceiptMail = { template: 'receipt'; orderId: Uuid } | { template: 'refund'; orderId: Uuid; refundId: Uuid }

/** To a member who waits for seats, or waited. */
export interface WaitlistMail {
  template: 'seatsOffered' | 'waitlistEnded'
  accountId: Uuid
  entryId: Uuid
}

/** Tried for three to six hours: a mail server may be away for long, and greylisting alone takes a quarter of an hour. */
export const sendMail = defineJob<OutgoingMail>('mail.send', {
  retryLimit: 10,
  retryDelaySeconds: 10,
  expireInSeconds: 120,
})
