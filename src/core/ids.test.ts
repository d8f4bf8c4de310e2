import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DomainError } from './errors.ts'
import { decodeId, encodeId, newId, parseId } from './ids.ts'

const prefix = fc.stringMatching(/^[a-z]([a-z_]{0,20}[a-z])?$/)
/** Texts that look like ids, and texts that do not. */
const garbage = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[a-z_]{0,8}_?[0-9a-zA-Z]{20,30}$/),
  fc.constantFrom('', '_', 'post_', 'post', '__proto__', 'post_\0', `post_${'7'.repeat(26)}`, `post_${'8'.repeat(26)}`),
  fc.string({ minLength: 1000, maxLength: 5000 }),
)

describe('typed ids', () => {
  test('of any prefix and uuid are read back as they were', () => {
    fc.assert(
      fc.property(prefix, fc.uuid(), (kind, uuid) => {
        expect(parseId(encodeId(kind, uuid))).toEqual({ prefix: kind, uuid })
        expect(decodeId(kind, encodeId(kind, uuid))).toBe(uuid)
      }),
    )
  })

  test('sort by the time at which they were made', async () => {
    const made: string[] = []
    for (let n = 0; n < 5; n++) {
      made.push(encodeId('post', newId()))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(made.toSorted()).toEqual(made)
  })

  test('have one spelling: upper case, or letters that are left out of the alphabet, make no id', () => {
    const id = encodeId('post', '01890a5d-ac96-774b-bcce-b302099a8057')
    expect(id).toBe('post_01h455vb4pex5vsknk084sn02q')
    for (const other of [id.toUpperCase(), id.replace('0', 'o'), id.replace('_', '-'), ` ${id}`, `${id} `]) {
      expect(parseId(other)).toBeNull()
    }
  })

  test('with the prefix of another kind are NOT_FOUND, and say where they stood', () => {
    const id = encodeId('account', newId())
    expect(() => decodeId('post', id, ['input', 'id'])).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', path: ['input', 'id'] }),
    )
    expect(() => decodeId('post', id.replace('account_', ''))).toThrow(DomainError)
  })

  test('that are none never throw anything but NOT_FOUND', () => {
    fc.assert(
      fc.property(garbage, (text) => {
        const parsed = parseId(text)
        if (parsed !== null) expect(encodeId(parsed.prefix, parsed.uuid)).toBe(text)
        let thrown: unknown = null
        try {
          decodeId('comment', text)
        } catch (error) {
          thrown = error
        }
        if (parsed?.prefix !== 'comment') {
          expect(thrown).toBeInstanceOf(DomainError)
          expect(thrown).toMatchObject({ code: 'NOT_FOUND' })
        }
      }),
      { numRuns: 500 },
    )
  })
})
