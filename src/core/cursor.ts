/**
 * Opaque keyset cursors: the name of the order and the sort keys of one row, as the database printed them.
 * The name keeps a cursor from being used under another order, where its keys would mean something else.
 */
export const encodeCursor = (order: string, keys: readonly string[]): string =>
  Buffer.from(JSON.stringify([order, ...keys])).toString('base64url')

/** The sort keys, or null when the cursor is not one of this order with this many keys. */
export function decodeCursor(order: string, keyCount: number, cursor: string): string[] | null {
  if (cursor.length > 1000) return null
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
  if (!Array.isArray(parts) || parts.length !== keyCount + 1 || parts[0] !== order) return null
  const keys = parts.slice(1)
  return keys.every((key) => typeof key === 'string') ? keys : null
}
