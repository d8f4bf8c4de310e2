import { Field, ID, InputType, Int } from 'type-graphql'
import type { SeatType as SeatTypeName } from '../../domain/cinema/rules.ts'
import { connectionOf } from '../connection.ts'
import { enumOf } from '../enums.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { TimeZone } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'

export const SeatType = enumOf<SeatTypeName>('SeatType', 'What kind of seat it is.', {
  STANDARD: 'An ordinary seat.',
  PREMIUM: 'A better one.',
  ACCESSIBLE: 'A place for a wheelchair.',
  COUPLE: 'One half of a sofa for two, which is taken as a whole.',
})

@GraphObject('A house with screens.', [Node])
export class Theatre extends Node {
  @Field(() => String)
  name: string

  @Field(() => String)
  address: string

  @Field(() => String)
  city: string

  @Field(() => TimeZone, { description: 'Its clock: days and times of showtimes are meant there.' })
  timeZone: string

  @Field(() => Int, { description: 'Tickets can be given back until so long before the beginning.' })
  cancellationMinutes: number

  @Field(() => [Screen], { description: 'By name.' })
  screens: Screen[]
}

@GraphObject('A room in which movies are shown.', [Node])
export class Screen extends Node {
  @Field(() => Theatre)
  theatre: Theatre

  @Field(() => String)
  name: string

  @Field(() => Int, { description: 'For how long nothing begins after a showing.' })
  cleaningMinutes: number

  @Field(() => Boolean, { description: 'A choice of seats may leave a single free one between taken ones.' })
  allowsSingleSeats: boolean

  @Field(() => Int, { description: 'Blocked seats included.' })
  seatCount: number

  @Field(() => [Seat], { description: 'Row by row from the front, each from the left.' })
  seats: Seat[]
}

@GraphObject('A seat of a screen.', [Node])
export class Seat extends Node {
  @Field(() => String, { description: 'Name of its row: `F`.' })
  row: string

  @Field(() => Int, { description: 'Its number in the row, as it is written on it.' })
  number: number

  @Field(() => Int, { description: 'The place of its row from the front, from 0: for drawing.' })
  rowIndex: number

  @Field(() => Int, { description: 'Its place from the left, gaps counted, from 0: for drawing.' })
  columnIndex: number

  @Field(() => SeatType)
  type: SeatTypeName

  @Field(() => Int, { nullable: true, description: 'The two halves of a sofa have the same number; others have none.' })
  pair: number | null

  @Field(() => Boolean, { description: 'It is not sold: it is broken, or the sound desk stands there.' })
  isBlocked: boolean
}

export const { Connection: TheatreConnection } = connectionOf(Theatre)

@InputType()
export class CreateTheatreInput {
  @Field(() => String, { description: '1 to 80 characters, unique.' })
  name: string

  @Field(() => String)
  address: string

  @Field(() => String)
  city: string

  @Field(() => TimeZone, { description: 'It cannot be changed later.' })
  timeZone: string

  @Field(() => Int, {
    nullable: true,
    description:
      'Until how long before the beginning tickets can be given back: 0 to 20160 (two weeks), 60 unless told.',
  })
  cancellationMinutes?: number
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdateTheatreInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  name?: string

  @Field(() => String, { nullable: true })
  address?: string

  @Field(() => String, { nullable: true })
  city?: string

  @Field(() => Int, { nullable: true, description: '0 to 20160; it holds for tickets that are sold already, too.' })
  cancellationMinutes?: number
}

@InputType()
export class SeatRowInput {
  @Field(() => String, { description: '1 to 3 letters or digits, unique on the screen: `F`.' })
  name: string

  @Field(() => String, {
    description:
      'One letter for each place from the left: `S` standard, `P` premium, `A` accessible, `C` couple (two by two), `_` no seat; small letters are blocked. `SSSS_PPPP_CC`.',
  })
  seats: string

  @Field(() => Int, { nullable: true, description: 'The number of the first seat, 1 unless told; the others follow.' })
  firstNumber?: number
}

@InputType()
export class CreateScreenInput {
  @Field(() => ID)
  theatreId: string

  @Field(() => String, { description: '1 to 40 characters, unique in the theatre.' })
  name: string

  @Field(() => Int, { nullable: true, description: '0 to 240; 20 unless told.' })
  cleaningMinutes?: number

  @Field(() => Boolean, { nullable: true, description: 'False unless told.' })
  allowsSingleSeats?: boolean

  @Field(() => [SeatRowInput], { description: 'The row nearest to the screen first. At most 1000 seats.' })
  rows: SeatRowInput[]

  @Field(() => String, {
    nullable: true,
    description: 'The same key and input again gets the first answer. 8 to 100 printable characters.',
  })
  idempotencyKey?: string
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdateScreenInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  name?: string

  @Field(() => Int, { nullable: true, description: 'For showtimes that are planned from now on.' })
  cleaningMinutes?: number

  @Field(() => Boolean, { nullable: true })
  allowsSingleSeats?: boolean
}

@InputType()
export class BlockSeatInput {
  @Field(() => ID)
  id: string

  @Field(() => Boolean, { defaultValue: true, description: 'False: it is sold again.' })
  isBlocked: boolean
}

export const CreateTheatrePayload = payloadOf('CreateTheatrePayload', 'theatre', () => Theatre, 'The new theatre.')
export const UpdateTheatrePayload = payloadOf('UpdateTheatrePayload', 'theatre', () => Theatre, 'The changed theatre.')
export const CreateScreenPayload = payloadOf('CreateScreenPayload', 'screen', () => Screen, 'The new screen.')
export const UpdateScreenPayload = payloadOf('UpdateScreenPayload', 'screen', () => Screen, 'The changed screen.')
export const BlockSeatPayload = payloadOf('BlockSeatPayload', 'seat', () => Seat, 'The seat.')
