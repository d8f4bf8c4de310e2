import type { DomainError } from '../../core/errors.ts'
import { notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Executor } from '../../db/database.ts'
import { lookAt } from '../../db/queries/cinema/hold-look.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { type Bus, topic } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'
import { type Claim, Decider, type Decision, seatsTaken, type Wish } from './decide.ts'
import { HOLD_MINUTES } from './rules.ts'

/** Seats of the showtime were held, released, sold or freed. */
export const seatMapChanged = (showtimeId: Uuid) => topic<Record<string, never>>('seatMapChanged', showtimeId)

export interface Granted {
  readonly holdId: Uuid
  readonly heldAt: string
  readonly expiresAt: string
}

interface Waiting {
  readonly wish: Wish
  readonly resolve: (granted: Granted) => void
  readonly reject: (error: unknown) => void
}

type Shop = Pick<Deps, 'db' | 'bus'>

/** A thousand seats is the largest screen; more wishes at once only make the others wait. */
const MAX_AT_ONCE = 200

/** Buyers at other servers got there first between look and insert; a new look sees what they took. */
const MAX_TRIES = 8

/** Who waits in this process, by showtime. */
const queues = new WeakMap<Bus, Map<Uuid, Waiting[]>>()

/**
 * Holds seats for buyers who come at the same time together: who comes while the desk is busy waits for a moment and is then
 * served with all who wait, by one look and one insert. A rush on one showtime costs the database a few statements instead of several
 * for each buyer, and buyers of one server do not wait for each other's locks. Servers know nothing of each other: between them the table decides.
 */
export function askForSeats(deps: Shop, showtimeId: Uuid, wish: Wish): Promise<Granted> {
  const ofBus = queues.get(deps.bus) ?? new Map<Uuid, Waiting[]>()
  queues.set(deps.bus, ofBus)
  return new Promise<Granted>((resolve, reject) => {
    const waiting: Waiting = { wish, resolve, reject }
    const queue = ofBus.get(showtimeId)
    if (queue !== undefined) {
      queue.push(waiting)
      return
    }
    ofBus.set(showtimeId, [waiting])
    void serveAll(deps, ofBus, showtimeId)
  })
}

async function serveAll(deps: Shop, ofBus: Map<Uuid, Waiting[]>, showtimeId: Uuid): Promise<void> {
  const queue = ofBus.get(showtimeId) ?? []
  while (queue.length > 0) {
    const served = queue.splice(0, MAX_AT_ONCE)
    try {
      await serve(deps, showtimeId, served)
    } catch (error) {
      for (const { reject } of served) reject(error)
    }
  }
  ofBus.delete(showtimeId)
}

async function serve(deps: Shop, showtimeId: Uuid, buyers: readonly Waiting[]): Promise<void> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const decided = await decideFor(deps.db, showtimeId, buyers)
    if (decided === null) {
      for (const { reject } of buyers) reject(notFound('showtime', ['input', 'showtimeId']))
      return
    }
    const untidy = decided.filter(({ decision }) => decision.kind === 'UNTIDY')
    if (untidy.length > 0) {
      await tidy(
        deps.db,
        showtimeId,
        untidy.map(({ buyer }) => buyer.wish.holder.holderId),
      )
      continue
    }
    const claims = decided.flatMap(({ decision }) => (decision.kind === 'TAKE' ? decision.claims : []))
    const times = claims.length === 0 ? null : await take(deps.db, showtimeId, decided[0]?.screenId ?? '', claims)
    if (times === 'TOO_LATE') continue
    for (const { buyer, decision } of decided) settle(buyer, decision, times)
    if (claims.length > 0) deps.bus.publish(seatMapChanged(showtimeId), {})
    return
  }
  // Other servers take seats so fast that a large order never fits in between; each buyer alone is a small one.
  if (buyers.length > 1) for (const buyer of buyers) await serve(deps, showtimeId, [buyer])
  else for (const { wish, reject } of buyers) reject(seatsTaken(showtimeId, wish.seatIds, wish.seatIds))
}

interface Decided {
  readonly buyer: Waiting
  readonly decision: Decision
  readonly screenId: Uuid
}

async function decideFor(db: Executor, showtimeId: Uuid, buyers: readonly Waiting[]): Promise<Decided[] | null> {
  const wishes = buyers.map(({ wish }) => wish)
  const look = await lookAt(
    db,
    showtimeId,
    [...new Set(wishes.flatMap(({ seatIds }) => seatIds))],
    wishes.map(({ holder }) => holder.holderId),
  )
  if (look === null) return null
  const decider = new Decider(showtimeId, look)
  return buyers.map((buyer) => ({ buyer, decision: decider.decide(buyer.wish), screenId: look.screenId }))
}

type Times = Omit<Granted, 'holdId'>

function settle({ wish, resolve, reject }: Waiting, decision: Decision, times: Times | null): void {
  if (decision.kind === 'HAS') resolve(decision)
  else if (decision.kind === 'TAKE' && times !== null) resolve({ holdId: wish.holdId, ...times })
  else if (decision.kind === 'REFUSE') reject(decision.error satisfies DomainError)
}

const TOO_LATE: ReadonlySet<string | null> = new Set(['seat_claims_taken', 'seat_claims_slot_once'])

/**
 * One statement for all seats, or none of them. Where somebody else's claim has appeared since the look, the row of that seat is
 * met, and unless that claim has lapsed its slot becomes 0, which the table refuses: the whole statement is taken back. Seats are written
 * in one order, so two servers that want the same ones cannot wait for each other in a circle.
 */
async function take(
  db: Executor,
  showtimeId: Uuid,
  screenId: Uuid,
  claims: readonly Claim[],
): Promise<Times | 'TOO_LATE'> {
  try {
    const rows = await db.query<Times>(
      `insert into seat_claims (showtime_id, screen_id, seat_id, claim_id, hold_id, holder_id, is_guest, slot, held_at, expires_at)
       select $1::text::uuid, $2::text::uuid, seat_id, claim_id, hold_id, holder_id, is_guest, slot, now(), now() + interval '${HOLD_MINUTES} minutes'
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
      ],
    )
    return rows[0] ?? 'TOO_LATE'
  } catch (error) {
    if (TOO_LATE.has(violatedConstraint(error))) return 'TOO_LATE'
    throw error
  }
}

/** Takes lapsed holds off the table, but none that somebody else is taking over at this moment. */
const tidy = (db: Executor, showtimeId: Uuid, holderIds: readonly Uuid[]) =>
  db.query(
    `delete from seat_claims where (showtime_id, seat_id) in (
       select showtime_id, seat_id from seat_claims
       where showtime_id = $1::text::uuid and holder_id = any($2::text::uuid[]) and expires_at <= now()
       order by seat_id for update skip locked)`,
    [showtimeId, pgArray(holderIds)],
  )
