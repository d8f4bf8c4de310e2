import { Field, ID, InputType, Int } from 'type-graphql'
import type { SeatType as SeatTypeName } from '../../domain/cinema/rules.ts'
import { Money } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf, UserError } from '../user-error.ts'
import { Showtime } from './showtime.ts'
import { Seat, SeatType } from './theatre.ts'
import { AlreadyCheckedIn, CancellationClosed } from './ticket.ts'

@GraphObject('Seats of one showtime that are kept for their holder until they are paid for, or the time is up.', [Node])
export class SeatHold extends Node {
  @Field(() => Showtime)
  showtime: Showtime

  @Field(() => [Seat])
  seats: Seat[]

  @Field(() => DateTime)
  heldAt: string

  @Field(() => DateTime, { description: 'From then on the seats are anybody’s.' })
  expiresAt: string

  @Field(() => Money, { description: 'What the seats cost together.' })
  total: Money

  @Field(() => String, {
    nullable: true,
    description:
      'For a guest who held seats without a token: keep it, it is told once, and hand it in with everything that concerns these seats. Null otherwise.',
  })
  guestToken: string | null
}

const GUEST = 'For a guest: the token that an earlier hold answered. Whoever is signed in needs none.'

@InputType()
export class HoldSeatsInput {
  @Field(() => ID)
  showtimeId: string

  @Field(() => [ID], { description: 'At most 10 of one showtime, together with those that one has already.' })
  seatIds: string[]

  @Field(() => String, { nullable: true, description: GUEST })
  guestToken?: string
}

@InputType()
export class HoldBestSeatsInput {
  @Field(() => ID)
  showtimeId: string

  @Field(() => Int, { description: '1 to 10.' })
  count: number

  @Field(() => SeatType, {
    nullable: true,
    description: 'Standard and premium seats unless told; sofas and places for wheelchairs are asked for.',
  })
  type?: SeatTypeName

  @Field(() => String, { nullable: true, description: GUEST })
  guestToken?: string
}

@InputType()
export class SeatHoldInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true, description: GUEST })
  guestToken?: string
}

export const HoldSeatsPayload = payloadOf('HoldSeatsPayload', 'hold', () => SeatHold, 'The seats that are held.')
export const HoldBestSeatsPayload = payloadOf(
  'HoldBestSeatsPayload',
  'hold',
  () => SeatHold,
  'The seats that are held.',
)
export const ExtendHoldPayload = payloadOf('ExtendHoldPayload', 'hold', () => SeatHold, 'The same seats, for longer.')
@InputType()
export class ClaimSeatHoldsInput {
  @Field(() => String, { description: 'The token of the guest who held the seats.' })
  guestToken: string
}

export const ClaimSeatHoldsPayload = payloadOf(
  'ClaimSeatHoldsPayload',
  'holds',
  () => [SeatHold],
  'All that the member holds now.',
  { atMost: 100 },
)

export const ReleaseHoldPayload = payloadOf('ReleaseHoldPayload', 'releasedId', () => ID, 'The id of what is released.')

@GraphObject('Some of the seats are somebody else’s. None was held.', [UserError])
export class SeatsTaken extends UserError {
  @Field(() => [Seat], { description: 'Those of the wanted seats that are taken.' })
  seats: Seat[]

  @Field(() => [Seat], { description: 'As many free seats, as near as there are; empty if there are not so many.' })
  alternatives: Seat[]
}

@GraphObject('The choice would leave a single seat that nobody can use. None was held.', [UserError])
export class SeatsLeftAlone extends UserError {
  @Field(() => [Seat], { description: 'The seats that would be left alone.' })
  seats: Seat[]

  @Field(() => [Seat], { description: 'As many free seats nearby that leave none alone; empty if there are none.' })
  alternatives: Seat[]
}

@GraphObject('The time is up, and the seats may be somebody else’s by now. Choose seats again.', [UserError])
export class HoldLapsed extends UserError {}

@GraphObject('Another showing and the cleaning after it leave no time for this one.', [UserError])
export class ScreenBusy extends UserError {
  @Field(() => Showtime, { nullable: true, description: 'What is in the way; null if it has just been cancelled.' })
  showtime: Showtime | null
}

/** For the schema to include: no field names them by itself. */
export const CINEMA_ERROR_TYPES = [
  SeatsTaken,
  SeatsLeftAlone,
  HoldLapsed,
  ScreenBusy,
  AlreadyCheckedIn,
  CancellationClosed,
] as const
