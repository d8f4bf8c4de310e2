import { sql } from 'drizzle-orm'
import { check, integer, pgTable, primaryKey, unique, uuid } from 'drizzle-orm/pg-core'
import { uploads } from '../upload.ts'
import { expenses } from './expense.ts'

/** Pictures and PDFs of what was paid. They go with the expense. */
export const expenseReceipts = pgTable(
  'expense_receipts',
  {
    expenseId: uuid()
      .notNull()
      .references(() => expenses.id, { onDelete: 'cascade' }),
    uploadId: uuid()
      .notNull()
      .references(() => uploads.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
  },
  (t) => [
    primaryKey({ name: 'expense_receipts_once', columns: [t.expenseId, t.uploadId] }),
    unique('expense_receipts_upload_once').on(t.uploadId),
    check('expense_receipts_position', sql`${t.position} between 0 and 9`),
  ],
)
