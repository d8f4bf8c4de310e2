import { Field, ID, InputType, Int } from 'type-graphql'
import { connectionOf } from '../connection.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { LocalDate, LocalTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { Movie } from './movie.ts'
import { KEY, SeatPrice, SeatPricesInput } from './showtime.ts'
import { Screen } from './theatre.ts'

@GraphObject('"Every day 20:30 from … to …": showtimes are made of it, each day once.', [Node])
export class ShowtimeSchedule extends Node {
  @Field(() => Movie)
  movie: Movie

  @Field(() => Screen)
  screen: Screen

  @Field(() => LocalTime, { description: 'On the venue’s clock.' })
  localTime: string

  @Field(() => LocalDate)
  firstDay: string

  @Field(() => LocalDate)
  lastDay: string

  @Field(() => [Int], { description: '1 is Monday, 7 is Sunday.' })
  weekdays: number[]

  @Field(() => [SeatPrice])
  prices: SeatPrice[]
}

@GraphObject('A schedule after its showtimes were made.')
export class FilledSchedule {
  @Field(() => ShowtimeSchedule)
  schedule: ShowtimeSchedule

  @Field(() => [LocalDate], {
    description: 'Days without a showtime: the screen is busy then, or the time was past already.',
  })
  daysLeftOut: string[]
}

export const { Connection: ShowtimeScheduleConnection } = connectionOf(ShowtimeSchedule)

@InputType()
export class CreateShowtimeScheduleInput {
  @Field(() => ID)
  movieId: string

  @Field(() => ID)
  screenId: string

  @Field(() => LocalTime, {
    description: 'On the venue’s clock: `20:30`. On a day on which clocks go forward over it, it begins as much later.',
  })
  time: string

  @Field(() => LocalDate)
  firstDay: string

  @Field(() => LocalDate, { description: 'At most a year after the first.' })
  lastDay: string

  @Field(() => [Int], { nullable: true, description: '1 is Monday, 7 is Sunday; every day unless told.' })
  weekdays?: number[]

  @Field(() => SeatPricesInput)
  prices: SeatPricesInput

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class ShowtimeScheduleInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class EndShowtimeScheduleInput {
  @Field(() => ID)
  id: string

  @Field(() => LocalDate, { description: 'Showtimes after this day are cancelled.' })
  lastDay: string
}

export const CreateShowtimeSchedulePayload = payloadOf(
  'CreateShowtimeSchedulePayload',
  'filled',
  () => FilledSchedule,
  'The new schedule.',
)
export const RefillShowtimeSchedulePayload = payloadOf(
  'RefillShowtimeSchedulePayload',
  'filled',
  () => FilledSchedule,
  'The schedule.',
)
export const EndShowtimeSchedulePayload = payloadOf(
  'EndShowtimeSchedulePayload',
  'schedule',
  () => ShowtimeSchedule,
  'The changed schedule.',
)
