import { type SQLWrapper, sql } from 'drizzle-orm'
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
const isEmptyPlace = (state: SQLWrapper) => sql`${state} in ('DELETED', 'REMOVED')`

/** There is something to read below it, be it below more empty places. A held reply hides what is below it. */
const isAnswered = sql`exists (with recursive answer as (select ${reply.id}, ${reply.state} from ${comments} reply where ${reply.parentId} = ${comments.id} union all select ${reply.id}, ${reply.state} from answer join ${comments} reply on ${reply.parentId} = answer.id where ${isEmptyPlace(sql`answer.state`)}) select 1 from answer where answer.state = 'VISIBLE')`

/** What a reader finds in a thread: comments, and the empty places of those that were taken away and answered. */
const isShown = sql`(${comments.state} = 'VISIBLE' or (${isEmptyPlace(comments.state)} and ${isAnswered}))`

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

/** As many as `commentReplies` lists. */
export const commentShownReplyCount = count(comments, { by: comments.parentId, where: isShown })

/** Replies that can be read. */
export const commentReplyCount = count(comments, { by: comments.parentId, where: sql`${comments.state} = 'VISIBLE'` })
