import fc from 'fast-check'
import { Parser } from 'htmlparser2'
import { describe, expect, test } from 'vitest'
import { renderComment, renderMarkdown } from './markdown.ts'
import { withoutPictures } from './sanitize.ts'

interface Tag {
  name: string
  attributes: Record<string, string>
}

/** What a parser, not a pattern, sees in the HTML. */
function tagsOf(html: string): Tag[] {
  const tags: Tag[] = []
  const parser = new Parser({ onopentag: (name, attributes) => tags.push({ name, attributes: { ...attributes } }) })
  parser.write(html)
  parser.end()
  return tags
}

const html = (markdown: string): string => renderMarkdown(markdown).html
const NUL_AND_SPACE = /[\s\p{Cc}]/gu

const DANGEROUS = new Set(
  'script style iframe object embed svg math form input button textarea link meta base template noscript video'.split(
    ' ',
  ),
)

function expectHarmless(output: string): void {
  expect(output.toLowerCase()).not.toContain('<script')
  for (const { name, attributes } of tagsOf(output)) {
    expect(DANGEROUS.has(name), `<${name}> in ${output}`).toBe(false)
    for (const [attribute, value] of Object.entries(attributes)) {
      expect(attribute, output).not.toMatch(/^on|^style$|^srcset$|^name$|^formaction$/)
      const plain = value.replace(NUL_AND_SPACE, '').toLowerCase()
      if (attribute === 'href') expect(plain, output).not.toMatch(/^(?:javascript|vbscript|data|file):/)
      if (attribute === 'src') expect(plain, output).toMatch(/^https?:\/\//)
      if (attribute === 'id') expect(value, output).toMatch(/^user-content-/)
    }
  }
}

describe('a post', () => {
  test('keeps tables, strikethrough, bare URLs and the language of a code block', () => {
    expect(html('| a | b |\n|:-:|--:|\n| 1 | 2 |')).toContain('<td align="right">2</td>')
    expect(html('~~gone~~')).toBe('<p><s>gone</s></p>\n')
    expect(html('see https://example.com/x now')).toContain(
      '<a href="https://example.com/x" rel="nofollow noopener ugc">',
    )
    expect(html('```c++ title=x\na < b\n```')).toBe('<pre><code class="language-c++">a &lt; b\n</code></pre>\n')
  })

  test('does not take a file name for a web site', () => {
    expect(html('see README.md')).toBe('<p>see README.md</p>\n')
  })

  test('keeps the raw HTML that documents are written with', () => {
    const source =
      '<p align="center"><img src="https://a.example/logo.png" width="200" alt="Logo"></p>\n\n' +
      '<details open><summary>More</summary>\n\nH<sub>2</sub>O<br><kbd>Ctrl</kbd>\n\n</details>'
    expect(html(source)).toBe(
      '<p align="center"><img src="https://a.example/logo.png" width="200" alt="Logo" loading="lazy" /></p>\n' +
        '<details open><summary>More</summary>\n<p>H<sub>2</sub>O<br /><kbd>Ctrl</kbd></p>\n</details>',
    )
  })

  test('gives each heading an id of its own that cannot shadow a property of the page, and links still reach it', () => {
    const output = html('[go](#getelementbyid)\n\n## getElementById\n\n## getElementById\n\n## Übersicht & Co.')
    expect(output).toContain('href="#user-content-getelementbyid"')
    expect(tagsOf(output).flatMap(({ attributes }) => attributes.id ?? [])).toEqual([
      'user-content-getelementbyid',
      'user-content-getelementbyid-1',
      'user-content-übersicht--co',
    ])
    expect(html('<a name="location"></a>')).toContain('<a id="user-content-location"></a>')
  })

  test('leaves nothing of scripts, handlers, styles and frames', () => {
    expect(html('a <script>steal()</script> b')).toBe('<p>a  b</p>\n')
    expect(html('<img src="https://a.example/x.png" onerror="x()">')).not.toContain('onerror')
    expect(html('<p style="position:fixed" class="login" onclick=x>t</p>')).toBe('<p>t</p>')
    expect(html('<iframe src="https://a.example"></iframe>')).toBe('')
    expect(html('<svg><a xlink:href="javascript:x">k</a></svg>t')).not.toContain('svg')
  })

  test('shows the name of a tag that was not meant as one instead of losing the rest', () => {
    expect(html('The <title> of a page is **important**.')).toBe(
      '<p>The &lt;title&gt; of a page is <strong>important</strong>.</p>\n',
    )
  })

  test('links only to http, https and mail addresses', () => {
    for (const target of [
      'javascript:x()',
      'JaVaScRiPt:x',
      'java&#10;script:x',
      'data:text/html,x',
      'vbscript:x',
      '//evil.example',
    ]) {
      const link = tagsOf(html(`<a href="${target}">t</a>`)).find(({ name }) => name === 'a')
      expect(link?.attributes.href, target).toBe(undefined)
    }
    expect(html('[m](mailto:a@b.example)')).toContain('href="mailto:a@b.example"')
  })

  test('shows only images of the web, and the alternative text of others', () => {
    expect(html('![The logo](./logo.png)')).toBe('<p><span role="img">The logo</span></p>\n')
    expect(html('![x](data:image/png;base64,AAAA)')).not.toContain('data:image/png;base64,AAAA"')
    expect(html('![x](https://a.example/b.png)')).toContain('loading="lazy"')
  })

  test('is harmless whatever it is made of', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...[
          '<script>',
          '</script>',
          '<script/src=//x>',
          '<img src=https://a.example/i onerror=x>',
          '<p onclick=x style=y>',
          '<a href=https://a.example onfocus=x>',
          '"',
          "'",
          '>',
          '<',
          '`',
          '```\n',
          '\n\n',
        ],
        ...[
          '<a href="javascript:',
          'javascript:alert(1)',
          '[x](',
          ')',
          '![',
          '](data:text/html,',
          '<svg/onload=x>',
          '<!--',
        ],
        ...[
          '-->',
          '<![CDATA[',
          ']]>',
          '<style>',
          '<math><mi//xlink:href="data:x,',
          '<iframe srcdoc="',
          '<p onmouseover=x ',
        ],
        ...[
          '&#106;avascript:',
          '&lt;script&gt;',
          '\u0000',
          '<noscript><p title="</noscript><img src=x onerror=x>">',
          '<table>',
        ],
        ...[
          '<xmp>',
          '<textarea>',
          '<plaintext>',
          '<title>',
          '</p>',
          '<a name=body id=cookie>',
          '| a |\n|--|\n|',
          '> ',
          '    ',
        ],
        ...[
          '<http://x onclick=y>',
          '<javascript:x>',
          '[r]: javascript:x\n',
          '<form action=javascript:x><input name=body>',
        ],
      ),
      fc.string({ maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const source = pieces.join('')
        expectHarmless(renderMarkdown(source).html)
        expectHarmless(renderComment(source))
      }),
      { numRuns: 3000 },
    )
  })

  test('closes what its author left open, so that it cannot reach into the page around it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<div>', '</div>', '</p></div></body>', '<b>', 'x', '\n\n', '> '), { maxLength: 15 }),
        (pieces) => {
          const output = html(pieces.join(''))
          let depth = 0
          for (const [, slash, empty] of output.matchAll(/<(\/?)[a-z0-9]+[^>]*?(\/?)>/g)) {
            if (empty !== '/') depth += slash === '/' ? -1 : 1
            expect(depth).toBeGreaterThanOrEqual(0)
          }
          expect(depth).toBe(0)
        },
      ),
    )
  })
})

