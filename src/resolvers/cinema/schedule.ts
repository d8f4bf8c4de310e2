import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { decodeId, type Uuid } from '../../core/ids.ts'
import { findSchedules, listedSchedules, type ScheduleRow } from '../../db/queries/cinema/showtimes.ts'
import { countRows } from '../../db/queries/page.ts'
import { movieById, scheduleById, screenById } from '../../db/relations/cinema.ts'
import { SEAT_TYPES } from '../../domain/cinema/rules.ts'
import { createSchedule, endSchedule, type Filled, refillSchedule } from '../../domain/cinema/schedule.ts'
import { isStaff as hasStaffRole } from '../../domain/viewer.ts'
import { isStaff, Rule } from '../../permissions/rules.ts'
import { Movie } from '../../schema/cinema/movie.ts'
import {
  CreateShowtimeScheduleInput,
  CreateShowtimeSchedulePayload,
  EndShowtimeScheduleInput,
  EndShowtimeSchedulePayload,
  RefillShowtimeSchedulePayload,
  ShowtimeSchedule,
  ShowtimeScheduleConnection,
  ShowtimeScheduleInput,
} from '../../schema/cinema/schedule.ts'
import { SeatPrice } from '../../schema/cinema/showtime.ts'
import { Screen } from '../../schema/cinema/theatre.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { LocalTime } from '../../schema/scalars.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'
import { pricesOf } from './showtime.ts'

/** The programme ahead is public, how it is made is the staff's. */
export const scheduleNode: NodeType = {
  typename: 'ShowtimeSchedule',
  prefix: 'schedule',
  load: async ({ loaders, viewer }, id) => (hasStaffRole(viewer) ? loaders.one(scheduleById, id) : null),
}

const scheduleId = (id: string): Uuid => decodeId('schedule', id, ['input', 'id'])

const shown = async ({ loaders }: Context, { id, daysLeftOut }: Filled) => ({
  schedule: await loaders.one(scheduleById, id),
  daysLeftOut,
})

@Resolver(() => ShowtimeSchedule)
export class ShowtimeScheduleResolver {
  @Query(() => ShowtimeScheduleConnection, { description: 'For staff: schedules, the newest first.' })
  @Rule(isStaff)
  async showtimeSchedules(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('screenId', () => ID, { nullable: true }) screenId: string | undefined,
  ) {
    const screen = screenId == null ? undefined : decodeId('screen', screenId, ['screenId'])
    const found = await findSchedules(deps.db, screen, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, listedSchedules(screen)))
  }

  @FieldResolver(() => Movie)
  movie(@Ctx() { loaders }: Context, @Root() schedule: ScheduleRow) {
    return loaders.one(movieById, schedule.movieId)
  }

  @FieldResolver(() => Screen)
  screen(@Ctx() { loaders }: Context, @Root() schedule: ScheduleRow) {
    return loaders.one(screenById, schedule.screenId)
  }

  @FieldResolver(() => LocalTime)
  localTime(@Root() schedule: ScheduleRow) {
    return schedule.localTime.slice(0, 5)
  }

  @FieldResolver(() => [SeatPrice])
  @Costs({ atMost: SEAT_TYPES.length })
  prices(@Root() schedule: ScheduleRow) {
    return pricesOf(schedule)
  }

  @Mutation(() => CreateShowtimeSchedulePayload, {
    nullable: true,
    description:
      'For staff. Its showtimes are made at once, 60 days ahead, and each further day as it comes near. User errors: `NOT_FOUND`, `INVALID_INPUT`, `CONFLICT` (key).',
  })
  @Rule(isStaff)
  createShowtimeSchedule(
    @Ctx() context: Context,
    @Arg('input', () => CreateShowtimeScheduleInput) input: CreateShowtimeScheduleInput,
  ) {
    return payload(context, 'filled', async () => {
      const filled = await createSchedule(context.deps, signedIn(context), {
        ...input,
        movieId: decodeId('movie', input.movieId, ['input', 'movieId']),
        screenId: decodeId('screen', input.screenId, ['input', 'screenId']),
      })
      return shown(context, filled)
    })
  }

  @Mutation(() => RefillShowtimeSchedulePayload, {
    nullable: true,
    description:
      'For staff: makes the showtimes of days that were left out, now that the screen may be free. User error: `NOT_FOUND`.',
  })
  @Rule(isStaff)
  refillShowtimeSchedule(
    @Ctx() context: Context,
    @Arg('input', () => ShowtimeScheduleInput) { id }: ShowtimeScheduleInput,
  ) {
    return payload(context, 'filled', async () =>
      shown(context, await refillSchedule(context.deps, signedIn(context), scheduleId(id))),
    )
  }

  @Mutation(() => EndShowtimeSchedulePayload, {
    nullable: true,
    description:
      'For staff: ends it earlier and cancels its showtimes after that day. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isStaff)
  endShowtimeSchedule(
    @Ctx() context: Context,
    @Arg('input', () => EndShowtimeScheduleInput) { id, lastDay }: EndShowtimeScheduleInput,
  ) {
    return payload(context, 'schedule', async () => {
      const ended = await endSchedule(context.deps, signedIn(context), { id: scheduleId(id), lastDay })
      return context.loaders.one(scheduleById, ended)
    })
  }
}
