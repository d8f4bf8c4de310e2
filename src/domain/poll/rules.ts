import type { Uuid } from '../../core/ids.ts'
import { lifecycle } from '../../core/lifecycle.ts'
import type { answersRevealed, pollState, resultsShown } from '../../db/tables/poll.ts'
import { isStaff, type Viewer } from '../viewer.ts'

export type PollState = (typeof pollState.enumValues)[number]
export type ResultsShown = (typeof resultsShown.enumValues)[number]
export type AnswersRevealed = (typeof answersRevealed.enumValues)[number]

/** A closed poll may be opened again. */
export const pollLifecycle = lifecycle<PollState>('poll', {
  DRAFT: ['OPEN'],
  OPEN: ['CLOSED'],
  CLOSED: ['OPEN'],
})

/** Quizzes, and polls with votes that nobody was to see before the end. */
export const onceOpenLifecycle = lifecycle<PollState>('poll whose closing tells', {
  DRAFT: ['OPEN'],
  OPEN: ['CLOSED'],
  CLOSED: [],
})

export const MIN_OPTIONS = 2
export const MAX_OPTIONS = 20

export interface PollFacts {
  readonly ownerId: Uuid
  readonly state: PollState
  /** Votes are taken now, by the database's clock. */
  readonly isOpen: boolean
  readonly resultsShown: ResultsShown
  readonly answersRevealed: AnswersRevealed | null
  readonly mayChangeVote: boolean
  readonly firstVoteAt: string | null
  readonly closedByStaff: boolean
}

/** An open poll whose time has come is closed, also before anything has written that down. */
export const stateOf = ({ state, isOpen }: Pick<PollFacts, 'state' | 'isOpen'>): PollState =>
  state === 'OPEN' && !isOpen ? 'CLOSED' : state

const isOwner = (viewer: Viewer | null, poll: PollFacts): boolean =>
  viewer !== null && viewer.accountId === poll.ownerId

/** As far as it does not depend on what the poll hangs on. */
export const canSeePoll = (viewer: Viewer | null, poll: Pick<PollFacts, 'ownerId' | 'state'>): boolean =>
  poll.state !== 'DRAFT' || viewer?.accountId === poll.ownerId

export const canEditPoll = (viewer: Viewer | null, poll: PollFacts): boolean =>
  isOwner(viewer, poll) && poll.firstVoteAt === null && stateOf(poll) !== 'CLOSED'

/** Its owner; but what staff or a moderator closed, only staff opens. */
export const mayOpenPoll = (viewer: Viewer | null, poll: PollFacts): boolean =>
  poll.closedByStaff && stateOf(poll) === 'CLOSED' ? isStaff(viewer) : isOwner(viewer, poll)

/** The owner, the moderators of what it hangs on, and staff where a poll does harm. */
export const mayClosePoll = (viewer: Viewer | null, poll: PollFacts, mayModerate: boolean): boolean =>
  isOwner(viewer, poll) || mayModerate || isStaff(viewer)

export const canExtendPoll = (viewer: Viewer | null, poll: PollFacts): boolean => isOwner(viewer, poll)

/** What closing has told everybody cannot be taken back: opened again, the votes would be cast knowing it. */
const isToldByClosing = (poll: Pick<PollFacts, 'answersRevealed' | 'resultsShown' | 'firstVoteAt'>): boolean =>
  poll.answersRevealed !== null || (poll.resultsShown === 'AFTER_CLOSING' && poll.firstVoteAt !== null)

export const lifecycleOf = (poll: Pick<PollFacts, 'answersRevealed' | 'resultsShown' | 'firstVoteAt'>) =>
  isToldByClosing(poll) ? onceOpenLifecycle : pollLifecycle

/** Who sees the results because they have voted keeps their vote: else anybody could vote, look and withdraw. */
export const mayWithdrawVote = (poll: Pick<PollFacts, 'mayChangeVote' | 'resultsShown'>): boolean =>
  poll.mayChangeVote && poll.resultsShown !== 'AFTER_VOTING'

/** It is allowed to the viewer, and the poll is in a state in which it can be done. */
export const canOpenPoll = (viewer: Viewer | null, poll: PollFacts): boolean =>
  lifecycleOf(poll).can(stateOf(poll), 'OPEN') && mayOpenPoll(viewer, poll)

export const canClosePoll = (viewer: Viewer | null, poll: PollFacts, mayModerate: boolean): boolean =>
  lifecycleOf(poll).can(stateOf(poll), 'CLOSED') && mayClosePoll(viewer, poll, mayModerate)

export const canDeletePoll = (viewer: Viewer | null, poll: PollFacts, mayModerate: boolean): boolean =>
  isOwner(viewer, poll) || (poll.state !== 'DRAFT' && (mayModerate || isStaff(viewer)))

export const canVote = (viewer: Viewer | null, poll: PollFacts, hasVoted: boolean): boolean =>
  viewer !== null && poll.isOpen && !hasVoted

export const canChangeVote = (viewer: Viewer | null, poll: PollFacts, hasVoted: boolean): boolean =>
  viewer !== null && poll.isOpen && poll.mayChangeVote && hasVoted

/** What of a poll an audience may see; the same for everybody in it. */
export interface Sight {
  /** Counts, shares and, in public polls, who chose what. */
  readonly results: boolean
  /** Which options of a quiz are right, and why. */
  readonly answers: boolean
}

type Shown = Pick<PollFacts, 'state' | 'isOpen' | 'resultsShown' | 'answersRevealed'>

/** Whether what the poll shows depends on whether its reader has voted. */
export const dependsOnVote = (poll: Shown): boolean =>
  poll.isOpen && (poll.resultsShown === 'AFTER_VOTING' || poll.answersRevealed === 'AFTER_VOTING')

/**
 * The owner is no exception: who decides when a poll closes must not know before the others how it stands. A draft is
 * seen by its owner alone, who has just written the answers.
 */
export function sightOf(poll: Shown, hasVoted: boolean): Sight {
  const isOver = stateOf(poll) === 'CLOSED'
  const voted = poll.isOpen && hasVoted
  return {
    results: isOver || poll.resultsShown === 'ALWAYS' || (poll.resultsShown === 'AFTER_VOTING' && voted),
    answers:
      poll.answersRevealed !== null &&
      (isOver || poll.state === 'DRAFT' || (poll.answersRevealed === 'AFTER_VOTING' && voted)),
  }
}

export interface Score {
  readonly points: number
  readonly maxPoints: number
}

/** A point for each right option; each wrong one takes a point back, so that choosing everything earns nothing. */
export function scoreOf(options: readonly { id: Uuid; isCorrect: boolean }[], chosen: readonly Uuid[]): Score {
  const right = options.filter(({ isCorrect }) => isCorrect)
  const hits = right.filter(({ id }) => chosen.includes(id)).length
  return { points: Math.max(0, hits - (chosen.length - hits)), maxPoints: right.length }
}
