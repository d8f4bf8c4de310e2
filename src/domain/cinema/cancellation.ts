import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Transaction } from '../../db/database.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { lockOrder, type Order, type OrderHolder, tokenHashOf } from '../shop/order.ts'
import { isOrderBuyer } from '../shop/order-rules.ts'
import { takeBackLines } from '../shop/refund.ts'
import { MAX_CART_SEATS, type TicketStatus, ticketLifecycle } from './rules.ts'

export interface TicketCancellation {
  ticketIds: readonly Uuid[]
  idempotencyKey?: string | undefined
}

const listPath = ['input', 'ticketIds']
const pathOf = (at: number): string[] => [...listPath, String(at)]

export interface CancelledTickets {
  readonly ticketIds: readonly Uuid[]
  /** One for each order in which they cost something. */
  readonly refundIds: readonly Uuid[]
}

interface Found {
  id: Uuid
  orderId: Uuid
  status: TicketStatus
  closedAt: string
  isClosed: boolean
}

/** What is cancelled, under the orders' locks: whatever else happens to these tickets has happened, or waits. */
const findTickets = (tx: Transaction, ids: readonly Uuid[]): Promise<Found[]> =>
  tx.query<Found>(
    `select t.id, t.order_id as "orderId", t.status, s.starts_at - make_interval(mins => h.cancellation_minutes) as "closedAt",
       s.status <> 'CANCELLED' and s.starts_at - make_interval(mins => h.cancellation_minutes) <= clock_timestamp() as "isClosed"
     from tickets t join showtimes s on s.id = t.showtime_id join theatres h on h.id = s.theatre_id where t.id = any($1::text::uuid[])`,
    [pgArray(ids)],
  )

/**
 * The buyer gives tickets back: the seats are free at once, and what they cost is refunded. All of them or none, each
 * once, until the theatre's cut-off by the database's clock.
 * @throws DomainError `NOT_FOUND` naming a ticket that is not the buyer's, `ILLEGAL_TRANSITION` for one that is used, not
 * paid, paid back or disputed at the buyer's bank, `CANCELLATION_CLOSED` with the time, `INVALID_INPUT`, `CONFLICT` (key).
 */
export async function cancelTickets(
  deps: Deps,
  holder: OrderHolder,
  input: TicketCancellation,
): Promise<CancelledTickets> {
  const ids = [...new Set(input.ticketIds)]
  if (ids.length === 0) throw invalidInput(listPath, 'Name at least one ticket.')
  if (ids.length > MAX_CART_SEATS) {
    throw new DomainError('LIMIT_EXCEEDED', `At most ${MAX_CART_SEATS} tickets at once.`, listPath, {
      limit: MAX_CART_SEATS,
    })
  }
  return deps.db.transaction(async (tx) => {
    const cancel = (): Promise<CancelledTickets | Uuid[]> => takeBack(deps, tx, holder, ids)
    const { viewer } = holder
    const done = await (viewer === null ? cancel() : once(tx, viewer.accountId, 'cancelTickets', input, cancel))
    // A key that was used before an update to this version has the tickets alone for its answer.
    return Array.isArray(done) ? { ticketIds: done, refundIds: [] } : done
  })
}

async function takeBack(
  deps: Deps,
  tx: Transaction,
  holder: OrderHolder,
  ids: readonly Uuid[],
): Promise<CancelledTickets> {
  const before = await findTickets(tx, ids)
  const orders = new Map<Uuid, Order>()
  for (const orderId of [...new Set(before.map((ticket) => ticket.orderId))].sort()) {
    orders.set(orderId, await lockOrder(tx, orderId))
  }
  const tickets = new Map((await findTickets(tx, ids)).map((ticket) => [ticket.id, ticket]))
  for (const [at, id] of ids.entries()) {
    const ticket = tickets.get(id)
    const order = orders.get(ticket?.orderId ?? '')
    if (ticket === undefined || order === undefined || !isOrderBuyer(holder.viewer, tokenHashOf(holder), order)) {
      throw notFound('ticket', pathOf(at))
    }
    // A guest who was let in stays where they are: only the house takes such a ticket back.
    if (ticket.status !== 'VALID') ensureValid(ticket.status, pathOf(at))
    if (ticket.isClosed) {
      const message = 'Tickets of this showtime can no longer be given back.'
      throw new DomainError('CANCELLATION_CLOSED', message, pathOf(at), { closedAt: ticket.closedAt })
    }
  }
  const refundIds: Uuid[] = []
  for (const [orderId, order] of orders) {
    const refIds = new Set([...tickets.values()].filter((ticket) => ticket.orderId === orderId).map(({ id }) => id))
    const back = { refIds, reason: 'The buyer gave the tickets back.', askedAt: listPath }
    const refundId = await takeBackLines(deps, tx, order, back)
    if (refundId !== null) refundIds.push(refundId)
  }
  return { ticketIds: [...ids], refundIds }
}

function ensureValid(from: TicketStatus, path: readonly string[]): never {
  const message = from === 'CHECKED_IN' ? 'This ticket was used.' : 'This ticket is not valid.'
  throw new DomainError('ILLEGAL_TRANSITION', message, path, {
    from,
    allowed: ticketLifecycle.allowed(from).filter((to) => to !== 'REFUNDED'),
  })
}
