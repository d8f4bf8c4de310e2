import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { GraphQLDateTime } from 'graphql-scalars'
import { isDay } from '../core/calendar.ts'
import { isTimeZone } from '../core/local-time.ts'

export {
  GraphQLJSONObject as JsonObject,
  GraphQLLocalTime as LocalTime,
} from 'graphql-scalars'

/** `2026-11-20 23:57:25.12+00`, as Postgres prints an instant in a UTC session. */
const POSTGRES = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/

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
    'An instant in UTC, as RFC 3339 writes it: `2026-11-20T18:30:00Z`. Other offsets are understood in input.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize(value) {
    if (typeof value === 'string') {
      const parts = POSTGRES.exec(value)
      return parts === null ? parse(value) : `${parts[1]}T${parts[2]}Z`
    }
    return parse(value)
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
