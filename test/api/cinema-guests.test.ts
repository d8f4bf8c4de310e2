import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ShopClient } from '../support/shop.ts'
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
