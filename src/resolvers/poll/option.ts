import { Args, Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql'
import { optionVoterCount, optionVoters } from '../../db/relations/poll.ts'
import { AccountConnection } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import type { Context } from '../../schema/context.ts'
import { Node } from '../../schema/node.ts'
import { PollOption } from '../../schema/poll/poll.ts'
import { loadNode } from '../nodes.ts'
import { maySeePoll } from '../subject.ts'
import { type OptionValue, sight } from './node.ts'

@Resolver(() => PollOption)
export class PollOptionResolver {
  @FieldResolver(() => Node, { nullable: true })
  node(@Ctx() context: Context, @Root() { nodePrefix, nodeId }: OptionValue) {
    return nodePrefix === null || nodeId === null ? null : loadNode(context, nodePrefix, nodeId)
  }

  @FieldResolver(() => Int, { nullable: true })
  async voteCount(@Ctx() context: Context, @Root() { poll, voteCount }: OptionValue) {
    return (await sight(context, poll)).results ? voteCount : null
  }

  @FieldResolver(() => Float, { nullable: true })
  async percent(@Ctx() context: Context, @Root() { poll, voteCount }: OptionValue) {
    if (!(await sight(context, poll)).results) return null
    // The two counts may be from different moments where they were not read together.
    return poll.voterCount === 0 ? 0 : Math.min(100, (100 * voteCount) / poll.voterCount)
  }

  @FieldResolver(() => Boolean, { nullable: true })
  async isCorrect(@Ctx() context: Context, @Root() { poll, isCorrect }: OptionValue) {
    return (await sight(context, poll)).answers ? isCorrect : null
  }

  @FieldResolver(() => AccountConnection, {
    nullable: true,
    description:
      'Who chose it, the latest first. Null in an anonymous poll, for everybody, and while the results are hidden.',
  })
  async voters(
    @Ctx() context: Context,
    @Root() { poll, id }: OptionValue,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const request = toPageRequest(page)
    if (poll.isAnonymous || !(await sight(context, poll)).results) return null
    if (poll.isReported === true && !(await maySeePoll(context, poll))) return null
    const { loaders } = context
    return new Connection(await loaders.page(optionVoters, id, request), () => loaders.count(optionVoterCount, id))
  }
}
