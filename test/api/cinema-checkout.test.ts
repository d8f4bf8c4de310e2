import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { cents, checkOut, pay, ShopClient } from '../support/shop.ts'

let server: TestServer
let shop: ShopClient
let cinema: CinemaClient
let staff: Viewer
let ada: Viewer
let bob: Viewer
let cup: Uuid
let movieId: Uuid
let theatreId: Uuid
let showtimeId: Uuid
let seats: Record<string, Uuid>
let halls = 0

beforeAll(async () => {
  server = await startTestServer()
  shop = new ShopClient(server)
  cinema = new CinemaClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
  bob = await server.world.person({ handle: 'bob' })
  const shelf = await server.world.productCategory(staff, { name: 'Shelf' })
  cup = (await shop.product(staff, shelf, [{ quantity: 1000 }])).variants[0] ?? ''
  movieId = await server.world.cinema.movie(staff, { title: 'The movie' })
  theatreId = await server.world.cinema.theatre(staff, { name: 'The house' })
})
beforeEach(async () => {
  const world = server.world.cinema
  halls += 1
  const screenId = await world.screen(staff, theatreId, { name: `Hall ${halls}`, rows: world.rows('SSSS') })
  const prices = { currency: 'EUR', standard: '9.00', premium: '12.50' }
  showtimeId = await world.showtime(staff, movieId, screenId, { prices })
  seats = await world.seats(screenId)
})
afterAll(() => server.close())

const hold = (viewer: Viewer | null, names: readonly string[]) =>
  cinema.hold(
    viewer,
    showtimeId,
    names.map((name) => seats[name]),
  )
const intoCart = (viewer: Viewer | null, input: Record<string, unknown>) => shop.run('addHoldToCart', viewer, input)
const outOfCart = (viewer: Viewer | null, input: Record<string, unknown>) =>
  shop.run('removeHoldFromCart', viewer, input)
const uuidOf = (id: string): Uuid => parseId(id)?.uuid ?? ''
const lapse = (holdId: string) => server.world.cinema.lapse(uuidOf(holdId))
const ticketsOf = async (viewer: Viewer | null, id: string, token: string | null = null) => {
  const { data } = await shop.ask(
    'query ($id: ID!, $token: String) { order(id: $id, cartToken: $token) { status lines { kind ticket { status code } } } }',
    { id, token },
    viewer,
  )
  return data.order
}

