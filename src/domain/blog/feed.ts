/**
 * RSS 2.0 and Atom 1.0 (RFC 4287). Written by hand because the `feed` package does not keep what the formats ask for:
 * an RSS author must be an e-mail address (there is no `dc:creator`), Atom categories need a term, titles are passed on
 * as HTML, image types are guessed from file names (`image/jpg`), and control characters make the XML unreadable.
 */

export type FeedKind = 'rss' | 'atom'

export interface FeedPost {
  /** The post's uuid. Readers recognise a post by it, so it must outlive changes of title, slug and host. */
  id: string
  /** Absolute. */
  url: string
  title: string
  /** Sanitised. */
  html: string
  /** Plain text. */
  excerpt: string
  authorName: string
  authorUrl: string | null
  /** ISO text in UTC, as are all times here. */
  publishedAt: string
  updatedAt: string
  tags: readonly string[]
  /** Absolute. */
  coverUrl: string | null
}

export interface Feed {
  kind: FeedKind
  title: string
  description: string
  /** Where this feed is. */
  selfUrl: string
  /** The page whose posts these are. */
  siteUrl: string
  /** BCP 47, such as `en`. */
  language: string
  updated: string
  posts: readonly FeedPost[]
}

/** What XML 1.0 (section 2.2) lets stand in a document; a lone surrogate is no character either. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

const escapeXml = (text: string): string =>
  text.replace(FORBIDDEN, '').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

const element = (name: string, text: string, attributes = ''): string =>
  `<${name}${attributes}>${escapeXml(text)}</${name}>`

/** RFC 822 with a four-digit year, as RSS 2.0 asks for. */
const rssDate = (iso: string): string => new Date(iso).toUTCString()
/** RFC 3339. Whatever the offset was, it is shown in UTC. */
const atomDate = (iso: string): string => new Date(iso).toISOString()
const address = (url: string): string => new URL(url).href

const indented = (depth: number, lines: readonly string[]): string =>
  lines.map((line) => `${'  '.repeat(depth)}${line}\n`).join('')

function rssItem(post: FeedPost): string {
  // What RSS calls a description is HTML, so a plain excerpt is escaped once as HTML and once as XML.
  const description = post.excerpt.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  const lines = [
    element('title', post.title),
    element('link', address(post.url)),
    element('guid', `urn:uuid:${post.id}`, ' isPermaLink="false"'),
    element('pubDate', rssDate(post.publishedAt)),
    element('dc:creator', post.authorName),
    ...post.tags.map((tag) => element('category', tag)),
    ...(description === '' ? [] : [element('description', description)]),
    element('content:encoded', post.html),
    ...(post.coverUrl === null ? [] : [`<media:content url="${escapeXml(address(post.coverUrl))}" medium="image"/>`]),
  ]
  return `    <item>\n${indented(3, lines)}    </item>\n`
}

function rss(feed: Feed): string {
  const lines = [
    element('title', feed.title),
    element('link', address(feed.siteUrl)),
    `<atom:link href="${escapeXml(address(feed.selfUrl))}" rel="self" type="application/rss+xml"/>`,
    element('description', feed.description),
    element('language', feed.language),
    element('lastBuildDate', rssDate(feed.updated)),
  ]
  const namespaces = [
    'xmlns:atom="http://www.w3.org/2005/Atom"',
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
    'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    'xmlns:media="http://search.yahoo.com/mrss/"',
  ]
  return `<rss version="2.0" ${namespaces.join(' ')}>\n  <channel>\n${indented(2, lines)}${feed.posts.map(rssItem).join('')}  </channel>\n</rss>\n`
}

function atomEntry(post: FeedPost): string {
  const author = [element('name', post.authorName)]
  if (post.authorUrl !== null) author.push(element('uri', address(post.authorUrl)))
  const lines = [
    element('id', `urn:uuid:${post.id}`),
    element('title', post.title),
    `<link rel="alternate" type="text/html" href="${escapeXml(address(post.url))}"/>`,
    ...(post.coverUrl === null ? [] : [`<link rel="enclosure" href="${escapeXml(address(post.coverUrl))}"/>`]),
    element('published', atomDate(post.publishedAt)),
    element('updated', atomDate(post.updatedAt)),
    `<author>${author.join('')}</author>`,
    ...post.tags.map((tag) => `<category term="${escapeXml(tag)}"/>`),
    ...(post.excerpt === '' ? [] : [element('summary', post.excerpt)]),
    element('content', post.html, ` type="html" xml:base="${escapeXml(address(post.url))}"`),
  ]
  return `  <entry>\n${indented(2, lines)}  </entry>\n`
}

function atom(feed: Feed): string {
  const lines = [
    element('id', address(feed.selfUrl)),
    element('title', feed.title),
    ...(feed.description === '' ? [] : [element('subtitle', feed.description)]),
    `<link rel="self" type="application/atom+xml" href="${escapeXml(address(feed.selfUrl))}"/>`,
    `<link rel="alternate" type="text/html" href="${escapeXml(address(feed.siteUrl))}"/>`,
    element('updated', atomDate(feed.updated)),
  ]
  return `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${escapeXml(feed.language)}">\n${indented(1, lines)}${feed.posts.map(atomEntry).join('')}</feed>\n`
}

/** The whole document, to be sent as UTF-8. */
export const renderFeed = (feed: Feed): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${feed.kind === 'rss' ? rss(feed) : atom(feed)}`
