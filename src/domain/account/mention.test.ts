import { expect, test } from 'vitest'
import { MAX_MENTIONS, mentionedHandles } from './mention.ts'

test.each([
  ['@ada', ['ada']],
  ['Ask @ada, @bob-2 and (@c_3).', ['ada', 'bob-2', 'c_3']],
  ['@Ada and @ADA are one', ['ada']],
  ['**@ada**: _@bob_ “@cleo” @dan’s', ['ada', 'bob', 'cleo', 'dan']],
  ['line one @ada\n@bob line two', ['ada', 'bob']],
])('%j names %j', (text, handles) => {
  expect(mentionedHandles(text)).toEqual(handles)
})

test.each([
  ['an e-mail address', 'write to ada@example.com or x.y@ada.example'],
  ['what stands in code', 'run `npm i @ada/pkg` or\n```\n@ada\n```\nor ``a ` @bob``'],
  ['a path or a scope', 'see https://example.com/@ada and @@ada and user/@bob'],
  ['what is too short, too long, or no handle', `@ab @${'a'.repeat(31)} @- @_ @`],
  ['nothing', ''],
])('%s names nobody', (_, text) => {
  expect(mentionedHandles(text)).toEqual([])
})

test('a crowd is cut, and a hostile text takes no time', () => {
  const crowd = Array.from({ length: 50 }, (_, n) => `@member-${n}`).join(' ')
  expect(mentionedHandles(crowd)).toHaveLength(MAX_MENTIONS)
  const startedAt = process.cpuUsage()
  for (const text of [
    '`'.repeat(10_000),
    '@'.repeat(10_000),
    '@a'.repeat(5_000),
    '`a'.repeat(5_000),
    '``a`'.repeat(2_500),
  ]) {
    mentionedHandles(text)
  }
  expect(process.cpuUsage(startedAt).user / 1000).toBeLessThan(1_000)
})
