import { lifecycle } from '../../core/lifecycle.ts'
import type { PaymentSnapshot, PaymentStatus } from '../../gateways/payment/gateway.ts'

/** A failed attempt leads back to the start; what is paid or cancelled stays so. */
export const paymentLifecycle = lifecycle<PaymentStatus>('payment', {
  REQUIRES_PAYMENT_METHOD: ['REQUIRES_ACTION', 'PROCESSING', 'CANCELED', 'SUCCEEDED'],
  REQUIRES_ACTION: ['REQUIRES_PAYMENT_METHOD', 'PROCESSING', 'CANCELED', 'SUCCEEDED'],
  PROCESSING: ['REQUIRES_PAYMENT_METHOD', 'CANCELED', 'SUCCEEDED'],
  CANCELED: [],
  SUCCEEDED: [],
})

/** What we keep of everything that a gateway has told about a payment. */
export type PaymentFacts = Pick<
  PaymentSnapshot,
  'status' | 'observedAt' | 'declineCode' | 'nextActionUrl' | 'refundedMinor'
>

const isFinal = ({ status }: PaymentFacts): boolean => paymentLifecycle.allowed(status).length === 0

/** Of two that say something else at the same second; a decline says more than that a payment was opened. */
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
 * What is known after one more thing was told. The greatest of a total order, and the largest sum that ever went back:
 * whatever the order in which things are told, and however often, what is known in the end is the same.
 */
export function mergePayment(known: PaymentFacts, told: PaymentFacts): PaymentFacts {
  const { status, observedAt, declineCode, nextActionUrl } = isLater(told, known) ? told : known
  return {
    status,
    observedAt,
    declineCode,
    nextActionUrl,
    refundedMinor: Math.max(known.refundedMinor, told.refundedMinor),
  }
}
