import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { currencyOf } from '../../core/money.ts'
import { readAmount, readDay } from './cell.ts'
import type { ImportOptions, ImportReader } from './rules.ts'
import { guessDelimiter, placeColumns, type ReadRow, readTable } from './table.ts'

const EUR = currencyOf('EUR')
const OPTIONS: ImportOptions = { dateFormat: 'ISO', decimalComma: false, isNegated: false, createCategories: false }
const READER: ImportReader = {
  fields: { a: ['a', 'first'], b: ['b'] },
  required: ['a'],
  rowsAtOnce: 10,
  keyOf: ({ a = '' }) => a,
  ensureMay() {},
  take: async () => ({ kept: 0, known: 0, refusals: [] }),
}

async function read(text: string, bytesAtOnce = text.length): Promise<ReadRow[]> {
  const bytes = Buffer.from(text)
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += Math.max(bytesAtOnce, 1))
    pieces.push(bytes.subarray(at, at + Math.max(bytesAtOnce, 1)))
  const rows: ReadRow[] = []
  for await (const row of readTable(Readable.from(pieces), READER, OPTIONS)) rows.push(row)
  return rows
}

const cellsOf = (rows: readonly ReadRow[]) => rows.map((each) => ('row' in each ? each.row.cells : null))

describe('a table', () => {
  test.each([
    ['a,b,c', ','],
    ['a;b,c;d', ';'],
    ['a\tb', '\t'],
    ['"a;b;c",d', ','],
    ['\ufeffa|b', '|'],
    ['a', ','],
  ])('%j is divided by %j', (head, delimiter) => {
    expect(guessDelimiter(head)).toBe(delimiter)
  })

  test('finds its columns by their names, in any case and order', () => {
    expect([...placeColumns(READER, ['B', 'First '])]).toEqual([
      ['a', 1],
      ['b', 0],
    ])
    expect([...placeColumns(READER, ['x', 'a'], { a: 'X' })]).toEqual([['a', 0]])
    expect(() => placeColumns(READER, ['b'])).toThrow('no column for a')
  })

  test('counts its lines whatever ends them, within cells as well, and wherever it is cut', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['a,b', '1,"x', 'y"', '2,z', ''].join(end)
      for (const bytes of [1, 2, 3, 1000]) {
        const rows = await read(text, bytes)
        expect(rows.map((each) => ('row' in each ? each.row.line : 0))).toEqual([3, 4])
        expect(cellsOf(rows)).toEqual([
          { a: '1', b: 'x\ny' },
          { a: '2', b: 'z' },
        ])
      }
    }
  })

  test('says of equal rows which of them it is', async () => {
    const rows = await read('a,b\n1,x\n1,y\n2,z\n1,x\n')
    const keys = rows.map((each) => ('row' in each ? (each.row.key?.split(':')[1] ?? '') : ''))
    expect(keys).toEqual(['0', '1', '0', '2'])
  })

  test('is read as it was written, whatever is in its cells', async () => {
    const cell = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .map((text) => text.replace(/[\r\n\0]/g, '').trim())
      .filter((text) => text !== '' && !/^'[=+\-@\t\r]/.test(text))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (rows) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
        const text = ['a,b', ...rows.map((row) => row.map(quoted).join(','))].join('\n')
        expect(cellsOf(await read(text, 7))).toEqual(rows.map(([a, b]) => ({ a, b })))
      }),
      { numRuns: 50 },
    )
  })

  test('takes off the mark that keeps a cell from being a formula', async () => {
    expect(cellsOf(await read("a,b\n'=1+1,'tis\n"))).toEqual([{ a: '=1+1', b: "'tis" }])
  })
})

describe('a cell', () => {
  test.each([
    ['2025-04-24', 'ISO', '2025-04-24'],
    ['2025-4-4T12:00:00Z', 'ISO', '2025-04-04'],
    ['24.4.2025', 'MDY', '2025-04-24'],
    ['24/04/2025', 'DMY', '2025-04-24'],
    ['04/24/2025', 'MDY', '2025-04-24'],
    ['2025/04/24', 'ISO', '2025-04-24'],
    ['2025.04.24.', 'DMY', '2025-04-24'],
    ['20250424', 'MDY', '2025-04-24'],
    ['24.04.25', 'ISO', '2025-04-24'],
    ['24. 4. 2025', 'ISO', '2025-04-24'],
    ['24.04.2025 08:15', 'ISO', '2025-04-24'],
    ['24/04/25, 08:15:00', 'DMY', '2025-04-24'],
    ['4/24/99', 'MDY', '1999-04-24'],
    ['24 Apr 2025', 'ISO', '2025-04-24'],
    ['24-apr-25', 'MDY', '2025-04-24'],
    ['September 4, 2025', 'DMY', '2025-09-04'],
  ] as const)('%s written as %s is the day %s', (cell, format, day) => {
    expect(readDay(cell, format)).toBe(day)
  })

  test.each([
    ['24/04/2025', 'ISO'],
    ['2025-02-30', 'ISO'],
    ['24/04/2025', 'MDY'],
    ['', 'ISO'],
    ['soon', 'DMY'],
    ['24 Foo 2025', 'ISO'],
    ['31.02.25', 'ISO'],
    ['20251301', 'ISO'],
    ['24.04.2025 EUR', 'ISO'],
    ['24.04.025', 'ISO'],
  ] as const)('%s written as %s is no day', (cell, format) => {
    expect(() => readDay(cell, format)).toThrow()
  })

  test.each([
    ['12.50', false, 1250],
    ['1,234.50', false, 123450],
    ['1.234,50', true, 123450],
    ['1 234,5', true, 123450],
    ['+3', false, 300],
    ['-3', false, -300],
    ['−3', false, -300],
    ['3,00-', true, -300],
    ['(1,234.50)', false, -123450],
    ["1'234.50", false, 123450],
    ['1’234’567.50', false, 123456750],
    ['€ 12.50', false, 1250],
    ['-€12.50', false, -1250],
    ['12,50 €', true, 1250],
    ['EUR 12.50', false, 1250],
    ['(12,50 eur)', true, -1250],
  ])('%s with decimal comma %s is %i cents', (cell, decimalComma, minor) => {
    expect(readAmount(cell, EUR, { decimalComma }).amountMinor).toBe(minor)
  })

  test.each([
    ['12,50', false],
    ['1.2.3', false],
    ['1,23.50', false],
    ['1.50', true],
    ['abc', false],
    ['', false],
    ['1e3', false],
    ['$12.50', false],
    ['12.50 USD', false],
    ['--3', false],
    ['(-3)', false],
    ['-3-', false],
    ["1'23.50", false],
    ['€', false],
    ['€€3', false],
    ['()', false],
  ])('%s with decimal comma %s is no amount', (cell, decimalComma) => {
    expect(() => readAmount(cell, EUR, { decimalComma })).toThrow()
  })
})

test('whose first row cannot be read says so', async () => {
  await expect(read(`a,b${',x'.repeat(100_000)}\n1,2\n`)).rejects.toThrow('cannot be read')
  await expect(read('')).rejects.toThrow('nothing in this file')
})
