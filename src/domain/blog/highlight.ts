import { escapeHtml } from '../../core/html.ts'
import { HIGHLIGHT_END, HIGHLIGHT_START } from '../../db/queries/blog.ts'

/** What the database marked, as HTML: the text is escaped first, so only `<mark>` can come out of it. */
export const highlightHtml = (marked: string): string =>
  escapeHtml(marked).replaceAll(HIGHLIGHT_START, '<mark>').replaceAll(HIGHLIGHT_END, '</mark>')
