import { currencyOf, exponentOf } from '../../core/money.ts'

/**
 * Where Stripe counts otherwise than ISO 4217 (docs.stripe.com/currencies): the ariary goes in whole units; krónur and
 * shillings, which have no cents any more, go in hundredths, always full ones. Dinars and rials of three digits go in
 * thousandths whose last digit is nought.
 */
const STRIPE_EXPONENTS: Readonly<Record<string, number>> = { MGA: 0, ISK: 2, UGX: 2 }

const exponentAtStripe = (currency: string): number => STRIPE_EXPONENTS[currency] ?? exponentOf(currencyOf(currency))

/**
 * Minor units of ISO 4217 as Stripe wants them.
 * @throws RangeError for an amount that Stripe cannot charge: it is never rounded, as the buyer was told another one.
 */
export function toStripeAmount(amountMinor: number, currency: string): number {
  const amount = amountMinor * 10 ** (exponentAtStripe(currency) - exponentOf(currencyOf(currency)))
  const step = exponentAtStripe(currency) === 3 ? 10 : 1
  if (!Number.isSafeInteger(amount) || amount % step !== 0) {
    throw new RangeError(`Stripe charges no ${amountMinor} minor units of ${currency}`)
  }
  return amount
}

/** What Stripe says in minor units of ISO 4217. `currency` in any case. */
export function fromStripeAmount(amount: number, currency: string): number {
  const code = currency.toUpperCase()
  return Math.round(amount * 10 ** (exponentOf(currencyOf(code)) - exponentAtStripe(code)))
}
