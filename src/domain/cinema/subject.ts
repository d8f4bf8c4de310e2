import { eq } from 'drizzle-orm'
import { encodeId, type Uuid } from '../../core/ids.ts'
import { seenMovies } from '../../db/queries/cinema/recommendations.ts'
import { movies, showtimes } from '../../db/tables/cinema/programme.ts'
import type { SubjectRules } from '../subject/rules.ts'
import { isStaff } from '../viewer.ts'

/** Where a movie is read, below the public address. */
export const moviePath = (id: Uuid): string => `/movies/${encodeId('movie', id)}`

/** Where a showtime is read, below the public address. */
export const showtimePath = (id: Uuid): string => `/showtimes/${encodeId('showtime', id)}`

/** Everybody talks about movies. Nobody owns one: staff moderates. */
export const movieSubject: SubjectRules = {
  kind: 'MOVIE',
  idPrefix: 'movie',
  isCommentable: true,
  reviews: { reviewableBy: seenMovies, refusal: 'Only who has seen it here, with a ticket, may review it.' },
  async find(db, viewer, id) {
    const [movie] = await db.orm.select({ title: movies.title }).from(movies).where(eq(movies.id, id))
    if (movie === undefined) return null
    return {
      kind: 'MOVIE',
      id,
      ownerId: null,
      title: movie.title,
      path: moviePath(id),
      acceptsComments: true,
      acceptsReactions: true,
      viewerMayAttach: isStaff(viewer),
      viewerMayModerate: false,
    }
  },
}

/** A showtime is a subject so that polls and rooms can hang on it; what there is to say is said about the movie. */
export const showtimeSubject: SubjectRules = {
  kind: 'SHOWTIME',
  idPrefix: 'showtime',
  isCommentable: false,
  async find(db, viewer, id) {
    const [showtime] = await db.orm
      .select({ title: movies.title })
      .from(showtimes)
      .innerJoin(movies, eq(movies.id, showtimes.movieId))
      .where(eq(showtimes.id, id))
    if (showtime === undefined) return null
    return {
      kind: 'SHOWTIME',
      id,
      ownerId: null,
      title: showtime.title,
      path: showtimePath(id),
      acceptsComments: false,
      acceptsReactions: false,
      viewerMayAttach: isStaff(viewer),
      viewerMayModerate: false,
    }
  },
}
