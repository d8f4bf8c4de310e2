import { Field, ID, InputType, Int } from 'type-graphql'
import type { SeatStatus as SeatStatusName } from '../../db/queries/cinema/seat-map.ts'
import type { SeatType as SeatTypeName, ShowtimeStatus as ShowtimeStatusName } from '../../domain/cinema/rules.ts'
import { connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { enumOf } from '../enums.ts'
import { Currency, Money } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { Pollable } from '../poll/poll.ts'
import { DateTime, LocalDate, LocalTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { Movie } from './movie.ts'
import { Screen, SeatType, Theatre } from './theatre.ts'

/** A screen has at most so many seats (`MAX_SEATS_PER_SCREEN` in domain/cinema/rules). */
const MOST_SEATS = 1000

/** In nodes: whatever is selected of a seat map, all of its seats are read, and that takes as long as a list of so many. */
export const SEAT_MAP_COST = 500

export const ShowtimeStatus = enumOf<ShowtimeStatusName>('ShowtimeStatus', 'Whether a showtime takes place.', {
  SCHEDULED: 'It takes place, and its seats are sold until it begins.',
  PAUSED: 'It is planned, but nothing is sold at present.',
  CANCELLED: 'It does not take place.',
})

export const SeatStatus = enumOf<SeatStatusName>('SeatStatus', 'Whether a seat of a showtime can be had.', {
  FREE: 'It can be held.',
  HELD: 'Somebody is about to pay for it, until `heldUntil`.',
  SOLD: 'It has a ticket.',
  BLOCKED: 'It is not sold.',
})

@GraphObject('What seats of one type cost.')
export class SeatPrice {
  @Field(() => SeatType)
  type: SeatTypeName

  @Field(() => Money)
  price: Money
}

@GraphObject('How many seats of one type there are.')
export class SeatAvailability {
  @Field(() => SeatType)
  type: SeatTypeName

  @Field(() => Int, { description: 'Blocked seats are not counted.' })
  total: number

  @Field(() => Int, { description: 'Neither held nor sold at this moment.' })
  free: number
}

@GraphObject('A movie on a screen at a time.', [Pollable, Node])
export class Showtime extends Pollable {
  @Field(() => Movie)
  movie: Movie

  @Field(() => Theatre)
  theatre: Theatre

  @Field(() => Screen)
  screen: Screen

  @Field(() => ShowtimeStatus)
  status: ShowtimeStatusName

  @Field(() => Boolean, { description: 'Seats can be held now.' })
  isOnSale: boolean

  @Field(() => DateTime)
  startsAt: string

  @Field(() => DateTime)
  endsAt: string

  @Field(() => DateTime, { description: 'Until then buyers can give their tickets back with `cancelTickets`.' })
  cancellableUntil: string

  @Field(() => LocalDate, { description: 'The day on which it begins, in the venue’s calendar.' })
  localDay: string

  @Field(() => LocalTime, { description: 'What the venue’s clock shows when it begins: `20:30`.' })
  localTime: string

  @Field(() => [SeatPrice])
  prices: SeatPrice[]

  @Field(() => [SeatAvailability], { description: 'By type; types that the screen does not have are left out.' })
  availability: SeatAvailability[]

  @Field(() => SeatMap)
  seatMap: SeatMap
}

@GraphObject('A seat of a showtime.')
export class MapSeat {
  @Field(() => ID)
  seatId: string

  @Field(() => String)
  row: string

  @Field(() => Int)
  number: number

  @Field(() => Int, { description: 'The place of its row from the front, from 0.' })
  rowIndex: number

  @Field(() => Int, { description: 'Its place from the left, gaps counted, from 0.' })
  columnIndex: number

  @Field(() => SeatType)
  type: SeatTypeName

  @Field(() => Int, { nullable: true, description: 'The two halves of a sofa have the same number.' })
  pair: number | null

  @Field(() => SeatStatus)
  status: SeatStatusName

  @Field(() => DateTime, { nullable: true, description: 'When a held seat is free again unless it is paid for.' })
  heldUntil: string | null

  @Field(() => Money)
  price: Money
}

@GraphObject('All seats of a showtime at one moment.')
export class SeatMap {
  @Field(() => Showtime)
  showtime: Showtime

  @Costs({ atMost: MOST_SEATS })
  @Field(() => [MapSeat], { description: 'Row by row from the front, each from the left.' })
  seats: MapSeat[]

  @Field(() => Int)
  freeCount: number
}

export const { Connection: ShowtimeConnection } = connectionOf(Showtime)

/** What is shown, where and when. */
@InputType()
export class ShowtimePlaceFilter {
  @Field(() => ID, { nullable: true })
  movieId?: string

  @Field(() => ID, { nullable: true })
  theatreId?: string

  @Field(() => ID, { nullable: true })
  screenId?: string

  @Field(() => LocalDate, { nullable: true, description: 'In the venue’s calendar.' })
  day?: string

  @Field(() => DateTime, { nullable: true, description: 'Begins at this time or later.' })
  from?: string

  @Field(() => DateTime, { nullable: true, description: 'Begins before this time.' })
  before?: string
}

@InputType({ description: 'Showtimes ahead that meet every condition that is given.' })
export class ShowtimeFilter extends ShowtimePlaceFilter {
  @Field(() => Int, { nullable: true, description: 'At least so many seats for wheelchairs are free.' })
  accessibleSeats?: number
}

@InputType({ description: 'What a seat costs by its type; what is left out costs as much as a standard seat.' })
export class SeatPricesInput {
  @Field(() => Currency)
  currency: string

  @Field(() => String, { description: 'A decimal: `9.50`.' })
  standard: string

  @Field(() => String, { nullable: true })
  premium?: string

  @Field(() => String, { nullable: true })
  accessible?: string

  @Field(() => String, { nullable: true, description: 'Of one of the two seats of a sofa.' })
  couple?: string
}

export const KEY = 'The same key and input again gets the first answer. 8 to 100 printable characters.'

@InputType()
export class CreateShowtimeInput {
  @Field(() => ID)
  movieId: string

  @Field(() => ID)
  screenId: string

  @Field(() => LocalDate, { description: 'In the venue’s calendar, within the movie’s run.' })
  day: string

  @Field(() => LocalTime, {
    description: 'On the venue’s clock: `20:30`. Of a time that comes twice when clocks go back, the first is meant.',
  })
  time: string

  @Field(() => SeatPricesInput)
  prices: SeatPricesInput

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class ShowtimeInput {
  @Field(() => ID)
  id: string
}

export const CreateShowtimePayload = payloadOf('CreateShowtimePayload', 'showtime', () => Showtime, 'The new showtime.')
export const PauseShowtimePayload = payloadOf('PauseShowtimePayload', 'showtime', () => Showtime, 'The showtime.')
export const ResumeShowtimePayload = payloadOf('ResumeShowtimePayload', 'showtime', () => Showtime, 'The showtime.')
export const CancelShowtimePayload = payloadOf('CancelShowtimePayload', 'showtime', () => Showtime, 'The showtime.')
