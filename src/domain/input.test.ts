import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DomainError } from '../core/errors.ts'
import { checkInput, combined, leftOut, line, prose, webAddress } from './input.ts'

/** The cleaned value, or the message of the refusal. */
function outcome(schema: z.ZodType, value: unknown): unknown {
  try {
    return checkInput(z.object({ it: schema }), { it: value })
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError)
    expect(error).toMatchObject({ code: 'INVALID_INPUT', argument: ['input', 'it'] })
    return (error as DomainError).message
  }
}

describe('checkInput', () => {
  const schema = z.object({ a: line('A', 1, 3), tags: z.array(line('A tag', 1, 3)) })

  test('names every value that is not acceptable, where it stands', () => {
    let thrown: unknown
    try {
      checkInput(schema, { a: 'four', tags: ['ok', 'four', ''] })
    } catch (error) {
      thrown = error
    }
    expect((thrown as DomainError).all.map(({ code, argument }) => [code, argument.join('.')])).toEqual([
      ['INVALID_INPUT', 'input.a'],
      ['INVALID_INPUT', 'input.tags.1'],
      ['INVALID_INPUT', 'input.tags.2'],
    ])
  })

  test('never throws anything but INVALID_INPUT', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        try {
          checkInput(schema, value)
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError)
        }
      }),
    )
  })

  test('errors are combined only where there are some', () => {
    expect(() => combined([])).toThrow(RangeError)
  })
})

describe('a line', () => {
  test.each([
    ['  Ada  ', { it: 'Ada' }],
    ['e\u0301', { it: 'é' }],
    ['👩‍👩‍👧', { it: '👩‍👩‍👧' }],
    ['中', { it: '中' }],
    ['', 'A name must have 1 to 5 characters.'],
    ['   ', 'A name must have 1 to 5 characters.'],
    ['123456', 'A name must have 1 to 5 characters.'],
    ['😀😀😀😀😀', { it: '😀😀😀😀😀' }],
    ['😀😀😀😀😀😀', 'A name must have 1 to 5 characters.'],
    ['a\nb', 'A name must be a single line of text.'],
    ['a\u2028b', 'A name must be a single line of text.'],
    ['a\0b', 'A name must be a single line of text.'],
    ['a\u001bb', 'A name must be a single line of text.'],
    ['a\u202eb', 'A name must be a single line of text.'],
    ['\u200b\u2060', 'A name must have something to see.'],
    ['\u3164', 'A name must have something to see.'],
    [5, 'Invalid input: expected string, received number'],
  ])('%j', (value, expected) => {
    expect(outcome(line('A name', 1, 5), value)).toEqual(expected)
  })
})

describe('prose', () => {
  test.each([
    ['\n\n  indented\r\nnext\rlast \n\n', { it: '  indented\nnext\nlast' }],
    ['', { it: '' }],
    ['tab\tis fine', { it: 'tab\tis fine' }],
    ['a\0b', 'A text contains characters that cannot be shown.'],
    ['a'.repeat(31), 'A text may have at most 30 characters.'],
  ])('%j', (value, expected) => {
    expect(outcome(prose('A text', 0, 30), value)).toEqual(expected)
  })
})

describe('time', () => {
  test.each([
    ['accents on one letter', `a${'\u0301\u0316'.repeat(250_000)}`, 'It has too many accents on one letter.'],
    [
      'spaces before the last letter',
      `a${' '.repeat(500_000)}b`,
      expect.stringMatching(/^It m\w+ have .*characters\.$/),
    ],
    ['line ends before the first letter', `${'\n'.repeat(500_000)}b`, { it: 'b' }],
  ])('half a million %s take no time', (_what, text, expected) => {
    const startedAt = performance.now()
    for (const schema of [line('It', 1, 200), prose('It', 0, 500)]) expect(outcome(schema, text)).toEqual(expected)
    // Quadratic work takes from ten seconds to a minute here.
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  test('thirty marks on a letter are a language; more are not', () => {
    expect(outcome(prose('It', 0, 100), `a${'\u0316'.repeat(30)}`)).toHaveProperty('it')
    expect(outcome(prose('It', 0, 100), `a${'\u0316'.repeat(31)}`)).toBe('It has too many accents on one letter.')
  })
})

describe('a web address', () => {
  const refused = 'The picture must be an http or https address.'
  test.each([
    [' https://example.com/a.png ', { it: 'https://example.com/a.png' }],
    ['http://localhost:4000/x', { it: 'http://localhost:4000/x' }],
    ['javascript:alert(1)', refused],
    ['data:image/png;base64,AA', refused],
    ['//example.com/a.png', refused],
    ['https://user:secret@example.com/', refused],
    ['', refused],
    [`https://example.com/${'a'.repeat(2000)}`, 'The picture may have at most 2000 characters.'],
  ])('%s', (value, expected) => {
    expect(outcome(webAddress('The picture'), value)).toEqual(expected)
  })
})

test('a field that is left out, or null, stays as it is', () => {
  const schema = leftOut(line('A name', 1, 5))
  expect(outcome(schema, undefined)).toEqual({ it: undefined })
  expect(outcome(schema, null)).toEqual({ it: undefined })
  expect(outcome(schema, 'x')).toEqual({ it: 'x' })
})