describe.each(['member', 'guest'] as const)('a %s', (who) => {
  const viewer = () => (who === 'member' ? ada : null)

  /** Two seats and two cups in one cart. */
  async function cartOf(names = ['A1', 'A2']) {
    const { value: held } = await hold(viewer(), names)
    const { value: cart } = await shop.add(viewer(), cup, 2)
    const input = { holdId: held.id, guestToken: held.guestToken, cartToken: cart.cartToken }
    const put = await intoCart(viewer(), input)
    return { held, token: cart.cartToken as string | null, input, put }
  }

  test('pays for seats and goods at once, and has the tickets', async () => {
    const { held, token, input, put } = await cartOf()
    expect(put.userErrors).toEqual([])
    expect(put.value.lines).toMatchObject([
      { kind: 'GOODS', quantity: 2, problems: [] },
      { kind: 'TICKET', title: 'The movie', unitPrice: { minorUnits: 900 }, problems: [] },
      { kind: 'TICKET', title: 'The movie', unitPrice: { minorUnits: 900 }, problems: [] },
    ])
    expect((await intoCart(viewer(), input)).value.lines).toHaveLength(3)
    const { value: order, userErrors } = await checkOut(shop, viewer(), {}, token)
    expect(userErrors).toEqual([])
    // Goods and shipping are taxed at 19 %; the price of a ticket has its tax.
    expect(cents(order.totals)).toEqual({ subtotal: 3_800, discount: 0, shipping: 490, tax: 473, total: 4_763 })
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'HELD', A2: 'HELD', A3: 'FREE' })
    expect((await shop.cart(viewer(), token)).lines).toEqual([])
    const paid = await pay(shop, viewer(), order.id, 'pm_card_visa', token)
    expect(paid).toMatchObject({ userErrors: [], value: { status: 'PAID', payment: { status: 'SUCCEEDED' } } })
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'SOLD', A2: 'SOLD', A3: 'FREE' })
    const { lines } = await ticketsOf(viewer(), order.id, token)
    const code = expect.stringMatching(/^[\w-]{43}$/)
    expect(lines).toEqual([
      { kind: 'GOODS', ticket: null },
      { kind: 'TICKET', ticket: { status: 'VALID', code } },
      { kind: 'TICKET', ticket: { status: 'VALID', code } },
    ])
    expect((await hold(bob, ['A1', 'A2'])).outcome).toBe('SEATS_TAKEN')
    expect((await intoCart(viewer(), { ...input, holdId: held.id })).userErrors[0]?.code).toBe('HOLD_LAPSED')
  })

  test('who only buys seats pays what they cost, for the delivery of nothing', async () => {
    const { value: held } = await hold(viewer(), ['A1', 'A2'])
    const { value: cart } = await intoCart(viewer(), { holdId: held.id, guestToken: held.guestToken })
    const { value: order } = await checkOut(shop, viewer(), {}, cart.cartToken)
    expect(cents(order.totals)).toEqual({ subtotal: 1_800, discount: 0, shipping: 0, tax: 0, total: 1_800 })
    const paid = await pay(shop, viewer(), order.id, 'pm_card_visa', cart.cartToken)
    expect(paid.value.status).toBe('FULFILLED')
  })

  test('whose time is up before checkout is told so, and takes the seats out to buy the rest', async () => {
    const { held, token, input } = await cartOf()
    await lapse(held.id)
    const seen = await shop.cart(viewer(), token)
    expect(seen.lines[1].problems).toMatchObject([{ code: 'UNAVAILABLE' }])
    expect((await checkOut(shop, viewer(), {}, token)).userErrors[0]?.code).toBe('HOLD_LAPSED')
    expect((await intoCart(viewer(), input)).userErrors[0]?.code).toBe('HOLD_LAPSED')
    const { value: cart } = await outOfCart(viewer(), { holdId: held.id, cartToken: token })
    expect(cart.lines).toMatchObject([{ kind: 'GOODS', quantity: 2 }])
    const { userErrors } = await checkOut(shop, viewer(), {}, token)
    expect(userErrors).toEqual([])
  })

  test('who pays after the order’s time was up gets the money back where another has the seats', async () => {
    const { token } = await cartOf()
    const { value: order } = await checkOut(shop, viewer(), {}, token)
    const { db } = server.running.atrium.deps
    await db.query(`update seat_claims set expires_at = now() - interval '1 second' where order_id = $1`, [
      uuidOf(order.id),
    ])
    expect((await hold(bob, ['A1', 'A2'])).outcome).toBe('ok')
    await pay(shop, viewer(), order.id, 'pm_card_visa', token)
    const { status, lines } = await ticketsOf(viewer(), order.id, token)
    expect(status).toBe('REFUNDED')
    expect(lines[1].ticket).toEqual({ status: 'RELEASED', code: null })
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'HELD', A2: 'HELD' })
  })
})

test('a payment that comes late takes the seats out of the cart of whoever let them lapse meanwhile', async () => {
  const { value: held } = await hold(ada, ['A1', 'A2'])
  await intoCart(ada, { holdId: held.id })
  const { value: order } = await checkOut(shop, ada)
  const { db } = server.running.atrium.deps
  await db.query(`update seat_claims set expires_at = now() - interval '1 second' where order_id = $1`, [
    uuidOf(order.id),
  ])
  const { value: theirs } = await hold(bob, ['A1', 'A2'])
  await intoCart(bob, { holdId: theirs.id })
  await lapse(theirs.id)
  await pay(shop, ada, order.id)
  expect((await ticketsOf(ada, order.id)).status).toBe('FULFILLED')
  expect((await shop.cart(bob)).lines.filter(({ kind }: { kind: string }) => kind !== 'GOODS')).toEqual([])
  const claims = await db.query(
    `select distinct cart_id as "cartId", is_guest as "isGuest", order_id as "orderId", holder_id as "holderId"
     from seat_claims where showtime_id = $1`,
    [showtimeId],
  )
  const orderId = uuidOf(order.id)
  expect(claims).toEqual([{ cartId: null, isGuest: true, orderId, holderId: orderId }])
})

