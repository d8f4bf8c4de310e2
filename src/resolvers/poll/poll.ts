import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { accountById } from '../../db/relations/account.ts'
import {
  canChangeVote,
  canClosePoll,
  canDeletePoll,
  canEditPoll,
  canOpenPoll,
  canVote,
  scoreOf,
  stateOf,
} from '../../domain/poll/rules.ts'
import { Account } from '../../schema/account.ts'
import type { Context } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { Node } from '../../schema/node.ts'
import { Poll, PollOption, PollQuiz, PollScore, PollState, PollVote } from '../../schema/poll/poll.ts'
import { DateTime } from '../../schema/scalars.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { findAnchor, viewerModerates } from '../subject.ts'
import { ballotOf, optionsOf, type PollValue, sight } from './node.ts'

@Resolver(() => Poll)
export class PollResolver {
  @FieldResolver(() => Account)
  owner(@Ctx() { loaders }: Context, @Root() poll: PollValue) {
    return loaders.one(accountById, poll.ownerId)
  }

  @FieldResolver(() => Node, { nullable: true })
  subject(@Ctx() context: Context, @Root() poll: PollValue) {
    return findAnchor(context, poll.subjectId)
  }

  @FieldResolver(() => [PollOption])
  @Costs({ atMost: 20 })
  options(@Ctx() context: Context, @Root() poll: PollValue) {
    return optionsOf(context, poll)
  }

  @FieldResolver(() => Int)
  async maxChoices(@Ctx() context: Context, @Root() poll: PollValue) {
    if (poll.choice === 'SINGLE') return 1
    return poll.maxChoices ?? (await optionsOf(context, poll)).length
  }

  @FieldResolver(() => PollState)
  state(@Root() poll: PollValue) {
    return stateOf(poll)
  }

  @FieldResolver(() => DateTime, { nullable: true })
  closedAt(@Root() poll: PollValue) {
    return stateOf(poll) === 'CLOSED' ? (poll.closedAt ?? poll.closesAt) : null
  }

  @FieldResolver(() => Boolean)
  async areResultsVisible(@Ctx() context: Context, @Root() poll: PollValue) {
    return (await sight(context, poll)).results
  }

  @FieldResolver(() => PollQuiz, { nullable: true })
  async quiz(@Ctx() context: Context, @Root() poll: PollValue) {
    if (poll.answersRevealed === null) return null
    const isRevealed = (await sight(context, poll)).answers
    return {
      answersRevealed: poll.answersRevealed,
      isRevealed,
      explanation: isRevealed ? poll.explanation : null,
      correctOptions: async () =>
        isRevealed ? (await optionsOf(context, poll)).filter(({ isCorrect }) => isCorrect) : null,
    }
  }

  @FieldResolver(() => PollVote, { nullable: true })
  @DependsOnViewer
  async viewerVote(@Ctx() context: Context, @Root() poll: PollValue) {
    const ballot = await ballotOf(context, poll)
    if (ballot === null) return null
    const chosen = async () => (await optionsOf(context, poll)).filter(({ id }) => ballot.optionIds.includes(id))
    return { castAt: ballot.castAt, changedAt: ballot.changedAt, options: chosen }
  }

  @FieldResolver(() => PollScore, { nullable: true })
  @DependsOnViewer
  async viewerScore(@Ctx() context: Context, @Root() poll: PollValue) {
    if (poll.answersRevealed === null || !(await sight(context, poll)).answers) return null
    const ballot = await ballotOf(context, poll)
    return ballot === null ? null : scoreOf(await optionsOf(context, poll), ballot.optionIds)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanVote(@Ctx() context: Context, @Root() poll: PollValue) {
    return canVote(context.viewer, poll, (await ballotOf(context, poll)) !== null)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanChangeVote(@Ctx() context: Context, @Root() poll: PollValue) {
    return canChangeVote(context.viewer, poll, (await ballotOf(context, poll)) !== null)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanEdit(@Ctx() { viewer }: Context, @Root() poll: PollValue) {
    return canEditPoll(viewer, poll)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanOpen(@Ctx() { viewer }: Context, @Root() poll: PollValue) {
    return canOpenPoll(viewer, poll)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanClose(@Ctx() context: Context, @Root() poll: PollValue) {
    return canClosePoll(context.viewer, poll, await viewerModerates(context, poll.subjectId))
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  async viewerCanDelete(@Ctx() context: Context, @Root() poll: PollValue) {
    return canDeletePoll(context.viewer, poll, await viewerModerates(context, poll.subjectId))
  }
}
