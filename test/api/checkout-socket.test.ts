import type { Client } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeId, parseId, type Uuid } from '../../src/core/ids.ts'
import { changeRole } from '../../src/domain/account/account.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { type Listener, subscribed } from '../support/listener.ts'
import { type Answer, startTestServer, type TestServer } from '../support/server.ts'
import { ADDRESS, ShopClient } from '../support/shop.ts'
import { buyTickets } from '../support/tickets.ts'

let server: TestServer
let shop: ShopClient
let cinema: CinemaClient
let staff: Viewer
let shelf: Uuid
let showtimeId: Uuid
let seats: Record<string, Uuid>
let people = 0

const patient = { timeout: 30_000, interval: 20 }

beforeAll(async () => {
  server = await startTestServer()
  shop = new ShopClient(server)
  cinema = new CinemaClient(server)
  const { world } = server
  staff = await world.person({ handle: 'staff', role: 'STAFF' })
  shelf = await world.productCategory(staff, { name: 'Shelf' })
  const rows = world.cinema.rows('SSSSSSSS', 'SSSSSSSS')
  const theatreId = await world.cinema.theatre(staff)
  const screenId = await world.cinema.screen(staff, theatreId, { name: 'Hall', rows, allowsSingleSeats: true })
  showtimeId = await world.cinema.showtime(staff, await world.cinema.movie(staff), screenId)
  seats = await world.cinema.seats(screenId)
})
afterAll(() => server.close())

const db = () => server.running.atrium.deps.db
const person = () => server.world.person({ handle: `person-${++people}` })
const socketOf = async (viewer: Viewer | null) => server.socket(viewer === null ? null : await shop.tokenOf(viewer))

/** One operation through a socket. */
async function through(client: Client, query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
  for await (const result of client.iterate({ query, variables })) return result as unknown as Answer
  throw new Error('the socket answered nothing')
}

const refusalsOf = ({ errors }: Listener): string[] => errors.map(({ extensions }) => extensions.code)

const CHECKOUT = `mutation ($input: CheckoutInput!) { checkout(input: $input) { order { id } userErrors { code path } } }`
const PAY = `mutation ($input: PayOrderInput!) { payOrder(input: $input) { order { id status } userErrors { code } } }`

/** A cart with pieces of something, and what its checkout says. */
async function cartOf(viewer: Viewer | null, quantity = 1) {
  const cup = (await shop.product(staff, shelf)).variants[0] ?? ''
  const { cartToken: token } = (await shop.add(viewer, cup, quantity)).value
  const { totals } = await shop.cart(viewer, token)
  const expectedTotal = { amount: (totals.total.minorUnits / 100).toFixed(2), currency: 'EUR' }
  const guest = viewer === null ? { cartToken: token, email: 'guest@example.com' } : {}
  return { token, cup, input: { idempotencyKey: 'one-key-for-all', address: ADDRESS, expectedTotal, ...guest } }
}

describe('an idempotency key', () => {
  test('is one and the same over HTTP and sockets: of forty requests at once, one order', async () => {
    for (const viewer of [await person(), null]) {
      const { input } = await cartOf(viewer)
      const client = await socketOf(viewer)
      const done = await Promise.all(
        Array.from({ length: 40 }, (_, at) =>
          at % 2 === 0 ? through(client, CHECKOUT, { input }) : shop.ask(CHECKOUT, { input }, viewer),
        ),
      )
      const ids = done.map(({ data }) => data.checkout.order?.id ?? data.checkout.userErrors)
      expect(new Set(ids).size).toBe(1)
      expect(parseId(ids[0])?.prefix).toBe('order')
    }
  })

  test('of another is another’s: it neither finds their order nor stands in one’s way', async () => {
    const [ada, bob] = [await person(), await person()]
    const [first, second, guest] = [await cartOf(ada), await cartOf(bob), await cartOf(null)]
    const orders = [
      await through(await socketOf(ada), CHECKOUT, { input: first.input }),
      await through(await socketOf(bob), CHECKOUT, { input: second.input }),
      await through(await socketOf(null), CHECKOUT, { input: guest.input }),
    ].map(({ data }) => data.checkout.order.id)
    expect(new Set(orders).size).toBe(3)
    // A guest’s token opens the guest’s order for who has it, and no other.
    const stolen = { ...guest.input, cartToken: `${guest.token.slice(0, -1)}${guest.token.endsWith('A') ? 'B' : 'A'}` }
    const { data } = await through(await socketOf(null), CHECKOUT, { input: stolen })
    expect(data.checkout).toEqual({ order: null, userErrors: [{ code: 'NOT_FOUND', path: ['input', 'cartToken'] }] })
  })
})

