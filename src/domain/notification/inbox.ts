import { and, eq, isNull, lte, type SQL, sql } from 'drizzle-orm'
import { invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Transaction } from '../../db/database.ts'
import { countUnreadNotifications } from '../../db/queries/notification.ts'
import { notifications } from '../../db/tables/notification.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { notificationsChanged } from './notify.ts'

/** What a member has read where it was said needs no reading in the inbox. `subjects` selects what it was about. */
export async function markReadAbout(deps: Deps, tx: Transaction, accountId: Uuid, subjects: SQL): Promise<void> {
  const marked = await tx.orm
    .update(notifications)
    .set({ readAt: sql`now()` })
    .where(
      and(
        eq(notifications.recipientId, accountId),
        isNull(notifications.readAt),
        sql`${notifications.subjectId} in (${subjects})`,
      ),
    )
    .returning({ id: notifications.id })
  if (marked.length > 0) tx.afterCommit(() => deps.bus.publish(notificationsChanged(accountId), {}))
}

export interface ReadMark {
  /** These; or */
  readonly ids?: readonly Uuid[] | undefined
  /** all up to this number. */
  readonly upTo?: number | undefined
}

/**
 * What was read before stays as it was. Answers how many are left unread.
 * @throws DomainError `NOT_FOUND` for the first id that is not in the viewer's inbox, and then none is marked.
 */
export async function markRead(deps: Deps, viewer: Viewer, { ids, upTo }: ReadMark): Promise<number> {
  if ((ids === undefined) === (upTo === undefined)) {
    throw invalidInput(['input'], 'Name notifications by `ids`, or all of them by `upTo`.')
  }
  const isOwn = eq(notifications.recipientId, viewer.accountId)
  return deps.db.transaction(async (tx) => {
    if (ids !== undefined) {
      const found = await tx.orm
        .select({ id: notifications.id })
        .from(notifications)
        .where(and(isOwn, sql`${notifications.id} = any(${pgArray(ids)}::text::uuid[])`))
      const own = new Set(found.map(({ id }) => id))
      const unknown = ids.findIndex((id) => !own.has(id))
      if (unknown >= 0) throw notFound('notification', ['input', 'ids', String(unknown)])
    }
    const which =
      ids === undefined
        ? lte(notifications.seq, upTo ?? 0)
        : sql`${notifications.id} = any(${pgArray(ids)}::text::uuid[])`
    const marked = await tx.orm
      .update(notifications)
      .set({ readAt: sql`now()` })
      .where(and(isOwn, isNull(notifications.readAt), which))
      .returning({ id: notifications.id })
    if (marked.length > 0) {
      tx.afterCommit(() => deps.bus.publish(notificationsChanged(viewer.accountId), {}))
    }
    return countUnreadNotifications(tx, viewer.accountId)
  })
}
