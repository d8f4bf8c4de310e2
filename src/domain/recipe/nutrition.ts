import Fraction from 'fraction.js'
import { decimalText, type Quantity } from '../../core/quantity.ts'
import { amountsOf, type StoredAmount } from './shown-ingredient.ts'
import { gramsOf } from './units.ts'

const FIGURES = ['energyKcal', 'proteinG', 'fatG', 'carbohydrateG', 'fibreG', 'sodiumMg'] as const
type Figure = (typeof FIGURES)[number]

/** Decimals; null for what nobody said. */
export type NutritionFigures = Readonly<Record<Figure, string | null>>

export interface NutritionFacts extends NutritionFigures {
  /** Of the chef, or added up from the foods. */
  readonly source: 'CHEF' | 'COMPUTED'
  /** Ingredients without an amount and optional ones, which are not in it. */
  readonly leftOut: readonly string[]
}

export interface NourishingFood extends NutritionFigures {
  readonly isLiquid: boolean
  readonly gramsPerCup: string | null
  readonly gramsEach: string | null
  readonly eachUnit: string | null
}

export interface CountedIngredient extends StoredAmount {
  readonly food: string
  readonly isOptional: boolean
}

/** What the chef says of one serving; null where they say nothing. */
export function givenNutrition(recipe: NutritionFigures): NutritionFacts | null {
  if (FIGURES.every((figure) => recipe[figure] === null)) return null
  const { energyKcal, proteinG, fatG, carbohydrateG, fibreG, sodiumMg } = recipe
  return { energyKcal, proteinG, fatG, carbohydrateG, fibreG, sodiumMg, source: 'CHEF', leftOut: [] }
}

/**
 * One serving, added up from the figures of its foods: of what goes into the pot, not of what cooking makes of it. A range
 * counts with its middle. Null as soon as one amount has no known weight or one food no figures: half a sum is a wrong one.
 */
export function computedNutrition(
  servings: number,
  ingredients: readonly CountedIngredient[],
  foodOf: (ingredient: CountedIngredient) => NourishingFood | null,
): NutritionFacts | null {
  const leftOut: string[] = []
  const sums = new Map<Figure, Quantity>(FIGURES.map((figure) => [figure, new Fraction(0)]))
  let counted = 0
  for (const ingredient of ingredients) {
    const amounts = amountsOf(ingredient)
    if (amounts === null || ingredient.isOptional) {
      leftOut.push(ingredient.food)
      continue
    }
    const food = foodOf(ingredient)
    const { from, to } = amounts
    const value = to === null ? from.value : from.value.add(to.value).div(2)
    const grams = food === null ? null : gramsOf({ value, unit: from.unit }, food)
    if (food === null || grams === null || food.energyKcal === null) return null
    for (const figure of FIGURES) {
      const per100 = new Fraction(food[figure] ?? 0)
      sums.set(figure, (sums.get(figure) ?? new Fraction(0)).add(per100.mul(grams).div(100)))
    }
    counted += 1
  }
  if (counted === 0) return null
  const perServing = (figure: Figure): string =>
    decimalText(
      (sums.get(figure) ?? new Fraction(0)).div(servings),
      figure === 'energyKcal' || figure === 'sodiumMg' ? 0 : 1,
    )
  return {
    energyKcal: perServing('energyKcal'),
    proteinG: perServing('proteinG'),
    fatG: perServing('fatG'),
    carbohydrateG: perServing('carbohydrateG'),
    fibreG: perServing('fibreG'),
    sodiumMg: perServing('sodiumMg'),
    source: 'COMPUTED',
    leftOut,
  }
}
