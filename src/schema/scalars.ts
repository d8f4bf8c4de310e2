import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { GraphQLDateTime } from 'graphql-scalars'
import { isDay } from '../core/calendar.ts'
import { isTimeZone } from '../core/local-time.ts'

export {
  GraphQLJSONObject as JsonObject,
  GraphQLLocalTime as LocalTime,
} from 'graphql-scalars'

/**
 * `2026-11-20 23:57:25.12+00`, as Postgres prints an instant in a UTC session, with three digits of the second: Postgres leaves
 * zeros at the end out. Null for every other form. By the places of its parts, which is faster than a pattern.
 */
function fromPostgres(text: string): string | null {
  const { length } = text
  if (length < 22 || length > 29 || text[10] !== ' ' || text[4] !== '-' || !text.endsWith('+00')) return null
  const fraction = length === 22 ? '000' : text.slice(20, Math.min(23, length - 3)).padEnd(3, '0')
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`
}

const parse = (value: unknown): string => {
  const instant = (GraphQLDateTime.parseValue(value) as Date).toISOString()
  // Years past 9999 are written with a sign and six digits, which few readers understand; Postgres has no year 0.
  if (!/^(?!0000)\d{4}-/.test(instant)) throw new GraphQLError('A DateTime lies in the years 0001 to 9999.')
  return instant
}

/**
 * Instants stay text from the database to the client: making a `Date` of each and printing it again costs a tenth of a
 * list's time.
 */
export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description:
    'An instant in UTC, as RFC 3339 writes it, always with milliseconds: `2026-11-20T18:30:00.000Z`. What is finer is cut off. In input, other offsets and fewer digits are understood.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize(value) {
    return (typeof value === 'string' ? fromPostgres(value) : null) ?? parse(value)
  },
  parseValue: parse,
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw new GraphQLError('A DateTime is a string.', { nodes: node })
    return parse(node.value)
  },
})

function day(value: unknown): string {
  if (typeof value === 'string' && isDay(value)) return value
  throw new GraphQLError('A LocalDate is a date of the years 0001 to 9999, such as 2026-11-20.')
}

/** Postgres has no year 0, and five digits would not sort as text. */
export const LocalDate = new GraphQLScalarType<string, string>({
  name: 'LocalDate',
  description: 'A date without a time zone, as ISO 8601 writes it, in the years 0001 to 9999: `2026-11-20`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  serialize: day,
  parseValue: day,
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw new GraphQLError('A LocalDate is a string.', { nodes: node })
    return day(node.value)
  },
})

function zone(value: unknown): string {
  if (typeof value === 'string' && isTimeZone(value)) return value
  throw new GraphQLError('A TimeZone is an IANA name such as Europe/Paris.')
}

/** Arguments are read again for each row, so zones that were seen before must cost nothing. */
export const TimeZone = new GraphQLScalarType<string, string>({
  name: 'TimeZone',
  description: 'A time zone of the IANA database: `Europe/Paris`.',
  specifiedByURL: 'https://www.iana.org/time-zones',
  serialize: zone,
  parseValue: zone,
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw new GraphQLError('A TimeZone is a string.', { nodes: node })
    return zone(node.value)
  },
})
