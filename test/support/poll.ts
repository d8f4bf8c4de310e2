import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { GraphClient } from './graph-client.ts'
import { type Listener, subscribed } from './listener.ts'

const POLL = `{ id question state choice maxChoices isAnonymous resultsShown areResultsVisible mayChangeVote voterCount
  closesAt closedAt openedAt subject { id } owner { handle }
  quiz { answersRevealed isRevealed explanation correctOptions { label } }
  options { id label position voteCount percent isCorrect }
  viewerVote { castAt changedAt options { label } } viewerScore { points maxPoints }
  viewerCanVote viewerCanChangeVote viewerCanEdit viewerCanOpen viewerCanClose viewerCanDelete }`

const USER_ERRORS = `userErrors { __typename code message path ... on AlreadyVoted { mayChangeVote }
  ... on PollClosed { closedAt } ... on PollFrozen { firstVoteAt } ... on IllegalTransition { from allowed }
  ... on LimitExceeded { limit } }`

const INPUTS = {
  createPoll: 'CreatePollInput',
  updatePoll: 'UpdatePollInput',
  openPoll: 'OpenPollInput',
  closePoll: 'PollInput',
  extendPoll: 'ExtendPollInput',
  deletePoll: 'PollInput',
  castVote: 'VoteInput',
  changeVote: 'VoteInput',
  withdrawVote: 'WithdrawVoteInput',
} as const

export type PollMutation = keyof typeof INPUTS

export interface Outcome {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape.
  poll: any
  // biome-ignore lint/suspicious/noExplicitAny: each kind of error has fields of its own.
  userErrors: any[]
  /** Code of the first top-level error. */
  refused: string | null
}

export const codeOf = ({ refused, userErrors }: Outcome): string => refused ?? userErrors[0]?.code ?? 'ok'

/** What members do with polls, as they do it: over HTTP. */
export class PollClient extends GraphClient {
  async run(mutation: PollMutation, viewer: Viewer | null, input: Record<string, unknown>): Promise<Outcome> {
    const selection = mutation === 'deletePoll' ? 'deletedId' : `poll ${POLL}`
    const { payload, userErrors, refused } = await this.mutate(
      [mutation, INPUTS[mutation], `${selection} ${USER_ERRORS}`],
      viewer,
      input,
    )
    return {
      poll: payload.poll ?? payload.deletedId ?? null,
      userErrors,
      refused,
    }
  }

  /** The poll as the viewer sees it, or the code of the refusal. */
  async see(viewer: Viewer | null, poll: Uuid): Promise<Outcome['poll'] | string> {
    const id = encodeId('poll', poll)
    const { data, errors } = await this.ask(
      `query ($id: ID!) { node(id: $id) { ... on Poll ${POLL} } }`,
      { id },
      viewer,
    )
    return errors?.[0]?.extensions.code ?? data.node
  }

  /** Ids of the options in their order. */
  async options(poll: Uuid, viewer: Viewer | null = null): Promise<string[]> {
    return (await this.see(viewer, poll)).options.map(({ id }: { id: string }) => id)
  }

  /** Votes for the options at these places. */
  async vote(viewer: Viewer | null, poll: Uuid, positions: number[], mutation: PollMutation = 'castVote') {
    const options = await this.options(poll, viewer)
    return this.run(mutation, viewer, {
      pollId: encodeId('poll', poll),
      optionIds: positions.map((position) => options[position]),
    })
  }

  watch(poll: Uuid, viewer: Viewer | null = null, selection?: string): Promise<Listener> {
    return watchPoll(this, poll, viewer, selection)
  }
}

const SHARED = `id question state voterCount areResultsVisible closesAt closedAt
  quiz { isRevealed explanation } options { id label voteCount percent isCorrect }`

/** Somebody who watches a poll, on a socket of their own. What is selected is the same for everybody unless told. */
async function watchPoll(
  client: PollClient,
  poll: Uuid,
  viewer: Viewer | null,
  selection: string = SHARED,
): Promise<Listener> {
  const socket = client.server.socket(viewer === null ? null : await client.tokenOf(viewer))
  const query = `subscription ($id: ID!) { heard: pollUpdated(pollId: $id) { ${selection} } }`
  return subscribed(socket, query, { id: encodeId('poll', poll) })
}
