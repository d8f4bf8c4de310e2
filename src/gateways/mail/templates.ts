import { escapeHtml } from '../../core/html.ts'
import { ACCOUNT_TEXTS, type AccountMails } from './texts/account.ts'
import { CINEMA_TEXTS, type CinemaMails } from './texts/cinema.ts'
import type { Content, Link, Recipient, Texts } from './texts/content.ts'
import { NOTIFICATION_TEXTS, type NotificationMails } from './texts/notification.ts'
import { SHOP_TEXTS, type ShopMails } from './texts/shop.ts'

/** What each mail is about, beyond whom it goes to. */
export type MailParams = AccountMails & CinemaMails & NotificationMails & ShopMails
export type MailTemplate = keyof MailParams

export interface RenderedMail {
  subject: string
  text: string
  html: string
  unsubscribeUrl: string | null
}

const texts: Texts<MailParams> = { ...ACCOUNT_TEXTS, ...CINEMA_TEXTS, ...NOTIFICATION_TEXTS, ...SHOP_TEXTS }

/** @throws when a link is not an http(s) URL. */
export function renderMail<Template extends MailTemplate>(
  template: Template,
  recipient: Recipient,
  params: MailParams[Template],
): RenderedMail {
  const content = texts[template](recipient, params)
  const { link, second } = content
  const links = { link: webLink(link), ...(second !== undefined && { second: webLink(second) }) }
  const unsubscribeUrl = content.unsubscribeUrl === undefined ? null : webUrl(content.unsubscribeUrl)
  const checked = { ...content, ...links, ...(unsubscribeUrl === null ? {} : { unsubscribeUrl }) }
  return { subject: content.subject, text: asText(checked), html: asHtml(checked), unsubscribeUrl }
}

function asText({ paragraphs, quote, link, second, reason, unsubscribeUrl }: Content): string {
  const quoted = quote == null ? [] : [quote.replace(/^/gm, '> ')]
  const links = [link, ...(second === undefined ? [] : [second])].map(({ label, url }) => `${label}: ${url}`)
  const foot = unsubscribeUrl === undefined ? reason : `${reason}\nNo more of these mails: ${unsubscribeUrl}`
  return `${[...paragraphs, ...quoted, ...links, `-- \n${foot}`].join('\n\n')}\n`
}

/** No image, font or script from elsewhere: opening the mail tells nobody that it was opened. */
function asHtml({ subject, paragraphs, quote, link, second, reason, unsubscribeUrl }: Content): string {
  const body = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`)
  if (quote != null) {
    const style = 'margin:16px 0;padding:4px 16px;border-left:3px solid #c7c2b8;white-space:pre-line'
    body.push(`<blockquote style="${style}">${escapeHtml(quote)}</blockquote>`)
  }
  const also =
    second === undefined ? '' : `\n<p><a href="${escapeHtml(second.url)}">${escapeHtml(second.label)}</a></p>`
  const stop = unsubscribeUrl === undefined ? '' : ` <a href="${escapeHtml(unsubscribeUrl)}">No more of these mails</a>`
  const button = 'display:inline-block;padding:10px 18px;border-radius:6px;background:#2f4858;color:#ffffff'
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px;background:#f5f3ef;color:#22252b;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;border-radius:8px">
${body.join('\n')}
<p><a href="${escapeHtml(link.url)}" style="${button};text-decoration:none">${escapeHtml(link.label)}</a></p>${also}
<p style="margin-top:32px;font-size:13px;color:#5d6068">${escapeHtml(reason)}${stop}</p>
</div>
</body>
</html>
`
}

const webLink = ({ label, url }: Link): Link => ({ label, url: webUrl(url) })

function webUrl(text: string): string {
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error('a mail may only link to web pages')
  return url.href
}
