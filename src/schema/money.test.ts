import 'reflect-metadata'
import { expect, test } from 'vitest'
import { Currency, fromMoneyInput, toMoney } from './money.ts'

test('money is shown as a decimal, and in minor units for computing', () => {
  expect(toMoney(1250, 'EUR')).toStrictEqual({ amount: '12.50', currency: 'EUR', minorUnits: 1250 })
  expect(toMoney(-700, 'JPY')).toStrictEqual({ amount: '-700', currency: 'JPY', minorUnits: -700 })
  expect(toMoney(Number.MAX_SAFE_INTEGER, 'EUR').amount).toBe('90071992547409.91')
  expect(() => toMoney(1.76e16, 'IDR')).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }))
  expect(toMoney(5, 'KWD')).toStrictEqual({ amount: '0.005', currency: 'KWD', minorUnits: 5 })
})

test('money that comes in is exact, or is refused at its place', () => {
  expect(fromMoneyInput({ amount: '12.5', currency: 'EUR' }, ['input', 'price'])).toMatchObject({ amountMinor: 1250 })
  expect(() => fromMoneyInput({ amount: '12.505', currency: 'EUR' }, ['input', 'price'])).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', argument: ['input', 'price', 'amount'] }),
  )
})

test('a currency is a code of ISO 4217 in capitals', () => {
  expect(Currency.parseValue('EUR')).toBe('EUR')
  for (const wrong of ['eur', 'XXX', 978, null]) expect(() => Currency.parseValue(wrong)).toThrow('ISO 4217')
})
