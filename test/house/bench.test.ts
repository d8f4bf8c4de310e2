import { expect, test } from 'vitest'
import { chooseParts } from '../../bench/choose.ts'

const PARTS = [
  ['start', 'Starting'],
  ['live', 'One'],
  ['shop', 'Buying'],
  ['live', 'Two'],
] as const

test('the bench measures the parts that are named, in its own order, and all of them without a name', () => {
  expect(chooseParts(PARTS, [])).toEqual(PARTS)
  expect(chooseParts(PARTS, ['shop'])).toEqual([['shop', 'Buying']])
  expect(chooseParts(PARTS, ['live', 'start', 'live'])).toEqual([
    ['start', 'Starting'],
    ['live', 'One'],
    ['live', 'Two'],
  ])
})

test('a name that no part has is answered with those that there are', () => {
  expect(chooseParts(PARTS, ['shop', 'lvie'])).toEqual({
    unknown: 'There is no part lvie of the bench. There are: start, live, shop.',
  })
})
