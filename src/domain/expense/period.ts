import { addDays, addMonths, daysFrom, isDay, monthsFrom, periodOf } from '../../core/calendar.ts'
import { invalidInput } from '../../core/errors.ts'

export type ExpensePeriod =
  | 'PAST_WEEK'
  | 'LAST_MONTH'
  | 'LAST_THREE_MONTHS'
  | 'THIS_MONTH'
  | 'PREVIOUS_MONTH'
  | 'THIS_YEAR'
  | 'PREVIOUS_YEAR'
  | 'CUSTOM'

/** Calendar dates, both included; null where that side is open. */
export interface DayRange {
  readonly from: string | null
  readonly to: string | null
}

export interface AskedPeriod {
  period?: ExpensePeriod | null | undefined
  from?: string | null | undefined
  to?: string | null | undefined
}

/** The stretch that ends today and is so many months long: from the 16th of a month to the 15th of another. */
const monthsUntil = (today: string, months: number): DayRange => ({
  from: addDays(addMonths(today, -months), 1),
  to: today,
})

const wholeOf = (unit: 'MONTH' | 'YEAR', day: string): DayRange => {
  const { firstDay, lastDay } = periodOf(unit, day)
  return { from: firstDay, to: lastDay }
}

const RANGES: Readonly<Record<Exclude<ExpensePeriod, 'CUSTOM'>, (today: string) => DayRange>> = {
  PAST_WEEK: (today) => ({ from: addDays(today, -6), to: today }),
  LAST_MONTH: (today) => monthsUntil(today, 1),
  LAST_THREE_MONTHS: (today) => monthsUntil(today, 3),
  THIS_MONTH: (today) => wholeOf('MONTH', today),
  PREVIOUS_MONTH: (today) => wholeOf('MONTH', addMonths(today, -1)),
  THIS_YEAR: (today) => wholeOf('YEAR', today),
  PREVIOUS_YEAR: (today) => wholeOf('YEAR', addMonths(today, -12)),
}

/**
 * The days that a filter means, seen from the member's today.
 * @throws DomainError `INVALID_INPUT` for a start after its end, dates beside a period that has its own, and a CUSTOM without any.
 */
export function rangeOf({ period, from, to }: AskedPeriod, today: string, path: readonly string[]): DayRange {
  const range = { from: from ?? null, to: to ?? null }
  const isDated = range.from !== null || range.to !== null
  if (period !== undefined && period !== null && period !== 'CUSTOM') {
    if (isDated) throw invalidInput([...path, 'period'], '`from` and `to` belong to the period CUSTOM.')
    return RANGES[period](today)
  }
  if (period === 'CUSTOM' && !isDated) throw invalidInput([...path, 'from'], 'CUSTOM needs `from`, `to` or both.')
  for (const [name, day] of Object.entries(range)) {
    if (day !== null && !isDay(day)) throw invalidInput([...path, name], 'This is no date of the calendar.')
  }
  if (range.from !== null && range.to !== null && range.from > range.to) {
    throw invalidInput([...path, 'to'], '`from` is after `to`.')
  }
  return range
}

/**
 * The period that a trend is measured against: the calendar's one before for a month or a year, as many months before for what is
 * counted in months or was chosen from the first day of a month to the last one of a month, and else as many days right before: the
 * rent of 1 April stands beside that of 1 March, and not beside a stretch from the 2nd on. Null where the range is open, and where it
 * would begin before the year 1.
 */
export function periodBefore(
  { from, to }: DayRange,
  period: ExpensePeriod | null | undefined,
): { from: string; to: string } | null {
  if (from === null || to === null) return null
  const end = addDays(from, -1)
  const begin = beginBefore({ from, to }, end, period)
  return isDay(begin) ? { from: begin, to: end } : null
}

function beginBefore(
  range: { from: string; to: string },
  end: string,
  period: ExpensePeriod | null | undefined,
): string {
  const isChosen = period === undefined || period === null || period === 'CUSTOM'
  const months = isChosen ? wholeMonths(range) : MONTHS[period]
  if (months === undefined) return addDays(end, -daysFrom(range.from, range.to))
  return isMonthStart(range.from) ? addMonths(range.from, -months) : addDays(addMonths(end, -months), 1)
}

/** How many months a range consists of; undefined where it begins or ends within one. */
function wholeMonths({ from, to }: { from: string; to: string }): number | undefined {
  if (!isMonthStart(from) || !isMonthStart(addDays(to, 1))) return undefined
  return monthsFrom(from, to) + 1
}

const isMonthStart = (day: string): boolean => day.endsWith('-01')

const MONTHS: Partial<Record<ExpensePeriod, number>> = {
  LAST_MONTH: 1,
  LAST_THREE_MONTHS: 3,
  THIS_MONTH: 1,
  PREVIOUS_MONTH: 1,
  THIS_YEAR: 12,
  PREVIOUS_YEAR: 12,
}

/**
 * As far into the period before as today is into this one, so that ten days of a month are not held against thirty: its last day.
 * Of whole months it is the same day of the month, as many months before.
 * Null where this one has not begun yet.
 */
export function sameDayBefore(
  range: { readonly from: string; readonly to: string },
  before: { readonly from: string; readonly to: string },
  today: string,
): string | null {
  if (today < range.from) return null
  if (today >= range.to) return before.to
  const day =
    isMonthStart(range.from) && isMonthStart(before.from)
      ? addMonths(today, -monthsFrom(before.from, range.from))
      : addDays(before.from, daysFrom(range.from, today))
  return day < before.to ? day : before.to
}
