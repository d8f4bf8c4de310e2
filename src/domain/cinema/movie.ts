import { and, eq, gt, lt, ne, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { isDay } from '../../core/calendar.ts'
import { type DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { movieCast, movies, showtimeSchedules, showtimes } from '../../db/tables/cinema/programme.ts'
import { subjects } from '../../db/tables/subject.ts'
import { isDanglingReference } from '../../db/violations.ts'
import { deleteSubjects } from '../comment/deletion.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut, line, prose } from '../input.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { type AgeRating, GENRES, type Genre, MAX_CAST, MAX_GENRES } from './rules.ts'

export const day = (what: string) => z.string().refine(isDay, `${what} must be a date such as 2026-11-20.`)

const castMember = z.object({ name: line('A name', 1, 120), character: leftOut(line('A character', 0, 120)) })

const content = {
  title: line('A title', 1, 200),
  synopsis: leftOut(prose('A synopsis', 0, 5000)),
  director: leftOut(line('A director', 0, 120)),
  genres: z
    .array(z.enum(GENRES))
    .min(1, 'A movie has at least one genre.')
    .max(MAX_GENRES, `A movie has at most ${MAX_GENRES} genres.`)
    .transform((genres) => [...new Set(genres)]),
  ageRating: leftOut(z.enum(['ALL', 'AGE_6', 'AGE_12', 'AGE_16', 'AGE_18'])),
  runningTimeMinutes: z
    .int()
    .min(1, 'A movie runs for 1 to 900 minutes.')
    .max(900, 'A movie runs for 1 to 900 minutes.'),
  releaseDay: day('The release day'),
  lastDay: day('The last day').nullish(),
  cast: leftOut(z.array(castMember).max(MAX_CAST, `The cast may have at most ${MAX_CAST} people.`)),
}
const newMovieInput = z.object(content)
const movieChangeInput = z.object({
  ...content,
  title: leftOut(content.title),
  genres: leftOut(content.genres),
  runningTimeMinutes: leftOut(content.runningTimeMinutes),
  releaseDay: leftOut(content.releaseDay),
})

export interface CastMember {
  name: string
  character?: string | undefined
}

export interface NewMovie {
  title: string
  synopsis?: string | undefined
  director?: string | undefined
  genres: Genre[]
  ageRating?: AgeRating | undefined
  runningTimeMinutes: number
  /** The first and the last day on which it may be shown, in the venue's calendar; without a last day for ever. */
  releaseDay: string
  lastDay?: string | null | undefined
  cast?: CastMember[] | undefined
  idempotencyKey?: string | undefined
}

const ensureRun = (releaseDay: string, lastDay: string | null): void => {
  if (lastDay !== null && lastDay < releaseDay) {
    throw invalidInput(['input', 'lastDay'], 'The last day cannot be before the release day.')
  }
}

/** @throws DomainError `FORBIDDEN`, `INVALID_INPUT`, `CONFLICT`. */
export function createMovie(deps: Deps, viewer: Viewer, input: NewMovie): Promise<Uuid> {
  ensureStaff(viewer)
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'createMovie', input, async () => {
      const { cast, ...movie } = checkInput(newMovieInput, input)
      ensureRun(movie.releaseDay, movie.lastDay ?? null)
      const id = newId()
      await tx.orm.insert(subjects).values({ id, kind: 'MOVIE' })
      await tx.orm.insert(movies).values({ id, ...movie })
      await setCast(tx, id, cast)
      return id
    }),
  )
}

async function setCast(tx: Transaction, movieId: Uuid, cast: readonly CastMember[] | undefined): Promise<void> {
  if (cast === undefined) return
  await tx.orm.delete(movieCast).where(eq(movieCast.movieId, movieId))
  if (cast.length === 0) return
  await tx.orm
    .insert(movieCast)
    .values(cast.map(({ name, character = '' }, position) => ({ movieId, position, name, character })))
}

export interface MovieChange extends Partial<Omit<NewMovie, 'idempotencyKey'>> {
  id: Uuid
}

/**
 * Fields that are not given stay as they are; showtimes that are planned keep their length. @throws DomainError `FORBIDDEN`, `NOT_FOUND`,
 * `INVALID_INPUT`, also for a run that leaves planned showtimes out.
 */
export function updateMovie(deps: Deps, viewer: Viewer, { id, ...given }: MovieChange): Promise<Uuid> {
  ensureStaff(viewer)
  return deps.db.transaction(async (tx) => {
    const { cast, ...change } = checkInput(movieChangeInput, given)
    // Whoever plans a showtime reads the run under a share lock: the two cannot miss each other.
    const [movie] = await tx.orm.select().from(movies).where(eq(movies.id, id)).for('update')
    if (movie === undefined) throw notFound('movie', ['input', 'id'])
    const releaseDay = change.releaseDay ?? movie.releaseDay
    const lastDay = change.lastDay === undefined ? movie.lastDay : change.lastDay
    ensureRun(releaseDay, lastDay)
    await ensureShowtimesWithin(tx, id, releaseDay, lastDay)
    await tx.orm
      .update(movies)
      .set({ ...change, updatedAt: sql`now()` })
      .where(eq(movies.id, id))
    await setCast(tx, id, cast)
    return id
  })
}

async function ensureShowtimesWithin(tx: Transaction, movieId: Uuid, releaseDay: string, lastDay: string | null) {
  const outside = or(lt(showtimes.localDay, releaseDay), lastDay === null ? undefined : gt(showtimes.localDay, lastDay))
  const [left] = await tx.orm
    .select({ localDay: showtimes.localDay })
    .from(showtimes)
    .where(
      and(
        eq(showtimes.movieId, movieId),
        ne(showtimes.status, 'CANCELLED'),
        gt(showtimes.startsAt, sql`now()`),
        outside,
      ),
    )
    .limit(1)
  if (left === undefined) return
  const field = left.localDay < releaseDay ? 'releaseDay' : 'lastDay'
  throw invalidInput(['input', field], `A showtime is planned on ${left.localDay}. Cancel it first.`)
}

/** A movie that was never planned. @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT` when it has showtimes. */
export async function deleteMovie(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  ensureStaff(viewer)
  const isPlanned = (): DomainError =>
    invalidInput(['input', 'id'], 'This movie has showtimes or schedules and stays in the books. Give it a last day.')
  try {
    return await deps.db.transaction(async (tx) => {
      const found = await tx.orm.select({ id: movies.id }).from(movies).where(eq(movies.id, id)).for('update')
      if (found.length === 0) throw notFound('movie', ['input', 'id'])
      for (const planned of [showtimes, showtimeSchedules]) {
        const rows = await tx.orm.select({ id: planned.id }).from(planned).where(eq(planned.movieId, id)).limit(1)
        if (rows.length > 0) throw isPlanned()
      }
      await deleteSubjects(tx, tx.orm.select({ id: movies.id }).from(movies).where(eq(movies.id, id)))
      return id
    })
  } catch (error) {
    if (isDanglingReference(error)) throw isPlanned()
    throw error
  }
}
