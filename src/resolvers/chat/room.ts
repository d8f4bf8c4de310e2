import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId } from '../../core/ids.ts'
import type { Page, PageRequest } from '../../db/keyset.ts'
import { findRoomsOn, type MessageRow, type RoomRow, roomsOn } from '../../db/queries/chat.ts'
import { countRows } from '../../db/queries/page.ts'
import type { Count, HasMany } from '../../db/relation.ts'
import { accountById } from '../../db/relations/account.ts'
import {
  messageById,
  roomBanCount,
  roomBanList,
  roomInvitationCount,
  roomInvitationList,
  roomLinkCount,
  roomLinkList,
  roomMemberCount,
  roomMemberList,
  roomMessageCount,
  roomMessages,
  roomPinnedCount,
  roomPinnedMessages,
} from '../../db/relations/chat.ts'
import { subjectById } from '../../db/relations/comment.ts'
import { MAX_COUNTED_UNREAD, type RoomAction } from '../../domain/chat/rules.ts'
import { decodeSubjectRef, getSubject, rulesOf } from '../../domain/subject/registry.ts'
import { createUnreadOf, lastMessageOf } from '../../loaders/chat.ts'
import { viewerMutes } from '../../loaders/notification.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import { Account } from '../../schema/account.ts'
import { Message, MessageConnection } from '../../schema/chat/message.ts'
import {
  Room,
  RoomBanConnection,
  RoomConnection,
  RoomInvitationConnection,
  RoomLinkConnection,
  RoomMember,
  RoomMemberConnection,
} from '../../schema/chat/room.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import type { Context } from '../../schema/context.ts'
import { Node } from '../../schema/node.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { loadNode } from '../nodes.ts'
import { roomCursor } from './cursor.ts'
import { viewerMembership } from './membership.ts'
import { ensureMember, viewerMay, viewerMayEnter } from './node.ts'

const unreadOf = createUnreadOf(MAX_COUNTED_UNREAD)

async function list<Row extends object>(
  { loaders }: Context,
  room: RoomRow,
  relation: HasMany<Row>,
  count: Count,
  page: ConnectionArgs,
) {
  const found = await loaders.page(relation, room.id, toPageRequest(page))
  return new Connection(found, () => loaders.count(count, room.id))
}

