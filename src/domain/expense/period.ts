import { addDays, addMonths, daysFrom, isDay } from '../../core/calendar.ts'
import { invalidInput } from '../../core/errors.ts'

export type ExpensePeriod =
  | 'PAST_WEEK'
  | 'LAST_MONTH'
  | 'LAST_THREE_MONTHS'
  | 'THIS_MONTH'
  | 'PREVIOUS_MONTH'
  | 'THIS_YEAR'
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

const monthStart = (day: string): string => `${day.slice(0, 7)}-01`

/** The stretch that ends today and is so many months long: from the 16th of a month to the 15th of another. */
const monthsUntil = (today: string, months: number): DayRange => ({
  from: addDays(addMonths(today, -months), 1),
  to: today,
})

const monthOf = (day: string): DayRange => {
  const from = monthStart(day)
  return { from, to: addDays(addMonths(from, 1), -1) }
}

const RANGES: Readonly<Record<Exclude<ExpensePeriod, 'CUSTOM'>, (today: string) => DayRange>> = {
  PAST_WEEK: (today) => ({ from: addDays(today, -6), to: today }),
  LAST_MONTH: (today) => monthsUntil(today, 1),
  LAST_THREE_MONTHS: (today) => monthsUntil(today, 3),
  THIS_MONTH: monthOf,
  PREVIOUS_MONTH: (today) => monthOf(addMonths(monthStart(today), -1)),
  THIS_YEAR: (today) => ({ from: `${today.slice(0, 4)}-01-01`, to: `${today.slice(0, 4)}-12-31` }),
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
 * counted in months, and else as many days right before. Null where the range is open.
 */
export function periodBefore(
  { from, to }: DayRange,
  period: ExpensePeriod | null | undefined,
): { from: string; to: string } | null {
  if (from === null || to === null) return null
  const end = addDays(from, -1)
  const months = period === undefined || period === null ? undefined : MONTHS[period]
  if (months !== undefined)
    return { from: isMonthStart(from) ? addMonths(from, -months) : addDays(addMonths(end, -months), 1), to: end }
  return { from: addDays(end, -daysFrom(from, to)), to: end }
}

const isMonthStart = (day: string): boolean => day.endsWith('-01')

const MONTHS: Partial<Record<ExpensePeriod, number>> = {
  LAST_MONTH: 1,
  LAST_THREE_MONTHS: 3,
  THIS_MONTH: 1,
  PREVIOUS_MONTH: 1,
  THIS_YEAR: 12,
}
