import { z } from 'zod'
import type { GatewayEvent, PaymentSnapshot, PaymentStatus } from './gateway.ts'

const STATUS: Readonly<Record<string, PaymentStatus>> = {
  requires_payment_method: 'REQUIRES_PAYMENT_METHOD',
  requires_confirmation: 'REQUIRES_PAYMENT_METHOD',
  requires_action: 'REQUIRES_ACTION',
  processing: 'PROCESSING',
  requires_capture: 'PROCESSING',
  canceled: 'CANCELED',
  succeeded: 'SUCCEEDED',
}

const metadata = z.object({ order_id: z.string().optional() }).nullish()

/** As much of a PaymentIntent as we read. */
export const paymentIntent = z.object({
  object: z.literal('payment_intent'),
  id: z.string(),
  amount: z.int(),
  status: z.string(),
  client_secret: z.string().nullish(),
  last_payment_error: z.object({ code: z.string().nullish(), decline_code: z.string().nullish() }).nullish(),
  next_action: z.object({ redirect_to_url: z.object({ url: z.string().nullish() }).nullish() }).nullish(),
  metadata,
})

const charge = z.object({
  object: z.literal('charge'),
  payment_intent: z.string().nullish(),
  amount: z.int(),
  amount_refunded: z.int(),
  paid: z.boolean().nullish(),
  metadata,
})

const event = z.object({
  id: z.string().min(1).max(200),
  type: z.string().max(200),
  created: z.int(),
  data: z.object({ object: z.unknown() }),
})

export function ofPaymentIntent(intent: z.output<typeof paymentIntent>, observedAt: number): PaymentSnapshot {
  const failed = intent.last_payment_error
  const status = STATUS[intent.status] ?? 'PROCESSING'
  return {
    reference: intent.id,
    orderId: intent.metadata?.order_id ?? null,
    status,
    amountMinor: intent.amount,
    refundedMinor: 0,
    declineCode: status === 'REQUIRES_PAYMENT_METHOD' ? (failed?.decline_code ?? failed?.code ?? null) : null,
    clientSecret: intent.client_secret ?? null,
    nextActionUrl: status === 'REQUIRES_ACTION' ? (intent.next_action?.redirect_to_url?.url ?? null) : null,
    observedAt,
  }
}

/** A charge exists once money has moved; what was refunded is only told here. */
function ofCharge(paid: z.output<typeof charge>, observedAt: number): PaymentSnapshot | null {
  if (!paid.payment_intent || paid.paid === false) return null
  return {
    reference: paid.payment_intent,
    orderId: paid.metadata?.order_id ?? null,
    status: 'SUCCEEDED',
    amountMinor: paid.amount,
    refundedMinor: paid.amount_refunded,
    declineCode: null,
    clientSecret: null,
    nextActionUrl: null,
    observedAt,
  }
}

/** @throws SyntaxError or ZodError for a body that is no event of Stripe. */
export function parseStripeEvent(body: string): GatewayEvent {
  const payload: unknown = JSON.parse(body)
  const { id, type, created, data } = event.parse(payload)
  const intent = paymentIntent.safeParse(data.object)
  if (intent.success) return { id, type, payload, payment: ofPaymentIntent(intent.data, created) }
  const paid = charge.safeParse(data.object)
  return { id, type, payload, payment: paid.success ? ofCharge(paid.data, created) : null }
}
