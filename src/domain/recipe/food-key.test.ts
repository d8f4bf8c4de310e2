import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foodKey, foodKeys } from './food-key.ts'

test.each([
  ['Onions', 'onion'],
  ['Crème fraîche', 'creme fraiche'],
  ['all-purpose FLOUR', 'all purpose flour'],
  ['Blueberries', 'blueberry'],
  ['potatoes', 'potato'],
  ['Confectioners’ sugar', 'confectioners sugar'],
  ['molasses', 'molasse'],
  ['couscous', 'couscous'],
  ['', ''],
  ['—', ''],
])('%s is looked up as %s', (name, key) => {
  expect(foodKey(name)).toBe(key)
})

test.each([
  ['large eggs', ['large egg', 'egg']],
  ['freshly ground black pepper', ['freshly ground black pepper', 'ground black pepper']],
  ['flour', ['flour']],
  ['chopped', ['chopped']],
  ['', []],
])('%s may be called %j', (name, keys) => {
  expect(foodKeys(name)).toEqual(keys)
})

test('a key is its own key, whatever the name, and of a length that can be kept', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
      const key = foodKey(name)
      expect(key.length).toBeLessThanOrEqual(200)
      expect(foodKey(key).length).toBeLessThanOrEqual(key.length)
      expect(foodKey(name.toUpperCase())).toBe(foodKey(name.toUpperCase().toLowerCase()))
    }),
  )
})
