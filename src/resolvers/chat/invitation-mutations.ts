import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId } from '../../core/ids.ts'
import { roomInvitationById } from '../../db/relations/chat.ts'
import {
  acceptInvitation,
  createLink,
  deleteLink,
  endInvitation,
  inviteToRoom,
  joinByLink,
} from '../../domain/chat/invitation.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import {
  AcceptRoomInvitationPayload,
  CreateRoomLinkInput,
  CreateRoomLinkPayload,
  DeleteRoomLinkInput,
  DeleteRoomLinkPayload,
  EndRoomInvitationPayload,
  InviteToRoomPayload,
  JoinRoomByLinkInput,
  JoinRoomByLinkPayload,
  RoomAccountInput,
  RoomInvitationInput,
} from '../../schema/chat/room-input.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { payload } from '../../schema/user-error.ts'
import { roomLinkNode } from './node.ts'
import { withRoom } from './room-mutations.ts'

const path = ['input', 'id']

@Resolver()
export class RoomInvitationMutationResolver {
  @Mutation(() => InviteToRoomPayload, {
    nullable: true,
    description:
      'Every member may invite. User errors: `NOT_FOUND`, `TAKEN` (a member, or invited already), `INVALID_INPUT` (banned, blocked), `LIMIT_EXCEEDED`.',
  })
  @Rule(isSignedIn)
  inviteToRoom(@Ctx() context: Context, @Arg('input', () => RoomAccountInput) input: RoomAccountInput) {
    return payload(context, 'invitation', async () => {
      const id = await inviteToRoom(context.deps, signedIn(context), {
        roomId: decodeId('room', input.roomId, ['input', 'roomId']),
        accountId: decodeId('account', input.accountId, ['input', 'accountId']),
      })
      return context.loaders.one(roomInvitationById, id)
    })
  }

  @Mutation(() => AcceptRoomInvitationPayload, {
    nullable: true,
    description: 'User errors: `NOT_FOUND` (also once it was withdrawn), `LIMIT_EXCEEDED` (full).',
  })
  @Rule(isSignedIn)
  acceptRoomInvitation(@Ctx() context: Context, @Arg('input', () => RoomInvitationInput) { id }: RoomInvitationInput) {
    return withRoom(context, (viewer) => acceptInvitation(context.deps, viewer, decodeId('invitation', id, path)))
  }

  @Mutation(() => EndRoomInvitationPayload, {
    nullable: true,
    description: 'Declines one’s own; who invited, and the moderators, withdraw it. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  endRoomInvitation(@Ctx() context: Context, @Arg('input', () => RoomInvitationInput) { id }: RoomInvitationInput) {
    return payload(context, 'endedId', async () => {
      await endInvitation(context.deps, signedIn(context), decodeId('invitation', id, path))
      return id
    })
  }

  @Mutation(() => CreateRoomLinkPayload, {
    nullable: true,
    description:
      'A link for owners and moderators to hand on. User errors: `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED` (20 links), `CONFLICT`.',
  })
  @Rule(isSignedIn)
  createRoomLink(@Ctx() context: Context, @Arg('input', () => CreateRoomLinkInput) input: CreateRoomLinkInput) {
    return payload(context, 'link', async () => {
      const { roomId, days, maxUses, idempotencyKey } = input
      const id = await createLink(context.deps, signedIn(context), {
        roomId: decodeId('room', roomId, ['input', 'roomId']),
        days: days ?? undefined,
        maxUses: maxUses ?? undefined,
        idempotencyKey,
      })
      const link = await roomLinkNode.load(context, id)
      if (link === null) throw notFound('link', ['input', 'idempotencyKey'])
      return link
    })
  }

  @Mutation(() => DeleteRoomLinkPayload, {
    nullable: true,
    description: 'It lets nobody in any more. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteRoomLink(@Ctx() context: Context, @Arg('input', () => DeleteRoomLinkInput) { id }: DeleteRoomLinkInput) {
    return payload(context, 'deletedId', async () => {
      await deleteLink(context.deps, signedIn(context), decodeId('link', id, path))
      return id
    })
  }

  @Mutation(() => JoinRoomByLinkPayload, {
    nullable: true,
    description: 'User errors: `NOT_FOUND` (unknown, used up, out of date), `LIMIT_EXCEEDED` (full).',
  })
  @Rule(isSignedIn)
  joinRoomByLink(@Ctx() context: Context, @Arg('input', () => JoinRoomByLinkInput) { token }: JoinRoomByLinkInput) {
    return withRoom(context, (viewer) => joinByLink(context.deps, viewer, token))
  }
}
