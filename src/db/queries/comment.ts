import { sql } from 'drizzle-orm'
import type { Executor } from '../database.ts'
import type { KeysetOrder, PageRequest } from '../keyset.ts'
import { type RowOf, selectColumns } from '../relation.ts'
import { commentEntity, reportEntity } from '../relations/comment.ts'
import { statement } from '../statement.ts'
import { comments } from '../tables/comment.ts'
import { reports } from '../tables/report.ts'
import { subjects } from '../tables/subject.ts'
import { findPage, type ListSource } from './page.ts'

export type CommentRow = RowOf<typeof comments>
export type ReportRow = RowOf<typeof reports>

/** How many rows the live stream reads at a time. */
export const STREAM_PAGE_SIZE = 100

const after = statement<CommentRow>(
  sql`select ${selectColumns(commentEntity)} from ${comments} where ${comments.subjectId} = ${sql.placeholder('subjectId')}::text::uuid and ${comments.state} = 'VISIBLE' and ${comments.seq} > ${sql.placeholder('seq')}::text::integer order by ${comments.seq} limit ${sql.raw(String(STREAM_PAGE_SIZE))}`,
)

/** What a live reader that has number `seq` of the subject is missing and may read, oldest first, at most `STREAM_PAGE_SIZE`. */
export const findCommentsAfter = (db: Executor, subjectId: string, seq: number): Promise<CommentRow[]> =>
  after.run(db, { subjectId, seq: String(seq) })

const newestSeq = statement<{ seq: number }>(
  sql`select ${subjects.commentSeq} as "seq" from ${subjects} where ${subjects.id} = ${sql.placeholder('subjectId')}::text::uuid`,
)

export const findNewestCommentSeq = async (db: Executor, subjectId: string): Promise<number> =>
  (await newestSeq.run(db, { subjectId }))[0]?.seq ?? 0

export const openReports = (): ListSource<ReportRow> => ({
  of: reportEntity,
  where: [sql`${reports.resolvedAt} is null`],
})

const OLDEST_REPORT: KeysetOrder = {
  name: 'OLDEST',
  direction: 'asc',
  keys: [
    { value: reports.createdAt, type: 'timestamptz' },
    { value: reports.id, type: 'uuid' },
  ],
}

export const findOpenReports = (db: Executor, page: PageRequest) => findPage(db, openReports(), OLDEST_REPORT, page)
