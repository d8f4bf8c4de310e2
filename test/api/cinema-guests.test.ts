import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { type Answer, startTestServer, type TestServer } from '../support/server.ts'
import { ADDRESS, ShopClient } from '../support/shop.ts'
import { payFor } from '../support/tickets.ts'

let server: TestServer
let cinema: CinemaClient
let shop: ShopClient
let staff: Viewer
let movieId: Uuid
let theatreId: Uuid
let showtimeId: Uuid
let seats: Record<string, Uuid>
let halls = 0

beforeAll(async () => {
  server = await startTestServer({ limits: { guestSeatsPerShowtime: 12, guestSeatsPerAddress: 1_000 } })
  cinema = new CinemaClient(server)
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  movieId = await server.world.cinema.movie(staff)
  theatreId = await server.world.cinema.theatre(staff)
})
beforeEach(hall)
afterAll(() => server.close())

async function hall(): Promise<void> {
  const world = server.world.cinema
  halls += 1
  const rows = world.rows('SSSSSSSSSS', 'SSSSSSSSSS')
  const screenId = await world.screen(staff, theatreId, { name: `Hall ${halls}`, rows, allowsSingleSeats: true })
  showtimeId = await world.showtime(staff, movieId, screenId, { prices: { currency: 'EUR', standard: '9.00' } })
  seats = await world.seats(screenId)
}

const hold = (viewer: Viewer | null, names: string[], token?: string) =>
  cinema.hold(
    viewer,
    showtimeId,
    names.map((name) => seats[name]),
    token,
  )
const claim = async (viewer: Viewer | null, guestToken: string) => {
  const query = `mutation ($token: String!) { done: claimSeatHolds(input: { guestToken: $token }) {
    holds { id seats { row number } } userErrors { code path } } }`
  const { data, errors } = await cinema.ask(query, { token: guestToken }, viewer)
  return { holds: data?.done?.holds, outcome: errors?.[0]?.extensions.code ?? data.done.userErrors[0]?.code ?? 'ok' }
}

describe('a guest who signs in', () => {
  test('brings the seats along, pays for them as a member, and has the tickets', async () => {
    const eve = await server.world.person({ handle: 'eve' })
    await hold(eve, ['B1'])
    const { value: held } = await hold(null, ['A1', 'A2'])
    const done = await claim(eve, held.guestToken)
    expect(done.holds).toHaveLength(2)
    expect((await claim(eve, held.guestToken)).holds).toHaveLength(2)
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'HELD', A2: 'HELD', B1: 'HELD' })
    // They are no longer the guest's.
    expect((await cinema.run('extendHold', null, { id: held.id, guestToken: held.guestToken })).outcome).toBe(
      'HOLD_LAPSED',
    )
    await payFor(cinema, shop, eve, { id: held.id })
    const { data } = await cinema.ask('{ viewer { tickets(first: 5) { totalCount } } }', {}, eve)
    expect(data.viewer.tickets.totalCount).toBe(2)
  })

  test('has no more seats with them than anybody may have: all stay with the guest', async () => {
    const eve = await server.world.person({ handle: 'eve-many' })
    await hold(eve, ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'B9'])
    const { value: held } = await hold(null, ['A1', 'A2'])
    expect((await claim(eve, held.guestToken)).outcome).toBe('LIMIT_EXCEEDED')
    const { value } = await cinema.run('extendHold', null, { id: held.id, guestToken: held.guestToken })
    expect(value.seats).toHaveLength(2)
  })

  test('takes nothing over that has lapsed, and nothing with a token that is none', async () => {
    const eve = await server.world.person({ handle: 'eve-late' })
    const { value: held } = await hold(null, ['A1'])
    await server.running.atrium.deps.db.query(
      `update seat_claims set expires_at = now() - interval '1 second' where showtime_id = $1`,
      [showtimeId],
    )
    expect((await claim(eve, held.guestToken)).holds).toEqual([])
    expect((await claim(eve, 'none')).outcome).toBe('INVALID_INPUT')
    expect((await claim(null, held.guestToken)).outcome).toBe('UNAUTHENTICATED')
  })
})

