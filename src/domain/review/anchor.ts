import { inArray, type SQLWrapper } from 'drizzle-orm'
import type { Transaction } from '../../db/database.ts'
import { reviews } from '../../db/tables/review.ts'

/** The ids of the reviews of things that are deleted; `ids` selects theirs. */
export const reviewsOf = (tx: Transaction, ids: SQLWrapper) =>
  tx.orm.select({ id: reviews.id }).from(reviews).where(inArray(reviews.subjectId, ids))
