import { eq } from 'drizzle-orm'
import { DomainError } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { orderCoupons, refunds } from '../../db/tables/shop/order.ts'
import { sendMail } from '../../gateways/mail/outbox.ts'
import type { GatewayEvent, PaymentSnapshot } from '../../gateways/payment/gateway.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'
import { bookPaidOrder, bookRefund } from '../expense/booking.ts'
import { findOrderOfPayment, keepEvent, learnPayment, lockPayment } from '../payment/payment.ts'
import { buyerKeyOf } from './coupon.ts'
import { spendCoupons } from './coupon-use.ts'
import { eachKind, linesOf, lockOrder, type Order, type OrderLine, refOf, releaseOrder, setOrder } from './order.ts'
import { orderLifecycle } from './order-rules.ts'

/** Sends a refund to the gateway, as often as it takes; the refund's id is the gateway's key, so it goes once. */
export const sendRefund = defineJob<{ refundId: Uuid }>('payment.refund', { retryLimit: 20, retryDelaySeconds: 10 })

/** Money came for what can no longer be had: it goes back. */
class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

/** Hands everything over to the buyer of a paid order. @throws Unavailable when something of it is gone. */
async function handOver(deps: Deps, tx: Transaction, order: Order): Promise<void> {
  try {
    const used = await tx.orm.select().from(orderCoupons).where(eq(orderCoupons.orderId, order.id))
    await spendCoupons(tx, order.id, used, buyerKeyOf(order.email))
    const lines = await linesOf(tx, order.id)
    await eachKind(lines, (kind, own) => kind.fulfil(deps, tx, refOf(order), own))
    orderLifecycle.ensure(order.status, 'PAID')
    // Nothing has to be sent: it is fulfilled as soon as it is paid.
    const isSent = lines.some(({ isShipped }) => isShipped)
    if (!isSent) orderLifecycle.ensure('PAID', 'FULFILLED')
    const [{ paidAt } = { paidAt: '' }] = await tx.query<{ paidAt: string }>('select clock_timestamp() as "paidAt"')
    await setOrder(deps, tx, order.id, { status: isSent ? 'PAID' : 'FULFILLED', hasLapsed: false, paidAt })
    await bookPaidOrder(deps, tx, { ...order, ...inBooks(lines) })
    await deps.jobs.enqueue(tx, sendMail, { template: 'receipt', orderId: order.id })
  } catch (error) {
    throw error instanceof DomainError ? new Unavailable(error.message) : error
  }
}

/** What an order is called in its buyer's books. */
const inBooks = (lines: readonly OrderLine[]) => ({
  description: lines.map(({ quantity, title }) => (quantity === 1 ? title : `${quantity} × ${title}`)).join(', '),
  isLeisure: lines.every(({ kind }) => kind === 'TICKET'),
})

/** For an order that costs nothing. */
export async function settlePaidOrder(deps: Deps, tx: Transaction, orderId: Uuid): Promise<void> {
  await handOver(deps, tx, await lockOrder(tx, orderId))
}

/** Enters a refund and has it sent; the caller has locked the order and changes it accordingly. */
export async function enterRefund(
  deps: Deps,
  tx: Transaction,
  refund: { orderId: Uuid; amountMinor: number; reason: string },
): Promise<Uuid> {
  const id = newId()
  await tx.orm.insert(refunds).values({ id, ...refund })
  await deps.jobs.enqueue(tx, sendRefund, { refundId: id })
  await bookRefund(deps, tx, { id, ...refund })
  await deps.jobs.enqueue(tx, sendMail, { template: 'refund', orderId: refund.orderId, refundId: id })
  return id
}

async function giveBack(deps: Deps, tx: Transaction, order: Order): Promise<void> {
  if (order.status === 'PENDING') {
    orderLifecycle.ensure(order.status, 'CANCELLED')
    await releaseOrder(deps, tx, order)
  }
  orderLifecycle.ensure('CANCELLED', 'REFUNDED')
  const amountMinor = order.totalMinor
  await enterRefund(deps, tx, { orderId: order.id, amountMinor, reason: 'It was paid when it could no longer be had.' })
  const [{ paidAt } = { paidAt: '' }] = await tx.query<{ paidAt: string }>('select clock_timestamp() as "paidAt"')
  await setOrder(deps, tx, order.id, { status: 'REFUNDED', paidAt, refundedMinor: amountMinor })
}

