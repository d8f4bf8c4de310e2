import { customType, timestamp, uuid } from 'drizzle-orm/pg-core'

/** An instant with microseconds, read as text: a `Date` for every row costs more than the rest of a list together. */
export const instant = (name?: string) =>
  name === undefined
    ? timestamp({ withTimezone: true, mode: 'string' })
    : timestamp(name, { withTimezone: true, mode: 'string' })

/** The primary key of a thing that clients can hold on to; a UUIDv7 that `newId()` makes. */
export const id = () => uuid().primaryKey()

/** The full-text form of a document. It is computed by the database and never read. */
export const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })
