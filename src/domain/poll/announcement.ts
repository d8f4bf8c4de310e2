import { and, asc, eq, gt, isNotNull } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { pollBallots, polls } from '../../db/tables/poll.ts'
import { defineJob } from '../../gateways/queue/job.ts'
import type { Deps } from '../deps.ts'
import { notify } from '../notification/notify.ts'

interface Announcement {
  readonly pollId: Uuid
  /** Who closed it and knows that; null where its time had come. */
  readonly closedBy: Uuid | null
  /** The last voter who was told; null before the first batch. */
  readonly after: Uuid | null
}

/** Tells those who took part in a poll that it is closed, `BATCH` of them and then the next. */
export const tellVoters = defineJob<Announcement>('poll.tellVoters', { retryLimit: 5, retryDelaySeconds: 5 })

const BATCH = 200

/** By a job, in the transaction that closes the poll: any number of members may have voted. */
export const announceClosing = (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  pollId: Uuid,
  closedBy: Uuid | null,
): Promise<void> => deps.jobs.enqueue(tx, tellVoters, { pollId, closedBy, after: null })

/**
 * One batch, and the order for the next; its owner is told with the first. A poll that was opened again meanwhile is no
 * news. Who has not read of it yet is not told twice, should a batch run twice.
 */
export async function tellNextVoters(deps: Deps, { pollId, closedBy, after }: Announcement): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const [closed] = await tx.orm
      .select({ ownerId: polls.ownerId })
      .from(polls)
      .where(and(eq(polls.id, pollId), eq(polls.state, 'CLOSED')))
    if (closed === undefined) return
    const voter = pollBallots.accountId
    const batch = await tx.orm
      .select({ id: voter })
      .from(pollBallots)
      .where(and(eq(pollBallots.pollId, pollId), isNotNull(voter), after === null ? undefined : gt(voter, after)))
      .orderBy(asc(voter))
      .limit(BATCH)
    const voters = batch.map(({ id }) => id)
    await notify(deps, tx, {
      kind: 'POLL_CLOSED',
      recipients: after === null ? [closed.ownerId, ...voters] : voters,
      actorId: closedBy,
      subject: pollId,
      groupBy: pollId,
    })
    const last = voters.at(-1)
    if (voters.length < BATCH || !last) return
    await deps.jobs.enqueue(tx, tellVoters, { pollId, closedBy, after: last })
  })
}
