/**
 * Dates where people are. Making a formatter takes a quarter of a millisecond, using one a microsecond, so they are
 * kept. Zones may be spelt in any mixture of cases: the map is emptied before it grows beyond all zones there are.
 */
const MAX_FORMATTERS = 1000
const formatters = new Map<string, Intl.DateTimeFormat | null>()

function formatterOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(timeZone)
  if (known !== undefined) return known
  if (formatters.size >= MAX_FORMATTERS) formatters.clear()
  let made: Intl.DateTimeFormat | null
  try {
    // Sweden writes its dates as ISO 8601 does.
    made = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })
  } catch {
    made = null
  }
  formatters.set(timeZone, made)
  return made
}

/** Longer than any name in the time zone database. */
const MAX_ZONE_CHARACTERS = 60

/** Whether the text names an IANA time zone (`Europe/Paris`) or an offset that ECMA-402 takes for one. */
export const isTimeZone = (text: string): boolean => text.length <= MAX_ZONE_CHARACTERS && formatterOf(text) !== null

/** The calendar date of an instant in a time zone, as ISO 8601. @throws RangeError for what is no time zone. */
export function localDate(instant: string, timeZone: string): string {
  const formatter = isTimeZone(timeZone) ? formatterOf(timeZone) : null
  if (formatter === null) throw new RangeError(`${timeZone} is no time zone`)
  return formatter.format(new Date(instant))
}