@Resolver(() => Room)
export class RoomResolver {
  @Query(() => RoomConnection, {
    description: 'The rooms that hang on a post, …, the oldest first: whoever sees that may join them.',
  })
  @Rule(everyone)
  async rooms(
    @Ctx() { deps, viewer }: Context,
    @Arg('on', () => ID, { description: 'The id of a post, …' }) on: string,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const { id } = await getSubject(deps.db, viewer, decodeSubjectRef(on, ['on']), ['on'])
    const found = await findRoomsOn(deps.db, id, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, roomsOn(id)))
  }

  @FieldResolver(() => MessageConnection, {
    description:
      'What was said, the oldest first. Ask with `last` for the newest page, and with `before` for the one before it.',
  })
  async messages(
    @Ctx() context: Context,
    @Root() room: RoomRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('around', () => ID, {
      nullable: true,
      description: 'A message of the room, to be in the middle of the page. Without `after` and `before`.',
    })
    around: string | undefined,
  ) {
    await ensureMember(context, room.id)
    const request = toPageRequest(page)
    const found: Page<MessageRow> =
      around == null
        ? await context.loaders.page(roomMessages, room.id, request)
        : await pageAround(context, room, around, request)
    return new Connection(found, () => context.loaders.count(roomMessageCount, room.id))
  }

  @FieldResolver(() => MessageConnection, { description: 'The pinned messages, the latest pin first; at most 50.' })
  async pinnedMessages(
    @Ctx() context: Context,
    @Root() room: RoomRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    await ensureMember(context, room.id)
    return list(context, room, roomPinnedMessages, roomPinnedCount, page)
  }

  @FieldResolver(() => Message, { nullable: true, description: 'The newest; null in a room where nothing was said.' })
  async lastMessage(@Ctx() context: Context, @Root() room: RoomRow) {
    await ensureMember(context, room.id)
    return lastMessageOf(context.loaders, room.id)
  }

  @FieldResolver(() => RoomMemberConnection, { description: 'Who is in it, the longest first.' })
  async members(@Ctx() context: Context, @Root() room: RoomRow, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    await ensureMember(context, room.id)
    return list(context, room, roomMemberList, roomMemberCount, page)
  }

  @FieldResolver(() => RoomInvitationConnection, { description: 'Invitations that wait for an answer.' })
  async invitations(@Ctx() context: Context, @Root() room: RoomRow, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    await ensureMember(context, room.id)
    return list(context, room, roomInvitationList, roomInvitationCount, page)
  }

  @FieldResolver(() => RoomLinkConnection, { description: 'Its links. For owners and moderators: empty for others.' })
  async links(@Ctx() context: Context, @Root() room: RoomRow, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return forModerators(context, room, 'makeLinks', () => list(context, room, roomLinkList, roomLinkCount, page))
  }

  @FieldResolver(() => RoomBanConnection, {
    description: 'Who is banned. For owners and moderators: empty for others.',
  })
  async bans(@Ctx() context: Context, @Root() room: RoomRow, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return forModerators(context, room, 'removeMembers', () => list(context, room, roomBanList, roomBanCount, page))
  }

  @FieldResolver(() => String)
  streamCursor(@Root() room: RoomRow) {
    return roomCursor(room.eventSeq)
  }

  @FieldResolver(() => Node, { nullable: true })
  async subject(@Ctx() context: Context, @Root() room: RoomRow) {
    const on = await context.loaders.one(subjectById, room.subjectId)
    return on === null ? null : loadNode(context, rulesOf(on.kind).idPrefix, on.id)
  }

  @FieldResolver(() => Account, { nullable: true })
  @DependsOnViewer
  viewerPeer(@Ctx() { loaders, viewer }: Context, @Root() { kind, directLowId, directHighId }: RoomRow) {
    if (kind === 'GROUP' || viewer === null) return null
    const other = [directLowId, directHighId].find((id) => id !== null && id !== viewer.accountId)
    return loaders.one(accountById, other ?? null)
  }

  @FieldResolver(() => RoomMember, { nullable: true })
  @DependsOnViewer
  viewerMembership(@Ctx() context: Context, @Root() room: RoomRow) {
    return viewerMembership(context, room.id)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerMutesNotifications(@Ctx() { loaders, viewer }: Context, @Root() room: RoomRow) {
    return viewer !== null && viewerMutes(loaders, viewer.accountId, room.id)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanJoin(@Ctx() context: Context, @Root() room: RoomRow) {
    if (room.subjectId === null || context.viewer === null) return false
    return (await viewerMembership(context, room.id)) === null && viewerMayEnter(context, room)
  }

  @FieldResolver(() => Int)
  @DependsOnViewer
  async viewerUnreadCount(@Ctx() { loaders, viewer }: Context, @Root() room: RoomRow) {
    return viewer === null ? 0 : (await unreadOf(loaders, viewer.accountId, room.id)).unread
  }

  @FieldResolver(() => Int)
  @DependsOnViewer
  async viewerMentionCount(@Ctx() { loaders, viewer }: Context, @Root() room: RoomRow) {
    return viewer === null ? 0 : (await unreadOf(loaders, viewer.accountId, room.id)).mentions
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanChange(@Ctx() context: Context, @Root() room: RoomRow) {
    return viewerMay(context, room, 'changeRoom')
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanRemoveMembers(@Ctx() context: Context, @Root() room: RoomRow) {
    return viewerMay(context, room, 'removeMembers')
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanPin(@Ctx() context: Context, @Root() room: RoomRow) {
    return viewerMay(context, room, 'pin')
  }
}

/** @throws DomainError `NOT_FOUND` for who is no member. */
async function forModerators<Found>(
  context: Context,
  room: RoomRow,
  action: RoomAction,
  find: () => Promise<Found>,
): Promise<Found | Connection<RoomRow>> {
  await ensureMember(context, room.id)
  if (await viewerMay(context, room, action)) return find()
  const nothing = { rows: [], order: roomLinkList.order, hasNextPage: false, hasPreviousPage: false }
  return new Connection<RoomRow>(nothing, async () => 0)
}

/** Half of the page up to the message, and half behind it. @throws DomainError `NOT_FOUND` for none of this room. */
async function pageAround(
  { loaders }: Context,
  room: RoomRow,
  around: string,
  { limit }: PageRequest,
): Promise<Page<MessageRow>> {
  const message = await loaders.one(messageById, decodeId('message', around, ['around']))
  if (message === null || message.roomId !== room.id) throw notFound('message', ['around'])
  const half = Math.ceil(limit / 2)
  const upTo = await loaders.page(roomMessages, room.id, {
    limit: half,
    toward: 'backward',
    after: null,
    before: roomCursor(message.seq + 1),
  })
  // A page of one has no room for what is behind it, but says whether there is something.
  const behind = await loaders.page(roomMessages, room.id, {
    limit: Math.max(limit - half, 1),
    toward: 'forward',
    after: roomCursor(message.seq),
    before: null,
  })
  const shown = behind.rows.slice(0, limit - half)
  return {
    rows: [...upTo.rows, ...shown],
    order: upTo.order,
    hasPreviousPage: upTo.hasPreviousPage,
    hasNextPage: behind.hasNextPage || shown.length < behind.rows.length,
  }
}
