import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root, Subscription } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, type Uuid } from '../../core/ids.ts'
import { holdsById } from '../../db/queries/cinema/holds.ts'
import { aheadCounts, findWaits, type WaitlistRow, waitingCounts, waitsOf } from '../../db/queries/cinema/waitlist.ts'
import { countRows } from '../../db/queries/page.ts'
import { showtimeById, waitlistEntryById } from '../../db/relations/cinema.ts'
import { joinWaitlist, leaveWaitlist } from '../../domain/cinema/waitlist.ts'
import { waitlistChanged } from '../../domain/cinema/waitlist-offer.ts'
import { liveState } from '../../live/source.ts'
import { BatchLoaders } from '../../loaders/batch.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { Viewer } from '../../schema/account.ts'
import { SeatHold } from '../../schema/cinema/hold.ts'
import { Showtime } from '../../schema/cinema/showtime.ts'
import {
  JoinWaitlistInput,
  JoinWaitlistPayload,
  LeaveWaitlistInput,
  LeaveWaitlistPayload,
  WaitlistEntry,
  WaitlistEntryConnection,
} from '../../schema/cinema/waitlist.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'

/** A place in a line is told no more often; the first change at once. */
const WAITLIST_INTERVAL_MS = 1_000

type Shown = Pick<Context, 'loaders' | 'viewer'>

/** Null for another's: who waits for what is nobody else's business. */
async function ownEntry({ loaders, viewer }: Shown, id: Uuid) {
  const entry = await loaders.one(waitlistEntryById, id)
  return entry !== null && viewer !== null && entry.accountId === viewer.accountId ? entry : null
}

export const waitlistEntryNode: NodeType = {
  typename: 'WaitlistEntry',
  prefix: 'waitlistentry',
  load: (context, id) => ownEntry(context, id),
}

const changed = (context: Context, change: () => Promise<Uuid>) =>
  payload(context, 'entry', async () => {
    const entry = await context.loaders.one(waitlistEntryById, await change())
    // A repeated request is answered with the first one's entry, which may be gone since.
    if (entry === null) throw notFound('waitlist entry')
    return entry
  })

@Resolver(() => WaitlistEntry)
export class WaitlistEntryResolver {
  @FieldResolver(() => Showtime)
  showtime(@Ctx() { loaders }: Context, @Root() entry: WaitlistRow) {
    return loaders.one(showtimeById, entry.showtimeId)
  }

  @FieldResolver(() => SeatHold, { nullable: true })
  hold(@Ctx() { loaders }: Context, @Root() entry: WaitlistRow) {
    if (entry.status !== 'OFFERED' || entry.holdId === null) return null
    return loaders.grouped(holdsById, entry.holdId, { holderId: entry.accountId }, ([row]) => row ?? null)
  }

  @FieldResolver(() => Int, { nullable: true })
  aheadCount(@Ctx() { loaders }: Context, @Root() entry: WaitlistRow) {
    if (entry.status !== 'WAITING') return null
    return loaders.grouped(aheadCounts, entry.id, {}, ([row]) => row?.count ?? null)
  }

  @Mutation(() => JoinWaitlistPayload, {
    nullable: true,
    description:
      'Goes to the end of the line for seats of a showtime that has not so many left. When they are free, they are held for half an hour for the first whose wish fits, who is told in `notifications`, by mail and in `waitlistEntryUpdated`. Joining again with the same wish changes nothing. User errors: `NOT_FOUND`, `INVALID_INPUT` (begun, cancelled, there are seats left), `TAKEN` (another wish), `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  joinWaitlist(@Ctx() context: Context, @Arg('input', () => JoinWaitlistInput) input: JoinWaitlistInput) {
    const { seatCount, seatType, idempotencyKey } = input
    return changed(context, () =>
      joinWaitlist(context.deps, signedIn(context), {
        showtimeId: decodeId('showtime', input.showtimeId, ['input', 'showtimeId']),
        seatCount,
        ...(seatType == null ? {} : { seatType }),
        ...(idempotencyKey == null ? {} : { idempotencyKey }),
      }),
    )
  }

  @Mutation(() => LeaveWaitlistPayload, {
    nullable: true,
    description:
      'Gives up the place in the line, and the seats that were offered. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  leaveWaitlist(@Ctx() context: Context, @Arg('input', () => LeaveWaitlistInput) { id }: LeaveWaitlistInput) {
    return changed(context, () =>
      leaveWaitlist(context.deps, signedIn(context), decodeId('waitlistentry', id, ['input', 'id'])),
    )
  }

  @Subscription(() => WaitlistEntry, {
    description:
      'A place in a line as it is now, then each change of it: those before one leave, seats are offered, the offer ends. For its member.',
    subscribe: async ({ args, context }) => {
      const { deps, viewer } = context as Context
      const id = decodeId('waitlistentry', (args as { id: string }).id, ['id'])
      const get = async () => {
        const entry = await ownEntry({ loaders: new BatchLoaders(deps.db), viewer }, id)
        if (entry === null) throw notFound('waitlist entry', ['id'])
        return entry
      }
      const { showtimeId } = await get()
      return liveState<WaitlistRow>({
        bus: deps.bus,
        key: `waitlistEntryUpdated:${id}`,
        topics: [waitlistChanged(showtimeId)],
        // Each who waits has a state of their own, and a move of one may change them all.
        minIntervalMs: WAITLIST_INTERVAL_MS,
        async admit() {
          await get()
          return ''
        },
        async load() {
          const entry = await new BatchLoaders(deps.db).one(waitlistEntryById, id)
          if (entry === null) throw notFound('waitlist entry', ['id'])
          return entry
        },
      })
    },
  })
  @Rule(isSignedIn)
  waitlistEntryUpdated(@Root() entry: WaitlistRow, @Arg('id', () => ID) _id: string) {
    return entry
  }
}

@Resolver(() => Showtime)
export class WaitlistShowtimeResolver {
  @FieldResolver(() => Int, { description: 'How many members wait for seats.' })
  waitingCount(@Ctx() { loaders }: Context, @Root() showtime: { id: Uuid }) {
    return loaders.grouped(waitingCounts, showtime.id, {}, ([row]) => row?.count ?? 0)
  }
}

@Resolver(() => Viewer)
export class WaitlistViewerResolver {
  @FieldResolver(() => WaitlistEntryConnection, { description: 'Where the viewer waits or waited, the newest first.' })
  async waitlistEntries(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const source = waitsOf(signedIn(context).accountId)
    const found = await findWaits(context.deps.db, source, toPageRequest(page))
    return new Connection(found, () => countRows(context.deps.db, source))
  }
}
