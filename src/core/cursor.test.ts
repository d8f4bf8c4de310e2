import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCursor, encodeCursor } from './cursor.ts'

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('cursors', () => {
  test('carry the order and any keys through, in letters that a URL takes', () => {
    const short = fc.string({ unit: 'grapheme', maxLength: 40 })
    fc.assert(
      fc.property(short, fc.array(short, { maxLength: 4 }), (order, keys) => {
        const cursor = encodeCursor(order, keys)
        expect(cursor).toMatch(/^[\w-]*$/)
        expect(decodeCursor(order, keys.length, cursor)).toEqual(keys)
      }),
    )
  })

  test('of another order, or with another number of keys, are none', () => {
    const cursor = encodeCursor('NEWEST', ['2026-01-01', 'id'])
    expect(decodeCursor('OLDEST', 2, cursor)).toBeNull()
    expect(decodeCursor('NEWEST', 1, cursor)).toBeNull()
    expect(decodeCursor('NEWEST', 3, cursor)).toBeNull()
  })

  test.each([
    ['a key that is no text', encoded(['NEWEST', 1, 'id'])],
    ['a key that is an object', encoded(['NEWEST', { toString: 'x' }, 'id'])],
    ['an object', encoded({ 0: 'NEWEST', 1: 'a', 2: 'b', length: 3 })],
    ['null', encoded(null)],
    ['nothing', ''],
    ['too much', encoded(['NEWEST', 'a', 'b'.repeat(1000)])],
  ])('that hold %s are none', (_what, cursor) => {
    expect(decodeCursor('NEWEST', 2, cursor)).toBeNull()
  })

  test('that are garbage never throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.json({ maxDepth: 2 }).map(encoded), fc.base64String()),
        (text) => {
          expect(decodeCursor('no such order', 2, text)).toBeNull()
        },
      ),
      { numRuns: 500 },
    )
  })
})
