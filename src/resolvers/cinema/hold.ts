import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, encodeId, type Uuid } from '../../core/ids.ts'
import { type HoldRow, holdsById, holdsOfHolder } from '../../db/queries/cinema/holds.ts'
import { findSeatMap } from '../../db/queries/cinema/seat-map.ts'
import { seatById, showtimeById } from '../../db/relations/cinema.ts'
import { extendHold, findHold, holdBestSeats, holdSeats, releaseHold } from '../../domain/cinema/hold.ts'
import { guestHolder, type Holder, memberHolder, newGuestToken, spendGuestSeats } from '../../domain/cinema/holder.ts'
import { alternativesTo, placesOf } from '../../domain/cinema/pick.ts'
import { MAX_SEATS_PER_HOLDER } from '../../domain/cinema/rules.ts'
import { takeOverHolds } from '../../domain/cinema/take-over.ts'
import { everyone, isSignedIn, Rule } from '../../permissions/rules.ts'
import { Viewer } from '../../schema/account.ts'
import {
  ClaimSeatHoldsInput,
  ClaimSeatHoldsPayload,
  ExtendHoldPayload,
  HoldBestSeatsInput,
  HoldBestSeatsPayload,
  HoldSeatsInput,
  HoldSeatsPayload,
  ReleaseHoldPayload,
  ScreenBusy,
  SeatHold,
  SeatHoldInput,
  SeatsLeftAlone,
  SeatsTaken,
} from '../../schema/cinema/hold.ts'
import { Showtime } from '../../schema/cinema/showtime.ts'
import { Seat } from '../../schema/cinema/theatre.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { Money, toMoney } from '../../schema/money.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'
import { pricesOf } from './showtime.ts'

/** A hold is its holder's alone; guests ask for theirs with `seatHold`. */
export const seatHoldNode: NodeType = {
  typename: 'SeatHold',
  prefix: 'hold',
  async load({ loaders, viewer }, id) {
    if (viewer === null) return null
    return loaders.grouped(holdsById, id, { holderId: viewer.accountId }, ([row]) => row ?? null)
  },
}

type ShownHold = HoldRow & { guestToken?: string | null }

/** Whoever asks: the member, or the guest with the token; without one, if `isNew`, a guest with a new token. */
function holderOf(
  { viewer }: Context,
  guestToken: string | null | undefined,
  isNew: boolean,
): { holder: Holder; newToken: string | null } | null {
  if (viewer !== null) return { holder: memberHolder(viewer), newToken: null }
  if (guestToken != null) return { holder: guestHolder(guestToken), newToken: null }
  if (!isNew) return null
  const newToken = newGuestToken()
  return { holder: guestHolder(newToken), newToken }
}

function requireHolder(context: Context, guestToken: string | null | undefined, path: readonly string[]): Holder {
  const found = holderOf(context, guestToken, false)
  if (found === null) throw notFound('hold', path)
  return found.holder
}

const showtimeId = (id: string): Uuid => decodeId('showtime', id, ['input', 'showtimeId'])
const holdId = (id: string): Uuid => decodeId('hold', id, ['input', 'id'])

interface Wanted {
  showtimeId: Uuid
  count: number
  guestToken: string | null | undefined
}

const holding = (
  context: Context,
  wanted: () => Wanted,
  hold: (holder: Holder, showtimeId: Uuid) => Promise<HoldRow>,
) =>
  payload(context, 'hold', async (): Promise<ShownHold> => {
    const { guestToken, ...of } = wanted()
    const found = holderOf(context, guestToken, true)
    if (found === null) throw notFound('hold')
    if (found.holder.isGuest) await spendGuestSeats(context.deps, { address: context.origin.address, ...of })
    return { ...(await hold(found.holder, of.showtimeId)), guestToken: found.newToken }
  })

@Resolver(() => SeatHold)
export class SeatHoldResolver {
  @Query(() => SeatHold, {
    nullable: true,
    description:
      'One’s own hold, for guests with their token. `NOT_FOUND` once it has lapsed, was released or paid for.',
  })
  @Rule(everyone)
  async seatHold(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @Arg('guestToken', () => String, { nullable: true }) guestToken: string | undefined,
  ) {
    const holder = requireHolder(context, guestToken, ['id'])
    const hold = await findHold(context.deps.db, holder, decodeId('hold', id, ['id']))
    if (hold === null) throw notFound('hold', ['id'])
    return hold
  }

