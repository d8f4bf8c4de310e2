import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, type Uuid } from '../../core/ids.ts'
import { accountById } from '../../db/relations/account.ts'
import { roomById } from '../../db/relations/chat.ts'
import { blockAccount, unblockAccount } from '../../domain/chat/block.ts'
import { joinRoom, leaveRoom, liftBan, removeMember, setMemberRole } from '../../domain/chat/membership.ts'
import { createRoom, deleteRoom, openDirectRoom, updateRoom } from '../../domain/chat/room.ts'
import { setTyping } from '../../domain/chat/typing.ts'
import { decodeSubjectRef } from '../../domain/subject/registry.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import {
  BlockAccountInput,
  BlockAccountPayload,
  CreateRoomInput,
  CreateRoomPayload,
  DeleteRoomPayload,
  JoinRoomPayload,
  LeaveRoomPayload,
  LiftRoomBanPayload,
  OpenDirectRoomInput,
  OpenDirectRoomPayload,
  RemoveRoomMemberInput,
  RemoveRoomMemberPayload,
  RoomAccountInput,
  RoomInput,
  SetRoomRoleInput,
  SetRoomRolePayload,
  SetTypingInput,
  SetTypingPayload,
  UnblockAccountPayload,
  UpdateRoomInput,
  UpdateRoomPayload,
} from '../../schema/chat/room-input.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { payload } from '../../schema/user-error.ts'
import { roomNode } from './node.ts'

const roomOf = (id: string): Uuid => decodeId('room', id, ['input', 'roomId'])
const accountOf = (id: string): Uuid => decodeId('account', id, ['input', 'accountId'])

/** Does it as the viewer, and answers the room. */
export const withRoom = (context: Context, work: (viewer: Viewer) => Promise<Uuid>) =>
  payload(context, 'room', async () => context.loaders.one(roomById, await work(signedIn(context))))

@Resolver()
export class RoomMutationResolver {
  @Mutation(() => CreateRoomPayload, {
    nullable: true,
    description:
      'Makes a group, of which the viewer is the owner. User errors: `INVALID_INPUT`, `NOT_FOUND` (subject), `CONFLICT`.',
  })
  @Rule(isSignedIn)
  createRoom(@Ctx() context: Context, @Arg('input', () => CreateRoomInput) input: CreateRoomInput) {
    return payload(context, 'room', async () => {
      const id = await createRoom(context.deps, signedIn(context), {
        title: input.title,
        description: input.description,
        encryption: input.encryption,
        on: input.subjectId ? decodeSubjectRef(input.subjectId, ['input', 'subjectId']) : undefined,
        idempotencyKey: input.idempotencyKey,
      })
      // The answer to a repetition, which may come when its maker is in it no more.
      const room = await roomNode.load(context, id)
      if (room === null) throw notFound('room', ['input', 'idempotencyKey'])
      return room
    })
  }

  @Mutation(() => OpenDirectRoomPayload, {
    nullable: true,
    description:
      'The room of the viewer and another, made if there is none yet. User errors: `NOT_FOUND`, `INVALID_INPUT` (oneself, blocked).',
  })
  @Rule(isSignedIn)
  openDirectRoom(@Ctx() context: Context, @Arg('input', () => OpenDirectRoomInput) input: OpenDirectRoomInput) {
    return withRoom(context, (viewer) =>
      openDirectRoom(context.deps, viewer, { accountId: accountOf(input.accountId), encryption: input.encryption }),
    )
  }

