import { lifecycle } from '../../core/lifecycle.ts'
import type { DisputeSnapshot, PaymentSnapshot, PaymentStatus, RefundSnapshot } from '../../gateways/payment/gateway.ts'

/** A failed attempt leads back to the start; what is paid or cancelled stays so. */
export const paymentLifecycle = lifecycle<PaymentStatus>('payment', {
  REQUIRES_PAYMENT_METHOD: ['REQUIRES_ACTION', 'PROCESSING', 'CANCELED', 'SUCCEEDED'],
  REQUIRES_ACTION: ['REQUIRES_PAYMENT_METHOD', 'PROCESSING', 'CANCELED', 'SUCCEEDED'],
  PROCESSING: ['REQUIRES_PAYMENT_METHOD', 'CANCELED', 'SUCCEEDED'],
  CANCELED: [],
  SUCCEEDED: [],
})

/** What we keep of everything that a gateway has told about a payment. */
export interface PaymentFacts extends Pick<PaymentSnapshot, 'status' | 'declineCode' | 'nextActionUrl'> {
  /** When the gateway was asked: microseconds since 1970 by the database's clock. */
  readonly observedAt: number
}

const isFinal = ({ status }: PaymentFacts): boolean => paymentLifecycle.allowed(status).length === 0

/** Of two that say something else at the same moment; a decline says more than that a payment was opened. */
const rank = (facts: PaymentFacts): string =>
  `${paymentLifecycle.states.indexOf(facts.status)} ${facts.declineCode ?? ''} ${facts.nextActionUrl ?? ''}`

function isLater(a: PaymentFacts, b: PaymentFacts): boolean {
  if (isFinal(a) !== isFinal(b)) return isFinal(a)
  // Paid beats cancelled whenever it was said: money has moved.
  if (isFinal(a) && a.status !== b.status) return a.status === 'SUCCEEDED'
  if (a.observedAt !== b.observedAt) return a.observedAt > b.observedAt
  return rank(a) > rank(b)
}

/**
 * What is known after one more thing was told. The greatest of a total order: whatever the order in which things are
 * told, and however often, what is known in the end is the same.
 */
export function mergePayment(known: PaymentFacts, told: PaymentFacts): PaymentFacts {
  const { status, observedAt, declineCode, nextActionUrl } = isLater(told, known) ? told : known
  return { status, observedAt, declineCode, nextActionUrl }
}

export type RefundStatus = RefundSnapshot['status'] | 'STALLED'

/**
 * STALLED is a refund that the gateway could not be asked for: nobody knows whether it went, so it counts as gone, and
 * the same one is sent again. FAILED is the gateway's own word, after which the money is ours again; another refund may
 * be made in its place.
 */
export const refundLifecycle = lifecycle<RefundStatus>('refund', {
  PENDING: ['SUCCEEDED', 'FAILED', 'STALLED'],
  SUCCEEDED: ['FAILED'],
  FAILED: [],
  STALLED: ['PENDING', 'SUCCEEDED', 'FAILED'],
})

/** What a refund is after the gateway has told of it; what it told before may come later. */
export const mergeRefund = (known: RefundStatus, told: RefundSnapshot['status']): RefundStatus =>
  refundLifecycle.can(known, told) ? told : known

/** What of a refund counts as gone: all of it, until the gateway says that it failed. */
export const countedMinor = ({ status, amountMinor }: { status: RefundStatus; amountMinor: number }): number =>
  status === 'FAILED' ? 0 : amountMinor

export type DisputeStatus = DisputeSnapshot['status']

/** A bank may take back that the shop has won; what is lost is lost. */
export const disputeLifecycle = lifecycle<DisputeStatus>('dispute', {
  OPEN: ['WON', 'LOST'],
  WON: ['LOST'],
  LOST: [],
})

export const mergeDispute = (known: DisputeStatus, told: DisputeStatus): DisputeStatus =>
  disputeLifecycle.can(known, told) ? told : known