describe('guests at one address', () => {
  test('cannot hold a whole house by being a new guest each time; another showtime and members are not meant', async () => {
    const names = Object.keys(seats)
    const outcomes: string[] = []
    for (let at = 0; at < 20; at += 4) outcomes.push((await hold(null, names.slice(at, at + 4))).outcome)
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'RATE_LIMITED', 'RATE_LIMITED'])
    expect(Object.values(await cinema.map(showtimeId)).filter((status) => status === 'HELD')).toHaveLength(12)
    // Not before the time is over for which they can keep seats unpaid, extended and then ordered.
    const { errors } = await cinema.ask(
      'mutation ($input: HoldSeatsInput!) { holdSeats(input: $input) { hold { id } } }',
      { input: { showtimeId: encodeId('showtime', showtimeId), seatIds: [encodeId('seat', seats.B9 ?? '')] } },
      null,
    )
    const retryAfter = errors?.[0]?.extensions.retryAfterSeconds
    expect(retryAfter).toBeGreaterThan(20 * 60)
    expect(retryAfter).toBeLessThanOrEqual(35 * 60)
    const eve = await server.world.person({ handle: 'eve-free' })
    expect((await hold(eve, ['B8'])).outcome).toBe('ok')
    await hall()
    expect((await hold(null, ['A1'])).outcome).toBe('ok')
  })

  test('have a whole network of addresses where they come by IPv6, and are still counted as one', async () => {
    const proxied = await startTestServer({
      databaseUrl: server.databaseUrl,
      config: { trustProxy: true },
      limits: { guestSeatsPerShowtime: 3, guestOrdersPerAddress: 1, paymentAttemptsPerBuyer: 1 },
    })
    const from = async (address: string, query: string, input: object) => {
      const response = await fetch(`${proxied.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ query, variables: { input } }),
      })
      const { data, errors } = (await response.json()) as Answer
      return errors?.[0]?.extensions.code ?? data.done.userErrors[0]?.code ?? Object.values(data.done)[0]
    }
    const seatsFrom = (address: string, name: string) =>
      from(
        address,
        `mutation ($input: HoldSeatsInput!) { done: holdSeats(input: $input) { hold { seats { row } } userErrors { code } } }`,
        {
          showtimeId: encodeId('showtime', showtimeId),
          seatIds: [encodeId('seat', seats[name] ?? '')],
        },
      )
    const outcomes: unknown[] = []
    for (let at = 1; at <= 5; at += 1) outcomes.push(await seatsFrom(`2001:db8:0:1:${at}::${at}`, `A${at}`))
    const held = { seats: [{ row: 'A' }] }
    expect(outcomes).toEqual([held, held, held, 'RATE_LIMITED', 'RATE_LIMITED'])
    expect(await seatsFrom('2001:db8:0:2::1', 'A9')).toEqual(held)

    const shelf = await proxied.world.productCategory(staff, { name: 'Shelf of guests' })
    const client = new ShopClient(proxied)
    const cup = (await client.product(staff, shelf)).variants[0] ?? ''
    const placed: { id: string; cartToken: string }[] = []
    const orderFrom = async (address: string) => {
      const { cartToken } = (await client.add(null, cup)).value
      const { totals } = await client.cart(null, cartToken)
      const expectedTotal = { amount: (totals.total.minorUnits / 100).toFixed(2), currency: 'EUR' }
      const order = {
        idempotencyKey: 'an-order-of-a-guest',
        address: ADDRESS,
        email: 'guest@example.com',
        expectedTotal,
        cartToken,
      }
      const done = await from(
        address,
        `mutation ($input: CheckoutInput!) { done: checkout(input: $input) { order { id } userErrors { code } } }`,
        order,
      )
      if (typeof done === 'string') return done
      placed.push({ id: done.id, cartToken })
      return 'placed'
    }
    expect(await orderFrom('2001:db8:0:1::a')).toBe('placed')
    expect(await orderFrom('2001:db8:0:1::b')).toBe('RATE_LIMITED')
    expect(await orderFrom('2001:db8:0:2::b')).toBe('placed')

    const payFrom = (address: string, at: number) =>
      from(
        address,
        `mutation ($input: PayOrderInput!) { done: payOrder(input: $input) { order { status } userErrors { code } } }`,
        {
          ...placed[at],
          paymentMethod: 'pm_card_visa_chargeDeclined',
        },
      )
    expect(await payFrom('2001:db8:0:1::c', 0)).toBe('PAYMENT_DECLINED')
    expect(await payFrom('2001:db8:0:1::d', 1)).toBe('RATE_LIMITED')
    expect(await payFrom('2001:db8:0:2::d', 1)).toBe('PAYMENT_DECLINED')
    await proxied.close()
  })

  test('who ask for more seats than there are for anybody are told so, and not kept out for it', async () => {
    const best = { showtimeId: encodeId('showtime', showtimeId), count: 1_000_000 }
    expect((await cinema.run('holdBestSeats', null, best)).outcome).toBe('LIMIT_EXCEEDED')
    expect((await hold(null, ['A1', 'A2'])).outcome).toBe('ok')
  })

  test('nor some seats of every showtime', async () => {
    const strict = await startTestServer({ databaseUrl: server.databaseUrl, limits: { guestSeatsPerAddress: 3 } })
    const client = new CinemaClient(strict)
    const outcomes: string[] = []
    for (let n = 0; n < 3; n++) {
      await hall()
      outcomes.push((await client.hold(null, showtimeId, [seats.A1, seats.A2])).outcome)
    }
    expect(outcomes).toEqual(['ok', 'RATE_LIMITED', 'RATE_LIMITED'])
    await strict.close()
  })
})
