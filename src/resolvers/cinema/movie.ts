import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, encodeId, type Uuid } from '../../core/ids.ts'
import {
  findMovies,
  listedMovies,
  type MovieListFilter,
  type MovieOrderName,
  type MovieRow,
} from '../../db/queries/cinema/movies.ts'
import { findRecommended, likedTogether, MAX_RECOMMENDED } from '../../db/queries/cinema/recommendations.ts'
import { countRows } from '../../db/queries/page.ts'
import { movieById, movieCastList, movieShowtimeCount, movieShowtimes } from '../../db/relations/cinema.ts'
import { createMovie, deleteMovie, updateMovie } from '../../domain/cinema/movie.ts'
import { posterPath } from '../../domain/cinema/poster.ts'
import { MAX_CAST } from '../../domain/cinema/rules.ts'
import { everyone, isStaff, Rule } from '../../permissions/rules.ts'
import { Viewer } from '../../schema/account.ts'
import {
  CastMember,
  CreateMovieInput,
  CreateMoviePayload,
  DeleteMovieInput,
  DeleteMoviePayload,
  Movie,
  MovieConnection,
  MovieFilter,
  MovieOrder,
  UpdateMovieInput,
  UpdateMoviePayload,
} from '../../schema/cinema/movie.ts'
import { ShowtimeConnection } from '../../schema/cinema/showtime.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'

export const movieNode: NodeType = {
  typename: 'Movie',
  prefix: 'movie',
  load: ({ loaders }, id) => loaders.one(movieById, id),
}

/** Postgres refuses NUL in a text, and nothing has one in its name. */
const plain = (text: string | null | undefined): string | undefined => {
  const cleaned = text?.trim().replaceAll('\0', '').slice(0, 500)
  return cleaned === '' ? undefined : cleaned
}

function toListFilter(filter: MovieFilter | null | undefined): MovieListFilter {
  const { theatreId, day, accessibleSeats } = filter ?? {}
  const isAboutShowtimes = [theatreId, day, accessibleSeats].some((value) => value != null)
  return {
    text: plain(filter?.text),
    genres: filter?.genres ?? undefined,
    actor: plain(filter?.actor),
    showing: isAboutShowtimes
      ? {
          theatreId: theatreId == null ? undefined : decodeId('theatre', theatreId, ['filter', 'theatreId']),
          day: day ?? undefined,
          accessibleSeats: accessibleSeats ?? undefined,
        }
      : undefined,
  }
}

const movieId = (id: string): Uuid => decodeId('movie', id, ['input', 'id'])

@Resolver(() => Movie)
export class MovieResolver {
  @Query(() => MovieConnection, { description: 'Movies, shown now or not.' })
  @Rule(everyone)
  async movies(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => MovieFilter, { nullable: true }) filter: MovieFilter | undefined,
    @Arg('orderBy', () => MovieOrder, { defaultValue: MovieOrder.NEWEST }) orderBy: MovieOrderName,
  ) {
    const wanted = toListFilter(filter)
    const found = await findMovies(deps.db, wanted, orderBy, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, listedMovies(wanted)))
  }

  @Query(() => MovieConnection, {
    description:
      'Movies that were reviewed, the best rated first: by the mean of their stars as if five more reviews of three stars were there, `(5 · 3 + sum of stars) / (5 + reviews)`. That is the weighted rating of IMDb’s top 250 (a Bayesian estimate with m = 5 and C = 3), so one enthusiast does not outdo a hundred.',
  })
  @Rule(everyone)
  async topRatedMovies(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => MovieFilter, { nullable: true }) filter: MovieFilter | undefined,
  ) {
    const wanted = { ...toListFilter(filter), isRated: true }
    const found = await findMovies(deps.db, wanted, 'RATING', toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, listedMovies(wanted)))
  }

  @FieldResolver(() => [Movie], {
    description:
      'What those liked who liked this one: with four stars or more, or by going to see it. The most shared first, at most ten. Of each movie a hundred people are asked, so that it costs the same for a classic.',
  })
  @Costs({ own: 10, atMost: MAX_RECOMMENDED })
  async peopleWhoLiked(@Ctx() { loaders }: Context, @Root() movie: MovieRow) {
    const found = await loaders.grouped<{ id: Uuid }, readonly Uuid[]>(likedTogether, movie.id, {}, (rows) =>
      rows.map(({ id }) => id),
    )
    const shown = await Promise.all(found.map((id) => loaders.one(movieById, id)))
    return shown.filter((each) => each !== null)
  }

  @FieldResolver(() => [CastMember])
  @Costs({ atMost: MAX_CAST })
  cast(@Ctx() { loaders }: Context, @Root() movie: MovieRow) {
    return loaders.many(movieCastList, movie.id)
  }

  @FieldResolver(() => String)
  posterUrl(@Ctx() { deps }: Context, @Root() movie: MovieRow) {
    return deps.publicUrl() + posterPath(movie)
  }

  @FieldResolver(() => ShowtimeConnection, { description: 'Showtimes ahead, the next one first.' })
  async showtimes(
    @Ctx() { loaders }: Context,
    @Root() movie: MovieRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(movieShowtimes, movie.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(movieShowtimeCount, movie.id))
  }

  @Mutation(() => CreateMoviePayload, {
    nullable: true,
    description: 'For staff. User errors: `INVALID_INPUT`, `CONFLICT` (key).',
  })
  @Rule(isStaff)
  createMovie(@Ctx() context: Context, @Arg('input', () => CreateMovieInput) input: CreateMovieInput) {
    return payload(context, 'movie', async () => {
      const movie = await context.loaders.one(movieById, await createMovie(context.deps, signedIn(context), input))
      // A repeated request is answered with the first one's movie, which may have been deleted since.
      if (movie === null) throw notFound('movie', ['input', 'idempotencyKey'])
      return movie
    })
  }

  @Mutation(() => UpdateMoviePayload, {
    nullable: true,
    description:
      'For staff. User errors: `NOT_FOUND`, `INVALID_INPUT`, also for a run that leaves out showtimes that are planned.',
  })
  @Rule(isStaff)
  updateMovie(@Ctx() context: Context, @Arg('input', () => UpdateMovieInput) input: UpdateMovieInput) {
    return payload(context, 'movie', async () => {
      const change = { ...input, id: movieId(input.id) }
      return context.loaders.one(movieById, await updateMovie(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => DeleteMoviePayload, {
    nullable: true,
    description:
      'For staff: a movie that was never planned, with its comments and reactions. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isStaff)
  deleteMovie(@Ctx() context: Context, @Arg('input', () => DeleteMovieInput) { id }: DeleteMovieInput) {
    return payload(context, 'deletedId', async () => {
      return encodeId('movie', await deleteMovie(context.deps, signedIn(context), movieId(id)))
    })
  }
}

@Resolver(() => Viewer)
export class MovieViewerResolver {
  @FieldResolver(() => [Movie], {
    description:
      'Movies with showtimes ahead that the viewer has not seen: first what those liked who like what the viewer likes, then the best rated. At most ten.',
  })
  @Costs({ own: 20, atMost: MAX_RECOMMENDED })
  async recommendedMovies(@Ctx() context: Context) {
    const { deps, loaders } = context
    const ids = await findRecommended(deps.db, signedIn(context).accountId)
    const shown = await Promise.all(ids.map((id) => loaders.one(movieById, id)))
    return shown.filter((each) => each !== null)
  }
}
