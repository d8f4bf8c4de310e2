import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slugOf } from './slug.ts'

test.each([
  ['On indexes', 'on-indexes'],
  ['GraphQL & TypeScript: 10 tips!', 'graphql-and-typescript-10-tips'],
  ['Ärger — naïve café', 'aerger-naive-cafe'],
  ['  --  ', 'post'],
  ['日本語', 'post'],
  ['🦉', 'post'],
  ['../../etc/passwd', 'etc-passwd'],
])('the slug of %s is %s', (title, slug) => {
  expect(slugOf(title, 'post')).toBe(slug)
})

test('whatever the title, its slug is one that a member could have asked for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (title) => {
      const slug = slugOf(title, 'post')
      expect(slug).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
      expect(slug.length).toBeLessThanOrEqual(80)
    }),
  )
  expect(slugOf(`a 日 b ${'word '.repeat(60)}`, 'post')).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
})
