import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { id, instant } from './columns.ts'
import { subjects } from './subject.ts'

export const notificationKind = pgEnum('notification_kind', [
  'COMMENT',
  'REPLY',
  'COMMENT_MENTION',
  'MENTION',
  'DIRECT_MESSAGE',
  'ROOM_INVITATION',
  'REACTION',
  'FOLLOW',
  'POLL_CLOSED',
  'POST_PUBLISHED',
  'RECIPE_PUBLISHED',
  'SHOWTIME_CANCELLED',
  'SEATS_OFFERED',
  'BILL_GROUP_INVITATION',
  'BILL_ADDED',
  'BILL_SETTLED',
  'WORKOUT_RECORD',
])

export const mailWish = pgEnum('mail_wish', ['ALWAYS', 'WHEN_AWAY', 'NEVER'])

/**
 * The number of an account's newest notification. Raised under this row's lock, so notifications are numbered in order
 * of commit. Not a column of `accounts`: that row is pointed at and locked by everything that its member does.
 */
export const notificationInboxes = pgTable('notification_inboxes', {
  accountId: uuid()
    .primaryKey()
    .references(() => accounts.id, { onDelete: 'cascade' }),
  seq: integer().notNull(),
})

export const notifications = pgTable(
  'notifications',
  {
    id: id(),
    recipientId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** Its number in the recipient's inbox, a new one each time that somebody joins its group. */
    seq: integer().notNull(),
    kind: notificationKind().notNull(),
    /** What it is about: the comment, the post, … */
    subjectId: uuid().references(() => subjects.id, { onDelete: 'cascade' }),
    /** What happens again under the same key joins it while it is unread. */
    groupKey: text(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
    readAt: instant(),
  },
  (t) => [
    unique('notifications_seq').on(t.recipientId, t.seq),
    uniqueIndex('notifications_one_unread_group')
      .on(t.recipientId, t.kind, t.groupKey)
      .where(sql`${t.readAt} is null and ${t.groupKey} is not null`),
    index('notifications_unread').on(t.recipientId, t.seq).where(sql`${t.readAt} is null`),
    index('notifications_by_group').on(t.recipientId, t.kind, t.groupKey).where(sql`${t.groupKey} is not null`),
    index('notifications_by_subject').on(t.subjectId),
    index('notifications_by_age').on(t.updatedAt),
    check('notifications_group_key_length', sql`char_length(${t.groupKey}) <= 200`),
  ],
)

/** Who did it; each of a group once. */
export const notificationActors = pgTable(
  'notification_actors',
  {
    notificationId: uuid()
      .notNull()
      .references(() => notifications.id, { onDelete: 'cascade' }),
    actorId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    at: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'notification_actors_once', columns: [t.notificationId, t.actorId] }),
    index('notification_actors_newest').on(t.notificationId, t.at, t.actorId),
    index('notification_actors_by_actor').on(t.actorId),
  ],
)

/** What a member wants otherwise than `domain/notification/kinds` has it. */
export const notificationPreferences = pgTable(
  'notification_preferences',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    kind: notificationKind().notNull(),
    inApp: boolean().notNull(),
    email: mailWish().notNull(),
  },
  (t) => [primaryKey({ name: 'notification_preferences_once', columns: [t.accountId, t.kind] })],
)

/** Of what a member wants to hear nothing: a post's comments, a room. */
export const notificationMutes = pgTable(
  'notification_mutes',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    subjectId: uuid()
      .notNull()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'notification_mutes_once', columns: [t.accountId, t.subjectId] }),
    index('notification_mutes_by_subject').on(t.subjectId),
  ],
)
