import type { Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import type { MailParams } from '../../gateways/mail/templates.ts'
import type { Deps } from '../deps.ts'
import { moviePath, showtimePath } from './subject.ts'
import { orderTicketsUrl } from './ticket.ts'

type MailDeps = Pick<Deps, 'db' | 'publicUrl' | 'jwtSecret'>

const SHOWN = `m.title as movie, to_char(s.local_starts_at, 'Dy DD Mon YYYY, HH24:MI') as "startsAt", h.name as theatre`
const FROM = 'showtimes s join movies m on m.id = s.movie_id join theatres h on h.id = s.theatre_id'

interface Shown {
  movie: string
  startsAt: string
  theatre: string
}

/** Where the tickets of a paid order are; null where it has none that lets anybody in. */
export async function findTicketsUrl(deps: MailDeps, orderId: Uuid): Promise<string | null> {
  const [found] = await deps.db.query(
    `select 1 from tickets where order_id = $1::text::uuid and status in ('VALID', 'CHECKED_IN') limit 1`,
    [orderId],
  )
  return found === undefined ? null : orderTicketsUrl(deps, orderId)
}

/** How many tickets of the order that a refund is for were taken back, and how many let somebody in or have. */
export async function countTicketsOf(db: Executor, refundId: Uuid): Promise<MailParams['refund']['tickets']> {
  const [found] = await db.query<MailParams['refund']['tickets']>(
    `select count(*) filter (where t.status = 'REFUNDED')::int as void, count(*) filter (where t.status in ('VALID', 'CHECKED_IN'))::int as valid
     from refunds r join tickets t on t.order_id = r.order_id where r.id = $1::text::uuid`,
    [refundId],
  )
  return found ?? { void: 0, valid: 0 }
}

/** What a buyer is told of a showtime that does not take place. */
export async function findCancelledShowtime(
  deps: MailDeps,
  orderId: Uuid,
  showtimeId: Uuid,
): Promise<MailParams['showtimeCancelled'] | null> {
  const [found] = await deps.db.query<Shown & { movieId: Uuid; wasPaid: boolean }>(
    `select ${SHOWN}, m.id as "movieId", o.paid_at is not null as "wasPaid" from ${FROM} join orders o on o.id = $2::text::uuid where s.id = $1::text::uuid`,
    [showtimeId, orderId],
  )
  if (found === undefined) return null
  const { movieId, wasPaid, ...shown } = found
  return {
    ...shown,
    refundUrl: wasPaid ? orderTicketsUrl(deps, orderId) : null,
    programmeUrl: deps.publicUrl() + moviePath(movieId),
  }
}

/** What is held for a member who waited; null once it was taken, given up or ran out. */
export async function findSeatOffer(deps: MailDeps, entryId: Uuid): Promise<MailParams['seatsOffered'] | null> {
  const [found] = await deps.db.query<Shown & { showtimeId: Uuid; seats: string | null; until: string }>(
    `select ${SHOWN}, s.id as "showtimeId", held.seats, to_char(held.until at time zone h.time_zone, 'Dy DD Mon YYYY, HH24:MI') as "until"
     from waitlist_entries w join ${FROM} on s.id = w.showtime_id cross join lateral (
       select string_agg(format('row %s, seat %s', seat.row, seat.number), '; ' order by seat.row_index, seat.column_index) as seats, min(c.expires_at) as until
       from seat_claims c join seats seat on seat.id = c.seat_id
       where c.showtime_id = s.id and c.hold_id = w.hold_id and c.expires_at > now() and c.order_id is null
     ) held where w.id = $1::text::uuid and w.status = 'OFFERED'`,
    [entryId],
  )
  if (found === undefined || found.seats === null) return null
  const { showtimeId, seats, ...shown } = found
  return { ...shown, seats, offerUrl: deps.publicUrl() + showtimePath(showtimeId) }
}

/** What those are told who waited for a showtime that does not take place. */
export async function findEndedWait(deps: MailDeps, entryId: Uuid): Promise<MailParams['waitlistEnded'] | null> {
  const [found] = await deps.db.query<Shown & { movieId: Uuid }>(
    `select ${SHOWN}, m.id as "movieId" from waitlist_entries w join ${FROM} on s.id = w.showtime_id where w.id = $1::text::uuid`,
    [entryId],
  )
  if (found === undefined) return null
  const { movieId, ...shown } = found
  return { ...shown, programmeUrl: deps.publicUrl() + moviePath(movieId) }
}
