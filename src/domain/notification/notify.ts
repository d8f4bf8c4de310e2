import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { statement } from '../../db/statement.ts'
import { sendMail } from '../../gateways/mail/outbox.ts'
import { topic } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'
import { KINDS, MAIL_DELAY_MS, type MailWish, type NotificationKind } from './kinds.ts'

/** Something new is in the account's inbox. */
export const notificationAdded = (accountId: Uuid) => topic<Record<string, never>>('notificationAdded', accountId)

/** Something in the account's inbox was read or taken back. */
export const notificationsChanged = (accountId: Uuid) => topic<Record<string, never>>('notificationsChanged', accountId)

type NotifyDeps = Pick<Deps, 'bus' | 'jobs' | 'clock'>

/** Something that members are to be told of. */
export interface Notice {
  readonly kind: NotificationKind
  /** Whoever is among them twice hears once. More than some hundreds are told by a job, in batches. */
  readonly recipients: readonly (Uuid | null)[]
  /** Who did it; never told of it themselves. Null where nobody did. */
  readonly actorId: Uuid | null
  /** What it is about and what a client opens: the comment, the message, the poll. */
  readonly subject?: Uuid | undefined
  /** What it happened in, for those who muted that: the post of a comment, the room of a message. */
  readonly thread?: Uuid | undefined
  /**
   * What happens under one key becomes one entry, as long as that is unread: "Ada and 3 others". Its `subject` is then
   * the latest one.
   */
  readonly groupBy?: string | undefined
}

interface Wish {
  recipient: Uuid
  kind: NotificationKind
  inApp: boolean
  email: MailWish | null
}

/**
 * Who wants to hear of it. An account whose row is locked is being deleted, and to wait for that could be a deadlock: the
 * deletion may be waiting for what this transaction holds. The lock keeps those who are told from being deleted meanwhile.
 */
const findWishes = statement<Wish>(
  sql`select a.id as "recipient", w.kind as "kind", coalesce(p.in_app, true) as "inApp", p.email as "email"
    from jsonb_to_recordset(${sql.placeholder('notices')}::text::jsonb)
      as w(recipient uuid, kind notification_kind, subject uuid, thread uuid, "groupKey" text, actor uuid, once boolean)
    join accounts a on a.id = w.recipient
    left join notification_preferences p on p.account_id = a.id and p.kind = w.kind
    where not exists (
      select 1 from notification_mutes m where m.account_id = a.id and m.subject_id in (w.subject, w.thread)
    ) and not (w.once and exists (
      select 1 from notifications n join notification_actors x on x.notification_id = n.id
      where n.recipient_id = a.id and n.kind = w.kind and n.group_key = w."groupKey" and x.actor_id = w.actor
    ))
    order by a.id for key share of a skip locked`,
)

/** Numbers them under the inboxes' locks, taken in one order. */
const addEntries = statement<{ id: Uuid; recipient: Uuid }>(
  sql`with wanted as (
      select * from jsonb_to_recordset(${sql.placeholder('entries')}::text::jsonb)
        as w(id uuid, recipient uuid, kind notification_kind, subject uuid, "groupKey" text, actor uuid)
    ), numbered as (
      insert into notification_inboxes as inbox (account_id, seq)
      select recipient, 1 from wanted order by recipient
      on conflict (account_id) do update set seq = inbox.seq + 1
      returning inbox.account_id, inbox.seq
    ), entered as (
      insert into notifications as n (id, recipient_id, seq, kind, subject_id, group_key)
      select w.id, w.recipient, numbered.seq, w.kind, w.subject, w."groupKey"
      from wanted w join numbered on numbered.account_id = w.recipient order by w.recipient
      on conflict (recipient_id, kind, group_key) where read_at is null and group_key is not null
      do update set seq = excluded.seq, subject_id = excluded.subject_id, updated_at = now()
      returning n.id, n.recipient_id
    ), acting as (
      insert into notification_actors (notification_id, actor_id)
      select entered.id, w.actor from entered join wanted w on w.recipient = entered.recipient_id
      where w.actor is not null
      on conflict (notification_id, actor_id) do update set at = now()
    )
    select id as "id", recipient_id as "recipient" from entered`,
)

/**
 * Tells members of something, in the transaction of the change: nothing of it happens unless that commits. Where one
 * member is a recipient of several notices, the first counts. Muted things and kinds that they do not want are left out.
 *
 * Mails are jobs that look again when they run: who has read it by then, or may not see it any more, gets none.
 */
