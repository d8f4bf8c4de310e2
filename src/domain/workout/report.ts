import { addDays, daysFrom, weekOf } from '../../core/calendar.ts'
import { invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { instantOf, localDate } from '../../core/local-time.ts'
import {
  countStatuses,
  countStretches,
  findFirstDone,
  findProgress,
  type StatusRow,
  sumStretches,
} from '../../db/queries/workout/report.ts'
import type { DaySpan } from '../../db/queries/workout/workouts.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { percentFinished, type Streak, streakOf } from './rules.ts'
import { findSettings } from './settings.ts'
import { homeZone } from './workout.ts'

/** Three years: more weeks than a screen has points. */
const MAX_PERIOD_DAYS = 1096
const MAX_STREAK_WEEKS = 522

/** There is no workout outside these. Their weeks and midnights, in every zone, have years of four digits. */
const FIRST_DAY = '1900-01-01'
const LAST_DAY = '2999-12-31'

const within = (day: string): string => (day < FIRST_DAY ? FIRST_DAY : day > LAST_DAY ? LAST_DAY : day)

const startOf = (day: string, zone: string): string => instantOf(`${day}T00:00`, zone).instant

/** The days from one to another, both included, as clocks in a zone have them. */
export const daySpan = (firstDay: string, lastDay: string, zone: string): DaySpan => ({
  firstDay,
  lastDay,
  from: startOf(firstDay, zone),
  before: startOf(addDays(lastDay, 1), zone),
})

export interface PeriodInput {
  from: string
  to: string
  /** That of the member's profile unless told. */
  timeZone?: string | null | undefined
  /** False for lists, which are read page by page. */
  isBounded?: boolean
}

export interface Period {
  readonly timeZone: string
  readonly days: DaySpan
}

/** @throws DomainError `INVALID_INPUT` for an end before the start, for days that no workout is at, and for more than three years. */
export async function findPeriod(deps: Pick<Deps, 'db'>, viewer: Viewer, input: PeriodInput): Promise<Period> {
  const { from, to, isBounded = true } = input
  if (to < from) throw invalidInput(['to'], 'A period cannot end before it starts.')
  if (isBounded && daysFrom(from, to) >= MAX_PERIOD_DAYS)
    throw invalidInput(['to'], 'A period has at most three years.')
  if (isBounded && (from < FIRST_DAY || to > LAST_DAY)) {
    throw invalidInput([from < FIRST_DAY ? 'from' : 'to'], `Days are from ${FIRST_DAY} to ${LAST_DAY}.`)
  }
  const timeZone = input.timeZone ?? (await homeZone(deps.db, viewer.accountId))
  return { timeZone, days: daySpan(within(from), within(to), timeZone) }
}

export type Report = Period & StatusRow & { readonly from: string; readonly to: string; percentFinished: number | null }

/** How many workouts of a period are in which state. @throws DomainError `INVALID_INPUT`. */
export async function reportWorkouts(deps: Deps, viewer: Viewer, input: PeriodInput): Promise<Report> {
  const period = await findPeriod(deps, viewer, input)
  const counts = await countStatuses(deps.db, viewer.accountId, period.days)
  return { ...period, ...counts, from: input.from, to: input.to, percentFinished: percentFinished(counts) }
}

export interface Week {
  readonly firstDay: string
  readonly lastDay: string
  readonly done: number
  readonly setCount: number
  readonly volumeGrams: number
  readonly durationSeconds: number
}

/** @throws DomainError `INVALID_INPUT` for what is no day of a week: 1 is Monday, 7 is Sunday. */
function ensureWeekday(weekStartsOn: number): void {
  if (Number.isInteger(weekStartsOn) && weekStartsOn >= 1 && weekStartsOn <= 7) return
  throw invalidInput(['weekStartsOn'], 'Weeks begin on a day from 1, Monday, to 7, Sunday.')
}

/**
 * Every week of a period. Where weeks begin is worked out here: Postgres may know other rules of a zone than this program.
 * @throws DomainError `INVALID_INPUT`.
 */
export async function reportWeeks(
  deps: Pick<Deps, 'db'>,
  ownerId: Uuid,
  { days, timeZone }: Period,
  weekStartsOn: number,
): Promise<Week[]> {
  ensureWeekday(weekStartsOn)
  const { firstDay, lastDay } = days
  const weeks: { firstDay: string; lastDay: string }[] = []
  for (let day = firstDay; day <= lastDay; day = addDays(weeks.at(-1)?.lastDay ?? lastDay, 1)) {
    const end = weekOf(day, weekStartsOn).lastDay
    weeks.push({ firstDay: day, lastDay: end < lastDay ? end : lastDay })
  }
  const boundaries = [...weeks.map((week) => startOf(week.firstDay, timeZone)), days.before]
  const found = new Map((await sumStretches(deps.db, ownerId, boundaries)).map((row) => [row.stretch, row]))
  return weeks.map((week, at) => {
    const { done = 0, setCount = 0, volumeGrams = 0, durationSeconds = 0 } = found.get(at + 1) ?? {}
    return { ...week, done, setCount, volumeGrams, durationSeconds: Math.round(durationSeconds) }
  })
}

export interface StreakReport extends Streak {
  readonly weeklyGoal: number
  readonly doneThisWeek: number
}

/** Weeks are those of a zone, and begin on the day that is told: 1 is Monday. @throws DomainError `INVALID_INPUT`. */
export async function reportStreak(
  deps: Pick<Deps, 'db' | 'clock'>,
  viewer: Viewer,
  weekStartsOn: number,
  zone?: string | null,
): Promise<StreakReport> {
  ensureWeekday(weekStartsOn)
  const { db, clock } = deps
  const timeZone = zone ?? (await homeZone(db, viewer.accountId))
  const { weeklyGoal } = await findSettings(db, viewer.accountId)
  const first = await findFirstDone(db, viewer.accountId)
  if (first === null) return { currentWeeks: 0, longestWeeks: 0, weeklyGoal, doneThisWeek: 0 }
  const thisWeek = weekOf(localDate(clock.now().getTime(), timeZone), weekStartsOn).firstDay
  const earliest = addDays(thisWeek, -7 * (MAX_STREAK_WEEKS - 1))
  const firstWeek = weekOf(localDate(first, timeZone), weekStartsOn).firstDay
  const weeks: string[] = []
  for (let day = firstWeek < earliest ? earliest : firstWeek; day <= thisWeek; day = addDays(day, 7)) {
    weeks.push(day)
  }
  if (weeks.length === 0) weeks.push(thisWeek)
  const boundaries = [...weeks, addDays(thisWeek, 7)].map((day) => startOf(day, timeZone))
  const counts = weeks.map(() => 0)
  for (const { stretch, done } of await countStretches(db, viewer.accountId, boundaries)) counts[stretch - 1] = done
  return { ...streakOf(counts, weeklyGoal), weeklyGoal, doneThisWeek: counts.at(-1) ?? 0 }
}

/** How an exercise went, from workout to workout. @throws DomainError `INVALID_INPUT`. */
export async function reportProgress(deps: Deps, viewer: Viewer, input: PeriodInput & { exerciseId: Uuid }) {
  const { timeZone, days } = await findPeriod(deps, viewer, input)
  const rows = await findProgress(deps.db, viewer.accountId, input.exerciseId, days)
  return rows.map((row) => ({ ...row, day: localDate(row.startedAt, timeZone) }))
}

/** The day that it is for a member, as a span of days. */
export async function today(deps: Pick<Deps, 'db' | 'clock'>, viewer: Viewer, zone?: string | null): Promise<DaySpan> {
  const timeZone = zone ?? (await homeZone(deps.db, viewer.accountId))
  const day = localDate(deps.clock.now().getTime(), timeZone)
  return daySpan(day, day, timeZone)
}
