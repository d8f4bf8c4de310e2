import { sql } from 'drizzle-orm'
import { bigint, check, index, pgEnum, pgTable, smallint, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { seatType, showtimes } from './programme.ts'

export const waitlistStatus = pgEnum('waitlist_status', ['WAITING', 'OFFERED', 'BOOKED', 'EXPIRED', 'LEFT'])

/** Who waits for seats of a showtime that has none left. */
export const waitlistEntries = pgTable(
  'waitlist_entries',
  {
    id: id(),
    showtimeId: uuid()
      .notNull()
      .references(() => showtimes.id, { onDelete: 'cascade' }),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    seatCount: smallint().notNull(),
    /** Only such seats; null for ordinary ones, standard or premium. */
    seatType: seatType(),
    status: waitlistStatus().notNull().default('WAITING'),
    /** The place in the line. Two who join at once have different ones. */
    place: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** What is held for them, once it is. */
    holdId: uuid(),
    offeredAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('waitlist_once').on(t.showtimeId, t.accountId).where(sql`${t.status} in ('WAITING', 'OFFERED')`),
    index('waitlist_line').on(t.showtimeId, t.place).where(sql`${t.status} in ('WAITING', 'OFFERED')`),
    index('waitlist_newest_by_account').on(t.accountId, t.createdAt, t.id),
    check('waitlist_seats', sql`${t.seatCount} between 1 and 10`),
    check(
      'waitlist_offer',
      sql`(${t.holdId} is null) = (${t.offeredAt} is null) and (${t.status} <> 'OFFERED' or ${t.holdId} is not null) and (${t.status} <> 'WAITING' or ${t.holdId} is null)`,
    ),
  ],
)
