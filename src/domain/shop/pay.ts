import { and, eq, sql } from 'drizzle-orm'
import { DomainError, invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { addressKey } from '../../core/network.ts'
import { orders } from '../../db/tables/shop/order.ts'
import { type PaymentSnapshot, UnknownPaymentMethod } from '../../gateways/payment/gateway.ts'
import type { Deps } from '../deps.ts'
import { findPayment, momentOf, openPayment } from '../payment/payment.ts'
import { spend } from '../rate.ts'
import { getOwnOrder, type OrderHolder } from './order.ts'
import { observePayment } from './settlement.ts'

const notPayable = (from: string): DomainError =>
  new DomainError('ILLEGAL_TRANSITION', `An order that is ${from} cannot be paid.`, ['input', 'id'], {
    from,
    allowed: [],
  })

export interface PayInput {
  id: Uuid
  paymentMethod: string
  /** The network address that a guest's request comes from; attempts of guests without one are not counted. */
  guestAddress?: string | undefined
}

/**
 * Whoever has bought a list of stolen cards finds out at shops which of them still work: each attempt asks a bank, and the
 * shop loses its name there. A buyer who mistypes needs a few.
 */
async function spendAttempt(deps: Deps, { viewer }: OrderHolder, guestAddress: string | undefined): Promise<void> {
  const network = guestAddress === undefined ? null : addressKey(guestAddress)
  const buyer = viewer === null ? network : `member ${viewer.accountId}`
  if (buyer !== null) await spend(deps.paymentAttempts, buyer)
}

/**
 * Tries to pay an order with a payment method. Nothing is charged twice: an order has one payment at the gateway.
 * @throws DomainError `NOT_FOUND`, `ILLEGAL_TRANSITION` (paid, cancelled, or its time is over), `INVALID_INPUT` (method),
 * `PAYMENT_DECLINED` with the code, `RATE_LIMITED` (attempts of one buyer).
 */
export async function payOrder(deps: Deps, holder: OrderHolder, input: PayInput): Promise<Uuid> {
  const order = await getOwnOrder(deps, holder, input.id)
  if (order.status !== 'PENDING') throw notPayable(order.status)
  const live = await deps.db.orm
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.id, input.id), sql`${orders.expiresAt} > clock_timestamp()`))
  // Money that comes too late all the same is dealt with; but nobody is asked for it.
  if (live.length === 0) throw notPayable('CANCELLED')
  const payment = await openPayment(deps, input.id)
  // It was opened before the shop changed its gateway, and runs out.
  if (payment !== null && payment.gateway !== deps.payments.name) throw notPayable('CANCELLED')
  if (!payment?.reference) throw new Error(`the order ${input.id} has no payment`)
  await spendAttempt(deps, holder, input.guestAddress)
  const observedAt = await momentOf(deps.db)
  const told = await confirm(deps, payment.reference, input.paymentMethod)
  await observePayment(deps, told, observedAt)
  await catchUp(deps, input.id, told)
  if (told.status === 'REQUIRES_PAYMENT_METHOD') {
    const declineCode = told.declineCode ?? 'generic_decline'
    const why = declineCode === 'generic_decline' ? '' : `: ${declineCode.replaceAll('_', ' ')}`
    const message = `The payment was declined${why}. Try another card.`
    throw new DomainError('PAYMENT_DECLINED', message, ['input', 'paymentMethod'], { declineCode })
  }
  return input.id
}

/**
 * An event may have had the gateway asked between our moment and the confirmation, and what it said then won over what the
 * confirmation did. The buyer waits for the next step, so the gateway is asked once more, now behind the confirmation.
 */
async function catchUp(deps: Deps, orderId: Uuid, told: PaymentSnapshot): Promise<void> {
  const known = await findPayment(deps.db, orderId)
  if (known === null || known.status === told.status) return
  const observedAt = await momentOf(deps.db)
  const now = await deps.payments.retrieve(told.reference)
  if (now !== null) await observePayment(deps, now, observedAt)
}

async function confirm({ payments }: Deps, reference: string, paymentMethod: string) {
  try {
    return await payments.confirm(reference, paymentMethod)
  } catch (error) {
    if (error instanceof UnknownPaymentMethod) throw invalidInput(['input', 'paymentMethod'], error.message)
    throw error
  }
}
