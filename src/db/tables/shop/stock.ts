import { sql } from 'drizzle-orm'
import { check, index, integer, pgEnum, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { variants } from './catalogue.ts'

export const movementKind = pgEnum('movement_kind', ['IN', 'OUT', 'CORRECTION'])

/**
 * Everything that ever came, went or was counted anew. Rows are only added: the database refuses to change or delete
 * one, and adds each to `stock_levels` itself (see the migration).
 */
export const stockMovements = pgTable(
  'stock_movements',
  {
    id: id(),
    variantId: uuid()
      .notNull()
      .references(() => variants.id),
    kind: movementKind().notNull(),
    /** How much the stock changes: negative for what goes. */
    quantity: integer().notNull(),
    note: text().notNull().default(''),
    /** Null for what an order moved, and once the account is gone. */
    actorId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    createdAt: instant().notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    index('stock_movements_newest').on(t.variantId, t.createdAt, t.id),
    check(
      'stock_movements_direction',
      sql`(${t.kind} = 'IN' and ${t.quantity} > 0) or (${t.kind} = 'OUT' and ${t.quantity} < 0) or (${t.kind} = 'CORRECTION' and ${t.quantity} <> 0)`,
    ),
  ],
)

/** The sum of a variant's movements, kept by the database. Its row is the lock under which stock is taken. */
export const stockLevels = pgTable(
  'stock_levels',
  {
    variantId: uuid()
      .primaryKey()
      .references(() => variants.id, { onDelete: 'cascade' }),
    quantity: integer().notNull().default(0),
  },
  (t) => [check('stock_levels_not_below_zero', sql`${t.quantity} >= 0`)],
)

/**
 * Pieces that an unpaid order keeps for a while. Whoever takes stock counts only those whose time is not over, by the
 * database's clock, so what has lapsed is free at once. Paid pieces leave by a movement, and their row here goes.
 */
export const stockHolds = pgTable(
  'stock_holds',
  {
    orderId: uuid().notNull(),
    variantId: uuid()
      .notNull()
      .references(() => variants.id, { onDelete: 'cascade' }),
    quantity: integer().notNull(),
    expiresAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ name: 'stock_holds_once', columns: [t.orderId, t.variantId] }),
    index('stock_holds_by_variant').on(t.variantId, t.expiresAt),
    check('stock_holds_quantity', sql`${t.quantity} > 0`),
  ],
)
