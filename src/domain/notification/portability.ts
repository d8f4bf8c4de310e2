import { desc, eq, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { statement } from '../../db/statement.ts'
import { notificationMutes, notificationPreferences, notifications } from '../../db/tables/notification.ts'
import { subjects } from '../../db/tables/subject.ts'
import type { Portability } from '../account/portability.ts'

const eraseActor = statement<object>(
  sql`with left_it as (
      delete from notification_actors where actor_id = ${sql.placeholder('actor')}::text::uuid returning notification_id
    )
    delete from notifications n using left_it
    where n.id = left_it.notification_id and not exists (
      select 1 from notification_actors x
      where x.notification_id = n.id and x.actor_id <> ${sql.placeholder('actor')}::text::uuid
    )`,
)

export const notificationPortability: Portability = {
  room: 'notifications',
  async exportOf(tx, accountId) {
    const subjectId = (kind: string | null, id: string | null) =>
      kind === null || id === null ? null : encodeId(kind.toLowerCase(), id)
    const received = await tx.orm
      .select({
        kind: notifications.kind,
        subjectKind: subjects.kind,
        about: notifications.subjectId,
        createdAt: notifications.createdAt,
        readAt: notifications.readAt,
      })
      .from(notifications)
      .leftJoin(subjects, eq(subjects.id, notifications.subjectId))
      .where(eq(notifications.recipientId, accountId))
      .orderBy(desc(notifications.seq))
    const preferences = await tx.orm
      .select({
        kind: notificationPreferences.kind,
        inApp: notificationPreferences.inApp,
        email: notificationPreferences.email,
      })
      .from(notificationPreferences)
      .where(eq(notificationPreferences.accountId, accountId))
    const muted = await tx.orm
      .select({ on: notificationMutes.subjectId, subjectKind: subjects.kind, since: notificationMutes.createdAt })
      .from(notificationMutes)
      .innerJoin(subjects, eq(subjects.id, notificationMutes.subjectId))
      .where(eq(notificationMutes.accountId, accountId))
    return {
      received: received.map(({ subjectKind, about, ...rest }) => ({ ...rest, about: subjectId(subjectKind, about) })),
      preferences,
      muted: muted.map(({ on, subjectKind, since }) => ({ on: subjectId(subjectKind, on), since })),
    }
  },
  /** Their own go with the account; what they did to others is told to nobody any more. */
  async eraseOf(tx, accountId) {
    await eraseActor.run(tx, { actor: accountId })
  },
}
