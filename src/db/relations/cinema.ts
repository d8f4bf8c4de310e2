import { sql } from 'drizzle-orm'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, entity, hasMany } from '../relation.ts'
import { tickets } from '../tables/cinema/booking.ts'
import {
  movieCast,
  movies,
  screens,
  seats,
  showtimeSchedules,
  showtimes,
  theatres,
} from '../tables/cinema/programme.ts'
import { waitlistEntries } from '../tables/cinema/waitlist.ts'

export const movieEntity = entity('Movie', movies, ['search', 'ratingSum', 'ratingCount', 'ratingRank'])
export const theatreEntity = entity('Theatre', theatres)
export const screenEntity = entity('Screen', screens)
export const seatEntity = entity('Seat', seats)
export const showtimeEntity = entity('Showtime', showtimes)
export const scheduleEntity = entity('ShowtimeSchedule', showtimeSchedules)
const castEntity = entity('CastMember', movieCast)

export const ticketEntity = entity('Ticket', tickets, ['holderId'])

export const waitlistEntity = entity('WaitlistEntry', waitlistEntries, ['place', 'updatedAt'])

export const ticketById = belongsTo(ticketEntity, tickets.id)
export const waitlistEntryById = belongsTo(waitlistEntity, waitlistEntries.id)
export const movieById = belongsTo(movieEntity, movies.id)
export const theatreById = belongsTo(theatreEntity, theatres.id)
export const screenById = belongsTo(screenEntity, screens.id)
export const seatById = belongsTo(seatEntity, seats.id)
export const showtimeById = belongsTo(showtimeEntity, showtimes.id)
export const scheduleById = belongsTo(scheduleEntity, showtimeSchedules.id)

export const movieCastList = hasMany(castEntity, {
  by: movieCast.movieId,
  order: { name: 'CREDITS', direction: 'asc', keys: [{ value: movieCast.position, type: 'integer' }] },
})

export const theatreScreens = hasMany(screenEntity, {
  by: screens.theatreId,
  order: {
    name: 'NAME',
    direction: 'asc',
    keys: [
      { value: screens.name, type: 'text' },
      { value: screens.id, type: 'uuid' },
    ],
  },
})

/** Row by row from the front, each from the left. */
export const screenSeats = hasMany(seatEntity, {
  by: seats.screenId,
  order: {
    name: 'PLAN',
    direction: 'asc',
    keys: [
      { value: seats.rowIndex, type: 'integer' },
      { value: seats.columnIndex, type: 'integer' },
    ],
  },
  limit: 1000,
})

export const screenSeatCount = count(seats, { by: seats.screenId })

export const NEXT_SHOWTIME: KeysetOrder = {
  name: 'NEXT',
  direction: 'asc',
  keys: [
    { value: showtimes.startsAt, type: 'timestamptz' },
    { value: showtimes.id, type: 'uuid' },
  ],
}

const isAhead = sql`${showtimes.status} <> 'CANCELLED' and ${showtimes.startsAt} > now()`

export const movieShowtimes = hasMany(showtimeEntity, { by: showtimes.movieId, where: isAhead, order: NEXT_SHOWTIME })
export const theatreShowtimes = hasMany(showtimeEntity, {
  by: showtimes.theatreId,
  where: isAhead,
  order: NEXT_SHOWTIME,
})
export const movieShowtimeCount = count(showtimes, { by: showtimes.movieId, where: isAhead })
export const theatreShowtimeCount = count(showtimes, { by: showtimes.theatreId, where: isAhead })
