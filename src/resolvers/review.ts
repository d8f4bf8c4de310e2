import { Arg, Args, Ctx, FieldResolver, Float, Int, Mutation, Resolver, Root } from 'type-graphql'
import { invalidInput } from '../core/errors.ts'
import { decodeId, type Uuid } from '../core/ids.ts'
import { accountById } from '../db/relations/account.ts'
import { subjectById } from '../db/relations/comment.ts'
import {
  type ReviewOrderName,
  type ReviewRow,
  type ReviewTotalsRow,
  reviewById,
  reviewImageRows,
  reviewTotalsOf,
  subjectReviews,
} from '../db/relations/review.ts'
import { deleteReview, moderateReview, reviewSubject } from '../domain/review/review.ts'
import {
  canDeleteReview,
  canEditReview,
  canModerateReview,
  canSeeReview,
  MAX_REVIEW_IMAGES,
} from '../domain/review/rules.ts'
import { decodeSubjectRef, rulesOf } from '../domain/subject/registry.ts'
import { isReviewableBy, viewerReview } from '../loaders/review.ts'
import { isSignedIn, isStaff, Rule } from '../permissions/rules.ts'
import { Account } from '../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../schema/connection.ts'
import { type Context, signedIn } from '../schema/context.ts'
import { Costs } from '../schema/cost.ts'
import {
  DeleteReviewInput,
  DeleteReviewPayload,
  ModerateReviewInput,
  ModerateReviewPayload,
  RatingCount,
  Review,
  Reviewable,
  ReviewConnection,
  ReviewOrder,
  ReviewSubjectInput,
  ReviewSubjectPayload,
} from '../schema/review.ts'
import { Image } from '../schema/upload.ts'
import { payload } from '../schema/user-error.ts'
import { DependsOnViewer } from '../schema/viewer.ts'
import type { NodeType } from './node-type.ts'
import { findReadableSubject } from './subject.ts'
import { findImage } from './upload-value.ts'

export const reviewNode: NodeType = {
  typename: 'Review',
  prefix: 'review',
  load: findReadableSubject,
}

interface SubjectRow {
  id: string
}

const countsOf = ({ one, two, three, four, five }: ReviewTotalsRow): number[] => [five, four, three, two, one]

@Resolver(() => Reviewable)
export class ReviewableResolver {
  @FieldResolver(() => Float, { nullable: true })
  async averageRating(@Ctx() { loaders }: Context, @Root() subject: SubjectRow) {
    const totals = await loaders.one(reviewTotalsOf, subject.id)
    return totals === null || totals.reviewCount === 0 ? null : totals.starSum / totals.reviewCount
  }

  @FieldResolver(() => Int)
  async reviewCount(@Ctx() { loaders }: Context, @Root() subject: SubjectRow) {
    return (await loaders.one(reviewTotalsOf, subject.id))?.reviewCount ?? 0
  }

  @FieldResolver(() => [RatingCount])
  async ratingCounts(@Ctx() { loaders }: Context, @Root() subject: SubjectRow): Promise<RatingCount[]> {
    const totals = await loaders.one(reviewTotalsOf, subject.id)
    const counts = totals === null ? [0, 0, 0, 0, 0] : countsOf(totals)
    return counts.map((count, place) => ({ stars: 5 - place, count }))
  }

  @FieldResolver(() => ReviewConnection, { description: 'What members think of it.' })
  async reviews(
    @Ctx() { loaders }: Context,
    @Root() subject: SubjectRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('orderBy', () => ReviewOrder, { defaultValue: ReviewOrder.NEWEST }) orderBy: ReviewOrderName,
    @Arg('stars', () => Int, { nullable: true, description: 'Only those with so many stars, 1 to 5.' })
    stars: number | null | undefined,
  ) {
    const list = stars === 0 ? undefined : subjectReviews[stars ?? 0]
    if (list === undefined) throw invalidInput(['stars'], 'Stars are from 1 to 5.')
    const found = await loaders.page(list[orderBy], subject.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(list.count, subject.id))
  }

