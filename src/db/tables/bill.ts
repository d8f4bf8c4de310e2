import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  date,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { id, instant } from './columns.ts'
import { subjects } from './subject.ts'

/** Members who share what they spend. Its row is the lock under which balances are looked at and changed. */
export const billGroups = pgTable(
  'bill_groups',
  {
    id: id().references(() => subjects.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [check('bill_groups_name', sql`char_length(${t.name}) between 1 and 80`)],
)

export const billMemberStatus = pgEnum('bill_member_status', ['INVITED', 'ACTIVE', 'LEFT'])

/** Who shares in a group. What they owe stays also when their account is gone. */
export const billMembers = pgTable(
  'bill_members',
  {
    id: id(),
    groupId: uuid()
      .notNull()
      .references(() => billGroups.id, { onDelete: 'cascade' }),
    accountId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    status: billMemberStatus().notNull(),
    invitedById: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('bill_members_once').on(t.groupId, t.accountId),
    unique('bill_members_of_group').on(t.groupId, t.id),
    index('bill_members_by_account').on(t.accountId, t.status, t.createdAt, t.groupId),
  ],
)

export const billSplit = pgEnum('bill_split', ['EQUAL', 'SHARES', 'EXACT'])

export const bills = pgTable(
  'bills',
  {
    id: id().references(() => subjects.id, { onDelete: 'cascade' }),
    groupId: uuid()
      .notNull()
      .references(() => billGroups.id, { onDelete: 'cascade' }),
    authorId: uuid()
      .notNull()
      .references(() => billMembers.id),
    description: text().notNull(),
    note: text().notNull().default(''),
    spentOn: date({ mode: 'string' }).notNull(),
    currency: text().notNull(),
    amountMinor: bigint({ mode: 'number' }).notNull(),
    split: billSplit().notNull(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('bills_newest').on(t.groupId, t.spentOn, t.id),
    index('bills_by_author').on(t.authorId),
    check('bills_amount', sql`${t.amountMinor} between 1 and 1000000000000`),
  ],
)

/** What each owes of a bill and has paid of it. At the end of each transaction both add up to the bill (see the migration). */
export const billParts = pgTable(
  'bill_parts',
  {
    billId: uuid()
      .notNull()
      .references(() => bills.id, { onDelete: 'cascade' }),
    memberId: uuid()
      .notNull()
      .references(() => billMembers.id),
    position: integer().notNull(),
    /** Of a bill that is split by shares. */
    shares: integer(),
    owedMinor: bigint({ mode: 'number' }).notNull(),
    paidMinor: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ name: 'bill_parts_once', columns: [t.billId, t.memberId] }),
    index('bill_parts_by_member').on(t.memberId),
    check('bill_parts_amounts', sql`${t.owedMinor} >= 0 and ${t.paidMinor} >= 0`),
    check('bill_parts_shares', sql`${t.shares} between 1 and 10000`),
  ],
)

/** Money that one member gave another to settle what they owed. */
export const billSettlements = pgTable(
  'bill_settlements',
  {
    id: id(),
    groupId: uuid()
      .notNull()
      .references(() => billGroups.id, { onDelete: 'cascade' }),
    fromId: uuid()
      .notNull()
      .references(() => billMembers.id),
    toId: uuid()
      .notNull()
      .references(() => billMembers.id),
    authorId: uuid()
      .notNull()
      .references(() => billMembers.id),
    currency: text().notNull(),
    amountMinor: bigint({ mode: 'number' }).notNull(),
    settledOn: date({ mode: 'string' }).notNull(),
    note: text().notNull().default(''),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('bill_settlements_newest').on(t.groupId, t.createdAt, t.id),
    index('bill_settlements_by_payer').on(t.fromId),
    index('bill_settlements_by_payee').on(t.toId),
    index('bill_settlements_by_author').on(t.authorId),
    check('bill_settlements_amount', sql`${t.amountMinor} between 1 and 1000000000000`),
    check('bill_settlements_of_two', sql`${t.fromId} <> ${t.toId}`),
  ],
)

/**
 * What happened to the bills and settlements of a group, and by whom. It is only ever added to (see the migration), and outlives what
 * it is about, so it does not refer to that.
 */
export const billChanges = pgTable(
  'bill_changes',
  {
    id: id(),
    /** In order of entry. */
    seq: integer().generatedAlwaysAsIdentity().notNull(),
    groupId: uuid()
      .notNull()
      .references(() => billGroups.id, { onDelete: 'cascade' }),
    memberId: uuid()
      .notNull()
      .references(() => billMembers.id),
    entry: text().notNull(),
    entryId: uuid().notNull(),
    kind: text().notNull(),
    /** The fields that changed, as they were and as they are; null where there was or is no entry. */
    before: jsonb(),
    after: jsonb(),
    changedAt: instant().notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    index('bill_changes_of_group').on(t.groupId, t.seq),
    index('bill_changes_of_entry').on(t.entryId, t.seq),
    index('bill_changes_by_member').on(t.memberId),
    check('bill_changes_entry', sql`${t.entry} in ('BILL', 'SETTLEMENT')`),
    check('bill_changes_kind', sql`${t.kind} in ('CREATED', 'CHANGED', 'DELETED')`),
    check(
      'bill_changes_told',
      sql`(${t.kind} = 'CREATED') = (${t.before} is null) and (${t.kind} = 'DELETED') = (${t.after} is null)`,
    ),
  ],
)
