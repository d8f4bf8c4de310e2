import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { invalidInput } from '../../core/errors.ts'
import { MESSAGE_ORDER } from '../../db/relations/chat.ts'

/** Messages and events of a room share their numbers, and so their cursors: those of the list of messages too. */
export const roomCursor = (seq: number): string => encodeCursor(MESSAGE_ORDER.name, [String(seq)])

/** @throws DomainError `INVALID_INPUT` for what is no cursor of a room. */
export function readRoomCursor(cursor: string | null | undefined): number | null {
  if (cursor == null) return null
  const [seq = ''] = decodeCursor(MESSAGE_ORDER.name, 1, cursor) ?? []
  if (!/^\d{1,9}$/.test(seq)) throw invalidInput(['after'], 'This cursor does not belong to this stream.')
  return Number(seq)
}