export async function notify(deps: NotifyDeps, tx: Transaction, ...notices: readonly Notice[]): Promise<void> {
  const byRecipient = new Map<Uuid, Notice>()
  for (const notice of notices) {
    for (const recipient of notice.recipients) {
      if (recipient === null || recipient === notice.actorId || byRecipient.has(recipient)) continue
      byRecipient.set(recipient, notice)
    }
  }
  if (byRecipient.size === 0) return
  const told = [...byRecipient].map(([recipient, { kind, subject, thread, groupBy, actorId }]) => ({
    recipient,
    kind,
    subject,
    thread,
    groupKey: groupBy,
    actor: actorId,
    once: KINDS[kind].oncePerActor && actorId !== null && groupBy !== undefined,
  }))
  const wishes = await findWishes.run(tx, { notices: JSON.stringify(told) })
  const shown = wishes.filter(({ inApp }) => inApp).map(({ recipient }) => recipient)
  const added = await enter(tx, byRecipient, shown)
  for (const { recipient, kind, email } of wishes) {
    const notice = byRecipient.get(recipient)
    const entry = added.get(recipient)
    // Who joins a group that nobody has read yet is no reason for another mail.
    if (notice === undefined || entry?.isNew === false) continue
    await orderMail(deps, tx, recipient, notice, email ?? KINDS[kind].email, entry?.id ?? null)
  }
  for (const recipient of shown) tx.afterCommit(() => deps.bus.publish(notificationAdded(recipient), {}))
}

async function enter(
  tx: Executor,
  notices: ReadonlyMap<Uuid, Notice>,
  recipients: readonly Uuid[],
): Promise<Map<Uuid, { id: Uuid; isNew: boolean }>> {
  const made = new Map<Uuid, Uuid>(recipients.map((recipient) => [recipient, newId()]))
  if (made.size === 0) return new Map()
  const entries = [...made].map(([recipient, id]) => {
    const { kind, subject, groupBy, actorId } = notices.get(recipient) as Notice
    return { id, recipient, kind, subject, groupKey: groupBy, actor: actorId }
  })
  const entered = await addEntries.run(tx, { entries: JSON.stringify(entries) })
  return new Map(entered.map(({ id, recipient }) => [recipient, { id, isNew: made.get(recipient) === id }]))
}

async function orderMail(
  deps: NotifyDeps,
  tx: Transaction,
  accountId: Uuid,
  { kind, subject, actorId, groupBy }: Notice,
  wish: MailWish,
  notificationId: Uuid | null,
): Promise<void> {
  if (wish === 'NEVER') return
  const mail = {
    template: 'notification',
    accountId,
    kind,
    notificationId,
    subjectId: subject ?? null,
    actorId,
  } as const
  const now = deps.clock.now()
  await deps.jobs.enqueue(tx, sendMail, mail, {
    ...(wish === 'WHEN_AWAY' ? { startAfter: new Date(now.getTime() + MAIL_DELAY_MS) } : {}),
    // Liking and taking it back, over and over, sends one mail a day.
    ...(groupBy === undefined ? {} : { id: dailyId(accountId, kind, groupBy, now) }),
  })
}

/** A UUIDv8 (RFC 9562, 5.8) that is the same for a group until the day is over. */
function dailyId(accountId: Uuid, kind: NotificationKind, groupBy: string, now: Date): Uuid {
  const day = now.toISOString().slice(0, 10)
  const hex = createHash('sha256').update([accountId, kind, groupBy, day].join()).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const takeBack = statement<{ recipient: Uuid }>(
  sql`with entry as (
      select n.id, n.recipient_id from notifications n
      where n.recipient_id = ${sql.placeholder('recipient')}::text::uuid and n.kind = ${sql.placeholder('kind')}::text::notification_kind
        and n.group_key = ${sql.placeholder('groupKey')}::text and n.read_at is null
    ), left_it as (
      delete from notification_actors x using entry
      where x.notification_id = entry.id and x.actor_id = ${sql.placeholder('actor')}::text::uuid returning x.notification_id
    ), emptied as (
      delete from notifications n using left_it
      where n.id = left_it.notification_id and not exists (
        select 1 from notification_actors x
        where x.notification_id = n.id and x.actor_id <> ${sql.placeholder('actor')}::text::uuid
      )
    )
    select entry.recipient_id as "recipient" from entry join left_it on left_it.notification_id = entry.id`,
)

/** Somebody took back what they did: their name leaves the group if that is unread, and the last one takes it along. */
export async function withdrawNotice(
  deps: Deps,
  tx: Transaction,
  from: { kind: NotificationKind; recipientId: Uuid | null; actorId: Uuid; groupBy: string },
): Promise<void> {
  if (from.recipientId === null) return
  const { recipientId: recipient, actorId: actor, groupBy: groupKey, kind } = from
  // As `notify` does: who joins the group meanwhile must find it there, or make a new one.
  await lockInbox.run(tx, { recipient })
  const left = await takeBack.run(tx, { recipient, kind, groupKey, actor })
  if (left.length > 0) tx.afterCommit(() => deps.bus.publish(notificationsChanged(recipient), {}))
}

const lockInbox = statement<object>(
  sql`select 1 from notification_inboxes where account_id = ${sql.placeholder('recipient')}::text::uuid for update`,
)

const forget = statement<{ recipient: Uuid }>(
  sql`delete from notifications n where n.subject_id = ${sql.placeholder('subject')}::text::uuid returning n.recipient_id as "recipient"`,
)

/** What it was about is gone although its row stays, as the empty place of a comment does: nothing is left to tell. */
export async function withdrawNoticesAbout(deps: Pick<Deps, 'bus'>, tx: Transaction, subject: Uuid): Promise<void> {
  const recipients = await forget.run(tx, { subject })
  tx.afterCommit(() => {
    for (const { recipient } of recipients) deps.bus.publish(notificationsChanged(recipient), {})
  })
}
