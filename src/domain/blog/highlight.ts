import { HIGHLIGHT_END, HIGHLIGHT_START } from '../../db/queries/blog.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** What the database marked, as HTML: the text is escaped first, so only `<mark>` can come out of it. */
export const highlightHtml = (marked: string): string =>
  marked
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replaceAll(HIGHLIGHT_START, '<mark>')
    .replaceAll(HIGHLIGHT_END, '</mark>')
