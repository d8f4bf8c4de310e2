import fc from 'fast-check'
import Fraction from 'fraction.js'
import { describe, expect, test } from 'vitest'
import { ratioText } from '../../core/quantity.ts'
import { convert, findUnit, gramsOf, inSystem, type Measured, UNITS, type UnitPreference, unitOf } from './units.ts'

const FLOUR: Measured = { isLiquid: false, gramsPerCup: '125' }
const MILK: Measured = { isLiquid: true, gramsPerCup: '244' }
const BEEF: Measured = { isLiquid: false, gramsPerCup: null }

describe('a unit is found', () => {
  test.each([
    ['g', 'g'],
    ['Grams', 'g'],
    ['T', 'tbsp'],
    ['t', 'tsp'],
    ['tbsp.', 'tbsp'],
    ['Tablespoons', 'tbsp'],
    ['fl oz', 'fl_oz'],
    ['fl_oz', 'fl_oz'],
    ['fluid  ounce', 'fl_oz'],
    ['lbs', 'lb'],
    ['tins', 'can'],
    ['leaves', 'leaf'],
  ])('%s is %s', (text, code) => {
    expect(findUnit(text)?.code).toBe(code)
  })

  test.each(['', 'stone', 'gramm', '__proto__', 'constructor'])('%j is none', (text) => {
    expect(findUnit(text)).toBeNull()
  })

  test('by each of its names, and no two units share one', () => {
    const names = UNITS.flatMap((unit) =>
      [unit.code, unit.name, unit.plural, ...unit.aliases].map((name) => ({ name, unit })),
    )
    for (const { name, unit } of names) expect([name, findUnit(name)?.code]).toEqual([name, unit.code])
  })
})

describe('the definitions', () => {
  test.each([
    ['lb', 'oz', '16'],
    ['cup', 'tbsp', '16'],
    ['tbsp', 'tsp', '3'],
    ['cup', 'fl_oz', '8'],
    ['pint', 'cup', '2'],
    ['quart', 'pint', '2'],
    ['gallon', 'quart', '4'],
    ['kg', 'g', '1000'],
    ['l', 'dl', '10'],
    ['cl', 'ml', '10'],
  ])('one %s is so many %s: %s', (from, to, ratio) => {
    const converted = convert(new Fraction(1), unitOf(from), unitOf(to))
    expect(converted === null ? null : ratioText(converted)).toBe(ratio)
  })

  test('are the ones of NIST: a pound 453.59237 g, a gallon 3.785411784 l', () => {
    expect(convert(new Fraction(1), unitOf('lb'), unitOf('g'))?.toString()).toBe('453.59237')
    expect(convert(new Fraction(1), unitOf('gallon'), unitOf('l'))?.toString()).toBe('3.785411784')
  })
})

const measured = UNITS.filter(({ size }) => size !== null)

describe('conversion', () => {
  test('there and back again is the very amount, over every pair of units that fit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...measured),
        fc.constantFrom(...measured),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.constantFrom(FLOUR, MILK, BEEF, null),
        (from, to, n, d, food) => {
          const value = new Fraction(n, d)
          const there = convert(value, from, to, food)
          const fits = from.kind === to.kind || food?.gramsPerCup != null
          expect(there !== null).toBe(fits)
          const back = there === null ? null : convert(there, to, from, food)
          if (fits) expect(back?.equals(value)).toBe(true)
        },
      ),
    )
  })

  test('between mass and volume needs the food, and a clove is no gram', () => {
    expect(convert(new Fraction(1), unitOf('cup'), unitOf('g'), FLOUR)?.toFraction()).toBe('125')
    expect(convert(new Fraction(1), unitOf('cup'), unitOf('g'), BEEF)).toBeNull()
    expect(convert(new Fraction(1), unitOf('cup'), unitOf('g'))).toBeNull()
    expect(convert(new Fraction(1), unitOf('clove'), unitOf('g'), FLOUR)).toBeNull()
    expect(convert(new Fraction(1), unitOf('clove'), unitOf('slice'), FLOUR)).toBeNull()
  })

  test.each([
    ['1', 'cup', 'METRIC', FLOUR, '125', 'g'],
    ['1', 'cup', 'METRIC', MILK, '236.5882365', 'ml'],
    ['1', 'cup', 'METRIC', null, '236.5882365', 'ml'],
    ['1', 'lb', 'METRIC', BEEF, '453.59237', 'g'],
    ['3', 'lb', 'METRIC', BEEF, '1.36077711', 'kg'],
    ['2', 'tbsp', 'METRIC', FLOUR, '2', 'tbsp'],
    ['1500', 'g', 'METRIC', FLOUR, '1.5', 'kg'],
    ['0.25', 'l', 'METRIC', MILK, '250', 'ml'],
    ['250', 'g', 'US', FLOUR, '2', 'cup'],
    ['453.59237', 'g', 'US', BEEF, '1', 'lb'],
    ['28.349523125', 'g', 'US', BEEF, '1', 'oz'],
    ['4.92892159375', 'ml', 'US', MILK, '1', 'tsp'],
    ['1', 'lb', 'US', FLOUR, '1', 'lb'],
    ['3', 'clove', 'US', null, '3', 'clove'],
    ['1500', 'g', 'AS_WRITTEN', FLOUR, '1500', 'g'],
  ] as const)('%s %s in %s', (value, unit, preference, food, expected, code) => {
    const amount = inSystem({ value: new Fraction(value), unit: unitOf(unit) }, preference, food)
    expect([amount.value.toString(20), amount.unit?.code]).toEqual([expected, code])
  })

  test('to a system never changes how much it is, and asking twice is asking once', () => {
    const preferences: UnitPreference[] = ['AS_WRITTEN', 'METRIC', 'US']
    fc.assert(
      fc.property(
        fc.constantFrom(...UNITS),
        fc.integer({ min: 1, max: 50_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.constantFrom(...preferences),
        fc.constantFrom(FLOUR, MILK, BEEF, null),
        (unit, n, d, preference, food) => {
          const amount = { value: new Fraction(n, d), unit }
          const shown = inSystem(amount, preference, food)
          const back = shown.unit === null ? null : convert(shown.value, shown.unit, unit, food)
          expect(back?.equals(amount.value)).toBe(true)
          const again = inSystem(shown, preference, food)
          expect([again.unit?.code, again.value.toFraction()]).toEqual([shown.unit?.code, shown.value.toFraction()])
        },
      ),
    )
  })
})

test('what something weighs is known by its weight, its volume or its pieces, and else not at all', () => {
  const garlic = { isLiquid: false, gramsPerCup: null, gramsEach: '3', eachUnit: 'clove' }
  const egg = { isLiquid: false, gramsPerCup: null, gramsEach: '50', eachUnit: 'piece' }
  const grams = (value: number, unit: string | null, food: Parameters<typeof gramsOf>[1]) =>
    gramsOf({ value: new Fraction(value), unit: unit === null ? null : unitOf(unit) }, food)?.toString() ?? null
  expect(grams(2, 'clove', garlic)).toBe('6')
  expect(grams(2, null, garlic)).toBeNull()
  expect(grams(2, null, egg)).toBe('100')
  expect(grams(2, 'piece', egg)).toBe('100')
  expect(grams(1, 'kg', egg)).toBe('1000')
  expect(grams(1, 'cup', egg)).toBeNull()
  expect(grams(1, 'bunch', garlic)).toBeNull()
})
