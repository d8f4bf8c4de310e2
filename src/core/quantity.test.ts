import fc from 'fast-check'
import Fraction from 'fraction.js'
import { describe, expect, test } from 'vitest'
import {
  decimalText,
  isStorable,
  parseQuantity,
  type Quantity,
  quantityOf,
  ratioText,
  roundedText,
  toRatio,
  writtenText,
} from './quantity.ts'

const amount = fc
  .tuple(fc.nat(100_000), fc.nat(100_000), fc.integer({ min: 1, max: 10_000 }))
  .map(([whole, n, d]) => new Fraction(n, d).add(whole))
  .filter(isStorable)

const same = (a: Quantity, b: Quantity): void => expect(ratioText(a)).toBe(ratioText(b))

describe('an amount is read', () => {
  test.each([
    ['2', '2'],
    ['0.25', '1/4'],
    ['250', '250'],
    ['1/3', '1/3'],
    ['1 1/2', '3/2'],
    ['½', '1/2'],
    ['1½', '3/2'],
    ['1 ½', '3/2'],
    ['2⅔', '8/3'],
    ['3 / 4', '3/4'],
    ['1⁄8', '1/8'],
    [' 12 ', '12'],
    ['007', '7'],
  ])('%s is %s', (text, ratio) => {
    expect(parseQuantity(text)?.toFraction()).toBe(ratio)
  })

  test.each([
    '',
    '0',
    '-1',
    '1/0',
    '0/4',
    'a',
    '1e3',
    '1,5',
    '1.',
    '.5',
    '½½',
    '1 2',
    '1/2/3',
    'NaN',
    '100001',
    '0.00001',
    '٣',
  ])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeNull()
  })

  test('whatever the text, the answer is null or can be kept, and never an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9 ./½⅓-]{0,12}$/)), (text) => {
        const value = parseQuantity(text)
        if (value !== null) same(quantityOf(toRatio(value)), value)
      }),
    )
  })
})

describe('an amount is shown', () => {
  test.each([
    ['1/2', '½'],
    ['3/2', '1½'],
    ['5/4', '1¼'],
    ['1/3', '⅓'],
    ['8/3', '2⅔'],
    ['2', '2'],
    ['7/5', '1⅜'],
    ['13/7', '1⅞'],
    ['29/15', '1⅞'],
    ['79/40', '2'],
    ['1/16', '⅛'],
    ['1/100', '0.01'],
    ['1234567/100', '12345⅔'],
  ])('in the parts of cups and spoons: %s is %s', (ratio, text) => {
    expect(roundedText(new Fraction(ratio), 'FRACTION')).toBe(text)
  })

  test.each([
    ['250', '250'],
    ['1234', '1234'],
    ['12345.6', '12346'],
    ['113.3980925', '113'],
    ['12.345', '12.3'],
    ['1.5', '1.5'],
    ['0.0333', '0.0333'],
    ['2/3', '0.667'],
    ['99.96', '100'],
  ])('as a scale shows it: %s is %s', (value, text) => {
    expect(roundedText(new Fraction(value), 'DECIMAL')).toBe(text)
  })

  test.each([
    ['0.333', 'FRACTION', '0.333'],
    ['1/3', 'FRACTION', '⅓'],
    ['1/7', 'DECIMAL', '1/7'],
    ['100000/7', 'FRACTION', '14285 5/7'],
    ['1/8192', 'DECIMAL', '1/8192'],
    ['1.2345', 'DECIMAL', '1.2345'],
    ['1/3', 'DECIMAL', '⅓'],
    ['0.5', 'DECIMAL', '0.5'],
  ] as const)('as it was written: %s in %s is %s', (value, style, text) => {
    expect(writtenText(new Fraction(value), style)).toBe(text)
  })

  test('what is shown as written reads back as the very amount', () => {
    fc.assert(
      fc.property(amount, fc.constantFrom('FRACTION' as const, 'DECIMAL' as const), (value, style) => {
        const read = parseQuantity(writtenText(value, style))
        expect(read).not.toBeNull()
        if (read !== null) same(read, value)
      }),
    )
  })

  test('a rounded one reads back as something near, and never as nothing', () => {
    fc.assert(
      fc.property(amount, (value) => {
        const shown = parseQuantity(roundedText(value, 'FRACTION'))
        // Of the parts of a cup the widest gap is an eighth, at its two ends.
        if (shown !== null) expect(shown.sub(value).abs().lte(new Fraction(1, 16))).toBe(true)
        else expect(value.lt(new Fraction(1, 1000)) || value.gt(99_999)).toBe(true)
      }),
    )
    fc.assert(
      fc.property(amount, (value) => {
        const text = roundedText(value, 'DECIMAL')
        expect(Number(text)).toBeGreaterThan(0)
        const error = new Fraction(text).sub(value).abs()
        // Three digits: half of the last is at most five thousandths of the amount, or half a gram.
        expect(error.lte(value.mul(new Fraction(5, 1000))) || error.lte(new Fraction(1, 2))).toBe(true)
      }),
    )
  })

  test('the decimal is exact where it ends, and at most half a millionth off', () => {
    fc.assert(
      fc.property(amount, (value) => {
        expect(new Fraction(decimalText(value)).sub(value).abs().lte(new Fraction(1, 2_000_000))).toBe(true)
      }),
    )
    expect(decimalText(new Fraction('0.125'))).toBe('0.125')
    expect(decimalText(new Fraction(1, 3))).toBe('0.333333')
    expect(decimalText(new Fraction(2, 3))).toBe('0.666667')
    expect(decimalText(new Fraction(1, 2), 0)).toBe('1')
  })
})

test('what goes into the database comes out of it, and its numbers fit 32 bits', () => {
  fc.assert(
    fc.property(amount, (value) => {
      const { numerator, denominator } = toRatio(value)
      expect(Math.max(numerator, denominator)).toBeLessThan(2 ** 31)
      same(quantityOf({ numerator, denominator }), value)
    }),
  )
})

test('what is too long for an amount is not looked at', () => {
  expect(parseQuantity(`1${' '.repeat(1_000_000)}/2`)).toBeNull()
  expect(parseQuantity(`1${' '.repeat(50)}1/2`)?.toFraction()).toBe('3/2')
})
