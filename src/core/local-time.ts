/**
 * Between the clock on the wall and the instant. From an instant to the wall is asked for by lists, once for each row, and is left to
 * `Intl`: 2 µs with a formatter that is kept (making one takes a quarter of a millisecond) against 15 µs through
 * Temporal. From the wall to an instant is asked for when something is planned, and is Temporal's, which knows skipped
 * and repeated times.
 */
import { Temporal } from 'temporal-polyfill'

/** Zones may be spelt in any mixture of cases: the map is emptied before it grows beyond all zones there are. */
const MAX_FORMATTERS = 1000
const formatters = new Map<string, Intl.DateTimeFormat | null>()

function formatterOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(timeZone)
  if (known !== undefined) return known
  let made: Intl.DateTimeFormat | null
  try {
    // Sweden writes its dates as ISO 8601 does.
    made = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  } catch {
    made = null
  }
  if (formatters.size >= MAX_FORMATTERS) formatters.clear()
  formatters.set(timeZone, made)
  return made
}

/** Longer than any name in the time zone database. */
const MAX_ZONE_CHARACTERS = 60

/** Whether the text names an IANA time zone (`Europe/Paris`) or an offset that ECMA-402 takes for one. */
export const isTimeZone = (text: string): boolean => text.length <= MAX_ZONE_CHARACTERS && formatterOf(text) !== null

/** What the clock on the wall shows at an instant: `2026-11-20T20:30:00`. @throws RangeError for what is no zone or instant. */
export function localTime(instant: string | number, timeZone: string): string {
  const formatter = isTimeZone(timeZone) ? formatterOf(timeZone) : null
  if (formatter === null) throw new RangeError(`${timeZone} is no time zone`)
  // Years before 1000 come without their zeros.
  return formatter.format(new Date(instant)).padStart(19, '0').replace(' ', 'T')
}

/** The calendar date of an instant in a time zone, as ISO 8601. @throws RangeError for what is no zone or instant. */
export const localDate = (instant: string | number, timeZone: string): string =>
  localTime(instant, timeZone).split('T', 1)[0] ?? ''

export interface WallClock {
  /** ISO 8601, UTC, with milliseconds. */
  readonly instant: string
  /**
   * `SKIPPED`: the clock went forward over this time, and the instant is as much later as was skipped (02:30 becomes
   * 03:30). `REPEATED`: the clock shows this time twice that day, and this is the first of the two.
   */
  readonly kind: 'ONCE' | 'SKIPPED' | 'REPEATED'
}

/**
 * The instant at which clocks in a zone show a local time such as `2026-11-20T20:30`.
 * @throws RangeError for a date that no calendar has, and for what is no zone.
 */
export function instantOf(local: string, timeZone: string): WallClock {
  const wall = Temporal.PlainDateTime.from(local)
  const first = wall.toZonedDateTime(timeZone, { disambiguation: 'compatible' })
  const second = wall.toZonedDateTime(timeZone, { disambiguation: 'later' })
  const instant = new Date(first.epochMilliseconds).toISOString()
  if (!first.toPlainDateTime().equals(wall)) return { instant, kind: 'SKIPPED' }
  return { instant, kind: first.epochMilliseconds === second.epochMilliseconds ? 'ONCE' : 'REPEATED' }
}
