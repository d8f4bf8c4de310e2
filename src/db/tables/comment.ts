import { sql } from 'drizzle-orm'
import { boolean, check, foreignKey, index, integer, pgEnum, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { instant } from './columns.ts'
import { subjects } from './subject.ts'

export const commentState = pgEnum('comment_state', ['VISIBLE', 'HELD', 'REMOVED', 'DELETED'])

export const comments = pgTable(
  'comments',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    /** What it is written on. */
    subjectId: uuid()
      .notNull()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    /** Its number on the subject, in order of commit: the cursor of the live stream. */
    seq: integer().notNull(),
    parentId: uuid(),
    /** Null once the author's account is deleted; the thread stays readable. */
    authorId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    body: text().notNull(),
    bodyHtml: text().notNull(),
    state: commentState().notNull().default('VISIBLE'),
    /** Staff held or removed it: nobody else takes that back. */
    decidedByStaff: boolean().notNull().default(false),
    /** 0 for a comment on the subject itself, 1 for a reply to it, and so on. */
    depth: integer().notNull().default(0),
    createdAt: instant().notNull().defaultNow(),
    editedAt: instant(),
  },
  (t) => [
    unique('comments_seq').on(t.subjectId, t.seq),
    unique('comments_same_subject').on(t.id, t.subjectId),
    foreignKey({
      name: 'comments_parent_on_same_subject',
      columns: [t.parentId, t.subjectId],
      foreignColumns: [t.id, t.subjectId],
    }).onDelete('cascade'),
    index('comments_top_level').on(t.subjectId, t.createdAt, t.id).where(sql`${t.parentId} is null`),
    index('comments_replies').on(t.parentId, t.createdAt, t.id),
    index('comments_by_author').on(t.authorId, t.createdAt),
    check('comments_depth', sql`${t.depth} between 0 and 20 and (${t.depth} = 0) = (${t.parentId} is null)`),
    check('comments_tombstone_is_empty', sql`${t.state} <> 'DELETED' or (${t.body} = '' and ${t.bodyHtml} = '')`),
  ],
)
