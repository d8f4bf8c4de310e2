import type { Uuid } from '../../core/ids.ts'
import { lifecycle } from '../../core/lifecycle.ts'
import type { reviewState } from '../../db/tables/review.ts'
import { isStaff, type Viewer } from '../viewer.ts'

export type ReviewState = (typeof reviewState.enumValues)[number]

/**
 * HELD waits for a moderator, REMOVED was taken away by one. A visible review that its author deletes is gone; of one that
 * was held or removed its place stays, DELETED, or it could be written again as if nothing had been decided about it.
 */
export const reviewLifecycle = lifecycle<ReviewState>('review', {
  VISIBLE: ['HELD', 'REMOVED'],
  HELD: ['VISIBLE', 'REMOVED', 'DELETED'],
  REMOVED: ['VISIBLE', 'DELETED'],
  DELETED: [],
})

export type ReviewDecision = Exclude<ReviewState, 'DELETED'>

export interface ReviewFacts {
  readonly authorId: Uuid
  readonly state: ReviewState
}

/** So many members must report a review before it is held without a moderator's decision. */
export const REPORTS_THAT_HOLD_A_REVIEW = 3

/** Of one review; the table has as many places. */
export const MAX_REVIEW_IMAGES = 5

export const isReviewAuthor = (viewer: Viewer | null, review: ReviewFacts): boolean =>
  viewer !== null && review.authorId === viewer.accountId

/** One that is held or removed is for its author and staff; nothing hangs below it that would need its place. */
export const canSeeReview = (viewer: Viewer | null, review: ReviewFacts): boolean => {
  if (review.state === 'VISIBLE') return true
  return review.state !== 'DELETED' && (isReviewAuthor(viewer, review) || isStaff(viewer))
}

/** Reviewing again, which replaces what was said before. */
export const canEditReview = (viewer: Viewer | null, review: ReviewFacts): boolean =>
  isReviewAuthor(viewer, review) && (review.state === 'VISIBLE' || review.state === 'HELD')

export const canDeleteReview = (viewer: Viewer | null, review: ReviewFacts): boolean =>
  isReviewAuthor(viewer, review) && review.state !== 'DELETED'

const DECISIONS: readonly ReviewDecision[] = ['VISIBLE', 'HELD', 'REMOVED']

/**
 * Whether there is a decision that the viewer may take now. Only staff: whoever owns what is reviewed would silence those
 * who do not like it.
 */
export const canModerateReview = (viewer: Viewer | null, review: ReviewFacts): boolean =>
  isStaff(viewer) && DECISIONS.some((decision) => reviewLifecycle.can(review.state, decision))
