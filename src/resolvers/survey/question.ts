import { Args, Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql'
import { accountById } from '../../db/relations/account.ts'
import { questionRuleList, questionTextCount, questionTexts, type SurveyAnswerRow } from '../../db/relations/survey.ts'
import { answerCounts, answeredCount, submissionAuthor } from '../../loaders/survey.ts'
import { Account } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import type { Context } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import {
  SurveyOption,
  SurveyQuestion,
  SurveyResults,
  SurveyRule,
  SurveyScale,
  SurveyText,
  SurveyTextConnection,
} from '../../schema/survey/survey.ts'
import {
  areSumsVisible,
  areTextsVisible,
  type OptionValue,
  optionsOf,
  type QuestionValue,
  questionsOf,
} from './node.ts'

@Resolver(() => SurveyQuestion)
export class SurveyQuestionResolver {
  @FieldResolver(() => [SurveyOption])
  @Costs({ atMost: 30 })
  options(@Ctx() context: Context, @Root() question: QuestionValue) {
    return optionsOf(context, question)
  }

  @FieldResolver(() => Int, { nullable: true })
  async maxChoices(@Ctx() context: Context, @Root() question: QuestionValue) {
    if (question.kind === 'SINGLE') return 1
    if (question.kind !== 'MULTIPLE') return null
    return question.maxChoices ?? (await optionsOf(context, question)).length
  }

  @FieldResolver(() => SurveyScale, { nullable: true })
  scale(@Root() { scaleFrom, scaleTo, scaleFromLabel, scaleToLabel }: QuestionValue) {
    if (scaleFrom === null) return null
    return { from: scaleFrom, to: scaleTo, fromLabel: scaleFromLabel, toLabel: scaleToLabel }
  }

  @FieldResolver(() => [SurveyRule])
  @Costs({ atMost: 31 })
  async rules(@Ctx() context: Context, @Root() question: QuestionValue) {
    const rules = await context.loaders.many(questionRuleList, question.id)
    return rules.map(({ optionId, goToId }) => ({
      ifOption: async () => (await optionsOf(context, question)).find(({ id }) => id === optionId) ?? null,
      goTo: async () => (await questionsOf(context, question.survey)).find(({ id }) => id === goToId) ?? null,
    }))
  }

  @FieldResolver(() => SurveyResults, { nullable: true })
  async results(@Ctx() context: Context, @Root() question: QuestionValue) {
    if (!(await areSumsVisible(context, question.survey))) return null
    const { kind, scaleFrom, scaleTo } = question
    const answerCount = await answeredCount(context.loaders, question.id)
    if (kind !== 'SCALE' || scaleFrom === null || scaleTo === null) return { answerCount, average: null, numbers: null }
    const counts = await answerCounts(context.loaders, question.id)
    const numbers = Array.from({ length: scaleTo - scaleFrom + 1 }, (_, at) => scaleFrom + at).map((number) => ({
      number,
      count: counts.find((each) => each.number === number)?.count ?? 0,
    }))
    const sum = numbers.reduce((total, { number, count }) => total + number * count, 0)
    return { answerCount, average: answerCount === 0 ? null : sum / answerCount, numbers }
  }

  @FieldResolver(() => SurveyTextConnection, {
    nullable: true,
    description: 'What was written, in no order. For the owner; null for everybody else, and where nothing is written.',
  })
  async texts(
    @Ctx() context: Context,
    @Root() question: QuestionValue,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const request = toPageRequest(page)
    if (question.kind !== 'TEXT' || !areTextsVisible(context, question.survey)) return null
    const found = await context.loaders.page(questionTexts, question.id, request)
    const { isAnonymous } = question.survey
    const rows = found.rows.map((row) => Object.assign(row, { isAnonymous }))
    return new Connection({ ...found, rows }, () => context.loaders.count(questionTextCount, question.id))
  }
}

@Resolver(() => SurveyText)
export class SurveyTextResolver {
  @FieldResolver(() => Account, { nullable: true })
  async author(@Ctx() { loaders }: Context, @Root() row: SurveyAnswerRow & { isAnonymous: boolean }) {
    return row.isAnonymous ? null : loaders.one(accountById, await submissionAuthor(loaders, row.submissionId))
  }

  @FieldResolver(() => String)
  text(@Ctx() { texts }: Context, @Root() row: SurveyAnswerRow) {
    return texts.spend(row.text ?? '')
  }
}

@Resolver(() => SurveyOption)
export class SurveyOptionResolver {
  @FieldResolver(() => Int, { nullable: true })
  async answerCount(@Ctx() context: Context, @Root() option: OptionValue) {
    if (!(await areSumsVisible(context, option.question.survey))) return null
    const counts = await answerCounts(context.loaders, option.questionId)
    return counts.find(({ optionId }) => optionId === option.id)?.count ?? 0
  }

  @FieldResolver(() => Float, { nullable: true })
  async percent(@Ctx() context: Context, @Root() option: OptionValue) {
    const count = await this.answerCount(context, option)
    if (count === null) return null
    const answered = await answeredCount(context.loaders, option.questionId)
    return answered === 0 ? 0 : Math.min(100, (100 * count) / answered)
  }
}
