import { eq, inArray } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { reviewImages, reviews } from '../../db/tables/review.ts'
import { subjects } from '../../db/tables/subject.ts'
import type { Portability } from '../account/portability.ts'
import { deleteSubjects } from '../comment/deletion.ts'

export const reviewPortability: Portability = {
  room: 'reviews',
  async exportOf(tx, accountId) {
    const rows = await tx.orm
      .select({
        id: reviews.id,
        on: reviews.subjectId,
        subjectKind: subjects.kind,
        stars: reviews.stars,
        text: reviews.text,
        state: reviews.state,
        createdAt: reviews.createdAt,
        editedAt: reviews.editedAt,
      })
      .from(reviews)
      .innerJoin(subjects, eq(subjects.id, reviews.subjectId))
      .where(eq(reviews.authorId, accountId))
      .orderBy(reviews.createdAt)
    const own = tx.orm.select({ id: reviews.id }).from(reviews).where(eq(reviews.authorId, accountId))
    const images = await tx.orm
      .select({ reviewId: reviewImages.reviewId, uploadId: reviewImages.uploadId, alt: reviewImages.alt })
      .from(reviewImages)
      .where(inArray(reviewImages.reviewId, own))
      .orderBy(reviewImages.reviewId, reviewImages.position)
    return rows.map(({ id, on, subjectKind, ...review }) => ({
      id: encodeId('review', id),
      on: encodeId(subjectKind.toLowerCase(), on),
      ...review,
      images: images
        .filter(({ reviewId }) => reviewId === id)
        .map(({ uploadId, alt }) => ({ upload: encodeId('upload', uploadId), alt })),
    }))
  },
  /** Nobody is left to answer for a review: it goes, and its stars with it. */
  async eraseOf(tx, accountId) {
    // The totals in one order for all, or two accounts that are deleted at once could wait for each other.
    await tx.query(
      'select 1 from review_totals where subject_id in (select subject_id from reviews where author_id = $1) order by subject_id for update',
      [accountId],
    )
    await deleteSubjects(tx, tx.orm.select({ id: reviews.id }).from(reviews).where(eq(reviews.authorId, accountId)))
  },
}
