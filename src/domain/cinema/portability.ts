import { eq } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { movies, seatClaims, seats, showtimes } from '../../db/tables/cinema.ts'
import type { Portability } from '../account/portability.ts'

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
      })
      .from(seatClaims)
      .innerJoin(showtimes, eq(showtimes.id, seatClaims.showtimeId))
      .innerJoin(movies, eq(movies.id, showtimes.movieId))
      .innerJoin(seats, eq(seats.id, seatClaims.seatId))
      .where(eq(seatClaims.holderId, accountId))
      .orderBy(showtimes.startsAt, seats.row, seats.number)
    return rows.map(({ showtime, ...row }) => ({ showtime: encodeId('showtime', showtime), ...row }))
  },
  async eraseOf(tx, accountId) {
    await tx.query(
      `delete from seat_claims where (showtime_id, seat_id) in (
         select showtime_id, seat_id from seat_claims where holder_id = $1::text::uuid order by seat_id for update)`,
      [accountId],
    )
  },
}
