import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ParsedPost, parsePostFile } from './front-matter.ts'

const parse = (text: string | Uint8Array): ParsedPost =>
  parsePostFile({
    path: 'some-post.md',
    bytes: typeof text === 'string' ? Buffer.from(text) : text,
    now: new Date('2024-06-01T00:00:00Z'),
  })

const problems = (text: string): string[] => parse(text).problems.map(({ field, message }) => `${field}: ${message}`)

describe('hostile front matter', () => {
  test('is not expanded: an alias bomb, a deep list and a huge block are refused', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`)
    expect(problems(`---\na0: &a0 [x]\n${levels.join('\n')}\n---\nx`)[0]).toMatch(/^front matter: .*alias/i)
    expect(problems(`---\ntags: ${'['.repeat(30_000)}\n---\nx`)[0]).toMatch(/^front matter: /)
    expect(problems(`---\ntitle: ${'x'.repeat(70_000)}\n---\nx`)[0]).toMatch(/longer than 64,000 characters/)
  })

  test('makes no objects of its own and reaches no prototype', () => {
    const post = parse('---\n__proto__: {title: Evil}\ntitle: !!js/function "function(){}"\nconstructor: x\n---\nx')
    expect(post.title).toBe('function(){}')
    expect(parse('{"__proto__": {"title": "Evil"}}\n# Good\n\nx').title).toBe('Good')
  })

  test('does not keep a body out that is too deep to be read for a title', () => {
    expect(parse(`<h1>${'<b>'.repeat(300)}x</h1>`)).toMatchObject({ title: 'some post', problems: [] })
  })

  test('never makes the reader throw', () => {
    const piece = fc.constantFrom(
      ...[
        '---\n',
        '+++\n',
        '{',
        '}',
        'title: ',
        'title = ',
        '"',
        '[',
        ']',
        '\n',
        'date: 2020-',
        '&a ',
        '*a',
        '# ',
        '<h1>',
        '</h1>',
      ],
      ...['<!--', '-->', '=== \n', 'x', '\\', '\u0000', '\uFEFF', '! ', '- ', ': ', '|', '{"a":1}', '...\n'],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const post = parse(pieces.join(''))
        expect(post.problems.length > 0 || (post.title !== '' && post.markdown !== '')).toBe(true)
      }),
      { numRuns: 3000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(parse(bytes).problems).toBeInstanceOf(Array)
      }),
    )
  })
})
