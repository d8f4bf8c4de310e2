import { integer, pgEnum, pgTable } from 'drizzle-orm/pg-core'
import { id, instant } from './columns.ts'

export const subjectKind = pgEnum('subject_kind', [
  'POST',
  'COMMENT',
  'POLL',
  'ROOM',
  'MESSAGE',
  'SURVEY',
  'MOVIE',
  'SHOWTIME',
  'RECIPE',
  'REVIEW',
  'PRODUCT',
  'ORDER',
  'BILL_GROUP',
  'BILL',
  'WORKOUT',
])

/**
 * Anything that members can comment on, react to or report. Each such thing shares its id with its row here, so that
 * comments, reactions and reports point at any kind with a real foreign key; deleting the subject deletes the thing.
 */
export const subjects = pgTable('subjects', {
  id: id(),
  kind: subjectKind().notNull(),
  /** The number of the newest comment. Raised under this row's lock, so comments are numbered in order of commit. */
  commentSeq: integer().notNull().default(0),
  createdAt: instant().notNull().defaultNow(),
})
