import type { FastifyPluginAsync } from 'fastify'
import { DomainError } from '../core/errors.ts'
import { escapeHtml } from '../core/html.ts'
import type { Receipt } from '../domain/shop/receipt.ts'
import { SITE } from './head.ts'
import { PRINTABLE_HEADERS, printable } from './printable.ts'

export interface ReceiptsOptions {
  /** Null where the key is not that of the order, or it is not paid. */
  readonly findReceipt: (address: { number: string; key: string }) => Promise<Receipt | null>
}

const number = (text: string): string => `<td class="number">${escapeHtml(text)}</td>`

const sum = (name: string, amount: string, tag: 'td' | 'th' = 'td'): string =>
  `<tr><${tag} colspan="3">${escapeHtml(name)}</${tag}><${tag} class="number">${escapeHtml(amount)}</${tag}></tr>`

function line({ title, detail, quantity, unitPrice, total }: Receipt['lines'][number]): string {
  const more = detail === '' ? '' : `<br><span class="quiet">${escapeHtml(detail)}</span>`
  return `<tr><td>${escapeHtml(title)}${more}</td>${number(String(quantity))}${number(unitPrice)}${number(total)}</tr>`
}

const HEADINGS =
  '<thead><tr><th scope="col">What</th><th scope="col" class="number">Pieces</th><th scope="col" class="number">Each</th><th scope="col" class="number">Together</th></tr></thead>'

function taxes({ taxes: rates }: Receipt): string {
  if (rates.length === 0) return ''
  const rows = rates.map(({ rate, net, tax }) => `<tr><td>${escapeHtml(rate)}</td>${number(net)}${number(tax)}</tr>`)
  return `<article><h2>Tax</h2><table><thead><tr><th scope="col">Rate</th><th scope="col" class="number">On</th><th scope="col" class="number">Tax</th></tr></thead><tbody>${rows.join('')}</tbody></table></article>`
}

function refunds({ refunds: all, kept }: Receipt): string {
  if (kept === null) return ''
  const rows = all.map(
    ({ on, amount, reason }) => `<tr><td>${escapeHtml(on)}</td><td>${escapeHtml(reason)}</td>${number(amount)}</tr>`,
  )
  return `<article><h2>Refunds</h2><table><thead><tr><th scope="col">On</th><th scope="col">Why</th><th scope="col" class="number">Amount</th></tr></thead><tbody>${rows.join('')}<tr><th colspan="2">Paid after refunds</th><th class="number">${escapeHtml(kept)}</th></tr></tbody></table></article>`
}

const draw = (receipt: Receipt): string =>
  `<header><h1>${SITE}</h1><span>Receipt</span></header>
<article>
<h2>Receipt</h2><p class="quiet">Thank you for your order.</p>
<dl><dt>Order</dt><dd>${escapeHtml(receipt.number)}</dd><dt>Paid on</dt><dd>${escapeHtml(receipt.paidOn)}</dd><dt>Sold by</dt><dd>${receipt.seller.map(escapeHtml).join('<br>')}</dd>${receipt.address.length === 0 ? '' : `<dt>For</dt><dd>${receipt.address.map(escapeHtml).join('<br>')}</dd>`}</dl>
</article>
<article class="long"><table>${HEADINGS}<tbody>${receipt.lines.map(line).join('')}${receipt.sums.map(([name, amount]) => sum(name, amount)).join('')}${sum('Total', receipt.total, 'th')}</tbody></table></article>
${taxes(receipt)}${refunds(receipt)}
<p class="quiet screen">Print this page, or save it as a PDF, for your books. Its address is the key to it: share it with nobody.</p>`

/** `GET /orders/<id>/receipt?key=…`: the receipt of a paid order, to read and to print. */
export const receipts: FastifyPluginAsync<ReceiptsOptions> = async (app, { findReceipt }) => {
  app.get<{ Params: { number: string }; Querystring: { key?: unknown } }>(
    '/orders/:number/receipt',
    async (request, reply) => {
      const { key } = request.query
      const receipt = typeof key === 'string' ? await findReceipt({ number: request.params.number, key }) : null
      if (receipt === null) throw new DomainError('NOT_FOUND', 'There is no such receipt.')
      return reply
        .headers(PRINTABLE_HEADERS)
        .type('text/html; charset=utf-8')
        .send(printable({ title: `Receipt ${receipt.number}`, body: draw(receipt) }))
    },
  )
}
