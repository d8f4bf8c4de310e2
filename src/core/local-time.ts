/**
 * From what a clock on the wall shows to the instant, with the rules of daylight saving time. Making a formatter costs a quarter of
 * a millisecond, so they are kept; zones come from venues, of which there are few.
 */
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  if (formatters.size >= 1000) formatters.clear()
  formatters.set(timeZone, made)
  return made
}

const asUtc = (local: string): number => Date.parse(`${local.replace(' ', 'T')}Z`)

/** What the clock on the wall shows at an instant: `2026-11-20T20:30:00`. @throws RangeError for what is no zone or instant. */
export const localTime = (instant: string | number, timeZone: string): string =>
  formatterOf(timeZone).format(new Date(instant)).replace(' ', 'T')

/** How far the wall is ahead of UTC at an instant. */
const offsetMs = (instantMs: number, timeZone: string): number => asUtc(localTime(instantMs, timeZone)) - instantMs

const DAY_MS = 86_400_000

export interface WallClock {
  /** ISO 8601, UTC. */
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
  const wallMs = asUtc(local.length === 16 ? `${local}:00` : local)
  if (Number.isNaN(wallMs)) throw new RangeError(`${local} is no local time`)
  // No zone changes twice within two days, so one of these offsets is the right one on either side of a change.
  const before = offsetMs(wallMs - DAY_MS, timeZone)
  const after = offsetMs(wallMs + DAY_MS, timeZone)
  const shows = (instantMs: number): boolean => instantMs + offsetMs(instantMs, timeZone) === wallMs
  const candidates = [...new Set([wallMs - before, wallMs - after])].sort((a, b) => a - b).filter(shows)
  const [first, second] = candidates
  const answer = (instantMs: number, kind: WallClock['kind']) => ({ instant: new Date(instantMs).toISOString(), kind })
  if (first === undefined) return answer(wallMs - before, 'SKIPPED')
  return answer(first, second === undefined ? 'ONCE' : 'REPEATED')
}

/** The calendar dates from the first to the last, both included. @throws RangeError for what is no date. */
export function daysBetween(firstDay: string, lastDay: string): string[] {
  const days: string[] = []
  for (let ms = asUtc(`${firstDay}T00:00:00`); ms <= asUtc(`${lastDay}T00:00:00`); ms += DAY_MS) {
    days.push(new Date(ms).toISOString().slice(0, 10))
  }
  return days
}

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export const weekdayOf = (day: string): number => new Date(asUtc(`${day}T00:00:00`)).getUTCDay() || 7

/** A date so many days later. */
export const addDays = (day: string, days: number): string =>
  new Date(asUtc(`${day}T00:00:00`) + days * DAY_MS).toISOString().slice(0, 10)

/** Whether a text is a date of the calendar: `2026-02-31` is none. */
export function isDay(day: string): boolean {
  const ms = /^(?!0000)\d{4}-\d\d-\d\d$/.test(day) ? asUtc(`${day}T00:00:00`) : Number.NaN
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)
}
