import { sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import { statement } from '../../statement.ts'
import type { seatType } from '../../tables/cinema/programme.ts'

/** A seat of a showtime before it is held, with the claim on it that has not lapsed. */
export interface LookedSeat {
  readonly id: string
  readonly rowIndex: number
  readonly columnIndex: number
  readonly type: (typeof seatType.enumValues)[number]
  readonly pair: number | null
  readonly isBlocked: boolean
  readonly holderId: string | null
  readonly holdId: string | null
}

/** A seat that one of the buyers has or had, lapsed or not. */
export interface OwnClaim {
  readonly holderId: string
  readonly seatId: string
  readonly holdId: string
  readonly slot: number
  readonly isLive: boolean
  readonly heldAt: string
  /** Null once it is on an order or sold. */
  readonly expiresAt: string | null
}

export interface Look {
  readonly screenId: string
  readonly isOnSale: boolean
  readonly isAhead: boolean
  readonly allowsSingleSeats: boolean
  /** Somebody is on the waitlist. */
  readonly isAwaited: boolean
  /** Whole rows: those in which somebody wants a seat. */
  readonly seats: readonly LookedSeat[]
  readonly own: readonly OwnClaim[]
}

const name = sql.placeholder

const look = statement<Look>(sql`
select s.screen_id as "screenId", s.status = 'SCHEDULED' as "isOnSale", s.starts_at > now() as "isAhead",
  screen.allows_single_seats as "allowsSingleSeats",
  exists (select 1 from waitlist_entries w where w.showtime_id = s.id and w.status = 'WAITING') as "isAwaited",
  (select coalesce(json_agg(json_build_object('id', seat.id, 'rowIndex', seat.row_index, 'columnIndex', seat.column_index, 'type', seat.type,
      'pair', seat.pair, 'isBlocked', seat.is_blocked, 'holderId', c.holder_id, 'holdId', c.hold_id)), '[]')
    from seats seat left join seat_claims c on c.showtime_id = s.id and c.seat_id = seat.id and (c.expires_at is null or c.expires_at > now())
    where seat.screen_id = s.screen_id and seat.row_index in (select row_index from seats where id = any(${name('seatIds')}::text::uuid[]) and screen_id = s.screen_id)
  ) as "seats",
  (select coalesce(json_agg(json_build_object('holderId', c.holder_id, 'seatId', c.seat_id, 'holdId', c.hold_id, 'slot', c.slot,
      'isLive', c.expires_at is null or c.expires_at > now(), 'heldAt', c.held_at::text, 'expiresAt', case when c.order_id is null then c.expires_at::text end)), '[]')
    from seat_claims c where c.showtime_id = s.id and c.holder_id = any(${name('holderIds')}::text::uuid[])
  ) as "own"
from showtimes s join screens screen on screen.id = s.screen_id where s.id = ${name('showtimeId')}::text::uuid`)

/** What buyers of these seats need to know; null when there is no such showtime. */
export async function lookAt(
  db: Executor,
  showtimeId: string,
  seatIds: readonly string[],
  holderIds: readonly string[],
): Promise<Look | null> {
  const values = { showtimeId, seatIds: pgArray(seatIds), holderIds: pgArray(holderIds) }
  return (await look.run(db, values))[0] ?? null
}
