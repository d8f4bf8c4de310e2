/** Where a payment is in its life, in the words of Stripe's PaymentIntents. */
export type PaymentStatus = 'REQUIRES_PAYMENT_METHOD' | 'REQUIRES_ACTION' | 'PROCESSING' | 'CANCELED' | 'SUCCEEDED'

/** What a gateway says about a payment at one moment. */
export interface PaymentSnapshot {
  /** The gateway's name for it: `pi_…`. */
  readonly reference: string
  /** What it was opened for; null where the gateway does not say. */
  readonly orderId: string | null
  readonly status: PaymentStatus
  readonly amountMinor: number
  readonly refundedMinor: number
  /** Why the last attempt failed; null where it did not. */
  readonly declineCode: string | null
  /** With it a browser confirms the payment by itself. Null where the gateway does not say. */
  readonly clientSecret: string | null
  /** Where the buyer has to go next, to their bank perhaps. */
  readonly nextActionUrl: string | null
  /** In seconds since 1970, by the gateway's clock. */
  readonly observedAt: number
}

export interface GatewayEvent {
  readonly id: string
  readonly type: string
  /** Null for an event that is about no payment. */
  readonly payment: PaymentSnapshot | null
  /** As it was sent. */
  readonly payload: unknown
}

/** What moves the money. Nothing of it is called inside a transaction. */
export interface PaymentGateway {
  readonly name: 'test' | 'stripe'
  /** Opens a payment, once for each order, however often it is asked to. */
  open(order: { orderId: string; amountMinor: number; currency: string }): Promise<PaymentSnapshot>
  /**
   * Tries to pay with a payment method. A refusal is no error: it is in the snapshot's `declineCode`.
   * @throws UnknownPaymentMethod for a method that there is none of.
   */
  confirm(reference: string, paymentMethod: string): Promise<PaymentSnapshot>
  /** A payment that has been paid or cancelled stays so. */
  cancel(reference: string): Promise<PaymentSnapshot>
  /** Sends money back, once for each key. Answers the gateway's name for the refund. */
  refund(refund: { reference: string; amountMinor: number; idempotencyKey: string }): Promise<string>
  /** @throws BadSignature for what the gateway did not send, or sent too long ago. */
  readWebhook(body: string, signature: string): GatewayEvent
}

/** There is no such payment method, or it cannot be used here. */
export class UnknownPaymentMethod extends Error {
  override readonly name = 'UnknownPaymentMethod'
}
