import { sql } from 'drizzle-orm'
import { bigint, boolean, check, date, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { expenseCategories } from './category.ts'

/** What a member means to spend at most. */
export const expenseBudgets = pgTable(
  'expense_budgets',
  {
    id: id(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** Null for everything together. */
    categoryId: uuid().references(() => expenseCategories.id, { onDelete: 'cascade' }),
    /** The first day of the month that it is for; null for every month that has none of its own. */
    month: date({ mode: 'string' }),
    amountMinor: bigint({ mode: 'number' }).notNull(),
    currency: text().notNull(),
    /** The first day of the month whose rest is the first to go on into the next one; null where each month begins anew. */
    carriesFrom: date({ mode: 'string' }),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('expense_budgets_once').on(t.accountId, t.categoryId, t.month).nullsNotDistinct(),
    index('expense_budgets_by_category').on(t.categoryId),
    check('expense_budgets_amount', sql`${t.amountMinor} between 1 and 1000000000000`),
    check('expense_budgets_month', sql`extract(day from ${t.month}) = 1`),
    check('expense_budgets_carry', sql`${t.month} is null or ${t.carriesFrom} is null`),
    check('expense_budgets_carry_month', sql`extract(day from ${t.carriesFrom}) = 1`),
  ],
)

export const expensePreferences = pgTable('expense_preferences', {
  accountId: uuid()
    .primaryKey()
    .references(() => accounts.id, { onDelete: 'cascade' }),
  /** What sums are shown in. */
  currency: text().notNull().default('EUR'),
  /** A paid order books its own expense. */
  booksOrders: boolean().notNull().default(true),
})
