import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import { refundCancelledShowtime } from '../../src/domain/cinema/showtime-end.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { checkOut, pay, ShopClient } from '../support/shop.ts'
import { beginsIn, buyTickets, ORDER_TICKETS, type Purchase } from '../support/tickets.ts'

let server: TestServer
let cinema: CinemaClient
let shop: ShopClient
let staff: Viewer
let ada: Viewer
let bob: Viewer
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
  ada = await server.world.person({ handle: 'ada' })
  bob = await server.world.person({ handle: 'bob' })
  movieId = await server.world.cinema.movie(staff, { title: 'The movie' })
  theatreId = await server.world.cinema.theatre(staff, { name: 'The house' })
})
beforeEach(async () => {
  const world = server.world.cinema
  halls += 1
  const rows = world.rows('SSSSSSSSSS', 'SSSSSSSSSS')
  const screenId = await world.screen(staff, theatreId, { name: `Hall ${halls}`, rows, allowsSingleSeats: true })
  showtimeId = await world.showtime(staff, movieId, screenId, { prices: { currency: 'EUR', standard: '9.00' } })
  seats = await world.seats(screenId)
})
afterAll(() => server.close())

const query = <T extends object>(text: string, values: string[]) => server.running.atrium.deps.db.query<T>(text, values)
const idOf = () => encodeId('showtime', showtimeId)
const buy = (viewer: Viewer | null, names: string[], input = {}) =>
  buyTickets(
    cinema,
    shop,
    viewer,
    showtimeId,
    names.map((name) => seats[name]),
    input,
  )
const cancelShowtime = () => cinema.run('cancelShowtime', staff, { id: idOf() })
const orderOf = async (viewer: Viewer | null, { orderId, token }: Pick<Purchase, 'orderId' | 'token'>) =>
  (await cinema.ask(ORDER_TICKETS, { id: orderId, token }, viewer)).data.order
const refundsOf = (order: { refunds: { amount: { minorUnits: number } }[] }) =>
  order.refunds.map(({ amount }) => amount.minorUnits)
/** The mails that wait to be sent or were sent, by whom they go to. */
const mailsAbout = async (template: string): Promise<unknown[]> =>
  (
    await query<{ data: unknown }>(
      `select data from pgboss.job where name = 'mail.send' and data->>'template' = $1 and data::text like '%' || $2 || '%'`,
      [template, showtimeId],
    )
  ).map(({ data }) => data)

test('what was paid goes back to everybody once, members and guests, those let in too; buyers get a mail and a notice', async () => {
  const eve = await server.world.person({ handle: 'eve' })
  const members = [await buy(ada, ['A1', 'A2']), await buy(bob, ['B1'])]
  const guest = await buy(null, ['B5', 'B6'])
  const used = await buy(eve, ['A8', 'A9'])
  await beginsIn(cinema, showtimeId, '30 minutes')
  await cinema.ask(
    'mutation ($code: String!) { checkInTicket(input: { code: $code }) { userErrors { code } } }',
    { code: used.tickets[0]?.code },
    staff,
  )
  expect((await cancelShowtime()).value.status).toBe('CANCELLED')
  await vi.waitFor(async () => expect((await orderOf(eve, used)).status).toBe('REFUNDED'), 15_000)
  await vi.waitFor(async () => expect((await orderOf(null, guest)).status).toBe('REFUNDED'), 15_000)
  expect(refundsOf(await orderOf(ada, members[0] as Purchase))).toEqual([1_800])
  expect(refundsOf(await orderOf(bob, members[1] as Purchase))).toEqual([900])
  expect(refundsOf(await orderOf(null, guest))).toEqual([1_800])
  expect(refundsOf(await orderOf(eve, used))).toEqual([1_800])
  expect((await orderOf(eve, used)).lines.map((line: { ticket: { status: string } }) => line.ticket.status)).toEqual([
    'REFUNDED',
    'REFUNDED',
  ])
  expect(await refundCancelledShowtime(server.running.atrium.deps, showtimeId)).toBe(false)
  expect(refundsOf(await orderOf(ada, members[0] as Purchase))).toEqual([1_800])
  expect(await mailsAbout('showtimeCancelled')).toHaveLength(4)
  const inbox = await cinema.ask(
    '{ notifications(first: 1) { nodes { kind subject { ... on Showtime { id status } } } } }',
    {},
    ada,
  )
  expect(inbox.data.notifications.nodes).toEqual([
    { kind: 'SHOWTIME_CANCELLED', subject: { id: idOf(), status: 'CANCELLED' } },
  ])
})

