import { and, eq, isNull, sql } from 'drizzle-orm'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { runStatement } from '../../db/statement.ts'
import { paymentEvents, payments } from '../../db/tables/payment.ts'
import type { GatewayEvent, PaymentSnapshot } from '../../gateways/payment/gateway.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { mergePayment, type PaymentFacts } from './rules.ts'

/** Gives up a payment of an order that was cancelled, so that nobody pays it any more. */
export const cancelPayment = defineJob<{ orderId: Uuid }>('payment.cancel', { retryLimit: 5, retryDelaySeconds: 5 })

export interface Payment extends PaymentFacts {
  readonly id: Uuid
  readonly orderId: Uuid
  /** The gateway that it was opened at: `test` or `stripe`. */
  readonly gateway: string
  readonly reference: string | null
  readonly amountMinor: number
  readonly currency: string
}

/** Notes down that an order is to be paid; `openPayment` tells the gateway, once the order is committed. */
export async function insertPayment(
  deps: Pick<Deps, 'payments'>,
  tx: Transaction,
  order: { id: Uuid; totalMinor: number; currency: string },
): Promise<void> {
  await tx.orm.insert(payments).values({
    id: newId(),
    orderId: order.id,
    gateway: deps.payments.name,
    amountMinor: order.totalMinor,
    currency: order.currency,
  })
}

export async function findPayment(db: Executor, orderId: Uuid): Promise<Payment | null> {
  const [payment] = await db.orm.select().from(payments).where(eq(payments.orderId, orderId))
  return payment ?? null
}

/** Behind the lock of its order. */
export async function lockPayment(tx: Transaction, orderId: Uuid): Promise<Payment | null> {
  const [payment] = await tx.orm.select().from(payments).where(eq(payments.orderId, orderId)).for('update')
  return payment ?? null
}

/**
 * The moment from which an answer of the gateway is true at the earliest, asked before the gateway is. Of two answers the
 * one that was asked for later wins. After the last move of a payment comes its event, and with it one more question: so
 * in the end what is known is what is true, whoever was faster on the way.
 */
export async function momentOf(db: Executor): Promise<number> {
  const [row] = await db.query<{ moment: string }>(
    'select (extract(epoch from clock_timestamp()) * 1000000)::bigint::text as moment',
  )
  return Number(row?.moment ?? 0)
}

/** The order that a gateway's payment is for; by what it was opened for where its name has not reached us yet. */
export async function findOrderOfPayment(
  db: Executor,
  { reference, orderId }: Pick<PaymentSnapshot, 'reference' | 'orderId'>,
): Promise<Uuid | null> {
  const opened =
    orderId === null || !/^[0-9a-f-]{36}$/.test(orderId)
      ? sql``
      : sql` or (${payments.reference} is null and ${payments.orderId} = ${orderId}::text::uuid)`
  const [found] = await runStatement<{ orderId: Uuid }>(
    db,
    sql`select ${payments.orderId} as "orderId" from ${payments} where ${payments.reference} = ${reference}${opened}`,
  )
  return found?.orderId ?? null
}

/**
 * Opens the payment at the gateway, or finds out that it is open. Safe to repeat at any point: the gateway opens one
 * payment for one order, so a server that was killed in the middle goes on where it was. An order that was cancelled
 * meanwhile had nothing yet to give up at the gateway: then that is done now.
 */
export async function openPayment(
  deps: Pick<Deps, 'db' | 'jobs' | 'payments'>,
  orderId: Uuid,
): Promise<Payment | null> {
  const payment = await findPayment(deps.db, orderId)
  if (payment === null || payment.reference !== null || payment.gateway !== deps.payments.name) return payment
  const { amountMinor, currency } = payment
  const { reference, clientSecret } = await deps.payments.open({ orderId, amountMinor, currency })
  await deps.db.transaction(async (tx) => {
    // Whoever cancels holds this lock: either they find the reference, or the cancelled order is found here.
    const [order] = await tx.query<{ status: string }>(
      'select status::text as "status" from orders where id = $1::text::uuid for update',
      [orderId],
    )
    await tx.orm
      .update(payments)
      .set({ reference, clientSecret })
      .where(and(eq(payments.orderId, orderId), isNull(payments.reference)))
    if (order?.status === 'CANCELLED') await deps.jobs.enqueue(tx, cancelPayment, { orderId })
  })
  return findPayment(deps.db, orderId)
}

/** Merges what the gateway said into what is known. Answers what is known then. */
export async function learnPayment(
  tx: Transaction,
  payment: Payment,
  told: PaymentSnapshot,
  observedAt: number,
): Promise<PaymentFacts> {
  const facts = mergePayment(payment, { ...told, observedAt })
  await tx.orm
    .update(payments)
    .set({
      ...facts,
      reference: payment.reference ?? told.reference,
      ...(payment.reference === null && told.clientSecret !== null ? { clientSecret: told.clientSecret } : {}),
    })
    .where(eq(payments.id, payment.id))
  return facts
}

/** Keeps an event. False where it was here before. */
export async function keepEvent(tx: Transaction, event: GatewayEvent, paymentId: Uuid | null): Promise<boolean> {
  const kept = await tx.orm
    .insert(paymentEvents)
    .values({ id: event.id, type: event.type, paymentId, payload: event.payload })
    .onConflictDoNothing()
    .returning({ id: paymentEvents.id })
  return kept.length > 0
}
