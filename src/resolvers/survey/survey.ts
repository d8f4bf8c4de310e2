import { Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { countRows } from '../../db/queries/page.ts'
import { findSurveys, listedSurveys, ownSurveys } from '../../db/queries/survey.ts'
import { accountById } from '../../db/relations/account.ts'
import { subjectSurveyCount, subjectSurveys } from '../../db/relations/survey.ts'
import {
  canCloseSurvey,
  canDeleteSurvey,
  canEditSurvey,
  canOpenSurvey,
  canSubmit,
  surveyStateOf,
} from '../../domain/survey/rules.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import { Account, Viewer } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { Node } from '../../schema/node.ts'
import { PollState } from '../../schema/poll/poll.ts'
import { DateTime } from '../../schema/scalars.ts'
import { Survey, Surveyable, SurveyConnection, SurveyQuestion, SurveySubmission } from '../../schema/survey/survey.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { findAnchor, viewerModerates } from '../subject.ts'
import { areSumsVisible, optionsOf, questionsOf, type SurveyValue, submissionOf } from './node.ts'

@Resolver(() => Survey)
export class SurveyResolver {
  @Query(() => SurveyConnection, {
    description:
      'Surveys that everybody may see, the newest first: those that stand alone and those on published posts.',
  })
  @Rule(everyone)
  async surveys(@Ctx() { deps }: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const source = listedSurveys(null)
    const found = await findSurveys(deps.db, source, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, source))
  }

  @FieldResolver(() => Account)
  owner(@Ctx() { loaders }: Context, @Root() survey: SurveyValue) {
    return loaders.one(accountById, survey.ownerId)
  }

  @FieldResolver(() => Node, { nullable: true })
  subject(@Ctx() context: Context, @Root() survey: SurveyValue) {
    return findAnchor(context, survey.subjectId)
  }

  @FieldResolver(() => [SurveyQuestion])
  @Costs({ atMost: 50 })
  questions(@Ctx() context: Context, @Root() survey: SurveyValue) {
    return questionsOf(context, survey)
  }

  @FieldResolver(() => Boolean)
  areResultsVisible(@Ctx() context: Context, @Root() survey: SurveyValue) {
    return areSumsVisible(context, survey)
  }

  @FieldResolver(() => PollState)
  state(@Root() survey: SurveyValue) {
    return surveyStateOf(survey)
  }

  @FieldResolver(() => DateTime, { nullable: true })
  closedAt(@Root() survey: SurveyValue) {
    return surveyStateOf(survey) === 'CLOSED' ? (survey.closedAt ?? survey.closesAt) : null
  }

  @FieldResolver(() => SurveySubmission, { nullable: true })
  @DependsOnViewer
  async viewerSubmission(@Ctx() context: Context, @Root() survey: SurveyValue) {
    const submission = await submissionOf(context, survey)
    if (submission === null) return null
    const answers = async () => {
      const questions = await questionsOf(context, survey)
      return questions.flatMap((question) => {
        const rows = submission.answers.filter(({ questionId }) => questionId === question.id)
        const [first] = rows
        if (first === undefined) return []
        const chosen = rows.map(({ optionId }) => optionId)
        const options = async () => (await optionsOf(context, question)).filter(({ id }) => chosen.includes(id))
        return [{ question, options, number: first.number, text: first.text }]
      })
    }
    return { submittedAt: submission.submittedAt, answers }
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanSubmit(@Ctx() context: Context, @Root() survey: SurveyValue) {
    return canSubmit(context.viewer, survey, (await submissionOf(context, survey)) !== null)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanEdit(@Ctx() { viewer }: Context, @Root() survey: SurveyValue) {
    return canEditSurvey(viewer, survey)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanOpen(@Ctx() { viewer }: Context, @Root() survey: SurveyValue) {
    return canOpenSurvey(viewer, survey)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanClose(@Ctx() context: Context, @Root() survey: SurveyValue) {
    return canCloseSurvey(context.viewer, survey, await viewerModerates(context, survey.subjectId))
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanDelete(@Ctx() context: Context, @Root() survey: SurveyValue) {
    return canDeleteSurvey(context.viewer, survey, await viewerModerates(context, survey.subjectId))
  }
}

@Resolver(() => Surveyable)
export class SurveyableResolver {
  @FieldResolver(() => SurveyConnection, { description: 'The surveys on it, the newest first, drafts left out.' })
  async surveys(
    @Ctx() { loaders }: Context,
    @Root() subject: { id: string },
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(subjectSurveys, subject.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(subjectSurveyCount, subject.id))
  }

  @FieldResolver(() => Int)
  surveyCount(@Ctx() { loaders }: Context, @Root() subject: { id: string }) {
    return loaders.count(subjectSurveyCount, subject.id)
  }
}

@Resolver(() => Viewer)
export class SurveyViewerResolver {
  @FieldResolver(() => SurveyConnection, { description: 'The viewer’s own surveys in any state, the newest first.' })
  async surveys(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const source = ownSurveys(signedIn(context).accountId)
    const found = await findSurveys(context.deps.db, source, toPageRequest(page))
    return new Connection(found, () => countRows(context.deps.db, source))
  }
}
