import { and, eq, lte, sql } from 'drizzle-orm'
import { forbidden, invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { posts } from '../../db/tables/blog.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { tellWithdrawal } from '../subject/topics.ts'
import type { Viewer } from '../viewer.ts'
import { announcePost } from './announcement.ts'
import { type LockedPost, lockVisiblePost, lockWritablePost } from './post.ts'
import { canArchivePost, canPublishPost, isArchivedByStaff, type PostStatus, postLifecycle } from './rules.ts'

/** Wakes the publication of due posts. It carries nothing: what is due is read from the table. */
export const publishDue = defineJob<Record<string, never>>('blog.publishDue', { retryLimit: 5, retryDelaySeconds: 5 })

/** Further ahead than this is a slip of the finger. */
const MAX_SCHEDULE_DAYS = 5 * 366

/** The first publication sets the date; a post that comes back from the archive keeps it. */
const move = (tx: Transaction, post: LockedPost, status: PostStatus, archivedByStaff = false) =>
  tx.orm
    .update(posts)
    .set({
      status,
      archivedByStaff,
      publishAt: null,
      updatedAt: sql`now()`,
      ...(status === 'PUBLISHED' ? { publishedAt: sql`coalesce(${posts.publishedAt}, now())` } : {}),
    })
    .where(eq(posts.id, post.id))

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`. */
export function publishPost(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const post = await lockVisiblePost(tx, viewer, id)
    if (!canPublishPost(viewer, post)) {
      throw forbidden(
        post.archivedByStaff
          ? 'Staff archived this post; only staff may publish it again.'
          : 'Only its author may publish a post.',
      )
    }
    postLifecycle.ensure(post.status, 'PUBLISHED')
    await move(tx, post, 'PUBLISHED')
    // One that comes back from the archive is no news.
    if (post.status !== 'ARCHIVED') await announcePost(deps, tx, { id, authorId: post.authorId })
    return id
  })
}

/** Takes a scheduled post back to the drafts. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`. */
export function unschedulePost(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const post = await lockWritablePost(tx, viewer, id)
    postLifecycle.ensure(post.status, 'DRAFT')
    await move(tx, post, 'DRAFT')
    return id
  })
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`. */
export function archivePost(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const post = await lockVisiblePost(tx, viewer, id)
    postLifecycle.ensure(post.status, 'ARCHIVED')
    if (!canArchivePost(viewer, post)) throw forbidden('Only its author or staff may archive a post.')
    await move(tx, post, 'ARCHIVED', isArchivedByStaff(viewer, post))
    tellWithdrawal(deps, tx, id)
    return id
  })
}

/**
 * @throws DomainError `INVALID_INPUT` for a time that is past or too far ahead, `NOT_FOUND`, `FORBIDDEN`,
 * `ILLEGAL_TRANSITION`.
 */
export function schedulePost(deps: Deps, viewer: Viewer, input: { id: Uuid; publishAt: string }): Promise<Uuid> {
  const path = ['input', 'publishAt']
  const publishAt = new Date(input.publishAt)
  return deps.db.transaction(async (tx) => {
    const post = await lockWritablePost(tx, viewer, input.id)
    postLifecycle.ensure(post.status, 'SCHEDULED')
    const aheadMs = publishAt.getTime() - deps.clock.now().getTime()
    if (!(aheadMs > 0)) throw invalidInput(path, 'This time is past. Publish the post instead, or choose a later time.')
    if (aheadMs > MAX_SCHEDULE_DAYS * 86_400_000) throw invalidInput(path, 'This time is more than five years ahead.')
    await tx.orm
      .update(posts)
      .set({ status: 'SCHEDULED', publishAt: publishAt.toISOString(), updatedAt: sql`now()` })
      .where(eq(posts.id, post.id))
    await deps.jobs.enqueue(tx, publishDue, {}, { startAfter: publishAt })
    return input.id
  })
}

/**
 * Publishes what is due, each post once however many servers do this at a time: of two updates of one row the second
 * finds it published. The post is dated when it was meant to appear.
 */
export function publishDuePosts(deps: Pick<Deps, 'db' | 'jobs'>): Promise<Uuid[]> {
  return deps.db.transaction(async (tx) => {
    const published = await tx.orm
      .update(posts)
      .set({ status: 'PUBLISHED', publishedAt: sql`${posts.publishAt}`, publishAt: null, updatedAt: sql`now()` })
      .where(and(eq(posts.status, 'SCHEDULED'), lte(posts.publishAt, sql`now()`)))
      .returning({ id: posts.id, authorId: posts.authorId })
    for (const post of published) await announcePost(deps, tx, post)
    return published.map((post) => post.id)
  })
}
