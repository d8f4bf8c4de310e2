import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import { holdSeats, releaseHold } from '../../src/domain/cinema/hold.ts'
import { guestHolder, newGuestToken } from '../../src/domain/cinema/holder.ts'
import type { Deps } from '../../src/domain/deps.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let servers: TestServer[]
let first: TestServer
let staff: Viewer
let movieId: Uuid
let theatreId: Uuid
let halls = 0

beforeAll(async () => {
  first = await startTestServer()
  // Servers serve those who come at once together; between two of them only the table decides.
  servers = [first, await startTestServer({ databaseUrl: first.databaseUrl })]
  staff = await first.world.person({ handle: 'staff', role: 'STAFF' })
  movieId = await first.world.cinema.movie(staff)
  theatreId = await first.world.cinema.theatre(staff)
})
afterAll(async () => {
  for (const server of [...servers].reverse()) await server.close()
})

async function hall(rows: string[], allowsSingleSeats = true) {
  const world = first.world.cinema
  halls += 1
  const screenId = await world.screen(staff, theatreId, {
    name: `Hall ${halls}`,
    rows: world.rows(...rows),
    allowsSingleSeats,
  })
  const showtimeId = await world.showtime(staff, movieId, screenId)
  return { showtimeId, ids: await world.seats(screenId) }
}

const depsOf = (buyer: number): Deps => servers[buyer % 2]?.running.atrium.deps as Deps

interface Kept {
  holder: Uuid
  seats: string[]
}
const keptOf = (showtimeId: Uuid) =>
  first.running.atrium.deps.db.query<Kept>(
    `select holder_id as holder, json_agg(seat_id order by seat_id) as seats from seat_claims
     where showtime_id = $1 and (expires_at is null or expires_at > now()) group by 1`,
    [showtimeId],
  )

const deadlocks = async (): Promise<number> => {
  const [row] = await first.running.atrium.deps.db.query<{ count: number }>(
    'select deadlocks::int as count from pg_stat_database where datname = current_database()',
  )
  return row?.count ?? 0
}

const some = (ids: readonly string[], count: number): string[] => {
  const chosen = new Set<string>()
  while (chosen.size < count) chosen.add(ids[Math.floor(Math.random() * ids.length)] ?? '')
  return [...chosen]
}

/** Two hundred strangers at two servers at once, 1 to 4 random seats each. */
async function rush(showtimeId: Uuid, ids: readonly string[]) {
  const buyers = Array.from({ length: 200 }, (_, n) => ({
    holder: guestHolder(newGuestToken()),
    seatIds: some(ids, 1 + (n % 4)),
  }))
  const outcomes = await Promise.all(
    buyers.map(({ holder, seatIds }, n) =>
      holdSeats(depsOf(n), holder, { showtimeId, seatIds }).then(
        () => 'ok',
        (error: { code?: string }) => error.code ?? String(error),
      ),
    ),
  )
  return { buyers, outcomes }
}

