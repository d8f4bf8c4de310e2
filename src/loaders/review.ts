import { sql } from 'drizzle-orm'
import { type Batched, keysOf, selectColumns } from '../db/relation.ts'
import { type ReviewRow, reviewEntity } from '../db/relations/review.ts'
import { type Statement, statement } from '../db/statement.ts'
import { reviews } from '../db/tables/review.ts'
import type { BatchLoaders } from './batch.ts'

const own = statement<ReviewRow & { __key: string }>(
  sql`select ${reviews.subjectId} as "__key", ${selectColumns(reviewEntity)} from ${reviews} where ${reviews.authorId} = ${sql.placeholder('viewer')}::text::uuid and ${reviews.subjectId} = any(${keysOf(reviews.subjectId)})`,
)

/** The viewer's review of a thing, in whatever state. */
export const viewerReview = (loaders: BatchLoaders, viewer: string, subjectId: string) =>
  loaders.grouped(own, subjectId, { viewer }, ([row]) => {
    if (row === undefined) return null
    const { __key, ...review } = row
    return { ...review, __typename: 'Review' }
  })

/** Whether the viewer is among those whom the statement of a kind of subject names: see `ReviewRules`. */
export const isReviewableBy = (
  loaders: BatchLoaders,
  reviewableBy: Statement<Batched<object>>,
  viewer: string,
  subjectId: string,
): Promise<boolean> => loaders.grouped(reviewableBy, subjectId, { viewer }, (rows) => rows.length > 0)
