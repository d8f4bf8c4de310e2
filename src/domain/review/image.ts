import { asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { reviewImages } from '../../db/tables/review.ts'
import type { Deps } from '../deps.ts'
import { prose } from '../input.ts'
import { claimUploads } from '../upload/claim.ts'
import type { Viewer } from '../viewer.ts'
import { MAX_REVIEW_IMAGES } from './rules.ts'

export interface NewReviewImage {
  uploadId: Uuid
  /** What it shows, for those who do not see it; may be empty. */
  alt: string
}

/** Left out: those that it has stay. */
export const reviewImageList = z
  .array(z.object({ uploadId: z.string(), alt: prose('What an image shows', 0, 200) }))
  .max(MAX_REVIEW_IMAGES, `A review has at most ${MAX_REVIEW_IMAGES} images.`)
  .optional()

export const imagesOf = (tx: Transaction, reviewId: Uuid): Promise<NewReviewImage[]> =>
  tx.orm
    .select({ uploadId: reviewImages.uploadId, alt: reviewImages.alt })
    .from(reviewImages)
    .where(eq(reviewImages.reviewId, reviewId))
    .orderBy(asc(reviewImages.position))

export const isSameList = (a: readonly NewReviewImage[], b: readonly NewReviewImage[]): boolean =>
  a.length === b.length && a.every(({ uploadId, alt }, at) => uploadId === b[at]?.uploadId && alt === b[at].alt)

/**
 * All images of a review that the caller has written or locked, in order; those that it has already stay.
 * @throws DomainError as `claimUploads`, naming the place of the image.
 */
export async function setReviewImages(
  deps: Pick<Deps, 'bus'>,
  tx: Transaction,
  viewer: Viewer,
  reviewId: Uuid,
  list: readonly NewReviewImage[],
): Promise<void> {
  const gone = await tx.orm
    .delete(reviewImages)
    .where(eq(reviewImages.reviewId, reviewId))
    .returning({ uploadId: reviewImages.uploadId })
  const ids = list.map(({ uploadId }) => uploadId)
  await claimUploads(deps, tx, viewer, {
    ids,
    use: 'REVIEW_IMAGE',
    kept: gone.map(({ uploadId }) => uploadId),
    pathOf: (id) => ['input', 'images', String(ids.lastIndexOf(id)), 'uploadId'],
  })
  if (list.length === 0) return
  await tx.orm.insert(reviewImages).values(list.map((image, position) => ({ reviewId, position, ...image })))
}
