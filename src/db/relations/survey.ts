import { sql } from 'drizzle-orm'
import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, count, type Entity, entity, hasMany, type RowOf } from '../relation.ts'
import { surveyAnswers, surveyOptions, surveyQuestions, surveyRules, surveys } from '../tables/survey.ts'

/** `isOpen` by the database's clock, which also decides about submissions. */
export type SurveyRow = RowOf<typeof surveys> & { readonly isOpen: boolean }
export type SurveyQuestionRow = RowOf<typeof surveyQuestions>
export type SurveyOptionRow = RowOf<typeof surveyOptions>
export type SurveyAnswerRow = RowOf<typeof surveyAnswers>

export const isSurveyOpen = sql`(${surveys.state} = 'OPEN' and (${surveys.closesAt} is null or ${surveys.closesAt} > clock_timestamp()))`

export const surveyEntity: Entity<SurveyRow> = {
  typename: 'Survey',
  table: surveys,
  columns: { ...entity('Survey', surveys).columns, isOpen: isSurveyOpen },
}
const questionEntity = entity('SurveyQuestion', surveyQuestions)
const optionEntity = entity('SurveyOption', surveyOptions)
const ruleEntity = entity('SurveyRule', surveyRules)

export const surveyById = belongsTo(surveyEntity, surveys.id)
export const surveyQuestionById = belongsTo(questionEntity, surveyQuestions.id)
export const surveyOptionById = belongsTo(optionEntity, surveyOptions.id)

export const newestSurvey: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: surveys.createdAt, type: 'timestamptz' },
    { value: surveys.id, type: 'uuid' },
  ],
}

const isShown = sql`${surveys.state} <> 'DRAFT'`
export const subjectSurveys = hasMany(surveyEntity, { by: surveys.subjectId, where: isShown, order: newestSurvey })
export const subjectSurveyCount = count(surveys, { by: surveys.subjectId, where: isShown })

const byPosition = (
  position: typeof surveyQuestions.position | typeof surveyOptions.position | typeof surveyRules.position,
) => ({ name: 'POSITION', direction: 'asc', keys: [{ value: position, type: 'integer' }] }) satisfies KeysetOrder

export const surveyQuestionList = hasMany(questionEntity, {
  by: surveyQuestions.surveyId,
  order: byPosition(surveyQuestions.position),
})
export const questionOptionList = hasMany(optionEntity, {
  by: surveyOptions.questionId,
  order: byPosition(surveyOptions.position),
})
export const questionRuleList = hasMany(ruleEntity, {
  by: surveyRules.questionId,
  order: byPosition(surveyRules.position),
})

const isText = sql`${surveyAnswers.text} is not null`
/** The texts that were written for a question, in an order that says nothing about who wrote when. */
export const questionTexts = hasMany(entity('SurveyText', surveyAnswers), {
  by: surveyAnswers.questionId,
  where: isText,
  order: { name: 'ANY', direction: 'asc', keys: [{ value: surveyAnswers.id, type: 'uuid' }] },
})
export const questionTextCount = count(surveyAnswers, { by: surveyAnswers.questionId, where: isText })
