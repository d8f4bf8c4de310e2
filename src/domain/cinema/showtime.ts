import { and, eq, sql } from 'drizzle-orm'
import { isDay } from '../../core/calendar.ts'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { instantOf } from '../../core/local-time.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { movies, screens, showtimes, theatres } from '../../db/tables/cinema/programme.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkAll } from '../input.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { seatMapChanged } from './claim.ts'
import { checkPrices, type PriceColumns, type PricesInput } from './prices.ts'
import { type ShowtimeStatus, showtimeLifecycle } from './rules.ts'

/** What is planned further ahead is a slip of the finger. */
const MAX_DAYS_AHEAD = 400
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:00(\.0+)?)?$/

/** What a showtime follows from: the movie's length and run, the screen's cleaning, the venue's clock. */
export interface Programme {
  movieId: Uuid
  screenId: Uuid
  theatreId: Uuid
  timeZone: string
  runningTimeMinutes: number
  cleaningMinutes: number
  releaseDay: string
  lastDay: string | null
}

/** Under a share lock, so that the run of the movie does not change meanwhile. @throws DomainError `NOT_FOUND`. */
export async function lockProgramme(tx: Transaction, movieId: Uuid, screenId: Uuid): Promise<Programme> {
  const [movie] = await tx.orm
    .select({ runningTimeMinutes: movies.runningTimeMinutes, releaseDay: movies.releaseDay, lastDay: movies.lastDay })
    .from(movies)
    .where(eq(movies.id, movieId))
    .for('share')
  const [screen] = await tx.orm
    .select({
      theatreId: screens.theatreId,
      cleaningMinutes: screens.cleaningMinutes,
      timeZone: theatres.timeZone,
    })
    .from(screens)
    .innerJoin(theatres, eq(theatres.id, screens.theatreId))
    .where(eq(screens.id, screenId))
  const [foundMovie, foundScreen] = await checkAll<[typeof movie, typeof screen]>(
    () => movie ?? refuse(notFound('movie', ['input', 'movieId'])),
    () => screen ?? refuse(notFound('screen', ['input', 'screenId'])),
  )
  if (foundMovie === undefined || foundScreen === undefined) throw notFound('showtime')
  return { movieId, screenId, ...foundMovie, ...foundScreen }
}

function refuse(error: DomainError): never {
  throw error
}

/** `20:30` of a time as people or scalars write it. @throws DomainError `INVALID_INPUT`. */
export function checkTime(time: string): string {
  if (!TIME.test(time)) throw invalidInput(['input', 'time'], 'A time is written as 20:30.')
  return time.slice(0, 5)
}

export interface Planned {
  day: string
  time: string
  startsAt: string
  endsAt: string
  clearedAt: string
}

const later = (instant: string, minutes: number): string =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString()

/** When a showing on this day begins and ends, and whether the clock shows that time at all. */
export function plan(programme: Programme, day: string, time: string): Planned & { isSkipped: boolean } {
  const { instant, kind } = instantOf(`${day}T${time}`, programme.timeZone)
  const endsAt = later(instant, programme.runningTimeMinutes)
  return {
    day,
    time,
    startsAt: instant,
    endsAt,
    clearedAt: later(endsAt, programme.cleaningMinutes),
    isSkipped: kind === 'SKIPPED',
  }
}

/**
 * Writes showtimes and the subjects that they are. Those that the screen has no time for, and days of a schedule that are written
 * already, are left out where `skipBusy` says so. @returns the days that were written.
 */
