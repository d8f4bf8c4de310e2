import Fraction from 'fraction.js'
import type { Uuid } from '../../core/ids.ts'
import type { Quantity } from '../../core/quantity.ts'
import { amountsOf, type StoredAmount } from '../recipe/shown-ingredient.ts'
import { type Amount, convert, inSystem, type Measured, type Unit, unitOf } from '../recipe/units.ts'

/** An ingredient of something that is to be cooked. */
export interface Need extends StoredAmount {
  /** As the recipe calls it. */
  readonly food: string
  readonly foodKey: string
  readonly foodId: Uuid | null
  /** What the catalogue knows of the food; null where it does not know it. */
  readonly known: (Measured & { readonly name: string; readonly plural: string; readonly aisle: string }) | null
  /** Servings that are cooked over servings that the recipe is written for. */
  readonly scale: Quantity
  readonly recipeTitle: string
}

/** One line of a shopping list. */
export interface MergedNeed {
  /** The same for the same food in a measure that merges, whatever the recipes. */
  readonly key: string
  readonly foodId: Uuid | null
  readonly name: string
  readonly aisle: string
  readonly amount: Amount | null
  /** The recipes that want it. */
  readonly recipes: readonly string[]
}

const PIECE = unitOf('piece')
const BASE: Readonly<Record<'MASS' | 'VOLUME', Unit>> = { MASS: unitOf('g'), VOLUME: unitOf('ml') }

/** Comes out of the tap. */
export const isFree = (need: Need): boolean => need.known?.aisle === 'Water'

/**
 * Adds up what is needed, exactly for all that kitchens measure. One food in units that convert is one line: of a food whose weight in a cup is known,
 * cups and grams as well. What is counted merges by its unit; what cannot be compared stays apart. Of a range the end is
 * bought. What is needed to taste is a line only where nothing else of the food is. Of what is free nothing is needed.
 */
export const mergeNeeds = (needs: readonly Need[]): MergedNeed[] => mergeAll(needs.filter((need) => !isFree(need)))

/** The same with what is free. */
export function mergeAll(needs: readonly Need[]): MergedNeed[] {
  const foods = new Map<string, Need[]>()
  for (const need of needs) {
    const identity = need.foodId ?? `text:${need.foodKey}`
    foods.set(identity, [...(foods.get(identity) ?? []), need])
  }
  const merged = [...foods].flatMap(([identity, list]) => mergeFood(identity, list))
  return merged.sort((a, b) => compare(a.aisle, b.aisle) || compare(a.name, b.name) || compare(a.key, b.key))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

interface Measure {
  readonly need: Need
  readonly amount: Amount
}

function mergeFood(identity: string, list: readonly Need[]): MergedNeed[] {
  const [first] = list
  if (first === undefined) return []
  const measured = list.flatMap((need): Measure[] => {
    const amounts = amountsOf(need)
    if (amounts === null) return []
    const { value, unit } = amounts.to ?? amounts.from
    return [{ need, amount: { value: value.mul(need.scale), unit: unit ?? PIECE } }]
  })
  const line = (part: string, needs: readonly Need[], amount: Amount | null): MergedNeed => ({
    key: `${identity} ${part}`.slice(0, 300),
    foodId: first.foodId,
    name:
      first.known === null ? first.food : amount !== null && isSingle(amount) ? first.known.name : first.known.plural,
    aisle: first.known?.aisle ?? '',
    amount: amount === null || amount.unit?.code !== PIECE.code ? amount : { ...amount, unit: null },
    recipes: [...new Set(needs.map(({ recipeTitle }) => recipeTitle))].sort(compare),
  })
  if (measured.length === 0) return [line('any', list, null)]
  const kinds = new Set(measured.map(({ amount }) => amount.unit?.kind))
  const weighs = kinds.has('MASS') && kinds.has('VOLUME') && first.known?.gramsPerCup != null
  const groups = new Map<string, Measure[]>()
  for (const each of measured) {
    const { unit } = each.amount
    const kind = unit?.kind === 'VOLUME' && weighs ? 'MASS' : unit?.kind
    const part = kind === 'MASS' || kind === 'VOLUME' ? kind : (unit?.code ?? '')
    groups.set(part, [...(groups.get(part) ?? []), each])
  }
  return [...groups].map(([part, group]) =>
    line(
      part,
      group.map(({ need }) => need),
      sum(part, group, first.known),
    ),
  )
}

/**
 * Of sums. Kitchens add up halves and thirds; the exact sum of a thousand fractions of different primes has thousands of digits, and
 * takes longer with each.
 */
const MAX_DENOMINATOR = 10n ** 120n
const PLACES = 9

function plus(total: Quantity, value: Quantity): Quantity {
  const sum = total.add(value)
  return sum.d <= MAX_DENOMINATOR ? sum : sum.round(PLACES)
}

const isSingle = ({ value, unit }: Amount): boolean => (unit === null || unit.code === PIECE.code) && value.lte(1)

function sum(part: string, group: readonly Measure[], known: Measured | null): Amount {
  const unit = group[0]?.amount.unit ?? PIECE
  const isOneUnit = group.every(({ amount }) => amount.unit?.code === unit.code)
  if (isOneUnit || (part !== 'MASS' && part !== 'VOLUME')) {
    return { value: group.reduce((total, { amount }) => plus(total, amount.value), new Fraction(0)), unit }
  }
  const base = BASE[part]
  const total = group.reduce(
    (so, { amount }) => plus(so, convert(amount.value, amount.unit ?? PIECE, base, known) ?? new Fraction(0)),
    new Fraction(0),
  )
  // In the system of the recipes, and the metric one where they do not agree.
  const isUs = group.every(({ amount }) => amount.unit?.system !== 'METRIC')
  return inSystem({ value: total, unit: base }, isUs ? 'US' : 'METRIC', null)
}