test('a flood of attempts to pay through one socket charges once, and one that is left in the middle goes on', async () => {
  const ada = await person()
  const { input, cup } = await cartOf(ada)
  const client = await socketOf(ada)
  const { id } = (await through(client, CHECKOUT, { input })).data.checkout.order
  const cards = ['4242424242424242', '4000000000000002', '5555555555554444', '4000000000009995']
  const attempt = (at: number) => ({
    query: PAY,
    variables: { input: { id, paymentMethod: cards[at % cards.length] } },
  })
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, at) => {
      if (at % 3 > 0) return through(client, attempt(at).query, attempt(at).variables)
      // Sent, and completed before an answer can come.
      client.subscribe(attempt(at), { next: () => {}, error: () => {}, complete: () => {} })()
      return null
    }),
  )
  for (const outcome of outcomes) {
    if (outcome === null) continue
    expect(outcome.errors).toBeUndefined()
    const { order, userErrors } = outcome.data.payOrder
    expect(['PAID', 'PAYMENT_DECLINED', 'ILLEGAL_TRANSITION']).toContain(order?.status ?? userErrors[0].code)
  }
  const orderId = parseId(id)?.uuid ?? ''
  await vi.waitFor(
    async () =>
      expect(await db().query('select status from orders where id = $1', [orderId])).toEqual([{ status: 'PAID' }]),
    patient,
  )
  expect(await db().query('select status from test_payments where order_id = $1', [orderId])).toEqual([
    { status: 'SUCCEEDED' },
  ])
  expect(
    await db().query(`select quantity from stock_movements where variant_id = $1 and kind = 'OUT'`, [cup]),
  ).toEqual([{ quantity: -1 }])
})

