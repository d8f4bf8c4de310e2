import { type SQL, sql } from 'drizzle-orm'
import {
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  smallint,
  text,
  time,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from './account.ts'
import { id, instant, tsvector } from './columns.ts'
import { subjects } from './subject.ts'

export const ageRating = pgEnum('age_rating', ['ALL', 'AGE_6', 'AGE_12', 'AGE_16', 'AGE_18'])
export const seatType = pgEnum('seat_type', ['STANDARD', 'PREMIUM', 'ACCESSIBLE', 'COUPLE'])
export const showtimeStatus = pgEnum('showtime_status', ['SCHEDULED', 'PAUSED', 'CANCELLED'])

export const movies = pgTable(
  'movies',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    title: text().notNull(),
    synopsis: text().notNull().default(''),
    director: text().notNull().default(''),
    /** Values of `GENRES` in domain/cinema/rules, each once. */
    genres: text().array().notNull(),
    ageRating: ageRating().notNull().default('ALL'),
    runningTimeMinutes: smallint().notNull(),
    releaseDay: date({ mode: 'string' }).notNull(),
    lastDay: date({ mode: 'string' }),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
    // Words of titles are kept as they are (simple): "It" and "Her" are no stop words there.
    search: tsvector()
      .notNull()
      .generatedAlwaysAs(
        (): SQL =>
          sql`setweight(to_tsvector('simple', ${movies.title}), 'A') || setweight(to_tsvector('simple', ${movies.director}), 'B') || setweight(to_tsvector('english', ${movies.synopsis}), 'C')`,
      ),
  },
  (t) => [
    index('movies_newest').on(t.releaseDay, t.id),
    index('movies_by_title').on(t.title, t.id),
    index('movies_search').using('gin', t.search).with({ fastupdate: false }),
    index('movies_by_genre').using('gin', t.genres).with({ fastupdate: false }),
    check('movies_title_length', sql`char_length(${t.title}) between 1 and 200`),
    check('movies_running_time', sql`${t.runningTimeMinutes} between 1 and 900`),
    check('movies_run', sql`${t.lastDay} is null or ${t.lastDay} >= ${t.releaseDay}`),
  ],
)

/** Who plays whom, in the order of the credits. */
export const movieCast = pgTable(
  'movie_cast',
  {
    movieId: uuid()
      .notNull()
      .references(() => movies.id, { onDelete: 'cascade' }),
    position: smallint().notNull(),
    name: text().notNull(),
    character: text().notNull().default(''),
  },
  (t) => [
    primaryKey({ columns: [t.movieId, t.position] }),
    index('movie_cast_by_name').on(sql`lower(${t.name})`, t.movieId),
  ],
)

export const theatres = pgTable('theatres', {
  id: id(),
  name: text().notNull().unique('theatres_name_taken'),
  address: text().notNull(),
  city: text().notNull(),
  /** IANA name. It never changes: local times of showtimes were computed with it. */
  timeZone: text().notNull(),
  createdAt: instant().notNull().defaultNow(),
})

export const screens = pgTable(
  'screens',
  {
    id: id(),
    theatreId: uuid()
      .notNull()
      .references(() => theatres.id),
    name: text().notNull(),
    /** Nothing begins on the screen for so long after a showing. */
    cleaningMinutes: smallint().notNull(),
    /** Buyers may leave a single free seat between taken ones. */
    allowsSingleSeats: boolean().notNull().default(false),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('screens_name_taken').on(t.theatreId, t.name),
    unique('screens_of_theatre').on(t.id, t.theatreId),
    check('screens_cleaning', sql`${t.cleaningMinutes} between 0 and 240`),
  ],
)

