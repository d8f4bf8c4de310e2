import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, type Uuid } from '../../core/ids.ts'
import { seatMaps, toSeatMap } from '../../db/queries/cinema/seat-map.ts'
import {
  type AvailabilityRow,
  availability,
  findShowtimes,
  listedShowtimes,
  type ShowtimePlace,
  type ShowtimeRow,
} from '../../db/queries/cinema/showtimes.ts'
import { countRows } from '../../db/queries/page.ts'
import { movieById, screenById, showtimeById, theatreById } from '../../db/relations/cinema.ts'
import { SEAT_TYPES, type ShowtimeStatus } from '../../domain/cinema/rules.ts'
import { changeShowtimeStatus, createShowtime } from '../../domain/cinema/showtime.ts'
import { everyone, isStaff, Rule } from '../../permissions/rules.ts'
import { Movie } from '../../schema/cinema/movie.ts'
import {
  CancelShowtimePayload,
  CreateShowtimeInput,
  CreateShowtimePayload,
  PauseShowtimePayload,
  ResumeShowtimePayload,
  SEAT_MAP_COST,
  SeatAvailability,
  SeatMap,
  SeatPrice,
  Showtime,
  ShowtimeConnection,
  ShowtimeFilter,
  ShowtimeInput,
  type ShowtimePlaceFilter,
} from '../../schema/cinema/showtime.ts'
import { Screen, Theatre } from '../../schema/cinema/theatre.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { toMoney } from '../../schema/money.ts'
import { DateTime, LocalTime } from '../../schema/scalars.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'

export const showtimeNode: NodeType = {
  typename: 'Showtime',
  prefix: 'showtime',
  load: ({ loaders }, id) => loaders.one(showtimeById, id),
}

/** Counted by type in the database, of all seats of the showtime. */
const AVAILABILITY_COST = 10

interface Priced {
  currency: string
  standardMinor: number
  premiumMinor: number
  accessibleMinor: number
  coupleMinor: number
}

export const pricesOf = (row: Priced) => {
  const minor = {
    STANDARD: row.standardMinor,
    PREMIUM: row.premiumMinor,
    ACCESSIBLE: row.accessibleMinor,
    COUPLE: row.coupleMinor,
  }
  return SEAT_TYPES.map((type) => ({ type, price: toMoney(minor[type], row.currency) }))
}

export const toPlace = (filter: ShowtimePlaceFilter | null | undefined): ShowtimePlace => {
  const idOf = (prefix: 'movie' | 'theatre' | 'screen') => {
    const id = filter?.[`${prefix}Id`]
    return id == null ? undefined : decodeId(prefix, id, ['filter', `${prefix}Id`])
  }
  return {
    movieId: idOf('movie'),
    theatreId: idOf('theatre'),
    screenId: idOf('screen'),
    day: filter?.day ?? undefined,
    from: filter?.from ?? undefined,
    before: filter?.before ?? undefined,
  }
}

const showtimeId = (id: string): Uuid => decodeId('showtime', id, ['input', 'id'])

