import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgEnum, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { id, instant } from './columns.ts'
import { uploads } from './upload.ts'

export const importKind = pgEnum('import_kind', ['EXPENSES', 'PRODUCTS', 'EXCHANGE_RATES'])
export const importStatus = pgEnum('import_status', ['PENDING', 'RUNNING', 'DONE', 'FAILED'])

/** A table of values that a member has sent to be taken in. Its counts grow with each batch, in the same transaction. */
export const imports = pgTable(
  'imports',
  {
    id: id(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    kind: importKind().notNull(),
    status: importStatus().notNull().default('PENDING'),
    uploadId: uuid().references(() => uploads.id, { onDelete: 'set null' }),
    filename: text().notNull(),
    /** How to read it, as it was asked for. */
    options: jsonb().notNull(),
    /** How many rows are dealt with: where one that was killed goes on. */
    rowsRead: integer().notNull().default(0),
    rowsKept: integer().notNull().default(0),
    /** They were here already. */
    rowsKnown: integer().notNull().default(0),
    rowsRefused: integer().notNull().default(0),
    /** Why it failed as a whole. */
    problem: text(),
    createdAt: instant().notNull().defaultNow(),
    finishedAt: instant(),
  },
  (t) => [
    index('imports_newest').on(t.accountId, t.createdAt, t.id),
    unique('imports_upload_once').on(t.uploadId),
    check('imports_counts', sql`${t.rowsRead} = ${t.rowsKept} + ${t.rowsKnown} + ${t.rowsRefused}`),
    check('imports_finished', sql`(${t.status} in ('DONE', 'FAILED')) = (${t.finishedAt} is not null)`),
  ],
)

/** Why rows were refused; the first thousand of an import. */
export const importRefusals = pgTable(
  'import_refusals',
  {
    importId: uuid()
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    /** Where the row ends in the file, counted from 1. */
    line: integer().notNull(),
    column: text().notNull(),
    message: text().notNull(),
  },
  (t) => [primaryKey({ name: 'import_refusals_once', columns: [t.importId, t.line, t.column] })],
)
