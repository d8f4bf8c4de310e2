import { createHash } from 'node:crypto'
import { escapeHtml } from '../core/html.ts'

/** A page to keep: it is read on a screen, and printed. */
export interface Printable {
  readonly title: string
  /** HTML whose texts are escaped. Each `<article>` is kept together on one sheet of paper, unless it is `long`: a table goes on. */
  readonly body: string
}

const STYLE = `
:root { color-scheme: light; --ink: #22252b; --quiet: #5d6068; --line: #d9d4ca; --accent: #2f4858 }
* { box-sizing: border-box }
body { margin: 0; padding: 32px 16px; background: #f5f3ef; color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 720px; margin: 0 auto }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 16px; margin: 0 0 16px; color: var(--quiet) }
header h1 { margin: 0; font-size: 1rem; font-weight: 600; color: var(--accent) }
article { margin: 0 0 24px; padding: 28px; background: #fff; border: 1px solid var(--line); border-radius: 12px }
article h2 { margin: 0 0 4px; font-size: 1.6rem; line-height: 1.2; overflow-wrap: anywhere }
article p { margin: 0 0 8px }
.quiet { color: var(--quiet) }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.ticket { display: grid; grid-template-columns: 1fr 232px; gap: 28px; align-items: center }
.ticket svg { display: block; width: 100%; height: auto }
.ticket code { display: block; margin-top: 4px; font-size: 9px; color: var(--quiet); overflow-wrap: anywhere; text-align: center }
dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 16px; margin: 16px 0 0 }
dt { color: var(--quiet) }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere }
table { width: 100%; border-collapse: collapse }
th, td { padding: 6px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top }
th + th, td + td { padding-left: 16px }
form { display: flex; flex-wrap: wrap; gap: 12px; margin: 20px 0 0 }
button { padding: 10px 20px; border: 1px solid var(--accent); border-radius: 8px; background: #fff; color: var(--accent); font: inherit; font-weight: 600; cursor: pointer }
button.main { background: var(--accent); color: #fff }
.mark { padding: 28px 12px; border: 2px solid currentColor; border-radius: 8px; color: #9b2c2c; font-weight: 700; text-align: center }
@media (max-width: 560px) { .ticket { grid-template-columns: 1fr } .ticket > :last-child { max-width: 280px } }
@media print {
  @page { margin: 14mm }
  body { padding: 0; background: none }
  main { max-width: none }
  article { break-inside: avoid; margin-bottom: 16px; padding: 16px; border-color: #999; border-radius: 0 }
  article.long { break-inside: auto; box-decoration-break: clone; -webkit-box-decoration-break: clone }
  tr { break-inside: avoid }
  .screen { display: none }
}
`

const styleHash = createHash('sha256').update(STYLE).digest('base64')

/**
 * Nothing is loaded and nothing runs. Whoever has the address has what is on the page: it is kept out of caches, search engines
 * and the `Referer` of what is opened from it.
 */
const headers = (formAction: "'none'" | "'self'") => ({
  'cache-control': 'private, no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
})
export const PRINTABLE_HEADERS = headers("'none'")
/** The same for a page with a form that is sent to this server. */
export const FORM_PAGE_HEADERS = headers("'self'")

export const printable = ({ title, body }: Printable): string =>
  `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>${body}</main></body>
</html>
`
