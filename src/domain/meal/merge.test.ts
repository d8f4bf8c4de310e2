import fc from 'fast-check'
import Fraction from 'fraction.js'
import { describe, expect, test } from 'vitest'
import { parseQuantity, ratioText, toRatio } from '../../core/quantity.ts'
import { convert, findUnit, UNITS, unitOf } from '../recipe/units.ts'
import { mergeNeeds, type Need } from './merge.ts'

const KNOWN: Readonly<Record<string, Need['known']>> = {
  flour: { name: 'flour', plural: 'flour', aisle: 'Baking', isLiquid: false, gramsPerCup: '125' },
  egg: { name: 'egg', plural: 'eggs', aisle: 'Dairy and eggs', isLiquid: false, gramsPerCup: null },
  beef: { name: 'beef', plural: 'beef', aisle: 'Meat', isLiquid: false, gramsPerCup: null },
  water: { name: 'water', plural: 'water', aisle: 'Water', isLiquid: true, gramsPerCup: '237' },
}

function need(
  food: string,
  amount: string | null = null,
  unit: string | null = null,
  scale = '1',
  recipeTitle = 'R',
): Need {
  const value = amount === null ? null : parseQuantity(amount)
  const ratio = value === null ? null : toRatio(value)
  const known = KNOWN[food] ?? null
  return {
    food,
    foodKey: food,
    foodId: known === null ? null : food,
    known,
    scale: new Fraction(scale),
    recipeTitle,
    fromNumerator: ratio?.numerator ?? null,
    fromDenominator: ratio?.denominator ?? null,
    toNumerator: null,
    toDenominator: null,
    unit: unit === null ? null : (findUnit(unit)?.code ?? null),
  }
}

const lines = (...needs: Need[]) =>
  mergeNeeds(needs).map(
    ({ name, amount }) =>
      `${name}: ${amount === null ? 'any' : `${ratioText(amount.value)} ${amount.unit?.code ?? '-'}`}`,
  )

describe('what is needed', () => {
  test.each([
    ['one unit adds up', [need('flour', '200', 'g'), need('flour', '300', 'g')], ['flour: 500 g']],
    ['units that convert merge', [need('flour', '800', 'g'), need('flour', '0.4', 'kg')], ['flour: 6/5 kg']],
    [
      'cups and grams merge where the weight of a cup is known',
      [need('flour', '1', 'cup'), need('flour', '75', 'g')],
      ['flour: 200 g'],
    ],
    [
      'and stay apart where it is not',
      [need('beef', '1', 'cup'), need('beef', '75', 'g')],
      ['beef: 1 cup', 'beef: 75 g'],
    ],
    ['spoons and cups merge', [need('flour', '2', 'tbsp'), need('flour', '1/8', 'cup')], ['flour: 1/4 cup']],
    [
      'what is counted merges by its unit',
      [need('egg', '2'), need('egg', '1', 'piece'), need('egg', '1', 'can')],
      ['eggs: 1 can', 'eggs: 3 -'],
    ],
    [
      'servings count',
      [need('egg', '2', null, '3/2'), need('flour', '1/3', 'cup', '3')],
      ['flour: 1 cup', 'eggs: 3 -'],
    ],
    ['to taste is a line only by itself', [need('flour'), need('egg'), need('egg', '1')], ['flour: any', 'egg: 1 -']],
    ['water comes out of the tap', [need('water', '2', 'l')], []],
    [
      'the unknown merge by name',
      [need('moss', '1', 'g'), need('moss', '2', 'g'), need('fern', '1', 'g')],
      ['fern: 1 g', 'moss: 3 g'],
    ],
    ['nothing needs nothing', [], []],
  ])('%s', (_, needs, expected) => {
    expect(lines(...needs).toSorted()).toEqual(expected.toSorted())
  })

  test('says which recipes want it, and comes by aisle', () => {
    const merged = mergeNeeds([
      need('egg', '1', null, '1', 'Omelette'),
      need('flour', '1', 'g', '1', 'Bread'),
      need('egg', '2', null, '1', 'Cake'),
    ])
    expect(merged.map(({ aisle, name, recipes }) => [aisle, name, recipes])).toEqual([
      ['Baking', 'flour', ['Bread']],
      ['Dairy and eggs', 'eggs', ['Cake', 'Omelette']],
    ])
  })

  const any = fc
    .tuple(
      fc.constantFrom('flour', 'egg', 'beef', 'moss'),
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 100 }),
      fc.constantFrom(null, ...UNITS.map(({ code }) => code)),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
    )
    .map(([food, n, d, unit, wanted, written]) => need(food, `${n}/${d}`, unit, `${wanted}/${written}`))

  test('nothing is lost and nothing is made: the grams of each food are the same before and after', () => {
    const gramsOf = (
      food: string,
      kind: 'MASS' | 'VOLUME',
      amounts: readonly { value: Fraction; unit: string | null }[],
    ) =>
      amounts
        .filter(({ unit }) => unit !== null && unitOf(unit).kind === kind)
        .reduce(
          (sum, { value, unit }) =>
            sum.add(
              convert(value, unitOf(unit ?? 'g'), unitOf(kind === 'MASS' ? 'g' : 'ml'), KNOWN[food] ?? null) ?? 0,
            ),
          new Fraction(0),
        )
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (needs) => {
        const merged = mergeNeeds(needs)
        for (const food of ['flour', 'beef', 'moss']) {
          const before = needs
            .filter((each) => each.food === food)
            .map((each) => ({
              value: new Fraction(each.fromNumerator ?? 0, each.fromDenominator ?? 1).mul(each.scale),
              unit: each.unit,
            }))
          const after = merged
            .filter(({ key }) => key.startsWith(food) || key.startsWith(`text:${food}`))
            .map(({ amount }) => ({ value: amount?.value ?? new Fraction(0), unit: amount?.unit?.code ?? null }))
          const density = new Fraction(125).div(unitOf('cup').size ?? 1)
          const total = (list: typeof before) =>
            gramsOf(food, 'MASS', list).add(gramsOf(food, 'VOLUME', list).mul(food === 'flour' ? density : 1_000_003))
          expect(total(after).equals(total(before))).toBe(true)
        }
      }),
    )
  })

  test('the order of the recipes changes nothing about how much it is, and no two lines have one key', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 10 }), (needs) => {
        const keys = mergeNeeds(needs).map(({ key }) => key)
        expect(new Set(keys).size).toBe(keys.length)
        expect(mergeNeeds(needs.toReversed()).map(({ key }) => key)).toEqual(keys)
      }),
    )
  })
})

test('a thousand fractions of different primes add up in no time, to nine places', () => {
  const primes = Array.from({ length: 10_000 }, (_, n) => n).filter(
    (n) => n > 1 && !Array.from({ length: 100 }, (_, d) => d).some((d) => d > 1 && d < n && n % d === 0),
  )
  const [line] = mergeNeeds(primes.map((prime) => need('beef', `1/${prime}`, 'g')))
  expect(primes).toHaveLength(1_229)
  expect(line?.amount?.value.d).toBeLessThanOrEqual(10n ** 120n)
  expect(line?.amount?.value.valueOf()).toBeCloseTo(
    primes.reduce((sum, prime) => sum + 1 / prime, 0),
    5,
  )
})