describe('two hundred buyers at two servers at once, for a hundred seats', () => {
  test('never get a seat twice, never a part of what they wanted, and no error but the typed one', async () => {
    const before = await deadlocks()
    for (let round = 0; round < 3; round++) {
      const { showtimeId, ids } = await hall(Array(10).fill('SSSSSSSSSS'))
      const { buyers, outcomes } = await rush(showtimeId, Object.values(ids))
      expect([...new Set(outcomes)].sort()).toEqual(['SEATS_TAKEN', 'ok'])
      const kept = new Map((await keptOf(showtimeId)).map(({ holder, seats }) => [holder, seats]))
      for (const [n, { holder, seatIds }] of buyers.entries()) {
        expect(kept.get(holder.holderId) ?? []).toEqual(outcomes[n] === 'ok' ? [...seatIds].sort() : [])
      }
      const all = [...kept.values()].flat()
      expect(new Set(all).size).toBe(all.length)
    }
    expect((await deadlocks()) - before).toBe(0)
  })

  test('take over what lapsed, each seat once', async () => {
    const { showtimeId, ids } = await hall(Array(10).fill('SSSSSSSSSS'))
    await rush(showtimeId, Object.values(ids))
    await first.running.atrium.deps.db.query(
      `update seat_claims set expires_at = now() - interval '1 second' where showtime_id = $1`,
      [showtimeId],
    )
    const { buyers, outcomes } = await rush(showtimeId, Object.values(ids))
    expect([...new Set(outcomes)].sort()).toEqual(['SEATS_TAKEN', 'ok'])
    const kept = new Map((await keptOf(showtimeId)).map(({ holder, seats }) => [holder, seats]))
    for (const [n, { holder, seatIds }] of buyers.entries()) {
      expect(kept.get(holder.holderId) ?? []).toEqual(outcomes[n] === 'ok' ? [...seatIds].sort() : [])
    }
  })

  test('sell the house out, seat by seat, with holds released in between', async () => {
    const { showtimeId, ids } = await hall(['SSSSSSSSSS', 'SSSSSSSSSS'])
    const seats = Object.values(ids)
    const before = await deadlocks()
    await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const holder = guestHolder(newGuestToken())
        for (let time = 0; time < 5; time++) {
          const hold = await holdSeats(depsOf(n), holder, { showtimeId, seatIds: some(seats, 3) }).catch(() => null)
          if (hold !== null && time < 4) await releaseHold(depsOf(n + time), holder, hold.id)
        }
      }),
    )
    const all = (await keptOf(showtimeId)).flatMap((each) => each.seats)
    expect(new Set(all).size).toBe(all.length)
    expect((await deadlocks()) - before).toBe(0)
  })
})

describe('one buyer who asks many times at once', () => {
  test('never has more than ten seats, whichever server is asked', async () => {
    const { showtimeId, ids } = await hall(Array(6).fill('SSSSSSSSSS'))
    const seats = Object.values(ids)
    const holder = guestHolder(newGuestToken())
    const done = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        holdSeats(depsOf(n), holder, { showtimeId, seatIds: seats.slice(n * 3, n * 3 + 3) }).then(
          () => 'ok',
          (error: { code?: string }) => error.code ?? String(error),
        ),
      ),
    )
    expect(done.filter((each) => each === 'ok')).toHaveLength(3)
    expect(new Set(done)).toEqual(new Set(['ok', 'LIMIT_EXCEEDED']))
    expect((await keptOf(showtimeId)).map((each) => each.seats.length)).toEqual([9])
  })

  test('and repeats one request has one hold', async () => {
    const { showtimeId, ids } = await hall(['SSSSSS'])
    const ada = await first.world.person({ handle: 'ada' })
    const clients = servers.map((server) => new CinemaClient(server))
    const done = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (clients[n % 2] as CinemaClient).hold(ada, showtimeId, [ids.A1, ids.A2])),
    )
    expect(done.map(({ outcome }) => outcome)).toEqual(Array(20).fill('ok'))
    expect(new Set(done.map(({ value }) => value.id)).size).toBe(1)
  })
})

test('a showtime that is cancelled amid a rush sells nothing afterwards', async () => {
  const cinema = new CinemaClient(first)
  for (let round = 0; round < 5; round++) {
    const { showtimeId, ids } = await hall(Array(4).fill('SSSSSSSSSS'))
    const [cancelled] = await Promise.all([
      cinema.run('cancelShowtime', staff, { id: encodeId('showtime', showtimeId) }),
      rush(showtimeId, Object.values(ids)),
    ])
    expect(cancelled.outcome).toBe('ok')
    const late = await holdSeats(depsOf(round), guestHolder(newGuestToken()), {
      showtimeId,
      seatIds: [ids.A1 ?? ''],
    }).catch((error: { code?: string }) => error.code)
    expect(late).toBe('INVALID_INPUT')
  }
})
