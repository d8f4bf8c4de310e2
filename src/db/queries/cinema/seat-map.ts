import { sql } from 'drizzle-orm'
import type { Uuid } from '../../../core/ids.ts'
import type { Executor } from '../../database.ts'
import { statement } from '../../statement.ts'
import { seatClaims } from '../../tables/cinema/booking.ts'
import { screens, seats, type seatType, showtimes } from '../../tables/cinema/programme.ts'

type SeatType = (typeof seatType.enumValues)[number]
export type SeatStatus = 'FREE' | 'HELD' | 'SOLD' | 'BLOCKED'

/** A seat of one showtime as everybody sees it; whose it is stays out of sight. */
export interface MapSeat {
  readonly id: Uuid
  readonly row: string
  readonly number: number
  readonly rowIndex: number
  readonly columnIndex: number
  readonly type: SeatType
  readonly pair: number | null
  readonly status: SeatStatus
  /** When a held seat is free again unless it is paid for. */
  readonly heldUntil: string | null
  readonly holderId: Uuid | null
}

export interface SeatMap {
  readonly showtimeId: Uuid
  readonly allowsSingleSeats: boolean
  readonly currency: string
  readonly prices: Readonly<Record<SeatType, number>>
  readonly seats: readonly MapSeat[]
  /** Until the next hold lapses, by the database's clock; null when nothing is held. */
  readonly nextLapseInMs: number | null
}

type Tuple = [Uuid, string, number, number, number, SeatType, number | null, SeatStatus, string | null, Uuid | null]

interface Row extends Omit<SeatMap, 'seats' | 'prices'> {
  __key: Uuid
  standardMinor: number
  premiumMinor: number
  accessibleMinor: number
  coupleMinor: number
  seats: Tuple[]
}

const isLive = sql`${seatClaims.seatId} is not null and (${seatClaims.expiresAt} is null or ${seatClaims.expiresAt} > now())`

/** One row for each showtime of the batch: seats travel as arrays, because objects would repeat ten names 500 times. */
export const seatMaps = statement<Row>(sql`
select ${showtimes.id} as "__key", ${showtimes.id} as "showtimeId", ${screens.allowsSingleSeats} as "allowsSingleSeats",
  ${showtimes.currency} as "currency", ${showtimes.standardMinor} as "standardMinor", ${showtimes.premiumMinor} as "premiumMinor",
  ${showtimes.accessibleMinor} as "accessibleMinor", ${showtimes.coupleMinor} as "coupleMinor", plan.*
from ${showtimes} join ${screens} on ${screens.id} = ${showtimes.screenId} cross join lateral (
  select coalesce(json_agg(json_build_array(${seats.id}, ${seats.row}, ${seats.number}, ${seats.rowIndex}, ${seats.columnIndex}, ${seats.type}, ${seats.pair},
      case when ${seats.isBlocked} then 'BLOCKED' when not (${isLive}) then 'FREE' when ${seatClaims.expiresAt} is null then 'SOLD' else 'HELD' end,
      case when ${isLive} then ${seatClaims.expiresAt}::text end, case when ${isLive} then ${seatClaims.holderId} end)
      order by ${seats.rowIndex}, ${seats.columnIndex}), '[]') as "seats",
    (extract(epoch from min(${seatClaims.expiresAt}) filter (where ${seatClaims.expiresAt} > now()) - now()) * 1000)::float8 as "nextLapseInMs"
  from ${seats} left join ${seatClaims} on ${seatClaims.showtimeId} = ${showtimes.id} and ${seatClaims.seatId} = ${seats.id}
  where ${seats.screenId} = ${showtimes.screenId}
) plan where ${showtimes.id} = any(${sql.placeholder('keys')}::text::uuid[])`)

export function toSeatMap(row: Row): SeatMap {
  const { standardMinor, premiumMinor, accessibleMinor, coupleMinor, ...rest } = row
  return {
    ...rest,
    prices: { STANDARD: standardMinor, PREMIUM: premiumMinor, ACCESSIBLE: accessibleMinor, COUPLE: coupleMinor },
    seats: row.seats.map(([id, name, number, rowIndex, columnIndex, type, pair, status, heldUntil, holderId]) => ({
      id,
      row: name,
      number,
      rowIndex,
      columnIndex,
      type,
      pair,
      status,
      heldUntil,
      holderId,
    })),
  }
}

export async function findSeatMap(db: Executor, showtimeId: Uuid): Promise<SeatMap | null> {
  const [row] = await seatMaps.run(db, { keys: `{${showtimeId}}` })
  return row === undefined ? null : toSeatMap(row)
}
