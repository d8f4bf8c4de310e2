import { and, eq } from 'drizzle-orm'
import { DomainError, invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { pollBallots, pollOptions } from '../../db/tables/poll.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { type Ballot, castBallot, changeBallot } from './ballot-box.ts'
import { getPoll, type LockedPoll } from './poll.ts'
import { mayWithdrawVote, stateOf } from './rules.ts'

const pollPath = ['input', 'pollId']
const optionPath = (position: number): string[] => ['input', 'optionIds', String(position)]

/** An owner who edits the poll at the same moment makes a vote be checked again, but not for ever. */
const MAX_TRIES = 5

export interface Vote {
  pollId: Uuid
  optionIds: readonly Uuid[]
}

/**
 * Votes, once. The constraint on ballots decides who was first, and the database's clock whether the poll is open.
 * @throws DomainError `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED` (choices), `ALREADY_VOTED`, `POLL_CLOSED`.
 */
export async function castVote(deps: Deps, viewer: Viewer, vote: Vote): Promise<Uuid> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const { poll, ballot } = await check(deps, viewer, vote)
    const cast = await castBallot(deps, ballot)
    if (cast === 'COUNTED') return poll.id
    if (cast === 'TWICE') throw alreadyVoted(poll)
  }
  throw new DomainError('CONFLICT', 'The poll is being changed. Look at it again.', pollPath)
}

/** @throws as `castVote`, and `INVALID_INPUT` where votes cannot be changed or there is none. */
export const changeVote = (deps: Deps, viewer: Viewer, vote: Vote): Promise<Uuid> =>
  replace(deps, vote.pollId, () => check(deps, viewer, vote))

/** Takes the vote back, as if it had not been cast. @throws as `changeVote`. */
export const withdrawVote = (deps: Deps, viewer: Viewer, pollId: Uuid): Promise<Uuid> =>
  replace(deps, pollId, async () => {
    const poll = await getOpenPoll(deps.db, viewer, pollId)
    if (poll.mayChangeVote && !mayWithdrawVote(poll)) {
      throw invalidInput(pollPath, 'Voting has shown the results: this vote can be changed, and not withdrawn.')
    }
    return { poll, ballot: ballotOf(viewer, poll, []) }
  })

async function replace(
  deps: Deps,
  pollId: Uuid,
  prepare: () => Promise<{ poll: LockedPoll; ballot: Ballot }>,
): Promise<Uuid> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const { poll, ballot } = await prepare()
    if (!poll.mayChangeVote) throw invalidInput(pollPath, 'A vote in this poll is final.')
    const { isOpen, hasVoted } = await changeBallot(deps, ballot)
    if (hasVoted) return pollId
    if (isOpen) throw invalidInput(pollPath, 'You have not voted in this poll.')
  }
  throw new DomainError('CONFLICT', 'The poll is being changed. Look at it again.', pollPath)
}

const ballotOf = (viewer: Viewer, poll: LockedPoll, optionIds: readonly Uuid[]): Ballot => ({
  pollId: poll.id,
  settingsVersion: poll.settingsVersion,
  accountId: viewer.accountId,
  optionIds,
})

async function check(deps: Deps, viewer: Viewer, { pollId, optionIds }: Vote) {
  const poll = await getOpenPoll(deps.db, viewer, pollId)
  const options = await deps.db.orm
    .select({ id: pollOptions.id })
    .from(pollOptions)
    .where(eq(pollOptions.pollId, pollId))
  const most = poll.choice === 'SINGLE' ? 1 : (poll.maxChoices ?? options.length)
  if (optionIds.length === 0) throw invalidInput(['input', 'optionIds'], 'Choose an option.')
  for (const [position, id] of optionIds.entries()) {
    if (!options.some((option) => option.id === id)) {
      throw invalidInput(optionPath(position), 'This is no option of this poll.')
    }
    if (optionIds.indexOf(id) < position) throw invalidInput(optionPath(position), 'This option is chosen twice.')
  }
  if (optionIds.length > most) {
    const message = most === 1 ? 'Choose one option.' : `Choose at most ${most} options.`
    throw new DomainError('LIMIT_EXCEEDED', message, ['input', 'optionIds'], { limit: most })
  }
  return { poll, ballot: ballotOf(viewer, poll, optionIds) }
}

/** For a refusal that says more; what counts is looked at by the statement of the vote. */
async function getOpenPoll(db: Executor, viewer: Viewer, pollId: Uuid): Promise<LockedPoll> {
  const poll = await getPoll(db, viewer, pollId, pollPath)
  if (poll.isOpen) return poll
  const state = stateOf(poll)
  const message = state === 'DRAFT' ? 'This poll is not open yet.' : 'This poll is closed.'
  const closedAt = state === 'DRAFT' ? null : (poll.closedAt ?? poll.closesAt)
  throw new DomainError('POLL_CLOSED', message, pollPath, { closedAt })
}

const alreadyVoted = ({ mayChangeVote }: LockedPoll): DomainError =>
  new DomainError(
    'ALREADY_VOTED',
    mayChangeVote ? 'You have voted in this poll. Change your vote instead.' : 'You have voted in this poll.',
    pollPath,
    { mayChangeVote },
  )

export async function hasVoted(db: Executor, accountId: Uuid, pollId: Uuid): Promise<boolean> {
  const found = await db.orm
    .select({ id: pollBallots.id })
    .from(pollBallots)
    .where(and(eq(pollBallots.pollId, pollId), eq(pollBallots.accountId, accountId)))
  return found.length > 0
}
