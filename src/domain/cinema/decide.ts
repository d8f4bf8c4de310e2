import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Look, LookedSeat, OwnClaim } from '../../db/queries/cinema/hold-look.ts'
import { combined } from '../input.ts'
import type { Holder } from './holder.ts'
import { type Place, seatsLeftAlone } from './pick.ts'
import { MAX_SEATS_PER_HOLDER } from './rules.ts'

/** Somebody wants these seats, each once. */
export interface Wish {
  readonly holder: Holder
  readonly holdId: Uuid
  /** In the order in which the buyer named them, for the paths of errors. */
  readonly seatIds: readonly Uuid[]
}

/** A row of `seat_claims` to be. */
export interface Claim extends Holder {
  readonly seatId: Uuid
  readonly holdId: Uuid
  readonly slot: number
}

export type Decision =
  | { readonly kind: 'TAKE'; readonly claims: readonly Claim[] }
  /** The buyer has exactly these seats already. */
  | { readonly kind: 'HAS'; readonly holdId: Uuid; readonly heldAt: string; readonly expiresAt: string }
  /** Lapsed holds of the same buyer occupy the slots; they have to be cleared away first. */
  | { readonly kind: 'UNTIDY' }
  | { readonly kind: 'REFUSE'; readonly error: DomainError }

const seatPath = ['input', 'seatIds']
const showtimePath = ['input', 'showtimeId']

export const tooManySeats = (path: readonly string[]): DomainError =>
  new DomainError(
    'LIMIT_EXCEEDED',
    `You may have at most ${MAX_SEATS_PER_HOLDER} seats of one showtime, held and bought together.`,
    path,
    { limit: MAX_SEATS_PER_HOLDER },
  )

export const seatsTaken = (showtimeId: Uuid, seatIds: readonly Uuid[], wantedIds: readonly Uuid[]): DomainError =>
  new DomainError(
    'SEATS_TAKEN',
    seatIds.length === 1 ? 'One of these seats is taken.' : `${seatIds.length} of these seats are taken.`,
    seatPath,
    { showtimeId, seatIds, wantedIds },
  )

/**
 * Decides about wishes one after the other, as if each buyer came alone: what one gets is gone for the next. It knows the rules, the
 * table has the last word.
 */
export class Decider {
  readonly #showtimeId: Uuid
  readonly #look: Look
  readonly #seats: Map<Uuid, LookedSeat & { isTaken: boolean }>
  readonly #own = new Map<Uuid, { live: number; slots: Set<number>; claims: OwnClaim[] }>()

  constructor(showtimeId: Uuid, look: Look) {
    this.#showtimeId = showtimeId
    this.#look = look
    this.#seats = new Map(look.seats.map((seat) => [seat.id, { ...seat, isTaken: seat.holdId !== null }]))
    for (const claim of look.own) {
      const own = this.#ownOf(claim.holderId)
      own.slots.add(claim.slot)
      own.claims.push(claim)
      if (claim.isLive) own.live++
    }
  }

  decide({ holder, holdId, seatIds }: Wish): Decision {
    const refuse = (error: DomainError): Decision => ({ kind: 'REFUSE', error })
    if (!this.#look.isOnSale) return refuse(invalidInput(showtimePath, 'This showtime is not on sale.'))
    if (!this.#look.isAhead)
      return refuse(invalidInput(showtimePath, 'This showtime has begun; seats are sold until then.'))
    const unknown = seatIds.flatMap((id, at) =>
      this.#seats.has(id) ? [] : [notFound('seat', [...seatPath, String(at)])],
    )
    if (unknown.length > 0) return refuse(combined(unknown))
    const seats = seatIds.flatMap((id) => this.#seats.get(id) ?? [])
    const taken = seats.filter(({ isTaken }) => isTaken).map(({ id }) => id)
    if (taken.length > 0) {
      return this.#sameHold(holder, seatIds) ?? refuse(seatsTaken(this.#showtimeId, taken, seatIds))
    }
    const blockedAt = seats.findIndex(({ isBlocked }) => isBlocked)
    if (blockedAt >= 0) return refuse(invalidInput([...seatPath, String(blockedAt)], 'This seat cannot be used.'))
    const own = this.#ownOf(holder.holderId)
    if (own.live + seats.length > MAX_SEATS_PER_HOLDER) return refuse(tooManySeats(seatPath))
    if (seats.some(({ pair }) => pair !== null && seats.filter((other) => other.pair === pair).length < 2)) {
      return refuse(invalidInput(seatPath, 'A sofa for two is taken as a whole: choose its other seat as well.'))
    }
    const alone = this.#look.allowsSingleSeats ? [] : this.#leftAlone(seats)
    if (alone.length > 0) {
      return refuse(
        new DomainError('SEATS_LEFT_ALONE', 'This choice would leave a single seat that nobody can use.', seatPath, {
          showtimeId: this.#showtimeId,
          seatIds: alone.map(({ id }) => id),
          wantedIds: seatIds,
        }),
      )
    }
    const slots = freeSlots(own.slots).slice(0, seats.length)
    if (slots.length < seats.length) return { kind: 'UNTIDY' }
    const claims = seats.map((seat, at) => {
      seat.isTaken = true
      const slot = slots[at] ?? 0
      own.slots.add(slot)
      own.live++
      return { ...holder, seatId: seat.id, holdId, slot }
    })
    return { kind: 'TAKE', claims }
  }

  #ownOf(holderId: Uuid) {
    const own = this.#own.get(holderId) ?? { live: 0, slots: new Set<number>(), claims: [] }
    this.#own.set(holderId, own)
    return own
  }

  /** A request that is repeated asks for what the buyer has. */
  #sameHold({ holderId }: Holder, seatIds: readonly Uuid[]): Decision | null {
    const live = this.#ownOf(holderId).claims.filter((claim) => claim.isLive)
    const first = live.find(({ seatId }) => seatId === seatIds[0])
    if (first === undefined || first.expiresAt === null) return null
    const { holdId, heldAt, expiresAt } = first
    const held = live.filter((claim) => claim.holdId === holdId).map(({ seatId }) => seatId)
    const isSame = held.length === seatIds.length && held.every((id) => seatIds.includes(id))
    return isSame ? { kind: 'HAS', holdId, heldAt, expiresAt } : null
  }

  #leftAlone(chosen: readonly LookedSeat[]): Place[] {
    const rows = new Set(chosen.map(({ rowIndex }) => rowIndex))
    const places = [...this.#seats.values()]
      .filter(({ rowIndex }) => rows.has(rowIndex))
      .map((seat) => ({ ...seat, isFree: !seat.isTaken && !seat.isBlocked }))
    return seatsLeftAlone(places, new Set(chosen.map(({ id }) => id)))
  }
}

const freeSlots = (used: ReadonlySet<number>): number[] =>
  Array.from({ length: MAX_SEATS_PER_HOLDER }, (_, at) => at + 1).filter((slot) => !used.has(slot))
