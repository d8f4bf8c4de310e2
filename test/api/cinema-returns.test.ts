import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ShopClient } from '../support/shop.ts'
import { beginsIn, buyTickets, ORDER_TICKETS, type Purchase, payFor } from '../support/tickets.ts'

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
  const screenId = await world.screen(staff, theatreId, { name: `Hall ${halls}`, rows: world.rows('SSSS') })
  const prices = { currency: 'EUR', standard: '9.00' }
  showtimeId = await world.showtime(staff, movieId, screenId, { prices })
  seats = await world.seats(screenId)
})
afterAll(() => server.close())

const buy = (viewer: Viewer | null, names = ['A1', 'A2'], input = {}) =>
  buyTickets(
    cinema,
    shop,
    viewer,
    showtimeId,
    names.map((name) => seats[name]),
    input,
  )

const cancel = async (viewer: Viewer | null, ticketIds: string[], more: Record<string, unknown> = {}) => {
  const { data, errors } = await cinema.ask(
    `mutation ($input: CancelTicketsInput!) { done: cancelTickets(input: $input) { tickets { id status } refunds { id amount { minorUnits } order { id } }
       userErrors { code path ... on CancellationClosed { closedAt } ... on IllegalTransition { from allowed } } } }`,
    { input: { ticketIds, ...more } },
    viewer,
  )
  const error = data?.done?.userErrors[0] ?? null
  return { ...data?.done, error, outcome: errors?.[0]?.extensions.code ?? error?.code ?? 'ok' }
}

const orderOf = async (viewer: Viewer | null, { orderId, token }: Purchase) =>
  (await cinema.ask(ORDER_TICKETS, { id: orderId, token }, viewer)).data.order

const ids = ({ tickets }: Purchase): string[] => tickets.map(({ id }) => id)
const refundedMinor = (order: { refunds: { amount: { minorUnits: number } }[] }): number =>
  order.refunds.reduce((sum, { amount }) => sum + amount.minorUnits, 0)
const checkIn = async (code: string): Promise<string> => {
  const query = 'mutation ($code: String!) { done: checkInTicket(input: { code: $code }) { userErrors { code } } }'
  return (await cinema.ask(query, { code }, staff)).data.done.userErrors[0]?.code ?? 'ok'
}
const staffRefunds = async ({ orderId }: Purchase): Promise<string> => {
  const query =
    'mutation ($id: ID!) { done: refundOrder(input: { id: $id, restock: true }) { order { status } userErrors { code } } }'
  return (await cinema.ask(query, { id: orderId }, staff)).data.done.userErrors[0]?.code ?? 'ok'
}

describe.each(['member', 'guest'] as const)('a %s', (who) => {
  const viewer = () => (who === 'member' ? ada : null)

  test('gives one ticket back, and then the other: the seat is free at once and what it cost goes back', async () => {
    const bought = await buy(viewer())
    const [first = '', second = ''] = ids(bought)
    expect(bought.tickets[0]?.isCancellable).toBe(true)
    const done = await cancel(viewer(), [first], { cartToken: bought.token })
    expect(done).toMatchObject({
      outcome: 'ok',
      tickets: [{ id: first, status: 'REFUNDED' }],
      refunds: [{ amount: { minorUnits: 900 }, order: { id: bought.orderId } }],
    })
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'FREE', A2: 'SOLD' })
    expect(await orderOf(viewer(), bought)).toMatchObject({
      status: 'FULFILLED',
      refunds: [{ amount: { minorUnits: 900 }, reason: 'The buyer gave the tickets back.' }],
    })
    expect((await cinema.hold(bob, showtimeId, [seats.A1])).outcome).toBe('ok')
    await cancel(viewer(), [second], { cartToken: bought.token })
    const order = await orderOf(viewer(), bought)
    expect([order.status, refundedMinor(order)]).toEqual(['REFUNDED', 1_800])
    const again = await cancel(viewer(), [first], { cartToken: bought.token })
    expect(again.error).toMatchObject({
      code: 'ILLEGAL_TRANSITION',
      from: 'REFUNDED',
      path: ['input', 'ticketIds', '0'],
    })
  })

  test('is the only one who may', async () => {
    const bought = await buy(viewer())
    for (const [other, more] of [
      [bob, {}],
      [staff, {}],
      [null, { cartToken: 'somebody-elses-token-somebody-elses-token-1' }],
      [null, {}],
    ] as const) {
      expect((await cancel(other, ids(bought), more)).outcome).toBe('NOT_FOUND')
    }
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'SOLD', A2: 'SOLD' })
  })
})

test('a ticket goes back at what was paid for it: its part of a discount stays with the house', async () => {
  await server.world.coupon(staff, { code: 'HALF', percentBasisPoints: 5_000 })
  const { value: held } = await cinema.hold(ada, showtimeId, [seats.A1, seats.A2])
  await shop.run('addHoldToCart', ada, { holdId: held.id })
  await shop.run('applyCoupon', ada, { code: 'HALF' }, undefined, 'CouponCodeInput')
  const bought = await payFor(cinema, shop, ada, held)
  await cancel(ada, ids(bought).slice(0, 1))
  expect(refundedMinor(await orderOf(ada, bought))).toBe(450)
})

