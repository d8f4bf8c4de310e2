import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  foreignKey,
  index,
  pgEnum,
  pgTable,
  primaryKey,
  smallint,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { seats, showtimes } from './programme.ts'

/**
 * Who has which seat of a showtime. The primary key is the rule: there is one row for a seat of a showtime, and a row that has not
 * lapsed is never overwritten (see `domain/cinema/hold`).
 */
export const seatClaims = pgTable(
  'seat_claims',
  {
    showtimeId: uuid().notNull(),
    seatId: uuid().notNull(),
    screenId: uuid().notNull(),
    holdId: uuid().notNull(),
    /** Its own; the ticket that becomes of it has the same. */
    claimId: uuid().notNull(),
    /** The cart that it was put into, and the order that it is kept for. No references: carts go, and orders are another room's. */
    cartId: uuid(),
    orderId: uuid(),
    /** An account, or what a guest's token hashes to. */
    holderId: uuid().notNull(),
    isGuest: boolean().notNull(),
    /** The holder's seats of this showtime are numbered, so that nobody has more than there are numbers. */
    slot: smallint().notNull(),
    heldAt: instant().notNull(),
    /** When the seat is free again; null once it is sold. */
    expiresAt: instant(),
  },
  (t) => [
    primaryKey({ name: 'seat_claims_once', columns: [t.showtimeId, t.seatId] }),
    foreignKey({
      name: 'seat_claims_showtime_of_screen',
      columns: [t.showtimeId, t.screenId],
      foreignColumns: [showtimes.id, showtimes.screenId],
    }).onDelete('cascade'),
    foreignKey({
      name: 'seat_claims_seat_of_screen',
      columns: [t.seatId, t.screenId],
      foreignColumns: [seats.id, seats.screenId],
    }),
    // Its first column finds the holds of a holder: each further index would be paid for by every booking.
    index('seat_claims_by_cart').on(t.cartId).where(sql`${t.cartId} is not null`),
    unique('seat_claims_slot_once').on(t.holderId, t.showtimeId, t.slot),
    // A statement that meets a claim that has not lapsed sets the slot to 0, and thereby fails as a whole.
    check('seat_claims_taken', sql`${t.slot} > 0`),
    check('seat_claims_most', sql`${t.slot} <= 10`),
  ],
)

export const ticketStatus = pgEnum('ticket_status', ['RESERVED', 'VALID', 'CHECKED_IN', 'REFUNDED', 'RELEASED'])

/** A seat on an order. It remembers the seat, so that a payment that comes late can take it anew. */
export const tickets = pgTable(
  'tickets',
  {
    id: id(),
    showtimeId: uuid().notNull(),
    seatId: uuid().notNull(),
    screenId: uuid().notNull(),
    orderId: uuid().notNull(),
    /** Whose seats they were when they were held: they count among the ten of one holder. */
    holderId: uuid().notNull(),
    /** Null for a guest's, and once the account is gone: the books stay. */
    accountId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    status: ticketStatus().notNull().default('RESERVED'),
    checkedInAt: instant(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    foreignKey({
      name: 'tickets_showtime_of_screen',
      columns: [t.showtimeId, t.screenId],
      foreignColumns: [showtimes.id, showtimes.screenId],
    }),
    foreignKey({
      name: 'tickets_seat_of_screen',
      columns: [t.seatId, t.screenId],
      foreignColumns: [seats.id, seats.screenId],
    }),
    // Sold or checked in once: `seat_claims` says so too, and the two keep an eye on each other.
    uniqueIndex('tickets_one_for_a_seat').on(t.showtimeId, t.seatId).where(sql`${t.status} in ('VALID', 'CHECKED_IN')`),
    index('tickets_by_order').on(t.orderId),
    index('tickets_newest_by_account').on(t.accountId, t.createdAt, t.id),
    // The seats of a showtime that did not take place are paid back also to those who were let in.
    check(
      'tickets_checked_in_has_time',
      sql`case ${t.status} when 'CHECKED_IN' then ${t.checkedInAt} is not null when 'REFUNDED' then true else ${t.checkedInAt} is null end`,
    ),
    // For the job that pays a cancelled showtime back, and for those who saw a movie.
    index('tickets_by_showtime').on(t.showtimeId, t.status, t.orderId),
  ],
)
