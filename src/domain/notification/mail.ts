import { and, count, desc, eq, inArray } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { accounts } from '../../db/tables/account.ts'
import {
  notificationActors,
  notificationMutes,
  notificationPreferences,
  notifications,
} from '../../db/tables/notification.ts'
import { subjects } from '../../db/tables/subject.ts'
import type { NotificationMail } from '../../gateways/mail/outbox.ts'
import type { MailParams } from '../../gateways/mail/templates.ts'
import type { Deps } from '../deps.ts'
import { findSubject, rulesOf } from '../subject/registry.ts'
import type { Viewer } from '../viewer.ts'
import { KINDS } from './kinds.ts'
import { unsubscribeUrl } from './unsubscribe.ts'

type MailDeps = Pick<Deps, 'db' | 'presence' | 'publicUrl' | 'jwtSecret'>

/**
 * What the mail says, as it is now; null where nobody needs it any more: the member has read it, is there to read it,
 * wants no such mails, or may not see what it is about, and where whoever did it is gone.
 */
export async function findNotificationMail(
  deps: MailDeps,
  mail: NotificationMail,
): Promise<MailParams['notification'] | null> {
  const { db, presence, publicUrl } = deps
  const { accountId, kind } = mail
  const [recipient] = await db.orm
    .select({ handle: accounts.handle, role: accounts.role, wish: notificationPreferences.email })
    .from(accounts)
    .leftJoin(
      notificationPreferences,
      and(eq(notificationPreferences.accountId, accounts.id), eq(notificationPreferences.kind, kind)),
    )
    .where(eq(accounts.id, accountId))
  if (recipient === undefined) return null
  const wish = recipient.wish ?? KINDS[kind].email
  if (wish === 'NEVER' || (await isSettled(db, mail.notificationId))) return null
  if (wish === 'WHEN_AWAY' && (await presence.of([accountId])).get(accountId)?.state === 'ONLINE') return null
  const actors = await findActors(db, mail)
  if (mail.actorId !== null && actors.latest === null) return null
  const viewer: Viewer = {
    accountId,
    sessionId: accountId,
    handle: recipient.handle,
    role: recipient.role,
    expiresAt: new Date(8.64e15),
  }
  const subject = mail.subjectId === null ? null : await findShown(db, viewer, mail.subjectId)
  if (mail.subjectId !== null && subject === null) return null
  if (subject !== null && (await isMuted(db, accountId, [subject.id, subject.on?.id ?? subject.id]))) return null
  return {
    kind,
    actorName: actors.latest === null ? '' : `@${actors.latest}`,
    others: Math.max(actors.count - 1, 0),
    title: subject?.title ?? '',
    thing: (subject?.on ?? subject)?.kind.toLowerCase() ?? '',
    excerpt: subject?.excerpt ?? null,
    url: publicUrl() + (subject?.path ?? (actors.latest === null ? '/' : `/authors/${actors.latest}`)),
    unsubscribeUrl: await unsubscribeUrl(deps, accountId, kind),
  }
}

/** It was read, or taken back. */
async function isSettled(db: Executor, id: Uuid | null): Promise<boolean> {
  if (id === null) return false
  const [row] = await db.orm
    .select({ readAt: notifications.readAt })
    .from(notifications)
    .where(eq(notifications.id, id))
  return row === undefined || row.readAt !== null
}

async function isMuted(db: Executor, accountId: Uuid, ids: Uuid[]): Promise<boolean> {
  const own = and(eq(notificationMutes.accountId, accountId), inArray(notificationMutes.subjectId, ids))
  return (await db.orm.$count(notificationMutes, own)) > 0
}

async function findActors(
  db: Executor,
  { notificationId, actorId }: NotificationMail,
): Promise<{ latest: string | null; count: number }> {
  if (actorId === null) return { latest: null, count: 0 }
  if (notificationId === null) {
    const [actor] = await db.orm.select({ handle: accounts.handle }).from(accounts).where(eq(accounts.id, actorId))
    return { latest: actor?.handle ?? null, count: 1 }
  }
  const ofEntry = eq(notificationActors.notificationId, notificationId)
  const [latest] = await db.orm
    .select({ handle: accounts.handle })
    .from(notificationActors)
    .innerJoin(accounts, eq(accounts.id, notificationActors.actorId))
    .where(ofEntry)
    .orderBy(desc(notificationActors.at), desc(notificationActors.actorId))
    .limit(1)
  const [counted] = await db.orm.select({ count: count() }).from(notificationActors).where(ofEntry)
  return { latest: latest?.handle ?? null, count: Number(counted?.count ?? 0) }
}

/** What the recipient may still see and read; whose writer is gone is nothing to tell of. */
async function findShown(db: Executor, viewer: Viewer, id: Uuid) {
  const [ref] = await db.orm.select({ id: subjects.id, kind: subjects.kind }).from(subjects).where(eq(subjects.id, id))
  const subject =
    ref === undefined
      ? null
      : ((await rulesOf(ref.kind).findAnnounced?.(db, viewer, id)) ?? (await findSubject(db, viewer, ref)))
  return subject === null || subject.ownerId === null || subject.excerpt === null ? null : subject
}
