import type { Uuid } from '../../core/ids.ts'
import { drawQrCode } from '../../core/qr.ts'
import { findTicketFacts, type TicketFacts } from '../../db/queries/cinema/ticket-sheet.ts'
import type { Deps } from '../deps.ts'
import { openOrderTicketsCode, openTicketCode, ticketCode } from './ticket.ts'

/** A ticket as it is shown and printed. */
export interface TicketSheet {
  readonly title: string
  readonly subtitle: string
  /** Name and value, in the order in which a person at the door looks for them. */
  readonly facts: readonly (readonly [string, string])[]
  /** An SVG; null for a ticket that lets nobody in, which then says why. */
  readonly qrCode: string | null
  readonly refusal: string | null
  readonly code: string
}

/** The QR code of a valid ticket, as an SVG. */
export const ticketQrCode = (deps: Pick<Deps, 'jwtSecret'>, id: Uuid): string =>
  drawQrCode(ticketCode(deps, id), 'QR code of the ticket')

const REFUSALS: Readonly<Record<Exclude<TicketFacts['status'], 'VALID'>, string>> = {
  RESERVED: 'Not paid yet',
  CHECKED_IN: 'Used',
  REFUNDED: 'Paid back',
  RELEASED: 'Given up',
}

const TYPES: Readonly<Record<TicketFacts['seatType'], string>> = {
  STANDARD: '',
  PREMIUM: 'Premium',
  ACCESSIBLE: 'Wheelchair place',
  COUPLE: 'Sofa',
}

function sheetOf(deps: Pick<Deps, 'jwtSecret'>, ticket: TicketFacts): TicketSheet {
  const refusal = ticket.status === 'VALID' ? null : REFUSALS[ticket.status]
  const cancelled = ticket.isCancelled ? 'Cancelled: this showing does not take place' : null
  const whyNot = cancelled ?? refusal
  return {
    title: ticket.movie,
    subtitle: `${ticket.theatre}, ${ticket.address}, ${ticket.city}`,
    facts: [
      ['When', `${ticket.localStartsAt} (${ticket.timeZone})`],
      ['Screen', ticket.screen],
      ['Seat', `Row ${ticket.row}, seat ${ticket.number}`],
      ['Kind', TYPES[ticket.seatType]],
    ],
    qrCode: whyNot === null ? ticketQrCode(deps, ticket.id) : null,
    refusal: whyNot,
    code: whyNot === null ? ticketCode(deps, ticket.id) : '',
  }
}

/** What a code shows: one ticket, or all of an order that were paid. Null for a code that is none of ours. */
export async function findTicketSheet(
  deps: Pick<Deps, 'db' | 'jwtSecret'>,
  code: string,
): Promise<readonly TicketSheet[] | null> {
  const ticketId = openTicketCode(deps, code)
  const orderId = ticketId === null ? openOrderTicketsCode(deps, code) : null
  if (ticketId === null && orderId === null) return null
  const tickets = await findTicketFacts(deps.db, { ticketId, orderId })
  return tickets.map((ticket) => sheetOf(deps, ticket))
}
