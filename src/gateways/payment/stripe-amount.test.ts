import { expect, test } from 'vitest'
import { currencyOf } from '../../core/money.ts'
import { fromStripeAmount, toStripeAmount } from './stripe-amount.ts'

test.each([
  ['EUR', 1_234, 1_234],
  ['JPY', 500, 500],
  ['KRW', 1, 1],
  // Stripe keeps two digits for currencies that lost theirs, and takes whole units of one that still has some.
  ['ISK', 5, 500],
  ['UGX', 7, 700],
  ['MGA', 300, 3],
  ['KWD', 5_120, 5_120],
  ['BHD', 10, 10],
])('%s: %d minor units are %d at Stripe, there and back', (currency, amountMinor, amount) => {
  expect(toStripeAmount(amountMinor, currencyOf(currency))).toBe(amount)
  expect(fromStripeAmount(amount, currency.toLowerCase())).toBe(amountMinor)
})

test.each([
  ['KWD', 5_124],
  ['TND', 1],
  ['MGA', 350],
  ['EUR', 0.5],
])('%s: %d minor units cannot be charged, and are not rounded', (currency, amountMinor) => {
  expect(() => toStripeAmount(amountMinor, currency)).toThrow(RangeError)
})
