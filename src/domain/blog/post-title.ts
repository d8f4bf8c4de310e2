import type { Token } from 'markdown-it'
import { inlineText, postMarkdown } from '../../core/markdown/markdown.ts'
import { proseOf } from '../../core/markdown/prose.ts'
import { sanitize, TooComplex } from '../../core/markdown/sanitize.ts'

/** How far behind an HTML heading's start tag its end tag is looked for. */
const LONGEST_HEADING = 4000

export interface TakenTitle {
  title: string
  /** The document without that heading. */
  body: string
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

const imageTexts = (children: readonly Token[]): string =>
  children
    .filter((token) => token.type === 'image')
    .map((token) => token.content)
    .join(' ')

/** Blanked out instead of removed, so that places in the result are places in the source. */
const withoutComments = (html: string): string => {
  let result = html
  for (let start = result.indexOf('<!--'); start !== -1; start = result.indexOf('<!--', start)) {
    const end = result.indexOf('-->', start)
    const stop = end === -1 ? result.length : end + 3
    result = result.slice(0, start) + ' '.repeat(stop - start) + result.slice(stop)
  }
  return result
}

interface HtmlHeading {
  level: number
  start: number
  end: number
  title: string
}

/** The first heading that is written as HTML and begins between `from` and `to`; its end tag may lie behind `to`. */
function htmlHeading(source: string, from: number, to: number): HtmlHeading | null {
  const visible = withoutComments(source.slice(from, to + LONGEST_HEADING))
  const opening = /<h([1-6])(?:\s[^<>]{0,500})?>/i.exec(visible.slice(0, to - from))
  if (opening === null) return null
  const inner = opening.index + opening[0].length
  const closing = visible.toLowerCase().indexOf(`</h${opening[1]}`, inner)
  const stop = closing === -1 ? -1 : visible.indexOf('>', closing)
  if (stop === -1 || stop - opening.index > LONGEST_HEADING) return null
  const html = sanitize('post', postMarkdown.render(visible.slice(inner, closing).trim()))
  const alternative = [...html.matchAll(/<img[^>]* alt="([^"]+)"|<span role="img">([^<]+)/g)]
    .map(([, shown, lost]) => shown ?? lost)
    .join(' ')
  return {
    level: Number(opening[1]),
    start: from + opening.index,
    end: from + stop + 1,
    title: proseOf(html).text || proseOf(alternative).text,
  }
}

/**
 * The title that the document gives itself: its first level 1 heading, in Markdown or HTML, or a deeper one with which
 * it begins. A deeper heading behind prose is a section, not a title. `markdown` has LF line ends.
 */
export function takeTitle(markdown: string): TakenTitle | null {
  try {
    return findTitle(markdown)
  } catch (error) {
    if (error instanceof TooComplex) return null
    throw error
  }
}

function findTitle(markdown: string): TakenTitle | null {
  const lineStarts = [0]
  for (let at = markdown.indexOf('\n'); at !== -1; at = markdown.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  const offset = (line: number): number => lineStarts[line] ?? markdown.length
  const without = (start: number, end: number): string => markdown.slice(0, start) + markdown.slice(end)

  const tokens = postMarkdown.parse(markdown, {})
  let begun = false
  for (const [index, token] of tokens.entries()) {
    if (token.map === null) continue
    const [start, end] = [offset(token.map[0]), offset(token.map[1])]
    if (token.type === 'html_block') {
      const heading = htmlHeading(markdown, start, end)
      if (heading !== null && heading.title !== '' && (heading.level === 1 || !begun)) {
        return { title: heading.title, body: without(heading.start, heading.end) }
      }
    }
    const children = tokens[index + 1]?.children ?? []
    if (token.type === 'heading_open' && token.level === 0) {
      const title = oneLine(inlineText(children)) || oneLine(imageTexts(children))
      if (title !== '' && (token.tag === 'h1' || !begun)) return { title, body: without(start, end) }
    }
    begun ||= token.type === 'heading_open' || (token.type === 'paragraph_open' && inlineText(children) !== '')
    begun ||= token.type === 'fence' || token.type === 'code_block' || token.type === 'bullet_list_open'
  }
  return null
}
