import Fraction from 'fraction.js'
import { expect, test } from 'vitest'
import { findUnit } from '../recipe/units.ts'
import { toBuy } from './amount.ts'

test.each([
  ['2/3', null, '1'],
  ['2/3', 'leaf', '1'],
  ['4/3', 'can', '2'],
  ['2', 'packet', '2'],
  ['7/2', 'clove', '4'],
  // Measured by hand, and not bought by the piece.
  ['1/2', 'pinch', '1/2'],
  ['3/2', 'handful', '3/2'],
  ['2/3', 'cup', '2/3'],
  ['1/2', 'kg', '1/2'],
])('where %s of %s is needed, %s is bought', (needed, unit, bought) => {
  const amount = { value: new Fraction(needed), unit: unit === null ? null : findUnit(unit) }
  expect(toBuy(amount).value.toFraction()).toBe(bought)
  expect(toBuy(amount).unit).toBe(amount.unit)
})
