import Fraction from 'fraction.js'
import {
  decimalText,
  parseQuantity,
  type Quantity,
  quantityOf,
  ratioText,
  roundedText,
  writtenText,
} from '../../core/quantity.ts'
import { type Amount, inSystem, type Measured, type Unit, type UnitPreference, unitOf } from './units.ts'

/** An amount as the database keeps it. */
export interface StoredAmount {
  readonly fromNumerator: number | null
  readonly fromDenominator: number | null
  readonly toNumerator: number | null
  readonly toDenominator: number | null
  readonly unit: string | null
}

export interface ShownQuantity {
  /** As cooks write it: `1½`. */
  readonly text: string
  /** At most six places. */
  readonly decimal: string
  /** Exact, `7/3`. */
  readonly ratio: string
}

export interface ShownAmount {
  readonly quantity: ShownQuantity | null
  /** The end of a range. */
  readonly upTo: ShownQuantity | null
  readonly unit: Unit | null
}

const stored = (numerator: number | null, denominator: number | null): Quantity | null =>
  numerator === null || denominator === null ? null : quantityOf({ numerator, denominator })

/** Where an amount begins, and where it ends if it is a range; null for as much as one likes. */
export function amountsOf(row: StoredAmount): { from: Amount; to: Amount | null } | null {
  const from = stored(row.fromNumerator, row.fromDenominator)
  if (from === null) return null
  const unit = row.unit === null ? null : unitOf(row.unit)
  const to = stored(row.toNumerator, row.toDenominator)
  return { from: { value: from, unit }, to: to === null ? null : { value: to, unit } }
}

/** So many servings of a recipe that is written for `written`. */
export const scaleOf = (servings: number | null, written: number): Quantity =>
  new Fraction(servings ?? written, written)

/** An amount that was computed, for people. */
export const showQuantity = (value: Quantity, unit: Unit | null): ShownQuantity => shown(value, unit, false)

const shown = (value: Quantity, unit: Unit | null, isWritten: boolean): ShownQuantity => ({
  text: (isWritten ? writtenText : roundedText)(value, unit?.style ?? 'FRACTION'),
  decimal: decimalText(value),
  ratio: ratioText(value),
})

/** Multiplied and converted exactly; rounded only in `text`, and there only if it was changed at all. */
export function showAmount(
  row: StoredAmount,
  scale: Quantity,
  preference: UnitPreference,
  food: Measured | null,
): ShownAmount {
  const amounts = amountsOf(row)
  if (amounts === null) return { quantity: null, upTo: null, unit: null }
  const convertTo = ({ value, unit }: Amount): Amount => inSystem({ value: value.mul(scale), unit }, preference, food)
  const from = convertTo(amounts.from)
  const isWritten = scale.equals(1) && from.unit?.code === amounts.from.unit?.code
  if (amounts.to === null) return { quantity: shown(from.value, from.unit, isWritten), upTo: null, unit: from.unit }
  // A range is in one unit, that of its end: `750 g to 1.2 kg` is read as `0.75 to 1.2 kg`.
  const to = convertTo(amounts.to)
  const ratio = to.value.div(amounts.to.value.mul(scale))
  const start = to.unit?.code === from.unit?.code ? from.value : amounts.from.value.mul(scale).mul(ratio)
  return {
    quantity: shown(start, to.unit, isWritten),
    upTo: shown(to.value, to.unit, isWritten),
    unit: to.unit,
  }
}

/** `1½ cups flour, sifted`, `2 eggs`, `salt`. */
export function ingredientText(
  { quantity, upTo, unit }: ShownAmount,
  { food, note, isOptional }: { food: string; note: string; isOptional: boolean },
): string {
  const amount = quantity === null ? '' : upTo === null ? quantity.text : `${quantity.text}–${upTo.text}`
  const most = upTo ?? quantity
  // Of what is read: a little more than a cup that is rounded to `1` is one cup.
  const isPlural = most !== null && (parseQuantity(most.text) ?? new Fraction(most.ratio)).gt(1)
  const counted = unit?.kind === 'COUNT' ? (isPlural ? unit.plural : unit.name) : measureName(unit, isPlural)
  const words = [amount, counted, food].filter((part) => part !== '').join(' ')
  return `${words}${note === '' ? '' : `, ${note}`}${isOptional ? ' (optional)' : ''}`
}

/** Units that cooks abbreviate keep their short form; a cup and a pint are written out. */
const measureName = (unit: Unit | null, isPlural: boolean): string => {
  if (unit === null) return ''
  if (unit.name === unit.code) return isPlural ? unit.plural : unit.name
  return unit.code.replace('_', ' ')
}

/** In the order of the list, under their headings; a heading that comes back later begins a group of its own. */
export function grouped<T extends { readonly group: string | null }>(
  parts: readonly T[],
): { title: string | null; parts: T[] }[] {
  const groups: { title: string | null; parts: T[] }[] = []
  for (const part of parts) {
    const last = groups.at(-1)
    if (last !== undefined && last.title === part.group) last.parts.push(part)
    else groups.push({ title: part.group, parts: [part] })
  }
  return groups
}
