import { Field, Int } from 'type-graphql'
import type {
  RoomEncryption as RoomEncryptionName,
  RoomEventKind as RoomEventKindName,
  RoomKind as RoomKindName,
  RoomRole as RoomRoleName,
} from '../../domain/chat/rules.ts'
import { Account } from '../account.ts'
import { connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { enumOf } from '../enums.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { Presence } from '../presence.ts'
import { DateTime } from '../scalars.ts'

export const RoomKind = enumOf<RoomKindName>('RoomKind', 'For how many a room is.', {
  DIRECT: 'For two. Each pair has one, and one more that is encrypted.',
  GROUP: 'For any number, with a title and roles.',
})

export const RoomEncryption = enumOf<RoomEncryptionName>('RoomEncryption', 'Who can read a room.', {
  NONE: 'Its members, and the server: messages can be searched and name people.',
  END_TO_END: 'Its members only: the server keeps ciphertexts.',
})

export const RoomRole = enumOf<RoomRoleName>('RoomRole', 'What a member is trusted with in a room.', {
  OWNER: 'Does everything, and gives and takes roles.',
  MODERATOR: 'Changes the room, makes links, removes members, pins and deletes messages.',
  MEMBER: 'Reads, writes, reacts and invites.',
})

export const RoomEventKind = enumOf<RoomEventKindName>('RoomEventKind', 'What happened in a room.', {
  MESSAGE_ADDED: 'A message was sent.',
  MESSAGE_EDITED: 'Its author changed it.',
  MESSAGE_DELETED: 'Its author or a moderator deleted it.',
  MESSAGE_PINNED: 'A moderator pinned it.',
  MESSAGE_UNPINNED: 'A moderator took the pin off.',
  REACTIONS_CHANGED: 'Somebody reacted to the message, or took a reaction back.',
  POLL_POSTED: 'A message with a poll was sent.',
  MEMBER_JOINED: '`account` came in; `actor` let them.',
  MEMBER_LEFT: '`account` left.',
  MEMBER_REMOVED: '`actor` took `account` out.',
  ROLE_CHANGED: '`account` has the role `role` now. Without `actor` it was the room that needed an owner.',
  ROOM_CHANGED: 'The title or the description changed.',
})

@GraphObject('A member’s place in a room.', [Node])
export class RoomMember extends Node {
  @Field(() => Account)
  account: Account

  @Field(() => RoomRole)
  role: RoomRoleName

  @Field(() => Int, {
    description: 'The number of the last message that they have read (`Message.seq`), or a later one.',
  })
  lastReadSeq: number

  @Field(() => DateTime)
  joinedAt: string

  @Field(() => Boolean, { description: 'The viewer may take them out of the room.' })
  viewerCanRemove: boolean
}

export const { Connection: RoomMemberConnection } = connectionOf(RoomMember)

@GraphObject(
  'A conversation. Members see all of it; who is invited, or sees what it hangs on, sees its title and how many are in it.',
  [Node],
)
export class Room extends Node {
  @Field(() => RoomKind)
  kind: RoomKindName

  @Field(() => RoomEncryption, { description: 'Fixed when the room is made.' })
  encryption: RoomEncryptionName

  @Field(() => String, { nullable: true, description: 'Null for a room of two: call it after `viewerPeer`.' })
  title: string | null

  @Field(() => String, { description: 'What it is for. Empty if nobody said.' })
  description: string

  @Field(() => Int)
  memberCount: number

  @Field(() => String, {
    description:
      'Where the room is now: hand it to `roomEvents(after:)` or `messageAdded(after:)` to hear all that follows.',
  })
  streamCursor: string

  @Field(() => DateTime, { description: 'When the last message came, or the last member.' })
  lastActivityAt: string

  @Field(() => DateTime)
  createdAt: string

  @Field(() => Node, { nullable: true, description: 'What it hangs on, where the viewer sees that.' })
  subject: Node | null

  @Field(() => Account, {
    nullable: true,
    description: 'In a room of two: the other. Null once their account is deleted.',
  })
  viewerPeer: Account | null

  @Field(() => RoomMember, { nullable: true, description: 'The viewer’s place in it; null for who is no member.' })
  viewerMembership: RoomMember | null

  @Field(() => Boolean, { description: 'The viewer is not notified of it: see `muteNotifications`.' })
  viewerMutesNotifications: boolean

  @Field(() => Boolean, { description: 'The viewer may come in with `joinRoom`.' })
  viewerCanJoin: boolean

  @Field(() => Int, { description: 'Messages of others behind the viewer’s read marker. From 1000 on it stays 1000.' })
  viewerUnreadCount: number

  @Field(() => Int, { description: 'Unread messages that name the viewer.' })
  viewerMentionCount: number

  @Field(() => Boolean)
  viewerCanChange: boolean

  @Field(() => Boolean, { description: 'The viewer may remove and ban members, and sees who is banned.' })
  viewerCanRemoveMembers: boolean

  @Field(() => Boolean)
  viewerCanPin: boolean
}

export const { Connection: RoomConnection } = connectionOf(Room)

@GraphObject('An invitation into a room that waits for an answer.', [Node])
export class RoomInvitation extends Node {
  @Field(() => Room)
  room: Room

  @Field(() => Account)
  account: Account

  @Field(() => Account, { nullable: true })
  inviter: Account | null

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: RoomInvitationConnection } = connectionOf(RoomInvitation)

@GraphObject('A link that lets in whoever has it. For owners and moderators to see and to hand on.', [Node])
export class RoomLink extends Node {
  @Field(() => String, { description: 'For `joinRoomByLink`.' })
  token: string

  @Field(() => Int, { nullable: true, description: 'How many it lets in; null for any number.' })
  maxUses: number | null

  @Field(() => Int)
  uses: number

  @Field(() => DateTime)
  expiresAt: string

  @Field(() => DateTime)
  createdAt: string

  @Field(() => Account, { nullable: true })
  createdBy: Account | null
}

export const { Connection: RoomLinkConnection } = connectionOf(RoomLink)

@GraphObject('Somebody who may not come into a room. For its owners and moderators to see.', [Node])
export class RoomBan extends Node {
  @Field(() => Account)
  account: Account

  @Field(() => Account, { nullable: true })
  bannedBy: Account | null

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: RoomBanConnection } = connectionOf(RoomBan)

@GraphObject('A member who is here.')
export class MemberPresence {
  @Field(() => Account)
  account: Account

  @Field(() => Presence, { description: 'Online or away.' })
  presence: Presence
}

@GraphObject('Who of a room is here. Stored nowhere.')
export class RoomPresence {
  @Costs({ atMost: 100 })
  @Field(() => [MemberPresence], { description: 'Those who are online or away.' })
  present: MemberPresence[]

  @Costs({ atMost: 50 })
  @Field(() => [Account], { description: 'Who types; at most fifty.' })
  typing: Account[]
}

@GraphObject('The rooms of a member, as a sidebar shows them.')
export class RoomList {
  @Field(() => Int, { description: 'Unread messages in all rooms that are not muted; of each at most 1000.' })
  unreadCount: number

  @Field(() => Int, { description: 'Unread messages that name the viewer, in all rooms.' })
  mentionCount: number
}