test.each([
  ['an hour and a minute before the beginning', '61 minutes', null, 'ok'],
  ['an hour before the beginning', '60 minutes', null, 'CANCELLATION_CLOSED'],
  ['after the beginning', '-1 minute', null, 'CANCELLATION_CLOSED'],
  ['late, where the house allows it', '16 minutes', 15, 'ok'],
  ['too late there as well', '14 minutes', 15, 'CANCELLATION_CLOSED'],
])('%s: %s', async (_, startsIn, cutOff, expected) => {
  const id = encodeId('theatre', theatreId)
  const update = await cinema.run('updateTheatre', staff, { id, cancellationMinutes: cutOff ?? 60 })
  expect(update.outcome).toBe('ok')
  const bought = await buy(ada)
  await beginsIn(cinema, showtimeId, startsIn)
  const { outcome, error } = await cancel(ada, ids(bought))
  expect(outcome).toBe(expected)
  if (expected === 'ok') return
  expect(Date.parse(error.closedAt)).toBeLessThanOrEqual(Date.now())
  expect(refundedMinor(await orderOf(ada, bought))).toBe(0)
  expect((await orderOf(ada, bought)).lines[0].ticket.isCancellable).toBe(false)
})

test('of twenty requests at once one gives the tickets back, and the money goes back once', async () => {
  const bought = await buy(ada)
  const done = await Promise.all(Array.from({ length: 20 }, () => cancel(ada, ids(bought))))
  expect(done.map(({ outcome }) => outcome).sort()).toEqual([...Array(19).fill('ILLEGAL_TRANSITION'), 'ok'])
  expect(refundedMinor(await orderOf(ada, bought))).toBe(1_800)
})

test('the same key gets the same answer', async () => {
  const bought = await buy(ada)
  const more = { idempotencyKey: 'give-them-back' }
  const done = await Promise.all(Array.from({ length: 5 }, () => cancel(ada, ids(bought), more)))
  expect(done.map(({ outcome }) => outcome)).toEqual(Array(5).fill('ok'))
  expect(new Set(done.map(({ refunds }) => refunds[0].id)).size).toBe(1)
  expect((await cancel(ada, ids(bought).slice(1), more)).outcome).toBe('CONFLICT')
  expect(refundedMinor(await orderOf(ada, bought))).toBe(1_800)
})

test('a door that lets in, a buyer who gives back and staff who pay back at the same moment: one of them does', async () => {
  await cinema.run('updateTheatre', staff, { id: encodeId('theatre', theatreId), cancellationMinutes: 0 })
  for (let round = 0; round < 8; round++) {
    const bought = await buy(ada, ['A1'])
    await beginsIn(cinema, showtimeId, '30 minutes')
    const [door, buyer, house] = await Promise.all([
      checkIn(bought.tickets[0]?.code ?? ''),
      cancel(ada, ids(bought)).then(({ outcome }) => outcome),
      staffRefunds(bought),
    ])
    expect([door, buyer, house].filter((outcome) => outcome === 'ok')).toHaveLength(1)
    const order = await orderOf(ada, bought)
    expect(refundedMinor(order)).toBe(door === 'ok' ? 0 : 900)
    expect(order.lines[0].ticket.status).toBe(door === 'ok' ? 'CHECKED_IN' : 'REFUNDED')
    await server.running.atrium.deps.db.query('delete from seat_claims where showtime_id = $1', [showtimeId])
    await server.running.atrium.deps.db.query(`update tickets set status = 'REFUNDED' where showtime_id = $1`, [
      showtimeId,
    ])
  }
  await cinema.run('updateTheatre', staff, { id: encodeId('theatre', theatreId), cancellationMinutes: 60 })
})

test('tickets that staff had paid back and left valid are given back for nothing more', async () => {
  const bought = await buy(ada)
  const query =
    'mutation ($id: ID!) { done: refundOrder(input: { id: $id, restock: false }) { order { status } userErrors { code } } }'
  await cinema.ask(query, { id: bought.orderId }, staff)
  expect((await cancel(ada, ids(bought))).outcome).toBe('ok')
  expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'FREE', A2: 'FREE' })
  expect(refundedMinor(await orderOf(ada, bought))).toBe(1_800)
})

test('bad input is refused', async () => {
  expect((await cancel(ada, [])).outcome).toBe('INVALID_INPUT')
  expect((await cancel(ada, ['order_01h455vb4pex5vsknk084sn02q'])).outcome).toBe('NOT_FOUND')
  const many = Array.from({ length: 51 }, (_, n) =>
    encodeId('ticket', `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`),
  )
  expect((await cancel(ada, many)).outcome).toBe('LIMIT_EXCEEDED')
  for (const cancellationMinutes of [-1, 20_161]) {
    const id = encodeId('theatre', theatreId)
    expect((await cinema.run('updateTheatre', staff, { id, cancellationMinutes })).outcome).toBe('INVALID_INPUT')
  }
})