describe('hostile nesting', () => {
  const size = 100_000
  const filled = (piece: string): string => piece.repeat(Math.ceil(size / piece.length)).slice(0, size)
  const mirrored = (open: string, close: string): string =>
    open.repeat(size / 2 / open.length) + close.repeat(size / 2 / close.length)

  test.each([
    ['open brackets', filled('[')],
    ['images in images', filled('![')],
    ['links in links', filled('[a](')],
    ['quotes in quotes', filled('>')],
    ['lists in lists', filled('- ')],
    ['quotes and lists', filled('> - ')],
    ['unclosed elements', filled('<b>')],
    ['unclosed elements and foreign ends', filled('<b></i>')],
    ['elements and as many ends', mirrored('<div>', '</i></b>')],
    ['emphasis in emphasis', mirrored('**a ', ' b**')],
    ['stars', filled('*')],
    ['comments', filled('<!--')],
    ['half tags', filled('<a href="')],
    ['backticks of every length', Array.from({ length: 440 }, (_, length) => '`'.repeat(length)).join(' ')],
    ['one wide table', `|a|\n|-|\n${filled('x|')}`],
    ['bare URLs', filled('http://a')],
    ['a table of many rows', `|a\n|-\n${filled('x\n')}`],
    ['headings', filled('# \n')],
  ])('%s come out as no more than a constant times what went in, and no deeper than 200', (_, source) => {
    const output = renderMarkdown(source).html
    expect(output.length).toBeLessThan(source.length * 8 + 1000)
    expect(renderComment(source).length).toBeLessThan(source.length * 8 + 1000)
    let depth = 0
    let deepest = 0
    for (const [, slash, empty] of output.matchAll(/<(\/?)[a-z0-9]+[^>]*?(\/?)>/g)) {
      if (empty !== '/') depth += slash === '/' ? -1 : 1
      deepest = Math.max(deepest, depth)
    }
    expect(deepest).toBeLessThanOrEqual(200)
  })

  test('deeper than 200 elements, a post is shown as it was typed', () => {
    expect(html('<b>'.repeat(300))).toMatch(/^<pre>&lt;b&gt;/)
    expect(html(`${'<b>'.repeat(150)}x`)).toContain('<b>x</b>')
  })

  test('of more than 100,000 parts, a post is shown as it was typed', () => {
    expect(html(`|a\n|-\n${'x\n'.repeat(30_000)}`)).toMatch(/^<pre>\|a\n/)
    expect(html(`|a\n|-\n${'x\n'.repeat(10_000)}`)).toMatch(/^<table>/)
  })
})

