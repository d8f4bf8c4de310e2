import { describe, expect, test } from 'vitest'
import { DomainError, invalidInput } from '../../core/errors.ts'
import { parsePostFile } from './front-matter.ts'
import {
  describeRow,
  describeTotals,
  exitCodeOf,
  noTotals,
  type Outcome,
  type RowReport,
  runImport,
} from './import-run.ts'
import type { PlannedPost } from './post-files.ts'

const planned = (source: string, text = 'Body.'): PlannedPost => {
  const post = parsePostFile({ path: source, bytes: Buffer.from(text), now: new Date(0) })
  return post.problems.length > 0 ? { source, problems: post.problems } : { source, contentHash: source, post }
}

async function* each(rows: readonly PlannedPost[]): AsyncGenerator<PlannedPost> {
  yield* rows
}

async function reports(rows: readonly PlannedPost[], importOne: (source: string) => Outcome): Promise<RowReport[]> {
  const all: RowReport[] = []
  for await (const row of runImport(each(rows), async ({ source }) => importOne(source))) all.push(row)
  return all
}

describe('an import', () => {
  test('goes on behind a file that cannot be read and one that the business refuses', async () => {
    const rows = await reports([planned('a.md', ''), planned('b.md'), planned('c.md')], (source) => {
      if (source === 'b.md') {
        throw new DomainError('INVALID_INPUT', 'Too many tags.', ['input', 'tags'], {}, [invalidInput([], 'Odd.')])
      }
      return 'imported'
    })
    expect(rows.map(describeRow)).toEqual([
      'refused    a.md  (body: The post has no text.)',
      'refused    b.md  (tags: Too many tags. post: Odd.)',
      'imported   c.md',
    ])
  })

  test('ends when the database is lost, instead of refusing every file that is left', async () => {
    const asked: string[] = []
    const run = reports([planned('a.md'), planned('b.md'), planned('c.md')], (source) => {
      asked.push(source)
      if (source === 'b.md') throw new Error('connection lost')
      return 'updated'
    })
    await expect(run).rejects.toThrow('connection lost')
    expect(asked).toEqual(['a.md', 'b.md'])
  })

  test('says what was left out of a post that it took', async () => {
    const [row] = await reports([planned('a.md', '---\nimage: a.png\n---\nx')], () => 'imported')
    expect(row && describeRow(row)).toBe('imported   a.md  (image: image is left out: a.png is no http(s) URL.)')
  })
})

describe('the exit code', () => {
  test.each([
    ['nothing was found', {}, 1, 1],
    ['everything was refused', { refused: 3 }, 1, 1],
    ['some were refused', { imported: 1, refused: 3 }, 0, 1],
    ['nothing had changed', { unchanged: 2 }, 0, 0],
    ['a dry run found posts', { ready: 2 }, 0, 0],
  ])('when %s', (_, some, lenient, strict) => {
    const totals = { ...noTotals(), ...some }
    expect([exitCodeOf(totals, false), exitCodeOf(totals, true)]).toEqual([lenient, strict])
  })
})

test('the totals name only what happened', () => {
  expect(describeTotals({ ...noTotals(), imported: 2, refused: 1 })).toBe('2 imported, 1 refused')
  expect(describeTotals(noTotals())).toBe('no Markdown files found')
})
