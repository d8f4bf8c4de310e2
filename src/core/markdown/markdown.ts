import MarkdownIt, { type MarkdownIt as Parser, type StateCore, type Token } from 'markdown-it'
import { excerptOf, proseOf, readingTimeMinutes } from './prose.ts'
import { asTyped, sanitize, TooComplex } from './sanitize.ts'

export interface RenderedMarkdown {
  /** Sanitised: safe to place into a page as it is. */
  html: string
  /** Plain text of the first paragraphs, at most 280 characters. */
  excerpt: string
  readingTimeMinutes: number
  /** Everything that can be read, as one line of plain text: what full-text search looks at. */
  text: string
}

/** Elements after which an HTML parser reads text, not markup, until their end tag (GFM's "disallowed raw HTML"). */
const SWALLOWING = /^<(\/?)(title|textarea|style|xmp|iframe|noembed|noframes|script|plaintext|noscript|template)\b/i

/** "the <title> of a page", written without backticks, must not swallow the rest of the post. */
function keepUnclosedTagsAsText(children: readonly Token[]): void {
  const closed = new Set<string>()
  for (const token of children.toReversed()) {
    if (token.type !== 'html_inline') continue
    const [, slash, name] = SWALLOWING.exec(token.content) ?? []
    if (name === undefined) continue
    if (slash === '/') closed.add(name.toLowerCase())
    else if (!closed.has(name.toLowerCase())) token.type = 'text'
  }
}

/** As GitHub makes them, so that the table of contents of a document written for it still leads somewhere. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replace(/ /g, '-')

/** The text of inline Markdown without images and raw HTML. */
export const inlineText = (children: readonly Token[]): string =>
  children
    .map((token) => {
      if (token.type === 'text' || token.type === 'code_inline') return token.content
      return token.type === 'softbreak' || token.type === 'hardbreak' ? ' ' : ''
    })
    .join('')
    .trim()

function annotate(state: StateCore): void {
  const used = new Map<string, number>()
  state.tokens.forEach((token, index) => {
    if (token.type === 'inline') keepUnclosedTagsAsText(token.children ?? [])
    if (token.type === 'heading_open') {
      const anchor = anchorOf(inlineText(state.tokens[index + 1]?.children ?? []))
      const times = used.get(anchor) ?? 0
      used.set(anchor, times + 1)
      if (anchor !== '') token.attrSet('id', times === 0 ? anchor : `${anchor}-${times}`)
    }
    if (token.type === 'th_open' || token.type === 'td_open') {
      const side = /^text-align:(left|center|right)$/.exec(String(token.attrGet('style') ?? ''))?.[1]
      // Styles do not pass the sanitiser; the attribute says the same and can paint over nothing.
      if (side !== undefined) token.attrs = [['align', side]]
    }
  })
}

/**
 * A table of one character per line makes five tokens and forty characters of HTML out of two characters of source.
 * The longest change logs found in packages have 9,000 of these tokens.
 */
const MAX_BLOCK_TOKENS = 100_000

function boundBlocks(state: StateCore): void {
  if (state.tokens.length > MAX_BLOCK_TOKENS) throw new TooComplex(`more than ${MAX_BLOCK_TOKENS} blocks`)
}

function parser(options: { html: boolean; breaks: boolean }): Parser {
  const markdown = new MarkdownIt({ ...options, linkify: true })
  // Guessed links turn README.md into a site of Moldova; only what is written as a URL is one.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
  markdown.core.ruler.after('block', 'bound_blocks', boundBlocks)
  markdown.core.ruler.push('annotate', annotate)
  return markdown
}

/** CommonMark with tables, strikethrough and bare URLs as links. Raw HTML passes, so what it renders must be sanitised. Parsing throws TooComplex. */
export const postMarkdown = parser({ html: true, breaks: false })

const commentMarkdown = parser({ html: false, breaks: true })
commentMarkdown.disable(['heading', 'lheading', 'image', 'table', 'hr'])

/** What is deeper than 200 elements or longer than 100,000 block tokens is shown as it was typed. */
function toHtml(kind: 'post' | 'comment', markdown: string): string {
  try {
    return sanitize(kind, (kind === 'post' ? postMarkdown : commentMarkdown).render(markdown))
  } catch (error) {
    if (error instanceof TooComplex) return asTyped(markdown)
    throw error
  }
}

/** The body of a post. Callers bound its length; its nesting and number of parts are bounded here. */
export function renderMarkdown(markdown: string): RenderedMarkdown {
  const html = toHtml('post', markdown)
  const prose = proseOf(html)
  return {
    html,
    excerpt: excerptOf(prose),
    readingTimeMinutes: readingTimeMinutes(prose.text),
    text: prose.text,
  }
}

/**
 * The sanitised HTML of a comment: no headings, images or tables, raw HTML is shown as typed, and a line break is a
 * line break.
 */
export const renderComment = (markdown: string): string => toHtml('comment', markdown)
