import { Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import {
  blockedAccounts,
  findBlockedAccounts,
  findRoomsOfMember,
  findUnreadTotals,
  type RoomBanRow,
  type RoomInvitationRow,
  type RoomLinkRow,
  type RoomMemberRow,
  roomsOfMember,
} from '../../db/queries/chat.ts'
import { countRows } from '../../db/queries/page.ts'
import { accountById } from '../../db/relations/account.ts'
import { accountInvitationCount, accountInvitationList, roomById } from '../../db/relations/chat.ts'
import { canRemoveMember, MAX_COUNTED_UNREAD } from '../../domain/chat/rules.ts'
import { Account, AccountConnection, Viewer } from '../../schema/account.ts'
import {
  Room,
  RoomBan,
  RoomConnection,
  RoomInvitation,
  RoomInvitationConnection,
  RoomLink,
  RoomList,
  RoomMember,
} from '../../schema/chat/room.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { viewerMembership } from './membership.ts'

/** It looks at every room of the viewer. */
const UNREAD_COST = 10

/** Whose rooms these are: the same fields for a request and for the live list, which has no viewer to ask. */
interface Sidebar {
  readonly accountId: string
}

const totalsOf = ({ deps }: Context, accountId: string) => findUnreadTotals(deps.db, accountId, MAX_COUNTED_UNREAD)

async function roomsOf({ deps }: Context, accountId: string, page: ConnectionArgs) {
  const found = await findRoomsOfMember(deps.db, accountId, toPageRequest(page))
  return new Connection(found, () => countRows(deps.db, roomsOfMember(accountId)))
}

async function invitationsOf({ loaders }: Context, accountId: string, page: ConnectionArgs) {
  const found = await loaders.page(accountInvitationList, accountId, toPageRequest(page))
  return new Connection(found, () => loaders.count(accountInvitationCount, accountId))
}

@Resolver(() => RoomList)
export class RoomListResolver {
  @FieldResolver(() => RoomConnection, { description: 'The one where something happened last comes first.' })
  rooms(@Ctx() context: Context, @Root() { accountId }: Sidebar, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return roomsOf(context, accountId, page)
  }

  @FieldResolver(() => RoomInvitationConnection, { description: 'Invitations that wait for an answer.' })
  invitations(
    @Ctx() context: Context,
    @Root() { accountId }: Sidebar,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    return invitationsOf(context, accountId, page)
  }

  @Costs({ own: UNREAD_COST })
  @FieldResolver(() => Int)
  async unreadCount(@Ctx() context: Context, @Root() { accountId }: Sidebar) {
    return (await totalsOf(context, accountId)).unread
  }

  @Costs({ own: UNREAD_COST })
  @FieldResolver(() => Int)
  async mentionCount(@Ctx() context: Context, @Root() { accountId }: Sidebar) {
    return (await totalsOf(context, accountId)).mentions
  }
}

@Resolver(() => Viewer)
export class ChatViewerResolver {
  @FieldResolver(() => RoomList, { description: 'The rooms that the viewer is in.' })
  roomList(@Ctx() context: Context): Sidebar {
    return { accountId: signedIn(context).accountId }
  }

  @FieldResolver(() => AccountConnection, { description: 'Whom the viewer has blocked, the latest first.' })
  async blocked(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const { db } = context.deps
    const { accountId } = signedIn(context)
    const found = await findBlockedAccounts(db, accountId, toPageRequest(page))
    return new Connection(found, () => countRows(db, blockedAccounts(accountId)))
  }
}

@Resolver(() => RoomMember)
export class RoomMemberResolver {
  @FieldResolver(() => Account)
  account(@Ctx() { loaders }: Context, @Root() member: RoomMemberRow) {
    return loaders.one(accountById, member.accountId)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanRemove(@Ctx() context: Context, @Root() member: RoomMemberRow) {
    const room = await context.loaders.one(roomById, member.roomId)
    return room !== null && canRemoveMember(room.kind, await viewerMembership(context, room.id), member)
  }
}

@Resolver(() => RoomInvitation)
export class RoomInvitationResolver {
  @FieldResolver(() => Room)
  room(@Ctx() { loaders }: Context, @Root() invitation: RoomInvitationRow) {
    return loaders.one(roomById, invitation.roomId)
  }

  @FieldResolver(() => Account)
  account(@Ctx() { loaders }: Context, @Root() invitation: RoomInvitationRow) {
    return loaders.one(accountById, invitation.accountId)
  }

  @FieldResolver(() => Account, { nullable: true })
  inviter(@Ctx() { loaders }: Context, @Root() invitation: RoomInvitationRow) {
    return loaders.one(accountById, invitation.inviterId)
  }
}

@Resolver(() => RoomLink)
export class RoomLinkResolver {
  @FieldResolver(() => Account, { nullable: true })
  createdBy(@Ctx() { loaders }: Context, @Root() link: RoomLinkRow) {
    return loaders.one(accountById, link.createdById)
  }
}

@Resolver(() => RoomBan)
export class RoomBanResolver {
  @FieldResolver(() => Account)
  account(@Ctx() { loaders }: Context, @Root() ban: RoomBanRow) {
    return loaders.one(accountById, ban.accountId)
  }

  @FieldResolver(() => Account, { nullable: true })
  bannedBy(@Ctx() { loaders }: Context, @Root() ban: RoomBanRow) {
    return loaders.one(accountById, ban.bannedById)
  }
}
