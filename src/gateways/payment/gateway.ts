/** Where a payment is in its life, in the words of Stripe's PaymentIntents. */
export type PaymentStatus = 'REQUIRES_PAYMENT_METHOD' | 'REQUIRES_ACTION' | 'PROCESSING' | 'CANCELED' | 'SUCCEEDED'

/** What a gateway says about money that goes back. */
export interface RefundSnapshot {
  /** The gateway's name for it: `re_…`. */
  readonly reference: string
  /** The refund of ours that it is; null for one that somebody made at the gateway. */
  readonly refundId: string | null
  readonly amountMinor: number
  /** FAILED may follow SUCCEEDED: the bank did not take the money. Nothing follows FAILED. */
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED'
  /** Why it failed, in the gateway's words: `expired_or_canceled_card`. */
  readonly failureCode: string | null
}

/** What a gateway says about a charge that the buyer has disputed at their bank. */
export interface DisputeSnapshot {
  /** The gateway's name for it: `dp_…`. */
  readonly reference: string
  readonly status: 'OPEN' | 'WON' | 'LOST'
  readonly amountMinor: number
  /** The gateway's word: `fraudulent`, `product_not_received`. */
  readonly reason: string
}

/** What a gateway says about a payment at one moment. */
export interface PaymentSnapshot {
  /** The gateway's name for it: `pi_…`. */
  readonly reference: string
  /** What it was opened for; null where the gateway does not say. */
  readonly orderId: string | null
  readonly status: PaymentStatus
  readonly amountMinor: number
  /** Why the last attempt failed; null where it did not. */
  readonly declineCode: string | null
  /** With it a browser confirms the payment by itself. Null where the gateway does not say. */
  readonly clientSecret: string | null
  /** Where the buyer has to go next, to their bank perhaps. */
  readonly nextActionUrl: string | null
  /** Those that the gateway told of along with it; not always all. */
  readonly refunds: readonly RefundSnapshot[]
}

export interface GatewayEvent {
  readonly id: string
  readonly type: string
  /** The payment that it is about; null for an event that is about none. */
  readonly about: { readonly reference: string; readonly orderId: string | null } | null
  /**
   * The payment where nothing can follow what the event says: it was paid, or given up. Null where the event is only a
   * hint, and the gateway has to be asked how the payment stands.
   */
  readonly final: PaymentSnapshot | null
  readonly dispute: DisputeSnapshot | null
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
  /** How the payment stands, all its refunds included; null where there is none of this name. */
  retrieve(reference: string): Promise<PaymentSnapshot | null>
  /**
   * Sends money back, once for each id, however often and for however long it is asked to.
   * @throws RefundRefused where the gateway will not; any other error says nothing about the money.
   */
  refund(refund: { id: string; reference: string; amountMinor: number; currency: string }): Promise<RefundSnapshot>
  /** @throws BadSignature for what the gateway did not send, or sent too long ago. */
  readWebhook(body: string, signature: string): GatewayEvent
}

/** There is no such payment method, or it cannot be used here. */
export class UnknownPaymentMethod extends Error {
  override readonly name = 'UnknownPaymentMethod'
}

/** The gateway has said that it will not send this money back. */
export class RefundRefused extends Error {
  override readonly name = 'RefundRefused'
  constructor(
    /** The gateway's word: `charge_disputed`. */
    readonly code: string,
  ) {
    super(`the gateway refused a refund: ${code}`)
  }
}
