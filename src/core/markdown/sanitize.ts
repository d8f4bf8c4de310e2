import sanitizeHtml from 'sanitize-html'

/**
 * What of HTML may stand in a post or a comment. Everything is named here; what is not named does not pass.
 * Styles and classes stay out (a post must not paint over the page that shows it), and so do forms and media players.
 */

/** Deeper than any document. The HTML parser's cost per closing tag grows with the depth, so depth is what is bounded. */
const MAX_DEPTH = 200

/**
 * Ids and in-page links get this prefix: an element whose id is `location` or `getElementById` would otherwise shadow
 * a property of `document` in the page that shows the post (DOM clobbering).
 */
const ID_PREFIX = 'user-content-'

type Rule = (value: string) => string | null
type Rules = Readonly<Record<string, Rule>>

const any: Rule = (value) => value.slice(0, 1000)
const oneOf =
  (...values: readonly string[]): Rule =>
  (value) =>
    values.includes(value.toLowerCase()) ? value.toLowerCase() : null
const matching =
  (pattern: RegExp): Rule =>
  (value) =>
    pattern.test(value) ? value : null

const anchor: Rule = (value) => {
  const name = value.startsWith(ID_PREFIX) ? value.slice(ID_PREFIX.length) : value
  return /^[\p{L}\p{M}\p{N}_.:-]{1,200}$/u.test(name) ? ID_PREFIX + name : null
}
const webUrl: Rule = (value) => {
  if (!URL.canParse(value)) return null
  const url = new URL(value)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
}
const linkTarget: Rule = (value) => {
  if (!value.startsWith('#')) return value.trim() === '' ? null : value
  return value === '#' || value === '#top' ? value : `#${ID_PREFIX}${value.slice(1).replace(ID_PREFIX, '')}`
}
const align = oneOf('left', 'center', 'right')
const count = matching(/^[1-9]\d{0,2}$/)
const length = matching(/^\d{1,4}(?:px|%)?$/)