describe('what is live', () => {
  const ORDER_LIVE = `subscription ($id: ID!, $token: String) { heard: orderUpdated(id: $id, cartToken: $token) {
    status ticketsUrl payment { clientSecret } lines { ticket { code url qrCode } } } }`

  test('shows a guest’s tickets to the guest, and never to staff or who has no token, though all send the same', async () => {
    const bought = await buyTickets(cinema, shop, null, showtimeId, [seats.A1, seats.A2])
    const variables = { id: bought.orderId }
    const guest = subscribed(await socketOf(null), ORDER_LIVE, { ...variables, token: bought.token })
    const clerk = subscribed(await socketOf(staff), ORDER_LIVE, { ...variables, token: bought.token })
    const clerkAlone = subscribed(await socketOf(staff), ORDER_LIVE, variables)
    const stranger = subscribed(await socketOf(await person()), ORDER_LIVE, variables)
    const nobody = subscribed(await socketOf(null), ORDER_LIVE, variables)
    await vi.waitFor(() => {
      for (const { heard } of [guest, clerk, clerkAlone]) expect(heard.length).toBeGreaterThan(0)
      for (const each of [stranger, nobody]) expect(refusalsOf(each)).toEqual(['NOT_FOUND'])
    }, patient)
    await shop.run('completeOrder', staff, { id: bought.orderId }, 'order { id }', 'ShopIdInput')
    await vi.waitFor(() => {
      for (const { heard } of [guest, clerk, clerkAlone]) expect(heard.at(-1).status).toBe('COMPLETED')
    }, patient)
    for (const { lines } of guest.heard) expect(lines[0].ticket.code).toMatch(/^[\w-]{43}$/)
    for (const order of [...clerk.heard, ...clerkAlone.heard]) {
      expect(order).toMatchObject({ ticketsUrl: null, payment: { clientSecret: null } })
      for (const { ticket } of order.lines) expect(ticket).toEqual({ code: null, url: null, qrCode: null })
    }
    expect([...stranger.heard, ...nobody.heard]).toEqual([])
  })

  test('ends for staff who are staff no more, and for who signs out, before the next change', async () => {
    const admin = await server.world.person({ handle: 'admin', role: 'ADMIN' })
    const clerk = await server.world.person({ handle: 'clerk', role: 'STAFF' })
    const ada = await person()
    const { input } = await cartOf(ada)
    const { id } = (await shop.ask(CHECKOUT, { input }, ada)).data.checkout.order
    const sockets = [await socketOf(ada), await socketOf(clerk)] as const
    const codes = [0, 0]
    for (const [at, socket] of sockets.entries()) {
      socket.on('closed', (event) => {
        codes[at] = (event as { code: number }).code
      })
    }
    const [buyer, former] = [subscribed(sockets[0], ORDER_LIVE, { id }), subscribed(sockets[1], ORDER_LIVE, { id })]
    await vi.waitFor(() => {
      for (const { heard } of [buyer, former]) expect(heard).toHaveLength(1)
    }, patient)
    await changeRole(server.running.atrium.deps, admin, clerk.accountId, 'MEMBER')
    await vi.waitFor(() => expect(codes).toEqual([0, 4403]), patient)
    await shop.ask('mutation { signOut { __typename } }', {}, ada)
    await vi.waitFor(() => expect(codes).toEqual([4403, 4403]), patient)
    await shop.run('cancelOrder', staff, { id }, 'order { status }', 'OrderInput')
    for (const { heard } of [buyer, former]) expect(heard).toHaveLength(1)
  })

  test('of a place in a line is for its member alone, whatever others know of it', async () => {
    const [ada, bob, waiting] = [await person(), await person(), await person()]
    const screen = server.world.cinema.rows('SS')
    const theatreId = await server.world.cinema.theatre(staff)
    const screenId = await server.world.cinema.screen(staff, theatreId, { name: 'Small', rows: screen })
    const small = await server.world.cinema.showtime(staff, await server.world.cinema.movie(staff), screenId)
    const own = await server.world.cinema.seats(screenId)
    const { value: held } = await cinema.hold(ada, small, [own.A1, own.A2])
    const { data } = await shop.ask(
      'mutation ($id: ID!) { joinWaitlist(input: { showtimeId: $id, seatCount: 2 }) { entry { id } userErrors { code } } }',
      { id: encodeId('showtime', small) },
      waiting,
    )
    const { id } = data.joinWaitlist.entry
    const LINE = 'subscription ($id: ID!) { heard: waitlistEntryUpdated(id: $id) { status hold { id } } }'
    const mine = subscribed(await socketOf(waiting), LINE, { id })
    const others = [subscribed(await socketOf(bob), LINE, { id }), subscribed(await socketOf(staff), LINE, { id })]
    const guest = subscribed(await socketOf(null), LINE, { id })
    await vi.waitFor(() => {
      expect(mine.heard).toHaveLength(1)
      for (const each of others) expect(refusalsOf(each)).toEqual(['NOT_FOUND'])
      expect(refusalsOf(guest)).toEqual(['UNAUTHENTICATED'])
    }, patient)
    await cinema.run('releaseHold', ada, { id: held.id })
    await vi.waitFor(() => expect(mine.heard.at(-1).status).toBe('OFFERED'), patient)
    const offer = mine.heard.at(-1).hold.id
    // Who knows the id of the offer has nothing of it, as a member or as a guest.
    const ADD = 'mutation ($input: AddHoldToCartInput!) { addHoldToCart(input: $input) { userErrors { code } } }'
    const SEE = 'query ($id: ID!) { node(id: $id) { id } }'
    for (const viewer of [bob, staff]) {
      const client = await socketOf(viewer)
      expect((await through(client, ADD, { input: { holdId: offer } })).data.addHoldToCart.userErrors).toEqual([
        { code: 'HOLD_LAPSED' },
      ])
      expect((await through(client, SEE, { id: offer })).errors?.[0]?.extensions.code).toBe('NOT_FOUND')
    }
    const input = { holdId: offer, guestToken: 'A'.repeat(43) }
    expect((await through(await socketOf(null), ADD, { input })).data.addHoldToCart.userErrors).toEqual([
      { code: 'HOLD_LAPSED' },
    ])
    for (const { heard } of [...others, guest]) expect(heard).toEqual([])
  })
})
