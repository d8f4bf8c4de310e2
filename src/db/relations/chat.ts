import { type SQLWrapper, sql } from 'drizzle-orm'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, entity, hasMany } from '../relation.ts'
import { messages } from '../tables/chat/message.ts'
import { roomBans, roomInvitations, roomLinks, roomMembers, rooms } from '../tables/chat/room.ts'

export const roomEntity = entity('Room', rooms)
export const roomMemberEntity = entity('RoomMember', roomMembers)
export const roomInvitationEntity = entity('RoomInvitation', roomInvitations)
export const roomLinkEntity = entity('RoomLink', roomLinks)
export const roomBanEntity = entity('RoomBan', roomBans)
/** The HTML is read by `messageHtmlById` only where a field asks for it. */
export const messageEntity = entity('Message', messages, ['bodyHtml', 'search', 'clientHash'])
const messageHtmlEntity = { ...entity('Message', messages), columns: { bodyHtml: messages.bodyHtml } }

export const roomById = belongsTo(roomEntity, rooms.id)
export const roomMemberById = belongsTo(roomMemberEntity, roomMembers.id)
export const roomInvitationById = belongsTo(roomInvitationEntity, roomInvitations.id)
export const roomLinkById = belongsTo(roomLinkEntity, roomLinks.id)
export const roomBanById = belongsTo(roomBanEntity, roomBans.id)
export const messageById = belongsTo(messageEntity, messages.id)
export const messageHtmlById = belongsTo<{ bodyHtml: string | null }>(messageHtmlEntity, messages.id)

/** As it was said: the number of a message is its place in the room. */
export const MESSAGE_ORDER: KeysetOrder = {
  name: 'ROOM',
  direction: 'asc',
  keys: [{ value: messages.seq, type: 'integer' }],
}

export const roomMessages = hasMany(messageEntity, { by: messages.roomId, order: MESSAGE_ORDER })
export const roomMessageCount = count(messages, { by: messages.roomId })

const by = (name: string, direction: 'asc' | 'desc', at: SQLWrapper, id: SQLWrapper): KeysetOrder => ({
  name,
  direction,
  keys: [
    { value: at, type: 'timestamptz' },
    { value: id, type: 'uuid' },
  ],
})

const isPinned = sql`${messages.pinnedAt} is not null`

export const roomPinnedMessages = hasMany(messageEntity, {
  by: messages.roomId,
  where: isPinned,
  order: by('PINNED', 'desc', messages.pinnedAt, messages.id),
})
export const roomPinnedCount = count(messages, { by: messages.roomId, where: isPinned })

export const roomMemberList = hasMany(roomMemberEntity, {
  by: roomMembers.roomId,
  order: by('JOINED', 'asc', roomMembers.joinedAt, roomMembers.id),
})
export const roomMemberCount = count(roomMembers, { by: roomMembers.roomId })

export const roomInvitationList = hasMany(roomInvitationEntity, {
  by: roomInvitations.roomId,
  order: by('NEWEST', 'desc', roomInvitations.createdAt, roomInvitations.id),
})
export const roomInvitationCount = count(roomInvitations, { by: roomInvitations.roomId })

export const accountInvitationList = hasMany(roomInvitationEntity, {
  by: roomInvitations.accountId,
  order: by('NEWEST', 'desc', roomInvitations.createdAt, roomInvitations.id),
})
export const accountInvitationCount = count(roomInvitations, { by: roomInvitations.accountId })

export const roomLinkList = hasMany(roomLinkEntity, {
  by: roomLinks.roomId,
  order: by('NEWEST', 'desc', roomLinks.createdAt, roomLinks.id),
})
export const roomLinkCount = count(roomLinks, { by: roomLinks.roomId })

export const roomBanList = hasMany(roomBanEntity, {
  by: roomBans.roomId,
  order: by('NEWEST', 'desc', roomBans.createdAt, roomBans.id),
})
export const roomBanCount = count(roomBans, { by: roomBans.roomId })
