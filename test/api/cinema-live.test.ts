import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeId, newId, type Uuid } from '../../src/core/ids.ts'
import { extendHold, holdSeats, releaseHold } from '../../src/domain/cinema/hold.ts'
import { memberHolder } from '../../src/domain/cinema/holder.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { subscribed, untilRunning } from '../support/listener.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

interface Seen {
  freeCount: number
  seats: { row: string; number: number; status: string; heldUntil: string | null }[]
}

let server: TestServer
let cinema: CinemaClient
let staff: Viewer
let ada: Viewer
let movieId: Uuid
let theatreId: Uuid
let halls = 0

beforeAll(async () => {
  server = await startTestServer()
  cinema = new CinemaClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
  movieId = await server.world.cinema.movie(staff)
  theatreId = await server.world.cinema.theatre(staff)
})
afterAll(() => server.close())

async function hall() {
  const world = server.world.cinema
  halls += 1
  const screenId = await world.screen(staff, theatreId, { name: `Hall ${halls}`, rows: world.rows('SSSS', 'SSSS') })
  const showtimeId = await world.showtime(staff, movieId, screenId)
  const ids = await world.seats(screenId)
  return { showtimeId, seats: (...names: string[]) => names.map((name) => ids[name] ?? '') }
}

const FIELDS =
  'freeCount seats { seatId row number rowIndex columnIndex type pair status heldUntil price { amount currency } }'

/** Somebody who watches the seats of a showtime, on a socket of their own. */
function watch(showtime: string, token: string | null = null) {
  const query = `subscription ($id: ID!) { heard: seatMapChanged(showtimeId: $id) { ${FIELDS} } }`
  const listener = subscribed<Seen>(server.socket(token), query, { id: showtime })
  const statusOf = (name: string): string | undefined =>
    listener.heard.at(-1)?.seats.find(({ row, number }) => `${row}${number}` === name)?.status
  return {
    ...listener,
    sees: (name: string, status: string) =>
      vi.waitFor(() => expect(statusOf(name)).toBe(status), { timeout: 10_000, interval: 10 }),
  }
}

describe('who watches the seats of a showtime', () => {
  test('sees them as they are now, in the words of the query, then each hold and its end', async () => {
    const { showtimeId, seats } = await hall()
    const id = encodeId('showtime', showtimeId)
    const watcher = watch(id)
    await watcher.sees('A1', 'FREE')
    const { data } = await cinema.ask(
      `query ($id: ID!) { node(id: $id) { ... on Showtime { seatMap { ${FIELDS} } } } }`,
      { id },
    )
    expect(watcher.heard[0]).toEqual(data.node.seatMap)
    const holder = memberHolder(ada)
    const hold = await holdSeats(server.running.atrium.deps, holder, { showtimeId, seatIds: seats('A1', 'A2') })
    await watcher.sees('A1', 'HELD')
    const held = watcher.heard.at(-1)
    expect(held?.freeCount).toBe(6)
    expect(held?.seats[0]?.heldUntil).toBe(new Date(hold.expiresAt).toISOString())
    await releaseHold(server.running.atrium.deps, holder, hold.id)
    await watcher.sees('A1', 'FREE')
    expect(watcher.errors).toEqual([])
    await watcher.leave()
  })

  test('hears of a lapse when it happens, though nobody does anything', async () => {
    const { showtimeId, seats } = await hall()
    const { deps } = server.running.atrium
    await holdSeats(deps, memberHolder(ada), { showtimeId, seatIds: seats('A1', 'A2') })
    await deps.db.query(
      `update seat_claims set expires_at = now() + interval '700 milliseconds' where showtime_id = $1`,
      [showtimeId],
    )
    const watcher = watch(encodeId('showtime', showtimeId))
    await watcher.sees('A1', 'HELD')
    await watcher.sees('A1', 'FREE')
    await watcher.leave()
  })

  test('hears of the lapse of a hold that was extended when that is over, and not before', async () => {
    const { showtimeId, seats } = await hall()
    const { deps } = server.running.atrium
    const hold = await holdSeats(deps, memberHolder(ada), { showtimeId, seatIds: seats('A1', 'A2') })
    const ends = (inMs: number) =>
      deps.db.query(
        `update seat_claims set held_at = now() - interval '19 minutes 58 seconds', expires_at = now() + $2::text::interval where showtime_id = $1`,
        [showtimeId, `${inMs} milliseconds`],
      )
    await ends(500)
    const watcher = watch(encodeId('showtime', showtimeId))
    await watcher.sees('A1', 'HELD')
    const extended = await extendHold(deps, memberHolder(ada), hold.id)
    await watcher.sees('A1', 'FREE')
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(extended.expiresAt) - 5)
    await watcher.leave()
  })

  test('sees the same as everybody else, be it a guest or staff, and at most ten times a second', async () => {
    const { showtimeId, seats } = await hall()
    const { deps } = server.running.atrium
    const id = encodeId('showtime', showtimeId)
    const watchers = [watch(id), watch(id, await server.tokenOf(ada)), watch(id, await server.tokenOf(staff))]
    await Promise.all(watchers.map((each) => each.sees('A1', 'FREE')))
    const startedAtMs = performance.now()
    for (let time = 0; time < 50; time++) {
      const hold = await holdSeats(deps, memberHolder(ada), { showtimeId, seatIds: seats('A1', 'A2') })
      await releaseHold(deps, memberHolder(ada), hold.id)
    }
    await holdSeats(deps, memberHolder(ada), { showtimeId, seatIds: seats('B1', 'B2') })
    await Promise.all(watchers.map((each) => each.sees('B1', 'HELD')))
    const seconds = (performance.now() - startedAtMs) / 1000
    for (const { heard } of watchers) {
      expect(heard.at(-1)).toEqual(watchers[0]?.heard.at(-1))
      expect(heard.length).toBeLessThan(seconds * 10 + 4)
    }
    for (const each of watchers) await each.leave()
  })

  test('costs what one costs, however many watch: the map is read once and sent to all', async () => {
    const { showtimeId, seats } = await hall()
    const { deps } = server.running.atrium
    const id = encodeId('showtime', showtimeId)
    const token = await server.tokenOf(ada)
    const executions = async (kind: string): Promise<number> => {
      const text = await (await fetch(`${server.url}/metrics`)).text()
      return Number(new RegExp(`^atrium_live_executions_total\\{kind="${kind}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
    }
    const watchers = Array.from({ length: 40 }, (_, n) => watch(id, n % 2 === 0 ? null : token))
    await Promise.all(watchers.map((each) => each.sees('A1', 'FREE')))
    await untilRunning(server, watchers.length)
    const before = [await executions('shared'), await executions('own')]
    await holdSeats(deps, memberHolder(ada), { showtimeId, seatIds: seats('A1', 'A2') })
    await Promise.all(watchers.map((each) => each.sees('A1', 'HELD')))
    const after = [await executions('shared'), await executions('own')]
    expect((after[0] ?? 0) - (before[0] ?? 0)).toBe(1)
    expect((after[1] ?? 0) - (before[1] ?? 0)).toBe(0)
    for (const each of watchers) await each.leave()
  })

  test.each([
    ['no showtime', encodeId('showtime', newId())],
    ['a movie', encodeId('movie', newId())],
    ['nothing', 'nothing'],
  ])('is told that %s is not found, and nothing stays open', async (_, id) => {
    const watcher = watch(id)
    await vi.waitFor(
      () => expect(watcher.errors.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND']),
      10_000,
    )
    await watcher.leave()
    await untilRunning(server, 0)
  })
})
