import { sql } from 'drizzle-orm'
import type { Uuid } from '../../../core/ids.ts'
import type { Executor } from '../../database.ts'
import { runStatement } from '../../statement.ts'
import { type ticketStatus, tickets } from '../../tables/cinema/booking.ts'
import { movies, screens, seats, type seatType, showtimes, theatres } from '../../tables/cinema/programme.ts'

/** What is printed on a ticket. */
export interface TicketFacts {
  readonly id: Uuid
  readonly status: (typeof ticketStatus.enumValues)[number]
  readonly isCancelled: boolean
  readonly movie: string
  readonly theatre: string
  readonly address: string
  readonly city: string
  readonly timeZone: string
  readonly screen: string
  /** As the venue's clock shows it: `Fri 20 Nov 2026, 20:30`. */
  readonly localStartsAt: string
  readonly row: string
  readonly number: number
  readonly seatType: (typeof seatType.enumValues)[number]
}

/** One ticket, or those of an order that were ever paid, seat by seat. */
export const findTicketFacts = (
  db: Executor,
  { ticketId, orderId }: { ticketId: Uuid | null; orderId: Uuid | null },
): Promise<TicketFacts[]> =>
  runStatement<TicketFacts>(
    db,
    sql`select ${tickets.id} as "id", ${tickets.status} as "status", ${showtimes.status} = 'CANCELLED' as "isCancelled", ${movies.title} as "movie",
        ${theatres.name} as "theatre", ${theatres.address} as "address", ${theatres.city} as "city", ${theatres.timeZone} as "timeZone", ${screens.name} as "screen",
        to_char(${showtimes.localStartsAt}, 'Dy DD Mon YYYY, HH24:MI') as "localStartsAt", ${seats.row} as "row", ${seats.number} as "number", ${seats.type} as "seatType"
      from ${tickets} join ${showtimes} on ${showtimes.id} = ${tickets.showtimeId} join ${movies} on ${movies.id} = ${showtimes.movieId}
        join ${theatres} on ${theatres.id} = ${showtimes.theatreId} join ${screens} on ${screens.id} = ${showtimes.screenId} join ${seats} on ${seats.id} = ${tickets.seatId}
      where ${
        ticketId === null
          ? sql`${tickets.orderId} = ${orderId}::text::uuid and ${tickets.status} not in ('RESERVED', 'RELEASED')`
          : sql`${tickets.id} = ${ticketId}::text::uuid`
      } order by ${showtimes.startsAt}, ${seats.rowIndex}, ${seats.columnIndex}`,
  )
