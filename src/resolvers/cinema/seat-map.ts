import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root, Subscription } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, encodeId } from '../../core/ids.ts'
import { findSeatMap, type SeatMap as SeatMapRow } from '../../db/queries/cinema/seat-map.ts'
import { showtimeById } from '../../db/relations/cinema.ts'
import { seatMapChanged } from '../../domain/cinema/claim.ts'
import { announceLapse } from '../../domain/cinema/lapse.ts'
import { SEAT_TYPES, type SeatType } from '../../domain/cinema/rules.ts'
import { liveState } from '../../live/source.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import { MapSeat, SEAT_MAP_COST, SeatMap, Showtime } from '../../schema/cinema/showtime.ts'
import type { Context } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { type Money, toMoney } from '../../schema/money.ts'

@Resolver(() => SeatMap)
export class SeatMapResolver {
  @FieldResolver(() => Showtime)
  showtime(@Ctx() { loaders }: Context, @Root() map: SeatMapRow) {
    return loaders.one(showtimeById, map.showtimeId)
  }

  @FieldResolver(() => [MapSeat])
  seats(@Root() map: SeatMapRow): MapSeat[] {
    const prices = Object.fromEntries(
      SEAT_TYPES.map((type) => [type, toMoney(map.prices[type], map.currency)]),
    ) as Record<SeatType, Money>
    return map.seats.map(({ id, holderId: _, ...seat }) => ({
      ...seat,
      seatId: encodeId('seat', id),
      price: prices[seat.type],
    }))
  }

  @FieldResolver(() => Int)
  freeCount(@Root() map: SeatMapRow) {
    return map.seats.filter(({ status }) => status === 'FREE').length
  }

  @Subscription(() => SeatMap, {
    description:
      'The seats of a showtime: as they are now, then each time that some are held, released, sold or free again because the time of a hold is up. At most ten times a second.',
    subscribe: ({ args, context }) => watchSeatMap(context as Context, args as { showtimeId: string }),
  })
  @Rule(everyone)
  @Costs({ own: SEAT_MAP_COST })
  seatMapChanged(
    @Root() map: SeatMapRow,
    @Arg('showtimeId', () => ID, { description: 'The id of a showtime.' }) _showtimeId: string,
  ) {
    return map
  }
}

async function watchSeatMap({ deps }: Context, args: { showtimeId: string }) {
  const { db, bus } = deps
  const id = decodeId('showtime', args.showtimeId, ['showtimeId'])
  const load = async (): Promise<SeatMapRow> => {
    const map = await findSeatMap(db, id)
    if (map === null) throw notFound('showtime', ['showtimeId'])
    announceLapse(bus, id, map.nextLapseInMs)
    return map
  }
  return liveState<SeatMapRow>({
    bus,
    key: `seatMapChanged:${id}`,
    topics: [seatMapChanged(id)],
    async admit() {
      await load()
      return ''
    },
    load,
  })
}
