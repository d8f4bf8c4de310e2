import type { Uuid } from '../../core/ids.ts'
import { topic } from '../../live/bus.ts'

/** Anything about the poll changed: a vote, its state, its options, or that it is gone. */
export const pollChanged = (pollId: Uuid) => topic<Record<string, never>>('pollChanged', pollId)

/** The member has voted in the poll or withdrawn: what they may see of it has changed. */
export const pollVoterChanged = (pollId: Uuid, accountId: Uuid) =>
  topic<Record<string, never>>('pollVoterChanged', `${pollId}/${accountId}`)
