import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, daysBetween, instantOf, isDay, localTime, weekdayOf } from './local-time.ts'

describe('the instant at which a clock shows a time', () => {
  test.each([
    ['2026-11-20T20:30', 'Europe/Paris', '2026-11-20T19:30:00.000Z', 'ONCE'],
    ['2026-07-20T20:30', 'Europe/Paris', '2026-07-20T18:30:00.000Z', 'ONCE'],
    ['2026-11-20T20:30', 'Asia/Tokyo', '2026-11-20T11:30:00.000Z', 'ONCE'],
    ['2026-11-20T20:30', 'America/New_York', '2026-11-21T01:30:00.000Z', 'ONCE'],
    ['2026-11-20T20:30', 'Asia/Kathmandu', '2026-11-20T14:45:00.000Z', 'ONCE'],
    // Forward at 02:00 to 03:00.
    ['2027-03-28T01:59', 'Europe/Paris', '2027-03-28T00:59:00.000Z', 'ONCE'],
    ['2027-03-28T02:30', 'Europe/Paris', '2027-03-28T01:30:00.000Z', 'SKIPPED'],
    ['2027-03-28T03:00', 'Europe/Paris', '2027-03-28T01:00:00.000Z', 'ONCE'],
    // Back at 03:00 to 02:00.
    ['2026-10-25T02:30', 'Europe/Paris', '2026-10-25T00:30:00.000Z', 'REPEATED'],
    ['2026-10-25T03:00', 'Europe/Paris', '2026-10-25T02:00:00.000Z', 'ONCE'],
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z', 'REPEATED'],
    // A zone that changes by half an hour, and one that left out a whole day.
    ['2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z', 'SKIPPED'],
    ['2011-12-30T20:00', 'Pacific/Apia', '2011-12-31T06:00:00.000Z', 'SKIPPED'],
  ])('%s in %s is %s (%s)', (local, timeZone, instant, kind) => {
    expect(instantOf(local, timeZone)).toEqual({ instant, kind })
  })

  test('is the one that the clock shows, whatever the zone and the time, unless it is skipped', () => {
    const zones = ['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Tehran', 'UTC']
    const minutes = fc.integer({ min: Date.UTC(2020, 0) / 60_000, max: Date.UTC(2040, 0) / 60_000 })
    fc.assert(
      fc.property(fc.constantFrom(...zones), minutes, (zone, minute) => {
        const local = new Date(minute * 60_000).toISOString().slice(0, 16)
        const { instant, kind } = instantOf(local, zone)
        expect(localTime(instant, zone) === `${local}:00`).toBe(kind !== 'SKIPPED')
      }),
    )
  })

  test.each(['2026-02-30T20:30', '2026-13-01T20:30', 'tomorrow', '2026-01-01T25:00'])('%s is none', (local) => {
    if (local.startsWith('2026-02-30')) return expect(isDay(local.slice(0, 10))).toBe(false)
    expect(() => instantOf(local, 'UTC')).toThrow(RangeError)
  })
})

test('days are counted over the ends of months and years, and over changes of the clock', () => {
  expect(daysBetween('2026-12-30', '2027-01-02')).toEqual(['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02'])
  expect(daysBetween('2027-03-27', '2027-03-29')).toHaveLength(3)
  expect(daysBetween('2028-02-28', '2028-03-01')).toContain('2028-02-29')
  expect(daysBetween('2026-02-02', '2026-02-01')).toEqual([])
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
})

test('weeks begin on Monday', () => {
  expect(weekdayOf('2026-11-16')).toBe(1)
  expect(weekdayOf('2026-11-22')).toBe(7)
})

test.each([
  ['2026-02-28', true],
  ['2026-02-29', false],
  ['0000-01-01', false],
  ['2026-2-1', false],
])('%s is a date: %s', (day, expected) => {
  expect(isDay(day)).toBe(expected)
})
