import { h } from './element.ts'

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'long' })
const MOMENT = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' })
const AGO = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const
/** Beyond that, a date says more than a number of days. */
const LONGEST_AGO_MS = 7 * 86_400_000

/** Where the reader is: the day on which it appeared. @param iso RFC 3339 */
export const day = (iso: string): HTMLElement =>
  h('time', { datetime: iso, title: MOMENT.format(new Date(iso)) }, DAY.format(new Date(iso)))

/** "5 minutes ago"; the day, once that is a week away. @param iso RFC 3339 */
export function ago(iso: string): HTMLElement {
  const passed = Date.now() - Date.parse(iso)
  if (passed > LONGEST_AGO_MS) return day(iso)
  const [unit, length] = UNITS.find(([, size]) => passed >= size) ?? ['minute', 60_000]
  const text = passed < 60_000 ? 'just now' : AGO.format(-Math.floor(passed / length), unit)
  return h('time', { datetime: iso, title: MOMENT.format(new Date(iso)) }, text)
}

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`
