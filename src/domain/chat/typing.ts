import { and, eq } from 'drizzle-orm'
import { notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { roomMembers } from '../../db/tables/chat/room.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'

/**
 * The viewer types in the room, for some seconds unless they go on, or has stopped. Nothing of it is stored.
 * @throws DomainError `NOT_FOUND`.
 */
export async function setTyping(deps: Deps, viewer: Viewer, input: { roomId: Uuid; isTyping: boolean }): Promise<Uuid> {
  const { roomId, isTyping } = input
  const [member] = await deps.db.orm
    .select({ id: roomMembers.id })
    .from(roomMembers)
    .where(and(eq(roomMembers.roomId, roomId), eq(roomMembers.accountId, viewer.accountId)))
  if (member === undefined) throw notFound('room', ['input', 'roomId'])
  if (isTyping) deps.presence.typing(roomId, viewer.accountId)
  else deps.presence.stopTyping(roomId, viewer.accountId)
  return roomId
}
