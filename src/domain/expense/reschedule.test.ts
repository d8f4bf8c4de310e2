import { describe, expect, test } from 'vitest'
import { occurrences } from '../../core/calendar.ts'
import { rescheduled } from './reschedule.ts'
import { type Frequency, ruleOf } from './schedule.ts'

const TEN_MONTHS = {
  frequency: 'MONTHLY' as Frequency,
  every: 1,
  startsOn: '2026-01-31',
  endsOn: null,
  maxOccurrences: 10,
}

/** What is still to come of a schedule after a change, when some days were booked already. */
function toCome(
  row: typeof TEN_MONTHS & { nextOn: string },
  asked: object,
  today: string,
  booked: string[] = [],
): string[] {
  const changed = rescheduled(row, asked, today)
  return occurrences(ruleOf(changed), today, '2199-12-31').filter((day) => !booked.includes(day))
}

describe('a schedule of so many occurrences that is changed has as many left as it had', () => {
  test('with another rule that begins as before', () => {
    const row = { ...TEN_MONTHS, nextOn: '2026-04-30' }
    expect(toCome(row, { every: 2, startsOn: '2026-01-31' }, '2026-04-05')).toHaveLength(7)
    expect(toCome(row, { frequency: 'WEEKLY', startsOn: '2026-01-31' }, '2026-04-05')).toHaveLength(7)
    expect(toCome(row, { frequency: 'WEEKLY' }, '2026-04-05')).toHaveLength(7)
  })

  test('on a day on which one was booked already', () => {
    const row = { ...TEN_MONTHS, nextOn: '2026-04-30' }
    const asked = { frequency: 'WEEKLY', startsOn: '2026-03-31' }
    expect(toCome(row, asked, '2026-03-31', ['2026-03-31'])).toHaveLength(7)
  })

  test('while it is paused: what fell into the pause has been', () => {
    const row = { ...TEN_MONTHS, startsOn: '2026-01-15', maxOccurrences: 12, nextOn: '2026-03-15' }
    expect(toCome(row, {}, '2026-11-01')).toHaveLength(2)
    expect(toCome(row, { every: 2 }, '2026-11-01')).toHaveLength(2)
    expect(() => rescheduled(row, { every: 2, startsOn: '2027-02-01' }, '2027-02-01')).toThrow('say how many')
    expect(toCome(row, { every: 2, startsOn: '2027-02-01', maxOccurrences: 5 }, '2027-02-01')).toHaveLength(5)
  })

  test('and with the same rule keeps its number', () => {
    expect(rescheduled({ ...TEN_MONTHS, nextOn: '2026-04-30' }, {}, '2026-04-05')).toEqual(TEN_MONTHS)
  })
})