  @FieldResolver(() => Review, { nullable: true })
  @DependsOnViewer
  async viewerReview(@Ctx() { loaders, viewer }: Context, @Root() subject: SubjectRow) {
    if (viewer === null) return null
    const own = await viewerReview(loaders, viewer.accountId, subject.id)
    return own !== null && canSeeReview(viewer, own) ? own : null
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerMayReview(@Ctx() { loaders, viewer }: Context, @Root() subject: SubjectRow) {
    if (viewer === null) return false
    const own = await viewerReview(loaders, viewer.accountId, subject.id)
    if (own !== null) return canEditReview(viewer, own)
    const ref = await loaders.one(subjectById, subject.id)
    const rules = ref === null ? undefined : rulesOf(ref.kind).reviews
    return rules !== undefined && isReviewableBy(loaders, rules.reviewableBy, viewer.accountId, subject.id)
  }
}

const reviewId = (id: string): Uuid => decodeId('review', id, ['input', 'id'])

@Resolver(() => Review)
export class ReviewResolver {
  @FieldResolver(() => String)
  text(@Ctx() { texts }: Context, @Root() review: ReviewRow) {
    return texts.spend(review.text)
  }

  @FieldResolver(() => String)
  textHtml(@Ctx() { texts }: Context, @Root() review: ReviewRow) {
    return texts.spend(review.textHtml)
  }

  @FieldResolver(() => [Image])
  @Costs({ atMost: MAX_REVIEW_IMAGES })
  async images(@Ctx() context: Context, @Root() review: ReviewRow) {
    const rows = await context.loaders.many(reviewImageRows, review.id)
    const images = await Promise.all(rows.map(({ uploadId, alt }) => findImage(context, uploadId, alt)))
    return images.filter((image) => image !== null)
  }

  @FieldResolver(() => Account, { nullable: true })
  author(@Ctx() { loaders }: Context, @Root() review: ReviewRow) {
    return loaders.one(accountById, review.authorId)
  }

  @FieldResolver(() => Reviewable, { nullable: true })
  subject(@Ctx() context: Context, @Root() review: ReviewRow) {
    return findReadableSubject(context, review.subjectId)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanEdit(@Ctx() { viewer }: Context, @Root() review: ReviewRow) {
    return canEditReview(viewer, review)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanDelete(@Ctx() { viewer }: Context, @Root() review: ReviewRow) {
    return canDeleteReview(viewer, review)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanModerate(@Ctx() { viewer }: Context, @Root() review: ReviewRow) {
    return canModerateReview(viewer, review)
  }

  @Mutation(() => ReviewSubjectPayload, {
    nullable: true,
    description:
      'Gives stars and words to a product that the viewer bought, a movie that they have seen, …. Each member has one review of a thing: reviewing again changes it. User errors: `NOT_FOUND`, `INVALID_INPUT`, `NOT_ELIGIBLE`, `TAKEN` (image).',
  })
  @Rule(isSignedIn)
  reviewSubject(
    @Ctx() context: Context,
    @Arg('input', () => ReviewSubjectInput) { subjectId, stars, text, images }: ReviewSubjectInput,
  ) {
    return payload(context, 'review', async () => {
      const on = decodeSubjectRef(subjectId, ['input', 'subjectId'])
      const shown = images?.map(({ uploadId, alt }, position) => ({
        uploadId: decodeId('upload', uploadId, ['input', 'images', String(position), 'uploadId']),
        alt,
      }))
      const review = { on, stars, text, images: shown }
      return context.loaders.one(reviewById, await reviewSubject(context.deps, signedIn(context), review))
    })
  }

  @Mutation(() => DeleteReviewPayload, {
    nullable: true,
    description:
      'Deletes one’s own review; `subject` is null where the viewer no longer sees what it was of. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  deleteReview(@Ctx() context: Context, @Arg('input', () => DeleteReviewInput) { id }: DeleteReviewInput) {
    return payload(context, 'subject', async () => {
      const on = await deleteReview(context.deps, signedIn(context), reviewId(id))
      return findReadableSubject(context, on.id)
    })
  }

  @Mutation(() => ModerateReviewPayload, {
    nullable: true,
    description:
      'For staff: nobody decides about reviews of what is theirs. The decision closes the open reports, unless it is `HELD`. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isStaff)
  moderateReview(@Ctx() context: Context, @Arg('input', () => ModerateReviewInput) { id, state }: ModerateReviewInput) {
    return payload(context, 'review', async () => {
      const decision = { id: reviewId(id), state }
      return context.loaders.one(reviewById, await moderateReview(context.deps, signedIn(context), decision))
    })
  }
}
