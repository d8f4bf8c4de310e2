import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instantOf, isTimeZone, localDate, localTime } from './local-time.ts'

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
        // Clocks go back by half an hour or an hour: what they show again is shown by one of these.
        const later = [30, 60].map((more) => localTime(Date.parse(instant) + more * 60_000, zone))
        expect(later.includes(`${local}:00`)).toBe(kind === 'REPEATED')
      }),
    )
  })

  test.each(['2026-02-30T20:30', '2026-13-01T20:30', 'tomorrow', '2026-01-01T25:00'])('%s is none', (local) => {
    expect(() => instantOf(local, 'UTC')).toThrow(RangeError)
  })

  test('there is none in a zone that is none', () => {
    expect(() => instantOf('2026-11-20T20:30', 'Mars/Olympus')).toThrow(RangeError)
  })
})

test.each([
  ['UTC', '2026-03-28'],
  ['Asia/Tokyo', '2026-03-29'],
  ['america/los_angeles', '2026-03-28'],
  ['Pacific/Kiritimati', '2026-03-29'],
  ['Europe/Berlin', '2026-03-29'],
])('an instant before midnight UTC falls on its own day in %s', (zone, day) => {
  expect(localDate('2026-03-28T23:30:00Z', zone)).toBe(day)
})

test('years before 1000 keep their zeros', () => {
  expect(localTime('0301-02-03T04:05:06Z', 'UTC')).toBe('0301-02-03T04:05:06')
})

test('what names no time zone is told apart, however long it is', () => {
  expect(isTimeZone('Europe/Paris')).toBe(true)
  for (const wrong of ['', 'Mars/Olympus', 'Europe/Paris\0', 'x'.repeat(100_000)]) expect(isTimeZone(wrong)).toBe(false)
  expect(() => localDate('2026-03-28T23:30:00Z', 'Mars/Olympus')).toThrow(RangeError)
})
