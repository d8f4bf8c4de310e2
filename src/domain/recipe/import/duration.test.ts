import { expect, test } from 'vitest'
import { durationMinutes } from './duration.ts'

test.each([
  ['PT30M', 30],
  ['PT1H30M', 90],
  ['P0DT1H', 60],
  ['P1DT2H', 1560],
  ['P2W', 20_160],
  ['PT90S', 2],
  ['PT0M', 0],
  ['PT1.5H', 90],
  ['PT1,5H', 90],
  ['pt45m', 45],
  [' PT5M ', 5],
  ['P0Y0M0DT0H25M0.000S', 25],
  ['P1Y', null],
  ['P', null],
  ['PT', null],
  ['30 minutes', null],
  ['1:30', null],
  ['', null],
  ['P-1D', null],
])('%j is %s minutes', (text, minutes) => {
  expect(durationMinutes(text)).toBe(minutes)
})
