import { forbidden } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { roomEventKind } from '../../db/tables/chat/message.ts'
import type { roomEncryption, roomKind, roomRole } from '../../db/tables/chat/room.ts'
import { isStaff, type Viewer } from '../viewer.ts'

export type RoomKind = (typeof roomKind.enumValues)[number]
export type RoomEncryption = (typeof roomEncryption.enumValues)[number]
export type RoomRole = (typeof roomRole.enumValues)[number]
export type RoomEventKind = (typeof roomEventKind.enumValues)[number]

/** The database refuses more (`rooms_size`). */
export const MAX_ROOM_MEMBERS = 1_000
/** Invitations of one room that wait for an answer. */
export const MAX_OPEN_INVITATIONS = 200
export const MAX_ROOM_LINKS = 20
export const MAX_PINNED_MESSAGES = 50
export const MAX_MESSAGE_CHARACTERS = 4_000
/** Base64 characters; about 48 kB of what is enciphered. */
export const MAX_CIPHERTEXT_CHARACTERS = 65_536
export const MAX_ATTACHMENTS = 10
/** For so long an author may change what they said. Deleting it is always possible. */
export const EDIT_WINDOW_MINUTES = 15
export const MAX_LINK_DAYS = 30
export const DEFAULT_LINK_DAYS = 7
/** Unread messages of one room are counted up to here; a list of rooms would else read everything ever said. */
export const MAX_COUNTED_UNREAD = 1_000

export type RoomAction =
  | 'changeRoom'
  | 'deleteRoom'
  | 'invite'
  | 'makeLinks'
  | 'removeMembers'
  | 'setRoles'
  | 'pin'
  | 'deleteMessages'

const STAFF_OF_ROOM = ['OWNER', 'MODERATOR'] as const

/** Who may do what in a group. Everything that is not here (write, react, mute, leave) every member may. */
const IN_GROUPS: Readonly<Record<RoomAction, readonly RoomRole[]>> = {
  changeRoom: STAFF_OF_ROOM,
  deleteRoom: ['OWNER'],
  invite: ['OWNER', 'MODERATOR', 'MEMBER'],
  makeLinks: STAFF_OF_ROOM,
  removeMembers: STAFF_OF_ROOM,
  setRoles: ['OWNER'],
  pin: STAFF_OF_ROOM,
  deleteMessages: STAFF_OF_ROOM,
}

/** The two of a one-to-one room are alike: it has no third, no title, and nobody to moderate. */
const AMONG_TWO: ReadonlySet<RoomAction> = new Set<RoomAction>(['pin'])

/** What a verdict must know of the viewer's place in a room; null for who is no member. */
export type Membership = { readonly role: RoomRole } | null

export const mayInRoom = (action: RoomAction, kind: RoomKind, membership: Membership): boolean =>
  membership !== null && (kind === 'GROUP' ? IN_GROUPS[action].includes(membership.role) : AMONG_TWO.has(action))

const REFUSALS: Readonly<Record<RoomAction, string>> = {
  changeRoom: 'Only owners and moderators may change a room.',
  deleteRoom: 'Only an owner may delete a room.',
  invite: 'Nobody else can join a one-to-one room.',
  makeLinks: 'Only owners and moderators may make links to a room.',
  removeMembers: 'Only owners and moderators may remove members.',
  setRoles: 'Only an owner may give and take roles.',
  pin: 'Only owners and moderators may pin messages.',
  deleteMessages: 'Only its author, or a moderator, may delete a message.',
}

/** @throws DomainError `FORBIDDEN`. */
export function ensureMayInRoom(action: RoomAction, kind: RoomKind, membership: Membership): void {
  if (!mayInRoom(action, kind, membership)) throw forbidden(REFUSALS[action])
}

const RANK: Readonly<Record<RoomRole, number>> = { OWNER: 2, MODERATOR: 1, MEMBER: 0 }

/** Moderators remove members, owners remove everybody but owners; nobody removes themselves: they leave. */
export const canRemoveMember = (kind: RoomKind, membership: Membership, member: { readonly role: RoomRole }): boolean =>
  membership !== null && mayInRoom('removeMembers', kind, membership) && RANK[member.role] < RANK[membership.role]

export interface MessageFacts {
  readonly authorId: Uuid | null
  readonly createdAt: string
  readonly deletedAt: string | null
}

export const isMessageAuthor = (viewer: Viewer | null, message: Pick<MessageFacts, 'authorId'>): boolean =>
  viewer !== null && message.authorId === viewer.accountId

/** Whether its author could still change it. The database has the last word. */
export const canEditMessage = (viewer: Viewer | null, message: MessageFacts, now: Date): boolean =>
  isMessageAuthor(viewer, message) &&
  message.deletedAt === null &&
  now.getTime() < editWindowEnd(message.createdAt).getTime()

export const editWindowEnd = (createdAt: string): Date =>
  new Date(new Date(createdAt).getTime() + EDIT_WINDOW_MINUTES * 60_000)

/** Its author and the room's moderators; staff only what a member has reported to them. */
export const canDeleteMessage = (
  viewer: Viewer | null,
  message: MessageFacts,
  room: { readonly kind: RoomKind },
  membership: Membership,
  isReported: boolean,
): boolean =>
  message.deletedAt === null &&
  ((membership !== null && (isMessageAuthor(viewer, message) || mayInRoom('deleteMessages', room.kind, membership))) ||
    (isReported && isStaff(viewer)))
