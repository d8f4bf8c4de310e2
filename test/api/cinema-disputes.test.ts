import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { checkOut, ShopClient } from '../support/shop.ts'
import { ORDER_TICKETS } from '../support/tickets.ts'


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
  server = await startTestServer()
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
afterAll(() => server.close())

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
