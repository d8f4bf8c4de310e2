import { sql } from 'drizzle-orm'
import { bigint, check, date, index, integer, pgEnum, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { expenseCategories } from './category.ts'

export const recurrenceFrequency = pgEnum('recurrence_frequency', ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'])
export const recurringStatus = pgEnum('recurring_status', ['ACTIVE', 'PAUSED', 'ENDED'])

/** An expense that comes again: the rent, a subscription. */
export const recurringExpenses = pgTable(
  'recurring_expenses',
  {
    id: id(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    categoryId: uuid()
      .notNull()
      .references(() => expenseCategories.id),
    amountMinor: bigint({ mode: 'number' }).notNull(),
    currency: text().notNull(),
    description: text().notNull(),
    note: text().notNull().default(''),
    frequency: recurrenceFrequency().notNull(),
    /** Every so many days, weeks, months or years. */
    every: integer().notNull().default(1),
    startsOn: date({ mode: 'string' }).notNull(),
    endsOn: date({ mode: 'string' }),
    /** How many there are at most, those that were skipped included. */
    maxOccurrences: integer(),
    status: recurringStatus().notNull().default('ACTIVE'),
    /** The day of the next occurrence; null once there is none. */
    nextOn: date({ mode: 'string' }),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('recurring_expenses_of_account').on(t.accountId, t.createdAt, t.id),
    index('recurring_expenses_by_category').on(t.categoryId),
    index('recurring_expenses_due').on(t.nextOn).where(sql`${t.status} = 'ACTIVE'`),
    check('recurring_expenses_amount', sql`${t.amountMinor} between 1 and 1000000000000`),
    check('recurring_expenses_every', sql`${t.every} between 1 and 1000`),
    check('recurring_expenses_count', sql`${t.maxOccurrences} between 1 and 10000`),
    check('recurring_expenses_ends', sql`${t.endsOn} >= ${t.startsOn}`),
    check('recurring_expenses_next', sql`(${t.status} = 'ENDED') = (${t.nextOn} is null)`),
  ],
)

export const occurrenceOutcome = pgEnum('occurrence_outcome', ['BOOKED', 'SKIPPED'])

/** What became of each day. Its key is why nothing is booked twice, however many servers try. */
export const recurringOccurrences = pgTable(
  'recurring_occurrences',
  {
    recurringId: uuid()
      .notNull()
      .references(() => recurringExpenses.id, { onDelete: 'cascade' }),
    occursOn: date({ mode: 'string' }).notNull(),
    outcome: occurrenceOutcome().notNull(),
    at: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ name: 'recurring_occurrences_once', columns: [t.recurringId, t.occursOn] })],
)
