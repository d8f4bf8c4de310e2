import { fromString, fromUUID, getType, toUUID } from 'typeid-js'
import { v7 } from 'uuid'
import { notFound } from './errors.ts'

/**
 * The graph shows ids as TypeIDs (`post_01j…`: a prefix and a UUIDv7 in Crockford's base 32), the database keeps the
 * plain `uuid`. Encoding and decoding happens at the graph's door only. Specification: github.com/jetify-com/typeid.
 */
export type Uuid = string

/** A new UUIDv7 (RFC 9562, 5.7): its first 48 bits are the time in milliseconds, so ids sort by creation. */
export const newId = (): Uuid => v7()

export const encodeId = (prefix: string, uuid: Uuid): string => fromUUID(uuid, prefix)

/** The parts of a typed id, or null when the text is none. */
export function parseId(id: string): { prefix: string; uuid: Uuid } | null {
  try {
    const typed = fromString(id)
    const prefix = getType(typed)
    return prefix === '' ? null : { prefix, uuid: toUUID(typed) }
  } catch {
    return null
  }
}

/**
 * The uuid of a typed id that must carry `prefix`.
 * @throws DomainError `NOT_FOUND` for another prefix or no id at all: nothing of that kind can have it.
 */
export function decodeId(prefix: string, id: string, path: readonly string[] = []): Uuid {
  const parsed = parseId(id)
  if (parsed?.prefix !== prefix) throw notFound(prefix, path)
  return parsed.uuid
}

/** As `decodeId`; null and undefined stay what they are. */
export const decodeOptionalId = (
  prefix: string,
  id: string | null | undefined,
  path: readonly string[] = [],
): Uuid | null | undefined => (id == null ? id : decodeId(prefix, id, path))
