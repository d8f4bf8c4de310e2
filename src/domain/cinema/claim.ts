import { newId, type Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Executor } from '../../db/database.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { topic } from '../../live/bus.ts'
import type { Claim } from './decide.ts'

/** Seats of the showtime were held, released, sold or freed. */
export const seatMapChanged = (showtimeId: Uuid) => topic<Record<string, never>>('seatMapChanged', showtimeId)

/** As the database printed them. */
export interface Times {
  readonly heldAt: string
  readonly expiresAt: string
}

const TOO_LATE: ReadonlySet<string | null> = new Set(['seat_claims_taken', 'seat_claims_slot_once'])

/**
 * One statement for all seats, or none of them. Where somebody else's claim has appeared since the look, the row of that seat is
 * met, and unless that claim has lapsed its slot becomes 0, which the table refuses: the whole statement is taken back. Seats are written
 * in one order, so two servers that want the same ones cannot wait for each other in a circle.
 */
export async function take(
  db: Executor,
  { showtimeId, screenId }: { showtimeId: Uuid; screenId: Uuid },
  claims: readonly Claim[],
  minutes: number,
): Promise<Times | 'TOO_LATE'> {
  try {
    const rows = await db.query<Times>(
      `insert into seat_claims (showtime_id, screen_id, seat_id, claim_id, hold_id, holder_id, is_guest, slot, held_at, expires_at)
       select $1::text::uuid, $2::text::uuid, seat_id, claim_id, hold_id, holder_id, is_guest, slot, now(), now() + make_interval(mins => $9::text::int)
       from unnest($3::text::uuid[], $4::text::uuid[], $5::text::uuid[], $6::text::boolean[], $7::text::smallint[], $8::text::uuid[])
         as claim(seat_id, hold_id, holder_id, is_guest, slot, claim_id)
       where exists (select 1 from showtimes where id = $1::text::uuid and status = 'SCHEDULED' and starts_at > now())
       order by seat_id
       on conflict (showtime_id, seat_id) do update set
         claim_id = excluded.claim_id, cart_id = null, order_id = null, hold_id = excluded.hold_id, holder_id = excluded.holder_id, is_guest = excluded.is_guest, held_at = excluded.held_at,
         expires_at = excluded.expires_at, slot = case when seat_claims.expires_at <= now() then excluded.slot else 0 end
       returning held_at as "heldAt", expires_at as "expiresAt"`,
      [
        showtimeId,
        screenId,
        pgArray(claims.map(({ seatId }) => seatId)),
        pgArray(claims.map(({ holdId }) => holdId)),
        pgArray(claims.map(({ holderId }) => holderId)),
        pgArray(claims.map(({ isGuest }) => String(isGuest))),
        pgArray(claims.map(({ slot }) => String(slot))),
        pgArray(claims.map(() => newId())),
        String(minutes),
      ],
    )
    return rows[0] ?? 'TOO_LATE'
  } catch (error) {
    if (TOO_LATE.has(violatedConstraint(error))) return 'TOO_LATE'
    throw error
  }
}

/** Takes lapsed holds off the table, but none that somebody else is taking over at this moment. */
export const tidy = (db: Executor, showtimeId: Uuid, holderIds: readonly Uuid[]) =>
  db.query(
    `delete from seat_claims where (showtime_id, seat_id) in (
       select showtime_id, seat_id from seat_claims
       where showtime_id = $1::text::uuid and holder_id = any($2::text::uuid[]) and expires_at <= now()
       order by seat_id for update skip locked)`,
    [showtimeId, pgArray(holderIds)],
  )
