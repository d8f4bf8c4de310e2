import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { expenseCategories } from './category.ts'
import { recurringExpenses } from './recurring.ts'

/** Where an expense came from. */
export const expenseSource = pgEnum('expense_source', ['MANUAL', 'IMPORT', 'RECURRING', 'ORDER', 'REFUND', 'BILL'])

/** Money that a member has spent. Nobody else sees it. */
export const expenses = pgTable(
  'expenses',
  {
    id: id(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    categoryId: uuid()
      .notNull()
      .references(() => expenseCategories.id),
    /** Below zero for what came back alone. */
    amountMinor: bigint({ mode: 'number' }).notNull(),
    currency: text().notNull(),
    spentOn: date({ mode: 'string' }).notNull(),
    description: text().notNull(),
    note: text().notNull().default(''),
    source: expenseSource().notNull().default('MANUAL'),
    /** The order that was paid, the refund that came back, the bill that it is a part of. Not references: a member's books are their own. */
    sourceId: uuid(),
    recurringId: uuid().references(() => recurringExpenses.id, { onDelete: 'set null' }),
    /** Hash of a row of an imported file and how many equal ones stood above it. */
    importKey: text(),
    /** The member changed it themselves; what the house books has nobody. */
    changedByOwner: boolean().notNull().default(true),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('expenses_of_source_once').on(t.accountId, t.source, t.sourceId),
    unique('expenses_imported_once').on(t.accountId, t.importKey),
    index('expenses_newest').on(t.accountId, t.spentOn, t.id),
    index('expenses_by_amount').on(t.accountId, t.currency, t.amountMinor, t.id),
    index('expenses_by_entry').on(t.accountId, t.createdAt, t.id),
    index('expenses_by_category').on(t.categoryId, t.accountId, t.spentOn),
    index('expenses_search')
      .using('gin', sql`to_tsvector('english', ${t.description} || ' ' || ${t.note})`)
      .with({ fastupdate: false }),
    index('expenses_by_source').on(t.sourceId).where(sql`${t.sourceId} is not null`),
    index('expenses_by_recurring').on(t.recurringId).where(sql`${t.recurringId} is not null`),
    check(
      'expenses_amount',
      sql`${t.amountMinor} <> 0 and abs(${t.amountMinor}) <= 1000000000000 and (${t.amountMinor} > 0 or ${t.source} = 'REFUND')`,
    ),
    check('expenses_day', sql`${t.spentOn} between '1900-01-01' and '2200-12-31'`),
  ],
)

/**
 * What happened to each expense, entered by the database itself (see the migration) and never changed. It outlives the
 * expense, so it does not refer to it.
 */
export const expenseChanges = pgTable(
  'expense_changes',
  {
    id: uuid().primaryKey().default(sql`gen_random_uuid()`),
    /** In order of entry. */
    seq: integer().generatedAlwaysAsIdentity().notNull(),
    expenseId: uuid().notNull(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    kind: text().notNull(),
    byOwner: boolean().notNull(),
    /** The fields that changed, as they were and as they are; null where there was or is no expense. */
    before: jsonb(),
    after: jsonb(),
    changedAt: instant().notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    index('expense_changes_of_expense').on(t.expenseId, t.seq),
    index('expense_changes_of_account').on(t.accountId, t.seq),
    check('expense_changes_kind', sql`${t.kind} in ('CREATED', 'CHANGED', 'DELETED')`),
  ],
)
