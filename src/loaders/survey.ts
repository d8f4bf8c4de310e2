import { sql } from 'drizzle-orm'
import { keysOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { surveyAnswers, surveySubmissions } from '../db/tables/survey.ts'
import type { BatchLoaders } from './batch.ts'

export interface SubmissionRow {
  readonly id: string
  readonly submittedAt: string
  readonly answers: readonly {
    readonly questionId: string
    readonly optionId: string | null
    readonly number: number | null
    readonly text: string | null
  }[]
}

const own = statement<SubmissionRow & { __key: string }>(
  sql`select ${surveySubmissions.surveyId} as "__key", ${surveySubmissions.id} as "id", ${surveySubmissions.submittedAt} as "submittedAt",
    (select coalesce(json_agg(json_build_object('questionId', ${surveyAnswers.questionId}, 'optionId', ${surveyAnswers.optionId}, 'number', ${surveyAnswers.number}, 'text', ${surveyAnswers.text})), '[]')
      from ${surveyAnswers} where ${surveyAnswers.submissionId} = ${surveySubmissions.id}) as "answers"
    from ${surveySubmissions} where ${surveySubmissions.accountId} = ${sql.placeholder('viewer')}::text::uuid and ${surveySubmissions.surveyId} = any(${keysOf(surveySubmissions.surveyId)})`,
)

/** What the viewer answered in a survey, batched; null where they have not. */
export const viewerSubmission = (
  loaders: BatchLoaders,
  viewer: string,
  surveyId: string,
): Promise<SubmissionRow | null> => loaders.grouped(own, surveyId, { viewer }, ([row]) => row ?? null)

export interface AnswerCount {
  readonly optionId: string | null
  readonly number: number | null
  readonly count: number
}

const counts = statement<AnswerCount & { __key: string }>(
  sql`select ${surveyAnswers.questionId} as "__key", ${surveyAnswers.optionId} as "optionId", ${surveyAnswers.number} as "number", count(*)::int as "count"
    from ${surveyAnswers} where ${surveyAnswers.questionId} = any(${keysOf(surveyAnswers.questionId)}) group by 1, 2, 3`,
)

/** How often each option and number was answered; the texts are counted with both null. */
export const answerCounts = (loaders: BatchLoaders, questionId: string): Promise<readonly AnswerCount[]> =>
  loaders.grouped(counts, questionId, {}, (rows) => rows)

const answered = statement<{ __key: string; count: number }>(
  sql`select ${surveyAnswers.questionId} as "__key", count(distinct ${surveyAnswers.submissionId})::int as "count"
    from ${surveyAnswers} where ${surveyAnswers.questionId} = any(${keysOf(surveyAnswers.questionId)}) group by 1`,
)

/** How many members answered the question. */
export const answeredCount = (loaders: BatchLoaders, questionId: string): Promise<number> =>
  loaders.grouped(answered, questionId, {}, ([row]) => row?.count ?? 0)

const authors = statement<{ __key: string; accountId: string | null }>(
  sql`select ${surveySubmissions.id} as "__key", ${surveySubmissions.accountId} as "accountId" from ${surveySubmissions} where ${surveySubmissions.id} = any(${keysOf(surveySubmissions.id)})`,
)

export const submissionAuthor = (loaders: BatchLoaders, submissionId: string): Promise<string | null> =>
  loaders.grouped(authors, submissionId, {}, ([row]) => row?.accountId ?? null)
