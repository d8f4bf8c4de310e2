/**
 * Dates as people write them and clocks where people are. Dates are ISO 8601 text (`2026-11-20`) in the years 0001 to 9999, which
 * sorts as it reads, travels as it is stored, and has no zone to be wrong about. The arithmetic is Temporal's.
 */
import { Temporal } from 'temporal-polyfill'

const dateOf = (day: string): Temporal.PlainDate => Temporal.PlainDate.from(day)

/** Whether a text is a date of the calendar: `2026-02-31` is none. */
export function isDay(day: string): boolean {
  if (!/^(?!0000)\d{4}-\d\d-\d\d$/.test(day)) return false
  try {
    dateOf(day)
    return true
  } catch {
    return false
  }
}

/** A date so many days later, or earlier. @throws RangeError for what is no date. */
export const addDays = (day: string, days: number): string => dateOf(day).add({ days }).toString()

/**
 * A date so many months later, or earlier: a month after 31 January is the last day of February.
 * Count from where the months begin: twice a month later is not two months later.
 * @throws RangeError for what is no date.
 */
export const addMonths = (day: string, months: number): string => dateOf(day).add({ months }).toString()

/** The calendar dates from the first to the last, both included. @throws RangeError for what is no date. */
export function daysBetween(firstDay: string, lastDay: string): string[] {
  const first = dateOf(firstDay)
  const count = first.until(dateOf(lastDay)).days + 1
  return Array.from({ length: Math.max(count, 0) }, (_, days) => first.add({ days }).toString())
}

/** From one date to another: `daysFrom('2026-02-28', '2026-03-01')` is 1. @throws RangeError for what is no date. */
export const daysFrom = (from: string, to: string): number => dateOf(from).until(dateOf(to)).days

/** From the month of one date to that of another, whatever their days are. @throws RangeError for what is no date. */
export const monthsFrom = (from: string, to: string): number =>
  dateOf(from)
    .with({ day: 1 })
    .until(dateOf(to).with({ day: 1 }), { largestUnit: 'months' }).months

/** ISO 8601: 1 is Monday, 7 is Sunday. @throws RangeError for what is no date. */
export const weekdayOf = (day: string): number => dateOf(day).dayOfWeek

/** A stretch of the calendar, both dates included. */
export interface Period {
  readonly firstDay: string
  readonly lastDay: string
}

export type PeriodUnit = 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR'

/** The week (Monday to Sunday), month, quarter or year that a date lies in. @throws RangeError for what is no date. */
export function periodOf(unit: PeriodUnit, day: string): Period {
  const date = dateOf(day)
  const [first, length] = START_AND_LENGTH[unit](date)
  return { firstDay: first.toString(), lastDay: first.add(length).subtract({ days: 1 }).toString() }
}

type StartAndLength = readonly [Temporal.PlainDate, Temporal.DurationLike]
const START_AND_LENGTH: Readonly<Record<PeriodUnit, (date: Temporal.PlainDate) => StartAndLength>> = {
  WEEK: (date) => [mondayOf(date), { weeks: 1 }],
  MONTH: (date) => [date.with({ day: 1 }), { months: 1 }],
  QUARTER: (date) => [date.with({ month: Math.trunc((date.month - 1) / 3) * 3 + 1, day: 1 }), { months: 3 }],
  YEAR: (date) => [date.with({ month: 1, day: 1 }), { years: 1 }],
}

const weekStartOf = (date: Temporal.PlainDate, startsOn: number): Temporal.PlainDate =>
  date.subtract({ days: (date.dayOfWeek - startsOn + 7) % 7 })

const mondayOf = (date: Temporal.PlainDate): Temporal.PlainDate => weekStartOf(date, 1)

/** The week that a date lies in, where weeks begin on that day: 1 is Monday, 7 is Sunday. @throws RangeError for what is no date. */
export function weekOf(day: string, startsOn: number): Period {
  const first = weekStartOf(dateOf(day), startsOn)
  return { firstDay: first.toString(), lastDay: first.add({ days: 6 }).toString() }
}

/**
 * The week of ISO 8601 that a date lies in. Its year is that of its Thursday: 2027-01-01 lies in week 53 of 2026.
 * @throws RangeError for what is no date.
 */
export function isoWeekOf(day: string): { year: number; week: number } {
  const { yearOfWeek, weekOfYear } = dateOf(day)
  if (yearOfWeek === undefined || weekOfYear === undefined) throw new RangeError(`${day} has no ISO week`)
  return { year: yearOfWeek, week: weekOfYear }
}

