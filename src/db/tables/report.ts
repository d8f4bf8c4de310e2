import { sql } from 'drizzle-orm'
import { index, pgEnum, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { id, instant } from './columns.ts'
import { subjects } from './subject.ts'

export const reportReason = pgEnum('report_reason', ['SPAM', 'ABUSE', 'ILLEGAL', 'OFF_TOPIC', 'OTHER'])

export const reports = pgTable(
  'reports',
  {
    id: id(),
    subjectId: uuid()
      .notNull()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    reporterId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    reason: reportReason().notNull(),
    note: text().notNull().default(''),
    createdAt: instant().notNull().defaultNow(),
    resolvedAt: instant(),
    resolvedById: uuid().references(() => accounts.id, { onDelete: 'set null' }),
  },
  (t) => [
    unique('reports_once').on(t.subjectId, t.reporterId),
    index('reports_open').on(t.createdAt, t.id).where(sql`${t.resolvedAt} is null`),
  ],
)
