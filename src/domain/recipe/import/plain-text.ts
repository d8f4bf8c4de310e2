import { readHtml } from './html.ts'

/** Elements behind which a new line begins. */
export const BLOCKS: ReadonlySet<string> = new Set([
  'p',
  'div',
  'li',
  'ol',
  'ul',
  'br',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'tr',
])

/** The words of a text that may hold tags and entities, as structured data of many pages does. Blocks become lines. */
export function plainText(html: string): string {
  let text = ''
  let silent = 0
  readHtml(html, {
    onopentagname(name) {
      if (name === 'script' || name === 'style') silent += 1
      if (BLOCKS.has(name)) text += '\n'
    },
    ontext(data) {
      if (silent === 0) text += data
    },
    onclosetag(name) {
      if (name === 'script' || name === 'style') silent -= 1
      if (BLOCKS.has(name)) text += '\n'
    },
  })
  return (
    text
      .normalize('NFC')
      .replace(/[\u00a0\u2007\u202f]/g, ' ')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, ' ')
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' ').trim())
      .filter((line) => line !== '')
      .join('\n')
  )
}
