import { vi } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import type { Answer, GraphError, TestServer } from './server.ts'

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
export class PollClient {
  readonly #tokens = new Map<Viewer, Promise<string>>()

  constructor(readonly server: TestServer) {}

  tokenOf(viewer: Viewer): Promise<string> {
    const token = this.#tokens.get(viewer) ?? this.server.tokenOf(viewer)
    this.#tokens.set(viewer, token)
    return token
  }

  async ask(query: string, variables: Record<string, unknown> = {}, viewer: Viewer | null = null): Promise<Answer> {
    return this.server.ask(query, variables, viewer === null ? null : await this.tokenOf(viewer))
  }

  async run(mutation: PollMutation, viewer: Viewer | null, input: Record<string, unknown>): Promise<Outcome> {
    const selection = mutation === 'deletePoll' ? 'deletedId' : `poll ${POLL}`
    const query = `mutation ($input: ${INPUTS[mutation]}!) { done: ${mutation}(input: $input) { ${selection} ${USER_ERRORS} } }`
    const { data, errors } = await this.ask(query, { input }, viewer)
    const done = data?.done ?? null
    return {
      poll: done?.poll ?? done?.deletedId ?? null,
      userErrors: done?.userErrors ?? [],
      refused: errors?.[0]?.extensions.code ?? null,
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

  watch(poll: Uuid, viewer: Viewer | null = null, selection?: string): Promise<Watcher> {
    return watchPoll(this, poll, viewer, selection)
  }
}

export interface Watcher {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape.
  readonly seen: any[]
  readonly atMs: number[]
  readonly errors: GraphError[]
  readonly isEnded: () => boolean
  /** Waits until the last state that came satisfies it. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape.
  until(holds: (poll: any) => boolean, timeoutMs?: number): Promise<any>
  leave(): Promise<void>
}

const SHARED = `id question state voterCount areResultsVisible closesAt closedAt
  quiz { isRevealed explanation } options { id label voteCount percent isCorrect }`

/** Somebody who watches a poll, on a socket of their own. What is selected is the same for everybody unless told. */
async function watchPoll(
  client: PollClient,
  poll: Uuid,
  viewer: Viewer | null,
  selection: string = SHARED,
): Promise<Watcher> {
  const socket = client.server.socket(viewer === null ? null : await client.tokenOf(viewer))
  const seen: Outcome['poll'][] = []
  const atMs: number[] = []
  const errors: GraphError[] = []
  let ended = false
  const query = `subscription ($id: ID!) { pollUpdated(pollId: $id) { ${selection} } }`
  socket.subscribe<{ pollUpdated: Outcome['poll'] }>(
    { query, variables: { id: encodeId('poll', poll) } },
    {
      next: ({ data, errors: failed }) => {
        if (data?.pollUpdated) {
          seen.push(data.pollUpdated)
          atMs.push(performance.now())
        }
        errors.push(...((failed ?? []) as unknown as GraphError[]))
      },
      error: (error) => {
        ended = true
        errors.push(...(Array.isArray(error) ? (error as GraphError[]) : []))
      },
      complete: () => {
        ended = true
      },
    },
  )
  return {
    seen,
    atMs,
    errors,
    isEnded: () => ended,
    async until(holds, timeout = 20_000) {
      await vi.waitFor(
        () => {
          if (seen.length === 0 || !holds(seen.at(-1))) {
            throw new Error(`last seen: ${JSON.stringify(seen.at(-1))} ${JSON.stringify(errors)}`)
          }
        },
        { timeout, interval: 10 },
      )
      return seen.at(-1)
    },
    leave: async () => socket.dispose(),
  }
}
