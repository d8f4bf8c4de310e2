import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, occurrences } from '../../core/calendar.ts'
import { localTime } from '../../core/local-time.ts'
import { momentOf } from './moment.ts'

const at = (timeZone: string, localDay: string, time: string | null) =>
  momentOf({ localDay, localTime: time, timeZone })
const short = (instant: string) => instant.replace(':00.000Z', 'Z')

describe('a workout that is planned for a time', () => {
  test.each([
    // Clocks go forward over it: as much later as was skipped.
    ['Europe/Paris', '2025-03-30', '02:30', '2025-03-30T01:30Z'],
    ['America/New_York', '2025-03-09', '02:30', '2025-03-09T07:30Z'],
    ['Australia/Lord_Howe', '2025-10-05', '02:15', '2025-10-04T15:45Z'],
    // They show it twice: the first one.
    ['Europe/Paris', '2025-10-26', '02:30', '2025-10-26T00:30Z'],
    ['America/New_York', '2025-11-02', '01:30', '2025-11-02T05:30Z'],
    ['Australia/Lord_Howe', '2025-04-06', '01:45', '2025-04-05T14:45Z'],
    // Nothing changes.
    ['Asia/Kathmandu', '2025-03-30', '02:30', '2025-03-29T20:45Z'],
    ['Pacific/Kiritimati', '2025-03-30', '02:30', '2025-03-29T12:30Z'],
    ['UTC', '2025-03-30', '02:30', '2025-03-30T02:30Z'],
  ])('in %s on %s at %s begins at %s', (zone, day, time, expected) => {
    expect(short(at(zone, day, time).startsAt)).toBe(expected)
  })

  test.each([
    ['Europe/Paris', '2025-03-30', '2025-03-29T23:00Z', '2025-03-30T22:00Z'],
    ['Europe/Paris', '2025-10-26', '2025-10-25T22:00Z', '2025-10-26T23:00Z'],
    // Clocks skip over midnight: the day begins at one, or the one before ends an hour early.
    ['America/Santiago', '2025-09-07', '2025-09-07T04:00Z', '2025-09-08T03:00Z'],
    ['America/Santiago', '2025-09-06', '2025-09-06T04:00Z', '2025-09-07T04:00Z'],
    ['Asia/Kathmandu', '2025-06-01', '2025-05-31T18:15Z', '2025-06-01T18:15Z'],
    ['Pacific/Pago_Pago', '2025-06-01', '2025-06-01T11:00Z', '2025-06-02T11:00Z'],
  ])('in %s on %s without a time lasts from %s to %s', (zone, day, from, to) => {
    const { startsAt, dayEndsAt } = at(zone, day, null)
    expect([short(startsAt), short(dayEndsAt)]).toEqual([from, to])
  })

  test('on a day that a zone never had still begins before it is over', () => {
    // Samoa went from the 29th to the 31st.
    for (const time of [null, '00:00', '07:00', '23:59']) {
      const { startsAt, dayEndsAt } = at('Pacific/Apia', '2011-12-30', time)
      expect(Date.parse(dayEndsAt)).toBeGreaterThan(Date.parse(startsAt))
    }
  })

  test('begins when clocks show its time, or later by no more than they skipped, and its day ends after that', () => {
    const zones = fc.constantFrom(
      'Europe/Paris',
      'America/New_York',
      'Australia/Lord_Howe',
      'America/Santiago',
      'Asia/Kathmandu',
      'Africa/Cairo',
    )
    const days = fc.nat(3 * 366).map((after) => addDays('2023-01-01', after))
    const minutes = fc.nat(24 * 60 - 1)
    fc.assert(
      fc.property(zones, days, minutes, (zone, day, minute) => {
        const time = `${String(Math.trunc(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
        const { startsAt, dayEndsAt } = at(zone, day, time)
        const shown = localTime(startsAt, zone)
        const late = Date.parse(`${shown}Z`) - Date.parse(`${day}T${time}:00Z`)
        expect([0, 1_800_000, 3_600_000]).toContain(late)
        expect(Date.parse(dayEndsAt)).toBeGreaterThan(Date.parse(startsAt))
      }),
    )
  })

  test('every week keeps its time on the clock over both changes, and not its distance in hours', () => {
    const days = occurrences({ frequency: 'WEEKLY', weekdays: [7], firstDay: '2025-03-16' }, '2025-03-16', '2025-04-13')
    expect(days).toEqual(['2025-03-16', '2025-03-23', '2025-03-30', '2025-04-06', '2025-04-13'])
    const starts = (zone: string, time: string, of = days) => of.map((day) => short(at(zone, day, time).startsAt))
    expect(starts('Europe/Paris', '18:30').map((instant) => instant.slice(11))).toEqual([
      '17:30Z',
      '17:30Z',
      '16:30Z',
      '16:30Z',
      '16:30Z',
    ])
    // The one that falls into the gap is later, those after it are not.
    expect(starts('Europe/Paris', '02:15').map((instant) => instant.slice(11))).toEqual([
      '01:15Z',
      '01:15Z',
      '01:15Z',
      '00:15Z',
      '00:15Z',
    ])
    expect(starts('Australia/Lord_Howe', '07:00').map((instant) => instant.slice(11))).toEqual([
      '20:00Z',
      '20:00Z',
      '20:00Z',
      '20:30Z',
      '20:30Z',
    ])
  })
})
