import type { PaymentStatus } from './gateway.ts'

/** What a card does when it is charged: Stripe's documented test cards, docs.stripe.com/testing. */
export interface TestCard {
  readonly status: PaymentStatus
  readonly declineCode: string | null
  /** After the buyer has shown who they are. */
  readonly afterAction: { readonly status: PaymentStatus; readonly declineCode: string | null } | null
  /** What becomes of the money once it is paid: its refunds wait or fail, or the buyer disputes it. */
  readonly later: Later | null
}

export type Later = 'REFUND_WAITS' | 'REFUND_FAILS' | 'DISPUTE'

const PAYS: TestCard = { status: 'SUCCEEDED', declineCode: null, afterAction: null, later: null }
const paysThen = (later: Later): TestCard => ({ ...PAYS, later })
const declines = (declineCode: string): TestCard => ({
  status: 'REQUIRES_PAYMENT_METHOD',
  declineCode,
  afterAction: null,
  later: null,
})
const asks = (declineCode: string | null = null): TestCard => ({
  status: 'REQUIRES_ACTION',
  declineCode: null,
  afterAction: { status: declineCode === null ? 'SUCCEEDED' : 'REQUIRES_PAYMENT_METHOD', declineCode },
  later: null,
})

const CARDS: ReadonlyMap<string, TestCard> = new Map([
  ['4242424242424242', PAYS],
  ['4000056655665556', PAYS],
  ['5555555555554444', PAYS],
  ['378282246310005', PAYS],
  ['pm_card_visa', PAYS],
  ['pm_card_mastercard', PAYS],
  ['4000000000000002', declines('generic_decline')],
  ['pm_card_visa_chargeDeclined', declines('generic_decline')],
  ['4000000000009995', declines('insufficient_funds')],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', declines('insufficient_funds')],
  ['4000000000009987', declines('lost_card')],
  ['4000000000009979', declines('stolen_card')],
  ['4000000000000069', declines('expired_card')],
  ['4000000000000127', declines('incorrect_cvc')],
  ['4000000000000119', declines('processing_error')],
  ['4000000000006975', declines('card_velocity_exceeded')],
  ['4000002500003155', asks()],
  ['4000002760003184', asks()],
  ['pm_card_authenticationRequired', asks()],
  ['4000008400001629', asks('generic_decline')],
  ['4000008260003178', asks('insufficient_funds')],
  ['4000000000007726', paysThen('REFUND_WAITS')],
  ['pm_card_pendingRefund', paysThen('REFUND_WAITS')],
  ['4000000000005126', paysThen('REFUND_FAILS')],
  ['pm_card_refundFail', paysThen('REFUND_FAILS')],
  ['4000000000000259', paysThen('DISPUTE')],
  ['pm_card_createDispute', paysThen('DISPUTE')],
])

/** Undefined for a card that is not one of the test cards. Blanks between the digits do not matter. */
export const findTestCard = (paymentMethod: string): TestCard | undefined =>
  CARDS.get(paymentMethod.replaceAll(' ', ''))
