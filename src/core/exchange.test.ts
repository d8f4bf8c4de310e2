import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { convert, crossRate, scaled } from './exchange.ts'
import { currencyOf, money } from './money.ts'

const EUR = currencyOf('EUR')
const JPY = currencyOf('JPY')
const KWD = currencyOf('KWD')
const USD = currencyOf('USD')

const units = fc
  .integer({ min: 1, max: 10 ** 12 })
  .map((value) => `${Math.trunc(value / 1e6)}.${String(value % 1e6).padStart(6, '0')}`)
const amounts = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
const currencies = fc.constantFrom(EUR, JPY, KWD, USD)

/** Nothing where it is more money than there is. */
function inDinars(amountMinor: number, source: string): number | null {
  try {
    return convert(money(amountMinor, USD), source, KWD, '1.5').amountMinor
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError)
    return null
  }
}

describe('an amount in another currency', () => {
  test.each([
    [100, EUR, '1', USD, '1.1357', 114],
    [1250, EUR, '1', JPY, '162.8', 2035],
    [10_000, USD, '1.1357', EUR, '1', 8805],
    [1, USD, '1.1357', JPY, '162.8', 1],
    [1000, JPY, '162.8', KWD, '0.35', 2150],
    [-5, EUR, '1', JPY, '10', -1],
    [5, EUR, '1', JPY, '10', 1],
    [-4, EUR, '1', JPY, '10', 0],
  ])('%i of %s at %s is in %s at %s %i', (amountMinor, source, sourceUnits, target, targetUnits, expected) => {
    expect(convert(money(amountMinor, source), sourceUnits, target, targetUnits)).toEqual(money(expected, target))
  })

  test('is off by half a smallest unit at most, whatever the rates', () => {
    fc.assert(
      fc.property(
        amounts,
        currencies,
        units,
        currencies,
        units,
        (amountMinor, source, sourceUnits, target, targetUnits) => {
          fc.pre(source !== target)
          const exponents = new Map([
            [EUR, 2n],
            [JPY, 0n],
            [KWD, 3n],
            [USD, 2n],
          ])
          const numerator = BigInt(amountMinor) * scaled(targetUnits) * 10n ** (exponents.get(target) ?? 0n)
          const denominator = scaled(sourceUnits) * 10n ** (exponents.get(source) ?? 0n)
          fc.pre(numerator / denominator < 2n ** 52n && numerator / denominator > -(2n ** 52n))
          const { amountMinor: done } = convert(money(amountMinor, source), sourceUnits, target, targetUnits)
          const error = 2n * (BigInt(done) * denominator - numerator)
          expect(error <= denominator && error >= -denominator).toBe(true)
        },
      ),
    )
  })

  test('mirrors: what is owed is as much as what is due', () => {
    fc.assert(
      fc.property(amounts, units, units, (amountMinor, a, b) => {
        const owed = inDinars(amountMinor, a)
        const due = inDinars(amountMinor === 0 ? 0 : -amountMinor, a)
        expect(owed === null ? due : owed + (due ?? Number.NaN)).toBe(owed === null ? null : 0)
        expect(convert(money(amountMinor, USD), a, USD, b)).toEqual(money(amountMinor, USD))
      }),
    )
  })
})

test.each(['0', '-1', '1.123456789', 'abc', '', '1e3', '0.00000000'])('%s is no rate', (text) => {
  expect(() => scaled(text)).toThrow(RangeError)
})

test('a rate of two currencies is written with ten decimals and no zeros behind', () => {
  expect(crossRate('1', '1.1357')).toBe('1.1357')
  expect(crossRate('1.1357', '1')).toBe('0.8805142203')
  expect(crossRate('2', '4')).toBe('2')
})
