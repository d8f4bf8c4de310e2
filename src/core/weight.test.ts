import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DomainError } from './errors.ts'
import { parseWeight, showWeight } from './weight.ts'

const path = ['input', 'weight']

test.each([
  ['102.5', 'KG', 102_500],
  ['0', 'KG', 0],
  ['1.25', 'KG', 1_250],
  ['0.0005', 'KG', 1],
  ['0.000499', 'KG', 0],
  ['1', 'LB', 454],
  ['225', 'LB', 102_058],
  ['2.5', 'LB', 1_134],
  ['2204.62', 'LB', 999_999],
] as const)('%s %s are %i g', (amount, unit, grams) => {
  expect(parseWeight(amount, unit, path)).toBe(grams)
})

test.each([
  [102_500, 'KG', '102.5'],
  [100_000, 'KG', '100'],
  [5, 'KG', '0.005'],
  [0, 'KG', '0'],
  [102_058, 'LB', '225'],
  [100_000, 'LB', '220.46'],
  [0, 'LB', '0'],
] as const)('%i g are shown in %s as %s', (grams, unit, amount) => {
  expect(showWeight(grams, unit)).toBe(amount)
})

test.each(['', '-1', '1e3', '1,5', '.5', '5.', '12345678', '1.1234567', 'heavy', '١'])(
  '“%s” is no weight',
  (amount) => {
    expect(() => parseWeight(amount, 'KG', path)).toThrow(DomainError)
  },
)

describe('whatever the weight', () => {
  test('kilograms come back as they went in, to the gram', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (grams) => {
        expect(parseWeight(showWeight(grams, 'KG'), 'KG', path)).toBe(grams)
      }),
    )
  })

  test('pounds of at most two places are shown as they were given, although grams are kept', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300_000 }), (hundredths) => {
        const amount = (hundredths / 100).toFixed(2).replace(/\.?0+$/, '')
        expect(showWeight(parseWeight(amount, 'LB', path), 'LB')).toBe(amount)
      }),
    )
  })

  test('the pounds shown are the nearest hundredth of what the grams are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (grams) => {
        expect(Math.abs(Number(showWeight(grams, 'LB')) - grams / 453.59237)).toBeLessThanOrEqual(0.005 + 1e-9)
      }),
    )
  })
})
