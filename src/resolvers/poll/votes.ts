import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { invalidInput } from '../../core/errors.ts'
import { decodeId, parseId, type Uuid } from '../../core/ids.ts'
import { castVote, changeVote, withdrawVote } from '../../domain/poll/vote.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import {
  CastVotePayload,
  ChangeVotePayload,
  VoteInput,
  WithdrawVoteInput,
  WithdrawVotePayload,
} from '../../schema/poll/input.ts'
import { payload } from '../../schema/user-error.ts'
import { pollNode } from './node.ts'

const pollId = (id: string): Uuid => decodeId('poll', id, ['input', 'pollId'])

/** An id of something else is no option of the poll, as the id of another poll's option is none. */
const optionId = (id: string, position: number): Uuid => {
  const parsed = parseId(id)
  if (parsed?.prefix === 'option') return parsed.uuid
  throw invalidInput(['input', 'optionIds', String(position)], 'This is no option of this poll.')
}

const toVote = (input: VoteInput) => ({ pollId: pollId(input.pollId), optionIds: input.optionIds.map(optionId) })

@Resolver()
export class VoteResolver {
  @Mutation(() => CastVotePayload, {
    nullable: true,
    description:
      'Votes, once. User errors: `ALREADY_VOTED`, `POLL_CLOSED`, `NOT_FOUND`, `INVALID_INPUT` (options), `LIMIT_EXCEEDED` (too many of them).',
  })
  @Rule(isSignedIn)
  castVote(@Ctx() context: Context, @Arg('input', () => VoteInput) input: VoteInput) {
    return payload(context, 'poll', async () =>
      pollNode.load(context, await castVote(context.deps, signedIn(context), toVote(input))),
    )
  }

  @Mutation(() => ChangeVotePayload, {
    nullable: true,
    description:
      'Replaces one’s vote, where the poll allows it. User errors: `POLL_CLOSED`, `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED`.',
  })
  @Rule(isSignedIn)
  changeVote(@Ctx() context: Context, @Arg('input', () => VoteInput) input: VoteInput) {
    return payload(context, 'poll', async () =>
      pollNode.load(context, await changeVote(context.deps, signedIn(context), toVote(input))),
    )
  }

  @Mutation(() => WithdrawVotePayload, {
    nullable: true,
    description:
      'Takes one’s vote back, where the poll allows it. User errors: `POLL_CLOSED`, `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  withdrawVote(@Ctx() context: Context, @Arg('input', () => WithdrawVoteInput) input: WithdrawVoteInput) {
    return payload(context, 'poll', async () =>
      pollNode.load(context, await withdrawVote(context.deps, signedIn(context), pollId(input.pollId))),
    )
  }
}
