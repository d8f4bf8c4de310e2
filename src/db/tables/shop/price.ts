import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { variants } from './catalogue.ts'

/** Who changed a price, when and why. Rows are only added: the database refuses to change or delete one. */
export const priceChanges = pgTable(
  'price_changes',
  {
    id: id(),
    variantId: uuid()
      .notNull()
      .references(() => variants.id),
    fromMinor: integer().notNull(),
    toMinor: integer().notNull(),
    note: text().notNull().default(''),
    /** Null once the account is gone. */
    actorId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    createdAt: instant().notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    index('price_changes_newest').on(t.variantId, t.createdAt, t.id),
    index('price_changes_by_actor').on(t.actorId),
    check('price_changes_something', sql`${t.fromMinor} <> ${t.toMinor}`),
  ],
)
