import { sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, entity, hasMany } from '../relation.ts'
import { comments } from '../tables/comment.ts'
import { reports } from '../tables/report.ts'
import { subjects } from '../tables/subject.ts'

export const commentEntity = entity('Comment', comments)
export const subjectEntity = entity('Subject', subjects)
export const reportEntity = entity('Report', reports)

export const commentById = belongsTo(commentEntity, comments.id)
export const subjectById = belongsTo(subjectEntity, subjects.id)
export const reportById = belongsTo(reportEntity, reports.id)

const reply = alias(comments, 'reply')

/** What a reader finds in a thread: comments, and the empty places of removed ones that were answered. */
const isShown = sql`(${comments.state} = 'VISIBLE' or (${comments.state} in ('DELETED', 'REMOVED') and exists (select 1 from ${comments} ${sql.identifier('reply')} where ${reply.parentId} = ${comments.id} and ${reply.state} = 'VISIBLE')))`

const byAge = (name: string, direction: 'asc' | 'desc'): KeysetOrder => ({
  name,
  direction,
  keys: [
    { value: comments.createdAt, type: 'timestamptz' },
    { value: comments.id, type: 'uuid' },
  ],
})

const topLevel = sql`${comments.parentId} is null and ${isShown}`

export const subjectComments = {
  NEWEST: hasMany(commentEntity, { by: comments.subjectId, where: topLevel, order: byAge('NEWEST', 'desc') }),
  OLDEST: hasMany(commentEntity, { by: comments.subjectId, where: topLevel, order: byAge('OLDEST', 'asc') }),
}

export const commentReplies = hasMany(commentEntity, {
  by: comments.parentId,
  where: isShown,
  order: byAge('OLDEST', 'asc'),
})

/** As many as `subjectComments` lists. */
export const subjectTopLevelCount = count(comments, { by: comments.subjectId, where: topLevel })

/** Comments and replies at any depth that can be read. */
export const subjectCommentCount = count(comments, {
  by: comments.subjectId,
  where: sql`${comments.state} = 'VISIBLE'`,
})
export const commentReplyCount = count(comments, { by: comments.parentId, where: sql`${comments.state} = 'VISIBLE'` })