test('a hold is put into a cart by its holder only', async () => {
  const { value: held } = await hold(ada, ['A1', 'A2'])
  expect((await intoCart(bob, { holdId: held.id })).userErrors[0]?.code).toBe('HOLD_LAPSED')
  expect((await intoCart(null, { holdId: held.id })).userErrors[0]?.code).toBe('NOT_FOUND')
  const another = (await hold(null, ['A3', 'A4'])).value.guestToken
  expect((await intoCart(null, { holdId: held.id, guestToken: another })).userErrors[0]?.code).toBe('HOLD_LAPSED')
  expect((await intoCart(ada, { holdId: held.id })).value.lines).toHaveLength(2)
  // Nor does anybody take it out of a cart that is not theirs.
  await outOfCart(bob, { holdId: held.id })
  expect((await shop.cart(ada)).lines).toHaveLength(2)
  await outOfCart(ada, { holdId: held.id })
})

test('a guest who signs in puts the seats into the member’s cart with the token that held them', async () => {
  const eve = await server.world.person({ handle: 'eve' })
  const { value: held } = await hold(null, ['A1', 'A2'])
  const { value: cart } = await intoCart(eve, { holdId: held.id, guestToken: held.guestToken })
  expect(cart).toMatchObject({ cartToken: null, lines: [{ kind: 'TICKET' }, { kind: 'TICKET' }] })
  const { value: order } = await checkOut(shop, eve)
  await pay(shop, eve, order.id)
  const { data } = await shop.ask('{ viewer { tickets(first: 5) { nodes { status } } } }', {}, eve)
  expect(data.viewer.tickets.nodes).toEqual([{ status: 'VALID' }, { status: 'VALID' }])
})

test('of twenty checkouts of one cart at once, one has the seats, and they are sold once', async () => {
  const eve = await server.world.person({ handle: 'eve-too' })
  const { value: held } = await hold(eve, ['A1', 'A2'])
  await intoCart(eve, { holdId: held.id })
  const done = await Promise.all(Array.from({ length: 20 }, () => checkOut(shop, eve)))
  const orders = done.flatMap(({ value }) => (value === null ? [] : [value]))
  expect(orders).toHaveLength(1)
  expect((await pay(shop, eve, orders[0].id)).value.status).toBe('FULFILLED')
  const rows = await server.running.atrium.deps.db.query('select 1 from tickets where showtime_id = $1', [showtimeId])
  expect(rows).toHaveLength(2)
})

test('seats that a coupon pays for in full need no payment: the order is done, and the tickets are valid', async () => {
  await server.world.coupon(staff, { code: 'ALLFREE', percentBasisPoints: 10_000 })
  const { value: held } = await hold(bob, ['A1', 'A2'])
  await intoCart(bob, { holdId: held.id })
  await shop.run('applyCoupon', bob, { code: 'ALLFREE' }, undefined, 'CouponCodeInput')
  const { value: order } = await checkOut(shop, bob)
  expect(order).toMatchObject({ status: 'FULFILLED', payment: null, totals: { total: { minorUnits: 0 } } })
  expect(order.paidAt).not.toBeNull()
  expect(await ticketsOf(bob, order.id)).toMatchObject({
    lines: [{ ticket: { status: 'VALID' } }, { ticket: { status: 'VALID' } }],
  })
  expect((await pay(shop, bob, order.id)).userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION', from: 'FULFILLED' }])
  const refunded = await shop.run('refundOrder', staff, { id: order.id }, 'order { status refunds { status } }')
  expect(refunded.value).toEqual({ status: 'REFUNDED', refunds: [] })
})
