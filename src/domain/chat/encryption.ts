import { and, eq, inArray } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { roomMembers, rooms } from '../../db/tables/chat/room.ts'
import { topic } from '../../live/bus.ts'

/** Somebody came into the room or left it, or a member's device was registered or revoked. */
export const roomDevicesChanged = (roomId: Uuid) => topic<Record<string, never>>('roomDevicesChanged', roomId)

const isEncrypted = eq(rooms.encryption, 'END_TO_END')

/** The end-to-end encrypted rooms that the account is a member of. */
export async function findEncryptedRooms(db: Executor, accountId: Uuid): Promise<Uuid[]> {
  const rows = await db.orm
    .select({ id: rooms.id })
    .from(roomMembers)
    .innerJoin(rooms, eq(rooms.id, roomMembers.roomId))
    .where(and(eq(roomMembers.accountId, accountId), isEncrypted))
  return rows.map(({ id }) => id)
}

const theirs = alias(roomMembers, 'theirs')

/** Which of the accounts share an end-to-end encrypted room with this one. */
export async function findEncryptedPeers(
  db: Executor,
  accountId: Uuid,
  others: readonly Uuid[],
): Promise<ReadonlySet<Uuid>> {
  const rows = await db.orm
    .selectDistinct({ accountId: theirs.accountId })
    .from(roomMembers)
    .innerJoin(rooms, eq(rooms.id, roomMembers.roomId))
    .innerJoin(theirs, eq(theirs.roomId, roomMembers.roomId))
    .where(and(eq(roomMembers.accountId, accountId), isEncrypted, inArray(theirs.accountId, [...others])))
  return new Set(rows.map((row) => row.accountId))
}

/** @throws DomainError `NOT_FOUND` for who is no member of it, `INVALID_INPUT` for a room that is not encrypted. */
export async function ensureEncryptedRoom(
  db: Executor,
  accountId: Uuid,
  roomId: Uuid,
  path: readonly string[],
): Promise<void> {
  const [room] = await db.orm
    .select({ encryption: rooms.encryption })
    .from(roomMembers)
    .innerJoin(rooms, eq(rooms.id, roomMembers.roomId))
    .where(and(eq(roomMembers.roomId, roomId), eq(roomMembers.accountId, accountId)))
  if (room === undefined) throw notFound('room', path)
  if (room.encryption !== 'END_TO_END') throw invalidInput(path, 'This room is not encrypted: there is nothing to key.')
}
