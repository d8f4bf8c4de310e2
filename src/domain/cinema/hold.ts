import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Executor } from '../../db/database.ts'
import { type HoldRow, holdsById } from '../../db/queries/cinema/holds.ts'
import { findSeatMap } from '../../db/queries/cinema/seat-map.ts'
import type { Deps } from '../deps.ts'
import { seatMapChanged } from './claim.ts'
import { tooManySeats } from './decide.ts'
import { askForSeats } from './desk.ts'
import type { Holder } from './holder.ts'
import { type Point, pickSeats, placesOf, sweetSpot } from './pick.ts'
import { HOLD_MINUTES, MAX_HOLD_MINUTES, MAX_SEATS_PER_HOLDER, type SeatType } from './rules.ts'
import { wakeWaitlist } from './waitlist-offer.ts'

type HoldDeps = Pick<Deps, 'db' | 'bus' | 'jobs' | 'clock'>

const seatPath = ['input', 'seatIds']
const showtimePath = ['input', 'showtimeId']
const holdPath = ['input', 'id']

/**
 * Holds all of the seats or none, for ten minutes by the database's clock. Holding again exactly what one holds answers
 * the same hold, so a request may be repeated.
 * @throws DomainError `SEATS_TAKEN`, `SEATS_LEFT_ALONE`, `LIMIT_EXCEEDED`, `NOT_FOUND` naming the seat, `INVALID_INPUT`
 * (not on sale, over, blocked, half a sofa).
 */
export async function holdSeats(
  deps: HoldDeps,
  holder: Holder,
  input: { showtimeId: Uuid; seatIds: readonly Uuid[] },
): Promise<HoldRow> {
  const seatIds = [...new Set(input.seatIds)]
  if (seatIds.length === 0) throw invalidInput(seatPath, 'Choose at least one seat.')
  if (seatIds.length > MAX_SEATS_PER_HOLDER) throw tooManySeats(seatPath)
  const { showtimeId } = input
  const { holdId, ...times } = await askForSeats(deps, showtimeId, { holder, holdId: newId(), seatIds })
  const { heldAt, expiresAt } = times
  return { __typename: 'SeatHold', id: holdId, showtimeId, seatIds: seatIds.sort(), ...holder, heldAt, expiresAt }
}

/** How often a pick is made anew because somebody was faster. */
const MAX_PICKS = 30

/**
 * Holds the best free seats that there are: side by side, near the middle.
 * @throws DomainError `SEATS_TAKEN` when there are not so many left, and as `holdSeats`.
 */
export async function holdBestSeats(
  deps: HoldDeps,
  holder: Holder,
  input: { showtimeId: Uuid; count: number; type?: SeatType | undefined },
): Promise<HoldRow> {
  const { showtimeId, count, type } = input
  const path = ['input', 'count']
  if (!Number.isInteger(count) || count < 1) throw invalidInput(path, 'Choose at least one seat.')
  if (count > MAX_SEATS_PER_HOLDER) throw tooManySeats(path)
  if (type === 'COUPLE' && count % 2 === 1) throw invalidInput(path, 'A sofa has two seats: choose an even number.')
  for (let attempt = 1; ; attempt++) {
    const map = await findSeatMap(deps.db, showtimeId)
    if (map === null) throw notFound('showtime', showtimePath)
    const places = placesOf(map)
    const { allowsSingleSeats } = map
    // All who come at once find the same seats the best: whoever was too late looks around them, a little further each time.
    const near = attempt === 1 ? undefined : aside(sweetSpot(places), attempt)
    const picked = pickSeats(places, { count, type, near, allowsSingleSeats })
    if (picked === null) {
      throw new DomainError('SEATS_TAKEN', 'There are not so many seats left.', path, {
        showtimeId,
        seatIds: [],
        wantedIds: [],
      })
    }
    try {
      return await holdSeats(deps, holder, { showtimeId, seatIds: picked.map(({ id }) => id) })
    } catch (error) {
      const wasTooLate = error instanceof DomainError && /^SEATS_/.test(error.code)
      if (!wasTooLate || attempt === MAX_PICKS) throw error
    }
  }
}