export const seats = pgTable(
  'seats',
  {
    id: id(),
    screenId: uuid()
      .notNull()
      .references(() => screens.id),
    /** From the screen backwards, from 0. */
    rowIndex: smallint().notNull(),
    /** From the left, from 0. A place without a seat leaves its number out, so neighbours differ by one. */
    columnIndex: smallint().notNull(),
    row: text().notNull(),
    number: smallint().notNull(),
    type: seatType().notNull(),
    /** Which sofa of the screen a COUPLE seat belongs to. */
    pair: smallint(),
    isBlocked: boolean().notNull().default(false),
  },
  (t) => [
    unique('seats_one_place').on(t.screenId, t.rowIndex, t.columnIndex),
    unique('seats_one_name').on(t.screenId, t.row, t.number),
    unique('seats_of_screen').on(t.id, t.screenId),
    check('seats_pair', sql`(${t.type} = 'COUPLE') = (${t.pair} is not null)`),
  ],
)

const prices = {
  currency: text().notNull(),
  standardMinor: integer().notNull(),
  premiumMinor: integer().notNull(),
  accessibleMinor: integer().notNull(),
  coupleMinor: integer().notNull(),
}

/** "Every day 20:30 from … to …": showtimes follow from it, each day once. */
export const showtimeSchedules = pgTable(
  'showtime_schedules',
  {
    id: id(),
    movieId: uuid()
      .notNull()
      .references(() => movies.id),
    screenId: uuid()
      .notNull()
      .references(() => screens.id),
    /** On the venue's clock. */
    localTime: time().notNull(),
    firstDay: date({ mode: 'string' }).notNull(),
    lastDay: date({ mode: 'string' }).notNull(),
    /** ISO 8601: 1 is Monday, 7 is Sunday. */
    weekdays: smallint().array().notNull(),
    ...prices,
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('showtime_schedules_by_screen').on(t.screenId),
    index('showtime_schedules_by_movie').on(t.movieId),
    index('showtime_schedules_newest').on(t.createdAt, t.id),
    check('showtime_schedules_run', sql`${t.lastDay} >= ${t.firstDay}`),
  ],
)

/**
 * The migration adds what drizzle cannot say: `showtimes_screen_busy`, which excludes two showings on one screen whose
 * times from the beginning to the end of the cleaning overlap, unless one is cancelled.
 */
export const showtimes = pgTable(
  'showtimes',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    movieId: uuid()
      .notNull()
      .references(() => movies.id),
    screenId: uuid().notNull(),
    theatreId: uuid().notNull(),
    scheduleId: uuid().references(() => showtimeSchedules.id),
    status: showtimeStatus().notNull().default('SCHEDULED'),
    startsAt: instant().notNull(),
    endsAt: instant().notNull(),
    /** The end of the cleaning: when the next showing may begin. */
    clearedAt: instant().notNull(),
    /** What the venue's clock shows at the beginning. */
    localStartsAt: timestamp({ mode: 'string' }).notNull(),
    localDay: date({ mode: 'string' }).notNull(),
    ...prices,
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    foreignKey({
      name: 'showtimes_screen_of_theatre',
      columns: [t.screenId, t.theatreId],
      foreignColumns: [screens.id, screens.theatreId],
    }),
    unique('showtimes_once_a_day').on(t.scheduleId, t.localDay),
    unique('showtimes_of_screen').on(t.id, t.screenId),
    index('showtimes_next').on(t.startsAt, t.id).where(sql`${t.status} <> 'CANCELLED'`),
    index('showtimes_next_by_movie').on(t.movieId, t.startsAt, t.id),
    index('showtimes_next_by_theatre').on(t.theatreId, t.startsAt, t.id),
    index('showtimes_next_by_screen').on(t.screenId, t.startsAt, t.id),
    index('showtimes_by_day').on(t.localDay, t.movieId).where(sql`${t.status} <> 'CANCELLED'`),
    check('showtimes_in_order', sql`${t.startsAt} < ${t.endsAt} and ${t.endsAt} <= ${t.clearedAt}`),
    check(
      'showtimes_prices',
      sql`${t.standardMinor} >= 0 and ${t.premiumMinor} >= 0 and ${t.accessibleMinor} >= 0 and ${t.coupleMinor} >= 0`,
    ),
  ],
)

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
    check('tickets_checked_in_has_time', sql`(${t.status} = 'CHECKED_IN') = (${t.checkedInAt} is not null)`),
  ],
)
