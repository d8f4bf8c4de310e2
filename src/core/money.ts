import { invalidInput } from './errors.ts'

/**
 * Exact money: a whole number of the currency's minor units (cents, yen, fils). Floating point never sees an amount.
 *
 * The active currencies of ISO 4217 by the digits of their minor unit. Written out, because ICU's digits follow custom
 * where ISO 4217 follows the bank (forint, rupiah), and a price that was stored must not change with the version of Node.
 */
const CODES_BY_EXPONENT = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP ' +
    'CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES ' +
    'KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK ' +
    'NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB ' +
    'TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
} as const

declare const CURRENCY: unique symbol
/** A code of ISO 4217 whose minor unit is known; made by `currencyOf`. */
export type Currency = string & { readonly [CURRENCY]: true }

export interface Money {
  /** A safe integer, negative for what is taken off. */
  readonly amountMinor: number
  readonly currency: Currency
}

const EXPONENTS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_EXPONENT).flatMap(([exponent, codes]) =>
    codes.split(' ').map((code) => [code, Number(exponent)] as const),
  ),
)

export const isCurrency = (code: string): code is Currency => EXPONENTS.has(code)

/** @throws RangeError for a code that is none. Codes from people are asked with `isCurrency` first. */
export function currencyOf(code: string): Currency {
  if (!isCurrency(code)) throw new RangeError(`${code} is no currency of ISO 4217`)
  return code
}

/** Digits after the point: 0 for JPY, 2 for EUR, 3 for KWD. */
export const exponentOf = (currency: Currency): number => EXPONENTS.get(currency) ?? 2

/** @throws RangeError when the amount is no safe integer: it was computed wrongly, or is more than there is money. */
export function money(amountMinor: number, currency: Currency): Money {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`${amountMinor} is no whole number of minor units`)
  // Minus zero is printed as "-0" by some and is not equal to zero for others.
  return { amountMinor: amountMinor === 0 ? 0 : amountMinor, currency }
}

/** Ungrouped digits and one point: what every program reads in the same way. */
const DECIMAL = /^(-?)(\d{1,16})(?:\.(\d{1,15}))?$/

/**
 * Reads a decimal such as `12.5` exactly.
 * @throws DomainError `INVALID_INPUT` for what is no decimal, has more decimals than the currency, or is too large.
 */
export function parseMoney(decimal: string, currency: Currency, path: readonly string[] = ['input', 'amount']): Money {
  const [matched, sign, whole = '', fraction = ''] = DECIMAL.exec(decimal) ?? []
  if (matched === undefined) throw invalidInput(path, 'An amount is a decimal such as 12.50.')
  const exponent = exponentOf(currency)
  if (fraction.length > exponent) {
    throw invalidInput(path, `${currency} has ${exponent === 0 ? 'no' : `at most ${exponent}`} decimals.`)
  }
  const amountMinor = Number(`${sign}${whole}${fraction.padEnd(exponent, '0')}`)
  if (!Number.isSafeInteger(amountMinor)) throw invalidInput(path, 'This amount is too large.')
  return money(amountMinor, currency)
}

/** The amount as a decimal with all digits of its currency: `12.50`, `-0.05`, `700`. */
export function formatAmount({ amountMinor, currency }: Money): string {
  const exponent = exponentOf(currency)
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, '0')
  const sign = amountMinor < 0 ? '-' : ''
  if (exponent === 0) return sign + digits
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** An amount as clients are told it: as a decimal for people, and in minor units for computing. */
export interface ShownMoney {
  readonly amount: string
  readonly currency: string
  readonly minorUnits: number
}

export const showMoney = (amount: Money): ShownMoney => ({
  amount: formatAmount(amount),
  currency: amount.currency,
  minorUnits: amount.amountMinor,
})

/** As people read it: `€12.50`. As text: no digit of it goes through a floating point number. */
export const writeMoney = (amount: Money): string =>
  new Intl.NumberFormat('en-GB', { style: 'currency', currency: amount.currency }).format(
    formatAmount(amount) as `${number}`,
  )

function sameCurrency(a: Money, b: Money): Currency {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} do not add up without a rate`)
  return a.currency
}

/** @throws RangeError for two currencies. */
export const addMoney = (a: Money, b: Money): Money => money(a.amountMinor + b.amountMinor, sameCurrency(a, b))

/** @throws RangeError for two currencies. */
export const subtractMoney = (a: Money, b: Money): Money => money(a.amountMinor - b.amountMinor, sameCurrency(a, b))

/** Divides whole numbers, halves away from zero: the commercial rounding, under which a refund mirrors its charge. */
function divideRounded(numerator: bigint, denominator: bigint): number {
  const magnitude = numerator < 0n ? -numerator : numerator
  const rounded = Number((2n * magnitude + denominator) / (2n * denominator))
  return numerator < 0n && rounded !== 0 ? -rounded : rounded
}

/** The ten-thousandth part: 1,900 basis points are 19 %. */
export const BASIS_POINTS = 10_000

/** So many basis points of an amount, halves rounded away from zero. */
export const shareOf = (amountMinor: number, basisPoints: number): number =>
  divideRounded(BigInt(amountMinor) * BigInt(basisPoints), BigInt(BASIS_POINTS))

/** How much of an amount is the tax that it includes: 19.00 of 119.00 at 1,900 basis points. Halves away from zero. */
export const includedShareOf = (grossMinor: number, basisPoints: number): number =>
  divideRounded(BigInt(grossMinor) * BigInt(basisPoints), BigInt(BASIS_POINTS + basisPoints))

/**
 * Splits an amount by weights so that the parts add up exactly: each gets its share rounded toward zero, and the units
 * that are left go one each to the largest remainders, the earlier part first among equals.
 * @param weights whole numbers, none negative, not all zero.
 * @throws RangeError for other weights.
 */
export function allocate(amountMinor: number, weights: readonly number[]): number[] {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`${amountMinor} is no whole number of minor units`)
  if (weights.some((weight) => !Number.isSafeInteger(weight) || weight < 0)) throw new RangeError('a weight is wrong')
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
  if (total === 0n) throw new RangeError('there is nothing to share by')
  const magnitude = BigInt(Math.abs(amountMinor))
  const shares = weights.map((weight, position) => {
    const product = magnitude * BigInt(weight)
    return { position, units: product / total, remainder: product % total }
  })
  let left = magnitude - shares.reduce((sum, { units }) => sum + units, 0n)
  const byRemainder = [...shares].sort((a, b) =>
    a.remainder === b.remainder ? a.position - b.position : a.remainder > b.remainder ? -1 : 1,
  )
  for (const share of byRemainder) {
    if (left === 0n) break
    share.units += 1n
    left -= 1n
  }
  const negative = amountMinor < 0
  return shares.map(({ units }) => (negative && units !== 0n ? -Number(units) : Number(units)))
}
