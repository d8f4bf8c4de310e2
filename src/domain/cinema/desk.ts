import type { DomainError } from '../../core/errors.ts'
import { notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { lookAt } from '../../db/queries/cinema/hold-look.ts'
import type { Bus } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'
import { seatMapChanged, type Times, take, tidy } from './claim.ts'
import { Decider, type Decision, seatsTaken, type Wish } from './decide.ts'
import { HOLD_MINUTES } from './rules.ts'
import { serveWaitlist } from './waitlist-offer.ts'

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

type Shop = Pick<Deps, 'db' | 'bus' | 'jobs' | 'clock'>

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
  /** The line was offered these before. What has become free since, as somebody gave it back meanwhile, it was not. */
  let offered: ReadonlySet<Uuid> = new Set()
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const decided = await decideFor(deps.db, showtimeId, buyers)
    if (decided === null) {
      for (const { reject } of buyers) reject(notFound('showtime', ['input', 'showtimeId']))
      return
    }
    const claims = decided.flatMap(({ decision }) => (decision.kind === 'TAKE' ? decision.claims : []))
    const isAwaited = decided.some((each) => each.isAwaited)
    if (isAwaited && claims.some(({ seatId }) => !offered.has(seatId))) {
      // Those who wait are served before those who come by; what fits nobody in the line is for everybody.
      await serveWaitlist(deps, showtimeId)
      offered = new Set(decided.flatMap(({ freeIds }) => freeIds))
      continue
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
    const times =
      claims.length === 0
        ? null
        : await take(deps.db, { showtimeId, screenId: decided[0]?.screenId ?? '' }, claims, HOLD_MINUTES)
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
  /** Somebody is on the waitlist. */
  readonly isAwaited: boolean
  /** Of all rows that were looked at. */
  readonly freeIds: readonly Uuid[]
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
  const freeIds = look.seats.filter(({ holdId }) => holdId === null).map(({ id }) => id)
  const facts = { screenId: look.screenId, isAwaited: look.isAwaited, freeIds }
  return buyers.map((buyer) => ({ buyer, decision: decider.decide(buyer.wish), ...facts }))
}

function settle({ wish, resolve, reject }: Waiting, decision: Decision, times: Times | null): void {
  if (decision.kind === 'HAS') resolve(decision)
  else if (decision.kind === 'TAKE' && times !== null) resolve({ holdId: wish.holdId, ...times })
  else if (decision.kind === 'REFUSE') reject(decision.error satisfies DomainError)
}
