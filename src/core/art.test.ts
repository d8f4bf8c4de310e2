import { expect, test } from 'vitest'
import { ART_MOTIFS, drawArt } from './art.ts'

test.each(ART_MOTIFS)('a picture of a %s is the same each time, and another one for another seed', (motif) => {
  const picture = drawArt(motif, 'one')
  expect(picture).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/)
  expect(drawArt(motif, 'one')).toBe(picture)
  expect(drawArt(motif, 'two')).not.toBe(picture)
})

test('what a seed says never gets into the picture', () => {
  expect(drawArt('mug', '"><script>alert(1)</script>')).not.toContain('script')
})

test.each(['', 'dragon', 'constructor', '__proto__'])('there is no picture of "%s"', (motif) => {
  expect(drawArt(motif, 'one')).toBeNull()
})
