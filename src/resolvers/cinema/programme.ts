import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import {
  type AttendanceRow,
  attendance,
  findProgramme,
  type ProgrammeOrderName,
  programmeOf,
} from '../../db/queries/cinema/programme.ts'
import type { ShowtimeRow } from '../../db/queries/cinema/showtimes.ts'
import { countRows } from '../../db/queries/page.ts'
import { isStaff, Rule } from '../../permissions/rules.ts'
import { Attendance, ProgrammeFilter, ProgrammeOrder } from '../../schema/cinema/programme.ts'
import { Showtime, ShowtimeConnection } from '../../schema/cinema/showtime.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import type { Context } from '../../schema/context.ts'
import { toPlace } from './showtime.ts'

@Resolver(() => Showtime)
export class ProgrammeResolver {
  @Query(() => ShowtimeConnection, {
    description: 'For staff: showtimes in any state, those that are on or over included.',
  })
  @Rule(isStaff)
  async allShowtimes(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => ProgrammeFilter, { nullable: true }) filter: ProgrammeFilter | null | undefined,
    @Arg('orderBy', () => ProgrammeOrder, { defaultValue: ProgrammeOrder.FIRST }) orderBy: ProgrammeOrderName,
  ) {
    const source = programmeOf({ ...toPlace(filter), status: filter?.status ?? undefined })
    const found = await findProgramme(deps.db, source, orderBy, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, source))
  }

  @FieldResolver(() => Attendance, { description: 'For staff, at the door: how many have come, of how many.' })
  @Rule(isStaff)
  attendance(@Ctx() { loaders }: Context, @Root() showtime: ShowtimeRow) {
    const none = { soldCount: 0, checkedInCount: 0, refundedCount: 0 }
    return loaders.grouped<Omit<AttendanceRow, '__key'>, Attendance>(
      attendance,
      showtime.id,
      {},
      ([row]) => row ?? none,
    )
  }
}
