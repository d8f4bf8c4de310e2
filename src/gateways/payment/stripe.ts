import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import Stripe from 'stripe'
import type { Clock } from '../../core/clock.ts'
import {
  type PaymentGateway,
  type PaymentSnapshot,
  RefundRefused,
  type RefundSnapshot,
  UnknownPaymentMethod,
} from './gateway.ts'
import { verifyWebhook } from './signature.ts'
import { toStripeAmount } from './stripe-amount.ts'
import { ofPaymentIntent, ofRefund, parseStripeEvent, paymentIntent, refund as refundObject } from './stripe-event.ts'

/** Where Stripe is. Only tests say it: no setting leads somewhere else, where the secret key would go along. */
export interface StripeAddress {
  readonly host: string
  readonly port: number
  readonly protocol: 'http' | 'https'
  readonly timeoutMs?: number
}

export interface StripeOptions {
  secretKey: string
  /** Of the endpoint that Stripe posts its events to: `whsec_…`. */
  webhookSecret: string
  clock: Clock
  /** Where a buyer comes back to from their bank. */
  returnUrl: () => string
  address?: StripeAddress | undefined
}

/** A buyer waits: three attempts of eight seconds at most. Refunds and cancellations are tried again by their jobs. */
const TIMEOUT_MS = 8_000
const RETRIES = 2
const BUSY_PAUSE_MS = 250

/** Names of payment methods that Stripe gives out. A card number is none, and never leaves this server. */
const PAYMENT_METHOD = /^pm_[A-Za-z0-9_]{1,200}$/

const isRequestError = (error: unknown): error is Stripe.errors.StripeInvalidRequestError =>
  error instanceof Stripe.errors.StripeInvalidRequestError

/** Stripe's own retries leave out 429, which is answered before anything was done. @throws what the last one threw. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeRateLimitError) || retry >= RETRIES) throw error
      await pause(BUSY_PAUSE_MS * 2 ** retry)
    }
  }
}

const readIntent = (answer: unknown): PaymentSnapshot => ofPaymentIntent(paymentIntent.parse(answer))
const readRefund = (answer: unknown): RefundSnapshot => ofRefund(refundObject.parse(answer))

/** Payments through Stripe: PaymentIntents of cards, one for each order. */
export function createStripeGateway(options: StripeOptions): PaymentGateway {
  const { webhookSecret, clock, returnUrl, address } = options
  const stripe = new Stripe(options.secretKey, {
    timeout: address?.timeoutMs ?? TIMEOUT_MS,
    maxNetworkRetries: RETRIES,
    telemetry: false,
    ...(address && { host: address.host, port: address.port, protocol: address.protocol }),
  })

  const intentAsItIs = async (reference: string): Promise<PaymentSnapshot> =>
    readIntent(await patiently(() => stripe.paymentIntents.retrieve(reference)))

  const refundsOf = async (reference: string): Promise<RefundSnapshot[]> => {
    const found: RefundSnapshot[] = []
    const all = stripe.refunds.list({ payment_intent: reference, limit: 100 })
    for await (const each of all) found.push(readRefund(each))
    return found
  }

  /** An answer that Stripe repeats for a key is as old as its first one. */
  const fresh = async (answer: Stripe.Response<Stripe.PaymentIntent>): Promise<PaymentSnapshot> =>
    answer.lastResponse.headers['idempotent-replayed'] === 'true' ? intentAsItIs(answer.id) : readIntent(answer)

  return {
    name: 'stripe',
    async open({ orderId, amountMinor, currency }) {
      const answer = await patiently(() =>
        stripe.paymentIntents.create(
          {
            amount: toStripeAmount(amountMinor, currency),
            currency: currency.toLowerCase(),
            allowed_payment_method_types: ['card'],
            metadata: { order_id: orderId },
          },
          { idempotencyKey: `order ${orderId}` },
        ),
      )
      return fresh(answer)
    },
    async confirm(reference, paymentMethod) {
      if (!PAYMENT_METHOD.test(paymentMethod)) {
        throw new UnknownPaymentMethod('This is no payment method. Stripe’s form in the browser makes one: `pm_…`.')
      }
      // One key for each attempt of the buyer: a repeated request is the same attempt, another card is another one.
      const attempt = { idempotencyKey: `confirm ${reference} ${randomUUID()}` }
      try {
        const how = { payment_method: paymentMethod, return_url: returnUrl() }
        return await fresh(await patiently(() => stripe.paymentIntents.confirm(reference, how, attempt)))
      } catch (error) {
        if (error instanceof Stripe.errors.StripeCardError) return declined(reference, error)
        if (!isRequestError(error)) throw error
        // It was paid, given up or is at the bank, perhaps by a request whose answer never reached us.
        if (error.code === 'payment_intent_unexpected_state') return intentAsItIs(reference)
        if (error.param === 'payment_method' || error.code?.startsWith('payment_method_')) {
          throw new UnknownPaymentMethod('Stripe knows no such payment method, or it was used up.')
        }
        throw error
      }
    },
    async cancel(reference) {
      try {
        return readIntent(await patiently(() => stripe.paymentIntents.cancel(reference)))
      } catch (error) {
        if (!isRequestError(error) || error.code !== 'payment_intent_unexpected_state') throw error
        return intentAsItIs(reference)
      }
    },
    async retrieve(reference) {
      try {
        const payment = await intentAsItIs(reference)
        const refunds = payment.status === 'SUCCEEDED' ? await patiently(() => refundsOf(reference)) : []
        return { ...payment, refunds }
      } catch (error) {
        if (isRequestError(error) && error.code === 'resource_missing') return null
        throw error
      }
    },
    async refund({ id, reference, amountMinor, currency }) {
      // Stripe forgets keys after a day, and a refund may be tried again for longer.
      const made = (await patiently(() => refundsOf(reference))).find(({ refundId }) => refundId === id)
      if (made !== undefined) return made
      try {
        const wanted = {
          payment_intent: reference,
          amount: toStripeAmount(amountMinor, currency),
          metadata: { refund_id: id },
        }
        return readRefund(await patiently(() => stripe.refunds.create(wanted, { idempotencyKey: id })))
      } catch (error) {
        if (isRequestError(error)) throw new RefundRefused(error.code ?? 'invalid_request')
        throw error
      }
    },
    readWebhook(body, signature) {
      verifyWebhook(body, signature, webhookSecret, Math.floor(clock.now().getTime() / 1000))
      return parseStripeEvent(body)
    },
  }

  async function declined(reference: string, error: Stripe.errors.StripeCardError): Promise<PaymentSnapshot> {
    const told = paymentIntent.safeParse(error.payment_intent)
    const payment = told.success ? ofPaymentIntent(told.data) : await intentAsItIs(reference)
    const declineCode = payment.declineCode ?? error.decline_code ?? error.code ?? 'generic_decline'
    return payment.status === 'REQUIRES_PAYMENT_METHOD' ? { ...payment, declineCode } : payment
  }
}
