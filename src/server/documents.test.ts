import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { createDocuments, DocumentCache, isRefused } from './documents.ts'

const { limits } = readConfig({
  ATRIUM_DATA: tmpdir(),
  JWT_SECRET: 'x'.repeat(32),
})
const schema = buildSchema('type Query { hello: String } type Mutation { write: String }')

function fill(texts: readonly string[], budget: number) {
  const cache = new DocumentCache(budget)
  const documents = createDocuments({ schema, limits, cache })
  for (const query of texts) expect(isRefused(documents.prepare({ query }))).toBe(false)
  return cache
}
const commented = (count: number, length: number) =>
  Array.from({ length: count }, (_, n) => `{ hello }\n#${n}${'x'.repeat(length)}`)

test('a document whose text is long is answered but not kept, however few its tokens are', () => {
  expect(fill(commented(20, 500_000), 60_000_000).size).toBe(0)
})

test('many documents with long comments leave the cache within its budget, by what their text weighs', () => {
  const cache = fill(commented(200, 10_000), 5_000_000)
  expect(cache.bytes).toBeLessThanOrEqual(5_000_000)
  expect(cache.size).toBe(9)
})

test('the document that was used last is the last to go', () => {
  const cache = new DocumentCache(1_200_000)
  const documents = createDocuments({ schema, limits, cache })
  const [first = '', second = '', third = ''] = commented(3, 10_000)
  for (const query of [first, second, first, third]) documents.prepare({ query })
  const isKept = (text: string) => documents.byHash(createHash('sha256').update(text).digest('hex')) !== undefined
  expect([first, second, third].map(isKept)).toEqual([true, false, true])
})

test.each([
  ['{ a: hello b: hello }', 1],
  ['mutation { write }', 1],
  ['mutation { a: write b: write c: write }', 3],
  ['mutation { ...F a: write } fragment F on Mutation { b: write ... { c: write } }', 3],
])('%s counts for %i in the rates', (query, points) => {
  expect(createDocuments({ schema, limits }).prepare({ query })).toMatchObject({ points })
})
