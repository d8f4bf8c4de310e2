import { Field, Float, ID, InputType, Int, InterfaceType } from 'type-graphql'
import type { ReviewState as ReviewStateName } from '../domain/review/rules.ts'
import { Account } from './account.ts'
import { ModerationState } from './comment.ts'
import { connectionOf } from './connection.ts'
import { Costs } from './cost.ts'
import { enumOf } from './enums.ts'
import { Node, typeOfRow } from './node.ts'
import { GraphObject } from './object.ts'
import { Reactable } from './reaction.ts'
import { DateTime } from './scalars.ts'
import { Image } from './upload.ts'
import { payloadOf } from './user-error.ts'

export const ReviewState = enumOf<ReviewStateName>('ReviewState', 'What became of a review.', {
  VISIBLE: 'Everybody can read it, and its stars count.',
  HELD: 'It was reported and waits for staff; only its author and staff can read it.',
  REMOVED: 'Staff took it away; only its author and staff can read it.',
  DELETED: 'Its author deleted it after it was held or removed.',
})

export const ReviewOrder = enumOf<'NEWEST' | 'HIGHEST' | 'LOWEST' | 'MOST_HELPFUL'>(
  'ReviewOrder',
  'In which order reviews are listed.',
  {
    NEWEST: 'The newest first.',
    HIGHEST: 'Those with the most stars first.',
    LOWEST: 'Those with the fewest stars first.',
    MOST_HELPFUL: 'Those that the most members found helpful first.',
  },
)

@GraphObject('How many reviews gave so many stars.')
export class RatingCount {
  @Field(() => Int)
  stars: number

  @Field(() => Int)
  count: number
}

@InterfaceType({
  implements: Node,
  description: 'Anything that members can give stars and words with `reviewSubject`, once each.',
  resolveType: typeOfRow,
})
export abstract class Reviewable extends Node {
  @Field(() => Float, { nullable: true, description: 'Mean of the stars (1 to 5); null without a review.' })
  averageRating: number | null

  @Field(() => Int, { description: 'Reviews that can be read.' })
  reviewCount: number

  @Costs({ atMost: 5 })
  @Field(() => [RatingCount], { description: 'Five stars first, down to one.' })
  ratingCounts: RatingCount[]

  @Field(() => Review, { nullable: true, description: 'The viewer’s own, also while it is held or removed.' })
  viewerReview: Review | null

  @Field(() => Boolean, {
    description:
      'The viewer may review it, or change the review they wrote: a product that they bought, a movie that they have seen, ….',
  })
  viewerMayReview: boolean
}

@GraphObject('What a member thinks of something. To `LIKE` it is to find it helpful.', [Reactable, Node])
export class Review extends Reactable {
  @Field(() => Int, { description: '1 to 5.' })
  stars: number

  @Field(() => String, { description: 'As it was written (Markdown); may be empty.' })
  text: string

  @Field(() => String, { description: 'Sanitised HTML, safe to place into a page.' })
  textHtml: string

  @Field(() => [Image], {
    description:
      'What its author shows of the thing. Their addresses end after a while, so that nobody keeps what is taken away.',
  })
  images: Image[]

  @Field(() => ReviewState)
  state: ReviewStateName

  @Field(() => Account, { nullable: true })
  author: Account | null

  @Field(() => Reviewable, { nullable: true, description: 'What it is of.' })
  subject: Reviewable | null

  @Field(() => Int, { description: 'How many members found it helpful: its `LIKE` reactions.' })
  helpfulCount: number

  @Field(() => DateTime)
  createdAt: string

  @Field(() => DateTime, { nullable: true, description: 'When its author last changed it.' })
  editedAt: string | null

  @Field(() => Boolean, { description: 'With `reviewSubject` again.' })
  viewerCanEdit: boolean

  @Field(() => Boolean)
  viewerCanDelete: boolean

  @Field(() => Boolean, { description: 'For staff: there is a decision that can be taken about it.' })
  viewerCanModerate: boolean
}

export const { Connection: ReviewConnection } = connectionOf(Review)

@InputType()
export class ReviewImageInput {
  @Field(() => ID, {
    description: 'A picture that was sent to `POST /uploads?use=REVIEW_IMAGE`, or one that the review has already.',
  })
  uploadId: string

  @Field(() => String, {
    defaultValue: '',
    description: 'What it shows, for those who do not see it: at most 200 characters.',
  })
  alt: string
}

@InputType()
export class ReviewSubjectInput {
  @Field(() => ID, { description: 'The product, movie, … to review.' })
  subjectId: string

  @Field(() => Int, { description: '1 to 5.' })
  stars: number

  @Field(() => String, { defaultValue: '', description: 'Markdown, at most 5,000 characters; may be empty.' })
  text: string

  @Field(() => [ReviewImageInput], {
    nullable: true,
    description: 'All of them, at most 5, in order; left out, those that it has stay.',
  })
  images?: ReviewImageInput[] | null
}

@InputType()
export class DeleteReviewInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class ModerateReviewInput {
  @Field(() => ID)
  id: string

  @Field(() => ModerationState)
  state: Exclude<ReviewStateName, 'DELETED'>
}

export const ReviewSubjectPayload = payloadOf('ReviewSubjectPayload', 'review', () => Review, 'The viewer’s review.')
export const DeleteReviewPayload = payloadOf('DeleteReviewPayload', 'subject', () => Reviewable, 'What it was of.')
export const ModerateReviewPayload = payloadOf('ModerateReviewPayload', 'review', () => Review, 'The review.')