  @Mutation(() => UpdateRoomPayload, {
    nullable: true,
    description: 'For owners and moderators. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  updateRoom(@Ctx() context: Context, @Arg('input', () => UpdateRoomInput) { id, ...change }: UpdateRoomInput) {
    return withRoom(context, (viewer) =>
      updateRoom(context.deps, viewer, { id: decodeId('room', id, ['input', 'id']), ...change }),
    )
  }

  @Mutation(() => DeleteRoomPayload, {
    nullable: true,
    description: 'With everything that was said in it. For owners. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteRoom(@Ctx() context: Context, @Arg('input', () => RoomInput) { roomId }: RoomInput) {
    return payload(context, 'deletedId', async () => {
      await deleteRoom(context.deps, signedIn(context), roomOf(roomId))
      return roomId
    })
  }

  @Mutation(() => JoinRoomPayload, {
    nullable: true,
    description:
      'Comes into a room that hangs on something that the viewer sees. User errors: `NOT_FOUND`, `LIMIT_EXCEEDED` (full).',
  })
  @Rule(isSignedIn)
  joinRoom(@Ctx() context: Context, @Arg('input', () => RoomInput) { roomId }: RoomInput) {
    return withRoom(context, (viewer) => joinRoom(context.deps, viewer, roomOf(roomId)))
  }

  @Mutation(() => LeaveRoomPayload, {
    nullable: true,
    description:
      'Leaves a group. Its last owner leaves it to the oldest moderator, or else the oldest member; with its last member it ends. User errors: `NOT_FOUND`, `INVALID_INPUT` (a room of two).',
  })
  @Rule(isSignedIn)
  leaveRoom(@Ctx() context: Context, @Arg('input', () => RoomInput) { roomId }: RoomInput) {
    return payload(context, 'leftId', async () => {
      await leaveRoom(context.deps, signedIn(context), roomOf(roomId))
      return roomId
    })
  }

  @Mutation(() => SetTypingPayload, {
    nullable: true,
    description:
      'The viewer types, for six seconds unless they say so again, or has stopped: see `roomPresence`. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  setTyping(@Ctx() context: Context, @Arg('input', () => SetTypingInput) { roomId, typing }: SetTypingInput) {
    return withRoom(context, (viewer) => setTyping(context.deps, viewer, { roomId: roomOf(roomId), isTyping: typing }))
  }

  @Mutation(() => RemoveRoomMemberPayload, {
    nullable: true,
    description:
      'Moderators take members out, owners moderators as well. User errors: `NOT_FOUND`, `INVALID_INPUT` (oneself).',
  })
  @Rule(isSignedIn)
  removeRoomMember(@Ctx() context: Context, @Arg('input', () => RemoveRoomMemberInput) input: RemoveRoomMemberInput) {
    const { roomId, accountId, ban } = input
    return withRoom(context, (viewer) =>
      removeMember(context.deps, viewer, { roomId: roomOf(roomId), accountId: accountOf(accountId), ban }),
    )
  }

  @Mutation(() => LiftRoomBanPayload, {
    nullable: true,
    description: 'Lets somebody come back, who has to be invited or to join again. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  liftRoomBan(@Ctx() context: Context, @Arg('input', () => RoomAccountInput) { roomId, accountId }: RoomAccountInput) {
    return withRoom(context, (viewer) =>
      liftBan(context.deps, viewer, { roomId: roomOf(roomId), accountId: accountOf(accountId) }),
    )
  }

  @Mutation(() => SetRoomRolePayload, {
    nullable: true,
    description:
      'For owners, who may also make others owners and step back themselves. User errors: `NOT_FOUND`, `INVALID_INPUT` (the last owner).',
  })
  @Rule(isSignedIn)
  setRoomRole(@Ctx() context: Context, @Arg('input', () => SetRoomRoleInput) input: SetRoomRoleInput) {
    const { roomId, accountId, role } = input
    return withRoom(context, (viewer) =>
      setMemberRole(context.deps, viewer, { roomId: roomOf(roomId), accountId: accountOf(accountId), role }),
    )
  }

  @Mutation(() => BlockAccountPayload, {
    nullable: true,
    description:
      'Neither writes to the other in their room of two from now on, nor invites or follows them. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  blockAccount(@Ctx() context: Context, @Arg('input', () => BlockAccountInput) { accountId }: BlockAccountInput) {
    return payload(context, 'account', async () => {
      const id = await blockAccount(context.deps, signedIn(context), accountOf(accountId))
      return context.loaders.one(accountById, id)
    })
  }

  @Mutation(() => UnblockAccountPayload, { nullable: true, description: 'User error: `NOT_FOUND`.' })
  @Rule(isSignedIn)
  unblockAccount(@Ctx() context: Context, @Arg('input', () => BlockAccountInput) { accountId }: BlockAccountInput) {
    return payload(context, 'account', async () => {
      const id = await unblockAccount(context.deps, signedIn(context), accountOf(accountId))
      return context.loaders.one(accountById, id)
    })
  }
}
