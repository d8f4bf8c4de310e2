import { type Currency, exponentOf, type Money, money } from './money.ts'

/** How many units of a currency one euro is, as a decimal with at most eight digits behind the point. */
export type UnitsPerEuro = string

const SCALE = 8

/** @throws RangeError for what is no positive decimal with at most eight digits behind the point. */
export function scaled(units: UnitsPerEuro): bigint {
  const [matched, whole = '', fraction = ''] = /^(\d{1,12})(?:\.(\d{1,8}))?$/.exec(units) ?? []
  const value = matched === undefined ? 0n : BigInt(whole + fraction.padEnd(SCALE, '0'))
  if (value === 0n) throw new RangeError(`${units} is no rate`)
  return value
}

/**
 * An amount in another currency, by way of the euro: `amount × target ÷ source`, divided as whole numbers and rounded once, to the
 * target's minor unit, halves away from zero. Postgres computes the same in `convert_minor`.
 * @throws RangeError for what is no rate, and for more money than there is.
 */
export function convert(amount: Money, source: UnitsPerEuro, target: Currency, targetUnits: UnitsPerEuro): Money {
  if (amount.currency === target) return amount
  const numerator = BigInt(amount.amountMinor) * scaled(targetUnits) * 10n ** BigInt(exponentOf(target))
  const denominator = scaled(source) * 10n ** BigInt(exponentOf(amount.currency))
  const magnitude = numerator < 0n ? -numerator : numerator
  const rounded = Number((2n * magnitude + denominator) / (2n * denominator))
  return money(numerator < 0n ? -rounded : rounded, target)
}

/** Ten significant digits or more, for people to look at; amounts are never computed with it. */
export function crossRate(source: UnitsPerEuro, target: UnitsPerEuro): string {
  const digits = 10
  const value = (scaled(target) * 10n ** BigInt(digits)) / scaled(source)
  const text = value.toString().padStart(digits + 1, '0')
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, '')
}
