import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PaymentStatus } from '../../gateways/payment/gateway.ts'
import { mergePayment, type PaymentFacts, paymentLifecycle } from './rules.ts'

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
