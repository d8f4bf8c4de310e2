import { escapeHtml } from '../../core/html.ts'
import type { NotificationKind } from '../../db/queries/notification.ts'
import { NOTIFICATIONS } from './notification-text.ts'

/** A showtime as it stands in a mail, in the venue's time. */
interface ShownShowtime {
  movie: string
  /** `Fri 20 Nov 2026, 20:30` */
  startsAt: string
  theatre: string
}

/** What each mail is about, beyond whom it goes to. */
export interface MailParams {
  welcome: { homeUrl: string }
  lowStock: { productName: string; variantName: string; sku: string; quantity: number; productUrl: string }
  receipt: {
    /** A line each: `2 × Cup: €25.00`. */
    items: readonly string[]
    /** `Shipping: €4.90`, the total last. */
    sums: readonly string[]
    total: string
    paidOn: string
    receiptUrl: string
  }
  refund: { amount: string; reason: string; receiptUrl: string }
  showtimeCancelled: ShownShowtime & {
    /** Null where nothing had been paid yet. */
    refundUrl: string | null
    programmeUrl: string
  }
  seatsOffered: ShownShowtime & { seats: string; until: string; offerUrl: string }
  waitlistEnded: ShownShowtime & { programmeUrl: string }
  notification: {
    kind: NotificationKind
    /** The latest of those who did it, as they are shown; empty where nobody did. */
    actorName: string
    /** How many did it beside them. */
    others: number
    title: string
    /** What the title is of: `post`, `poll`. */
    thing: string
    excerpt: string | null
    url: string
    /** Where a click ends mails of this kind. */
    unsubscribeUrl: string
  }
}
export type MailTemplate = keyof MailParams

export interface Recipient {
  name: string
}

export interface RenderedMail {
  subject: string
  text: string
  html: string
  unsubscribeUrl: string | null
}

/** What a mail says; text and HTML are both made from it, so that they say the same. */
interface Content {
  subject: string
  paragraphs: readonly string[]
  quote?: string | null
  link: { label: string; url: string }
  /** Why the reader gets this mail. */
  reason: string
  unsubscribeUrl?: string
}

const ofShowtime = ({ movie, startsAt, theatre }: ShownShowtime): string => `“${movie}”, ${startsAt} at ${theatre}`

