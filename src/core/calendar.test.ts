import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  daysBetween,
  daysFrom,
  isDay,
  isoWeekOf,
  monthsFrom,
  occurrenceFrom,
  occurrences,
  type PeriodUnit,
  periodOf,
  type Recurrence,
  weekdayOf,
  weekOf,
} from './calendar.ts'

const EPOCH = Date.UTC(2020, 0)
const dayNumbered = (number: number) => new Date(EPOCH + number * 86_400_000).toISOString().slice(0, 10)
/** Twenty years with five leap days, and the ends of months as often as all other days together. */
const anyDay = fc.oneof(
  fc.integer({ min: 0, max: 7300 }).map(dayNumbered),
  fc
    .tuple(fc.integer({ min: 2020, max: 2039 }), fc.integer({ min: 1, max: 12 }))
    .map(([year, month]) => new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)),
)

test.each([
  ['2026-02-28', true],
  ['2026-02-29', false],
  ['2028-02-29', true],
  ['2100-02-29', false],
  ['0001-01-01', true],
  ['0000-01-01', false],
  ['2026-13-01', false],
  ['2026-2-1', false],
  ['2026-02-01T00:00', false],
  ['-002026-01-01', false],
])('%s is a date: %s', (day, expected) => {
  expect(isDay(day)).toBe(expected)
})

describe('days', () => {
  test('are counted over the ends of months and years, and over changes of the clock', () => {
    expect(daysBetween('2026-12-30', '2027-01-02')).toEqual(['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02'])
    expect(daysBetween('2027-03-27', '2027-03-29')).toHaveLength(3)
    expect(daysBetween('2028-02-28', '2028-03-01')).toContain('2028-02-29')
    expect(daysBetween('2026-02-02', '2026-02-01')).toEqual([])
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(daysFrom('2028-02-28', '2028-03-01')).toBe(2)
    expect(daysFrom('2026-03-01', '2026-02-28')).toBe(-1)
    expect(() => addDays('2026-02-30', 1)).toThrow(RangeError)
  })

  test('are what a count of milliseconds in UTC says', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -3000, max: 3000 }), (day, days) => {
        const later = new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
        expect(addDays(day, days)).toBe(later)
        expect(daysFrom(day, later)).toBe(days)
      }),
    )
  })
})

test.each([
  ['2026-01-31', 1, '2026-02-28'],
  ['2028-01-31', 1, '2028-02-29'],
  ['2026-01-31', 2, '2026-03-31'],
  ['2026-03-31', -1, '2026-02-28'],
  ['2028-02-29', 12, '2029-02-28'],
  ['2026-12-31', 2, '2027-02-28'],
])('from %s it is %i months to %s', (day, months, expected) => {
  expect(addMonths(day, months)).toBe(expected)
})

describe('weeks, months, quarters and years', () => {
  test('weeks begin on Monday', () => {
    expect(weekdayOf('2026-11-16')).toBe(1)
    expect(weekdayOf('2026-11-22')).toBe(7)
  })

  test.each([
    ['WEEK', '2027-01-01', '2026-12-28', '2027-01-03'],
    ['MONTH', '2028-02-10', '2028-02-01', '2028-02-29'],
    ['QUARTER', '2026-05-31', '2026-04-01', '2026-06-30'],
    ['QUARTER', '2026-12-31', '2026-10-01', '2026-12-31'],
    ['YEAR', '2026-11-20', '2026-01-01', '2026-12-31'],
  ] as const)('the %s of %s is from %s to %s', (unit, day, firstDay, lastDay) => {
    expect(periodOf(unit, day)).toEqual({ firstDay, lastDay })
  })

  test.each([
    [1, '2026-12-28', '2027-01-03'],
    [6, '2026-12-26', '2027-01-01'],
    [7, '2026-12-27', '2027-01-02'],
  ])('the week of 2027-01-01, a Friday, that begins on day %i is from %s to %s', (startsOn, firstDay, lastDay) => {
    expect(weekOf('2027-01-01', startsOn)).toEqual({ firstDay, lastDay })
  })

  test('weeks cover the calendar, whichever day they begin on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), anyDay, (startsOn, day) => {
        const { firstDay, lastDay } = weekOf(day, startsOn)
        expect([weekdayOf(firstDay), daysFrom(firstDay, lastDay)]).toEqual([startsOn, 6])
        expect(firstDay <= day && day <= lastDay).toBe(true)
      }),
    )
  })

  test('cover the calendar without gap or overlap', () => {
    const anyUnit = fc.constantFrom<PeriodUnit>('WEEK', 'MONTH', 'QUARTER', 'YEAR')
    fc.assert(
      fc.property(anyUnit, anyDay, (unit, day) => {
        const { firstDay, lastDay } = periodOf(unit, day)
        expect(firstDay <= day && day <= lastDay).toBe(true)
        expect(periodOf(unit, firstDay)).toEqual({ firstDay, lastDay })
        expect(periodOf(unit, addDays(lastDay, 1)).firstDay).toBe(addDays(lastDay, 1))
      }),
    )
  })

  test.each([
    ['2027-01-01', 2026, 53],
    ['2027-01-04', 2027, 1],
    ['2024-12-30', 2025, 1],
    ['2026-11-20', 2026, 47],
  ])('%s lies in the ISO week of %i numbered %i', (day, year, week) => {
    expect(isoWeekOf(day)).toEqual({ year, week })
  })

  test('a week belongs to the year of its Thursday and is counted from there', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const thursday = addDays(day, 4 - weekdayOf(day))
        const year = Number(thursday.slice(0, 4))
        expect(isoWeekOf(day)).toEqual({ year, week: Math.trunc(daysFrom(`${year}-01-01`, thursday) / 7) + 1 })
      }),
    )
  })
})

