import { Field, ID, InputType, Int } from 'type-graphql'
import type { AgeRating as AgeRatingName, Genre as GenreName } from '../../domain/cinema/rules.ts'
import type { ReactionKind } from '../../domain/reaction.ts'
import { Commentable } from '../comment.ts'
import { connectionOf } from '../connection.ts'
import { enumOf } from '../enums.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { Pollable } from '../poll/poll.ts'
import { Reactable, type ReactionCount } from '../reaction.ts'
import { type RatingCount, type Review, Reviewable } from '../review.ts'
import { DateTime, LocalDate } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'

export const Genre = enumOf<GenreName>('Genre', 'What kind of movie it is.', {
  ACTION: 'Action.',
  ADVENTURE: 'Adventure.',
  ANIMATION: 'Animation.',
  COMEDY: 'Comedy.',
  CRIME: 'Crime.',
  DOCUMENTARY: 'Documentary.',
  DRAMA: 'Drama.',
  FAMILY: 'For the whole family.',
  FANTASY: 'Fantasy.',
  HISTORY: 'History.',
  HORROR: 'Horror.',
  MUSIC: 'Music and musicals.',
  MYSTERY: 'Mystery.',
  ROMANCE: 'Romance.',
  SCIENCE_FICTION: 'Science fiction.',
  THRILLER: 'Thriller.',
  WAR: 'War.',
  WESTERN: 'Western.',
})

export const AgeRating = enumOf<AgeRatingName>('AgeRating', 'From which age on a movie may be seen.', {
  ALL: 'By everybody.',
  AGE_6: 'From 6 years on.',
  AGE_12: 'From 12 years on.',
  AGE_16: 'From 16 years on.',
  AGE_18: 'From 18 years on.',
})

export const MovieOrder = enumOf<'NEWEST' | 'TITLE' | 'RATING' | 'RELEVANCE'>(
  'MovieOrder',
  'In which order movies are listed.',
  {
    NEWEST: 'The latest release first.',
    TITLE: 'By title.',
    RATING: 'The best rated first, as `topRatedMovies` weighs it; what nobody has reviewed comes last.',
    RELEVANCE: 'The best match of `filter.text` first; without a text the same as `NEWEST`.',
  },
)

@GraphObject('Somebody in the credits.')
export class CastMember {
  @Field(() => String)
  name: string

  @Field(() => String, { description: 'Whom they play; empty where the credits do not say.' })
  character: string
}

@GraphObject('A movie. Who has seen it with a ticket reviews it.', [Commentable, Reactable, Reviewable, Pollable, Node])
export class Movie extends Commentable {
  reactionCounts: ReactionCount[]
  reactionCount: number
  viewerReactions: ReactionKind[]
  pollCount: number
  averageRating: number | null
  reviewCount: number
  ratingCounts: RatingCount[]
  viewerReview: Review | null
  viewerMayReview: boolean

  @Field(() => String)
  title: string

  @Field(() => String, { description: 'Plain text; empty if there is none.' })
  synopsis: string

  @Field(() => String, { description: 'Empty if it is not known.' })
  director: string

  @Field(() => [Genre])
  genres: GenreName[]

  @Field(() => AgeRating)
  ageRating: AgeRatingName

  @Field(() => Int)
  runningTimeMinutes: number

  @Field(() => LocalDate, { description: 'The first day on which it is shown.' })
  releaseDay: string

  @Field(() => LocalDate, { nullable: true, description: 'The last day on which it is shown, if that is known.' })
  lastDay: string | null

  @Field(() => [CastMember], { description: 'In the order of the credits.' })
  cast: CastMember[]

  @Field(() => String, { description: 'Address of a picture, 2 by 3 (SVG). It changes with the picture.' })
  posterUrl: string

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime)
  updatedAt: string
}

export const { Connection: MovieConnection } = connectionOf(Movie)

@InputType({ description: 'Movies must meet every condition that is given.' })
export class MovieFilter {
  @Field(() => String, { nullable: true, description: 'Words of title, director or synopsis, as in a web search.' })
  text?: string

  @Field(() => [Genre], { nullable: true, description: 'Movies of all of these genres.' })
  genres?: GenreName[]

  @Field(() => String, { nullable: true, description: 'The whole name of somebody in the cast, in any case.' })
  actor?: string

  @Field(() => ID, { nullable: true, description: 'Shown at this theatre, from now on.' })
  theatreId?: string

  @Field(() => LocalDate, { nullable: true, description: 'Shown on this day of the venue’s calendar, from now on.' })
  day?: string

  @Field(() => Int, {
    nullable: true,
    description: 'Shown with at least so many free seats for wheelchairs, from now on.',
  })
  accessibleSeats?: number
}

@InputType()
export class CastMemberInput {
  @Field(() => String, { description: '1 to 120 characters.' })
  name: string

  @Field(() => String, { nullable: true })
  character?: string
}

const RUN = 'Showtimes are planned from the release day to the last day, without a last day for ever.'

@InputType()
export class CreateMovieInput {
  @Field(() => String, { description: '1 to 200 characters.' })
  title: string

  @Field(() => String, { nullable: true, description: 'Plain text, at most 5000 characters.' })
  synopsis?: string

  @Field(() => String, { nullable: true })
  director?: string

  @Field(() => [Genre], { description: '1 to 5.' })
  genres: GenreName[]

  @Field(() => AgeRating, { nullable: true, description: '`ALL` unless told.' })
  ageRating?: AgeRatingName

  @Field(() => Int, { description: '1 to 900.' })
  runningTimeMinutes: number

  @Field(() => LocalDate, { description: RUN })
  releaseDay: string

  @Field(() => LocalDate, { nullable: true })
  lastDay?: string | null

  @Field(() => [CastMemberInput], { nullable: true, description: 'At most 50, in the order of the credits.' })
  cast?: CastMemberInput[]

  @Field(() => String, {
    nullable: true,
    description: 'The same key and input again gets the first answer. 8 to 100 printable characters.',
  })
  idempotencyKey?: string
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdateMovieInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true })
  title?: string

  @Field(() => String, { nullable: true })
  synopsis?: string

  @Field(() => String, { nullable: true })
  director?: string

  @Field(() => [Genre], { nullable: true })
  genres?: GenreName[]

  @Field(() => AgeRating, { nullable: true })
  ageRating?: AgeRatingName

  @Field(() => Int, { nullable: true, description: 'Showtimes that are planned keep their length.' })
  runningTimeMinutes?: number

  @Field(() => LocalDate, { nullable: true, description: RUN })
  releaseDay?: string

  @Field(() => LocalDate, { nullable: true, description: 'Null: no last day.' })
  lastDay?: string | null

  @Field(() => [CastMemberInput], { nullable: true, description: 'The whole cast anew.' })
  cast?: CastMemberInput[]
}

@InputType()
export class DeleteMovieInput {
  @Field(() => ID)
  id: string
}

export const CreateMoviePayload = payloadOf('CreateMoviePayload', 'movie', () => Movie, 'The new movie.')
export const UpdateMoviePayload = payloadOf('UpdateMoviePayload', 'movie', () => Movie, 'The changed movie.')
export const DeleteMoviePayload = payloadOf('DeleteMoviePayload', 'deletedId', () => ID, 'The id of what is gone.')