export async function insertShowtimes(
  tx: Transaction,
  programme: Programme,
  planned: readonly Planned[],
  prices: PriceColumns,
  options: { scheduleId: Uuid | null; skipBusy: boolean },
): Promise<{ id: Uuid; day: string }[]> {
  if (planned.length === 0) return []
  const rows = planned.map(({ day, time, ...times }) => ({ id: newId(), day, local: `${day}T${time}`, ...times }))
  return tx.query<{ id: Uuid; day: string }>(
    `with made as (
       insert into showtimes (id, movie_id, screen_id, theatre_id, schedule_id, starts_at, ends_at, cleared_at, local_starts_at, local_day,
         currency, standard_minor, premium_minor, accessible_minor, couple_minor)
       select id, $2::text::uuid, $3::text::uuid, $4::text::uuid, $5::text::uuid, "startsAt", "endsAt", "clearedAt", local, day,
         $6::text, $7::text::int, $8::text::int, $9::text::int, $10::text::int
       from json_to_recordset($1::text::json) as row(id uuid, "startsAt" timestamptz, "endsAt" timestamptz, "clearedAt" timestamptz, local timestamp, day date)
       order by "startsAt" ${options.skipBusy ? 'on conflict do nothing' : ''}
       returning id, local_day
     ), subject as (
       insert into subjects (id, kind) select id, 'SHOWTIME' from made
     )
     select id, local_day::text as day from made order by local_day`,
    [
      JSON.stringify(rows),
      programme.movieId,
      programme.screenId,
      programme.theatreId,
      options.scheduleId,
      prices.currency,
      String(prices.standardMinor),
      String(prices.premiumMinor),
      String(prices.accessibleMinor),
      String(prices.coupleMinor),
    ],
  )
}

export function ensureWithinRun(programme: Programme, day: string, path: readonly string[]): void {
  if (day < programme.releaseDay) throw invalidInput(path, `The movie is released on ${programme.releaseDay}.`)
  if (programme.lastDay !== null && day > programme.lastDay) {
    throw invalidInput(path, `The movie is shown until ${programme.lastDay}.`)
  }
}

export interface NewShowtime {
  movieId: Uuid
  screenId: Uuid
  /** A date and a time on the venue's clock. */
  day: string
  time: string
  prices: PricesInput
  idempotencyKey?: string | undefined
}

/**
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT` (past, outside of the run, a time that the clock leaves out), `SCREEN_BUSY`
 * with the showtime that is in the way.
 */
export async function createShowtime(deps: Deps, viewer: Viewer, input: NewShowtime): Promise<Uuid> {
  ensureStaff(viewer)
  const [prices, time, day] = await checkAll(
    () => checkPrices(input.prices),
    () => checkTime(input.time),
    () => (isDay(input.day) ? input.day : refuse(invalidInput(['input', 'day'], 'A day is written as 2026-11-20.'))),
  )
  let wanted: Planned | null = null
  try {
    return await deps.db.transaction((tx) =>
      once(tx, viewer.accountId, 'createShowtime', input, async () => {
        const programme = await lockProgramme(tx, input.movieId, input.screenId)
        ensureWithinRun(programme, day, ['input', 'day'])
        const { isSkipped, ...planned } = plan(programme, day, time)
        wanted = planned
        if (isSkipped) {
          throw invalidInput(
            ['input', 'time'],
            `Clocks go forward that day: there is no ${time} in ${programme.timeZone}.`,
          )
        }
        ensureAhead(deps, planned.startsAt)
        const options = { scheduleId: null, skipBusy: false }
        const [made] = await insertShowtimes(tx, programme, [planned], prices, options)
        if (made === undefined) throw new Error('the showtime was not written')
        return made.id
      }),
    )
  } catch (error) {
    if (violatedConstraint(error) !== 'showtimes_screen_busy' || wanted === null) throw error
    throw await screenBusy(deps.db, input.screenId, wanted)
  }
}

function ensureAhead(deps: Deps, startsAt: string): void {
  const aheadMs = Date.parse(startsAt) - deps.clock.now().getTime()
  if (aheadMs <= 0) throw invalidInput(['input', 'day'], 'This time is past.')
  if (aheadMs > MAX_DAYS_AHEAD * 86_400_000) {
    throw invalidInput(['input', 'day'], `Showtimes are planned at most ${MAX_DAYS_AHEAD} days ahead.`)
  }
}

