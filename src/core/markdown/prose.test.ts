import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderMarkdown } from './markdown.ts'

describe('an excerpt', () => {
  const excerpt = (markdown: string): string => renderMarkdown(markdown).excerpt

  test('is taken from the first paragraphs, not from headings, badges, navigation, images or code', () => {
    const source =
      '# Title\n\n[![build](https://a.example/b.svg)](https://a.example)\n\n[Docs](x) | [API](y)\n\n' +
      '![Picture](https://a.example/p.png) ![Lost](p.png)\n\n```\ncode\n```\n\n> quoted\n\nFirst *words*.\n\n## More\n\nSecond &amp; last.'
    expect(excerpt(source)).toBe('First words. Second & last.')
  })

  test('is taken from HTML paragraphs as well', () => {
    expect(excerpt('<h1>T</h1>\n<p align="center">Fast <b>and</b> small</p>')).toBe('Fast and small')
  })

  test('falls back on other text where there is no paragraph', () => {
    expect(excerpt('# T\n\n- one\n- two')).toBe('one two')
    expect(excerpt('# T')).toBe('')
  })

  test('is cut behind a whole word and has at most 280 characters, the ellipsis included', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-zé]{1,12}$/), { minLength: 1, maxLength: 90 }), (words) => {
        const cut = excerpt(words.join(' '))
        expect(cut.length).toBeLessThanOrEqual(280)
        const whole = cut.replace(/…$/, '').split(' ')
        expect(whole).toEqual(words.slice(0, whole.length))
        expect(cut.endsWith('…')).toBe(whole.length < words.length)
      }),
    )
  })

  test('does not split a character that has no word boundary', () => {
    const cut = excerpt('😀'.repeat(400))
    expect(cut.length).toBeLessThanOrEqual(280)
    expect(cut).toMatch(/^(?:😀)+…$/u)
  })
})

describe('reading time', () => {
  const minutes = (markdown: string): number => renderMarkdown(markdown).readingTimeMinutes

  test('counts 238 words a minute and is never below one', () => {
    expect(minutes('')).toBe(1)
    expect(minutes('word '.repeat(238))).toBe(1)
    expect(minutes('word '.repeat(2380))).toBe(10)
  })

  test('counts characters where a script has no spaces', () => {
    expect(minutes('漢字かな'.repeat(500))).toBe(4)
    expect(minutes(`${'漢字'.repeat(250)} ${'word '.repeat(238)}`)).toBe(2)
  })
})

test('the text of a post is what can be read, without markup and entities', () => {
  expect(renderMarkdown('# A & B\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n`<b>` H<sub>2</sub>O').text).toBe(
    'A & B x y 1 2 <b> H2O',
  )
})

test('no entity brings a control character into the text of a post', () => {
  const { text, excerpt } = renderMarkdown('<p>one&#1;two&#x7f;three</p>')
  expect({ text, excerpt }).toEqual({ text: 'one two three', excerpt: 'one two three' })
})
