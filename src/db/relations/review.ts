import { sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, entity, hasMany, type RowOf } from '../relation.ts'
import { reviewImages, reviews, reviewTotals } from '../tables/review.ts'

export const reviewEntity = entity('Review', reviews)
const totalsEntity = entity('ReviewTotals', reviewTotals)

const imageEntity = entity('ReviewImage', reviewImages)

export type ReviewRow = RowOf<typeof reviews>
export type ReviewTotalsRow = RowOf<typeof reviewTotals>
export type ReviewOrderName = 'NEWEST' | 'HIGHEST' | 'LOWEST' | 'MOST_HELPFUL'

export const reviewById = belongsTo(reviewEntity, reviews.id)
export const reviewTotalsOf = belongsTo(totalsEntity, reviewTotals.subjectId)

const ordered = (name: ReviewOrderName, direction: 'asc' | 'desc', first?: PgColumn): KeysetOrder => ({
  name,
  direction,
  keys: [
    ...(first === undefined ? [] : [{ value: first, type: 'integer' } as const]),
    { value: reviews.createdAt, type: 'timestamptz' },
    { value: reviews.id, type: 'uuid' },
  ],
})

const ORDERS: Readonly<Record<ReviewOrderName, KeysetOrder>> = {
  NEWEST: ordered('NEWEST', 'desc'),
  HIGHEST: ordered('HIGHEST', 'desc', reviews.stars),
  LOWEST: ordered('LOWEST', 'asc', reviews.stars),
  MOST_HELPFUL: ordered('MOST_HELPFUL', 'desc', reviews.helpfulCount),
}

const isVisible = sql`${reviews.state} = 'VISIBLE'`

const listOf = (stars: number | null) => {
  const where = stars === null ? isVisible : sql`${isVisible} and ${reviews.stars} = ${sql.raw(String(stars))}`
  const inOrder = (order: KeysetOrder) => hasMany(reviewEntity, { by: reviews.subjectId, where, order })
  return {
    NEWEST: inOrder(ORDERS.NEWEST),
    HIGHEST: inOrder(ORDERS.HIGHEST),
    LOWEST: inOrder(ORDERS.LOWEST),
    MOST_HELPFUL: inOrder(ORDERS.MOST_HELPFUL),
    count: count(reviews, { by: reviews.subjectId, where }),
  }
}

export const reviewImageRows = hasMany(imageEntity, {
  by: reviewImages.reviewId,
  order: { name: 'POSITION', direction: 'asc', keys: [{ value: reviewImages.position, type: 'integer' }] },
  limit: 10,
})

/** The visible reviews of a thing: all at 0, those with so many stars at 1 to 5. */
export const subjectReviews = [null, 1, 2, 3, 4, 5].map(listOf)
