import type { Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Database, Transaction } from '../../db/database.ts'
import { defineJob } from '../../gateways/queue.ts'

export const forgetEvents = defineJob<Record<string, never>>('payment.forgetEvents', { retryLimit: 2 })

/**
 * Gateways send an event again for a few days, and show it for thirty. Until a dispute that is opened late has been looked
 * into it is good to know what was told; after that only what follows from it counts, which is in the books.
 */
const EVENT_DAYS = 90
/** In one statement, so that none takes long. */
const EVENTS_AT_ONCE = 2_000

/** Deletes events that nobody needs any more. Answers how many. */
export async function forgetOldEvents(db: Database): Promise<number> {
  let count = 0
  for (;;) {
    const gone = await db.query(
      `delete from payment_events where id in (
         select id from payment_events where received_at < now() - interval '${EVENT_DAYS} days' order by received_at limit ${EVENTS_AT_ONCE})
       returning id`,
    )
    count += gone.length
    if (gone.length < EVENTS_AT_ONCE) return count
  }
}

/**
 * The person behind these orders is gone: what the gateway told of them (name, address, card) goes as well. That it told
 * it stays, so that it is not taken for news.
 */
export async function forgetPersonOf(tx: Transaction, orderIds: readonly Uuid[]): Promise<void> {
  await tx.query(
    `update payment_events set payload = '{}' where payload <> '{}' and payment_id in (
       select id from payments where order_id = any($1::text::uuid[]))`,
    [pgArray(orderIds)],
  )
}
