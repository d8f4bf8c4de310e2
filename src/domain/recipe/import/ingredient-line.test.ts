import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ratioText } from '../../../core/quantity.ts'
import { readIngredientLine } from './ingredient-line.ts'

/** Quantity, end of a range, unit, food, note; the last is `?` for what is optional. */
const LINES: readonly [string, string | null, string | null, string | null, string, string, boolean?][] = [
  ['250 g flour', '250', null, 'g', 'flour', ''],
  ['250g flour', '250', null, 'g', 'flour', ''],
  ['1 ½ cups (200 g) all-purpose flour, sifted', '3/2', null, 'cup', 'all-purpose flour', '200 g, sifted'],
  ['1½ tsp. salt', '3/2', null, 'tsp', 'salt', ''],
  ['½ teaspoon vanilla extract', '1/2', null, 'tsp', 'vanilla extract', ''],
  ['1 1/2 Tbsp olive oil', '3/2', null, 'tbsp', 'olive oil', ''],
  ['1⁄4 cup sugar', '1/4', null, 'cup', 'sugar', ''],
  ['2-3 tbsp olive oil', '2', '3', 'tbsp', 'olive oil', ''],
  ['2 – 3 cloves of garlic, crushed', '2', '3', 'clove', 'garlic', 'crushed'],
  ['1 to 2 pounds potatoes - peeled', '1', '2', 'lb', 'potatoes', 'peeled'],
  ['3 large eggs', '3', null, null, 'large eggs', ''],
  ['1 (14-ounce) can chopped tomatoes', '1', null, 'can', 'chopped tomatoes', '14-ounce'],
  ['2 14.5-oz cans black beans, drained', '2', null, 'can', 'black beans', '14.5-oz, drained'],
  ['2 x 400g tins chickpeas', '2', null, 'can', 'chickpeas', '400g'],
  ['1,5 dl milk', '3/2', null, 'dl', 'milk', ''],
  ['1,000 g bones', '1000', null, 'g', 'bones', ''],
  ['8 fl oz cream', '8', null, 'fl_oz', 'cream', ''],
  ['8 fluid ounces cream', '8', null, 'fl_oz', 'cream', ''],
  ['1 c. buttermilk', '1', null, 'cup', 'buttermilk', ''],
  ['1/2 cup plus 2 tablespoons sugar', '1/2', null, 'cup', 'sugar', 'plus 2 tablespoons'],
  ['a pinch of salt', '1', null, 'pinch', 'salt', ''],
  ['A handful parsley (optional)', '1', null, 'handful', 'parsley', '', true],
  ['an onion', null, null, null, 'an onion', ''],
  ['Salt and pepper to taste', null, null, null, 'Salt and pepper', 'to taste'],
  ['olive oil, for frying', null, null, null, 'olive oil', 'for frying'],
  ['Chives, optional', null, null, null, 'Chives', '', true],
  ['• 2 leeks', '2', null, null, 'leeks', ''],
  ['- 100 ml water', '100', null, 'ml', 'water', ''],
  ['about 20 basil leaves', '20', null, null, 'basil leaves', ''],
  ['1 clove', '1', null, null, 'clove', ''],
  ['2 T butter', '2', null, 'tbsp', 'butter', ''],
  ['7UP', '7', null, null, 'UP', ''],
  ['0 g nothing', null, null, null, '0 g nothing', ''],
  ['999999 g sand', null, null, null, '999999 g sand', ''],
  ['(for the sauce)', null, null, null, '(for the sauce)', ''],
  ['3-2 eggs', '3', null, null, 'eggs', ''],
]

describe('a line of ingredients', () => {
  test.each(LINES)('%s', (line, quantity, upTo, unit, food, note, isOptional = false) => {
    const read = readIngredientLine(line)
    const text = (value: NonNullable<typeof read>['quantity'] | undefined) => (value == null ? null : ratioText(value))
    expect({ ...read, quantity: text(read?.quantity), upTo: text(read?.upTo), unit: read?.unit?.code ?? null }).toEqual(
      {
        quantity,
        upTo,
        unit,
        food,
        note,
        isOptional,
      },
    )
  })

  test.each(['', '   ', ' \n '])('%j is none', (line) => {
    expect(readIngredientLine(line)).toBeNull()
  })

  test('whatever it is, there is a food, and never an error', () => {
    const kitchen = fc
      .array(
        fc.constantFrom(
          '1',
          '½',
          '2',
          'cups',
          'flour',
          ',',
          '(',
          ')',
          '-',
          'x',
          '400g',
          'plus',
          'of',
          'a',
          'to taste',
          '/',
          'g',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(' '))
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), kitchen), (line) => {
        const read = readIngredientLine(line)
        if (read !== null) expect(read.food).not.toBe('')
      }),
      { numRuns: 500 },
    )
  })

  test('a long one ends', () => {
    // What tries every way of parting it would be here until the test is given up.
    for (const line of [
      `${'1 '.repeat(50_000)}g`,
      `1 cup ${'('.repeat(50_000)}`,
      `2 ${'a'.repeat(100_000)}`,
      `${'-'.repeat(100_000)}a`,
    ]) {
      expect(readIngredientLine(line)).not.toBeNull()
    }
  })
})
