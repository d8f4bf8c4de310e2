import { describe, expect, test } from 'vitest'
import type { DomainError } from '../../core/errors.ts'
import { parsePlan } from './plan.ts'

const refusalOf = (rows: { name: string; seats: string; firstNumber?: number }[]): DomainError => {
  try {
    parsePlan(rows)
  } catch (error) {
    return error as DomainError
  }
  throw new Error('it was accepted')
}

describe('a seat plan', () => {
  test('numbers the seats of a row from the left and leaves gaps out', () => {
    const seats = parsePlan([{ name: 'a', seats: 'SS_PP', firstNumber: 11 }])
    expect(seats.map(({ row, number, columnIndex, type }) => [`${row}${number}`, columnIndex, type])).toEqual([
      ['A11', 0, 'STANDARD'],
      ['A12', 1, 'STANDARD'],
      ['A13', 3, 'PREMIUM'],
      ['A14', 4, 'PREMIUM'],
    ])
  })

  test('blocks what is written small, and joins couple seats two by two over the whole screen', () => {
    const seats = parsePlan([
      { name: 'A', seats: 'sACC' },
      { name: 'B', seats: 'CCCC' },
    ])
    expect(seats.map(({ isBlocked }) => isBlocked)).toEqual([true, ...Array(7).fill(false)])
    expect(seats.map(({ pair }) => pair)).toEqual([null, null, 0, 0, 1, 1, 2, 2])
  })

  test.each([
    ['no row', [], ['input', 'rows']],
    ['no seat', [{ name: 'A', seats: '___' }], ['input', 'rows']],
    ['an unknown letter', [{ name: 'A', seats: 'SSX' }], ['input', 'rows', '0', 'seats']],
    ['a row without a name', [{ name: ' ', seats: 'S' }], ['input', 'rows', '0', 'name']],
    [
      'two rows of one name',
      [
        { name: 'A', seats: 'S' },
        { name: 'a', seats: 'S' },
      ],
      ['input', 'rows', '1', 'name'],
    ],
    ['half a couple at the end', [{ name: 'A', seats: 'CCC' }], ['input', 'rows', '0', 'seats']],
    ['half a couple before a gap', [{ name: 'A', seats: 'C_C' }], ['input', 'rows', '0', 'seats']],
    ['half a couple before another seat', [{ name: 'A', seats: 'CSC' }], ['input', 'rows', '0', 'seats']],
    ['a couple of which one half is blocked', [{ name: 'A', seats: 'Cc' }], ['input', 'rows', '0', 'seats']],
    ['a number below one', [{ name: 'A', seats: 'S', firstNumber: 0 }], ['input', 'rows', '0', 'firstNumber']],
  ])('with %s is refused', (_, rows, argument) => {
    expect(refusalOf(rows)).toMatchObject({ code: 'INVALID_INPUT', argument })
  })

  test('tells all that is wrong at once', () => {
    const { all } = refusalOf([
      { name: '', seats: 'S' },
      { name: 'B', seats: '?' },
    ])
    expect(all.map(({ argument }) => argument.join('.'))).toEqual(['input.rows.0.name', 'input.rows.1.seats'])
  })

  test.each([
    ['rows', Array.from({ length: 61 }, (_, n) => ({ name: String(n), seats: 'S' })), 60],
    ['places in a row', [{ name: 'A', seats: 'S'.repeat(61) }], 60],
    ['seats', Array.from({ length: 20 }, (_, n) => ({ name: String(n), seats: 'S'.repeat(51) })), 1000],
  ])('has a most of %s', (_, rows, limit) => {
    expect(refusalOf(rows)).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { limit } })
  })
})
