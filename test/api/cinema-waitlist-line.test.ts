import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import { memberHolder } from '../../src/domain/cinema/holder.ts'
import { pickSeats } from '../../src/domain/cinema/pick.ts'
import { serveWaitlist } from '../../src/domain/cinema/waitlist-offer.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

vi.mock('../../src/domain/cinema/pick.ts', async (original) => {
  const real = await original<typeof import('../../src/domain/cinema/pick.ts')>()
  return { ...real, pickSeats: vi.fn(real.pickSeats) }
})

let server: TestServer
let staff: Viewer
let showtimeId: Uuid
let seats: Record<string, Uuid>

beforeAll(async () => {
  server = await startTestServer()
  await server.running.atrium.queue.stop(1_000)
  const { cinema } = server.world
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  const movieId = await cinema.movie(staff)
  const theatreId = await cinema.theatre(staff)
  const rows = cinema.rows('SSSSSSSSSS', 'SSSSSSSSSS')
  const screenId = await cinema.screen(staff, theatreId, { name: 'Hall', rows, allowsSingleSeats: false })
  showtimeId = await cinema.showtime(staff, movieId, screenId)
  seats = await cinema.seats(screenId)
})
afterAll(() => server.close())

test('a line of hundreds who all want what is not there is looked through once, not once for each', async () => {
  const { db } = server.running.atrium.deps
  const rows = ['A', 'B']
  for (const row of rows) {
    const names = [1, 2, 5, 6, 9, 10].map((number) => seats[`${row}${number}`] ?? '')
    const holder = memberHolder(await server.world.person({ handle: `holder-${row}`.toLowerCase() }))
    await server.world.cinema.hold(holder, showtimeId, names)
  }
  await db.query(
    `with people as (insert into accounts (id, handle, email, password_hash, name) select gen_random_uuid(), 'waiting-' || n, 'waiting-' || n || '@example.com', '', 'W' from generate_series(1, 300) n returning id)
     insert into waitlist_entries (id, showtime_id, account_id, seat_count, seat_type) select gen_random_uuid(), $1::text::uuid, id, 2, 'PREMIUM' from people`,
    [showtimeId],
  )
  vi.mocked(pickSeats).mockClear()
  expect(await serveWaitlist(server.running.atrium.deps, showtimeId)).toBe(0)
  // As they are wanted, and once more with single seats left alone.
  expect(pickSeats).toHaveBeenCalledTimes(2)
})
