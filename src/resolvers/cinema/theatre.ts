import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { decodeId } from '../../core/ids.ts'
import { findTheatres, listedTheatres, type ScreenRow, type TheatreRow } from '../../db/queries/cinema/showtimes.ts'
import { countRows } from '../../db/queries/page.ts'
import {
  screenById,
  screenSeatCount,
  screenSeats,
  seatById,
  theatreById,
  theatreScreens,
  theatreShowtimeCount,
  theatreShowtimes,
} from '../../db/relations/cinema.ts'
import { MAX_SEATS_PER_SCREEN } from '../../domain/cinema/rules.ts'
import { blockSeat, createScreen, createTheatre, updateScreen, updateTheatre } from '../../domain/cinema/theatre.ts'
import { everyone, isStaff, Rule } from '../../permissions/rules.ts'
import { ShowtimeConnection } from '../../schema/cinema/showtime.ts'
import {
  BlockSeatInput,
  BlockSeatPayload,
  CreateScreenInput,
  CreateScreenPayload,
  CreateTheatreInput,
  CreateTheatrePayload,
  Screen,
  Seat,
  Theatre,
  TheatreConnection,
  UpdateScreenInput,
  UpdateScreenPayload,
  UpdateTheatreInput,
  UpdateTheatrePayload,
} from '../../schema/cinema/theatre.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'

export const theatreNode: NodeType = {
  typename: 'Theatre',
  prefix: 'theatre',
  load: ({ loaders }, id) => loaders.one(theatreById, id),
}

export const screenNode: NodeType = {
  typename: 'Screen',
  prefix: 'screen',
  load: ({ loaders }, id) => loaders.one(screenById, id),
}

export const seatNode: NodeType = {
  typename: 'Seat',
  prefix: 'seat',
  load: ({ loaders }, id) => loaders.one(seatById, id),
}

/** For the cost of a field: more screens than any house has. */
const MOST_SCREENS = 30

@Resolver(() => Theatre)
export class TheatreResolver {
  @Query(() => TheatreConnection, { description: 'Theatres by name.' })
  @Rule(everyone)
  async theatres(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('city', () => String, { nullable: true, description: 'In this city, in any case.' }) city: string | undefined,
  ) {
    const place = city?.trim().replaceAll('\0', '') || undefined
    const found = await findTheatres(deps.db, place, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, listedTheatres(place)))
  }

  @FieldResolver(() => [Screen])
  @Costs({ atMost: MOST_SCREENS })
  screens(@Ctx() { loaders }: Context, @Root() theatre: TheatreRow) {
    return loaders.many(theatreScreens, theatre.id)
  }

  @FieldResolver(() => ShowtimeConnection, { description: 'Showtimes ahead, the next one first.' })
  async showtimes(
    @Ctx() { loaders }: Context,
    @Root() theatre: TheatreRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(theatreShowtimes, theatre.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(theatreShowtimeCount, theatre.id))
  }

  @Mutation(() => CreateTheatrePayload, {
    nullable: true,
    description: 'For staff. User errors: `INVALID_INPUT`, `TAKEN`.',
  })
  @Rule(isStaff)
  createTheatre(@Ctx() context: Context, @Arg('input', () => CreateTheatreInput) input: CreateTheatreInput) {
    return payload(context, 'theatre', async () =>
      context.loaders.one(theatreById, await createTheatre(context.deps, signedIn(context), input)),
    )
  }

  @Mutation(() => UpdateTheatrePayload, {
    nullable: true,
    description: 'For staff. User errors: `NOT_FOUND`, `INVALID_INPUT`, `TAKEN`.',
  })
  @Rule(isStaff)
  updateTheatre(@Ctx() context: Context, @Arg('input', () => UpdateTheatreInput) input: UpdateTheatreInput) {
    return payload(context, 'theatre', async () => {
      const change = { ...input, id: decodeId('theatre', input.id, ['input', 'id']) }
      return context.loaders.one(theatreById, await updateTheatre(context.deps, signedIn(context), change))
    })
  }
}

@Resolver(() => Screen)
export class ScreenResolver {
  @FieldResolver(() => Theatre)
  theatre(@Ctx() { loaders }: Context, @Root() screen: ScreenRow) {
    return loaders.one(theatreById, screen.theatreId)
  }

  @FieldResolver(() => Int)
  seatCount(@Ctx() { loaders }: Context, @Root() screen: ScreenRow) {
    return loaders.count(screenSeatCount, screen.id)
  }

  @FieldResolver(() => [Seat])
  @Costs({ atMost: MAX_SEATS_PER_SCREEN })
  seats(@Ctx() { loaders }: Context, @Root() screen: ScreenRow) {
    return loaders.many(screenSeats, screen.id)
  }

  @Mutation(() => CreateScreenPayload, {
    nullable: true,
    description:
      'For staff. Its seats never change, because tickets name them: a screen that is rebuilt is a new one. User errors: `NOT_FOUND`, `INVALID_INPUT` naming each wrong row, `LIMIT_EXCEEDED`, `TAKEN`, `CONFLICT` (key).',
  })
  @Rule(isStaff)
  createScreen(@Ctx() context: Context, @Arg('input', () => CreateScreenInput) input: CreateScreenInput) {
    return payload(context, 'screen', async () => {
      const theatreId = decodeId('theatre', input.theatreId, ['input', 'theatreId'])
      const id = await createScreen(context.deps, signedIn(context), { ...input, theatreId })
      return context.loaders.one(screenById, id)
    })
  }

  @Mutation(() => UpdateScreenPayload, {
    nullable: true,
    description: 'For staff. User errors: `NOT_FOUND`, `INVALID_INPUT`, `TAKEN`.',
  })
  @Rule(isStaff)
  updateScreen(@Ctx() context: Context, @Arg('input', () => UpdateScreenInput) input: UpdateScreenInput) {
    return payload(context, 'screen', async () => {
      const change = { ...input, id: decodeId('screen', input.id, ['input', 'id']) }
      return context.loaders.one(screenById, await updateScreen(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => BlockSeatPayload, {
    nullable: true,
    description:
      'For staff: the seat is not sold any more, or again; whoever has it already keeps it. Of a sofa both seats. User error: `NOT_FOUND`.',
  })
  @Rule(isStaff)
  blockSeat(@Ctx() context: Context, @Arg('input', () => BlockSeatInput) { id, isBlocked }: BlockSeatInput) {
    return payload(context, 'seat', async () => {
      const change = { id: decodeId('seat', id, ['input', 'id']), isBlocked }
      return context.loaders.one(seatById, await blockSeat(context.deps, signedIn(context), change))
    })
  }
}
