import { type PollOptionRow, type PollRow, pollById, pollOptionById, pollOptionList } from '../../db/relations/poll.ts'
import { dependsOnVote, type Sight, sightOf } from '../../domain/poll/rules.ts'
import { type BallotRow, viewerBallot } from '../../loaders/poll.ts'
import type { Context } from '../../schema/context.ts'
import type { NodeType } from '../node-type.ts'
import { maySeePoll } from '../subject.ts'

/** A poll on its way through the graph. */
export interface PollValue extends PollRow {
  readonly __typename: string
  /** What the audience of a subscription may see: decided before, so that nothing looks at who listens. */
  readonly seen?: Sight
  /** Staff look at it because it was reported, and see of it only what the poll itself says. */
  readonly isReported?: boolean
  /** As they stood when the row was read. */
  readonly optionRows?: readonly PollOptionRow[]
}

/** An option knows its poll, whose rules say what it may show. */
export interface OptionValue extends PollOptionRow {
  readonly __typename: string
  readonly poll: PollValue
}

export const pollNode: NodeType & { load(context: Context, id: string): Promise<PollValue | null> } = {
  typename: 'Poll',
  prefix: 'poll',
  async load(context, id) {
    const poll = await context.loaders.one(pollById, id)
    return poll !== null && (await maySeePoll(context, poll)) ? poll : null
  },
}

export const pollOptionNode: NodeType = {
  typename: 'PollOption',
  prefix: 'option',
  async load(context, id) {
    const option = await context.loaders.one(pollOptionById, id)
    const poll = option === null ? null : await pollNode.load(context, option.pollId)
    return option === null || poll === null ? null : { ...option, poll }
  },
}

export const ballotOf = ({ loaders, viewer }: Context, poll: PollValue): Promise<BallotRow | null> =>
  viewer === null ? Promise.resolve(null) : viewerBallot(loaders, viewer.accountId, poll.id)

/** What may be shown of the poll. The viewer is only looked at where it makes a difference. */
export async function sight(context: Context, poll: PollValue): Promise<Sight> {
  if (poll.seen !== undefined) return poll.seen
  return sightOf(poll, dependsOnVote(poll) && (await ballotOf(context, poll)) !== null)
}

export async function optionsOf({ loaders }: Context, poll: PollValue): Promise<OptionValue[]> {
  const rows = poll.optionRows ?? (await loaders.many(pollOptionList, poll.id))
  return rows.map((row) => ({ ...row, __typename: pollOptionNode.typename, poll }))
}
