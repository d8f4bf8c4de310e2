import type { Uuid } from '../../core/ids.ts'
import { type Quantity, quantityOf } from '../../core/quantity.ts'
import type { OfferRow } from '../../db/queries/meal.ts'
import { foodKey } from '../recipe/food-key.ts'
import { readIngredientLine } from '../recipe/import/ingredient-line.ts'
import { type Amount, convert, type Measured, unitOf } from '../recipe/units.ts'
import { toBuy } from './amount.ts'
import type { MergedNeed } from './merge.ts'

/** What of the shop covers a need. */
export interface Choice {
  readonly variantId: Uuid
  readonly packs: number
  /** Null where nobody knows what one of it holds: it is one then. */
  readonly pack: Amount | null
}

export type NoChoice = 'NO_PRODUCT' | 'OUT_OF_STOCK' | 'TOO_MUCH'

/** What one piece holds, as staff says it, or its name and attributes do: `500 ml`. */
export function packOf(row: OfferRow): Amount | null {
  if (row.packNumerator !== null && row.packDenominator !== null) {
    const value = quantityOf({ numerator: row.packNumerator, denominator: row.packDenominator })
    return { value, unit: row.packUnit === null ? null : unitOf(row.packUnit) }
  }
  for (const text of [...row.attributes, row.variantName, row.productName]) {
    const size = /\d+(?:[.,]\d+)?\s?(?:kg|g|ml|cl|dl|l|oz|lb)\b/i.exec(text)?.[0]
    const read = size === undefined ? null : readIngredientLine(`${size} x`)
    if (read?.quantity != null && read.unit !== null) return { value: read.quantity, unit: read.unit }
  }
  return null
}

const PREPOSITION = /\b(?:about|for|from|of|to|with)\b/

/** Its name ends as the food is called: rapeseed oil is oil. An oil bottle is none, and a book of salt is no salt. */
const isNamedSo = (row: OfferRow, names: readonly string[]): boolean => {
  const key = foodKey(row.productName)
  return names.map(foodKey).some((name) => {
    if (key === name) return true
    return key.endsWith(` ${name}`) && !PREPOSITION.test(key.slice(0, -name.length))
  })
}

const packsOf = (need: Amount | null, pack: Amount | null, food: Measured | null): number | null => {
  if (need === null || pack === null) return null
  const { value, unit: from } = toBuy(need)
  const to = pack.unit
  let covered: Quantity | null
  if (from === null || to === null) covered = from === to ? value : null
  else covered = convert(value, from, to, food)
  return covered === null ? null : Number(covered.div(pack.value).ceil().valueOf())
}

/**
 * The offer that covers a need for the least money: so many packs as are needed, of what there is enough. Where nobody
 * knows what a pack holds, one of it; and what staff linked to the food goes before what only has its name.
 */
export function choose(
  need: Pick<MergedNeed, 'amount' | 'name'>,
  food: (Measured & { readonly name: string; readonly plural: string }) | null,
  offers: readonly OfferRow[],
  maxPacks: number,
): Choice | NoChoice {
  const linked = offers.filter(({ packNumerator }) => packNumerator !== null)
  const names = food === null ? [need.name] : [food.name, food.plural]
  const named = linked.length > 0 ? linked : offers.filter((row) => isNamedSo(row, names))
  if (named.length === 0) return 'NO_PRODUCT'
  const sized = named.map((row) => {
    const pack = packOf(row)
    const packs = packsOf(need.amount, pack, food)
    return { row, pack: packs === null ? null : pack, packs: packs ?? 1, isKnown: packs !== null }
  })
  const known = sized.filter(({ isKnown }) => isKnown)
  const candidates = known.length > 0 ? known : sized
  const small = candidates.filter(({ packs }) => packs <= maxPacks)
  if (small.length === 0) return 'TOO_MUCH'
  const [best] = small
    .filter(({ row, packs }) => row.available >= packs)
    .sort(
      (a, b) => a.packs * a.row.priceMinor - b.packs * b.row.priceMinor || (a.row.variantId < b.row.variantId ? -1 : 1),
    )
  return best === undefined ? 'OUT_OF_STOCK' : { variantId: best.row.variantId, packs: best.packs, pack: best.pack }
}
