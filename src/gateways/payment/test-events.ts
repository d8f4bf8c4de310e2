import type { PaymentStatus } from './gateway.ts'

/** A payment in the books of the test gateway. */
export interface TestPayment {
  reference: string
  orderId: string
  clientSecret: string
  amountMinor: number
  currency: string
  status: PaymentStatus
  declineCode: string | null
  refundedMinor: number
  later: string | null
}

export interface TestRefund {
  reference: string
  idempotencyKey: string
  payment: string
  amountMinor: number
  status: 'PENDING' | 'SUCCEEDED' | 'FAILED'
}

export const INTENT_EVENTS: Readonly<Record<PaymentStatus, string>> = {
  REQUIRES_PAYMENT_METHOD: 'payment_intent.payment_failed',
  REQUIRES_ACTION: 'payment_intent.requires_action',
  PROCESSING: 'payment_intent.processing',
  CANCELED: 'payment_intent.canceled',
  SUCCEEDED: 'payment_intent.succeeded',
}

/** As Stripe tells of a PaymentIntent. */
export const intentOf = (row: TestPayment, bankUrl: string): Record<string, unknown> => ({
  id: row.reference,
  object: 'payment_intent',
  amount: row.amountMinor,
  currency: row.currency.toLowerCase(),
  status: row.status.toLowerCase(),
  client_secret: row.clientSecret,
  last_payment_error: row.declineCode === null ? null : { code: 'card_declined', decline_code: row.declineCode },
  next_action: row.status === 'REQUIRES_ACTION' ? { redirect_to_url: { url: bankUrl } } : null,
  metadata: { order_id: row.orderId },
})

/** As Stripe tells of a Refund. */
export const refundOf = (row: TestRefund, currency: string): Record<string, unknown> => ({
  id: row.reference,
  object: 'refund',
  amount: row.amountMinor,
  currency: currency.toLowerCase(),
  payment_intent: row.payment,
  status: row.status.toLowerCase(),
  failure_reason: row.status === 'FAILED' ? 'expired_or_canceled_card' : null,
  metadata: { refund_id: row.idempotencyKey },
})

/** As Stripe tells of the charge behind a PaymentIntent. */
export const chargeOf = (row: TestPayment, reference: string): Record<string, unknown> => ({
  id: reference,
  object: 'charge',
  payment_intent: row.reference,
  amount: row.amountMinor,
  amount_refunded: row.refundedMinor,
  currency: row.currency.toLowerCase(),
  paid: true,
  metadata: { order_id: row.orderId },
})

/** As Stripe tells of a dispute that was just opened. */
export const disputeOf = (row: TestPayment, reference: string): Record<string, unknown> => ({
  id: reference,
  object: 'dispute',
  payment_intent: row.reference,
  amount: row.amountMinor,
  currency: row.currency.toLowerCase(),
  status: 'needs_response',
  reason: 'fraudulent',
})