  @FieldResolver(() => Showtime)
  showtime(@Ctx() { loaders }: Context, @Root() hold: ShownHold) {
    return loaders.one(showtimeById, hold.showtimeId)
  }

  @FieldResolver(() => [Seat])
  @Costs({ atMost: MAX_SEATS_PER_HOLDER })
  seats(@Ctx() context: Context, @Root() hold: ShownHold) {
    return seatsOf(context, hold.seatIds)
  }

  @FieldResolver(() => Money)
  async total(@Ctx() context: Context, @Root() hold: ShownHold) {
    const showtime = await context.loaders.one(showtimeById, hold.showtimeId)
    if (showtime === null) throw notFound('showtime')
    const minorOf = new Map(pricesOf(showtime).map(({ type, price }) => [type, price.minorUnits]))
    const seats = await seatsOf(context, hold.seatIds)
    const sum = seats.reduce((total, { type }) => total + (minorOf.get(type) ?? 0), 0)
    return toMoney(sum, showtime.currency)
  }

  @FieldResolver(() => String, { nullable: true })
  guestToken(@Root() hold: ShownHold) {
    return hold.guestToken ?? null
  }

  @Mutation(() => HoldSeatsPayload, {
    nullable: true,
    description:
      'Holds all of the seats or none, for ten minutes. Holding once more exactly what one holds answers the same hold. For members and guests. User errors: `SEATS_TAKEN` and `SEATS_LEFT_ALONE` (with alternatives), `LIMIT_EXCEEDED`, `NOT_FOUND` (also for a seat of another screen), `INVALID_INPUT` (not on sale, begun, blocked, half a sofa).',
  })
  @Rule(everyone)
  holdSeats(@Ctx() context: Context, @Arg('input', () => HoldSeatsInput) input: HoldSeatsInput) {
    const { seatIds, guestToken } = input
    const wanted = () => ({ showtimeId: showtimeId(input.showtimeId), count: seatIds.length, guestToken })
    return holding(context, wanted, (holder, id) =>
      holdSeats(context.deps, holder, {
        showtimeId: id,
        seatIds: seatIds.map((id, at) => decodeId('seat', id, ['input', 'seatIds', String(at)])),
      }),
    )
  }

