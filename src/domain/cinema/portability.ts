import { eq } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { seatClaims, tickets } from '../../db/tables/cinema/booking.ts'
import { movies, seats, showtimes } from '../../db/tables/cinema/programme.ts'
import { waitlistEntries } from '../../db/tables/cinema/waitlist.ts'
import type { Portability } from '../account/portability.ts'
import { MAX_SEATS_PER_HOLDER } from './rules.ts'

export const waitlistPortability: Portability = {
  room: 'waitlists',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select({
        showtime: showtimes.id,
        movie: movies.title,
        startsAt: showtimes.startsAt,
        seatCount: waitlistEntries.seatCount,
        seatType: waitlistEntries.seatType,
        status: waitlistEntries.status,
        offeredAt: waitlistEntries.offeredAt,
        createdAt: waitlistEntries.createdAt,
      })
      .from(waitlistEntries)
      .innerJoin(showtimes, eq(showtimes.id, waitlistEntries.showtimeId))
      .innerJoin(movies, eq(movies.id, showtimes.movieId))
      .where(eq(waitlistEntries.accountId, accountId))
      .orderBy(waitlistEntries.createdAt)
    return rows.map(({ showtime, ...row }) => ({ showtime: encodeId('showtime', showtime), ...row }))
  },
  // Places in lines go with the account.
  async eraseOf() {},
}

export const cinemaPortability: Portability = {
  room: 'seats',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select({
        showtime: showtimes.id,
        movie: movies.title,
        startsAt: showtimes.startsAt,
        row: seats.row,
        number: seats.number,
        heldAt: seatClaims.heldAt,
        heldUntil: seatClaims.expiresAt,
        ticket: tickets.status,
        checkedInAt: tickets.checkedInAt,
      })
      .from(seatClaims)
      .innerJoin(showtimes, eq(showtimes.id, seatClaims.showtimeId))
      .innerJoin(movies, eq(movies.id, showtimes.movieId))
      .innerJoin(seats, eq(seats.id, seatClaims.seatId))
      .leftJoin(tickets, eq(tickets.id, seatClaims.claimId))
      .where(eq(seatClaims.holderId, accountId))
      .orderBy(showtimes.startsAt, seats.row, seats.number)
    return rows.map(({ showtime, ...row }) => ({ showtime: encodeId('showtime', showtime), ...row }))
  },
  async eraseOf(tx, accountId) {
    // What was only held is free. What is on an order stays sold, in the name of the order: the books and the house need it.
    await tx.query(
      `delete from seat_claims where (showtime_id, seat_id) in (
         select showtime_id, seat_id from seat_claims
         where holder_id = $1::text::uuid and expires_at is not null and order_id is null order by seat_id for update)`,
      [accountId],
    )
    // An order that was paid late has seats in its own name already: the others get numbers that are left.
    await tx.query(
      `with kept as (select showtime_id, seat_id, order_id from seat_claims where holder_id = $1::text::uuid order by seat_id for update),
         placed as (select *, row_number() over (partition by order_id, showtime_id order by seat_id) as place from kept),
         free as (
           select o.order_id, o.showtime_id, n.slot, row_number() over (partition by o.order_id, o.showtime_id order by n.slot) as place
           from (select distinct order_id, showtime_id from kept) o cross join generate_series(1, ${MAX_SEATS_PER_HOLDER}) as n(slot)
           where not exists (select 1 from seat_claims c where c.holder_id = o.order_id and c.showtime_id = o.showtime_id and c.slot = n.slot))
       update seat_claims c set holder_id = c.order_id, is_guest = true, slot = free.slot
       from placed join free using (order_id, showtime_id, place) where c.showtime_id = placed.showtime_id and c.seat_id = placed.seat_id`,
      [accountId],
    )
    await tx.query('update tickets set holder_id = order_id where holder_id = $1::text::uuid', [accountId])
  },
}
