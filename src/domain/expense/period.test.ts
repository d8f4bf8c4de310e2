import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, daysFrom } from '../../core/calendar.ts'
import { DomainError } from '../../core/errors.ts'
import { type ExpensePeriod, periodBefore, rangeOf, sameDayBefore } from './period.ts'

const NAMED: readonly Exclude<ExpensePeriod, 'CUSTOM'>[] = [
  'PAST_WEEK',
  'LAST_MONTH',
  'LAST_THREE_MONTHS',
  'THIS_MONTH',
  'PREVIOUS_MONTH',
  'THIS_YEAR',
  'PREVIOUS_YEAR',
]

describe('a period', () => {
  test.each([
    ['PAST_WEEK', '2024-03-03', '2024-02-26', '2024-03-03'],
    ['LAST_MONTH', '2024-03-31', '2024-03-01', '2024-03-31'],
    ['LAST_MONTH', '2026-11-15', '2026-10-16', '2026-11-15'],
    ['LAST_THREE_MONTHS', '2025-05-31', '2025-03-01', '2025-05-31'],
    ['THIS_MONTH', '2024-02-10', '2024-02-01', '2024-02-29'],
    ['PREVIOUS_MONTH', '2024-03-31', '2024-02-01', '2024-02-29'],
    ['THIS_YEAR', '2024-03-31', '2024-01-01', '2024-12-31'],
    ['PREVIOUS_YEAR', '2024-03-31', '2023-01-01', '2023-12-31'],
  ] as const)('%s on %s is from %s to %s', (period, today, from, to) => {
    expect(rangeOf({ period }, today, [])).toEqual({ from, to })
  })

  test.each([
    ['THIS_MONTH', '2024-03-31', '2024-02-01', '2024-02-29'],
    ['THIS_YEAR', '2024-03-31', '2023-01-01', '2023-12-31'],
    ['PREVIOUS_YEAR', '2024-03-31', '2022-01-01', '2022-12-31'],
    ['LAST_MONTH', '2026-11-15', '2026-09-16', '2026-10-15'],
    ['PAST_WEEK', '2024-03-03', '2024-02-19', '2024-02-25'],
  ] as const)('before %s of %s is from %s to %s', (period, today, from, to) => {
    expect(periodBefore(rangeOf({ period }, today, []), period)).toEqual({ from, to })
  })

  test('before days that were chosen has as many of them', () => {
    expect(periodBefore({ from: '2024-03-01', to: '2024-03-10' }, 'CUSTOM')).toEqual({
      from: '2024-02-20',
      to: '2024-02-29',
    })
    expect(periodBefore({ from: null, to: '2024-03-10' }, null)).toBeNull()
    expect(periodBefore({ from: '2024-03-10', to: null }, undefined)).toBeNull()
  })

  test.each([
    ['2025-04-01', '2025-04-30', '2025-03-01', '2025-03-31'],
    ['2024-03-01', '2024-03-31', '2024-02-01', '2024-02-29'],
    ['2025-03-01', '2025-04-30', '2025-01-01', '2025-02-28'],
    ['2025-01-01', '2025-12-31', '2024-01-01', '2024-12-31'],
    ['2024-12-01', '2025-02-28', '2024-09-01', '2024-11-30'],
    ['9999-12-01', '9999-12-31', '9999-11-01', '9999-11-30'],
    ['2025-04-02', '2025-04-30', '2025-03-04', '2025-04-01'],
    ['2025-04-01', '2025-04-29', '2025-03-03', '2025-03-31'],
  ])('from %s to %s was chosen: before are %s to %s, whole months before whole months', (from, to, begin, end) => {
    for (const period of ['CUSTOM', null, undefined] as const)
      expect(periodBefore({ from, to }, period)).toEqual({ from: begin, to: end })
  })

  test.each([
    ['2025-03-01', '2025-03-01', '2025-02-01'],
    ['2025-03-01', '2025-03-10', '2025-02-10'],
    ['2025-03-01', '2025-03-30', '2025-02-28'],
    ['2025-03-01', '2025-03-31', '2025-02-28'],
    ['2025-03-01', '2025-04-10', '2025-02-28'],
    ['2025-03-01', '2025-02-28', null],
  ])('that begins on %s is on %s as far as the one before was on %s', (from, today, expected) => {
    const range = { from, to: '2025-03-31' }
    expect(sameDayBefore(range, { from: '2025-02-01', to: '2025-02-28' }, today)).toBe(expected)
  })

  test.each([
    ['2026-04-01', '2026-06-30', '2026-01-01', '2026-03-31', '2026-05-01', '2026-02-01'],
    ['2028-01-01', '2028-12-31', '2027-01-01', '2027-12-31', '2028-03-31', '2027-03-31'],
    ['2029-01-01', '2029-12-31', '2028-01-01', '2028-12-31', '2029-03-01', '2028-03-01'],
    ['2028-01-01', '2028-12-31', '2027-01-01', '2027-12-31', '2028-02-29', '2027-02-28'],
  ])(
    'of whole months, %s to %s after %s to %s, is on %s as far as the other was on %s',
    (from, to, begin, end, today, expected) => {
      expect(sameDayBefore({ from, to }, { from: begin, to: end }, today)).toBe(expected)
    },
  )

  test.each([
    ['0001-01-01', '0001-01-01', null],
    ['0001-01-01', '9999-12-31', null],
    ['0001-01-10', '0001-01-19', null],
    ['0001-01-11', '0001-01-20', { from: '0001-01-01', to: '0001-01-10' }],
    ['9999-12-31', '9999-12-31', { from: '9999-12-30', to: '9999-12-30' }],
  ])('before %s to %s is none that begins before the calendar', (from, to, before) => {
    expect(periodBefore({ from, to }, 'CUSTOM')).toEqual(before)
  })

  test('ends right where the next begins, on any day of any year', () => {
    const days = fc.integer({ min: 0, max: 60_000 }).map((n) => addDays('1960-01-01', n))
    fc.assert(
      fc.property(days, fc.constantFrom(...NAMED), (today, period) => {
        const { from, to } = rangeOf({ period }, today, []) as { from: string; to: string }
        const before = periodBefore({ from, to }, period)
        expect(from <= to).toBe(true)
        expect(addDays(before?.to ?? '', 1)).toBe(from)
        expect((before?.from ?? '') <= (before?.to ?? '')).toBe(true)
        const length = daysFrom(from, to) - daysFrom(before?.from ?? '', before?.to ?? '')
        expect(Math.abs(length)).toBeLessThanOrEqual(3)
      }),
    )
  })

  test.each([
    [{ from: '2025-02-30' }],
    [{ from: '2025-02-02', to: '2025-02-01' }],
    [{ period: 'CUSTOM' as const }],
    [{ period: 'THIS_YEAR' as const, to: '2025-02-01' }],
  ])('is refused: %o', (asked) => {
    expect(() => rangeOf(asked, '2025-03-01', ['filter'])).toThrow(DomainError)
  })
})
