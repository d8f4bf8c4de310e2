import { Field, ID, InputType, Int } from 'type-graphql'
import type { RoomEncryption as RoomEncryptionName, RoomRole as RoomRoleName } from '../../domain/chat/rules.ts'
import { Account } from '../account.ts'
import { payloadOf } from '../user-error.ts'
import { Room, RoomEncryption, RoomInvitation, RoomLink, RoomRole } from './room.ts'

const IDEMPOTENCY_KEY = 'The same key and input again gets the first answer. 8 to 100 characters.'

@InputType()
export class CreateRoomInput {
  @Field(() => String, { description: '1 to 100 characters.' })
  title: string

  @Field(() => String, { nullable: true, description: 'At most 1000 characters.' })
  description?: string

  @Field(() => RoomEncryption, { defaultValue: RoomEncryption.NONE, description: 'Fixed from then on.' })
  encryption: RoomEncryptionName

  @Field(() => ID, {
    nullable: true,
    description: 'A post, … of the viewer’s on which to hang it. Whoever sees that may then join.',
  })
  subjectId?: string

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string
}

@InputType()
export class OpenDirectRoomInput {
  @Field(() => ID, { description: 'The other.' })
  accountId: string

  @Field(() => RoomEncryption, { defaultValue: RoomEncryption.NONE })
  encryption: RoomEncryptionName
}

@InputType()
export class UpdateRoomInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  title?: string

  @Field(() => String, { nullable: true })
  description?: string
}

@InputType()
export class RoomInput {
  @Field(() => ID)
  roomId: string
}

@InputType()
export class SetTypingInput {
  @Field(() => ID)
  roomId: string

  @Field(() => Boolean, { defaultValue: true, description: 'False to have stopped.' })
  typing: boolean
}

@InputType()
export class RoomAccountInput {
  @Field(() => ID)
  roomId: string

  @Field(() => ID)
  accountId: string
}

@InputType()
export class RemoveRoomMemberInput extends RoomAccountInput {
  @Field(() => Boolean, { defaultValue: false, description: 'They may not come back until the ban is lifted.' })
  ban: boolean
}

@InputType()
export class SetRoomRoleInput extends RoomAccountInput {
  @Field(() => RoomRole)
  role: RoomRoleName
}

@InputType()
export class RoomInvitationInput {
  @Field(() => ID, { description: 'The invitation.' })
  id: string
}

@InputType()
export class CreateRoomLinkInput {
  @Field(() => ID)
  roomId: string

  @Field(() => Int, { nullable: true, description: 'For how long: 1 to 30 days, 7 unless told.' })
  days?: number

  @Field(() => Int, { nullable: true, description: 'How many it lets in, 1 to 1000; any number unless told.' })
  maxUses?: number

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string
}

@InputType()
export class DeleteRoomLinkInput {
  @Field(() => ID, { description: 'The link.' })
  id: string
}

@InputType()
export class JoinRoomByLinkInput {
  @Field(() => String)
  token: string
}

@InputType()
export class BlockAccountInput {
  @Field(() => ID)
  accountId: string
}

const roomPayload = (name: string, description = 'The room.') => payloadOf(name, 'room', () => Room, description)

export const CreateRoomPayload = roomPayload('CreateRoomPayload', 'The new room.')
export const OpenDirectRoomPayload = roomPayload('OpenDirectRoomPayload')
export const UpdateRoomPayload = roomPayload('UpdateRoomPayload', 'The changed room.')
export const SetTypingPayload = roomPayload('SetTypingPayload')
export const JoinRoomPayload = roomPayload('JoinRoomPayload', 'The room that the viewer is a member of now.')
export const JoinRoomByLinkPayload = roomPayload(
  'JoinRoomByLinkPayload',
  'The room that the viewer is a member of now.',
)
export const RemoveRoomMemberPayload = roomPayload('RemoveRoomMemberPayload')
export const LiftRoomBanPayload = roomPayload('LiftRoomBanPayload')
export const SetRoomRolePayload = roomPayload('SetRoomRolePayload')
export const AcceptRoomInvitationPayload = roomPayload(
  'AcceptRoomInvitationPayload',
  'The room that the viewer is a member of now.',
)
export const LeaveRoomPayload = payloadOf('LeaveRoomPayload', 'leftId', () => ID, 'The id of the room that was left.')
export const DeleteRoomPayload = payloadOf('DeleteRoomPayload', 'deletedId', () => ID, 'The id of what was deleted.')
export const InviteToRoomPayload = payloadOf(
  'InviteToRoomPayload',
  'invitation',
  () => RoomInvitation,
  'The invitation, which waits for an answer.',
)
export const EndRoomInvitationPayload = payloadOf(
  'EndRoomInvitationPayload',
  'endedId',
  () => ID,
  'The id of the invitation.',
)
export const CreateRoomLinkPayload = payloadOf('CreateRoomLinkPayload', 'link', () => RoomLink, 'The new link.')
export const DeleteRoomLinkPayload = payloadOf('DeleteRoomLinkPayload', 'deletedId', () => ID, 'The id of the link.')
export const BlockAccountPayload = payloadOf('BlockAccountPayload', 'account', () => Account, 'Who is blocked.')
export const UnblockAccountPayload = payloadOf(
  'UnblockAccountPayload',
  'account',
  () => Account,
  'Who is not any more.',
)
