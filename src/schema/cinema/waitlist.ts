import { Field, ID, InputType, Int } from 'type-graphql'
import type { SeatType as SeatTypeName, WaitlistStatus as WaitlistStatusName } from '../../domain/cinema/rules.ts'
import { connectionOf } from '../connection.ts'
import { enumOf } from '../enums.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { SeatHold } from './hold.ts'
import { KEY, Showtime } from './showtime.ts'
import { SeatType } from './theatre.ts'

export const WaitlistStatus = enumOf<WaitlistStatusName>('WaitlistStatus', 'Where somebody in the line stands.', {
  WAITING: 'There are no such seats yet.',
  OFFERED: 'Seats are held for them: see `hold` for which, and until when.',
  BOOKED: 'They have bought the seats.',
  EXPIRED: 'The offer ran out, the showtime has begun or was cancelled. Who still wants seats joins anew.',
  LEFT: 'They went away, or declined the offer.',
})

@GraphObject('A place in the line for seats of a showtime that is sold out. Its member sees it alone.', [Node])
export class WaitlistEntry extends Node {
  @Field(() => Showtime)
  showtime: Showtime

  @Field(() => Int)
  seatCount: number

  @Field(() => SeatType, {
    nullable: true,
    description: 'Only such seats; null for ordinary ones, standard or premium.',
  })
  seatType: SeatTypeName | null

  @Field(() => WaitlistStatus)
  status: WaitlistStatusName

  @Field(() => SeatHold, {
    nullable: true,
    description: 'The seats that are held for the member while the offer lasts: `addHoldToCart`, then `checkout`.',
  })
  hold: SeatHold | null

  @Field(() => Int, {
    nullable: true,
    description: 'How many wait before them; who wants fewer seats may be served earlier. Null unless they wait.',
  })
  aheadCount: number | null

  @Field(() => DateTime, { nullable: true })
  offeredAt: string | null

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: WaitlistEntryConnection } = connectionOf(WaitlistEntry)

@InputType()
export class JoinWaitlistInput {
  @Field(() => ID)
  showtimeId: string

  @Field(() => Int, { description: '1 to 10. All of them at once, or none.' })
  seatCount: number

  @Field(() => SeatType, { nullable: true, description: 'Only such seats; ordinary ones unless told.' })
  seatType?: SeatTypeName | null

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class LeaveWaitlistInput {
  @Field(() => ID)
  id: string
}

export const JoinWaitlistPayload = payloadOf(
  'JoinWaitlistPayload',
  'entry',
  () => WaitlistEntry,
  'The place in the line.',
)
export const LeaveWaitlistPayload = payloadOf(
  'LeaveWaitlistPayload',
  'entry',
  () => WaitlistEntry,
  'The place that was given up.',
)
