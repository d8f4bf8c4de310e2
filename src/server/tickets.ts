import type { FastifyPluginAsync } from 'fastify'
import { DomainError } from '../core/errors.ts'
import { escapeHtml } from '../core/html.ts'
import type { TicketSheet } from '../domain/cinema/ticket-sheet.ts'
import { SITE } from './head.ts'
import { PRINTABLE_HEADERS, printable } from './printable.ts'

export interface TicketsOptions {
  /** Null for what is no code of ours. */
  readonly findSheet: (code: string) => Promise<readonly TicketSheet[] | null>
}

const fact = (name: string, value: string): string =>
  value === '' ? '' : `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`

function draw(ticket: TicketSheet): string {
  const { title, subtitle, facts, refusal, qrCode, code } = ticket
  const admits =
    qrCode === null
      ? `<p class="mark">${escapeHtml(refusal ?? '')}</p>`
      : `<div>${qrCode}<code>${escapeHtml(code)}</code></div>`
  return `<article class="ticket"><div><h2>${escapeHtml(title)}</h2><p class="quiet">${escapeHtml(subtitle)}</p><dl>${facts.map(([name, value]) => fact(name, value)).join('')}</dl></div>${admits}</article>`
}

const HINT =
  '<p class="quiet screen">Show the code at the door, on a screen or on paper. It lets one person in, once.</p>'

/** `GET /tickets/<code>`: one ticket, or those of an order, to show at the door or to print. The code is the key. */
export const ticketPages: FastifyPluginAsync<TicketsOptions> = async (app, { findSheet }) => {
  app.get<{ Params: { code: string } }>('/tickets/:code', async (request, reply) => {
    const tickets = await findSheet(request.params.code)
    if (tickets === null || tickets.length === 0) throw new DomainError('NOT_FOUND', 'There is no such ticket.')
    const many = tickets.length === 1 ? '1 ticket' : `${tickets.length} tickets`
    const body = `<header><h1>${SITE}</h1><span>${many}</span></header>${tickets.map(draw).join('')}${tickets.some(({ qrCode }) => qrCode !== null) ? HINT : ''}`
    return reply
      .headers(PRINTABLE_HEADERS)
      .type('text/html; charset=utf-8')
      .send(printable({ title: `${tickets[0]?.title ?? 'Tickets'} · ${many}`, body }))
  })
}
