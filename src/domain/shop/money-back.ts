import { and, eq, sql } from 'drizzle-orm'
import { notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { orderLines, refunds } from '../../db/tables/shop/order.ts'
import { sendMail } from '../../gateways/mail/outbox.ts'
import { RefundRefused, type RefundSnapshot } from '../../gateways/payment/gateway.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { bookRefund, unbookRefund } from '../expense/booking.ts'
import { findPayment } from '../payment/payment.ts'
import { countedMinor, mergeRefund, refundLifecycle } from '../payment/rules.ts'
import { tellStaff } from './notice.ts'
import { eachKind, linesOf, lockOrder, type Order, refOf, setOrder } from './order.ts'
import { orderLifecycle } from './order-rules.ts'

/** A refund that could not be sent for as long as it was tried. */
export const stallRefund = defineJob<{ refundId: Uuid }>('payment.stallRefund', { retryLimit: 20 })

/** Sends a refund to the gateway, as often as it takes; the refund's id is the gateway's key, so it goes once. */
export const sendRefund = defineJob<{ refundId: Uuid }>('payment.refund', {
  retryLimit: 20,
  retryDelaySeconds: 10,
  deadLetter: stallRefund.name,
})

type Refund = typeof refunds.$inferSelect

export const refundsOf = (tx: Transaction, orderId: Uuid): Promise<Refund[]> =>
  tx.orm.select().from(refunds).where(eq(refunds.orderId, orderId)).orderBy(refunds.createdAt, refunds.id)

/** Enters a refund and has it sent; the caller has locked the order and counts the order's refunds anew. */
export async function enterRefund(
  deps: Deps,
  tx: Transaction,
  order: Pick<Order, 'id' | 'currency'>,
  refund: { amountMinor: number; reason: string; replaces?: Uuid },
): Promise<Uuid> {
  const id = newId()
  const orderId = order.id
  await tx.orm.insert(refunds).values({ id, orderId, ...refund })
  await deps.jobs.enqueue(tx, sendRefund, { refundId: id })
  await bookRefund(deps, tx, { id, orderId, amountMinor: refund.amountMinor, currency: order.currency })
  // The buyer was told when it was promised, and it is still the same money.
  if (refund.replaces === undefined) {
    await deps.jobs.enqueue(tx, sendMail, { template: 'refund', orderId, refundId: id })
  }
  return id
}

/** Why a refund waits: the buyer's bank decides about the payment, and may send the same money back itself. */
export const HELD = 'payment_disputed'

/** Enters what is owed while it may not be sent: FAILED, until another is made in its place. */
export async function holdRefund(
  tx: Transaction,
  refund: { orderId: Uuid; amountMinor: number; reason: string },
): Promise<Uuid> {
  const id = newId()
  await tx.orm.insert(refunds).values({ id, ...refund, status: 'FAILED', failureCode: HELD })
  return id
}

/** What went back or is on its way, of all refunds of an order. */
export const sumCounted = (all: readonly Refund[]): number => all.reduce((sum, each) => sum + countedMinor(each), 0)

/**
 * What was promised to the buyer: a refund that failed is still owed, by itself or by the one that was made in its place,
 * which is smaller where the rest went back in another way and counts there.
 */
export function sumPromised(all: readonly Refund[]): number {
  const replaced = new Set(all.map(({ replaces }) => replaces))
  return all.reduce((sum, { id, amountMinor }) => sum + (replaced.has(id) ? 0 : amountMinor), 0)
}

/**
 * Counts an order's refunds anew. An order of which all went back is REFUNDED, whoever sent it back; what the buyer still
 * has of it although nobody took it back is revoked.
 */
export async function countRefunds(deps: Deps, tx: Transaction, orderId: Uuid): Promise<void> {
  const order = await lockOrder(tx, orderId)
  const goneMinor = sumCounted(await refundsOf(tx, orderId))
  const refundedMinor = Math.min(goneMinor, order.totalMinor)
  // What cost nothing has no money to go back: it ends with its last piece.
  const isWhole =
    order.totalMinor > 0 && refundedMinor >= order.totalMinor && orderLifecycle.can(order.status, 'REFUNDED')
  await setOrder(deps, tx, orderId, { refundedMinor, ...(isWhole ? { status: 'REFUNDED' as const } : {}) })
  if (isWhole) await revokeRest(deps, tx, order, goneMinor)
}

/**
 * Takes back what is left of an order of which all money went back. Where every refund was for lines that somebody named,
 * what is left cost nothing, and stays: a free ticket beside one that was given back.
 */
async function revokeRest(deps: Deps, tx: Transaction, order: Order, goneMinor: number): Promise<void> {
  const lines = await linesOf(tx, order.id)
  if (goneMinor <= lines.reduce((sum, line) => sum + line.refundedMinor, 0)) return
  const left = lines.filter(({ quantity, refundedQuantity }) => refundedQuantity < quantity)
  if (left.length === 0) return
  await eachKind(left, (kind, own) => kind.revoke(deps, tx, refOf(order), own))
  await tx.orm
    .update(orderLines)
    .set({
      refundedQuantity: sql`${orderLines.quantity}`,
      refundedMinor: sql`${orderLines.quantity} * ${orderLines.unitPriceMinor} - ${orderLines.discountMinor} + ${orderLines.taxMinor}`,
    })
    .where(eq(orderLines.orderId, order.id))
}

/** Takes in what the gateway says of one refund, behind the lock of its order. Those that it made itself are entered. */
export async function learnRefund(deps: Deps, tx: Transaction, order: Order, told: RefundSnapshot): Promise<void> {
  const { reference, amountMinor, failureCode } = told
  const [known] = await tx.orm
    .select()
    .from(refunds)
    .where(
      and(
        eq(refunds.orderId, order.id),
        sql`(${refunds.reference} = ${reference} or ${refunds.id}::text = ${told.refundId ?? ''})`,
      ),
    )
  if (known === undefined) {
    const reason = 'It was refunded at the payment gateway.'
    const id = newId()
    await tx.orm
      .insert(refunds)
      .values({ id, orderId: order.id, amountMinor, status: told.status, reference, failureCode, reason })
    if (told.status === 'FAILED') await tellStaff(deps, tx, { template: 'refundTrouble', refundId: id })
    else {
      await bookRefund(deps, tx, { id, orderId: order.id, amountMinor, currency: order.currency })
      await deps.jobs.enqueue(tx, sendMail, { template: 'refund', orderId: order.id, refundId: id })
      await tellStaff(deps, tx, { template: 'refundElsewhere', refundId: id })
    }
    return
  }
  const status = mergeRefund(known.status, told.status)
  if (status === known.status && known.reference !== null) return
  await tx.orm.update(refunds).set({ status, reference, failureCode }).where(eq(refunds.id, known.id))
  if (status === 'FAILED' && known.status !== 'FAILED') await markFailed(deps, tx, known.id, failureCode)
}

async function reportFailure(deps: Deps, tx: Transaction, refundId: Uuid, code: string | null): Promise<void> {
  deps.log.error({ refund: refundId, code }, 'A refund has failed')
  await tellStaff(deps, tx, { template: 'refundTrouble', refundId })
}

/** The money did not go, so it is not in the buyer's books either; the refund that replaces it will be. */
async function markFailed(deps: Deps, tx: Transaction, refundId: Uuid, code: string | null): Promise<void> {
  await unbookRefund(deps, tx, refundId)
  await reportFailure(deps, tx, refundId, code)
}

function change<Answer>(
  deps: Deps,
  refundId: Uuid,
  step: (tx: Transaction, refund: Refund, order: Order) => Promise<Answer>,
): Promise<Answer> {
  return deps.db.transaction(async (tx) => {
    const [found] = await tx.orm.select({ orderId: refunds.orderId }).from(refunds).where(eq(refunds.id, refundId))
    if (found === undefined) throw notFound('refund', ['input', 'id'])
    const order = await lockOrder(tx, found.orderId)
    const [refund] = await tx.orm.select().from(refunds).where(eq(refunds.id, refundId))
    if (refund === undefined) throw new Error(`the refund ${refundId} is gone`)
    const answer = await step(tx, refund, order)
    await countRefunds(deps, tx, order.id)
    return answer
  })
}

/** The job's side of a refund. Safe to repeat. */
export async function sendRefundToGateway(deps: Deps, refundId: Uuid): Promise<void> {
  const [refund] = await deps.db.orm.select().from(refunds).where(eq(refunds.id, refundId))
  if (refund === undefined || refund.status !== 'PENDING' || refund.reference !== null) return
  const payment = await findPayment(deps.db, refund.orderId)
  if (!payment?.reference) throw new Error(`the refund ${refundId} has no payment to go back to`)
  const { reference, currency, gateway } = payment
  try {
    if (gateway !== deps.payments.name) throw new RefundRefused('other_gateway')
    const told = await deps.payments.refund({ id: refundId, reference, amountMinor: refund.amountMinor, currency })
    await change(deps, refundId, (tx, _, order) => learnRefund(deps, tx, order, told))
  } catch (error) {
    if (!(error instanceof RefundRefused)) throw error
    await change(deps, refundId, async (tx, { status }) => {
      if (!refundLifecycle.can(status, 'FAILED')) return
      await tx.orm.update(refunds).set({ status: 'FAILED', failureCode: error.code }).where(eq(refunds.id, refundId))
      await markFailed(deps, tx, refundId, error.code)
    })
  }
}

/** The gateway could not be asked for a refund for so long that nobody tries any more: staff has to look. */
export const markStalled = (deps: Deps, refundId: Uuid): Promise<void> =>
  change(deps, refundId, async (tx, { status, reference }) => {
    if (status !== 'PENDING' || reference !== null) return
    await tx.orm.update(refunds).set({ status: 'STALLED', failureCode: 'gateway_away' }).where(eq(refunds.id, refundId))
    await reportFailure(deps, tx, refundId, 'gateway_away')
  })

export { change as changeRefund }