describe('a comment', () => {
  test('shows raw HTML as typed, and has neither headings nor images', () => {
    expect(renderComment('# no\n\n<b>x</b> ![i](https://a.example/i.png)\n\nno\n===')).toBe(
      '<p># no</p>\n<p>&lt;b&gt;x&lt;/b&gt; !<a href="https://a.example/i.png" rel="nofollow noopener ugc">i</a></p>\n<p>no<br />\n===</p>\n',
    )
  })

  test('keeps emphasis, code, quotes, lists, links and line breaks', () => {
    expect(renderComment('> **a**\n\n1. `b`\n\nc\nd')).toBe(
      '<blockquote>\n<p><strong>a</strong></p>\n</blockquote>\n<ol>\n<li><code>b</code></li>\n</ol>\n<p>c<br />\nd</p>\n',
    )
  })
})

test.each([
  ['![a "neat" > fold](https://a.example/x.jpg "title alt=x")', '<p>a &quot;neat&quot; &gt; fold</p>'],
  ['<img alt="" src="https://a.example/x.jpg"> and <img src="https://a.example/y.jpg">.', '<p> and .</p>'],
  ['<img src="https://a.example/x.jpg" title=\' alt="wrong" \' alt="&lt;b&gt; &amp; c">', '&lt;b&gt; &amp; c'],
  ['`<img alt="x">`', '<p><code>&lt;img alt="x"&gt;</code></p>'],
])('where pictures are not shown, %s leaves what it shows', (markdown, expected) => {
  expect(withoutPictures(html(markdown)).trim()).toBe(expected)
})
