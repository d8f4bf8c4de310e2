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
  uuid,
} from 'drizzle-orm/pg-core'
import { id, instant, tsvector } from '../columns.ts'
import { subjects } from '../subject.ts'

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
    /** Sum and number of the stars of its reviews: a trigger of `review_totals` copies them, for the lists. */
    ratingSum: integer().notNull().default(0),
    ratingCount: integer().notNull().default(0),
    /**
     * The mean with five more reviews of three stars, in hundred thousandths; 0 without a review. The weighted rating of
     * IMDb's top 250, (v/(v+m))·R + (m/(v+m))·C, with m = 5 and C = 3: one enthusiast does not outdo a hundred.
     */
    ratingRank: integer()
      .notNull()
      .generatedAlwaysAs(
        (): SQL =>
          sql`case when ${movies.ratingCount} = 0 then 0 else (${movies.ratingSum} + 15)::bigint * 100000 / (${movies.ratingCount} + 5) end`,
      ),
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
    index('movies_by_rating').on(t.ratingRank, t.id),
    index('movies_search').using('gin', t.search).with({ fastupdate: false }),
    index('movies_by_genre').using('gin', t.genres).with({ fastupdate: false }),
    check('movies_title_length', sql`char_length(${t.title}) between 1 and 200`),
    check('movies_running_time', sql`${t.runningTimeMinutes} between 1 and 900`),
    check(
      'movies_rating',
      sql`${t.ratingCount} >= 0 and ${t.ratingSum} between ${t.ratingCount} and 5 * ${t.ratingCount}`,
    ),
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

export const theatres = pgTable(
  'theatres',
  {
    id: id(),
    name: text().notNull().unique('theatres_name_taken'),
    address: text().notNull(),
    city: text().notNull(),
    /** IANA name. It never changes: local times of showtimes were computed with it. */
    timeZone: text().notNull(),
    /** Buyers give tickets back until so long before the beginning. */
    cancellationMinutes: smallint().notNull().default(60),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [check('theatres_cancellation', sql`${t.cancellationMinutes} between 0 and 20160`)],
)

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
    // Staff look at what is over or was cancelled as well.
    index('showtimes_by_time').on(t.startsAt, t.id),
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
