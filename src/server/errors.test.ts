import { Writable } from 'node:stream'
import { GraphQLError } from 'graphql'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createMask } from './errors.ts'

function setUp() {
  const lines: { supportId: string; err: { message: string }; path: string[] }[] = []
  const codes: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  return { lines, codes, mask: createMask({ log: pino(sink), onError: (code) => codes.push(code) }) }
}

const locate = (originalError: Error, path: string[]) =>
  new GraphQLError(originalError.message, { originalError, path })

test('the log has the real error under the support id that left', () => {
  const { lines, mask } = setUp()
  const { extensions } = mask(locate(new Error('relation "accounts" does not exist'), ['posts', 'author']))
  expect(lines).toHaveLength(1)
  expect(lines[0]?.supportId).toBe(extensions.supportId)
  expect(lines[0]?.err.message).toBe('relation "accounts" does not exist')
  expect(lines[0]?.path).toEqual(['posts', 'author'])
})

test('an error that fails many fields at once is logged once, and counted for each', () => {
  const { lines, codes, mask } = setUp()
  const shared = new Error('the loader failed')
  const ids = ['a', 'b', 'c'].map((field) => mask(locate(shared, [field])).extensions.supportId)
  expect(new Set(ids).size).toBe(1)
  expect(lines).toHaveLength(1)
  expect(codes).toEqual(['INTERNAL', 'INTERNAL', 'INTERNAL'])
})

test('a public code does not make an error public that hides another', () => {
  const { mask } = setUp()
  const originalError = new Error('password_hash')
  const masked = mask(new GraphQLError('password_hash', { originalError, extensions: { code: 'BAD_USER_INPUT' } }))
  expect(masked.extensions.code).toBe('INTERNAL')
  expect(JSON.stringify(masked)).not.toContain('password_hash')
})

test('a code that nobody has declared public does not leave', () => {
  const { mask } = setUp()
  expect(mask(new GraphQLError('x', { extensions: { code: 'ECONNREFUSED' } })).extensions.code).toBe('INTERNAL')
})

test.each([[null], [undefined], ['text'], [5], [{}]])('whatever is thrown is masked: %s', (thrown) => {
  const { mask } = setUp()
  expect(mask(thrown)).toMatchObject({ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } })
})