/** What comes again and again, beginning with `firstDay`. */
export interface Recurrence {
  readonly frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
  /** Every so many days, weeks, months or years; 1 unless told. */
  readonly interval?: number | undefined
  /**
   * Weekly: on which days, 1 is Monday. The weekday of `firstDay` unless told. Where `firstDay` is none of them, the first occurrence
   * is the next of them, and every second week is counted from the week of `firstDay`.
   */
  readonly weekdays?: readonly number[] | undefined
  /**
   * Monthly and yearly occurrences keep its day of the month and fall on the last day of months that are shorter: from
   * 31 January to 28 February to 31 March, from 29 February to 28 February and, after four years, 29 February.
   */
  readonly firstDay: string
  /** Nothing comes after this date. */
  readonly lastDay?: string | null | undefined
  /** Nothing comes after so many occurrences. */
  readonly count?: number | null | undefined
}

function ensureSensible({ interval = 1, weekdays, count }: Recurrence): void {
  const isCount = (number: number) => Number.isSafeInteger(number) && number >= 1
  if (!isCount(interval)) throw new RangeError('interval')
  if (count !== null && count !== undefined && !isCount(count)) throw new RangeError('count')
  if (weekdays?.length === 0 || weekdays?.some((weekday) => !isCount(weekday) || weekday > 7)) {
    throw new RangeError('weekdays')
  }
}

/** The occurrence with a number, from 0. Found by itself, so that one in twenty years costs what the next one costs. */
function numbered(rule: Recurrence): (number: number) => Temporal.PlainDate {
  ensureSensible(rule)
  const { frequency, interval = 1 } = rule
  const first = dateOf(rule.firstDay)
  if (frequency === 'DAILY') return (number) => first.add({ days: number * interval })
  if (frequency === 'MONTHLY') return (number) => first.add({ months: number * interval })
  if (frequency === 'YEARLY') return (number) => first.add({ years: number * interval })
  const weekdays = [...new Set(rule.weekdays ?? [first.dayOfWeek])].sort((a, b) => a - b)
  const monday = mondayOf(first)
  // Days of the first week that were over when it began have numbers too, which nobody asks for.
  const over = weekdays.filter((weekday) => weekday < first.dayOfWeek).length
  return (number) => {
    const slot = number + over
    const weeks = Math.trunc(slot / weekdays.length) * interval
    return monday.add({ weeks, days: (weekdays[slot % weekdays.length] ?? 1) - 1 })
  }
}

/** So many days at least lie between one and the next, where it comes every day, week, month or year. */
const SHORTEST_DAYS: Readonly<Record<Recurrence['frequency'], number>> = {
  DAILY: 1,
  WEEKLY: 7,
  MONTHLY: 28,
  YEARLY: 365,
}

/**
 * The number of the first occurrence on or after a date. It is looked for among as many as there can be until then: what comes
 * every thousand years leaves the calendar after a few hundred numbers.
 */
function firstNumber(rule: Recurrence, occurrence: (number: number) => Temporal.PlainDate, from: string): number {
  const { frequency, interval = 1, weekdays = [], firstDay } = rule
  const rounds = Math.floor(Math.max(daysFrom(firstDay, from), 0) / (SHORTEST_DAYS[frequency] * interval)) + 2
  const inRound = frequency === 'WEEKLY' ? Math.max(new Set(weekdays).size, 1) : 1
  let low = 0
  let high = daysFrom(firstDay, from) <= 0 ? 0 : rounds * inRound
  const date = dateOf(from)
  while (low < high) {
    const middle = Math.trunc((low + high) / 2)
    if (Temporal.PlainDate.compare(occurrence(middle), date) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The dates of a recurrence from one date to another, both included, in their order. Whoever asks bounds the period.
 * @throws RangeError for what is no date, and for an interval, count or weekdays that make no sense.
 */
export function occurrences(rule: Recurrence, from: string, to: string): string[] {
  const occurrence = numbered(rule)
  const days: string[] = []
  const last = rule.lastDay !== null && rule.lastDay !== undefined && rule.lastDay < to ? rule.lastDay : to
  const end = dateOf(last)
  const count = rule.count ?? Number.POSITIVE_INFINITY
  for (let number = firstNumber(rule, occurrence, from); number < count; number += 1) {
    const date = occurrence(number)
    if (Temporal.PlainDate.compare(date, end) > 0) break
    days.push(date.toString())
  }
  return days
}

/** The first date of a recurrence that is this one or later; null where it has ended. @throws RangeError as {@link occurrences}. */
export function occurrenceFrom(rule: Recurrence, from: string): string | null {
  const occurrence = numbered(rule)
  const number = firstNumber(rule, occurrence, from)
  const day = occurrence(number).toString()
  if (number >= (rule.count ?? Number.POSITIVE_INFINITY) || !isDay(day)) return null
  return rule.lastDay !== null && rule.lastDay !== undefined && day > rule.lastDay ? null : day
}
