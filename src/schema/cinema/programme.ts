import { Field, ID, InputType, Int } from 'type-graphql'
import type { ShowtimeStatus as ShowtimeStatusName } from '../../domain/cinema/rules.ts'
import { enumOf } from '../enums.ts'
import { GraphObject } from '../object.ts'
import { DateTime, LocalDate } from '../scalars.ts'
import { ShowtimeStatus } from './showtime.ts'

export const ProgrammeOrder = enumOf<'FIRST' | 'LAST'>(
  'ProgrammeOrder',
  'In which order showtimes are listed for staff.',
  {
    FIRST: 'What begins first comes first.',
    LAST: 'What begins last comes first.',
  },
)

@InputType({ description: 'Showtimes, over and cancelled ones too, that meet every condition that is given.' })
export class ProgrammeFilter {
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

  @Field(() => ShowtimeStatus, { nullable: true })
  status?: ShowtimeStatusName
}

@GraphObject('Who comes to a showtime, in numbers.')
export class Attendance {
  @Field(() => Int, { description: 'Tickets that are valid or were used.' })
  soldCount: number

  @Field(() => Int, { description: 'Guests who were let in.' })
  checkedInCount: number

  @Field(() => Int, { description: 'Tickets that were given or taken back.' })
  refundedCount: number
}
