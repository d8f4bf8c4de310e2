import { newId, type Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { findSeatMap } from '../../db/queries/cinema/seat-map.ts'
import { sendMail } from '../../gateways/mail/outbox.ts'
import { defineJob } from '../../gateways/queue.ts'
import { topic } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'
import { notify } from '../notification/notify.ts'
import { seatMapChanged, take, tidy } from './claim.ts'
import type { Claim } from './decide.ts'
import { type Place, pickSeats, placesOf } from './pick.ts'
import { MAX_SEATS_PER_HOLDER, OFFER_MINUTES, type SeatType } from './rules.ts'

type LineDeps = Pick<Deps, 'db' | 'bus' | 'jobs' | 'clock'>

/** Somebody joined or left the line of a showtime, or was offered seats. */
export const waitlistChanged = (showtimeId: Uuid) => topic<Record<string, never>>('waitlistChanged', showtimeId)

/** Serves the line of a showtime: where seats are free again, and when an offer ends. */
export const serveLine = defineJob<{ showtimeId: Uuid }>('cinema.serveLine', { retryLimit: 10, retryDelaySeconds: 2 })

/** Looks through all lines: a hold that lapses while nobody looks tells nobody. */
export const serveLines = defineJob<Record<string, never>>('cinema.serveLines', { retryLimit: 1 })

/** Seats of these showtimes are about to be free. Costs nothing where nobody waits. */
export async function wakeWaitlist(
  deps: Pick<Deps, 'jobs'>,
  db: Executor,
  showtimeIds: readonly Uuid[],
): Promise<void> {
  const awaited = await db.query<{ id: Uuid }>(
    `select distinct showtime_id as id from waitlist_entries where showtime_id = any($1::text::uuid[]) and status in ('WAITING', 'OFFERED')`,
    [pgArray([...new Set(showtimeIds)])],
  )
  for (const { id } of awaited) await deps.jobs.enqueue(db, serveLine, { showtimeId: id })
}

/** Buyers took the seats between look and insert. */
class TooLate extends Error {
  override readonly name = 'TooLate'
}

const MAX_TRIES = 8
/** As many of the line are looked at in one transaction: with so many before one whose wishes do not fit, one waits in vain. */
const ENTRIES_AT_ONCE = 500

/**
 * Holds free seats for those who wait, in the order in which they came: the first whose wish fits gets them, for a limited
 * time. Offers that ran out are written down first, so their seats go to the next. Of several who serve one line at once the others wait.
 * Answers how many were offered seats.
 */
export async function serveWaitlist(deps: LineDeps, showtimeId: Uuid): Promise<number> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    try {
      return await deps.db.transaction((tx) => serve(deps, tx, showtimeId))
    } catch (error) {
      if (!(error instanceof TooLate)) throw error
    }
  }
  // Buyers at other servers are faster. Whoever comes next, or the clock, serves the line again.
  return 0
}

interface Waiting {
  id: Uuid
  accountId: Uuid
  seatCount: number
  seatType: SeatType | null
}

interface Offer extends Waiting {
  holdId: Uuid
  claims: Claim[]
}

async function serve(deps: LineDeps, tx: Transaction, showtimeId: Uuid): Promise<number> {
  // One at a time: then the order of the line holds. A lock that needs no row, as the line's first may leave meanwhile.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('waitlist ' || $1::text, 0))`, [showtimeId])
  const [showtime] = await tx.query<{ screenId: Uuid; isOn: boolean; isBegun: boolean }>(
    `select screen_id as "screenId", status = 'SCHEDULED' and starts_at > clock_timestamp() as "isOn",
       starts_at <= clock_timestamp() as "isBegun" from showtimes where id = $1::text::uuid for share`,
    [showtimeId],
  )
  if (showtime === undefined) return 0
  const isChanged = await expire(tx, showtimeId, showtime.isBegun)
  const offers = showtime.isOn ? await choose(tx, showtimeId) : []
  if (offers.length > 0) {
    const where = { showtimeId, screenId: showtime.screenId }
    await mark(tx, offers)
    const claims = offers.flatMap((offer) => offer.claims)
    const times = await take(tx, where, claims, OFFER_MINUTES)
    if (times === 'TOO_LATE') throw new TooLate()
    for (const offer of offers) await tell(deps, tx, showtimeId, offer, times.expiresAt)
    tx.afterCommit(() => deps.bus.publish(seatMapChanged(showtimeId), {}))
  }
  if (isChanged || offers.length > 0) tx.afterCommit(() => deps.bus.publish(waitlistChanged(showtimeId), {}))
  return offers.length
}

/** Offers whose hold is gone have run out; once the showtime has begun nobody waits any more. */
async function expire(tx: Transaction, showtimeId: Uuid, isBegun: boolean): Promise<boolean> {
  const expired = await tx.query(
    `update waitlist_entries w set status = 'EXPIRED', updated_at = now()
     where w.showtime_id = $1::text::uuid and (w.status = 'WAITING' and $2::text::boolean or w.status = 'OFFERED' and not exists (
       select 1 from seat_claims c where c.showtime_id = w.showtime_id and c.hold_id = w.hold_id and (c.expires_at is null or c.expires_at > clock_timestamp())))
     returning w.id`,
    [showtimeId, String(isBegun)],
  )
  return expired.length > 0
}

