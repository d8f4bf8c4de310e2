import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DateTime } from './scalars.ts'

describe('an instant has one form', () => {
  test.each([
    ['2026-11-20 23:57:25+00', '2026-11-20T23:57:25.000Z'],
    ['2026-11-20 23:57:25.1+00', '2026-11-20T23:57:25.100Z'],
    ['2026-11-20 23:57:25.12+00', '2026-11-20T23:57:25.120Z'],
    ['2026-11-20 23:57:25.123+00', '2026-11-20T23:57:25.123Z'],
    // Cut off and not rounded: nothing is told to be later than it is.
    ['2026-11-20 23:59:59.999999+00', '2026-11-20T23:59:59.999Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
    // As JSON of the database and other code have it.
    ['2026-11-20T23:57:25.12345+00:00', '2026-11-20T23:57:25.123Z'],
    ['2026-11-20T23:57:25Z', '2026-11-20T23:57:25.000Z'],
  ])('%s is %s', (stored, shown) => {
    expect(DateTime.serialize(stored)).toBe(shown)
  })

  test('whatever the database prints, and it is that of a Date', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 999 }),
        (date, micros) => {
          const iso = date.toISOString()
          // Postgres prints no zeros at the end of a fraction, and no fraction where there is none.
          const fraction = `.${iso.slice(20, 23)}${String(micros).padStart(3, '0')}`.replace(/\.?0+$/, '')
          const stored = `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction}+00`
          expect(DateTime.serialize(stored)).toBe(iso)
        },
      ),
    )
  })

  test.each([
    '',
    'now',
    '2026-11-20',
    '2026-11-20 23:57:25',
    '2026-02-30T00:00:00Z',
    'infinity',
    '0044-03-15 12:00:00+00 BC',
  ])('and %j is none', (text) => {
    expect(() => DateTime.serialize(text)).toThrow()
  })
})