@Resolver(() => Showtime)
export class ShowtimeResolver {
  @Query(() => ShowtimeConnection, { description: 'Showtimes ahead that are not cancelled, the next one first.' })
  @Rule(everyone)
  async showtimes(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => ShowtimeFilter, { nullable: true }) filter: ShowtimeFilter | undefined,
  ) {
    const wanted = { ...toPlace(filter), accessibleSeats: filter?.accessibleSeats ?? undefined }
    const found = await findShowtimes(deps.db, wanted, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, listedShowtimes(wanted)))
  }

  @FieldResolver(() => Movie)
  movie(@Ctx() { loaders }: Context, @Root() showtime: ShowtimeRow) {
    return loaders.one(movieById, showtime.movieId)
  }

  @FieldResolver(() => Theatre)
  theatre(@Ctx() { loaders }: Context, @Root() showtime: ShowtimeRow) {
    return loaders.one(theatreById, showtime.theatreId)
  }

  @FieldResolver(() => Screen)
  screen(@Ctx() { loaders }: Context, @Root() showtime: ShowtimeRow) {
    return loaders.one(screenById, showtime.screenId)
  }

  @FieldResolver(() => Boolean)
  isOnSale(@Ctx() { deps }: Context, @Root() showtime: ShowtimeRow) {
    return showtime.status === 'SCHEDULED' && Date.parse(showtime.startsAt) > deps.clock.now().getTime()
  }

  @FieldResolver(() => DateTime)
  async cancellableUntil(@Ctx() { loaders }: Context, @Root() showtime: ShowtimeRow) {
    const theatre = await loaders.one(theatreById, showtime.theatreId)
    return new Date(Date.parse(showtime.startsAt) - (theatre?.cancellationMinutes ?? 0) * 60_000).toISOString()
  }

  @FieldResolver(() => LocalTime)
  localTime(@Root() showtime: ShowtimeRow) {
    return showtime.localStartsAt.slice(11, 16)
  }

  @FieldResolver(() => [SeatPrice])
  @Costs({ atMost: SEAT_TYPES.length })
  prices(@Root() showtime: ShowtimeRow) {
    return pricesOf(showtime)
  }

  @FieldResolver(() => [SeatAvailability])
  @Costs({ own: AVAILABILITY_COST, atMost: SEAT_TYPES.length })
  availability(@Ctx() { loaders }: Context, @Root() showtime: ShowtimeRow) {
    return loaders.grouped<Omit<AvailabilityRow, '__key'>, readonly AvailabilityRow[]>(
      availability,
      showtime.id,
      {},
      (rows) => rows,
    )
  }

  /** Whatever is selected of it, all of its seats are read. */
  @FieldResolver(() => SeatMap)
  @Costs({ own: SEAT_MAP_COST })
  seatMap(@Ctx() { loaders }: Context, @Root() showtime: ShowtimeRow) {
    return loaders.grouped(seatMaps, showtime.id, {}, ([row]) => (row === undefined ? null : toSeatMap(row)))
  }

  @Mutation(() => CreateShowtimePayload, {
    nullable: true,
    description:
      'For staff. User errors: `NOT_FOUND`, `INVALID_INPUT` (past, outside of the movie’s run, a time that the clock leaves out), `SCREEN_BUSY`, `CONFLICT` (key).',
  })
  @Rule(isStaff)
  createShowtime(@Ctx() context: Context, @Arg('input', () => CreateShowtimeInput) input: CreateShowtimeInput) {
    return payload(context, 'showtime', async () => {
      const id = await createShowtime(context.deps, signedIn(context), {
        ...input,
        movieId: decodeId('movie', input.movieId, ['input', 'movieId']),
        screenId: decodeId('screen', input.screenId, ['input', 'screenId']),
      })
      return context.loaders.one(showtimeById, id)
    })
  }

  @Mutation(() => PauseShowtimePayload, {
    nullable: true,
    description:
      'For staff: nothing is sold until it is resumed; seats that are held stay held. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isStaff)
  pauseShowtime(@Ctx() context: Context, @Arg('input', () => ShowtimeInput) input: ShowtimeInput) {
    return change(context, input, 'PAUSED')
  }

  @Mutation(() => ResumeShowtimePayload, {
    nullable: true,
    description: 'For staff: seats are sold again. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isStaff)
  resumeShowtime(@Ctx() context: Context, @Arg('input', () => ShowtimeInput) input: ShowtimeInput) {
    return change(context, input, 'SCHEDULED')
  }

  @Mutation(() => CancelShowtimePayload, {
    nullable: true,
    description:
      'For staff: it does not take place, and the screen is free at that time. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isStaff)
  cancelShowtime(@Ctx() context: Context, @Arg('input', () => ShowtimeInput) input: ShowtimeInput) {
    return change(context, input, 'CANCELLED')
  }
}

const change = (context: Context, { id }: ShowtimeInput, status: ShowtimeStatus) =>
  payload(context, 'showtime', async () => {
    const changed = await changeShowtimeStatus(context.deps, signedIn(context), { id: showtimeId(id), status })
    const showtime = await context.loaders.one(showtimeById, changed)
    if (showtime === null) throw notFound('showtime', ['input', 'id'])
    return showtime
  })
