import type { NotificationKind } from '../../db/queries/notification.ts'
import { type mailWish, notificationKind } from '../../db/tables/notification.ts'

export type { NotificationKind } from '../../db/queries/notification.ts'
export type MailWish = (typeof mailWish.enumValues)[number]

export const NOTIFICATION_KINDS: readonly NotificationKind[] = notificationKind.enumValues

/** Who waits to see whether the member looks by themselves waits so long. */
export const MAIL_DELAY_MS = 2 * 60_000

interface KindSettings {
  /** Until the member wants otherwise. All kinds are shown in the app until then. */
  readonly email: MailWish
  /** Somebody who does it, takes it back and does it again is told of once. */
  readonly oncePerActor: boolean
}

export const KINDS: Readonly<Record<NotificationKind, KindSettings>> = {
  COMMENT: { email: 'ALWAYS', oncePerActor: false },
  REPLY: { email: 'WHEN_AWAY', oncePerActor: false },
  COMMENT_MENTION: { email: 'WHEN_AWAY', oncePerActor: true },
  MENTION: { email: 'WHEN_AWAY', oncePerActor: false },
  DIRECT_MESSAGE: { email: 'WHEN_AWAY', oncePerActor: false },
  ROOM_INVITATION: { email: 'WHEN_AWAY', oncePerActor: false },
  REACTION: { email: 'NEVER', oncePerActor: true },
  FOLLOW: { email: 'NEVER', oncePerActor: true },
  POLL_CLOSED: { email: 'NEVER', oncePerActor: false },
  WORKOUT_RECORD: { email: 'NEVER', oncePerActor: false },
  POST_PUBLISHED: { email: 'NEVER', oncePerActor: true },
  RECIPE_PUBLISHED: { email: 'NEVER', oncePerActor: true },
  // Those who have paid, and those who wait, get a mail of its own kind, wanted or not: it is about their money or their place.
  SHOWTIME_CANCELLED: { email: 'NEVER', oncePerActor: false },
  SEATS_OFFERED: { email: 'NEVER', oncePerActor: false },
  BILL_GROUP_INVITATION: { email: 'WHEN_AWAY', oncePerActor: false },
  BILL_ADDED: { email: 'WHEN_AWAY', oncePerActor: false },
  BILL_SETTLED: { email: 'WHEN_AWAY', oncePerActor: false },
}
