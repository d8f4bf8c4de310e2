import { index, pgEnum, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { instant } from './columns.ts'
import { subjects } from './subject.ts'

export const reactionKind = pgEnum('reaction_kind', ['LIKE', 'LOVE', 'LAUGH', 'WOW', 'SAD', 'EMOJI'])

export const reactions = pgTable(
  'reactions',
  {
    subjectId: uuid()
      .notNull()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    kind: reactionKind().notNull(),
    /** Which one, of the kind EMOJI; empty for the kinds that have a name. */
    emoji: text().notNull().default(''),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'reactions_once', columns: [t.subjectId, t.kind, t.emoji, t.accountId] }),
    index('reactions_by_account').on(t.accountId),
  ],
)