test('what was held is free, carts let go of it, and orders that wait for their payment are given up', async () => {
  await cinema.hold(ada, showtimeId, [seats.A1])
  const { value: held } = await cinema.hold(bob, showtimeId, [seats.A3])
  await shop.run('addHoldToCart', bob, { holdId: held.id })
  const eve = await server.world.person({ handle: 'eve-waits' })
  const { value: kept } = await cinema.hold(eve, showtimeId, [seats.A5])
  await shop.run('addHoldToCart', eve, { holdId: kept.id })
  const { value: order } = await checkOut(shop, eve)
  await cancelShowtime()
  const seatMap = Object.values(await cinema.map(showtimeId))
  expect(new Set(seatMap)).toEqual(new Set(['FREE']))
  expect((await shop.cart(bob)).lines).toEqual([])
  await vi.waitFor(async () => {
    expect((await orderOf(eve, { orderId: order.id, token: null })).status).toBe('CANCELLED')
  }, 15_000)
  expect((await pay(shop, eve, order.id)).userErrors[0]?.code).toBe('ILLEGAL_TRANSITION')
  expect((await cinema.hold(ada, showtimeId, [seats.A1])).outcome).toBe('INVALID_INPUT')
  expect(await mailsAbout('showtimeCancelled')).toHaveLength(1)
})

test('the job goes on where it was stopped: after each batch, and with two at work', async () => {
  const buyers = 6
  for (let n = 0; n < buyers; n++) await buy(null, [`A${n + 1}`])
  // As if the server had died before its job: nothing is queued.
  await query(`update showtimes set status = 'CANCELLED' where id = $1`, [showtimeId])
  const { deps } = server.running.atrium
  await Promise.all([1, 2, 3].map(() => refundCancelledShowtime(deps, showtimeId)))
  const refunds = await query<{ count: number }>(
    `select count(*)::int as count from refunds r where r.order_id in (select order_id from tickets where showtime_id = $1)`,
    [showtimeId],
  )
  expect(refunds[0]?.count).toBe(buyers)
  const left = await query(`select 1 from tickets where showtime_id = $1 and status <> 'REFUNDED'`, [showtimeId])
  expect(left).toEqual([])
})

test('amid checkouts and payments nothing is sold after it, and nobody has paid in vain', async () => {
  for (let round = 0; round < 4; round++) {
    const people = await Promise.all(
      Array.from({ length: 5 }, (_, n) => server.world.person({ handle: `rush-${round}-${n}` })),
    )
    const world = server.world.cinema
    halls += 1
    const screenId = await world.screen(staff, theatreId, {
      name: `Rush ${halls}`,
      rows: world.rows('SSSSSSSSSS'),
      allowsSingleSeats: true,
    })
    showtimeId = await world.showtime(staff, movieId, screenId, { prices: { currency: 'EUR', standard: '9.00' } })
    seats = await world.seats(screenId)
    const carts = await Promise.all(
      people.map(async (person, n) => {
        const { value } = await cinema.hold(person, showtimeId, [seats[`A${n + 1}`]])
        await shop.run('addHoldToCart', person, { holdId: value.id })
        return person
      }),
    )
    const buying = carts.map(async (person) => {
      const { value: order } = await checkOut(shop, person)
      if (order !== null) await pay(shop, person, order.id)
      return order?.id as string | undefined
    })
    const [, ...orders] = await Promise.all([cancelShowtime(), ...buying])
    await vi.waitFor(async () => {
      const left = await query(`select 1 from tickets where showtime_id = $1 and status in ('RESERVED', 'VALID')`, [
        showtimeId,
      ])
      expect(left).toEqual([])
    }, 15_000)
    for (const [n, orderId] of (orders as (string | undefined)[]).entries()) {
      if (orderId === undefined) continue
      const person = people[n] as Viewer
      const order = await orderOf(person, { orderId, token: null })
      expect(['REFUNDED', 'CANCELLED']).toContain(order.status)
      if (order.status === 'REFUNDED') expect(refundsOf(order)).toEqual([900])
    }
    const claims = await query('select 1 from seat_claims where showtime_id = $1', [showtimeId])
    expect(claims).toEqual([])
  }
})

describe('a showtime that', () => {
  test('is over is not cancelled any more', async () => {
    await beginsIn(cinema, showtimeId, '-3 hours')
    expect((await cancelShowtime()).outcome).toBe('INVALID_INPUT')
  })

  test('was cancelled is not cancelled again', async () => {
    await cancelShowtime()
    expect((await cancelShowtime()).outcome).toBe('ILLEGAL_TRANSITION')
  })
})
