import { eq, sql } from 'drizzle-orm'
import { DomainError, invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { statement } from '../../db/statement.ts'
import { notificationMutes, notificationPreferences } from '../../db/tables/notification.ts'
import type { Deps } from '../deps.ts'
import { getSubject } from '../subject/registry.ts'
import type { SubjectRef } from '../subject/rules.ts'
import type { Viewer } from '../viewer.ts'
import { KINDS, type MailWish, NOTIFICATION_KINDS, type NotificationKind } from './kinds.ts'

export interface NotificationPreference {
  readonly kind: NotificationKind
  /** In the inbox. */
  readonly inApp: boolean
  readonly email: MailWish
}

/** One for each kind, with the defaults of those that the member has left as they are. */
export async function findPreferences(db: Executor, accountId: Uuid): Promise<NotificationPreference[]> {
  const chosen = await db.orm
    .select()
    .from(notificationPreferences)
    .where(eq(notificationPreferences.accountId, accountId))
  return NOTIFICATION_KINDS.map((kind) => {
    const own = chosen.find((preference) => preference.kind === kind)
    return { kind, inApp: own?.inApp ?? true, email: own?.email ?? KINDS[kind].email }
  })
}

export interface PreferenceChange {
  readonly kind: NotificationKind
  readonly inApp?: boolean | null | undefined
  readonly email?: MailWish | null | undefined
}

/** What is left out stays as it is. @throws DomainError `INVALID_INPUT` when a kind is named twice. */
export async function updatePreferences(
  deps: Deps,
  viewer: Viewer,
  changes: readonly PreferenceChange[],
): Promise<NotificationPreference[]> {
  const named = new Set<NotificationKind>()
  for (const [position, { kind }] of changes.entries()) {
    if (named.has(kind)) throw invalidInput(['input', 'preferences', String(position), 'kind'], 'Name each kind once.')
    named.add(kind)
  }
  return deps.db.transaction(async (tx) => {
    // In one order, or two requests at once could wait for each other.
    const ordered = changes.toSorted((a, b) => NOTIFICATION_KINDS.indexOf(a.kind) - NOTIFICATION_KINDS.indexOf(b.kind))
    for (const change of ordered) await setPreference(tx, viewer.accountId, change.kind, change)
    return findPreferences(tx, viewer.accountId)
  })
}

const writePreference = statement<object>(
  sql`insert into notification_preferences as p (account_id, kind, in_app, email)
    select a.id, ${sql.placeholder('kind')}::text::notification_kind, coalesce(${sql.placeholder('inApp')}::text::boolean, true),
      coalesce(${sql.placeholder('email')}::text, ${sql.placeholder('default')}::text)::mail_wish
    from accounts a where a.id = ${sql.placeholder('accountId')}::text::uuid
    on conflict (account_id, kind) do update set
      in_app = coalesce(${sql.placeholder('inApp')}::text::boolean, p.in_app),
      email = coalesce(${sql.placeholder('email')}::text::mail_wish, p.email)`,
)

/** What is left out stays as it is; an account that is gone has no preferences. */
export async function setPreference(
  db: Executor,
  accountId: Uuid,
  kind: NotificationKind,
  { inApp, email }: Omit<PreferenceChange, 'kind'>,
): Promise<void> {
  await writePreference.run(db, {
    accountId,
    kind,
    inApp: inApp == null ? null : String(inApp),
    email: email ?? null,
    default: KINDS[kind].email,
  })
}

/** As many things as a member can mute; beyond it they would better turn a kind off. */
const MAX_MUTES = 1_000

/**
 * No more notifications of what happens on it or in it. Muting twice is muting once.
 * @throws DomainError `NOT_FOUND` for what the viewer may not see, `LIMIT_EXCEEDED`.
 */
export async function muteSubject(deps: Deps, viewer: Viewer, ref: SubjectRef): Promise<SubjectRef> {
  const path = ['input', 'subjectId']
  await deps.db.transaction(async (tx) => {
    const subject = await getSubject(tx, viewer, ref, path)
    await tx.orm
      .insert(notificationMutes)
      .values({ accountId: viewer.accountId, subjectId: subject.id })
      .onConflictDoNothing()
    const muted = await tx.orm.$count(notificationMutes, eq(notificationMutes.accountId, viewer.accountId))
    if (Number(muted) > MAX_MUTES) {
      throw new DomainError('LIMIT_EXCEEDED', `At most ${MAX_MUTES} things can be muted.`, path, { limit: MAX_MUTES })
    }
  })
  return ref
}

/** Also what the viewer no longer sees can be unmuted. @throws DomainError `NOT_FOUND` for what was never muted and is not seen. */
export async function unmuteSubject(deps: Deps, viewer: Viewer, ref: SubjectRef): Promise<SubjectRef> {
  const gone = await deps.db.query(
    'delete from notification_mutes where account_id = $1::text::uuid and subject_id = $2::text::uuid returning 1 as one',
    [viewer.accountId, ref.id],
  )
  if (gone.length === 0) await getSubject(deps.db, viewer, ref, ['input', 'subjectId'])
  return ref
}
