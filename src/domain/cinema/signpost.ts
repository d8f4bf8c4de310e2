import { eq } from 'drizzle-orm'
import { encodeId, type Uuid } from '../../core/ids.ts'
import { type AnnouncedShowtime, findAnnouncedShowtime, findNextShowtimes } from '../../db/queries/cinema/signpost.ts'
import { movies } from '../../db/tables/cinema/programme.ts'
import type { Deps } from '../deps.ts'
import type { Signpost } from '../signpost.ts'
import { moviePath, showtimePath } from './subject.ts'

type Needs = Pick<Deps, 'db'>

const SHOWN_SHOWTIMES = 20

function adviceOf({ status, isOver }: AnnouncedShowtime): string {
  if (status === 'CANCELLED') {
    return 'This showing is cancelled. What was paid for its tickets goes back by itself: you need to do nothing.'
  }
  if (isOver) return 'This showing has begun or is over: no more seats are sold.'
  if (status === 'PAUSED') return 'No seats are sold at the moment. Tickets that were bought stay valid.'
  return 'Seats that are held for you, after waiting or by yourself, are bought in three steps in the playground or your app: put the hold into the cart (addHoldToCart), order (checkout), pay. Held seats are free for others when their time is over.'
}

/** What is said of a showtime; null for none. */
export async function findShowtimeSignpost({ db }: Needs, id: Uuid): Promise<Signpost | null> {
  const showtime = await findAnnouncedShowtime(db, id)
  if (showtime === null) return null
  const { movie, movieId, theatre, address, city, screen, localStartsAt, timeZone } = showtime
  const shown = encodeId('showtime', id)
  return {
    title: movie,
    subtitle: `${theatre}, ${address}, ${city}`,
    facts: [
      ['When', `${localStartsAt} (${timeZone})`],
      ['Screen', screen],
    ],
    advice: adviceOf(showtime),
    more: [{ label: 'All showings of this movie', path: moviePath(movieId) }],
    operation: `{ viewer { waitlistEntries { nodes { status hold { id expiresAt seats { row number } } } } } node(id: "${shown}") { ... on Showtime { status waitingCount seatMap { freeCount } } } }`,
  }
}

/** What is said of a movie, with its next showtimes; null for none. */
export async function findMovieSignpost({ db }: Needs, id: Uuid): Promise<Signpost | null> {
  const [movie] = await db.orm
    .select({ title: movies.title, synopsis: movies.synopsis, runningTimeMinutes: movies.runningTimeMinutes })
    .from(movies)
    .where(eq(movies.id, id))
  if (movie === undefined) return null
  const next = await findNextShowtimes(db, id, SHOWN_SHOWTIMES)
  return {
    title: movie.title,
    subtitle: movie.synopsis,
    facts: [['Running time', `${movie.runningTimeMinutes} minutes`]],
    advice: next.length === 0 ? 'It is not on the programme at the moment.' : 'It is shown next:',
    more: next.map(({ id: showtime, theatre, localStartsAt }) => ({
      label: `${localStartsAt}, ${theatre}`,
      path: showtimePath(showtime),
    })),
    operation: `{ node(id: "${encodeId('movie', id)}") { ... on Movie { title averageRating showtimes { nodes { id startsAt theatre { name } } } } } }`,
  }
}
