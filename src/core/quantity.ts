import Fraction from 'fraction.js'

/**
 * Exact amounts for the kitchen: rationals of big whole numbers. Half a cup thrice is a cup and a half, and a third of a
 * cup thrice is one cup; no binary fraction and no rounded decimal ever comes between what was written and what is shown.
 */
export type Quantity = Fraction

/** A rational as the database keeps it, in lowest terms. */
export interface Ratio {
  readonly numerator: number
  readonly denominator: number
}

/** One whose numbers may be of any size. */
interface BigRatio {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** Larger amounts are no recipe, finer ones cannot be weighed; numerators then fit 32 bits. */
export const MAX_QUANTITY = 100_000
const MAX_DENOMINATOR = 10_000

const GLYPHS: Readonly<Record<string, string>> = {
  '½': '1/2',
  '⅓': '1/3',
  '⅔': '2/3',
  '¼': '1/4',
  '¾': '3/4',
  '⅕': '1/5',
  '⅖': '2/5',
  '⅗': '3/5',
  '⅘': '4/5',
  '⅙': '1/6',
  '⅚': '5/6',
  '⅛': '1/8',
  '⅜': '3/8',
  '⅝': '5/8',
  '⅞': '7/8',
}
const GLYPH_OF = new Map(Object.entries(GLYPHS).map(([glyph, fraction]) => [fraction, glyph]))

/** The characters of fractions, for whoever looks for amounts in a text. */
export const FRACTION_GLYPHS = Object.keys(GLYPHS).join('')

/** Rounded amounts are shown in these parts, for which there are spoons and cups. */
const COOKS_PARTS = ['0', '1/8', '1/4', '1/3', '3/8', '1/2', '5/8', '2/3', '3/4', '7/8', '1'].map(
  (part) => new Fraction(part),
)

/** No amount is longer; looking for one in a row of blanks takes quadratic time. */
const MAX_CHARACTERS = 60

/** As many as `AMOUNT` reads. */
const MAX_DECIMALS = 9
const AMOUNT = /^(?:(\d{1,6})(?:\.(\d{1,9}))?|(?:(\d{1,6}) )?(\d{1,5})\/(\d{1,5}))$/

/**
 * Reads `2`, `0.25`, `1/3`, `1 1/2`, `½` and `1½`; null for everything else, zero and what is too large or too fine.
 */
export function parseQuantity(text: string): Quantity | null {
  if (text.length > MAX_CHARACTERS) return null
  const plain = text
    .trim()
    .replace(/\u2044/g, '/')
    .replace(new RegExp(`(\\d)?\\s*([${FRACTION_GLYPHS}])`, 'g'), (_, whole: string | undefined, glyph: string) =>
      whole === undefined ? (GLYPHS[glyph] ?? '') : `${whole} ${GLYPHS[glyph]}`,
    )
    .replace(/\s*\/\s*/g, '/')
    .replace(/\s+/g, ' ')
  const [matched, whole, decimals, mixed, numerator, denominator] = AMOUNT.exec(plain) ?? []
  if (matched === undefined || Number(denominator ?? 1) === 0) return null
  const value =
    whole === undefined
      ? new Fraction(Number(mixed ?? 0)).add(new Fraction(Number(numerator), Number(denominator)))
      : new Fraction(decimals === undefined ? whole : `${whole}.${decimals}`)
  return isStorable(value) ? value : null
}

/** Whether an amount is more than nothing, and neither too large nor too fine to be kept. */
export const isStorable = (value: Quantity): boolean =>
  value.gt(0) && value.lte(MAX_QUANTITY) && value.d <= BigInt(MAX_DENOMINATOR)

export const toRatio = (value: Quantity): Ratio => ({
  numerator: Number(value.s * value.n),
  denominator: Number(value.d),
})

export const quantityOf = ({ numerator, denominator }: Ratio | BigRatio): Quantity =>
  new Fraction(BigInt(numerator), BigInt(denominator))

/** `7/3`, `2`: exact, whatever the amount. */
export const ratioText = (value: Quantity): string => value.toFraction()

/** A decimal with at most so many places, halves rounded up, no zeros at its end: exact where it ends within them. */
export function decimalText(value: Quantity, places = 6): string {
  const scale = 10n ** BigInt(places)
  const [doubled, divisor] = [2n * value.n * scale, 2n * value.d]
  const digits = ((doubled + value.d) / divisor).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  const rest = places === 0 ? '' : digits.slice(-places).replace(/0+$/, '')
  return rest === '' ? whole : `${whole}.${rest}`
}

/** How an amount of a unit is shown: in the parts of cups and spoons, or as a scale shows it. */
export type QuantityStyle = 'FRACTION' | 'DECIMAL'

/** An amount as it was written: exact. A third that was written as a decimal cannot be told from one that was not. */
export function writtenText(value: Quantity, style: QuantityStyle): string {
  const exact = exactFraction(value)
  if (style === 'FRACTION' && exact !== null) return exact
  return endsAsDecimal(value) ? decimalText(value, MAX_DECIMALS) : (exact ?? value.toFraction(true))
}

/** Whether a decimal that is read back says it all. */
const endsAsDecimal = ({ d }: Quantity): boolean => 10n ** BigInt(MAX_DECIMALS) % d === 0n

/** `1½`, where there is a character for the part; null where there is none. */
function exactFraction(value: Quantity): string | null {
  const whole = value.floor()
  const part = value.sub(whole)
  if (part.equals(0)) return whole.toFraction()
  const glyph = GLYPH_OF.get(part.toFraction())
  return glyph === undefined ? null : `${whole.equals(0) ? '' : whole.toFraction()}${glyph}`
}

/**
 * An amount that was scaled or converted, rounded to what can be measured: `FRACTION` to the nearest eighth or third,
 * `DECIMAL` to three digits but to no less than whole numbers. What is too little for either keeps two digits, so that
 * something never becomes nothing.
 */
export function roundedText(value: Quantity, style: QuantityStyle): string {
  if (style === 'DECIMAL') return digitsText(value, 3)
  const whole = value.floor()
  const part = value.sub(whole)
  const nearest = COOKS_PARTS.reduce((best, each) => (distance(part, each).lte(distance(part, best)) ? each : best))
  const rounded = whole.add(nearest)
  return rounded.equals(0) ? digitsText(value, 2) : (exactFraction(rounded) ?? ratioText(rounded))
}

const distance = (a: Quantity, b: Quantity): Quantity => a.sub(b).abs()

/** So many digits that count, but never fewer than whole numbers need. */
function digitsText(value: Quantity, digits: number): string {
  if (value.equals(0)) return '0'
  const wholeDigits = value.floor().n
  const length = wholeDigits > 0n ? wholeDigits.toString().length : 1 - leadingZeros(value)
  return decimalText(value, Math.max(0, digits - length))
}

/** Of a value below one: 1 for 0.5, 2 for 0.05. */
function leadingZeros(value: Quantity): number {
  let zeros = 1
  for (let scaled = value.mul(10); scaled.lt(1); scaled = scaled.mul(10)) zeros += 1
  return zeros
}
