/**
 * Masses as whole grams, shown in kilograms or pounds. Everything between is done in whole numbers: binary floats know
 * neither a tenth of a kilogram nor a pound.
 */
import { invalidInput } from './errors.ts'

export type WeightUnit = 'KG' | 'LB'

/** One avoirdupois pound is 0.45359237 kg by the international agreement of 1959: hundred-thousandths of a gram. */
const POUND = 45_359_237n
const SCALE = 100_000n

const DECIMAL = /^(\d{1,7})(?:\.(\d{1,6}))?$/

/** Rounds half up; both are positive or the quotient is 0. */
const divided = (numerator: bigint, denominator: bigint): bigint => (2n * numerator + denominator) / (2n * denominator)

/**
 * The grams of a decimal such as `102.5`, rounded half up to the gram where the unit does not end there: 225 lb are
 * 102,058.28 g and kept as 102,058 g, which is shown as 225 lb again.
 * @throws DomainError `INVALID_INPUT` naming `path` for what is no decimal of at most six places.
 */
export function parseWeight(amount: string, unit: WeightUnit, path: readonly string[]): number {
  const [, whole, fraction = ''] = DECIMAL.exec(amount.trim()) ?? []
  if (whole === undefined) throw invalidInput(path, 'A weight is a decimal such as 102.5.')
  const millionths = BigInt(whole + fraction.padEnd(6, '0'))
  const grams = unit === 'KG' ? divided(millionths, 1_000n) : divided(millionths * POUND, 1_000_000n * SCALE)
  return Number(grams)
}

const shown = (amount: bigint, places: number): string => {
  const digits = amount.toString().padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '')
}

/** Kilograms are exact (`102.058`), pounds are rounded half up to hundredths (`225`). Zeros at the end are left out. */
export const showWeight = (grams: number, unit: WeightUnit): string =>
  unit === 'KG' ? shown(BigInt(grams), 3) : shown(divided(BigInt(grams) * SCALE * 100n, POUND), 2)
