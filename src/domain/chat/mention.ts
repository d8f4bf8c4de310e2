/** What is not said to anybody: code, and the text of links. Sanitised HTML closes every tag, and nests none of these. */
const NOT_SAID = /<(pre|code|a)\b[^>]*>[\s\S]*?<\/\1>/g

/** As the handle of an account, and not in the middle of a word, a path or an address. */
const MENTION = /(?<![\p{L}\p{N}_@/.-])@([a-z0-9][a-z0-9_-]{1,28}[a-z0-9])(?![\p{L}\p{N}_])/giu

/** The handles that a rendered message names, in lower case and without repetition. */
export function mentionedHandles(html: string): string[] {
  const said = html.replace(NOT_SAID, ' ').replace(/<[^>]*>/g, ' ')
  return [...new Set(Array.from(said.matchAll(MENTION), ([, handle]) => (handle ?? '').toLowerCase()))]
}
