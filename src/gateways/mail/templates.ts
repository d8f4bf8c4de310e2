import { escapeHtml } from '../../core/html.ts'

/** What each mail is about, beyond whom it goes to. */
export interface MailParams {
  welcome: { homeUrl: string }
  newComment: { commenterName: string; postTitle: string; excerpt: string; commentUrl: string }
  lowStock: { productName: string; variantName: string; sku: string; quantity: number; productUrl: string }
}
export type MailTemplate = keyof MailParams

export interface Recipient {
  name: string
}

export interface RenderedMail {
  subject: string
  text: string
  html: string
}

/** What a mail says; text and HTML are both made from it, so that they say the same. */
interface Content {
  subject: string
  paragraphs: readonly string[]
  quote?: string
  link: { label: string; url: string }
  /** Why the reader gets this mail. */
  reason: string
}

const templates: { [Template in MailTemplate]: (recipient: Recipient, params: MailParams[Template]) => Content } = {
  welcome: ({ name }, { homeUrl }) => ({
    subject: 'Welcome to Atrium',
    paragraphs: [`Hello ${name},`, 'your account is ready. One account opens every room: have a look around.'],
    link: { label: 'Open Atrium', url: homeUrl },
    reason: 'You get this mail because someone signed up to Atrium with this address.',
  }),
  newComment: ({ name }, { commenterName, postTitle, excerpt, commentUrl }) => ({
    subject: `${shortened(commenterName, 60)} commented on “${shortened(postTitle, 80)}”`,
    paragraphs: [`Hello ${name},`, `${commenterName} commented on your post “${postTitle}”:`],
    quote: excerpt,
    link: { label: 'Read and answer', url: commentUrl },
    reason: 'You get this mail because you wrote the post.',
  }),
  lowStock: ({ name }, { productName, variantName, sku, quantity, productUrl }) => ({
    subject: `Low stock: ${shortened(productName, 80)} (${sku})`,
    paragraphs: [
      `Hello ${name},`,
      `there ${quantity === 1 ? 'is 1 piece' : `are ${quantity} pieces`} left of “${[productName, variantName].filter((part) => part !== '').join(', ')}”, SKU ${sku}.`,
    ],
    link: { label: 'Look at the product', url: productUrl },
    reason: 'You get this mail because you are staff of the shop.',
  }),
}

/** @throws when a link is not an http(s) URL. */
export function renderMail<Template extends MailTemplate>(
  template: Template,
  recipient: Recipient,
  params: MailParams[Template],
): RenderedMail {
  const content = templates[template](recipient, params)
  const link = { label: content.link.label, url: webUrl(content.link.url) }
  return { subject: content.subject, text: asText({ ...content, link }), html: asHtml({ ...content, link }) }
}

function asText({ paragraphs, quote, link, reason }: Content): string {
  const quoted = quote === undefined ? [] : [quote.replace(/^/gm, '> ')]
  return `${[...paragraphs, ...quoted, `${link.label}: ${link.url}`, `-- \n${reason}`].join('\n\n')}\n`
}

/** No image, font or script from elsewhere: opening the mail tells nobody that it was opened. */
function asHtml({ subject, paragraphs, quote, link, reason }: Content): string {
  const body = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`)
  if (quote !== undefined) {
    const style = 'margin:16px 0;padding:4px 16px;border-left:3px solid #c7c2b8;white-space:pre-line'
    body.push(`<blockquote style="${style}">${escapeHtml(quote)}</blockquote>`)
  }
  const button = 'display:inline-block;padding:10px 18px;border-radius:6px;background:#2f4858;color:#ffffff'
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px;background:#f5f3ef;color:#22252b;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;border-radius:8px">
${body.join('\n')}
<p><a href="${escapeHtml(link.url)}" style="${button};text-decoration:none">${escapeHtml(link.label)}</a></p>
<p style="margin-top:32px;font-size:13px;color:#5d6068">${escapeHtml(reason)}</p>
</div>
</body>
</html>
`
}

const shortened = (text: string, length: number): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  const characters = [...line]
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join('')}…`
}

function webUrl(text: string): string {
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error('a mail may only link to web pages')
  return url.href
}