/** What the gateway sent back beyond our own refunds: somebody refunded it there. */
async function learnRefund(deps: Deps, tx: Transaction, order: Order, refundedMinor: number): Promise<void> {
  if (refundedMinor <= order.refundedMinor) return
  const isWhole = refundedMinor >= order.totalMinor
  if (isWhole) orderLifecycle.ensure(order.status, 'REFUNDED')
  const amountMinor = Math.min(refundedMinor, order.totalMinor) - order.refundedMinor
  await bookRefund(deps, tx, { id: newId(), orderId: order.id, amountMinor })
  await setOrder(deps, tx, order.id, {
    refundedMinor: Math.min(refundedMinor, order.totalMinor),
    ...(isWhole ? { status: 'REFUNDED' as const } : {}),
  })
}

async function apply(
  deps: Deps,
  told: PaymentSnapshot,
  event: GatewayEvent | null,
  isAvailable: boolean,
): Promise<Uuid | null> {
  return deps.db.transaction(async (tx) => {
    const orderId = await findOrderOfPayment(tx, told)
    if (orderId === null) {
      if (event !== null) await keepUnknown(deps, tx, event)
      return null
    }
    const order = await lockOrder(tx, orderId)
    const payment = await lockPayment(tx, orderId)
    if (payment === null) throw new Error(`the order ${orderId} has lost its payment`)
    if (event !== null && !(await keepEvent(tx, event, payment.id))) return orderId
    const facts = await learnPayment(tx, payment, told)
    if (facts.status === 'SUCCEEDED' && order.paidAt === null) {
      const mayHave = order.status === 'PENDING' || (order.status === 'CANCELLED' && order.hasLapsed)
      if (mayHave && isAvailable) await handOver(deps, tx, order)
      else await giveBack(deps, tx, order)
    } else {
      await setOrder(deps, tx, orderId, {})
    }
    if (facts.refundedMinor > 0) await learnRefund(deps, tx, await lockOrder(tx, orderId), facts.refundedMinor)
    return orderId
  })
}

async function keepUnknown(deps: Deps, tx: Transaction, event: GatewayEvent): Promise<void> {
  if (!(await keepEvent(tx, event, null))) return
  deps.log.warn({ event: event.id, type: event.type }, 'The gateway told of a payment that is not known here')
}

/**
 * Takes in what the gateway says about a payment, as an answer or as an event; in any order, and any number of times.
 * What was paid is handed over, or goes back where it can no longer be had. Answers the order, null for an unknown payment.
 */
export async function observePayment(
  deps: Deps,
  told: PaymentSnapshot,
  event: GatewayEvent | null = null,
): Promise<Uuid | null> {
  try {
    return await apply(deps, told, event, true)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    // In a transaction of its own: what was handed over before something turned out to be gone is undone.
    return apply(deps, told, event, false)
  }
}

/** @throws BadSignature; SyntaxError or ZodError for what is no event. */
export async function receiveEvent(deps: Deps, body: string, signature: string): Promise<void> {
  const event = deps.payments.readWebhook(body, signature)
  if (event.payment !== null) await observePayment(deps, event.payment, event)
  else await deps.db.transaction((tx) => keepUnknown(deps, tx, event))
}

/** The job's side of a refund. Safe to repeat. */
export async function sendRefundToGateway(deps: Deps, refundId: Uuid): Promise<void> {
  const [refund] = await deps.db.orm.select().from(refunds).where(eq(refunds.id, refundId))
  if (refund === undefined || refund.status !== 'PENDING') return
  const [payment] = await deps.db.query<{ reference: string | null }>(
    'select reference from payments where order_id = $1',
    [refund.orderId],
  )
  if (!payment?.reference) throw new Error(`the refund ${refundId} has no payment to go back to`)
  const { amountMinor } = refund
  const reference = await deps.payments.refund({ reference: payment.reference, amountMinor, idempotencyKey: refundId })
  await deps.db.transaction(async (tx) => {
    await tx.orm.update(refunds).set({ status: 'SUCCEEDED', reference }).where(eq(refunds.id, refundId))
    await setOrder(deps, tx, refund.orderId, {})
  })
}
