import { type SQL, sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import type { RowOf } from '../../relation.ts'
import { movieEntity } from '../../relations/cinema.ts'
import { runStatement } from '../../statement.ts'
import { movieCast, movies, showtimes } from '../../tables/cinema/programme.ts'
import { findPage, type ListSource } from '../page.ts'
import { type ShowtimeTerms, showtimeTerms } from './showtimes.ts'

export type MovieRow = RowOf<typeof movies, 'search' | 'ratingSum' | 'ratingCount' | 'ratingRank'>

export interface MovieListFilter {
  /** Words of title, director and synopsis, as people type them into a search box. */
  text?: string | undefined
  /** All of them. */
  genres?: readonly string[] | undefined
  /** Whole name, in any case. */
  actor?: string | undefined
  /** Only movies that have a showtime ahead that meets these. */
  showing?: ShowtimeTerms | undefined
  /** Only what somebody has reviewed. */
  isRated?: boolean | undefined
}

export type MovieOrderName = 'NEWEST' | 'TITLE' | 'RATING' | 'RELEVANCE'

/** Titles are indexed word by word as they are, synopses as English: either may match. */
export const movieQuery = (text: string): SQL =>
  sql`(websearch_to_tsquery('simple', ${text}) || websearch_to_tsquery('english', ${text}))`

export function listedMovies(filter: MovieListFilter): ListSource<MovieRow> {
  const { text, genres, actor, showing, isRated } = filter
  const where: SQL[] = []
  if (isRated === true) where.push(sql`${movies.ratingRank} > 0`)
  if (text !== undefined) where.push(sql`${movies.search} @@ ${movieQuery(text)}`)
  if (genres !== undefined && genres.length > 0) where.push(sql`${movies.genres} @> ${pgArray(genres)}::text::text[]`)
  if (actor !== undefined) {
    where.push(
      sql`exists (select 1 from ${movieCast} where ${movieCast.movieId} = ${movies.id} and lower(${movieCast.name}) = lower(${actor}))`,
    )
  }
  if (showing !== undefined) {
    const terms = [sql`${showtimes.movieId} = ${movies.id}`, ...showtimeTerms(showing)]
    where.push(sql`exists (select 1 from ${showtimes} where ${sql.join(terms, sql` and `)})`)
  }
  return { of: movieEntity, where }
}

const NEWEST: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: movies.releaseDay, type: 'date' },
    { value: movies.id, type: 'uuid' },
  ],
}
const TITLE: KeysetOrder = {
  name: 'TITLE',
  direction: 'asc',
  keys: [
    { value: movies.title, type: 'text' },
    { value: movies.id, type: 'uuid' },
  ],
}
const BEST_RATED: KeysetOrder = {
  name: 'RATING',
  direction: 'desc',
  keys: [
    { value: movies.ratingRank, type: 'integer' },
    { value: movies.id, type: 'uuid' },
  ],
}
const byRank = (text: string): KeysetOrder => ({
  name: 'RELEVANCE',
  direction: 'desc',
  keys: [
    { value: sql`ts_rank(${movies.search}, ${movieQuery(text)}, 1)`, type: 'real' },
    { value: movies.id, type: 'uuid' },
  ],
})

function keysetOf(order: MovieOrderName, text: string | undefined): KeysetOrder {
  if (order === 'TITLE') return TITLE
  if (order === 'RATING') return BEST_RATED
  return order === 'RELEVANCE' && text !== undefined ? byRank(text) : NEWEST
}

export function findMovies(db: Executor, filter: MovieListFilter, order: MovieOrderName, page: PageRequest) {
  return findPage(db, listedMovies(filter), keysetOf(order, filter.text), page)
}

export async function findPosterFacts(
  db: Executor,
  id: string,
): Promise<{ id: string; title: string; director: string } | null> {
  const [row] = await runStatement<{ id: string; title: string; director: string }>(
    db,
    sql`select ${movies.id} as "id", ${movies.title} as "title", ${movies.director} as "director" from ${movies} where ${movies.id} = ${id}::text::uuid`,
  )
  return row ?? null
}
