import { addDays, occurrenceFrom, occurrences } from '../../core/calendar.ts'
import { invalidInput } from '../../core/errors.ts'
import { type Frequency, type RecurringRow, ruleOf } from './schedule.ts'

type Schedule = Pick<RecurringRow, 'frequency' | 'every' | 'startsOn' | 'endsOn' | 'maxOccurrences'>

interface AskedSchedule {
  readonly frequency?: Frequency | undefined
  readonly every?: number | undefined
  readonly startsOn?: string | undefined
  /** Null takes it away. */
  readonly endsOn?: string | null | undefined
  /** Counted from the first day; null takes it away. */
  readonly maxOccurrences?: number | null | undefined
}

const isOfMonths = (frequency: Frequency): boolean => frequency === 'MONTHLY' || frequency === 'YEARLY'
const dayOfMonth = (day: string): string => day.slice(8)

/**
 * Where a schedule begins anew that comes otherwise from now on: on its next day. Of a 31st that day may be the 28th, and the schedule
 * would forget what it was, so then it has to be told.
 */
function beginOf(row: Schedule & { readonly nextOn: string }, frequency: Frequency, today: string): string {
  const next = row.nextOn >= today ? row.nextOn : (occurrenceFrom(ruleOf(row), today) ?? today)
  const isClipped = isOfMonths(row.frequency) && dayOfMonth(next) !== dayOfMonth(row.startsOn)
  if (isClipped && isOfMonths(frequency)) {
    throw invalidInput(
      ['input', 'startsOn'],
      `Say from which day on, ${row.startsOn} if as before: the next one, ${next}, is not on its own day of the month.`,
    )
  }
  return next
}

/**
 * A schedule as it is after a change. How often it comes is counted from its first day, so what comes otherwise begins anew: on the day
 * that was told, today at the earliest, or on its next one; what was left of a number of occurrences is left.
 * @throws DomainError `INVALID_INPUT`.
 */
export function rescheduled(
  row: Schedule & { readonly nextOn: string },
  asked: AskedSchedule,
  today: string,
): Schedule {
  const { frequency = row.frequency, every = row.every, startsOn, endsOn = row.endsOn } = asked
  if (startsOn !== undefined && startsOn !== row.startsOn && startsOn < today) {
    throw invalidInput(['input', 'startsOn'], 'What is changed begins today at the earliest: what was booked stays.')
  }
  const isNew = frequency !== row.frequency || every !== row.every
  const begin = startsOn ?? (isNew ? beginOf(row, frequency, today) : row.startsOn)
  if (endsOn !== null && endsOn < begin) {
    throw invalidInput(['input', asked.endsOn === undefined ? 'startsOn' : 'endsOn'], 'It ends before it starts.')
  }
  const changed = { frequency, every, startsOn: begin, endsOn }
  if (asked.maxOccurrences !== undefined) return { ...changed, maxOccurrences: asked.maxOccurrences }
  if (row.maxOccurrences === null || (begin === row.startsOn && !isNew)) {
    return { ...changed, maxOccurrences: row.maxOccurrences }
  }
  // What fell into a pause has been, and so has what is skipped ahead.
  const left = row.maxOccurrences - countBefore(row, row.nextOn > today ? row.nextOn : today)
  if (left < 1) throw invalidInput(['input', 'maxOccurrences'], 'All of them have been: say how many there are now.')
  // Counted from the first day, and that may be long ago under the new rule as well.
  return {
    ...changed,
    maxOccurrences: left + countBefore({ ...changed, maxOccurrences: null }, firstOpenDay(row, today)),
  }
}

/** Today, unless the one of today is booked or skipped already. */
function firstOpenDay(row: Schedule & { readonly nextOn: string }, today: string): string {
  const isTodayDone = row.nextOn > today && occurrences(ruleOf(row), today, today).length > 0
  return isTodayDone ? addDays(today, 1) : today
}

const countBefore = (schedule: Schedule, day: string): number =>
  day <= schedule.startsOn ? 0 : occurrences(ruleOf(schedule), schedule.startsOn, addDays(day, -1)).length
