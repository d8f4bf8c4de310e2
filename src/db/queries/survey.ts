import { sql } from 'drizzle-orm'
import type { Executor } from '../database.ts'
import type { PageRequest } from '../keyset.ts'
import { newestSurvey, type SurveyRow, surveyEntity } from '../relations/survey.ts'
import { posts } from '../tables/blog.ts'
import { surveys } from '../tables/survey.ts'
import { isOutsideRoomsOfOthers } from './chat.ts'
import { findPage, type ListSource } from './page.ts'

/** Surveys on a subject that the viewer was found to see, or else those that everybody may see. */
export const listedSurveys = (subjectId: string | null): ListSource<SurveyRow> => ({
  of: surveyEntity,
  where: [
    sql`${surveys.state} <> 'DRAFT'`,
    subjectId === null
      ? sql`(${surveys.subjectId} is null or exists (select 1 from ${posts} where ${posts.id} = ${surveys.subjectId} and ${posts.status} = 'PUBLISHED'))`
      : sql`${surveys.subjectId} = ${subjectId}::text::uuid`,
  ],
})

/** A member's own surveys, drafts too; without those in rooms that they are no longer in. */
export const ownSurveys = (ownerId: string): ListSource<SurveyRow> => ({
  of: surveyEntity,
  where: [sql`${surveys.ownerId} = ${ownerId}::text::uuid`, isOutsideRoomsOfOthers(surveys.subjectId, ownerId)],
})

export const findSurveys = (db: Executor, source: ListSource<SurveyRow>, page: PageRequest) =>
  findPage(db, source, newestSurvey, page)
