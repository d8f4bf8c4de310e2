import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markedInside, unmarked } from './formula.ts'

/** As the export writes a cell. */
const written = (text: string): string =>
  stringify([[markedInside(text)]], { escape_formulas: true, quoted_match: /[\r\n]/ })

test.each(['=', '+', '-', '@', '＝', '＋', '－', '＠'])('%s begins no cell, whatever divides cells', (sign) => {
  for (const before of ['', 'x;', 'x|', 'x\t', 'x\n', 'x;"', '2;3;']) {
    const text = `${before}${sign}1+1`
    for (const separator of [';', '|', '\t', '\n', ',']) {
      for (const cell of written(text).split(separator))
        expect(cell.replaceAll('"', '')).not.toMatch(/^[=+\-@＝＋－＠]/)
    }
  }
})

test('what is marked comes back as it was', () => {
  const sign = fc.constantFrom('=', '+', '-', '@', '＝', '＠', ';', '|', '"', 'x', ' ', '1', '\n', 'ä')
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 12 }), (signs) => {
      const text = signs.join('')
      const marked = /^[=+\-@＝＋－＠]/.test(text) ? `'${markedInside(text)}` : markedInside(text)
      expect(unmarked(marked)).toBe(text)
    }),
  )
  expect(unmarked("it's; 'quoted'")).toBe("it's; 'quoted'")
})
