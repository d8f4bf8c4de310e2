import { Field, Float, Int, InterfaceType } from 'type-graphql'
import type { ResultsShown as ResultsShownName } from '../../domain/poll/rules.ts'
import { Account } from '../account.ts'
import { connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { enumOf } from '../enums.ts'
import { Node, typeOfRow } from '../node.ts'
import { GraphObject } from '../object.ts'
import { PollState, ResultsShown } from '../poll/poll.ts'
import { DateTime } from '../scalars.ts'

export const SurveyQuestionKind = enumOf<'SINGLE' | 'MULTIPLE' | 'SCALE' | 'TEXT'>(
  'SurveyQuestionKind',
  'How a question is answered.',
  {
    SINGLE: 'With one of its options.',
    MULTIPLE: 'With some of its options.',
    SCALE: 'With a whole number of its scale.',
    TEXT: 'With words, 1 to 5000 characters.',
  },
)

@InterfaceType({
  implements: Node,
  description: 'Anything that surveys can hang on: `createSurvey(input: { subjectId: … })`.',
  resolveType: typeOfRow,
})
export abstract class Surveyable extends Node {
  @Field(() => Int, { description: 'The surveys on it, drafts left out.' })
  surveyCount: number
}

@GraphObject('An answer to choose in a survey.', [Node])
export class SurveyOption extends Node {
  @Field(() => String)
  label: string

  @Field(() => Int, { description: 'Its place in the question, from 0.' })
  position: number

  @Field(() => Int, { nullable: true, description: 'How many chose it; null while the results are hidden.' })
  answerCount: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Per cent of those who answered the question; null while the results are hidden.',
  })
  percent: number | null
}

@GraphObject('The scale of a question: whole numbers from one end to the other.')
export class SurveyScale {
  @Field(() => Int)
  from: number

  @Field(() => Int)
  to: number

  @Field(() => String, { nullable: true, description: 'What the low end means.' })
  fromLabel: string | null

  @Field(() => String, { nullable: true })
  toLabel: string | null
}

@GraphObject('How often a number was answered.')
export class SurveyNumberCount {
  @Field(() => Int)
  number: number

  @Field(() => Int)
  count: number
}

@GraphObject('What somebody wrote.')
export class SurveyText {
  @Field(() => String)
  text: string

  @Field(() => Account, {
    nullable: true,
    description: 'Null in an anonymous survey, and once the account is deleted.',
  })
  author: Account | null
}

export const { Connection: SurveyTextConnection } = connectionOf(SurveyText)

@GraphObject('What a question was answered with.')
export class SurveyResults {
  @Field(() => Int, {
    description: 'How many answered it. Those whose answers led past it, or who left it out, did not.',
  })
  answerCount: number

  @Field(() => Float, { nullable: true, description: 'Of a `SCALE` that was answered.' })
  average: number | null

  @Costs({ atMost: 11 })
  @Field(() => [SurveyNumberCount], { nullable: true, description: 'Of a `SCALE`: each of its numbers.' })
  numbers: SurveyNumberCount[] | null
}

@GraphObject('A question of a survey.', [Node])
export class SurveyQuestion extends Node {
  @Field(() => String)
  text: string

  @Field(() => SurveyQuestionKind)
  kind: 'SINGLE' | 'MULTIPLE' | 'SCALE' | 'TEXT'

  @Field(() => Int, { description: 'Its place in the survey, from 0.' })
  position: number

  @Field(() => Boolean, { description: 'Whoever is led to it must answer it.' })
  isRequired: boolean

  @Costs({ atMost: 30 })
  @Field(() => [SurveyOption])
  options: SurveyOption[]

  @Field(() => Int, { nullable: true, description: 'How many options an answer may name; null where there are none.' })
  maxChoices: number | null

  @Field(() => SurveyScale, { nullable: true })
  scale: SurveyScale | null

  @Costs({ atMost: 31 })
  @Field(() => [SurveyRule], {
    description: 'Where answers lead. The first that applies does; else the next question follows.',
  })
  rules: SurveyRule[]

  @Field(() => SurveyResults, { nullable: true, description: 'Null while the results are hidden.' })
  results: SurveyResults | null
}

@GraphObject('Where an answer leads.')
export class SurveyRule {
  @Field(() => SurveyOption, { nullable: true, description: 'It applies if the answer names this; null: in any case.' })
  ifOption: SurveyOption | null

  @Field(() => SurveyQuestion, { nullable: true, description: 'The question that follows; null: the end.' })
  goTo: SurveyQuestion | null
}

@GraphObject('One answer of the viewer.')
export class SurveyAnswer {
  @Field(() => SurveyQuestion)
  question: SurveyQuestion

  @Costs({ atMost: 30 })
  @Field(() => [SurveyOption])
  options: SurveyOption[]

  @Field(() => Int, { nullable: true })
  number: number | null

  @Field(() => String, { nullable: true })
  text: string | null
}

@GraphObject('What the viewer answered.')
export class SurveySubmission {
  @Field(() => DateTime)
  submittedAt: string

  @Costs({ atMost: 50 })
  @Field(() => [SurveyAnswer])
  answers: SurveyAnswer[]
}

@GraphObject('Several questions, of which an answer may lead past some.', [Node])
export class Survey extends Node {
  @Field(() => Account, { description: 'Who asks, and reads the results at any time.' })
  owner: Account

  @Field(() => Node, { nullable: true, description: 'The post, room, … that it hangs on, and is visible with.' })
  subject: Node | null

  @Field(() => String)
  title: string

  @Field(() => String, { description: 'Plain text; empty if there is none.' })
  introduction: string

  @Costs({ atMost: 50 })
  @Field(() => [SurveyQuestion])
  questions: SurveyQuestion[]

  @Field(() => Boolean, { description: 'Nobody learns who answered what, staff and owner included.' })
  isAnonymous: boolean

  @Field(() => ResultsShown, { description: 'When others than the owner see the results.' })
  resultsShown: ResultsShownName

  @Field(() => Boolean, { description: 'The results can be seen now, by the viewer.' })
  areResultsVisible: boolean

  @Field(() => PollState)
  state: 'DRAFT' | 'OPEN' | 'CLOSED'

  @Field(() => Int, { description: 'How many have answered. It is told also while the results are hidden.' })
  submissionCount: number

  @Field(() => DateTime, { nullable: true })
  closesAt: string | null

  @Field(() => DateTime, { nullable: true })
  openedAt: string | null

  @Field(() => DateTime, { nullable: true })
  closedAt: string | null

  @Field(() => DateTime)
  createdAt: string

  @Field(() => SurveySubmission, { nullable: true, description: 'Null where the viewer has not answered.' })
  viewerSubmission: SurveySubmission | null

  @Field(() => Boolean)
  viewerCanSubmit: boolean

  @Field(() => Boolean, { description: 'Until somebody has answered.' })
  viewerCanEdit: boolean

  @Field(() => Boolean)
  viewerCanOpen: boolean

  @Field(() => Boolean)
  viewerCanClose: boolean

  @Field(() => Boolean)
  viewerCanDelete: boolean
}

export const { Connection: SurveyConnection } = connectionOf(Survey)