describe('what comes again and again', () => {
  const between = (rule: Recurrence, from = '2026-01-01', to = '2026-12-31') => occurrences(rule, from, to)

  test.each<[string, Recurrence, string[]]>([
    [
      'monthly from the 31st: the last day of shorter months, and the 31st again after them',
      { frequency: 'MONTHLY', firstDay: '2026-01-31', count: 5 },
      ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31'],
    ],
    [
      'every second day until a date that is one of them',
      { frequency: 'DAILY', interval: 2, firstDay: '2026-02-27', lastDay: '2026-03-03' },
      ['2026-02-27', '2026-03-01', '2026-03-03'],
    ],
    [
      'on Mondays and Fridays of every second week, begun on a Wednesday',
      { frequency: 'WEEKLY', interval: 2, weekdays: [5, 1], firstDay: '2026-11-18', count: 4 },
      ['2026-11-20', '2026-11-30', '2026-12-04', '2026-12-14'],
    ],
    [
      'weekly on the weekday of its first day',
      { frequency: 'WEEKLY', firstDay: '2026-12-17' },
      ['2026-12-17', '2026-12-24', '2026-12-31'],
    ],
    [
      'quarterly from the end of November',
      { frequency: 'MONTHLY', interval: 3, firstDay: '2025-11-30' },
      ['2026-02-28', '2026-05-30', '2026-08-30', '2026-11-30'],
    ],
    ['ended before the period', { frequency: 'DAILY', firstDay: '2025-12-01', count: 3 }, []],
    ['begun after the period', { frequency: 'DAILY', firstDay: '2027-01-01' }, []],
  ])('%s', (_, rule, days) => {
    expect(between(rule)).toEqual(days)
  })

  test('yearly from a leap day: 28 February, and the leap day when there is one', () => {
    const rule: Recurrence = { frequency: 'YEARLY', firstDay: '2024-02-29' }
    const days = ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29']
    expect(occurrences(rule, '2024-01-01', '2028-12-31')).toEqual(days)
  })

  const anyRule: fc.Arbitrary<Recurrence> = fc.record({
    frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    interval: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    weekdays: fc.option(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 9 }), { nil: undefined }),
    firstDay: anyDay,
    lastDay: fc.option(anyDay),
    count: fc.option(fc.integer({ min: 1, max: 30 })),
  })

  /** The same, asked of each day by itself and with no arithmetic of ours but the number of days in a month. */
  function isDue(rule: Recurrence, day: string): boolean {
    const { firstDay, interval = 1 } = rule
    const [first, other] = [new Date(firstDay), new Date(day)]
    const days = Math.round((other.getTime() - first.getTime()) / 86_400_000)
    if (rule.frequency === 'DAILY') return days % interval === 0
    if (rule.frequency === 'WEEKLY') {
      const weeks = Math.floor((days + ((first.getUTCDay() + 6) % 7)) / 7)
      const weekday = other.getUTCDay() || 7
      return (rule.weekdays ?? [first.getUTCDay() || 7]).includes(weekday) && weeks % interval === 0
    }
    const months = (other.getUTCFullYear() - first.getUTCFullYear()) * 12 + other.getUTCMonth() - first.getUTCMonth()
    const daysInMonth = new Date(Date.UTC(other.getUTCFullYear(), other.getUTCMonth() + 1, 0)).getUTCDate()
    const onItsDay = other.getUTCDate() === Math.min(first.getUTCDate(), daysInMonth)
    return onItsDay && months % (rule.frequency === 'MONTHLY' ? interval : interval * 12) === 0
  }

  test('is what each day says by itself', () => {
    fc.assert(
      fc.property(anyRule, anyDay, fc.integer({ min: 0, max: 900 }), (rule, from, length) => {
        const to = addDays(from, length)
        const all = daysBetween(rule.firstDay, to)
          .filter((day) => isDue(rule, day))
          .slice(0, rule.count ?? undefined)
        const expected = all.filter((day) => day >= from && (rule.lastDay == null || day <= rule.lastDay))
        expect(occurrences(rule, from, to)).toEqual(expected)
        const [next] = expected
        if (next !== undefined) expect(occurrenceFrom(rule, from)).toBe(next)
      }),
      { numRuns: 300 },
    )
  })

  test('has a next one for as long as it lasts', () => {
    const rule: Recurrence = { frequency: 'MONTHLY', firstDay: '2026-01-31', count: 3 }
    expect(occurrenceFrom(rule, '2020-01-01')).toBe('2026-01-31')
    expect(occurrenceFrom(rule, '2026-02-28')).toBe('2026-02-28')
    expect(occurrenceFrom(rule, '2026-03-01')).toBe('2026-03-31')
    expect(occurrenceFrom(rule, '2026-04-01')).toBeNull()
    expect(occurrenceFrom({ ...rule, count: null, lastDay: '2026-03-30' }, '2026-03-01')).toBeNull()
    expect(occurrenceFrom({ frequency: 'DAILY', firstDay: '2026-01-01' }, '2526-01-01')).toBe('2526-01-01')
    expect(occurrenceFrom({ frequency: 'YEARLY', interval: 9000, firstDay: '2026-01-01' }, '2026-01-02')).toBeNull()
  })

  test.each<[Recurrence, string, string]>([
    [{ frequency: 'MONTHLY', interval: 1000, firstDay: '2026-01-31' }, '2109-06-01', '2192-09-30'],
    [{ frequency: 'YEARLY', interval: 100, firstDay: '2024-02-29' }, '2124-03-01', '2224-02-29'],
    [{ frequency: 'WEEKLY', interval: 1000, weekdays: [7, 1], firstDay: '2026-01-01' }, '2200-01-01', '2217-08-25'],
    [{ frequency: 'DAILY', interval: 1000, firstDay: '0001-01-01' }, '9999-01-01', '9999-11-03'],
  ])('that comes rarely has a next one too: %j from %s', (rule, from, next) => {
    const found = occurrenceFrom(rule, from)
    expect(found).not.toBeNull()
    expect(isDue(rule, found ?? '')).toBe(true)
    expect(daysBetween(from, addDays(found ?? '', -1)).some((day) => isDue(rule, day))).toBe(false)
    expect(found).toBe(next)
  })

  test.each<Partial<Recurrence>>([
    { interval: 0 },
    { interval: 1.5 },
    { count: 0 },
    { weekdays: [] },
    { weekdays: [8] },
    { firstDay: '2026-02-30' },
  ])('does not make sense with %j', (wrong) => {
    const rule: Recurrence = { frequency: 'WEEKLY', firstDay: '2026-01-01', ...wrong }
    expect(() => occurrences(rule, '2026-01-01', '2026-02-01')).toThrow(RangeError)
  })
})

test.each([
  ['2026-01-31', '2026-01-01', 0],
  ['2026-01-31', '2026-02-01', 1],
  ['2026-03-01', '2024-12-31', -15],
  ['0001-01-01', '9999-12-31', 119_987],
])('from the month of %s to that of %s are %d', (from, to, months) => {
  expect(monthsFrom(from, to)).toBe(months)
})
