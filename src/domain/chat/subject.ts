import { and, eq, sql } from 'drizzle-orm'
import { encodeId, type Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { messages } from '../../db/tables/chat/message.ts'
import { roomInvitations, roomMembers, rooms } from '../../db/tables/chat/room.ts'
import type { SubjectRules } from '../subject/rules.ts'
import type { Viewer } from '../viewer.ts'
import { isRoomBlocked } from './blocked.ts'
import { recordEvent } from './events.ts'
import { mayInRoom } from './rules.ts'

const EXCERPT_CHARACTERS = 500
const UNTITLED = 'A conversation'

/** The room, for its members only: what hangs on it is theirs, whoever else may see that there is such a room. */
async function findOwnRoom(db: Executor, viewer: Viewer | null, id: Uuid) {
  if (viewer === null) return null
  const [room] = await db.orm
    .select({
      title: rooms.title,
      encryption: rooms.encryption,
      kind: rooms.kind,
      role: roomMembers.role,
      isBlocked: isRoomBlocked,
    })
    .from(rooms)
    .innerJoin(roomMembers, and(eq(roomMembers.roomId, rooms.id), eq(roomMembers.accountId, viewer.accountId)))
    .where(eq(rooms.id, id))
  return room ?? null
}

const pathOf = (roomId: Uuid): string => `/rooms/${encodeId('room', roomId)}`

/** Its members hang polls on it and report it. A poll is no secret to the server, so an encrypted room has none. */
export const roomSubject: SubjectRules = {
  kind: 'ROOM',
  idPrefix: 'room',
  isCommentable: false,
  async find(db, viewer, id) {
    const room = await findOwnRoom(db, viewer, id)
    if (room === null) return null
    return {
      kind: 'ROOM',
      id,
      ownerId: null,
      title: room.title ?? UNTITLED,
      path: pathOf(id),
      acceptsComments: false,
      acceptsReactions: false,
      viewerMayAttach: room.encryption === 'NONE' && !room.isBlocked,
      viewerMayModerate: mayInRoom('deleteMessages', room.kind, room),
    }
  },
  async findAnnounced(db, viewer, id) {
    const [room] = await db.orm
      .select({ title: rooms.title, inviterId: roomInvitations.inviterId })
      .from(rooms)
      .innerJoin(
        roomInvitations,
        and(eq(roomInvitations.roomId, rooms.id), eq(roomInvitations.accountId, viewer.accountId)),
      )
      .where(eq(rooms.id, id))
    if (room === undefined) return null
    return {
      kind: 'ROOM',
      id,
      ownerId: room.inviterId,
      title: room.title ?? UNTITLED,
      path: pathOf(id),
      acceptsComments: false,
      acceptsReactions: false,
      viewerMayAttach: false,
      viewerMayModerate: false,
    }
  },
}

/** Members react to a message, report it, and show it elsewhere; it is visible where its room is. */
export const messageSubject: SubjectRules = {
  kind: 'MESSAGE',
  idPrefix: 'message',
  isCommentable: false,
  async find(db, viewer, id) {
    const [message] = await db.orm
      .select({
        roomId: messages.roomId,
        authorId: messages.authorId,
        deletedAt: messages.deletedAt,
        encryption: messages.encryption,
        excerpt: sql<string | null>`left(${messages.body}, ${sql.raw(String(EXCERPT_CHARACTERS))})`,
      })
      .from(messages)
      .where(eq(messages.id, id))
    const room = message === undefined ? null : await findOwnRoom(db, viewer, message.roomId)
    if (message === undefined || room === null) return null
    return {
      kind: 'MESSAGE',
      id,
      ownerId: message.authorId,
      on: { kind: 'ROOM', id: message.roomId },
      title: room.title ?? UNTITLED,
      path: `${pathOf(message.roomId)}#${encodeId('message', id)}`,
      // Of a ciphertext there are no words; of a deleted message there is nothing.
      ...(message.encryption === 'NONE' || message.deletedAt !== null ? { excerpt: message.excerpt } : {}),
      acceptsComments: false,
      acceptsReactions: message.deletedAt === null && !room.isBlocked,
      viewerMayAttach: false,
      viewerMayModerate: false,
    }
  },
  async reacted(deps, tx, viewer, id) {
    const [message] = await tx.orm.select({ roomId: messages.roomId }).from(messages).where(eq(messages.id, id))
    if (message === undefined) return
    const actorId = viewer.accountId
    await recordEvent(deps, tx, message.roomId, { kind: 'REACTIONS_CHANGED', actorId, messageId: id })
  },
}
