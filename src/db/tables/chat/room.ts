import { sql } from 'drizzle-orm'
import { check, index, integer, pgEnum, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { subjects } from '../subject.ts'

export const roomKind = pgEnum('room_kind', ['DIRECT', 'GROUP'])
export const roomEncryption = pgEnum('room_encryption', ['NONE', 'END_TO_END'])
export const roomRole = pgEnum('room_role', ['OWNER', 'MODERATOR', 'MEMBER'])
export const rooms = pgTable(
  'rooms',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    kind: roomKind().notNull(),
    /** Fixed at creation: what was said to be readable by its members only must stay so. */
    encryption: roomEncryption().notNull().default('NONE'),
    /** Null for a one-to-one room, which is called after the other. */
    title: text(),
    description: text().notNull().default(''),
    /** The thing that it hangs on; whoever sees that may join. */
    subjectId: uuid().references(() => subjects.id, { onDelete: 'set null' }),
    /** The two of a one-to-one room, in the order of their ids; null once their account is deleted. */
    directLowId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    directHighId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    memberCount: integer().notNull().default(0),
    /** The number of the newest event. Raised under this row's lock, so events are numbered in order of commit. */
    eventSeq: integer().notNull().default(0),
    /** The number of the last event that took somebody's membership away. */
    removalSeq: integer().notNull().default(0),
    lastActivityAt: instant().notNull().defaultNow(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('rooms_one_per_pair').on(t.directLowId, t.directHighId, t.encryption),
    unique('rooms_encryption').on(t.id, t.encryption),
    index('rooms_by_subject').on(t.subjectId, t.createdAt, t.id).where(sql`${t.subjectId} is not null`),
    index('rooms_by_direct_high').on(t.directHighId).where(sql`${t.directHighId} is not null`),
    check('rooms_pair_in_order', sql`${t.directLowId} < ${t.directHighId}`),
    check(
      'rooms_of_two_or_titled',
      sql`case ${t.kind} when 'DIRECT' then ${t.title} is null and ${t.subjectId} is null else ${t.title} is not null and ${t.directLowId} is null and ${t.directHighId} is null end`,
    ),
    check('rooms_title_length', sql`char_length(${t.title}) between 1 and 100`),
    check('rooms_size', sql`${t.memberCount} between 0 and 1000`),
  ],
)

export const roomMembers = pgTable(
  'room_members',
  {
    id: id(),
    roomId: uuid()
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    role: roomRole().notNull().default('MEMBER'),
    /** The number of the last event that they have read; it only ever grows. */
    lastReadSeq: integer().notNull().default(0),
    joinedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('room_members_once').on(t.roomId, t.accountId),
    index('room_members_by_account').on(t.accountId, t.roomId),
    index('room_members_oldest').on(t.roomId, t.joinedAt, t.id),
  ],
)

/** Who may not come back. */
export const roomBans = pgTable(
  'room_bans',
  {
    id: id(),
    roomId: uuid()
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    bannedById: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('room_bans_once').on(t.roomId, t.accountId),
    index('room_bans_by_account').on(t.accountId),
    index('room_bans_newest').on(t.roomId, t.createdAt, t.id),
  ],
)

/** Invitations that wait for an answer. */
export const roomInvitations = pgTable(
  'room_invitations',
  {
    id: id(),
    roomId: uuid()
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    inviterId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('room_invitations_once').on(t.roomId, t.accountId),
    index('room_invitations_by_account').on(t.accountId, t.createdAt, t.id),
    index('room_invitations_newest').on(t.roomId, t.createdAt, t.id),
  ],
)

/** Links that let whoever has them in, so many times and so long. */
export const roomLinks = pgTable(
  'room_links',
  {
    id: id(),
    roomId: uuid()
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    /** Readable, because moderators hand it on; whoever reads this table can read the room. */
    token: text().notNull().unique('room_links_token'),
    createdById: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    maxUses: integer(),
    uses: integer().notNull().default(0),
    expiresAt: instant().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('room_links_newest').on(t.roomId, t.createdAt, t.id),
    check('room_links_uses', sql`${t.uses} between 0 and coalesce(${t.maxUses}, ${t.uses})`),
  ],
)

/** Who does not want to be written to, or invited, by whom. */
export const accountBlocks = pgTable(
  'account_blocks',
  {
    blockerId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    blockedId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'account_blocks_once', columns: [t.blockerId, t.blockedId] }),
    index('account_blocks_by_blocked').on(t.blockedId, t.blockerId),
    index('account_blocks_newest').on(t.blockerId, t.createdAt, t.blockedId),
    check('account_blocks_not_oneself', sql`${t.blockerId} <> ${t.blockedId}`),
  ],
)
