import { z } from 'zod'
import { addDays, isDay } from '../../core/calendar.ts'
import { invalidInput } from '../../core/errors.ts'
import { instantOf, isTimeZone, localDate } from '../../core/local-time.ts'
import type { Deps } from '../deps.ts'

const TIME = /^([01]\d|2[0-3]):[0-5]\d(:00(\.0+)?)?$/
/** What is planned further ahead is a slip of the finger. */
const MAX_DAYS_AHEAD = 800
const EARLIEST_DAY = '1970-01-01'
/** A walk over the mountains takes days; what takes longer was forgotten. */
const MAX_WORKOUT_DAYS = 7
/** Clocks of phones are wrong by some minutes. */
const CLOCK_TOLERANCE_MS = 5 * 60_000

export const day = (what: string) => z.string().refine(isDay, `${what} must be a date such as 2026-11-20.`)
export const timeZone = z.string().refine(isTimeZone, 'A time zone has an IANA name such as Europe/Paris.')
/** `18:30`, also as scalars write it. */
export const timeOfDay = z
  .string()
  .refine((text) => TIME.test(text), 'A time is written as 18:30.')
  .transform((text) => text.slice(0, 5))

/** When somebody wants to train, as they say it. */
export interface Moment {
  readonly localDay: string
  /** Null: some time that day. */
  readonly localTime: string | null
  readonly timeZone: string
}

/** With the instants that follow from it. A time that clocks skip begins as much later; of one that comes twice the first is meant. */
export function momentOf({ localDay, localTime, timeZone: zone }: Moment) {
  const { instant } = instantOf(`${localDay}T${localTime ?? '00:00'}`, zone)
  // Where clocks skip over midnight and the time said, the day that follows may begin before that.
  const ends = instantOf(`${addDays(localDay, 1)}T00:00`, zone).instant
  const dayEndsAt = ends > instant ? ends : new Date(Date.parse(instant) + 60_000).toISOString()
  return { localDay, localTime, timeZone: zone, startsAt: instant, dayEndsAt }
}

/** @throws DomainError `INVALID_INPUT` for a day too far from now. */
export function ensureNear(
  deps: Pick<Deps, 'clock'>,
  { localDay, timeZone: zone }: Moment,
  path: readonly string[] = ['input', 'day'],
): void {
  const today = localDate(deps.clock.now().getTime(), zone)
  if (localDay > addDays(today, MAX_DAYS_AHEAD) || localDay < EARLIEST_DAY) {
    throw invalidInput(path, `A workout lies between ${EARLIEST_DAY} and ${MAX_DAYS_AHEAD} days from today.`)
  }
}

/**
 * Reports look at no day before the earliest, and a year of one digit has no date in zones that were behind.
 * @throws DomainError `INVALID_INPUT` for an instant that is not over, or before the earliest day.
 */
export function ensurePast(deps: Pick<Deps, 'clock'>, instant: string, path: readonly string[]): void {
  if (Date.parse(instant) > deps.clock.now().getTime() + CLOCK_TOLERANCE_MS) {
    throw invalidInput(path, 'This time has not come yet.')
  }
  if (Date.parse(instant) < Date.parse(EARLIEST_DAY)) {
    throw invalidInput(path, `A workout lies after ${EARLIEST_DAY}.`)
  }
}

/** The last instant at which a workout may be over that was begun at another. */
export const latestEnd = (startedAt: string): string =>
  new Date(Date.parse(startedAt) + MAX_WORKOUT_DAYS * 86_400_000).toISOString()

/** @throws DomainError `INVALID_INPUT` for an end before the start, or too long after it. */
export function ensureSpan(startedAt: string, endedAt: string, path: readonly string[]): void {
  if (Date.parse(endedAt) < Date.parse(startedAt)) throw invalidInput(path, 'A workout cannot end before it starts.')
  if (Date.parse(endedAt) > Date.parse(latestEnd(startedAt))) {
    throw invalidInput(path, `A workout lasts ${MAX_WORKOUT_DAYS} days at most.`)
  }
}
