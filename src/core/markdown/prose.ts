/** Longest excerpt in UTF-16 code units, the ellipsis included. */
export const MAX_EXCERPT_LENGTH = 280

/**
 * Silent reading of non-fiction: M. Brysbaert, "How many words do we read per minute?", Journal of Memory and
 * Language 109 (2019) 104047.
 */
const WORDS_PER_MINUTE = 238

/** Chinese and Japanese put no spaces between words; 500 characters a minute is the figure that Medium publishes. */
const CJK_CHARACTERS_PER_MINUTE = 500

export interface Prose {
  /** Everything that can be read, in one line. */
  text: string
  /** Top-level paragraphs that say something outside of links: rows of badges and navigation are none. */
  paragraphs: string[]
  /** Text outside of headings, code and tables, for documents without a paragraph. */
  loose: string
}

const INLINE = new Set(
  (
    'a abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup u var ' +
    'wbr img'
  ).split(' '),
)
const EMPTY = new Set(['br', 'hr', 'wbr', 'img'])
const ASIDE = new Set(['blockquote', 'li', 'td', 'th', 'details', 'figure', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'dd'])
const NOT_PROSE = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'table', 'summary'])

/** Entities of raw HTML can name control characters; search marks its matches with two of them. */
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim()

const decode = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')

/** Reads HTML that `sanitize` wrote, and only that: there every `<` begins a tag and every `>` ends one. */
export function proseOf(html: string): Prose {
  const open: string[] = []
  const paragraphs: string[] = []
  let text = ''
  let loose = ''
  let paragraph: { text: string; speaks: boolean } | null = null
  const inside = (names: ReadonlySet<string>): boolean => open.some((name) => names.has(name))

  for (const [piece, slash, tag] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>|[^<]+/g)) {
    if (tag === undefined) {
      if (open.includes('span:img')) continue
      const read = decode(piece)
      text += read
      if (!inside(NOT_PROSE)) loose += read
      if (paragraph !== null) {
        paragraph.text += read
        if (!open.includes('a') && /[\p{L}\p{N}]/u.test(read)) paragraph.speaks = true
      }
      continue
    }
    if (!INLINE.has(tag)) {
      text += ' '
      loose += ' '
      if (paragraph !== null) paragraph.text += ' '
    }
    if (EMPTY.has(tag)) continue
    if (slash === '') {
      if (tag === 'p' && !inside(ASIDE)) paragraph = { text: '', speaks: false }
      open.push(tag === 'span' && piece.includes('role="img"') ? 'span:img' : tag)
    } else {
      open.pop()
      if (tag === 'p' && paragraph !== null) {
        if (paragraph.speaks) paragraphs.push(oneLine(paragraph.text))
        paragraph = null
      }
    }
  }
  return { text: oneLine(text), paragraphs, loose: oneLine(loose) }
}

/** `text` itself, or as many of its whole words as fit into `maxLength` together with an ellipsis. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  let kept = ''
  // The segmenter also knows where words end in scripts without spaces, and never splits a surrogate pair.
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'word' }).segment(text.slice(0, maxLength * 2))) {
    if (kept.length + segment.length > maxLength - 1) break
    kept += segment
  }
  return `${kept.replace(/[\s\p{P}]+$/u, '')}…`
}

/** The beginning of the text in whole words, at most 280 characters. Empty when the document has no prose. */
export function excerptOf({ paragraphs, loose }: Prose): string {
  let excerpt = ''
  for (const paragraph of paragraphs.length === 0 ? [loose] : paragraphs) {
    excerpt = `${excerpt} ${paragraph}`.trimStart()
    if (excerpt.length > MAX_EXCERPT_LENGTH) break
  }
  return shorten(excerpt, MAX_EXCERPT_LENGTH)
}

/** Whole minutes, at least 1. */
export function readingTimeMinutes(text: string): number {
  const characters = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0
  const words = text
    .replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu, ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length
  return Math.max(1, Math.round(words / WORDS_PER_MINUTE + characters / CJK_CHARACTERS_PER_MINUTE))
}
