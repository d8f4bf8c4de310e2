import { Field, ID, InputType, Int } from 'type-graphql'
import type { ResultsShown as ResultsShownName } from '../../domain/poll/rules.ts'
import { ResultsShown } from '../poll/poll.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { Survey, SurveyQuestionKind } from './survey.ts'

@InputType({ description: 'Leads past questions: “if the answer is option 1, go to question 4”. Places count from 0.' })
export class SurveyRuleInput {
  @Field(() => Int, { nullable: true, description: 'The place of an option; null: whatever the answer.' })
  ifOption?: number

  @Field(() => Int, { nullable: true, description: 'The place of a later question; null: the end.' })
  goTo?: number
}

@InputType()
export class SurveyScaleInput {
  @Field(() => Int, { defaultValue: 1, description: '0 or 1.' })
  from: number

  @Field(() => Int, { defaultValue: 5, description: '2 to 10.' })
  to: number

  @Field(() => String, { nullable: true })
  fromLabel?: string

  @Field(() => String, { nullable: true })
  toLabel?: string
}

@InputType()
export class SurveyQuestionInput {
  @Field(() => String, { description: '1 to 300 characters.' })
  text: string

  @Field(() => SurveyQuestionKind, { defaultValue: SurveyQuestionKind.SINGLE })
  kind: 'SINGLE' | 'MULTIPLE' | 'SCALE' | 'TEXT'

  @Field(() => Boolean, { defaultValue: true })
  isRequired: boolean

  @Field(() => [String], { nullable: true, description: '2 to 30, of a `SINGLE` or `MULTIPLE` question.' })
  options?: string[]

  @Field(() => Int, { nullable: true, description: 'Of a `MULTIPLE` question; all unless told.' })
  maxChoices?: number

  @Field(() => SurveyScaleInput, { nullable: true })
  scale?: SurveyScaleInput

  @Field(() => [SurveyRuleInput], { nullable: true, description: 'The first that applies does.' })
  rules?: SurveyRuleInput[]
}

@InputType()
export class CreateSurveyInput {
  @Field(() => ID, { nullable: true, description: 'The post, room, … to hang it on; without it, it stands alone.' })
  subjectId?: string

  @Field(() => String, { description: '1 to 200 characters.' })
  title: string

  @Field(() => String, { nullable: true, description: 'Plain text, at most 5000 characters.' })
  introduction?: string

  @Field(() => [SurveyQuestionInput], { description: '1 to 50.' })
  questions: SurveyQuestionInput[]

  @Field(() => Boolean, { defaultValue: true })
  isAnonymous: boolean

  @Field(() => ResultsShown, { defaultValue: ResultsShown.AFTER_VOTING })
  resultsShown: ResultsShownName

  @Field(() => DateTime, { nullable: true, description: 'In the future, at most five years ahead.' })
  closesAt?: string

  @Field(() => Boolean, { defaultValue: false })
  isDraft: boolean

  @Field(() => String, {
    nullable: true,
    description: 'The same key and input again gets the first answer. 8 to 100 printable characters.',
  })
  idempotencyKey?: string
}

@InputType({ description: 'The survey as it is to be, all of it.' })
export class UpdateSurveyInput {
  @Field(() => ID)
  id: string

  @Field(() => String)
  title: string

  @Field(() => String, { nullable: true })
  introduction?: string

  @Field(() => [SurveyQuestionInput])
  questions: SurveyQuestionInput[]

  @Field(() => Boolean, { defaultValue: true })
  isAnonymous: boolean

  @Field(() => ResultsShown, { defaultValue: ResultsShown.AFTER_VOTING })
  resultsShown: ResultsShownName
}

@InputType()
export class SurveyInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class OpenSurveyInput {
  @Field(() => ID)
  id: string

  @Field(() => DateTime, { nullable: true, description: 'Left out, a draft keeps the time that it has.' })
  closesAt?: string | null
}

@InputType()
export class ExtendSurveyInput {
  @Field(() => ID)
  id: string

  @Field(() => DateTime, { nullable: true, description: 'Null: until somebody closes it.' })
  closesAt?: string | null
}

@InputType({ description: 'With one of `optionIds`, `number` and `text`, as the question wants it.' })
export class SurveyAnswerInput {
  @Field(() => ID)
  questionId: string

  @Field(() => [ID], { nullable: true })
  optionIds?: string[]

  @Field(() => Int, { nullable: true })
  number?: number

  @Field(() => String, { nullable: true })
  text?: string
}

@InputType()
export class SubmitSurveyInput {
  @Field(() => ID)
  surveyId: string

  @Field(() => [SurveyAnswerInput], { description: 'To the questions that the answers lead to, and no others.' })
  answers: SurveyAnswerInput[]
}

const ofSurvey = (name: string, description: string) => payloadOf(name, 'survey', () => Survey, description)

export const CreateSurveyPayload = ofSurvey('CreateSurveyPayload', 'The new survey.')
export const UpdateSurveyPayload = ofSurvey('UpdateSurveyPayload', 'The changed survey.')
export const OpenSurveyPayload = ofSurvey('OpenSurveyPayload', 'The open survey.')
export const ExtendSurveyPayload = ofSurvey('ExtendSurveyPayload', 'The survey with its new closing time.')
export const CloseSurveyPayload = ofSurvey('CloseSurveyPayload', 'The closed survey.')
export const SubmitSurveyPayload = ofSurvey('SubmitSurveyPayload', 'The survey as it stands with the answers.')
export const DeleteSurveyPayload = payloadOf('DeleteSurveyPayload', 'deletedId', () => ID, 'The id of what is gone.')