  @Mutation(() => HoldBestSeatsPayload, {
    nullable: true,
    description:
      'Holds the best free seats: side by side, near the middle, two thirds back; in few groups near each other where there are not so many together. User errors: `SEATS_TAKEN` when there are too few, `LIMIT_EXCEEDED`, `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(everyone)
  holdBestSeats(@Ctx() context: Context, @Arg('input', () => HoldBestSeatsInput) input: HoldBestSeatsInput) {
    const { count, guestToken } = input
    const wanted = () => ({ showtimeId: showtimeId(input.showtimeId), count, guestToken })
    return holding(context, wanted, (holder, id) =>
      holdBestSeats(context.deps, holder, {
        showtimeId: id,
        count,
        type: input.type ?? undefined,
      }),
    )
  }

  @Mutation(() => ExtendHoldPayload, {
    nullable: true,
    description:
      'Ten minutes from now, but at most twenty since the seats were held. User errors: `HOLD_LAPSED`, `LIMIT_EXCEEDED`, `NOT_FOUND`.',
  })
  @Rule(everyone)
  extendHold(@Ctx() context: Context, @Arg('input', () => SeatHoldInput) { id, guestToken }: SeatHoldInput) {
    return payload(context, 'hold', async () => {
      return extendHold(context.deps, requireHolder(context, guestToken, ['input', 'id']), holdId(id))
    })
  }

  @Mutation(() => ClaimSeatHoldsPayload, {
    nullable: true,
    description:
      'After signing in: the seats that one held as a guest become one’s own, those in a cart and on no order included, for as long as they were held. Doing it again changes nothing. User errors: `LIMIT_EXCEEDED` where both together are too many, `INVALID_INPUT` (no guest token).',
  })
  @Rule(isSignedIn)
  claimSeatHolds(
    @Ctx() context: Context,
    @Arg('input', () => ClaimSeatHoldsInput) { guestToken }: ClaimSeatHoldsInput,
  ) {
    return payload(context, 'holds', async () => {
      const { accountId } = signedIn(context)
      await takeOverHolds(context.deps, guestHolder(guestToken), accountId)
      return holdsOfHolder.run(context.deps.db, { holderId: accountId })
    })
  }

  @Mutation(() => ReleaseHoldPayload, {
    nullable: true,
    description:
      'Gives the seats back at once. Doing it again, or for a hold that has lapsed, changes nothing. User error: `NOT_FOUND` for a guest without a token.',
  })
  @Rule(everyone)
  releaseHold(@Ctx() context: Context, @Arg('input', () => SeatHoldInput) { id, guestToken }: SeatHoldInput) {
    return payload(context, 'releasedId', async () => {
      const holder = requireHolder(context, guestToken, ['input', 'id'])
      return encodeId('hold', await releaseHold(context.deps, holder, holdId(id)))
    })
  }
}

async function seatsOf({ loaders }: Context, ids: readonly Uuid[]) {
  const seats = await Promise.all(ids.map((id) => loaders.one(seatById, id)))
  return seats.filter((seat) => seat !== null).sort((a, b) => a.rowIndex - b.rowIndex || a.columnIndex - b.columnIndex)
}

/** What the domain's refusal carries, beside what every user error has. */
interface SeatTrouble {
  showtimeId: Uuid
  seatIds: readonly Uuid[]
  wantedIds: readonly Uuid[]
}

/** By refusal: asked for under fifty names, a whole house is searched once. */
const alternatives = new WeakMap<SeatTrouble, Promise<readonly Uuid[]>>()

async function findAlternatives({ deps }: Context, { showtimeId: id, wantedIds }: SeatTrouble): Promise<Uuid[]> {
  const map = await findSeatMap(deps.db, id)
  if (map === null) return []
  return alternativesTo(placesOf(map), new Set(wantedIds), map.allowsSingleSeats).map((place) => place.id)
}

async function nearest(context: Context, trouble: SeatTrouble) {
  const found = alternatives.get(trouble) ?? findAlternatives(context, trouble)
  alternatives.set(trouble, found)
  return seatsOf(context, await found)
}

@Resolver(() => SeatsTaken)
export class SeatsTakenResolver {
  @FieldResolver(() => [Seat])
  @Costs({ atMost: MAX_SEATS_PER_HOLDER })
  seats(@Ctx() context: Context, @Root() trouble: SeatTrouble) {
    return seatsOf(context, trouble.seatIds)
  }

  @FieldResolver(() => [Seat])
  @Costs({ atMost: MAX_SEATS_PER_HOLDER })
  alternatives(@Ctx() context: Context, @Root() trouble: SeatTrouble) {
    return nearest(context, trouble)
  }
}

@Resolver(() => SeatsLeftAlone)
export class SeatsLeftAloneResolver {
  @FieldResolver(() => [Seat])
  @Costs({ atMost: MAX_SEATS_PER_HOLDER })
  seats(@Ctx() context: Context, @Root() trouble: SeatTrouble) {
    return seatsOf(context, trouble.seatIds)
  }

  @FieldResolver(() => [Seat])
  @Costs({ atMost: MAX_SEATS_PER_HOLDER })
  alternatives(@Ctx() context: Context, @Root() trouble: SeatTrouble) {
    return nearest(context, trouble)
  }
}

@Resolver(() => ScreenBusy)
export class ScreenBusyResolver {
  @FieldResolver(() => Showtime, { nullable: true })
  showtime(@Ctx() { loaders }: Context, @Root() { showtimeId: id }: { showtimeId: Uuid | null }) {
    return loaders.one(showtimeById, id)
  }
}

@Resolver(() => Viewer)
export class CinemaViewerResolver {
  @FieldResolver(() => [SeatHold], { description: 'Seats that the viewer holds, those that lapse first at the top.' })
  @Costs({ atMost: 100 })
  seatHolds(@Ctx() context: Context) {
    return holdsOfHolder.run(context.deps.db, { holderId: signedIn(context).accountId })
  }
}
