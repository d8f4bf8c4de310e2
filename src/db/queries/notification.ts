import { sql } from 'drizzle-orm'
import { pgArray } from '../array.ts'
import type { Executor } from '../database.ts'
import type { KeysetOrder, PageRequest } from '../keyset.ts'
import { type RowOf, selectColumns } from '../relation.ts'
import { notificationEntity } from '../relations/notification.ts'
import { statement } from '../statement.ts'
import type { notificationKind } from '../tables/notification.ts'
import { notificationInboxes, notifications } from '../tables/notification.ts'
import { findPage, type ListSource } from './page.ts'

export type NotificationRow = RowOf<typeof notifications, 'groupKey'>
export type NotificationKind = (typeof notificationKind.enumValues)[number]

/** How many rows the live stream reads at a time. */
export const STREAM_PAGE_SIZE = 100

export interface NotificationFilter {
  readonly unread?: boolean | undefined
  /** Any of them. */
  readonly kinds?: readonly NotificationKind[] | undefined
}

export const inboxOf = (
  accountId: string,
  { unread, kinds }: NotificationFilter = {},
): ListSource<NotificationRow> => ({
  of: notificationEntity,
  where: [
    sql`${notifications.recipientId} = ${accountId}::text::uuid`,
    unread === undefined
      ? undefined
      : unread
        ? sql`${notifications.readAt} is null`
        : sql`${notifications.readAt} is not null`,
    kinds === undefined ? undefined : sql`${notifications.kind} = any(${pgArray(kinds)}::text::notification_kind[])`,
  ],
})

const NEWEST: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [{ value: notifications.seq, type: 'integer' }],
}

export const findNotifications = (db: Executor, source: ListSource<NotificationRow>, page: PageRequest) =>
  findPage(db, source, NEWEST, page)

const unreadCount = statement<{ count: number }>(
  sql`select count(*)::int as "count" from ${notifications} where ${notifications.recipientId} = ${sql.placeholder('accountId')}::text::uuid and ${notifications.readAt} is null`,
)

export const countUnreadNotifications = async (db: Executor, accountId: string): Promise<number> =>
  (await unreadCount.run(db, { accountId }))[0]?.count ?? 0

const after = statement<NotificationRow>(
  sql`select ${selectColumns(notificationEntity)} from ${notifications} where ${notifications.recipientId} = ${sql.placeholder('accountId')}::text::uuid and ${notifications.seq} > ${sql.placeholder('seq')}::text::integer order by ${notifications.seq} limit ${sql.raw(String(STREAM_PAGE_SIZE))}`,
)

/** What a live reader that has number `seq` of the inbox is missing, oldest first, at most `STREAM_PAGE_SIZE`. */
export const findNotificationsAfter = (db: Executor, accountId: string, seq: number): Promise<NotificationRow[]> =>
  after.run(db, { accountId, seq: String(seq) })

const newestSeq = statement<{ seq: number }>(
  sql`select ${notificationInboxes.seq} as "seq" from ${notificationInboxes} where ${notificationInboxes.accountId} = ${sql.placeholder('accountId')}::text::uuid`,
)

export const findNewestNotificationSeq = async (db: Executor, accountId: string): Promise<number> =>
  (await newestSeq.run(db, { accountId }))[0]?.seq ?? 0