const EVERYWHERE: Rules = { id: anchor, dir: oneOf('ltr', 'rtl', 'auto'), lang: matching(/^[a-zA-Z0-9-]{2,35}$/) }
const BLOCK: Rules = { align }
const CELL: Rules = { align, colspan: count, rowspan: count, width: length }
const NONE: Rules = {}
const LINK: Rules = { href: linkTarget, title: any, rel: any }
const CODE: Rules = { class: matching(/^language-[\w+#.-]{1,40}$/) }
const ORDERED: Rules = { start: matching(/^\d{1,9}$/) }

const POST_TAGS: Readonly<Record<string, Rules>> = {
  ...Object.fromEntries(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'div', 'table', 'tr'].map((tag) => [tag, BLOCK])),
  ...Object.fromEntries(
    [
      ...['br', 'hr', 'wbr', 'blockquote', 'pre', 'ul', 'li', 'dl', 'dt', 'dd', 'figure', 'figcaption', 'summary'],
      ...['caption', 'thead', 'tbody', 'tfoot', 'em', 'strong', 'b', 'i', 'u', 's', 'del', 'ins', 'sub', 'sup'],
      ...['small', 'mark', 'kbd', 'samp', 'var', 'cite', 'q', 'dfn', 'ruby', 'rt', 'rp', 'bdi', 'bdo'],
    ].map((tag) => [tag, NONE]),
  ),
  a: LINK,
  abbr: { title: any },
  code: CODE,
  details: { open: () => '' },
  img: { src: webUrl, alt: any, title: any, width: length, height: length, align, loading: any },
  ol: ORDERED,
  span: { role: oneOf('img') },
  td: CELL,
  th: CELL,
}

const COMMENT_TAGS: Readonly<Record<string, Rules>> = {
  ...Object.fromEntries(
    ['p', 'br', 'blockquote', 'pre', 'ul', 'li', 'em', 'strong', 's', 'del'].map((tag) => [tag, NONE]),
  ),
  a: LINK,
  code: CODE,
  ol: ORDERED,
}

/** The document nests deeper, or has more parts, than a person writes. */
export class TooComplex extends Error {
  override readonly name = 'TooComplex'
}

function policy(tags: Readonly<Record<string, Rules>>): (html: string) => string {
  const rulesOf = new Map(Object.entries(tags).map(([tag, rules]) => [tag, { ...EVERYWHERE, ...rules }]))

  const clean = (tagName: string, given: sanitizeHtml.Attributes): sanitizeHtml.Tag => {
    const rules = rulesOf.get(tagName)
    const attribs: sanitizeHtml.Attributes = {}
    if (rules === undefined) return { tagName, attribs }
    for (const [name, value] of Object.entries(given)) {
      const kept = Object.hasOwn(rules, name) ? rules[name]?.(value) : null
      if (kept !== null && kept !== undefined) attribs[name] = kept
    }
    if (tagName === 'a') {
      // <a name="x"> is how older documents mark a place; `name` itself clobbers properties of `document`.
      const place = given.name === undefined ? null : anchor(given.name)
      if (place !== null) attribs.id ??= place
      delete attribs.rel
      if (attribs.href !== undefined) attribs.rel = 'nofollow noopener ugc'
    }
    if (tagName === 'img') attribs.loading = 'lazy'
    return { tagName, attribs }
  }

  /** An image that cannot be shown (relative path, `data:`) leaves its alternative text behind. */
  const image = (tagName: string, given: sanitizeHtml.Attributes): sanitizeHtml.Tag => {
    if (given.src !== undefined && webUrl(given.src) !== null) return { tagName, attribs: given }
    return { tagName: 'span', attribs: { role: 'img' }, text: given.alt ?? '' }
  }

  const options: sanitizeHtml.IOptions = {
    allowedTags: [...rulesOf.keys()],
    allowedAttributes: Object.fromEntries([...rulesOf].map(([tag, rules]) => [tag, Object.keys(rules)])),
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesByTag: { img: ['http', 'https'] },
    allowProtocolRelative: false,
    selfClosing: ['br', 'hr', 'wbr', 'img'],
    // Elements whose content is no prose: it goes with them.
    nonTextTags: [
      ...['script', 'style', 'textarea', 'option', 'xmp', 'noscript', 'iframe', 'noembed', 'noframes', 'template'],
      ...['svg', 'math', 'object', 'title', 'head', 'plaintext', 'select', 'audio', 'video', 'canvas'],
    ],
    transformTags: {
      img: image,
      strike: 'del',
      tt: 'code',
      center: (_tagName, attribs) => ({ tagName: 'div', attribs: { ...attribs, align: 'center' } }),
      '*': clean,
    },
  }

  return (html) => {
    let depth = 0
    return sanitizeHtml(html, {
      ...options,
      onOpenTag() {
        depth += 1
        if (depth > MAX_DEPTH) throw new TooComplex(`deeper than ${MAX_DEPTH} elements`)
      },
      onCloseTag() {
        depth -= 1
      },
    })
  }
}

const sanitizePost = policy(POST_TAGS)
const sanitizeComment = policy(COMMENT_TAGS)

/**
 * Balanced HTML of allowed elements and attributes only. Text and attribute values in it contain no `<` and no `>`.
 * @throws TooComplex
 */
export const sanitize = (kind: 'post' | 'comment', html: string): string =>
  kind === 'post' ? sanitizePost(html) : sanitizeComment(html)

/** HTML that `sanitize` wrote, and only that, with the alternative text of each picture in its place. */
export const withoutPictures = (html: string): string =>
  html.replace(/<img\b[^>]*>/g, (picture) => / alt="([^"]*)"/.exec(picture)?.[1] ?? '')

/** A document that cannot be rendered, shown as it was typed. */
export const asTyped = (source: string): string =>
  `<pre>${source.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</pre>\n`
