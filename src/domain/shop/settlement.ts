import { eq } from 'drizzle-orm'
import { DomainError } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { orderCoupons } from '../../db/tables/shop/order.ts'
import { sendMail } from '../../gateways/mail/outbox.ts'
import type { GatewayEvent, PaymentSnapshot } from '../../gateways/payment/gateway.ts'
import type { Deps } from '../deps.ts'
import { bookPaidOrder } from '../expense/booking.ts'
import { learnDispute } from '../payment/dispute.ts'
import { findOrderOfPayment, keepEvent, learnPayment, lockPayment, momentOf } from '../payment/payment.ts'
import { buyerKeyOf } from './coupon.ts'
import { spendCoupons } from './coupon-use.ts'
import { countRefunds, enterRefund, learnRefund, refundsOf, sumCounted } from './money-back.ts'
import { tellStaff } from './notice.ts'
import { eachKind, linesOf, lockOrder, type Order, type OrderLine, refOf, releaseOrder, setOrder } from './order.ts'
import { orderLifecycle } from './order-rules.ts'

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

async function giveBack(deps: Deps, tx: Transaction, order: Order): Promise<void> {
  if (order.status === 'PENDING') {
    orderLifecycle.ensure(order.status, 'CANCELLED')
    await releaseOrder(deps, tx, order)
  }
  orderLifecycle.ensure('CANCELLED', 'REFUNDED')
  // Somebody may have sent it back at the gateway before we heard of it.
  const amountMinor = order.totalMinor - sumCounted(await refundsOf(tx, order.id))
  const reason = 'It was paid when it could no longer be had.'
  if (amountMinor > 0) await enterRefund(deps, tx, { orderId: order.id, amountMinor, reason })
  const [{ paidAt } = { paidAt: '' }] = await tx.query<{ paidAt: string }>('select clock_timestamp() as "paidAt"')
  await setOrder(deps, tx, order.id, { status: 'REFUNDED', paidAt })
}

/** What the gateway said, and when it was asked. */
interface Told {
  readonly about: { readonly reference: string; readonly orderId: string | null }
  /** Null where it could not say how the payment stands. */
  readonly payment: PaymentSnapshot | null
  readonly observedAt: number
  readonly event: GatewayEvent | null
}

async function apply(deps: Deps, told: Told, isAvailable: boolean): Promise<Uuid | null> {
  const { event } = told
  return deps.db.transaction(async (tx) => {
    const orderId = await findOrderOfPayment(tx, told.about)
    if (orderId === null) {
      if (event !== null) await keepUnknown(deps, tx, event)
      return null
    }
    const order = await lockOrder(tx, orderId)
    const payment = await lockPayment(tx, orderId)
    if (payment === null) throw new Error(`the order ${orderId} has lost its payment`)
    if (event !== null && !(await keepEvent(tx, event, payment.id))) return orderId
    if (told.payment !== null) {
      const facts = await learnPayment(tx, payment, told.payment, told.observedAt)
      for (const each of told.payment.refunds) await learnRefund(deps, tx, order, each)
      if (facts.status === 'SUCCEEDED' && order.paidAt === null) {
        const mayHave = order.status === 'PENDING' || (order.status === 'CANCELLED' && order.hasLapsed)
        if (mayHave && isAvailable) await handOver(deps, tx, order)
        else await giveBack(deps, tx, order)
      }
    }
    if (event?.dispute) {
      const disputeId = await learnDispute(tx, payment, event.dispute)
      if (disputeId !== null) {
        deps.log.error({ order: orderId, dispute: disputeId, status: event.dispute.status }, 'A charge is disputed')
        await tellStaff(deps, tx, { template: 'dispute', disputeId })
      }
    }
    await countRefunds(deps, tx, orderId)
    return orderId
  })
}

async function keepUnknown(deps: Deps, tx: Transaction, event: GatewayEvent): Promise<void> {
  if (!(await keepEvent(tx, event, null))) return
  deps.log.warn({ event: event.id, type: event.type }, 'The gateway told of a payment that is not known here')
}

async function observe(deps: Deps, told: Told): Promise<Uuid | null> {
  try {
    return await apply(deps, told, true)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    // In a transaction of its own: what was handed over before something turned out to be gone is undone.
    return apply(deps, told, false)
  }
}

/**
 * Takes in an answer of the gateway about a payment; in any order, and any number of times. What was paid is handed over,
 * or goes back where it can no longer be had. `observedAt` is from before the gateway was asked (`momentOf`). Answers the
 * order, null for an unknown payment.
 */
export const observePayment = (deps: Deps, payment: PaymentSnapshot, observedAt: number): Promise<Uuid | null> =>
  observe(deps, { about: payment, payment, observedAt, event: null })

/**
 * Takes in an event. Where it may be followed by others it is a hint only, and the gateway is asked how the payment
 * stands: events have no order, and Stripe's clock has no parts of seconds.
 * @throws BadSignature; SyntaxError or ZodError for what is no event; what the gateway throws, which then sends it again.
 */
export async function receiveEvent(deps: Deps, body: string, signature: string): Promise<void> {
  const event = deps.payments.readWebhook(body, signature)
  const { about, final } = event
  if (about === null || (await findOrderOfPayment(deps.db, about)) === null) {
    await deps.db.transaction((tx) => keepUnknown(deps, tx, event))
    return
  }
  const observedAt = await momentOf(deps.db)
  const payment = final ?? (await deps.payments.retrieve(about.reference))
  await observe(deps, { about, payment, observedAt, event })
}
