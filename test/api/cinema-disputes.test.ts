import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { encodeId, parseId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { type GatewayUnderTest, startWithGateway } from '../support/gateways.ts'
import type { TestServer } from '../support/server.ts'
import { checkOut, pay, ShopClient } from '../support/shop.ts'
import { ORDER_TICKETS } from '../support/tickets.ts'

const patient = { timeout: 30_000, interval: 50 }
const uuidOf = (id: string): Uuid => parseId(id)?.uuid ?? ''

let gateway: GatewayUnderTest
let server: TestServer
let cinema: CinemaClient
let shop: ShopClient
let staff: Viewer
let ada: Viewer
let movieId: Uuid
let theatreId: Uuid
let showtimeId: Uuid
let seats: Record<string, Uuid>
let halls = 0

beforeAll(async () => {
  gateway = await startWithGateway('test')
  server = gateway.server
  cinema = new CinemaClient(server)
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  movieId = await server.world.cinema.movie(staff, { title: 'The movie' })
  theatreId = await server.world.cinema.theatre(staff, { name: 'The house' })
})
beforeEach(async () => {
  const world = server.world.cinema
  halls += 1
  ada = await server.world.person({ handle: `ada-${halls}` })
  const screenId = await world.screen(staff, theatreId, { name: `Hall ${halls}`, rows: world.rows('SSSS') })
  showtimeId = await world.showtime(staff, movieId, screenId, { prices: { currency: 'EUR', standard: '9.00' } })
  seats = await world.seats(screenId)
})
afterAll(() => gateway.close())

const query = <T extends object>(text: string, values: string[]) => server.running.atrium.deps.db.query<T>(text, values)
const orderOf = async (id: string) => (await cinema.ask(ORDER_TICKETS, { id }, ada)).data.order
const ticketsOf = async (id: string): Promise<{ id: string; status: string }[]> =>
  (await orderOf(id)).lines.map(({ ticket }: { ticket: { id: string; status: string } }) => ticket)
const statusesOf = async (id: string) => (await ticketsOf(id)).map(({ status }) => status)
const cancel = async (ticketIds: string[]) =>
  (
    await cinema.ask(
      `mutation ($input: CancelTicketsInput!) { done: cancelTickets(input: $input) { tickets { id } userErrors { code path } } }`,
      { input: { ticketIds } },
      ada,
    )
  ).data.done.userErrors

async function inCart(names: string[]) {
  const held = await cinema.hold(
    ada,
    showtimeId,
    names.map((name) => seats[name]),
  )
  await shop.run('addHoldToCart', ada, { holdId: held.value.id })
}

test('an order that cost nothing lives on while one of its tickets does', async () => {
  await shop.run('createCoupon', staff, { code: 'ALLFREE', percentBasisPoints: 10_000 }, 'coupon { id }')
  await inCart(['A1', 'A2'])
  await shop.run('applyCoupon', ada, { code: 'ALLFREE' }, undefined, 'CouponCodeInput')
  const { id } = (await checkOut(shop, ada)).value
  expect((await orderOf(id)).status).toBe('FULFILLED')
  const [first, second] = await ticketsOf(id)
  expect(await cancel([first?.id ?? ''])).toEqual([])
  expect((await orderOf(id)).status).toBe('FULFILLED')
  expect(await statusesOf(id)).toEqual(['REFUNDED', 'VALID'])
  expect(await cancel([second?.id ?? ''])).toEqual([])
  expect((await orderOf(id)).status).toBe('REFUNDED')
  expect(await statusesOf(id)).toEqual(['REFUNDED', 'REFUNDED'])
})

/** Two seats for 18.00, and the bank asks for the money back. */
async function disputed() {
  await inCart(['A1', 'A2'])
  const { id } = (await checkOut(shop, ada)).value
  await pay(shop, ada, id, 'pm_card_createDispute')
  const reference = await vi.waitFor(async () => {
    const [found] = await query<{ reference: string }>(
      `select d.reference from disputes d join payments p on p.id = d.payment_id where p.order_id = $1 and d.status = 'OPEN'`,
      [uuidOf(id)],
    )
    expect(found?.reference).toMatch(/^dp_/)
    return found?.reference ?? ''
  }, patient)
  return { id, reference }
}

async function decide(orderId: string, disputeReference: string, status: 'won' | 'lost') {
  const [payment] = await query<{ reference: string }>('select reference from payments where order_id = $1', [
    uuidOf(orderId),
  ])
  const object = {
    ...{ object: 'dispute', id: disputeReference, payment_intent: payment?.reference, status, reason: 'fraudulent' },
    ...{ amount: 1_800, currency: 'eur' },
  }
  const id = `evt_${status}_${disputeReference}`
  const body = JSON.stringify({ id, type: 'charge.dispute.closed', created: 1, data: { object } })
  const letter = { id: '', type: '', body, signature: gateway.sign(body) }
  for (let time = 0; time < 2; time += 1) expect(await gateway.office.deliver(server.url, letter)).toBe(204)
}

const refundsOf = (id: string) =>
  query<{ id: Uuid; status: string; amount: number; code: string | null }>(
    'select id, status, amount_minor as amount, failure_code as code from refunds where order_id = $1 order by created_at, id',
    [uuidOf(id)],
  )
const retry = async (refundId: Uuid | undefined) =>
  (await shop.run('retryRefund', staff, { id: encodeId('refund', refundId ?? '') }, 'order { id }')).userErrors[0]?.code

test('tickets are not given back while the bank decides: the money could go twice', async () => {
  const { id, reference } = await disputed()
  const ids = (await ticketsOf(id)).map((ticket) => ticket.id)
  expect(await cancel(ids)).toEqual([{ code: 'ILLEGAL_TRANSITION', path: ['input', 'ticketIds'] }])
  expect(await statusesOf(id)).toEqual(['VALID', 'VALID'])
  expect(await refundsOf(id)).toEqual([])
  await decide(id, reference, 'won')
  expect(await refundsOf(id)).toEqual([])
  expect(await cancel(ids)).toEqual([])
  await vi.waitFor(
    async () => expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [1_800], refundedMinor: 1_800 }),
    patient,
  )
})

test.each(['won', 'lost'] as const)(
  'a showtime that is cancelled while the bank decides takes the seats back, and the money waits: %s',
  async (outcome) => {
    const { id, reference } = await disputed()
    await cinema.run('cancelShowtime', staff, { id: encodeId('showtime', showtimeId) })
    await vi.waitFor(async () => expect(await statusesOf(id)).toEqual(['REFUNDED', 'REFUNDED']), patient)
    const [held] = await refundsOf(id)
    expect(await refundsOf(id)).toMatchObject([{ status: 'FAILED', amount: 1_800, code: 'payment_disputed' }])
    expect(await retry(held?.id)).toBe('ILLEGAL_TRANSITION')
    await decide(id, reference, outcome)
    if (outcome === 'won') {
      await vi.waitFor(
        async () => expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [1_800], refundedMinor: 1_800 }),
        patient,
      )
      expect(await refundsOf(id)).toMatchObject([{ status: 'FAILED' }, { amount: 1_800 }])
    } else {
      expect(await retry(held?.id)).toBe('LIMIT_EXCEEDED')
      expect(await refundsOf(id)).toHaveLength(1)
      expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [1_800], refundedMinor: 0 })
    }
  },
)