const templates: { [Template in MailTemplate]: (recipient: Recipient, params: MailParams[Template]) => Content } = {
  welcome: ({ name }, { homeUrl }) => ({
    subject: 'Welcome to Atrium',
    paragraphs: [`Hello ${name},`, 'your account is ready. One account opens every room: have a look around.'],
    link: { label: 'Open Atrium', url: homeUrl },
    reason: 'You get this mail because someone signed up to Atrium with this address.',
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
  receipt: ({ name }, { items, sums, total, paidOn, receiptUrl }) => ({
    subject: `Your receipt: ${total}`,
    paragraphs: [`Hello ${name},`, `thank you for your order. We have received ${total} on ${paidOn}.`],
    quote: [...items, '', ...sums].join('\n'),
    link: { label: 'Read and print the receipt', url: receiptUrl },
    reason: 'You get this mail because you bought something with this address. The link is the key to your receipt.',
  }),
  refund: ({ name }, { amount, reason, receiptUrl }) => ({
    subject: `${amount} goes back to you`,
    paragraphs: [
      `Hello ${name},`,
      `we have sent ${amount} of your order back the way it came. Banks take some days to show it. You need to do nothing.`,
    ],
    quote: reason === '' ? null : reason,
    link: { label: 'Look at the receipt', url: receiptUrl },
    reason: 'You get this mail because you bought something with this address. The link is the key to your receipt.',
  }),
  showtimeCancelled: ({ name }, { refundUrl, programmeUrl, ...showtime }) => ({
    subject: `Cancelled: “${shortened(showtime.movie, 80)}”, ${showtime.startsAt}`,
    paragraphs: [
      `Hello ${name},`,
      `we are sorry: ${ofShowtime(showtime)} does not take place.`,
      refundUrl === null
        ? 'Your order was not paid yet and is cancelled as a whole; nothing is charged.'
        : 'What you paid for these tickets goes back to you the way it came. You need to do nothing.',
    ],
    link:
      refundUrl === null
        ? { label: 'Look at the programme', url: programmeUrl }
        : { label: 'Look at your tickets', url: refundUrl },
    reason: 'You get this mail because you ordered tickets of this showing.',
  }),
  seatsOffered: ({ name }, { seats, until, offerUrl, ...showtime }) => ({
    subject: `Seats for you: “${shortened(showtime.movie, 80)}”, ${showtime.startsAt}`,
    paragraphs: [
      `Hello ${name},`,
      `seats of ${ofShowtime(showtime)} are free, and we hold them for you until ${until}: ${seats}.`,
      'Put them into your cart and pay for them until then, or they go to the next who waits.',
    ],
    link: { label: 'Take them', url: offerUrl },
    reason: 'You get this mail because you are on the waitlist of this showing.',
  }),
  waitlistEnded: ({ name }, { programmeUrl, ...showtime }) => ({
    subject: `Cancelled: “${shortened(showtime.movie, 80)}”, ${showtime.startsAt}`,
    paragraphs: [
      `Hello ${name},`,
      `we are sorry: ${ofShowtime(showtime)} does not take place. Nobody waits for it any more.`,
    ],
    link: { label: 'Look at the programme', url: programmeUrl },
    reason: 'You get this mail because you were on the waitlist of this showing.',
  }),
  notification: ({ name }, { kind, actorName, others, title, thing, excerpt, url, unsubscribeUrl }) => {
    const said = NOTIFICATIONS[kind]
    const whoIn = (length: number) =>
      shortened(actorName, length) + (others === 0 ? '' : ` and ${others} ${others === 1 ? 'other' : 'others'}`)
    return {
      subject: said.line(whoIn(60), `“${shortened(title, 80)}”`),
      paragraphs: [
        `Hello ${name},`,
        `${said.line(whoIn(Number.POSITIVE_INFINITY), `${said.isYours ? `your ${thing} ` : ''}“${title}”`)}${excerpt === null ? '.' : ':'}`,
      ],
      quote: excerpt,
      link: { label: said.label, url },
      reason: `You get this mail because ${said.because(thing)}.`,
      unsubscribeUrl,
    }
  },
}

/** @throws when a link is not an http(s) URL. */
export function renderMail<Template extends MailTemplate>(
  template: Template,
  recipient: Recipient,
  params: MailParams[Template],
): RenderedMail {
  const content = templates[template](recipient, params)
  const link = { label: content.link.label, url: webUrl(content.link.url) }
  const unsubscribeUrl = content.unsubscribeUrl === undefined ? null : webUrl(content.unsubscribeUrl)
  const checked = { ...content, link, ...(unsubscribeUrl === null ? {} : { unsubscribeUrl }) }
  return { subject: content.subject, text: asText(checked), html: asHtml(checked), unsubscribeUrl }
}

function asText({ paragraphs, quote, link, reason, unsubscribeUrl }: Content): string {
  const quoted = quote == null ? [] : [quote.replace(/^/gm, '> ')]
  const foot = unsubscribeUrl === undefined ? reason : `${reason}\nNo more of these mails: ${unsubscribeUrl}`
  return `${[...paragraphs, ...quoted, `${link.label}: ${link.url}`, `-- \n${foot}`].join('\n\n')}\n`
}

/** No image, font or script from elsewhere: opening the mail tells nobody that it was opened. */
function asHtml({ subject, paragraphs, quote, link, reason, unsubscribeUrl }: Content): string {
  const body = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`)
  if (quote != null) {
    const style = 'margin:16px 0;padding:4px 16px;border-left:3px solid #c7c2b8;white-space:pre-line'
    body.push(`<blockquote style="${style}">${escapeHtml(quote)}</blockquote>`)
  }
  const stop = unsubscribeUrl === undefined ? '' : ` <a href="${escapeHtml(unsubscribeUrl)}">No more of these mails</a>`
  const button = 'display:inline-block;padding:10px 18px;border-radius:6px;background:#2f4858;color:#ffffff'
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px;background:#f5f3ef;color:#22252b;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;border-radius:8px">
${body.join('\n')}
<p><a href="${escapeHtml(link.url)}" style="${button};text-decoration:none">${escapeHtml(link.label)}</a></p>
<p style="margin-top:32px;font-size:13px;color:#5d6068">${escapeHtml(reason)}${stop}</p>
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
