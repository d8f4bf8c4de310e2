import { Arg, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql'
import { invalidInput, notFound } from '../../core/errors.ts'
import { decodeId, type Uuid } from '../../core/ids.ts'
import {
  findMessagesAfter,
  findNewestEventSeq,
  findRoomEventsAfter,
  findRoomIdsOfMember,
  findShownMembers,
  type MessageRow,
  ROOM_STREAM_PAGE_SIZE,
  type RoomEventRow,
  type Streamed,
} from '../../db/queries/chat.ts'
import { accountById } from '../../db/relations/account.ts'
import { messageById, roomById } from '../../db/relations/chat.ts'
import { membershipChanged, roomChanged, roomListChanged, roomMembersChanged } from '../../domain/chat/events.ts'
import { createRemovalWatch } from '../../domain/chat/stream.ts'
import { following } from '../../live/following.ts'
import { type PresenceStatus, presenceChanged, typingChanged } from '../../live/presence.ts'
import { liveState, liveStream } from '../../live/source.ts'
import { BatchLoaders } from '../../loaders/batch.ts'
import { membershipOf } from '../../loaders/chat.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { Account } from '../../schema/account.ts'
import { Message, RoomEvent } from '../../schema/chat/message.ts'
import { MemberPresence, Room, RoomList, RoomPresence } from '../../schema/chat/room.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { AFTER, readAfter } from '../stream-cursor.ts'
import { ROOM_STREAM, roomCursor } from './cursor.ts'

/** A list is looked at, and not read word by word. */
const ROOM_LIST_INTERVAL_MS = 500

interface StreamArgs {
  roomId: string
  after?: string | null
}

const BEHIND = `A \`streamCursor\` of a message, an event or the room. ${AFTER}`
const ENDS = 'Ends with `NOT_FOUND` as soon as the viewer is no member any more.'

@Resolver()
export class ChatLiveResolver {
  @Subscription(() => Message, {
    description: `Messages of a room: first those that were missed, then each new one, in the room’s order, without gap or duplicate. Those that were deleted meanwhile are left out. ${ENDS}`,
    subscribe: ({ args, context }) =>
      streamOfRoom('messageAdded', context as Context, args as StreamArgs, findMessagesAfter),
  })
  @Rule(isSignedIn)
  messageAdded(
    @Root() message: MessageRow,
    @Arg('roomId', () => ID) _roomId: string,
    @Arg('after', () => String, { nullable: true, description: BEHIND }) _after: string | undefined,
  ) {
    return message
  }

  @Subscription(() => RoomEvent, {
    description: `Everything that happens in a room: messages, edits, deletions, reactions, pins, members, roles, its title. First what was missed, then what comes, without gap or duplicate. ${ENDS}`,
    subscribe: ({ args, context }) =>
      streamOfRoom('roomEvents', context as Context, args as StreamArgs, findRoomEventsAfter),
  })
  @Rule(isSignedIn)
  roomEvents(
    @Root() event: RoomEventRow,
    @Arg('roomId', () => ID) _roomId: string,
    @Arg('after', () => String, { nullable: true, description: BEHIND }) _after: string | undefined,
  ) {
    return event
  }

  @Subscription(() => RoomList, {
    description:
      'The viewer’s rooms with their unread counts: as they are, then as they are after each change, at most twice a second.',
    subscribe: ({ context }) => watchRoomList(context as Context),
  })
  @Rule(isSignedIn)
  roomListUpdated(@Root() list: { accountId: Uuid }) {
    return list
  }

  @Subscription(() => RoomPresence, {
    description: `Who of a room is here, and who types: as it is, then each change, at most twice a second. Members who do not show their presence are left out. ${ENDS}`,
    subscribe: ({ args, context }) => watchPresence(context as Context, args as StreamArgs),
  })
  @Rule(isSignedIn)
  roomPresence(@Root() presence: PresenceOfRoom, @Arg('roomId', () => ID) _roomId: string) {
    return presence
  }
}

interface PresenceOfRoom {
  readonly present: { readonly accountId: Uuid; readonly presence: PresenceStatus }[]
  readonly typing: { readonly accountId: Uuid }[]
}

type FindAfter<Row> = (db: Context['deps']['db'], roomId: Uuid, seq: number) => Promise<Streamed<Row>[]>

/** @throws DomainError `NOT_FOUND` for who is no member, or not any more. */
async function admitMember(context: Context, roomId: Uuid): Promise<string> {
  // Fresh loaders: it is asked again for as long as somebody listens.
  const membership = await membershipOf(new BatchLoaders(context.deps.db), signedIn(context).accountId, roomId)
  if (membership === null) throw notFound('room', ['roomId'])
  return ''
}

async function streamOfRoom<Row extends { seq: number }>(
  name: string,
  context: Context,
  args: StreamArgs,
  find: FindAfter<Row>,
) {
  const { bus, db } = context.deps
  const { accountId } = signedIn(context)
  const id = decodeId('room', args.roomId, ['roomId'])
  const removals = createRemovalWatch(context.deps, id)
  const after = readAfter(ROOM_STREAM, args.after)
  let isReached = after === null
  return liveStream<Streamed<Row>>({
    bus,
    key: `${name}:${id}`,
    topics: [roomChanged(id)],
    recheckOn: [membershipChanged(id, accountId)],
    async admit() {
      await removals.begin()
      const audience = await admitMember(context, id)
      // One of a busier room would wait until this room has seen as much, and miss all that is said until then.
      if (!isReached && after !== null && after > (await findNewestEventSeq(db, id))) {
        throw invalidInput(['after'], 'This cursor is of another room: nothing in this one is that far.')
      }
      isReached = true
      return audience
    },
    after,
    async fetch(seq) {
      const rows = await find(db, id, seq)
      await removals.check(rows)
      return rows
    },
    seqOf: ({ seq }) => seq,
    pageSize: ROOM_STREAM_PAGE_SIZE,
    start: () => findNewestEventSeq(db, id),
  })
}

function watchRoomList(context: Context) {
  const { deps } = context
  const { accountId } = signedIn(context)
  return liveState({
    bus: following(deps, roomListChanged(accountId), async () =>
      (await findRoomIdsOfMember(deps.db, accountId)).map(roomChanged),
    ),
    key: `roomList:${accountId}`,
    topics: [roomListChanged(accountId)],
    admit: async () => accountId,
    load: async (audience) => ({ accountId: audience }),
    minIntervalMs: ROOM_LIST_INTERVAL_MS,
  })
}

async function watchPresence(context: Context, args: StreamArgs) {
  const { accountId } = signedIn(context)
  const id = decodeId('room', args.roomId, ['roomId'])
  const { db, presence } = context.deps
  const topics = async () => [typingChanged(id), ...(await findShownMembers(db, id)).map(presenceChanged)]
  return liveState<PresenceOfRoom>({
    bus: following(context.deps, roomMembersChanged(id), topics),
    key: `roomPresence:${id}`,
    topics: [roomMembersChanged(id)],
    recheckOn: [membershipChanged(id, accountId)],
    admit: () => admitMember(context, id),
    async load() {
      const shown = await findShownMembers(db, id)
      const [states, typing] = await Promise.all([presence.of(shown), presence.typingIn(id)])
      const present = shown.flatMap((each) => {
        const status = states.get(each)
        return status === undefined || status.state === 'OFFLINE' ? [] : [{ accountId: each, presence: status }]
      })
      const inRoom = new Set(shown)
      return { present, typing: typing.filter((each) => inRoom.has(each)).map((each) => ({ accountId: each })) }
    },
    minIntervalMs: ROOM_LIST_INTERVAL_MS,
  })
}

@Resolver(() => MemberPresence)
export class MemberPresenceResolver {
  @FieldResolver(() => Account)
  account(@Ctx() { loaders }: Context, @Root() member: { accountId: Uuid }) {
    return loaders.one(accountById, member.accountId)
  }
}

@Resolver(() => RoomPresence)
export class RoomPresenceResolver {
  @FieldResolver(() => [Account])
  async typing(@Ctx() { loaders }: Context, @Root() { typing }: PresenceOfRoom) {
    const accounts = await Promise.all(typing.map((each) => loaders.one(accountById, each.accountId)))
    return accounts.filter((account) => account !== null)
  }
}

@Resolver(() => RoomEvent)
export class RoomEventResolver {
  @FieldResolver(() => String)
  streamCursor(@Root() event: RoomEventRow) {
    return roomCursor(event.seq)
  }

  @FieldResolver(() => Room, { nullable: true })
  room(@Ctx() { loaders }: Context, @Root() event: RoomEventRow) {
    return loaders.one(roomById, event.roomId)
  }

  @FieldResolver(() => Account, { nullable: true })
  actor(@Ctx() { loaders }: Context, @Root() event: RoomEventRow) {
    return loaders.one(accountById, event.actorId)
  }

  @FieldResolver(() => Account, { nullable: true })
  account(@Ctx() { loaders }: Context, @Root() event: RoomEventRow) {
    return loaders.one(accountById, event.accountId)
  }

  @FieldResolver(() => Message, { nullable: true })
  message(@Ctx() { loaders }: Context, @Root() event: RoomEventRow) {
    return loaders.one(messageById, event.messageId)
  }
}
