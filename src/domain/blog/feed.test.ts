import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { childrenOf, parseStrictXml, textOf, type XmlElement } from '../../../test/support/strict-xml.ts'
import { type Feed, type FeedKind, type FeedPost, renderFeed } from './feed.ts'

const POST: FeedPost = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  url: 'https://blog.example/@ada/first?a=1&b=2',
  title: 'Less < more & ]]> "quoted"',
  html: '<p>Body &amp; <b>soul</b> ]]&gt;</p>',
  excerpt: 'Body & <soul>',
  authorName: 'Ada <Lovelace>',
  authorUrl: 'https://blog.example/@ada',
  publishedAt: '2020-01-31T10:00:00.000Z',
  updatedAt: '2020-02-01T10:00:00.000Z',
  tags: ['R&D', '"x"'],
  coverUrl: 'https://img.example/c d.jpg',
}

const feed = (kind: FeedKind, change: Partial<Feed> = {}): Feed => ({
  kind,
  title: 'Ada & friends',
  description: 'Posts <of> Ada',
  selfUrl: `https://blog.example/feeds/posts.${kind}`,
  siteUrl: 'https://blog.example/',
  language: 'en',
  updated: '2020-02-01T10:00:00.000Z',
  posts: [POST],
  ...change,
})

const only = (parent: XmlElement, name: string): XmlElement => {
  const found = childrenOf(parent, name)
  expect(found, `<${name}> in <${parent.name}>`).toHaveLength(1)
  return found[0] as XmlElement
}
const text = (parent: XmlElement, name: string): string => textOf(only(parent, name))

describe('RSS 2.0', () => {
  const root = parseStrictXml(renderFeed(feed('rss')))
  const channel = only(root, 'channel')
  const item = only(channel, 'item')

  test('has the channel elements that the format requires, and says where it is itself', () => {
    expect([root.name, root.attributes.version]).toEqual(['rss', '2.0'])
    expect(text(channel, 'title')).toBe('Ada & friends')
    expect(text(channel, 'link')).toBe('https://blog.example/')
    expect(text(channel, 'description')).toBe('Posts <of> Ada')
    expect(text(channel, 'language')).toBe('en')
    expect(text(channel, 'lastBuildDate')).toBe('Sat, 01 Feb 2020 10:00:00 GMT')
    expect(only(channel, 'atom:link').attributes).toEqual({
      href: 'https://blog.example/feeds/posts.rss',
      rel: 'self',
      type: 'application/rss+xml',
    })
  })

  test('recognises a post by a guid that is not its address', () => {
    expect(only(item, 'guid').attributes).toEqual({ isPermaLink: 'false' })
    expect(text(item, 'guid')).toBe('urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057')
  })

  test('names the author where no e-mail address is asked for, and dates as RFC 822 does', () => {
    expect(childrenOf(item, 'author')).toEqual([])
    expect(text(item, 'dc:creator')).toBe('Ada <Lovelace>')
    expect(text(item, 'pubDate')).toBe('Fri, 31 Jan 2020 10:00:00 GMT')
  })

  test('carries title, excerpt, whole content, tags and cover', () => {
    expect(text(item, 'title')).toBe('Less < more & ]]> "quoted"')
    expect(text(item, 'link')).toBe('https://blog.example/@ada/first?a=1&b=2')
    // A description is HTML, so that the plain text < arrives as &lt;.
    expect(text(item, 'description')).toBe('Body &amp; &lt;soul&gt;')
    expect(text(item, 'content:encoded')).toBe(POST.html)
    expect(childrenOf(item, 'category').map(textOf)).toEqual(['R&D', '"x"'])
    expect(only(item, 'media:content').attributes).toEqual({ url: 'https://img.example/c%20d.jpg', medium: 'image' })
  })
})

describe('Atom 1.0', () => {
  const root = parseStrictXml(renderFeed(feed('atom')))
  const entry = only(root, 'entry')

  test('has the feed elements that RFC 4287 requires, and says where it is itself', () => {
    expect([root.name, root.attributes.xmlns]).toEqual(['feed', 'http://www.w3.org/2005/Atom'])
    expect(root.attributes['xml:lang']).toBe('en')
    expect(text(root, 'id')).toBe('https://blog.example/feeds/posts.atom')
    expect(text(root, 'title')).toBe('Ada & friends')
    expect(text(root, 'updated')).toBe('2020-02-01T10:00:00.000Z')
    expect(childrenOf(root, 'link').map(({ attributes }) => [attributes.rel, attributes.href])).toEqual([
      ['self', 'https://blog.example/feeds/posts.atom'],
      ['alternate', 'https://blog.example/'],
    ])
  })

  test('gives each entry an id, times, an author and its address', () => {
    expect(text(entry, 'id')).toBe('urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057')
    expect(text(entry, 'published')).toBe('2020-01-31T10:00:00.000Z')
    expect(text(entry, 'updated')).toBe('2020-02-01T10:00:00.000Z')
    const author = only(entry, 'author')
    expect([text(author, 'name'), text(author, 'uri')]).toEqual(['Ada <Lovelace>', 'https://blog.example/@ada'])
    expect(childrenOf(entry, 'link').map(({ attributes }) => [attributes.rel, attributes.href])).toEqual([
      ['alternate', 'https://blog.example/@ada/first?a=1&b=2'],
      ['enclosure', 'https://img.example/c%20d.jpg'],
    ])
  })

  test('marks the content as HTML, and title and excerpt as the plain text that they are', () => {
    expect(only(entry, 'content').attributes.type).toBe('html')
    expect(text(entry, 'content')).toBe(POST.html)
    expect(only(entry, 'title').attributes).toEqual({})
    expect(text(entry, 'title')).toBe('Less < more & ]]> "quoted"')
    expect(text(entry, 'summary')).toBe('Body & <soul>')
    expect(childrenOf(entry, 'category').map(({ attributes }) => attributes.term)).toEqual(['R&D', '"x"'])
  })
})

describe.each(['rss', 'atom'] as const)('any %s feed', (kind) => {
  test('is well-formed XML whatever the posts say', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc
        .array(
          fc.constantFrom(
            ']]>',
            '<![CDATA[',
            '&amp;',
            '&',
            '<',
            '>',
            '"',
            '\u0000',
            '\u000b',
            '\ud800',
            '\ufffe',
            'x',
            '😀',
          ),
        )
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(anything, anything, anything, fc.array(anything, { maxLength: 3 }), (title, html, name, tags) => {
        const post = { ...POST, title, html, excerpt: title, authorName: name, tags }
        const root = parseStrictXml(renderFeed(feed(kind, { title: name, description: title, posts: [post, post] })))
        expect(
          childrenOf(kind === 'rss' ? only(root, 'channel') : root, kind === 'rss' ? 'item' : 'entry'),
        ).toHaveLength(2)
      }),
      { numRuns: 500 },
    )
  })

  test('is a feed without a single post as well', () => {
    const root = parseStrictXml(renderFeed(feed(kind, { posts: [], description: '' })))
    expect(root.name).toBe(kind === 'rss' ? 'rss' : 'feed')
  })

  test('leaves out what a post does not have', () => {
    const output = renderFeed(
      feed(kind, { posts: [{ ...POST, coverUrl: null, authorUrl: null, excerpt: '', tags: [] }] }),
    )
    expect(output).not.toMatch(/media:content|enclosure|<uri>|<summary>|<category/)
    parseStrictXml(output)
  })
})
