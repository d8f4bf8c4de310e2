import { and, asc, eq, gt } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import { follows } from '../../db/tables/account.ts'
import { defineJob } from '../../gateways/queue/job.ts'
import type { Deps } from '../deps.ts'
import { findSubject } from '../subject/registry.ts'
import { notify } from './notify.ts'

/** Tells the followers of an author of a post, `BATCH` of them and then the next: each batch is a short transaction. */
export const tellFollowers = defineJob<{ postId: Uuid; authorId: Uuid; after: Uuid | null }>(
  'notification.tellFollowers',
  { retryLimit: 5, retryDelaySeconds: 5 },
)

const BATCH = 200

/**
 * One batch, and the order for the next. Whoever was told of the post is not told again, so a batch that runs twice
 * changes nothing. A post that was withdrawn meanwhile is told to nobody more.
 */
export async function tellNextFollowers(
  deps: Deps,
  { postId, authorId, after }: { postId: Uuid; authorId: Uuid; after: Uuid | null },
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const post = await findSubject(tx, null, { kind: 'POST', id: postId })
    if (post === null) return
    const batch = await tx.orm
      .select({ id: follows.followerId })
      .from(follows)
      .where(and(eq(follows.followeeId, authorId), after === null ? undefined : gt(follows.followerId, after)))
      .orderBy(asc(follows.followerId))
      .limit(BATCH)
    const recipients = batch.map(({ id }) => id)
    await notify(deps, tx, {
      kind: 'POST_PUBLISHED',
      recipients,
      actorId: authorId,
      subject: postId,
      thread: postId,
      groupBy: postId,
    })
    const last = recipients.at(-1)
    if (recipients.length < BATCH || last === undefined) return
    await deps.jobs.enqueue(tx, tellFollowers, { postId, authorId, after: last })
  })
}
