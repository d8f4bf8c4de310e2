import { sql } from 'drizzle-orm'
import type { Uuid } from '../../../core/ids.ts'
import type { Executor } from '../../database.ts'
import { runStatement } from '../../statement.ts'
import { movies, screens, type showtimeStatus, showtimes, theatres } from '../../tables/cinema/programme.ts'

/** A showtime as the venue announces it. */
export interface AnnouncedShowtime {
  readonly id: Uuid
  readonly movieId: Uuid
  readonly movie: string
  readonly status: (typeof showtimeStatus.enumValues)[number]
  readonly isOver: boolean
  /** As the venue's clock shows it: `Fri 20 Nov 2026, 20:30`. */
  readonly localStartsAt: string
  readonly timeZone: string
  readonly theatre: string
  readonly address: string
  readonly city: string
  readonly screen: string
}

const ANNOUNCED = sql`select ${showtimes.id} as "id", ${movies.id} as "movieId", ${movies.title} as "movie", ${showtimes.status} as "status",
    ${showtimes.startsAt} <= now() as "isOver", to_char(${showtimes.localStartsAt}, 'Dy DD Mon YYYY, HH24:MI') as "localStartsAt",
    ${theatres.timeZone} as "timeZone", ${theatres.name} as "theatre", ${theatres.address} as "address", ${theatres.city} as "city", ${screens.name} as "screen"
  from ${showtimes} join ${movies} on ${movies.id} = ${showtimes.movieId}
    join ${theatres} on ${theatres.id} = ${showtimes.theatreId} join ${screens} on ${screens.id} = ${showtimes.screenId}`

export async function findAnnouncedShowtime(db: Executor, id: Uuid): Promise<AnnouncedShowtime | null> {
  const [found] = await runStatement<AnnouncedShowtime>(db, sql`${ANNOUNCED} where ${showtimes.id} = ${id}::text::uuid`)
  return found ?? null
}

/** The next showtimes of a movie, the first first. */
export const findNextShowtimes = (db: Executor, movieId: Uuid, most: number): Promise<AnnouncedShowtime[]> =>
  runStatement<AnnouncedShowtime>(
    db,
    sql`${ANNOUNCED} where ${showtimes.movieId} = ${movieId}::text::uuid and ${showtimes.status} <> 'CANCELLED' and ${showtimes.startsAt} > now()
      order by ${showtimes.startsAt}, ${showtimes.id} limit ${sql.raw(String(most))}`,
  )
