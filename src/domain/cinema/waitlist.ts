import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { findSeatMap } from '../../db/queries/cinema/seat-map.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import type { Viewer } from '../viewer.ts'
import { seatMapChanged } from './claim.ts'
import { tooManySeats } from './decide.ts'
import { pickSeats, placesOf } from './pick.ts'
import { MAX_SEATS_PER_HOLDER, MAX_WAITS, type SeatType, type WaitlistStatus, waitlistLifecycle } from './rules.ts'
import { waitlistChanged, wakeWaitlist } from './waitlist-offer.ts'

export interface WaitlistWish {
  showtimeId: Uuid
  seatCount: number
  /** Only such seats; ordinary ones unless told. */
  seatType?: SeatType | undefined
  idempotencyKey?: string | undefined
}

const showtimePath = ['input', 'showtimeId']
const countPath = ['input', 'seatCount']

/**
 * Goes to the end of the line of a showtime that has not so many seats left. Joining again with the same wish changes
 * nothing. @throws DomainError `NOT_FOUND`, `INVALID_INPUT` (begun, cancelled, there are seats), `LIMIT_EXCEEDED`, `TAKEN` for who
 * waits there with another wish, `CONFLICT` (key).
 */
export function joinWaitlist(deps: Deps, viewer: Viewer, input: WaitlistWish): Promise<Uuid> {
  const { seatCount, seatType } = input
  if (!Number.isInteger(seatCount) || seatCount < 1) throw invalidInput(countPath, 'Wait for at least one seat.')
  if (seatCount > MAX_SEATS_PER_HOLDER) throw tooManySeats(countPath)
  if (seatType === 'COUPLE' && seatCount % 2 === 1) {
    throw invalidInput(countPath, 'A sofa has two seats: choose an even number.')
  }
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'joinWaitlist', input, () => enter(deps, tx, viewer.accountId, input)),
  )
}

async function enter(deps: Deps, tx: Transaction, accountId: Uuid, wish: WaitlistWish): Promise<Uuid> {
  const { showtimeId, seatCount, seatType = null } = wish
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('waits of ' || $1::text, 0))`, [accountId])
  const [showtime] = await tx.query<{ isOn: boolean }>(
    `select status <> 'CANCELLED' and starts_at > clock_timestamp() as "isOn" from showtimes where id = $1::text::uuid for share`,
    [showtimeId],
  )
  if (showtime === undefined) throw notFound('showtime', showtimePath)
  if (!showtime.isOn) throw invalidInput(showtimePath, 'This showtime has begun or was cancelled.')
  const open = await tx.query<{ id: Uuid; showtimeId: Uuid; seatCount: number; seatType: SeatType | null }>(
    `select id, showtime_id as "showtimeId", seat_count as "seatCount", seat_type as "seatType" from waitlist_entries
     where account_id = $1::text::uuid and status in ('WAITING', 'OFFERED')`,
    [accountId],
  )
  const present = open.find((entry) => entry.showtimeId === showtimeId)
  if (present?.seatCount === seatCount && present.seatType === seatType) return present.id
  if (present !== undefined) {
    throw new DomainError(
      'TAKEN',
      'You wait for this showtime with another wish: leave that place first.',
      showtimePath,
    )
  }
  if (open.length >= MAX_WAITS) {
    throw new DomainError('LIMIT_EXCEEDED', `You may wait for ${MAX_WAITS} showtimes at once.`, showtimePath, {
      limit: MAX_WAITS,
    })
  }
  await ensureSoldOut(tx, wish)
  const id = newId()
  await tx.query(
    `insert into waitlist_entries (id, showtime_id, account_id, seat_count, seat_type)
     values ($1::text::uuid, $2::text::uuid, $3::text::uuid, $4::text::smallint, $5::text::seat_type)`,
    [id, showtimeId, accountId, String(seatCount), seatType],
  )
  // What became free since the look did not know of this entry.
  await wakeWaitlist(deps, tx, [showtimeId])
  tx.afterCommit(() => deps.bus.publish(waitlistChanged(showtimeId), {}))
  return id
}

async function ensureSoldOut(tx: Transaction, { showtimeId, seatCount, seatType }: WaitlistWish): Promise<void> {
  const map = await findSeatMap(tx, showtimeId)
  if (map === null) throw notFound('showtime', showtimePath)
  const wish = { count: seatCount, type: seatType, allowsSingleSeats: true }
  // A screen that could not seat them when it is empty never will.
  const whole = placesOf(map).map((place, at) => ({ ...place, isFree: map.seats[at]?.status !== 'BLOCKED' }))
  if (pickSeats(whole, wish) === null) throw invalidInput(countPath, 'This screen has not so many of these seats.')
  if (pickSeats(placesOf(map), wish) === null) return
  throw invalidInput(showtimePath, 'There are seats left: hold them instead.')
}

/**
 * Gives the place in the line back, and the seats that were offered. @throws DomainError `NOT_FOUND`, `ILLEGAL_TRANSITION`.
 */
export const leaveWaitlist = (deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> =>
  deps.db.transaction(async (tx) => {
    const [entry] = await tx.query<{ status: WaitlistStatus; showtimeId: Uuid; holdId: Uuid | null }>(
      `select status, showtime_id as "showtimeId", hold_id as "holdId" from waitlist_entries
       where id = $1::text::uuid and account_id = $2::text::uuid for update`,
      [id, viewer.accountId],
    )
    if (entry === undefined) throw notFound('waitlist entry', ['input', 'id'])
    waitlistLifecycle.ensure(entry.status, 'LEFT')
    await tx.query(`update waitlist_entries set status = 'LEFT', updated_at = now() where id = $1::text::uuid`, [id])
    const { showtimeId } = entry
    const freed = await tx.query(
      `delete from seat_claims where (showtime_id, seat_id) in (
         select showtime_id, seat_id from seat_claims
         where showtime_id = $1::text::uuid and hold_id = $2::text::uuid and expires_at is not null and order_id is null
         order by seat_id for update)
       returning seat_id`,
      [showtimeId, entry.holdId],
    )
    if (freed.length > 0) await wakeWaitlist(deps, tx, [showtimeId])
    tx.afterCommit(() => {
      deps.bus.publish(waitlistChanged(showtimeId), {})
      if (freed.length > 0) deps.bus.publish(seatMapChanged(showtimeId), {})
    })
    return id
  })

/** So long a member finds in their list what became of waiting. */
const FORGET_DAYS = 30

/**
 * Takes places off the table that are over, whatever became of them: the member went away, or the showtime has begun long ago.
 * For tidiness only, so it is at most 10,000 at a time, and those that somebody is busy with wait for the next.
 */
export async function clearOldWaits({ db }: Pick<Deps, 'db'>): Promise<void> {
  await db.query(
    `delete from waitlist_entries where id in (
       select w.id from showtimes s join waitlist_entries w on w.showtime_id = s.id
       where s.starts_at < now() - make_interval(days => ${FORGET_DAYS})
         or (w.status not in ('WAITING', 'OFFERED') and w.updated_at < now() - make_interval(days => ${FORGET_DAYS}))
       order by w.id limit 10000 for update of w skip locked)`,
  )
}
