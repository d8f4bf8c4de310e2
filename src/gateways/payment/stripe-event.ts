import { z } from 'zod'
import type { DisputeSnapshot, GatewayEvent, PaymentSnapshot, PaymentStatus, RefundSnapshot } from './gateway.ts'
import { fromStripeAmount } from './stripe-amount.ts'

const STATUS: Readonly<Record<string, PaymentStatus>> = {
  requires_payment_method: 'REQUIRES_PAYMENT_METHOD',
  requires_confirmation: 'REQUIRES_PAYMENT_METHOD',
  requires_action: 'REQUIRES_ACTION',
  processing: 'PROCESSING',
  requires_capture: 'PROCESSING',
  canceled: 'CANCELED',
  succeeded: 'SUCCEEDED',
}

const REFUND_STATUS: Readonly<Record<string, RefundSnapshot['status']>> = {
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
  canceled: 'FAILED',
}

/** The bank's inquiries (`warning_…`) are disputes as well: who answers none is charged back. */
const DISPUTE_STATUS: Readonly<Record<string, DisputeSnapshot['status']>> = {
  won: 'WON',
  warning_closed: 'WON',
  prevented: 'WON',
  lost: 'LOST',
}

const currency = z.string().length(3)
/** Named, or there as a whole where it was asked for. */
const named = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish()

/** As much of a PaymentIntent as we read. */
export const paymentIntent = z.object({
  object: z.literal('payment_intent'),
  id: z.string(),
  amount: z.int(),
  currency,
  status: z.string(),
  client_secret: z.string().nullish(),
  last_payment_error: z.object({ code: z.string().nullish(), decline_code: z.string().nullish() }).nullish(),
  next_action: z.object({ redirect_to_url: z.object({ url: z.string().nullish() }).nullish() }).nullish(),
  metadata: z.object({ order_id: z.string().optional() }).nullish(),
})

/** As much of a Refund as we read. */
export const refund = z.object({
  object: z.literal('refund'),
  id: z.string(),
  amount: z.int(),
  currency,
  status: z.string().nullish(),
  failure_reason: z.string().nullish(),
  metadata: z.object({ refund_id: z.string().optional() }).nullish(),
})

const dispute = z.object({
  object: z.literal('dispute'),
  id: z.string(),
  amount: z.int(),
  currency,
  status: z.string(),
  reason: z.string(),
})

const ofPayment = z.object({ payment_intent: named, metadata: z.object({ order_id: z.string().optional() }).nullish() })

const event = z.object({
  id: z.string().min(1).max(200),
  type: z.string().max(200),
  data: z.object({ object: z.unknown() }),
})

export function ofPaymentIntent(intent: z.output<typeof paymentIntent>): PaymentSnapshot {
  const failed = intent.last_payment_error
  const status = STATUS[intent.status] ?? 'PROCESSING'
  return {
    reference: intent.id,
    orderId: intent.metadata?.order_id ?? null,
    status,
    amountMinor: fromStripeAmount(intent.amount, intent.currency),
    declineCode: status === 'REQUIRES_PAYMENT_METHOD' ? (failed?.decline_code ?? failed?.code ?? null) : null,
    clientSecret: intent.client_secret ?? null,
    nextActionUrl: status === 'REQUIRES_ACTION' ? (intent.next_action?.redirect_to_url?.url ?? null) : null,
    refunds: [],
  }
}

export const ofRefund = (told: z.output<typeof refund>): RefundSnapshot => ({
  reference: told.id,
  refundId: told.metadata?.refund_id ?? null,
  amountMinor: fromStripeAmount(told.amount, told.currency),
  status: REFUND_STATUS[told.status ?? ''] ?? 'PENDING',
  failureCode: told.failure_reason ?? (told.status === 'canceled' ? 'canceled' : null),
})

function ofDispute(object: unknown): DisputeSnapshot | null {
  const told = dispute.safeParse(object)
  if (!told.success) return null
  const { id: reference, amount, currency, status, reason } = told.data
  return {
    reference,
    status: DISPUTE_STATUS[status] ?? 'OPEN',
    amountMinor: fromStripeAmount(amount, currency),
    reason,
  }
}

/**
 * Reads an event. Stripe's clock counts seconds and its events come in any order, so that of two moves within a second
 * nobody can say which was the later one: only what nothing can follow is taken from the event itself.
 * @throws SyntaxError or ZodError for a body that is no event of Stripe.
 */
export function parseStripeEvent(body: string): GatewayEvent {
  const payload: unknown = JSON.parse(body)
  const { id, type, data } = event.parse(payload)
  const intent = paymentIntent.safeParse(data.object)
  if (intent.success) {
    const told = ofPaymentIntent(intent.data)
    const final = told.status === 'SUCCEEDED' || told.status === 'CANCELED' ? told : null
    return { id, type, payload, about: told, final, dispute: null }
  }
  const part = ofPayment.safeParse(data.object)
  const reference = part.data?.payment_intent ?? null
  const about = reference === null ? null : { reference, orderId: part.data?.metadata?.order_id ?? null }
  return { id, type, payload, about, final: null, dispute: ofDispute(data.object) }
}
