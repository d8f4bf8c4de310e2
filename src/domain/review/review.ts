import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { renderComment } from '../../core/markdown/markdown.ts'
import { pgArray } from '../../db/array.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { reviewImages, reviews } from '../../db/tables/review.ts'
import { subjects } from '../../db/tables/subject.ts'
import { settleReports } from '../comment/comment.ts'
import { deleteSubjects } from '../comment/deletion.ts'
import type { Deps } from '../deps.ts'
import { checkInput, prose } from '../input.ts'
import { withdrawNoticesAbout } from '../notification/notify.ts'
import { findSubject, getSubject, rulesOf } from '../subject/registry.ts'
import type { SubjectRef } from '../subject/rules.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { imagesOf, isSameList, type NewReviewImage, reviewImageList, setReviewImages } from './image.ts'
import { canEditReview, canSeeReview, isReviewAuthor, type ReviewDecision, reviewLifecycle } from './rules.ts'

export const MAX_REVIEW_CHARACTERS = 5_000

const reviewInput = z.object({
  stars: z.int('Stars are whole.').min(1, 'At least one star.').max(5, 'At most five stars.'),
  text: prose('A review', 0, MAX_REVIEW_CHARACTERS),
  images: reviewImageList,
})

export interface NewReview {
  on: SubjectRef
  /** 1 to 5. */
  stars: number
  /** Markdown; may be empty. */
  text: string
  /** All of them, in order; left out, those that it has stay. */
  images?: readonly NewReviewImage[] | undefined
}

const path = ['input', 'subjectId']

/**
 * Each member has one review of a thing: reviewing again changes it, and so may be repeated safely.
 * @throws DomainError `NOT_FOUND`, `INVALID_INPUT`, `NOT_ELIGIBLE` for who has not bought it, … as its kind demands; for
 * images as `claimUploads`.
 */
export async function reviewSubject(deps: Deps, viewer: Viewer, input: NewReview): Promise<Uuid> {
  const { on: _, ...given } = input
  const { stars, text, images } = checkInput(reviewInput, given)
  const content = { stars, text, textHtml: renderComment(text) }
  return deps.db.transaction(async (tx) => {
    const subject = await getSubject(tx, viewer, input.on, path)
    const rules = rulesOf(subject.kind).reviews
    if (rules === undefined) throw invalidInput(path, 'This takes no reviews.')
    // Those of one member on one thing come one after the other: the first is written, the others find it.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `review ${subject.id} ${viewer.accountId}`,
    ])
    const isOwn = and(eq(reviews.subjectId, subject.id), eq(reviews.authorId, viewer.accountId))
    const [own] = await tx.orm.select().from(reviews).where(isOwn).for('no key update')
    if (own !== undefined) {
      if (!canEditReview(viewer, own)) throw invalidInput(path, 'Your review of this was taken away.')
      const isShown = images === undefined || isSameList(images, await imagesOf(tx, own.id))
      if (own.stars === stars && own.text === text && isShown) return own.id
      await tx.orm
        .update(reviews)
        .set({ ...content, editedAt: sql`now()` })
        .where(eq(reviews.id, own.id))
      if (images !== undefined && !isShown) await setReviewImages(deps, tx, viewer, own.id, images)
      return own.id
    }
    const may = await rules.reviewableBy.run(tx, { viewer: viewer.accountId, keys: pgArray([subject.id]) })
    if (may.length === 0) throw new DomainError('NOT_ELIGIBLE', rules.refusal, path)
    const id = newId()
    await tx.orm.insert(subjects).values({ id, kind: 'REVIEW' })
    await tx.orm.insert(reviews).values({ id, subjectId: subject.id, authorId: viewer.accountId, ...content })
    if (images !== undefined) await setReviewImages(deps, tx, viewer, id, images)
    return id
  })
}

const lockReview = async (tx: Transaction, id: Uuid) =>
  (await tx.orm.select().from(reviews).where(eq(reviews.id, id)).for('update'))[0]

/** What a review is of. @throws DomainError `NOT_FOUND`. */
async function refOf(db: Executor, subjectId: Uuid): Promise<SubjectRef> {
  const [ref] = await db.orm
    .select({ id: subjects.id, kind: subjects.kind })
    .from(subjects)
    .where(eq(subjects.id, subjectId))
  if (ref === undefined) throw notFound('review', ['input', 'id'])
  return ref
}

/**
 * Authors may delete their review wherever it is, also where they cannot read it any more. Answers what it was of.
 * @throws `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`.
 */
export async function deleteReview(deps: Deps, viewer: Viewer, id: Uuid): Promise<SubjectRef> {
  return deps.db.transaction(async (tx) => {
    const review = await lockReview(tx, id)
    if (review === undefined) throw notFound('review', ['input', 'id'])
    const on = await refOf(tx, review.subjectId)
    if (!isReviewAuthor(viewer, review)) {
      if (!canSeeReview(viewer, review) || (await findSubject(tx, viewer, on)) === null) {
        throw notFound('review', ['input', 'id'])
      }
      throw forbidden('Only its author may delete a review.')
    }
    await withdrawNoticesAbout(deps, tx, id)
    if (review.state === 'VISIBLE') {
      await deleteSubjects(tx, tx.orm.select({ id: reviews.id }).from(reviews).where(eq(reviews.id, id)))
    } else {
      reviewLifecycle.ensure(review.state, 'DELETED')
      await tx.orm.update(reviews).set({ state: 'DELETED', text: '', textHtml: '' }).where(eq(reviews.id, id))
      await tx.orm.delete(reviewImages).where(eq(reviewImages.reviewId, id))
    }
    return on
  })
}

/** For staff; a decision that is final settles the open reports. @throws `FORBIDDEN`, `NOT_FOUND`, `ILLEGAL_TRANSITION`. */
export async function moderateReview(
  deps: Deps,
  viewer: Viewer,
  { id, state }: { id: Uuid; state: ReviewDecision },
): Promise<Uuid> {
  ensureStaff(viewer)
  return deps.db.transaction(async (tx) => {
    const review = await lockReview(tx, id)
    if (review === undefined) throw notFound('review', ['input', 'id'])
    if (review.state !== state) reviewLifecycle.ensure(review.state, state)
    await tx.orm.update(reviews).set({ state }).where(eq(reviews.id, id))
    if (state !== 'HELD') await settleReports(tx, viewer, id)
    return id
  })
}

/** Used by reports: enough of them hide a review until a moderator has looked. */
export async function holdReview(tx: Transaction, id: Uuid): Promise<void> {
  const review = await lockReview(tx, id)
  if (review === undefined || !reviewLifecycle.can(review.state, 'HELD')) return
  await tx.orm.update(reviews).set({ state: 'HELD' }).where(eq(reviews.id, id))
}
