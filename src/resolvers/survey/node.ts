import {
  questionOptionList,
  type SurveyOptionRow,
  type SurveyQuestionRow,
  type SurveyRow,
  surveyById,
  surveyOptionById,
  surveyQuestionById,
  surveyQuestionList,
} from '../../db/relations/survey.ts'
import { areSumsShown, isSurveyOwner } from '../../domain/survey/rules.ts'
import { type SubmissionRow, viewerSubmission } from '../../loaders/survey.ts'
import type { Context } from '../../schema/context.ts'
import type { NodeType } from '../node-type.ts'
import { maySeeSurvey } from '../subject.ts'

/** A survey on its way through the graph. */
export interface SurveyValue extends SurveyRow {
  readonly __typename: string
  /** What the audience of a subscription sees: decided before, so that nothing looks at who listens. */
  readonly seen?: { readonly sums: boolean; readonly texts: boolean }
}

export interface QuestionValue extends SurveyQuestionRow {
  readonly __typename: string
  readonly survey: SurveyValue
}

export interface OptionValue extends SurveyOptionRow {
  readonly __typename: string
  readonly question: QuestionValue
}

export const surveyNode: { load(context: Context, id: string): Promise<SurveyValue | null> } & NodeType = {
  typename: 'Survey',
  prefix: 'survey',
  async load(context, id) {
    const survey = await context.loaders.one(surveyById, id)
    return survey !== null && (await maySeeSurvey(context, survey)) ? survey : null
  },
}

async function loadQuestion(context: Context, id: string): Promise<QuestionValue | null> {
  const question = await context.loaders.one(surveyQuestionById, id)
  const survey = question === null ? null : await surveyNode.load(context, question.surveyId)
  return question === null || survey === null ? null : { ...question, survey }
}

export const surveyQuestionNode: NodeType = { typename: 'SurveyQuestion', prefix: 'question', load: loadQuestion }

export const surveyOptionNode: NodeType = {
  typename: 'SurveyOption',
  prefix: 'choice',
  async load(context, id) {
    const option = await context.loaders.one(surveyOptionById, id)
    const question = option === null ? null : await loadQuestion(context, option.questionId)
    return option === null || question === null ? null : { ...option, question }
  },
}

export async function questionsOf({ loaders }: Context, survey: SurveyValue): Promise<QuestionValue[]> {
  return (await loaders.many(surveyQuestionList, survey.id)).map((row) => ({ ...row, survey }))
}

export async function optionsOf({ loaders }: Context, question: QuestionValue): Promise<OptionValue[]> {
  return (await loaders.many(questionOptionList, question.id)).map((row) => ({ ...row, question }))
}

export const submissionOf = ({ loaders, viewer }: Context, survey: SurveyValue): Promise<SubmissionRow | null> =>
  viewer === null ? Promise.resolve(null) : viewerSubmission(loaders, viewer.accountId, survey.id)

/** What people wrote is for the owner alone. */
export const areTextsVisible = (context: Context, survey: SurveyValue): boolean =>
  survey.seen?.texts ?? isSurveyOwner(context.viewer, survey)

/** The viewer is only looked at where it makes a difference. */
export async function areSumsVisible(context: Context, survey: SurveyValue): Promise<boolean> {
  if (survey.seen !== undefined) return survey.seen.sums
  if (areSumsShown(survey, false) || isSurveyOwner(context.viewer, survey)) return true
  return areSumsShown(survey, true) && (await submissionOf(context, survey)) !== null
}
