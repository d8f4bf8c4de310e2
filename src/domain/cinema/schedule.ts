import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { addDays, daysBetween, weekdayOf } from '../../core/calendar.ts'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { localDate } from '../../core/local-time.ts'
import type { Transaction } from '../../db/database.ts'
import { showtimeSchedules } from '../../db/tables/cinema/programme.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkAll, checkInput, leftOut } from '../input.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { day } from './movie.ts'
import { checkPrices, type PricesInput } from './prices.ts'
import { MAX_SCHEDULE_DAYS, SCHEDULE_HORIZON_DAYS } from './rules.ts'
import {
  cancelScheduled,
  checkTime,
  ensureWithinRun,
  insertShowtimes,
  lockProgramme,
  plan,
  scheduledDays,
} from './showtime.ts'

/** Wakes the making of showtimes for days that came within the horizon. */
export const fillSchedules = defineJob<Record<string, never>>('cinema.fillSchedules', { retryLimit: 5 })

const WEEK = [1, 2, 3, 4, 5, 6, 7]

const scheduleInput = z.object({
  firstDay: day('The first day'),
  lastDay: day('The last day'),
  weekdays: leftOut(
    z
      .array(z.int().min(1).max(7))
      .min(1, 'Choose at least one day of the week.')
      .transform((days) => [...new Set(days)].sort()),
  ),
})

export interface NewSchedule {
  movieId: Uuid
  screenId: Uuid
  /** On the venue's clock. */
  time: string
  firstDay: string
  lastDay: string
  /** 1 is Monday, 7 is Sunday; every day unless told. */
  weekdays?: number[] | undefined
  prices: PricesInput
  idempotencyKey?: string | undefined
}

export interface Filled {
  id: Uuid
  /** Days on which the screen was busy, or on which it was too late already. */
  daysLeftOut: string[]
}

/**
 * "Every day 20:30 from … to …". Its showtimes are made at once, as far as the horizon; a day on which the screen is busy is left out
 * and reported. Where clocks go forward over the time, the showing of that day begins as much later.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT`.
 */
export async function createSchedule(deps: Deps, viewer: Viewer, input: NewSchedule): Promise<Filled> {
  ensureStaff(viewer)
  const [prices, localTimeOfDay, days] = await checkAll(
    () => checkPrices(input.prices),
    () => checkTime(input.time),
    () => checkInput(scheduleInput, input),
  )
  const { firstDay, lastDay, weekdays = WEEK } = days
  if (lastDay < firstDay) throw invalidInput(['input', 'lastDay'], 'The last day cannot be before the first.')
  if (lastDay > addDays(firstDay, MAX_SCHEDULE_DAYS - 1)) {
    throw invalidInput(['input', 'lastDay'], `A schedule runs for at most ${MAX_SCHEDULE_DAYS} days.`)
  }
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'createSchedule', input, async () => {
      const programme = await lockProgramme(tx, input.movieId, input.screenId)
      ensureWithinRun(programme, firstDay, ['input', 'firstDay'])
      ensureWithinRun(programme, lastDay, ['input', 'lastDay'])
      if (lastDay < localDate(deps.clock.now().getTime(), programme.timeZone)) {
        throw invalidInput(['input', 'lastDay'], 'All of these days are past.')
      }
      const id = newId()
      const { movieId, screenId } = input
      const row = { id, movieId, screenId, localTime: localTimeOfDay, firstDay, lastDay, weekdays, ...prices }
      await tx.orm.insert(showtimeSchedules).values(row)
      return { id, daysLeftOut: await fill(deps, tx, id) }
    }),
  )
}

/**
 * Makes the showtimes of a schedule that are not made yet, up to the horizon. Doing it twice, or twice at once, makes each
 * day's once: the table knows which schedule and day a showtime is of, and cancelled ones stay cancelled.
 */
async function fill(deps: Deps, tx: Transaction, id: Uuid): Promise<string[]> {
  const [schedule] = await tx.orm.select().from(showtimeSchedules).where(eq(showtimeSchedules.id, id)).for('update')
  if (schedule === undefined) throw notFound('schedule', ['input', 'id'])
  const programme = await lockProgramme(tx, schedule.movieId, schedule.screenId)
  const now = deps.clock.now().getTime()
  const today = localDate(now, programme.timeZone)
  const horizon = addDays(today, SCHEDULE_HORIZON_DAYS)
  const run = [schedule.lastDay, horizon, programme.lastDay ?? horizon].sort()
  const made = await scheduledDays(tx, id)
  const days = daysBetween(schedule.firstDay < today ? today : schedule.firstDay, run[0] ?? horizon).filter(
    (each) => schedule.weekdays.includes(weekdayOf(each)) && !made.has(each),
  )
  const planned = days
    .map((each) => plan(programme, each, schedule.localTime.slice(0, 5)))
    .filter(({ startsAt }) => Date.parse(startsAt) > now)
  const written = await insertShowtimes(tx, programme, planned, schedule, { scheduleId: id, skipBusy: true })
  const done = new Set(written.map(({ day: each }) => each))
  return days.filter((each) => !done.has(each))
}

/** Makes the missing showtimes of all schedules that still run. @returns how many schedules it went through. */
export async function fillAllSchedules(deps: Deps): Promise<number> {
  const schedules = await deps.db.orm
    .select({ id: showtimeSchedules.id })
    .from(showtimeSchedules)
    .where(sql`${showtimeSchedules.lastDay} >= current_date - 1`)
  for (const { id } of schedules) await deps.db.transaction((tx) => fill(deps, tx, id))
  return schedules.length
}

/** Fills one again by hand, after what was in the way is gone. @throws DomainError `FORBIDDEN`, `NOT_FOUND`. */
export function refillSchedule(deps: Deps, viewer: Viewer, id: Uuid): Promise<Filled> {
  ensureStaff(viewer)
  return deps.db.transaction(async (tx) => ({ id, daysLeftOut: await fill(deps, tx, id) }))
}

/**
 * The schedule ends earlier; its showtimes after that day are cancelled. @throws DomainError `FORBIDDEN`, `NOT_FOUND`,
 * `INVALID_INPUT`.
 */
export function endSchedule(deps: Deps, viewer: Viewer, input: { id: Uuid; lastDay: string }): Promise<Uuid> {
  ensureStaff(viewer)
  const { lastDay } = checkInput(z.object({ lastDay: day('The last day') }), input)
  return deps.db.transaction(async (tx) => {
    const same = eq(showtimeSchedules.id, input.id)
    const [schedule] = await tx.orm.select().from(showtimeSchedules).where(same).for('update')
    if (schedule === undefined) throw notFound('schedule', ['input', 'id'])
    if (lastDay < schedule.firstDay || lastDay > schedule.lastDay) {
      throw new DomainError(
        'INVALID_INPUT',
        `A schedule ends earlier than planned: from ${schedule.firstDay} to ${schedule.lastDay}.`,
        ['input', 'lastDay'],
      )
    }
    await tx.orm.update(showtimeSchedules).set({ lastDay }).where(same)
    await cancelScheduled(deps, tx, input.id, lastDay)
    return input.id
  })
}
