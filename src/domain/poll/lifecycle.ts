import { eq, sql } from 'drizzle-orm'
import { forbidden } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { polls } from '../../db/tables/poll.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { announceClosing } from './announcement.ts'
import { closeAtItsTime } from './closing.ts'
import { ensurePlaceFor } from './place.ts'
import { lockPoll, lockPollOrReported } from './poll.ts'
import { canExtendPoll, lifecycleOf, mayClosePoll, mayOpenPoll, stateOf } from './rules.ts'
import { checkClosing } from './settings.ts'
import { pollChanged } from './topics.ts'

export interface ClosingTime {
  id: Uuid
  /** Null: until somebody closes it. */
  closesAt?: string | null | undefined
}

const write = async (deps: Deps, tx: Transaction, id: Uuid, change: object): Promise<Uuid> => {
  await tx.orm
    .update(polls)
    .set({ ...change, updatedAt: sql`now()` })
    .where(eq(polls.id, id))
  tx.afterCommit(() => deps.bus.publish(pollChanged(id), {}))
  return id
}

/** Opens a draft, or a closed poll again. @throws `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`. */
export function openPoll(deps: Deps, viewer: Viewer, input: ClosingTime): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const poll = await lockPoll(tx, viewer, input.id)
    if (!mayOpenPoll(viewer, poll)) {
      throw forbidden(
        poll.closedByStaff
          ? 'A moderator or staff closed this poll; only staff may open it.'
          : 'Only its owner may open a poll.',
      )
    }
    lifecycleOf(poll).ensure(stateOf(poll), 'OPEN')
    // A closed one does not count, a draft does already.
    if (poll.subjectId !== null && poll.state !== 'DRAFT') await ensurePlaceFor('polls', tx, poll.subjectId)
    // A draft keeps the closing time that it was given; that of a closed poll is over.
    const closing = input.closesAt === undefined && poll.state === 'DRAFT' ? poll.closesAt : input.closesAt
    const closesAt = checkClosing(deps.clock, closing)
    await closeAtItsTime(deps, tx, closesAt)
    const opened = { openedAt: sql`coalesce(${polls.openedAt}, now())`, closedAt: null, closedByStaff: false }
    return write(deps, tx, poll.id, { state: 'OPEN', closesAt, ...opened })
  })
}

/** At once, for everybody. @throws `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`. */
export function closePoll(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const poll = await lockPollOrReported(tx, viewer, id)
    if (!mayClosePoll(viewer, poll, poll.viewerMayModerate)) {
      throw forbidden('Only its owner, a moderator of its room or staff may close a poll.')
    }
    lifecycleOf(poll).ensure(stateOf(poll), 'CLOSED')
    const closedByStaff = poll.ownerId !== viewer.accountId
    await announceClosing(deps, tx, id, viewer.accountId)
    return write(deps, tx, id, { state: 'CLOSED', closedAt: sql`clock_timestamp()`, closedByStaff })
  })
}

/** Moves the closing time of an open poll, either way. @throws `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`. */
export function extendPoll(deps: Deps, viewer: Viewer, input: ClosingTime): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const poll = await lockPoll(tx, viewer, input.id)
    if (!canExtendPoll(viewer, poll)) throw forbidden('Only its owner may move the closing time of a poll.')
    if (stateOf(poll) !== 'DRAFT') lifecycleOf(poll).ensure(stateOf(poll), 'CLOSED')
    const closesAt = checkClosing(deps.clock, input.closesAt)
    if (poll.isOpen) await closeAtItsTime(deps, tx, closesAt)
    return write(deps, tx, poll.id, { closesAt })
  })
}
