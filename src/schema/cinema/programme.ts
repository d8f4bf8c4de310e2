import { Field, InputType, Int } from 'type-graphql'
import type { ShowtimeStatus as ShowtimeStatusName } from '../../domain/cinema/rules.ts'
import { enumOf } from '../enums.ts'
import { GraphObject } from '../object.ts'
import { ShowtimePlaceFilter, ShowtimeStatus } from './showtime.ts'

export const ProgrammeOrder = enumOf<'FIRST' | 'LAST'>(
  'ProgrammeOrder',
  'In which order showtimes are listed for staff.',
  {
    FIRST: 'What begins first comes first.',
    LAST: 'What begins last comes first.',
  },
)

@InputType({ description: 'Showtimes, over and cancelled ones too, that meet every condition that is given.' })
export class ProgrammeFilter extends ShowtimePlaceFilter {
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
