import Fraction from 'fraction.js'
import type { Quantity, QuantityStyle } from '../../core/quantity.ts'
import type { unitPreference } from '../../db/tables/account.ts'
import type { unitKind, unitSystem } from '../../db/tables/recipe/food.ts'
import { listOf, readCatalogue } from './catalogue-file.ts'

export type UnitKind = (typeof unitKind.enumValues)[number]
export type UnitSystem = (typeof unitSystem.enumValues)[number]

export interface Unit {
  readonly code: string
  readonly name: string
  readonly plural: string
  readonly kind: UnitKind
  readonly system: UnitSystem
  /** Grams of a mass, millilitres of a volume; null for what is counted. */
  readonly size: Quantity | null
  readonly style: QuantityStyle
  /** It is bought whole: half a can is a can, and half a pinch is none. */
  readonly isWhole: boolean
  readonly aliases: readonly string[]
}

/** In which units amounts are shown. */
export type UnitPreference = (typeof unitPreference.enumValues)[number]

/** What conversion must know of a food. */
export interface Measured {
  readonly isLiquid: boolean
  /** Null where nobody measures it by volume. */
  readonly gramsPerCup: string | null
}

export interface Amount {
  readonly value: Quantity
  /** Null for what is simply counted: two eggs. */
  readonly unit: Unit | null
}

const file = readCatalogue('units')
export const UNITS_HASH = file.hash

/** Of `catalogue/units.csv`, in its order. */
export const UNITS: readonly Unit[] = file.rows.map((row) => ({
  code: row.code ?? '',
  name: row.name ?? '',
  plural: row.plural ?? '',
  kind: row.kind as UnitKind,
  system: row.system as UnitSystem,
  size: row.size === undefined || row.size === '' ? null : new Fraction(row.size),
  style: row.style as QuantityStyle,
  isWhole: row.whole === 'yes',
  aliases: listOf(row.aliases),
}))

const BY_CODE = new Map(UNITS.map((unit) => [unit.code, unit]))
const BY_NAME = new Map(
  UNITS.flatMap((unit) =>
    [unit.code, unit.name, unit.plural, ...unit.aliases].map((name) => [name.replace(/_/g, ' '), unit] as const),
  ),
)

export const unitOf = (code: string): Unit => {
  const unit = BY_CODE.get(code)
  if (unit === undefined) throw new RangeError(`${code} is no unit`)
  return unit
}

/** The unit of a code, a name or an abbreviation: `g`, `Tablespoons`, `tbsp.`; `T` is a tablespoon and `t` a teaspoon. */
export function findUnit(text: string): Unit | null {
  const plain = text
    .trim()
    .replace(/\.$/, '')
    .replace(/[_\s]+/g, ' ')
  return BY_NAME.get(plain) ?? BY_NAME.get(plain.toLowerCase()) ?? null
}

const CUP = unitOf('cup').size ?? new Fraction(0)

/** Grams of one millilitre; null for what is not measured by volume. */
const densityOf = (food: Measured | null): Quantity | null =>
  food?.gramsPerCup == null ? null : new Fraction(food.gramsPerCup).div(CUP)

/**
 * An amount in another unit, exactly; null where there is no way from the one to the other: between mass and volume only
 * the food knows it, and a clove is a clove.
 */
export function convert(value: Quantity, from: Unit, to: Unit, food: Measured | null = null): Quantity | null {
  if (from.code === to.code) return value
  if (from.size === null || to.size === null) return null
  if (from.kind === to.kind) return value.mul(from.size).div(to.size)
  const density = densityOf(food)
  if (density === null) return null
  const base = value.mul(from.size)
  return (from.kind === 'VOLUME' ? base.mul(density) : base.div(density)).div(to.size)
}

/** The largest unit of the ladder of which there is at least as much as stands beside it. */
const LADDERS = {
  METRIC_MASS: [
    ['kg', 1],
    ['g', 0],
  ],
  METRIC_VOLUME: [
    ['l', 1],
    ['ml', 0],
  ],
  US_MASS: [
    ['lb', 1],
    ['oz', 0],
  ],
  US_VOLUME: [
    ['cup', '1/4'],
    ['tbsp', 1],
    ['tsp', 0],
  ],
} as const

function climb(value: Quantity, from: Unit, ladder: keyof typeof LADDERS, food: Measured | null): Amount | null {
  for (const [code, least] of LADDERS[ladder]) {
    const unit = unitOf(code)
    const converted = convert(value, from, unit, food)
    if (converted === null) return null
    if (converted.gte(least)) return { value: converted, unit }
  }
  return null
}

/**
 * An amount as cooks of a system measure it. Spoons are the same everywhere and stay; what is counted stays. A metric cook
 * weighs what a US cook measures in cups, unless it is poured. The ladder is the unit's own where the food does not help.
 */
export function inSystem({ value, unit }: Amount, preference: UnitPreference, food: Measured | null): Amount {
  const asWritten = { value, unit }
  if (unit === null || unit.size === null || preference === 'AS_WRITTEN' || unit.system === 'ANY') return asWritten
  if (preference === 'METRIC') {
    if (unit.system === 'METRIC')
      return climb(value, unit, `METRIC_${unit.kind as 'MASS' | 'VOLUME'}`, null) ?? asWritten
    const weighed = unit.kind === 'VOLUME' && food?.isLiquid === false ? climb(value, unit, 'METRIC_MASS', food) : null
    return weighed ?? climb(value, unit, `METRIC_${unit.kind as 'MASS' | 'VOLUME'}`, null) ?? asWritten
  }
  if (unit.system === 'US') return asWritten
  const measured = unit.kind === 'MASS' ? climb(value, unit, 'US_VOLUME', food) : null
  return measured ?? climb(value, unit, `US_${unit.kind as 'MASS' | 'VOLUME'}`, null) ?? asWritten
}

/** What so much of a food weighs, in grams; null where nobody knows. `each` is what one of it weighs, in which unit. */
export function gramsOf(
  { value, unit }: Amount,
  food: Measured & { readonly gramsEach: string | null; readonly eachUnit: string | null },
): Quantity | null {
  if (unit === null || unit.size === null) {
    const isOne = food.gramsEach !== null && food.eachUnit === (unit?.code ?? 'piece')
    return isOne ? value.mul(new Fraction(food.gramsEach ?? 0)) : null
  }
  return convert(value, unit, unitOf('g'), food)
}
