import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { surveyAnswers, surveySubmissions, surveys } from '../../db/tables/survey.ts'
import type { Portability } from '../account/portability.ts'
import { deleteSubjects } from '../comment/deletion.ts'

const questionsOf = sql<object[]>`(select json_agg(json_build_object('text', text, 'kind', kind,
  'options', (select json_agg(label order by position) from survey_options where question_id = survey_questions.id)) order by position)
  from survey_questions where survey_id = ${surveys.id})`

const answersOf = sql<object[]>`(select coalesce(json_agg(json_build_object('question', survey_questions.text,
  'answer', coalesce(survey_options.label, survey_answers.number::text, survey_answers.text)) order by survey_questions.position), '[]')
  from survey_answers join survey_questions on survey_questions.id = survey_answers.question_id
  left join survey_options on survey_options.id = survey_answers.option_id where submission_id = ${surveySubmissions.id})`

/** Surveys are deleted with their owner. What a member answered stays counted, and nobody's; their words are deleted. */
export const surveyPortability: Portability = {
  room: 'surveys',
  async exportOf(tx, accountId) {
    const created = await tx.orm
      .select({
        id: surveys.id,
        title: surveys.title,
        introduction: surveys.introduction,
        questions: questionsOf,
        isAnonymous: surveys.isAnonymous,
        resultsShown: surveys.resultsShown,
        state: surveys.state,
        closesAt: surveys.closesAt,
        createdAt: surveys.createdAt,
      })
      .from(surveys)
      .where(eq(surveys.ownerId, accountId))
      .orderBy(surveys.createdAt)
    const answered = await tx.orm
      .select({
        survey: surveys.id,
        title: surveys.title,
        submittedAt: surveySubmissions.submittedAt,
        answers: answersOf,
      })
      .from(surveySubmissions)
      .innerJoin(surveys, eq(surveys.id, surveySubmissions.surveyId))
      .where(eq(surveySubmissions.accountId, accountId))
      .orderBy(surveySubmissions.submittedAt)
    return {
      created: created.map(({ id, ...survey }) => ({ id: encodeId('survey', id), ...survey })),
      answered: answered.map(({ survey, ...rest }) => ({ survey: encodeId('survey', survey), ...rest })),
    }
  },
  async eraseOf(tx, accountId) {
    await deleteSubjects(tx, tx.orm.select({ id: surveys.id }).from(surveys).where(eq(surveys.ownerId, accountId)))
    const isTheirs = eq(surveySubmissions.accountId, accountId)
    const theirs = tx.orm.select({ id: surveySubmissions.id }).from(surveySubmissions).where(isTheirs)
    await tx.orm
      .delete(surveyAnswers)
      .where(and(inArray(surveyAnswers.submissionId, theirs), isNotNull(surveyAnswers.text)))
    await tx.orm.update(surveySubmissions).set({ accountId: null }).where(isTheirs)
  },
}