async function choose(tx: Transaction, showtimeId: Uuid): Promise<Offer[]> {
  const map = await findSeatMap(tx, showtimeId)
  if (map === null) return []
  let places = placesOf(map)
  let freeCount = places.filter(({ isFree }) => isFree).length
  if (freeCount === 0) return []
  const line = await tx.query<Waiting>(
    `select id, account_id as "accountId", seat_count as "seatCount", seat_type as "seatType" from waitlist_entries
     where showtime_id = $1::text::uuid and status = 'WAITING' and seat_count <= $2::text::int order by place limit ${ENTRIES_AT_ONCE}`,
    [showtimeId, String(freeCount)],
  )
  if (line.length === 0) return []
  const accountIds = line.map(({ accountId }) => accountId)
  await tidy(tx, showtimeId, accountIds)
  const used = await usedSlots(tx, showtimeId, accountIds)
  const offers: Offer[] = []
  /** What did not fit before does not fit in what is left then: a long line of the same wish is looked for once. */
  const misfits = new Set<string>()
  for (const waiting of line) {
    if (freeCount === 0) break
    const wish = `${waiting.seatCount} ${waiting.seatType}`
    if (waiting.seatCount > freeCount || misfits.has(wish)) continue
    const slots = Array.from({ length: MAX_SEATS_PER_HOLDER }, (_, at) => at + 1)
      .filter((slot) => !used.get(waiting.accountId)?.has(slot))
      .slice(0, waiting.seatCount)
    if (slots.length < waiting.seatCount) continue
    const picked = pick(places, waiting, map.allowsSingleSeats)
    if (picked === null) {
      misfits.add(wish)
      continue
    }
    const ids = new Set(picked.map(({ id }) => id))
    places = places.map((place) => (ids.has(place.id) ? { ...place, isFree: false } : place))
    freeCount -= ids.size
    const holdId = newId()
    const holder = { holderId: waiting.accountId, isGuest: false }
    const claims = picked.map(({ id }, at) => ({ ...holder, seatId: id, holdId, slot: slots[at] ?? 0 }))
    offers.push({ ...waiting, holdId, claims })
  }
  return offers
}

/** Where a house is sold out, what comes back is scattered: a single seat that is left alone is better than none. */
function pick(places: readonly Place[], { seatCount, seatType }: Waiting, allowsSingleSeats: boolean): Place[] | null {
  const wish = { count: seatCount, type: seatType ?? undefined }
  return (
    pickSeats(places, { ...wish, allowsSingleSeats }) ??
    (allowsSingleSeats ? null : pickSeats(places, { ...wish, allowsSingleSeats: true }))
  )
}

async function usedSlots(
  tx: Transaction,
  showtimeId: Uuid,
  accountIds: readonly Uuid[],
): Promise<ReadonlyMap<Uuid, ReadonlySet<number>>> {
  const rows = await tx.query<{ holderId: Uuid; slots: number[] }>(
    `select holder_id as "holderId", json_agg(slot) as slots from seat_claims
     where showtime_id = $1::text::uuid and holder_id = any($2::text::uuid[]) group by 1`,
    [showtimeId, pgArray(accountIds)],
  )
  return new Map(rows.map(({ holderId, slots }) => [holderId, new Set(slots)]))
}

/** Before the seats are taken, as everybody locks a line's entries before seats. Who has just left is not served. */
async function mark(tx: Transaction, offers: readonly Offer[]): Promise<void> {
  const marked = await tx.query(
    `update waitlist_entries w set status = 'OFFERED', hold_id = offer.hold_id, offered_at = now(), updated_at = now()
     from unnest($1::text::uuid[], $2::text::uuid[]) as offer(id, hold_id) where w.id = offer.id and w.status = 'WAITING' returning w.id`,
    [pgArray(offers.map(({ id }) => id)), pgArray(offers.map(({ holdId }) => holdId))],
  )
  if (marked.length < offers.length) throw new TooLate()
}

async function tell(deps: LineDeps, tx: Transaction, showtimeId: Uuid, offer: Offer, expiresAt: string): Promise<void> {
  await notify(deps, tx, {
    kind: 'SEATS_OFFERED',
    recipients: [offer.accountId],
    actorId: null,
    subject: showtimeId,
  })
  await deps.jobs.enqueue(tx, sendMail, { template: 'seatsOffered', accountId: offer.accountId, entryId: offer.id })
  // When the offer ends, by the clock that it was made with, and a little later: the database must find it lapsed.
  const endsAt = new Date(Date.parse(expiresAt) + 1_000)
  await deps.jobs.enqueue(tx, serveLine, { showtimeId }, { startAfter: endsAt })
}

/** Lines in one run; those who wait for the longest come first. */
const LINES_AT_ONCE = 500

/** Serves every line that has somebody in it: the clock's part. */
export async function serveEveryLine(deps: LineDeps): Promise<void> {
  const lines = await deps.db.query<{ id: Uuid }>(
    `select showtime_id as id from waitlist_entries where status in ('WAITING', 'OFFERED') group by 1 order by min(place) limit ${LINES_AT_ONCE}`,
  )
  for (const { id } of lines) await serveWaitlist(deps, id)
}
