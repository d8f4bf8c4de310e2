import { MESSAGE_ORDER } from '../../db/relations/chat.ts'
import { streamCursor } from '../stream-cursor.ts'

/** Messages and events of a room share their numbers, and so their cursors: those of the list of messages too. */
export const ROOM_STREAM = MESSAGE_ORDER.name

export const roomCursor = (seq: number): string => streamCursor(ROOM_STREAM, seq)