const aside = ({ rowIndex, columnIndex }: Point, by: number): Point => ({
  rowIndex: rowIndex + (Math.random() - 0.5) * by,
  columnIndex: columnIndex + (Math.random() - 0.5) * by * 2,
})

export const findHold = async (db: Executor, holder: Holder, id: Uuid): Promise<HoldRow | null> =>
  (await holdsById.run(db, { keys: pgArray([id]), holderId: holder.holderId }))[0] ?? null

/** Frees the seats at once. Releasing what has lapsed or was released changes nothing. @throws DomainError `NOT_FOUND`. */
export async function releaseHold(deps: HoldDeps, holder: Holder, id: Uuid): Promise<Uuid> {
  // In the order in which holds are taken, or a release and the next buyer of a lapsed hold could wait for each other.
  const freed = await deps.db.query<{ showtimeId: Uuid }>(
    `delete from seat_claims where (showtime_id, seat_id) in (
       select showtime_id, seat_id from seat_claims
       where holder_id = $1::text::uuid and hold_id = $2::text::uuid and expires_at is not null and order_id is null
       order by seat_id for update)
     returning showtime_id as "showtimeId"`,
    [holder.holderId, id],
  )
  const [first] = freed
  if (first === undefined) return id
  await wakeWaitlist(deps, deps.db, [first.showtimeId])
  deps.bus.publish(seatMapChanged(first.showtimeId), {})
  return id
}

const lapsed = (): DomainError =>
  new DomainError('HOLD_LAPSED', 'The time for these seats is up. Choose seats again.', holdPath)

/**
 * Ten more minutes from now, but never more than twenty since the seats were held.
 * @throws DomainError `HOLD_LAPSED` when it is too late, `LIMIT_EXCEEDED` when it was extended as far as it goes.
 */
export async function extendHold(deps: HoldDeps, holder: Holder, id: Uuid): Promise<HoldRow> {
  const before = await findHold(deps.db, holder, id)
  if (before === null) throw lapsed()
  const extended = await deps.db.query<{ expiresAt: string }>(
    `with held as (
       select showtime_id, seat_id from seat_claims
       where holder_id = $1::text::uuid and hold_id = $2::text::uuid and expires_at > now() and order_id is null order by seat_id for update
     )
     update seat_claims c set expires_at = greatest(c.expires_at, least(now() + interval '${HOLD_MINUTES} minutes', c.held_at + interval '${MAX_HOLD_MINUTES} minutes'))
     from held where c.showtime_id = held.showtime_id and c.seat_id = held.seat_id
     returning c.expires_at as "expiresAt"`,
    [holder.holderId, id],
  )
  const [first] = extended
  if (first === undefined) throw lapsed()
  if (first.expiresAt === before.expiresAt) {
    const message = `Seats are held for at most ${MAX_HOLD_MINUTES} minutes without being paid for.`
    throw new DomainError('LIMIT_EXCEEDED', message, holdPath, { limit: MAX_HOLD_MINUTES })
  }
  deps.bus.publish(seatMapChanged(before.showtimeId), {})
  return { ...before, expiresAt: first.expiresAt }
}

/** Takes lapsed holds of showtimes that have begun off the table. For tidiness only: a lapsed hold keeps nobody from a seat. */
export const clearLapsedClaims = (deps: Pick<Deps, 'db'>) =>
  deps.db.query(
    `delete from seat_claims where (showtime_id, seat_id) in (
       select c.showtime_id, c.seat_id from showtimes s join seat_claims c on c.showtime_id = s.id
       where s.starts_at between now() - interval '7 days' and now() and c.expires_at <= now()
       order by c.seat_id limit 10000 for update of c skip locked)`,
  )
