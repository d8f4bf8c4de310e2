import { notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { RoomMemberRow, RoomRow } from '../../db/queries/chat.ts'
import {
  messageById,
  roomBanById,
  roomById,
  roomInvitationById,
  roomLinkById,
  roomMemberById,
} from '../../db/relations/chat.ts'
import { mayInRoom, type RoomAction } from '../../domain/chat/rules.ts'
import { invitationOf, isBannedFrom } from '../../loaders/chat.ts'
import type { Context } from '../../schema/context.ts'
import type { NodeType } from '../node-type.ts'
import { findReadableSubject } from '../subject.ts'
import { viewerMembership } from './membership.ts'

/** What is in a room is for its members. @throws DomainError `NOT_FOUND`. */
export async function ensureMember(context: Context, roomId: Uuid): Promise<RoomMemberRow> {
  const membership = await viewerMembership(context, roomId)
  if (membership === null) throw notFound('room')
  return membership
}

/** @throws DomainError `NOT_FOUND` for who is no member; answers false for a member who may not. */
export async function viewerMay(context: Context, room: RoomRow, action: RoomAction): Promise<boolean> {
  return mayInRoom(action, room.kind, await viewerMembership(context, room.id))
}

/** The room hangs on something that the viewer sees, and has not banned them. */
export async function viewerMayEnter(context: Context, room: RoomRow): Promise<boolean> {
  const { viewer, loaders } = context
  if (room.subjectId === null) return false
  if (viewer !== null && (await isBannedFrom(loaders, viewer.accountId, room.id))) return false
  return (await findReadableSubject(context, room.subjectId)) !== null
}

/** Members, who is invited, and who sees what it hangs on. */
export const roomNode: NodeType = {
  typename: 'Room',
  prefix: 'room',
  async load(context, id) {
    const { viewer, loaders } = context
    if ((await viewerMembership(context, id)) !== null) return loaders.one(roomById, id)
    if (viewer !== null && (await invitationOf(loaders, viewer.accountId, id)) !== null)
      return loaders.one(roomById, id)
    const room = await loaders.one(roomById, id)
    return room !== null && (await viewerMayEnter(context, room)) ? room : null
  },
}

export const messageNode: NodeType = {
  typename: 'Message',
  prefix: 'message',
  async load(context, id) {
    if (context.viewer === null) return null
    const message = await context.loaders.one(messageById, id)
    return message !== null && (await viewerMembership(context, message.roomId)) !== null ? message : null
  },
}

export const roomMemberNode: NodeType = {
  typename: 'RoomMember',
  prefix: 'member',
  async load(context, id) {
    if (context.viewer === null) return null
    const member = await context.loaders.one(roomMemberById, id)
    return member !== null && (await viewerMembership(context, member.roomId)) !== null ? member : null
  },
}

/** For who is invited, and for the members of the room. */
export const roomInvitationNode: NodeType = {
  typename: 'RoomInvitation',
  prefix: 'invitation',
  async load(context, id) {
    if (context.viewer === null) return null
    const invitation = await context.loaders.one(roomInvitationById, id)
    if (invitation === null || invitation.accountId === context.viewer.accountId) return invitation
    return (await viewerMembership(context, invitation.roomId)) === null ? null : invitation
  },
}

async function forModerators<Row extends { roomId: string }>(context: Context, row: Row | null, action: RoomAction) {
  const room = row === null ? null : await context.loaders.one(roomById, row.roomId)
  return room !== null && (await viewerMay(context, room, action)) ? row : null
}

export const roomLinkNode: NodeType = {
  typename: 'RoomLink',
  prefix: 'link',
  load: async (context, id) =>
    context.viewer === null ? null : forModerators(context, await context.loaders.one(roomLinkById, id), 'makeLinks'),
}

export const roomBanNode: NodeType = {
  typename: 'RoomBan',
  prefix: 'ban',
  load: async (context, id) =>
    context.viewer === null
      ? null
      : forModerators(context, await context.loaders.one(roomBanById, id), 'removeMembers'),
}

export const CHAT_NODES: readonly NodeType[] = [
  roomNode,
  messageNode,
  roomMemberNode,
  roomInvitationNode,
  roomLinkNode,
  roomBanNode,
]