async function screenBusy(db: Executor, screenId: Uuid, { startsAt, clearedAt }: Planned): Promise<DomainError> {
  const [busy] = await db.query<{ id: Uuid; local: string }>(
    `select id, to_char(local_starts_at, 'YYYY-MM-DD HH24:MI') as local from showtimes
     where screen_id = $1::text::uuid and status <> 'CANCELLED'
       and tstzrange(starts_at, cleared_at) && tstzrange($2::text::timestamptz, $3::text::timestamptz)
     order by starts_at limit 1`,
    [screenId, startsAt, clearedAt],
  )
  const since = busy === undefined ? '' : ` with the showing of ${busy.local} and the cleaning after it`
  return new DomainError('SCREEN_BUSY', `The screen is busy${since}.`, ['input', 'time'], {
    showtimeId: busy?.id ?? null,
  })
}

/** Pays back what was bought, see `domain/cinema/showtime-end`. */
export const refundShowtime = defineJob<{ showtimeId: Uuid }>('cinema.refundShowtime', {
  retryLimit: 20,
  retryDelaySeconds: 5,
})

/**
 * A pause and its end, or the cancellation: nothing is sold from then on, what is held is free, and a job pays back what
 * was sold. @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `ILLEGAL_TRANSITION`, `INVALID_INPUT` when it is over.
 */
export function changeShowtimeStatus(
  deps: Deps,
  viewer: Viewer,
  { id, status }: { id: Uuid; status: ShowtimeStatus },
): Promise<Uuid> {
  ensureStaff(viewer)
  return deps.db.transaction(async (tx) => {
    const [showtime] = await tx.orm
      .select({ status: showtimes.status, isOver: sql<boolean>`${showtimes.endsAt} <= clock_timestamp()` })
      .from(showtimes)
      .where(eq(showtimes.id, id))
      .for('update')
    if (showtime === undefined) throw notFound('showtime', ['input', 'id'])
    showtimeLifecycle.ensure(showtime.status, status)
    if (showtime.isOver) throw invalidInput(['input', 'id'], 'This showing is over.')
    await tx.orm.update(showtimes).set({ status }).where(eq(showtimes.id, id))
    if (status === 'CANCELLED') await end(deps, tx, id)
    tx.afterCommit(() => deps.bus.publish(seatMapChanged(id), {}))
    return id
  })
}

/** What was held is free, and what was bought is paid back once this is committed. */
async function end(deps: Deps, tx: Transaction, showtimeId: Uuid): Promise<void> {
  await freeHolds(tx, showtimeId)
  await deps.jobs.enqueue(tx, refundShowtime, { showtimeId })
}

/** What was held but not paid is nobody's any more. In the order in which seats are taken. */
const freeHolds = (tx: Transaction, showtimeId: Uuid) =>
  tx.query(
    `delete from seat_claims where showtime_id = $1::text::uuid and seat_id in (
       select seat_id from seat_claims where showtime_id = $1::text::uuid and expires_at is not null order by seat_id for update)`,
    [showtimeId],
  )

/** Those of a schedule that have not begun, after a day. */
export async function cancelScheduled(deps: Deps, tx: Transaction, scheduleId: Uuid, afterDay: string): Promise<void> {
  const cancelled = await tx.query<{ id: Uuid }>(
    `update showtimes set status = 'CANCELLED'
     where schedule_id = $1::text::uuid and local_day > $2::text::date and starts_at > now() and status <> 'CANCELLED' returning id`,
    [scheduleId, afterDay],
  )
  for (const { id } of cancelled) {
    await end(deps, tx, id)
    tx.afterCommit(() => deps.bus.publish(seatMapChanged(id), {}))
  }
}

/** The days of a schedule that have a showtime, cancelled or not. */
export const scheduledDays = async (tx: Transaction, scheduleId: Uuid): Promise<Set<string>> => {
  const rows = await tx.orm
    .select({ day: showtimes.localDay })
    .from(showtimes)
    .where(and(eq(showtimes.scheduleId, scheduleId)))
  return new Set(rows.map(({ day }) => day))
}
