import { describe, expect, test } from 'vitest'
import { type CountedIngredient, computedNutrition, givenNutrition, type NourishingFood } from './nutrition.ts'

const food = (energyKcal: string | null, more: Partial<NourishingFood> = {}): NourishingFood => {
  const rest = energyKcal === null ? null : '10'
  return {
    isLiquid: false,
    gramsPerCup: null,
    gramsEach: null,
    eachUnit: null,
    energyKcal,
    proteinG: rest,
    fatG: rest,
    carbohydrateG: rest,
    fibreG: rest,
    sodiumMg: rest,
    ...more,
  }
}

const FOODS: Readonly<Record<string, NourishingFood>> = {
  flour: food('364', { gramsPerCup: '125' }),
  egg: food('143', { gramsEach: '50', eachUnit: 'piece' }),
  mystery: food(null),
  salt: food('0'),
}

const ingredient = (
  name: string,
  amount: number | null,
  unit: string | null = null,
  to: number | null = null,
): CountedIngredient => ({
  food: name,
  isOptional: false,
  fromNumerator: amount,
  fromDenominator: amount === null ? null : 1,
  toNumerator: to,
  toDenominator: to === null ? null : 1,
  unit,
})

const compute = (servings: number, ...list: CountedIngredient[]) =>
  computedNutrition(servings, list, ({ food: name }) => FOODS[name] ?? null)

describe('nutrition that is added up', () => {
  test('is what goes in, shared among the servings', () => {
    // 200 g flour are 728 kcal, 2 eggs of 50 g are 143 kcal.
    expect(compute(4, ingredient('flour', 200, 'g'), ingredient('egg', 2))).toMatchObject({
      energyKcal: '218',
      proteinG: '7.5',
      sodiumMg: '8',
      source: 'COMPUTED',
      leftOut: [],
    })
  })

  test('counts cups by their weight, and a range by its middle', () => {
    expect(compute(1, ingredient('flour', 1, 'cup', 3))?.energyKcal).toBe('910')
  })

  test('leaves out what is optional or to taste, and says so', () => {
    const list = [
      ingredient('flour', 100, 'g'),
      ingredient('salt', null),
      { ...ingredient('mystery', 1), isOptional: true },
    ]
    expect(compute(1, ...list)).toMatchObject({ energyKcal: '364', leftOut: ['salt', 'mystery'] })
  })

  test.each([
    ['a food without figures', [ingredient('flour', 100, 'g'), ingredient('mystery', 100, 'g')]],
    ['a food that nobody knows', [ingredient('flour', 100, 'g'), ingredient('unheard of', 100, 'g')]],
    ['an amount of unknown weight', [ingredient('flour', 1, 'bunch')]],
    ['nothing but what is to taste', [ingredient('salt', null)]],
    ['no ingredient', []],
  ])('is not there for %s', (_, list) => {
    expect(compute(2, ...list)).toBeNull()
  })
})

test('what the chef says is theirs, also where it is not all', () => {
  const none = { energyKcal: null, proteinG: null, fatG: null, carbohydrateG: null, fibreG: null, sodiumMg: null }
  expect(givenNutrition(none)).toBeNull()
  expect(givenNutrition({ ...none, energyKcal: '350.00' })).toMatchObject({ energyKcal: '350.00', source: 'CHEF' })
})
