import { addDays } from '../core/calendar.ts'
import type { Uuid } from '../core/ids.ts'
import { localDate } from '../core/local-time.ts'
import { holdSeats } from '../domain/cinema/hold.ts'
import { type Holder, memberHolder } from '../domain/cinema/holder.ts'
import { createMovie, type NewMovie } from '../domain/cinema/movie.ts'
import type { RowPlan } from '../domain/cinema/plan.ts'
import type { PricesInput } from '../domain/cinema/prices.ts'
import { createSchedule, type Filled, type NewSchedule } from '../domain/cinema/schedule.ts'
import { createShowtime } from '../domain/cinema/showtime.ts'
import { createScreen, createTheatre, type NewScreen, type NewTheatre } from '../domain/cinema/theatre.ts'
import type { Deps } from '../domain/deps.ts'
import type { Viewer } from '../domain/viewer.ts'

const PRICES: PricesInput = { currency: 'EUR', standard: '9.50', premium: '13.00', accessible: '7.50', couple: '12.00' }

/** Movies, houses and showtimes, made through the same functions as everybody else's. */
export class CinemaWorld {
  #theatres = 0

  constructor(readonly deps: Deps) {}

  movie = (staff: Viewer, movie: Partial<NewMovie> = {}): Promise<Uuid> =>
    createMovie(this.deps, staff, {
      title: 'A movie',
      genres: ['DRAMA'],
      runningTimeMinutes: 100,
      releaseDay: '2020-01-01',
      ...movie,
    })

  theatre(staff: Viewer, theatre: Partial<NewTheatre> = {}): Promise<Uuid> {
    this.#theatres += 1
    const name = `Theatre ${this.#theatres}`
    return createTheatre(this.deps, staff, {
      name,
      address: '1 Main Street',
      city: 'Paris',
      timeZone: 'UTC',
      ...theatre,
    })
  }

  screen = (staff: Viewer, theatreId: Uuid, screen: Partial<NewScreen> & { rows: RowPlan[] }): Promise<Uuid> =>
    createScreen(this.deps, staff, { theatreId, name: 'Screen 1', ...screen })

  /** Rows A, B, C, … of a plan. */
  rows = (...seats: string[]): RowPlan[] =>
    seats.map((row, at) => ({ name: String.fromCharCode('A'.charCodeAt(0) + at), seats: row }))

  showtime = (
    staff: Viewer,
    movieId: Uuid,
    screenId: Uuid,
    at: { day?: string; time?: string; prices?: PricesInput } = {},
  ): Promise<Uuid> =>
    createShowtime(this.deps, staff, {
      movieId,
      screenId,
      day: at.day ?? this.day(1),
      time: at.time ?? '20:30',
      prices: at.prices ?? PRICES,
    })

  schedule = (staff: Viewer, schedule: Omit<NewSchedule, 'prices'> & { prices?: PricesInput }): Promise<Filled> =>
    createSchedule(this.deps, staff, { prices: PRICES, ...schedule })

  /** So many days from today, in UTC. */
  day = (offset: number): string => addDays(localDate(this.deps.clock.now().getTime(), 'UTC'), offset)

  /** Ids by row and number: `A1`. */
  async seats(screenId: Uuid): Promise<Record<string, Uuid>> {
    const rows = await this.deps.db.query<{ id: Uuid; name: string }>(
      'select id, "row" || number as name from seats where screen_id = $1',
      [screenId],
    )
    return Object.fromEntries(rows.map(({ name, id }) => [name, id]))
  }

  hold = (holder: Viewer | Holder, showtimeId: Uuid, seatIds: readonly Uuid[]) =>
    holdSeats(this.deps, 'accountId' in holder ? memberHolder(holder) : holder, { showtimeId, seatIds })

  /** The clock of the database cannot be set: a hold lapses because its end is moved into the past. */
  async lapse(holdId: Uuid): Promise<void> {
    await this.deps.db.query(
      `update seat_claims set expires_at = now() - interval '1 second', held_at = held_at - interval '11 minutes' where hold_id = $1`,
      [holdId],
    )
  }

  /** It has begun a minute ago. */
  async begin(showtimeId: Uuid): Promise<void> {
    await this.deps.db.query(
      `update showtimes set starts_at = now() - interval '1 minute', ends_at = now() + interval '1 hour', cleared_at = now() + interval '2 hours' where id = $1`,
      [showtimeId],
    )
  }
}
