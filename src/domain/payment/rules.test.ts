import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PaymentStatus } from '../../gateways/payment/gateway.ts'
import {
  countedMinor,
  disputeLifecycle,
  mergeDispute,
  mergePayment,
  mergeRefund,
  type PaymentFacts,
  paymentLifecycle,
  type RefundStatus,
  refundLifecycle,
} from './rules.ts'

const STATES: readonly PaymentStatus[] = [
  'REQUIRES_PAYMENT_METHOD',
  'REQUIRES_ACTION',
  'PROCESSING',
  'CANCELED',
  'SUCCEEDED',
]

/** Row: from; column: to, in the order of `STATES`. */
const MAY: Readonly<Record<PaymentStatus, string>> = {
  REQUIRES_PAYMENT_METHOD: '- yes yes yes yes',
  REQUIRES_ACTION: 'yes - yes yes yes',
  PROCESSING: 'yes - - yes yes',
  CANCELED: '- - - - -',
  SUCCEEDED: '- - - - -',
}

const pairs = STATES.flatMap((from) =>
  MAY[from].split(' ').map((cell, column) => [from, STATES[column] as PaymentStatus, cell === 'yes'] as const),
)

describe('the life of a payment', () => {
  test('has five states', () => expect(paymentLifecycle.states).toEqual(STATES))

  test.each(pairs)('%s to %s: %s', (from, to, may) => {
    expect(paymentLifecycle.can(from, to)).toBe(may)
  })
})

const facts = (status: PaymentStatus, observedAt: number, more: Partial<PaymentFacts> = {}): PaymentFacts => ({
  status,
  observedAt,
  declineCode: null,
  nextActionUrl: null,
  ...more,
})

describe('what is known of a payment', () => {
  test('is the latest that was told, until it is paid or cancelled', () => {
    const declined = facts('REQUIRES_PAYMENT_METHOD', 2, { declineCode: 'lost_card' })
    expect(mergePayment(facts('REQUIRES_ACTION', 1), declined)).toEqual(declined)
    expect(mergePayment(declined, facts('REQUIRES_ACTION', 1))).toEqual(declined)
    expect(mergePayment(facts('SUCCEEDED', 1), declined).status).toBe('SUCCEEDED')
    expect(mergePayment(facts('CANCELED', 5), facts('SUCCEEDED', 1)).status).toBe('SUCCEEDED')
  })

  const any = fc.record({
    status: fc.constantFrom(...STATES),
    observedAt: fc.integer({ min: 1, max: 4 }),
    declineCode: fc.constantFrom(null, 'lost_card', 'generic_decline'),
    nextActionUrl: fc.constantFrom(null, 'https://bank.example'),
  })

  test('is the same in the end, in whatever order it is told and however often', () => {
    const start = facts('REQUIRES_PAYMENT_METHOD', 0)
    const all = (told: readonly PaymentFacts[]) => told.reduce(mergePayment, start)
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (told, picks) => {
        const expected = all(told)
        const shuffled: PaymentFacts[] = [...told, ...told]
        for (let at = shuffled.length - 1; at > 0; at -= 1) {
          const other = Number(picks.next().value) % (at + 1)
          ;[shuffled[at], shuffled[other]] = [shuffled[other] as PaymentFacts, shuffled[at] as PaymentFacts]
        }
        expect(all(shuffled)).toEqual(expected)
      }),
    )
  })
})

describe('a refund and a dispute', () => {
  const REFUND_STATES = ['PENDING', 'SUCCEEDED', 'FAILED', 'STALLED'] as const
  /** Row: from; column: to. */
  const REFUND_MAY = {
    PENDING: '- yes yes yes',
    SUCCEEDED: '- - yes -',
    FAILED: '- - - -',
    STALLED: 'yes yes yes -',
  } as const
  const refundPairs = REFUND_STATES.flatMap((from) =>
    REFUND_MAY[from]
      .split(' ')
      .map((cell, column) => [from, REFUND_STATES[column] as RefundStatus, cell === 'yes'] as const),
  )
  test('have the states of these tables', () => {
    expect(refundLifecycle.states).toEqual(REFUND_STATES)
    expect(disputeLifecycle.states).toEqual(['OPEN', 'WON', 'LOST'])
  })

  test.each(refundPairs)('a refund that is %s becomes %s: %s', (from, to, may) => {
    expect(refundLifecycle.can(from, to)).toBe(may)
    if (to !== 'STALLED') expect(mergeRefund(from, to)).toBe(may ? to : from)
  })

  test.each([
    ['PENDING', 500],
    ['SUCCEEDED', 500],
    ['STALLED', 500],
    ['FAILED', 0],
  ] as const)('of a refund of 500 that is %s, %d count as gone', (status, counted) => {
    expect(countedMinor({ status, amountMinor: 500 })).toBe(counted)
  })

  test.each([
    ['OPEN', 'OPEN', 'OPEN'],
    ['OPEN', 'WON', 'WON'],
    ['OPEN', 'LOST', 'LOST'],
    ['WON', 'OPEN', 'WON'],
    ['WON', 'WON', 'WON'],
    ['WON', 'LOST', 'LOST'],
    ['LOST', 'OPEN', 'LOST'],
    ['LOST', 'WON', 'LOST'],
    ['LOST', 'LOST', 'LOST'],
  ] as const)('a dispute that is %s and is told to be %s is %s', (known, told, then) => {
    expect(mergeDispute(known, told)).toBe(then)
  })
})
