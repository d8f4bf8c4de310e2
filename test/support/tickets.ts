import type { Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import type { CinemaClient } from './cinema.ts'
import { checkOut, pay, type ShopClient } from './shop.ts'

export interface BoughtTicket {
  id: string
  code: string
  url: string
  qrCode: string
  isCancellable: boolean
  status: string
}

export interface Purchase {
  orderId: string
  /** Of a guest. */
  token: string | null
  ticketsUrl: string
  tickets: BoughtTicket[]
}

export const ORDER_TICKETS = `query ($id: ID!, $token: String) { order(id: $id, cartToken: $token) { id status ticketsUrl
  refunds { amount { minorUnits } reason } lines { kind ticket { id code url qrCode isCancellable status } } } }`

/** Seats that somebody (null: a guest) chose, put into the cart and paid for, as buyers do. */
export async function buyTickets(
  cinema: CinemaClient,
  shop: ShopClient,
  viewer: Viewer | null,
  showtimeId: Uuid,
  seatIds: readonly (Uuid | undefined)[],
  input: Record<string, unknown> = {},
): Promise<Purchase> {
  const { value: held, outcome } = await cinema.hold(viewer, showtimeId, seatIds)
  if (held === null) throw new Error(`the seats were not held: ${outcome}`)
  return payFor(cinema, shop, viewer, held, input)
}

/** A hold that is put into the cart and paid for. */
export async function payFor(
  cinema: CinemaClient,
  shop: ShopClient,
  viewer: Viewer | null,
  held: { id: string; guestToken?: string | null },
  input: Record<string, unknown> = {},
): Promise<Purchase> {
  const put = { holdId: held.id, guestToken: held.guestToken ?? null }
  const { value: cart } = await shop.run('addHoldToCart', viewer, put)
  const { value: order, userErrors } = await checkOut(shop, viewer, input, cart.cartToken)
  if (order === null) throw new Error(`the order was not placed: ${JSON.stringify(userErrors)}`)
  await pay(shop, viewer, order.id, 'pm_card_visa', cart.cartToken)
  const { data } = await cinema.ask(ORDER_TICKETS, { id: order.id, token: cart.cartToken }, viewer)
  const tickets = data.order.lines.flatMap((line: { ticket: BoughtTicket | null }) => line.ticket ?? [])
  return { orderId: order.id, token: cart.cartToken, ticketsUrl: data.order.ticketsUrl, tickets }
}

/** The showtime begins in so long, such as `30 minutes`. */
export const beginsIn = (cinema: CinemaClient, showtimeId: Uuid, interval: string): Promise<unknown> =>
  cinema.server.running.atrium.deps.db.query(
    `update showtimes set starts_at = now() + $2::text::interval, ends_at = now() + $2::text::interval + interval '100 minutes',
       cleared_at = now() + $2::text::interval + interval '2 hours' where id = $1`,
    [showtimeId, interval],
  )
