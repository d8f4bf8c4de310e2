import { expect, test } from 'vitest'
import { isTimeZone, localDate } from './calendar.ts'

test.each([
  ['UTC', '2026-03-28'],
  ['Asia/Tokyo', '2026-03-29'],
  ['america/los_angeles', '2026-03-28'],
  ['Pacific/Kiritimati', '2026-03-29'],
  ['Europe/Berlin', '2026-03-29'],
])('an instant before midnight UTC falls on its own day in %s', (zone, day) => {
  expect(localDate('2026-03-28T23:30:00Z', zone)).toBe(day)
})

test('what names no time zone is told apart, however long it is', () => {
  expect(isTimeZone('Europe/Paris')).toBe(true)
  for (const wrong of ['', 'Mars/Olympus', 'Europe/Paris\0', 'x'.repeat(100_000)]) expect(isTimeZone(wrong)).toBe(false)
  expect(() => localDate('2026-03-28T23:30:00Z', 'Mars/Olympus')).toThrow(RangeError)
})
