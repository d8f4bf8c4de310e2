import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DomainError } from './errors.ts'
import {
  addMoney,
  allocate,
  currencyOf,
  exponentOf,
  formatAmount,
  includedShareOf,
  isCurrency,
  money,
  parseMoney,
  shareOf,
  subtractMoney,
} from './money.ts'

const EUR = currencyOf('EUR')
const JPY = currencyOf('JPY')
const KWD = currencyOf('KWD')

describe('a currency', () => {
  test.each([
    ['JPY', 0],
    ['KRW', 0],
    ['EUR', 2],
    ['HUF', 2],
    ['IDR', 2],
    ['KWD', 3],
    ['TND', 3],
  ])('%s has %i decimals', (code, exponent) => {
    expect(exponentOf(currencyOf(code))).toBe(exponent)
  })

  test.each(['', 'eur', 'EURO', 'XXX', 'toString', '__proto__'])('"%s" is none', (code) => {
    expect(isCurrency(code)).toBe(false)
    expect(() => currencyOf(code)).toThrow(RangeError)
  })
})

describe('a decimal is read and written exactly', () => {
  test.each([
    ['0', EUR, 0, '0.00'],
    ['12.5', EUR, 1250, '12.50'],
    ['0.07', EUR, 7, '0.07'],
    ['-0.05', EUR, -5, '-0.05'],
    ['-0.00', EUR, 0, '0.00'],
    ['4.35', EUR, 435, '4.35'],
    ['700', JPY, 700, '700'],
    ['1.234', KWD, 1234, '1.234'],
    ['0.001', KWD, 1, '0.001'],
    ['90071992547409.91', EUR, Number.MAX_SAFE_INTEGER, '90071992547409.91'],
  ])('%s %s', (text, currency, amountMinor, written) => {
    const read = parseMoney(text, currency)
    expect(read).toStrictEqual({ amountMinor, currency })
    expect(formatAmount(read)).toBe(written)
  })

  test.each([
    ['1.005', EUR, 'more decimals'],
    ['1.0', JPY, 'decimals where there are none'],
    ['1.2345', KWD, 'more decimals'],
    ['1,50', EUR, 'a comma'],
    ['1e3', EUR, 'an exponent'],
    ['.5', EUR, 'no whole part'],
    ['5.', EUR, 'no decimals after the point'],
    ['+5', EUR, 'a plus'],
    [' 5', EUR, 'a blank'],
    ['٥', EUR, 'other digits'],
    ['', EUR, 'nothing'],
    ['NaN', EUR, 'no number'],
    ['90071992547409.92', EUR, 'too large'],
    ['999999999999999', EUR, 'too large'],
  ])('"%s" %s is refused: %s', (text, currency) => {
    const read = () => parseMoney(text, currency, ['input', 'price'])
    expect(read).toThrow(DomainError)
    expect(read).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', argument: ['input', 'price'] }))
  })

  test('whatever is written is read as the same', () => {
    const any = fc.tuple(fc.maxSafeInteger(), fc.constantFrom(EUR, JPY, KWD))
    fc.assert(
      fc.property(any, ([amountMinor, currency]) => {
        const written = money(amountMinor, currency)
        expect(parseMoney(formatAmount(written), currency)).toStrictEqual(written)
      }),
    )
  })
})

describe('adding up', () => {
  test('works within one currency only', () => {
    expect(addMoney(money(10, EUR), money(-25, EUR))).toStrictEqual(money(-15, EUR))
    expect(subtractMoney(money(10, EUR), money(10, EUR))).toStrictEqual(money(0, EUR))
    expect(() => addMoney(money(10, EUR), money(10, JPY))).toThrow(RangeError)
    expect(() => subtractMoney(money(10, EUR), money(10, JPY))).toThrow(RangeError)
  })

  test.each([0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])('%d is no amount', (amount) => {
    expect(() => money(amount, EUR)).toThrow(RangeError)
  })
})

describe('a share', () => {
  test.each([
    [1000, 1900, 190],
    [1, 5000, 1],
    [-1, 5000, -1],
    [333, 1000, 33],
    [335, 1000, 34],
    [-335, 1000, -34],
    [4, 1000, 0],
    [-4, 1000, 0],
    [Number.MAX_SAFE_INTEGER, 10_000, Number.MAX_SAFE_INTEGER],
  ])('of %i at %i basis points is %i: halves go away from zero', (amount, basisPoints, share) => {
    expect(shareOf(amount, basisPoints)).toBe(share)
  })

  test.each([
    [11_900, 1900, 1900],
    [107, 700, 7],
    [100, 1900, 16],
    [3, 10_000, 2],
    [0, 1900, 0],
    [100, 0, 0],
  ])('that %i includes at %i basis points is %i', (gross, basisPoints, share) => {
    expect(includedShareOf(gross, basisPoints)).toBe(share)
  })
})

describe('allocating', () => {
  test.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [101, [1, 1, 1], [34, 34, 33]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [5, [3, 7], [2, 3]],
    [10, [0, 1], [0, 10]],
    [1, [5, 5, 5, 5], [1, 0, 0, 0]],
    [0, [1, 2], [0, 0]],
  ])('%i by %j gives %j', (amount, weights, parts) => {
    expect(allocate(amount, weights)).toStrictEqual(parts)
  })

  test('the parts add up exactly, and none is a whole unit away from its share', () => {
    const weights = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 20 }).filter((list) => list.some(Boolean))
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), weights, (amount, list) => {
        const parts = allocate(amount, list)
        expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(amount))
        const total = list.reduce((sum, weight) => sum + BigInt(weight), 0n)
        for (const [position, part] of parts.entries()) {
          const apart = BigInt(part) * total - BigInt(amount) * BigInt(list[position] ?? 0)
          expect((apart < 0n ? -apart : apart) < total).toBe(true)
        }
      }),
    )
  })

  test.each([[[]], [[0, 0]], [[1, -1]], [[0.5]], [[Number.NaN]]])('by %j is refused', (weights) => {
    expect(() => allocate(100, weights)).toThrow(RangeError)
  })
})
