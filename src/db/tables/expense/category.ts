import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'

/** What expenses are for: seven that everybody has, without an account, and the member's own. */
export const expenseCategories = pgTable(
  'expense_categories',
  {
    id: id(),
    accountId: uuid().references(() => accounts.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    archivedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('expense_categories_name_taken').on(t.accountId, sql`lower(${t.name})`),
    index('expense_categories_built_in').on(t.id).where(sql`${t.accountId} is null`),
    check('expense_categories_name', sql`char_length(${t.name}) between 1 and 40`),
    check('expense_categories_built_in_stay', sql`${t.accountId} is not null or ${t.archivedAt} is null`),
  ],
)
