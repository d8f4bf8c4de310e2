import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { follows } from '../../db/tables/account.ts'
import { posts } from '../../db/tables/blog.ts'
import { defineJob } from '../../gateways/queue/job.ts'
import type { Deps } from '../deps.ts'
import { notify } from '../notification/notify.ts'

interface Announcement {
  readonly postId: Uuid
  readonly authorId: Uuid
  /** The last follower who was told. */
  readonly after: Uuid | null
}

/** Tells the followers of an author of a post, `BATCH` of them and then the next: each batch is a short transaction. */
export const tellFollowers = defineJob<Announcement>('blog.tellFollowers', { retryLimit: 5, retryDelaySeconds: 5 })

const BATCH = 200

/** By a job: an author may have any number of followers. */
export const announcePost = (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  post: { id: Uuid; authorId: Uuid },
): Promise<void> => deps.jobs.enqueue(tx, tellFollowers, { postId: post.id, authorId: post.authorId, after: null })

/**
 * One batch, and the order for the next. Whoever was told of the post is not told again, so a batch that runs twice
 * changes nothing. A post that was withdrawn meanwhile is told to nobody more, and one with a date in the past is no news.
 */
export async function tellNextFollowers(deps: Deps, { postId, authorId, after }: Announcement): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const news = await tx.orm
      .select({ id: posts.id })
      .from(posts)
      .where(
        and(eq(posts.id, postId), eq(posts.status, 'PUBLISHED'), gt(posts.publishedAt, sql`now() - interval '1 day'`)),
      )
    if (news.length === 0) return
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
      groupBy: postId,
    })
    const last = recipients.at(-1)
    if (recipients.length < BATCH || last === undefined) return
    await deps.jobs.enqueue(tx, tellFollowers, { postId, authorId, after: last })
  })
}
