import fc from 'fast-check'
import Fraction from 'fraction.js'
import { describe, expect, test } from 'vitest'
import { parseQuantity, toRatio } from '../../core/quantity.ts'
import { ingredientText, type StoredAmount, scaleOf, showAmount } from './shown-ingredient.ts'
import { findUnit, type UnitPreference } from './units.ts'

const FLOUR = { isLiquid: false, gramsPerCup: '125' }

function stored(from: string | null, unit: string | null = null, to: string | null = null): StoredAmount {
  const ratio = (text: string | null) => {
    const value = text === null ? null : parseQuantity(text)
    return value === null ? null : toRatio(value)
  }
  const [start, end] = [ratio(from), ratio(to)]
  return {
    fromNumerator: start?.numerator ?? null,
    fromDenominator: start?.denominator ?? null,
    toNumerator: end?.numerator ?? null,
    toDenominator: end?.denominator ?? null,
    unit: unit === null ? null : (findUnit(unit)?.code ?? null),
  }
}

const line = (amount: StoredAmount, servings: number | null, units: UnitPreference, food = 'flour', known = FLOUR) =>
  ingredientText(showAmount(amount, scaleOf(servings, 4), units, known), { food, note: '', isOptional: false })

describe('an ingredient', () => {
  test.each([
    [stored('250', 'g'), null, 'AS_WRITTEN', '250 g flour'],
    [stored('250', 'g'), 2, 'AS_WRITTEN', '125 g flour'],
    [stored('250', 'g'), 3, 'AS_WRITTEN', '188 g flour'],
    [stored('1.25', 'kg'), 4, 'AS_WRITTEN', '1.25 kg flour'],
    [stored('250', 'g'), 4, 'US', '2 cups flour'],
    [stored('1', 'cup'), 4, 'METRIC', '125 g flour'],
    [stored('1/3', 'cup'), 12, 'AS_WRITTEN', '1 cup flour'],
    [stored('1', 'cup'), 2, 'AS_WRITTEN', '½ cup flour'],
    [stored('1', 'tsp'), 5, 'AS_WRITTEN', '1¼ tsp flour'],
    [stored('2', null, '3'), 6, 'AS_WRITTEN', '3–4½ flour'],
    [stored('750', 'g', '1200'), 4, 'METRIC', '0.75–1.2 kg flour'],
    [stored(null), 8, 'METRIC', 'flour'],
    [stored('1', 'pinch'), 8, 'AS_WRITTEN', '2 pinches flour'],
    [stored('0.3', 'cup'), 4, 'AS_WRITTEN', '0.3 cup flour'],
    [stored('0.3', 'cup'), 8, 'AS_WRITTEN', '⅝ cup flour'],
    [stored('130', 'g'), 4, 'US', '1 cup flour'],
    [stored('8', 'fl oz'), 4, 'AS_WRITTEN', '8 fl oz flour'],
  ] as const)('%#: for %s in %s: %s', (amount, servings, units, text) => {
    expect(line(amount, servings, units)).toBe(text)
  })

  test('says its note and that it can be left out', () => {
    const amount = showAmount(stored('2', 'clove'), scaleOf(null, 4), 'AS_WRITTEN', null)
    expect(ingredientText(amount, { food: 'garlic', note: 'crushed', isOptional: true })).toBe(
      '2 cloves garlic, crushed (optional)',
    )
  })
})

test('scaling is exact: to any number of servings and back, and in one step or in two', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 1, max: 1_000 }),
      (n, d, written, wanted) => {
        const value = new Fraction(n, d)
        const scaled = value.mul(scaleOf(wanted, written))
        expect(scaled.mul(scaleOf(written, wanted)).equals(value)).toBe(true)
        const shown = showAmount(
          {
            fromNumerator: Number(value.n),
            fromDenominator: Number(value.d),
            toNumerator: null,
            toDenominator: null,
            unit: 'cup',
          },
          scaleOf(wanted, written),
          'AS_WRITTEN',
          null,
        )
        expect(new Fraction(shown.quantity?.ratio ?? 0).equals(scaled)).toBe(true)
      },
    ),
  )
})
