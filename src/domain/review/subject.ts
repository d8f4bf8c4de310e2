import { eq, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { reviews } from '../../db/tables/review.ts'
import { subjects } from '../../db/tables/subject.ts'
import type { SubjectRules } from '../subject/rules.ts'
import { canSeeReview } from './rules.ts'

const EXCERPT_CHARACTERS = 500

/** A review can be found helpful and reported, and is visible where the thing it is of is. */
export const reviewSubject: SubjectRules = {
  kind: 'REVIEW',
  idPrefix: 'review',
  isCommentable: false,
  async find(db, viewer, id, find) {
    const [review] = await db.orm
      .select({
        authorId: reviews.authorId,
        state: reviews.state,
        excerpt: sql<string>`left(${reviews.text}, ${sql.raw(String(EXCERPT_CHARACTERS))})`,
        on: { id: subjects.id, kind: subjects.kind },
      })
      .from(reviews)
      .innerJoin(subjects, eq(subjects.id, reviews.subjectId))
      .where(eq(reviews.id, id))
    if (review === undefined || !canSeeReview(viewer, review)) return null
    const on = await find(db, viewer, review.on)
    if (on === null) return null
    return {
      kind: 'REVIEW',
      id,
      ownerId: review.authorId,
      on: review.on,
      title: on.title,
      path: `${on.path}#${encodeId('review', id)}`,
      excerpt: review.state === 'VISIBLE' ? review.excerpt : null,
      acceptsComments: false,
      acceptsReactions: review.state === 'VISIBLE',
      viewerMayAttach: false,
      viewerMayModerate: false,
    }
  },
}
