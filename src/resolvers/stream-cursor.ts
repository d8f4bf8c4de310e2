import { decodeCursor, encodeCursor } from '../core/cursor.ts'
import { invalidInput } from '../core/errors.ts'

/** What `after` of every stream means, behind a word on whose `streamCursor` it takes. */
export const AFTER =
  'What came later is sent first. The empty text stands for the beginning, for who has nothing yet; left out or null: only what is new.'

/** The place of a row in a live stream, by its number there. */
export const streamCursor = (stream: string, seq: number): string => encodeCursor(stream, [String(seq)])

/**
 * The number of the row that the cursor names.
 * @throws DomainError `INVALID_INPUT` for what is no cursor of this stream.
 */
export function readStreamCursor(stream: string, cursor: string, path: readonly string[]): number {
  const [seq = ''] = decodeCursor(stream, 1, cursor) ?? []
  if (!/^\d{1,9}$/.test(seq)) throw invalidInput(path, 'This cursor does not belong to this stream.')
  return Number(seq)
}

/**
 * What `after` of a subscription asks for: rows above this number, or with null only what comes from now on.
 * @throws DomainError `INVALID_INPUT`.
 */
export function readAfter(stream: string, after: string | null | undefined): number | null {
  if (after == null) return null
  return after === '' ? 0 : readStreamCursor(stream, after, ['after'])
}
