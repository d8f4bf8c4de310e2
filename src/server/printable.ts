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
article h1, article h2 { margin: 0 0 4px; font-size: 1.6rem; line-height: 1.2; overflow-wrap: anywhere }
article p { margin: 0 0 8px }
.brand { font-weight: 600; color: var(--accent) }
.quiet { color: var(--quiet) }
.paper { display: none }
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
label { display: flex; align-items: center; gap: 8px; color: var(--quiet) }
input, select { padding: 9px 10px; border: 1px solid var(--line); border-radius: 8px; background: #fff; color: var(--ink); font: inherit }
input[type='number'] { width: 6em }
a { color: var(--accent) }
.recipe h2 { margin: 0 0 8px; font-size: 1.2rem }
.recipe h3 { margin: 20px 0 6px; font-size: 1rem }
.recipe picture { display: block; margin: 20px 0 }
.recipe img { display: block; width: 100%; height: auto; border-radius: 8px }
.recipe .cover img { max-height: 480px; object-fit: cover }
.facts { grid-template-columns: none; display: flex; flex-wrap: wrap; gap: 12px 32px }
.facts > div { display: grid }
.cook { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 24px 36px; margin: 28px 0 0 }
.cook ul { margin: 0; padding: 0; list-style: none }
.cook li { overflow-wrap: anywhere }
.cook ul li { padding: 6px 0; border-bottom: 1px solid var(--line) }
.cook ol { margin: 0; padding: 0 0 0 1.4em }
.cook ol li { padding: 0 0 12px 4px }
.cook ol li > p:last-of-type { margin: 0 }
.more { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 16px }
.more picture { margin: 20px 0 0 }
.more img { aspect-ratio: 3 / 2; object-fit: cover }
[role='alert'] { margin: 20px 0 0; color: #9b2c2c }
.labels { display: flex; flex-wrap: wrap; gap: 8px; margin: 24px 0 0; padding: 0; list-style: none }
.labels li { padding: 2px 12px; border: 1px solid var(--line); border-radius: 99px; color: var(--quiet) }
@media (max-width: 560px) { .cook { grid-template-columns: minmax(0, 1fr) } article { padding: 20px } }
@media (max-width: 560px) { .ticket { grid-template-columns: 1fr } .ticket > :last-child { max-width: 280px } }
@media print {
  @page { margin: 14mm }
  body { padding: 0; background: none }
  main { max-width: none }
  article { break-inside: avoid; margin-bottom: 16px; padding: 16px; border-color: #999; border-radius: 0 }
  article.long { break-inside: auto; box-decoration-break: clone; -webkit-box-decoration-break: clone }
  tr { break-inside: avoid }
  .screen { display: none }
  .paper { display: block; margin: 20px 0 0 }
  .recipe { padding: 0; border: 0 }
  .recipe .cover img { max-height: 70mm; width: auto; max-width: 100% }
  .more { display: none }
  .cook li { break-inside: avoid }
  h2, h3 { break-after: avoid }
}
`

const styleHash = createHash('sha256').update(STYLE).digest('base64')

/** Nothing runs, and nothing is loaded but what `more` lets in. */
const policy = (more: string): string =>
  `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; ${more}; frame-ancestors 'none'`

/**
 * Nothing is loaded and nothing runs. Whoever has the address has what is on the page: it is kept out of caches, search engines
 * and the `Referer` of what is opened from it.
 */
const headers = (formAction: "'none'" | "'self'") => ({
  'cache-control': 'private, no-store',
  'content-security-policy': policy(`form-action ${formAction}`),
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
})
export const PRINTABLE_HEADERS = headers("'none'")
/** The same for a page with a form that is sent to this server. */
export const FORM_PAGE_HEADERS = headers("'self'")

/** Of a page that everybody may read and find: with pictures of this server, and asked for anew each time, for it may change or go. */
export const PUBLIC_PAGE_HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy': policy("img-src 'self'; form-action 'self'"),
  'referrer-policy': 'no-referrer',
}

const page = (head: string, body: string): string =>
  `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}<style>${STYLE}</style></head>
<body><main>${body}</main></body>
</html>
`

export const printable = ({ title, body }: Printable): string =>
  page(`<meta name="robots" content="noindex"><title>${escapeHtml(title)}</title>`, body)

/** One for everybody. `head` is that of `renderHead`, with its title. */
export const publicPrintable = ({ head, body }: { head: string; body: string }): string => page(head, body)
