import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { sendMail } from '../../gateways/mail/outbox.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { notify } from '../notification/notify.ts'
import { cancelUnpaid, lockOrder } from '../shop/order.ts'
import { takeBackLines } from '../shop/refund.ts'
import { refundShowtime } from './showtime.ts'
import { waitlistChanged } from './waitlist-offer.ts'

/** Orders in one run of the job, which then enqueues the next: a server that stops meanwhile loses at most one order's time. */
const ORDERS_AT_ONCE = 25

/** Looks for tickets of cancelled showtimes that were not paid back, should a job have been lost. */
export const findUnrefunded = defineJob<Record<string, never>>('cinema.findUnrefunded', { retryLimit: 2 })

/**
 * Pays back what was paid for a showtime that does not take place, order by order, each in a transaction of its own and
 * once: what is left is read from the tickets, so the job may be stopped anywhere and run any number of times. Orders
 * that wait for their payment are cancelled as a whole. Answers whether there is more.
 */
export async function refundCancelledShowtime(deps: Deps, showtimeId: Uuid): Promise<boolean> {
  const left = await deps.db.query<{ orderId: Uuid }>(
    `select distinct t.order_id as "orderId" from tickets t join showtimes s on s.id = t.showtime_id
     where t.showtime_id = $1::text::uuid and s.status = 'CANCELLED' and t.status in ('RESERVED', 'VALID', 'CHECKED_IN')
     order by t.order_id limit ${ORDERS_AT_ONCE + 1}`,
    [showtimeId],
  )
  const isMoreWaiting = await endWaiting(deps, showtimeId)
  for (const { orderId } of left.slice(0, ORDERS_AT_ONCE)) {
    await deps.db.transaction((tx) => refundOrderOf(deps, tx, orderId, showtimeId))
  }
  return isMoreWaiting || left.length > ORDERS_AT_ONCE
}

async function refundOrderOf(deps: Deps, tx: Transaction, orderId: Uuid, showtimeId: Uuid): Promise<void> {
  const order = await lockOrder(tx, orderId)
  const tickets = await tx.query<{ id: Uuid; isReserved: boolean }>(
    `select id, status = 'RESERVED' as "isReserved" from tickets
     where order_id = $1::text::uuid and showtime_id = $2::text::uuid and status in ('RESERVED', 'VALID', 'CHECKED_IN') order by id`,
    [orderId, showtimeId],
  )
  // Given back, paid back or given up since it was looked for.
  if (tickets.length === 0) return
  if (order.status === 'PENDING') await cancelUnpaid(deps, tx, order)
  else {
    const refIds = new Set(tickets.filter(({ isReserved }) => !isReserved).map(({ id }) => id))
    await takeBackLines(deps, tx, order, { refIds, reason: 'The showtime was cancelled.' })
  }
  await deps.jobs.enqueue(tx, sendMail, { template: 'showtimeCancelled', orderId, showtimeId })
  await notify(deps, tx, {
    kind: 'SHOWTIME_CANCELLED',
    recipients: [order.accountId],
    actorId: null,
    subject: showtimeId,
    groupBy: showtimeId,
  })
}

/** As many of those who wait are told at once. */
const ENTRIES_AT_ONCE = 200

/** Nobody waits for what does not take place. Answers whether there are more. */
const endWaiting = (deps: Deps, showtimeId: Uuid): Promise<boolean> =>
  deps.db.transaction(async (tx) => {
    const ended = await tx.query<{ id: Uuid; accountId: Uuid }>(
      `update waitlist_entries set status = 'EXPIRED', updated_at = now() where id in (
         select w.id from waitlist_entries w join showtimes s on s.id = w.showtime_id
         where w.showtime_id = $1::text::uuid and s.status = 'CANCELLED' and w.status in ('WAITING', 'OFFERED') order by w.place limit ${ENTRIES_AT_ONCE} for update of w)
       returning id, account_id as "accountId"`,
      [showtimeId],
    )
    for (const { id, accountId } of ended) {
      await deps.jobs.enqueue(tx, sendMail, { template: 'waitlistEnded', accountId, entryId: id })
    }
    await notify(deps, tx, {
      kind: 'SHOWTIME_CANCELLED',
      recipients: ended.map(({ accountId }) => accountId),
      actorId: null,
      subject: showtimeId,
      groupBy: showtimeId,
    })
    if (ended.length > 0) tx.afterCommit(() => deps.bus.publish(waitlistChanged(showtimeId), {}))
    return ended.length === ENTRIES_AT_ONCE
  })

/** Enqueues what a lost job would have done. */
export async function refundForgotten(deps: Deps): Promise<void> {
  const forgotten = await deps.db.query<{ id: Uuid }>(
    `select s.id from showtimes s where s.status = 'CANCELLED' and s.starts_at > now() - interval '30 days'
       and (exists (select 1 from tickets t where t.showtime_id = s.id and t.status in ('RESERVED', 'VALID', 'CHECKED_IN'))
         or exists (select 1 from waitlist_entries w where w.showtime_id = s.id and w.status in ('WAITING', 'OFFERED')))
     order by s.id limit 100`,
  )
  for (const { id } of forgotten) await deps.jobs.enqueue(deps.db, refundShowtime, { showtimeId: id })
}
