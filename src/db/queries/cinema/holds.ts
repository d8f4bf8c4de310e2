import { sql } from 'drizzle-orm'
import type { Uuid } from '../../../core/ids.ts'
import { keysOf } from '../../relation.ts'
import { statement } from '../../statement.ts'
import { seatClaims } from '../../tables/cinema/booking.ts'

/** A hold as it is read: the seats that share its id. */
export interface HoldRow {
  readonly __typename: 'SeatHold'
  readonly id: Uuid
  readonly showtimeId: Uuid
  readonly holderId: Uuid
  readonly isGuest: boolean
  readonly seatIds: readonly Uuid[]
  readonly heldAt: string
  readonly expiresAt: string
}

const columns = sql.raw(
  `'SeatHold' as "__typename", hold_id as "id", hold_id as "__key", showtime_id as "showtimeId", holder_id as "holderId", is_guest as "isGuest",
   json_agg(seat_id order by seat_id) as "seatIds", min(held_at)::text as "heldAt", min(expires_at)::text as "expiresAt"`,
)
const isMine = sql`${seatClaims.holderId} = ${sql.placeholder('holderId')}::text::uuid and ${seatClaims.expiresAt} > now() and ${seatClaims.orderId} is null`

/** Holds of one holder that have not lapsed and are on no order, by their ids. */
export const holdsById = statement<HoldRow & { __key: Uuid }>(
  sql`select ${columns} from ${seatClaims} where ${isMine} and ${seatClaims.holdId} = any(${keysOf(seatClaims.holdId)}) group by hold_id, showtime_id, holder_id, is_guest`,
)

/** All of them, the ones that lapse first at the top. There are few: each showtime allows a handful of seats. */
export const holdsOfHolder = statement<HoldRow>(
  sql`select ${columns} from ${seatClaims} where ${isMine} group by hold_id, showtime_id, holder_id, is_guest order by min(expires_at), hold_id limit 100`,
)
