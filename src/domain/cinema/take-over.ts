import type { Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Deps } from '../deps.ts'
import { tidy } from './claim.ts'
import { tooManySeats } from './decide.ts'
import type { Holder } from './holder.ts'
import { MAX_SEATS_PER_HOLDER } from './rules.ts'

interface Claimed {
  showtimeId: Uuid
  seatId: Uuid
  holderId: Uuid
  slot: number
  isOpen: boolean
}

/**
 * A guest has signed in: what they hold becomes the member's, as it is held. What is on an order stays the order's.
 * @throws DomainError `LIMIT_EXCEEDED` where a showtime would have more of the member's seats than one may have.
 */
export const takeOverHolds = (deps: Pick<Deps, 'db'>, guest: Holder, accountId: Uuid): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const showtimes = await tx.query<{ id: Uuid }>(
      `select distinct showtime_id as id from seat_claims
       where holder_id = $1::text::uuid and is_guest and order_id is null and expires_at > clock_timestamp() order by 1`,
      [guest.holderId],
    )
    for (const { id } of showtimes) {
      await tidy(tx, id, [accountId])
      const claims = await tx.query<Claimed>(
        `select showtime_id as "showtimeId", seat_id as "seatId", holder_id as "holderId", slot,
           is_guest and order_id is null and expires_at > clock_timestamp() as "isOpen"
         from seat_claims where showtime_id = $1::text::uuid and holder_id in ($2::text::uuid, $3::text::uuid) order by seat_id for update`,
        [id, guest.holderId, accountId],
      )
      const used = new Set(claims.filter(({ holderId }) => holderId === accountId).map(({ slot }) => slot))
      const free = Array.from({ length: MAX_SEATS_PER_HOLDER }, (_, at) => at + 1).filter((slot) => !used.has(slot))
      const taken = claims.filter(({ holderId, isOpen }) => holderId === guest.holderId && isOpen)
      if (taken.length > free.length) throw tooManySeats(['input', 'guestToken'])
      await tx.query(
        `update seat_claims c set holder_id = $2::text::uuid, is_guest = false, slot = own.slot
         from unnest($3::text::uuid[], $4::text::smallint[]) as own(seat_id, slot) where c.showtime_id = $1::text::uuid and c.seat_id = own.seat_id`,
        [
          id,
          accountId,
          pgArray(taken.map(({ seatId }) => seatId)),
          pgArray(taken.map((_, at) => String(free[at] ?? 0))),
        ],
      )
    }
  })
