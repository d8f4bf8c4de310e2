import { DomainError } from '../src/core/errors.ts'
import type { Uuid } from '../src/core/ids.ts'
import { newId } from '../src/core/ids.ts'
import { holdSeats } from '../src/domain/cinema/hold.ts'
import type { Viewer } from '../src/domain/viewer.ts'
import { median, type Verdict } from './measure.ts'
import type { BenchServer } from './server.ts'

const BUYERS = 200
const SEATS = 100
const MAX_SEATS = 4
const ROUNDS = 11
const MUST_BE_TIMES = 3

interface Hall {
  screenId: Uuid
  showtimeId: Uuid
  seatIds: Uuid[]
}

/** The same wishes for both ways: what is compared is how they are fulfilled. */
function wishes(seatIds: readonly Uuid[]): Uuid[][] {
  return Array.from({ length: BUYERS }, () => {
    const wanted = new Set<Uuid>()
    const count = 1 + Math.floor(Math.random() * MAX_SEATS)
    while (wanted.size < count) wanted.add(seatIds[Math.floor(Math.random() * seatIds.length)] as Uuid)
    return [...wanted]
  })
}

interface Bought {
  seatIds: readonly Uuid[]
}

type Way = (hall: Hall, holderId: Uuid, seatIds: readonly Uuid[]) => Promise<Bought | null>

/** What the house does, refusals told apart by their type and by nothing else. */
const houseWay =
  ({ running }: BenchServer): Way =>
  async ({ showtimeId }, holderId, seatIds) => {
    try {
      return await holdSeats(running.atrium.deps, { holderId, isGuest: true }, { showtimeId, seatIds })
    } catch (error) {
      if (error instanceof DomainError && error.code === 'SEATS_TAKEN') return null
      throw error
    }
  }

class NotAll extends Error {}

/** The plainest correct way: insert what is free in one order, look whether that was all, or take it back. */
const plainWay =
  ({ running }: BenchServer): Way =>
  async ({ screenId, showtimeId }, holderId, seatIds) => {
    const sorted = [...seatIds].sort()
    const holdId = newId()
    try {
      await running.atrium.deps.db.transaction(async (tx) => {
        const rows = await tx.query(
          `insert into seat_claims (showtime_id, seat_id, screen_id, claim_id, hold_id, holder_id, is_guest, slot, held_at, expires_at)
           select $1::text::uuid, seat, $2::text::uuid, gen_random_uuid(), $3::text::uuid, $4::text::uuid, true, place, now(), now() + interval '10 minutes'
           from unnest($5::text::uuid[]) with ordinality as wanted(seat, place) order by seat
           on conflict (showtime_id, seat_id) do nothing returning seat_id`,
          [showtimeId, screenId, holdId, holderId, `{${sorted.join(',')}}`],
        )
        if (rows.length < sorted.length) throw new NotAll()
      })
      return { seatIds: sorted }
    } catch (error) {
      if (error instanceof NotAll) return null
      throw error
    }
  }

interface Rush {
  bookingsPerSecond: number
  bookings: number
}

/** All buyers at once. Throws when a seat went twice or a buyer got only some of the seats. */
async function rush({ running }: BenchServer, hall: Hall, way: Way): Promise<Rush> {
  const { db } = running.atrium.deps
  await db.query('delete from seat_claims where showtime_id = $1', [hall.showtimeId])
  const wanted = wishes(hall.seatIds)
  const buyers = wanted.map(() => newId())
  const startedAtMs = performance.now()
  const answers = await Promise.all(wanted.map((seatIds, at) => way(hall, buyers[at] as Uuid, seatIds)))
  const seconds = (performance.now() - startedAtMs) / 1000
  const claims = await db.query<{ holder: Uuid; seats: number }>(
    'select holder_id as holder, count(*)::int as seats from seat_claims where showtime_id = $1 group by 1',
    [hall.showtimeId],
  )
  const bySeats = new Map(claims.map(({ holder, seats }) => [holder, seats]))
  const sold = answers.flatMap((answer) => answer?.seatIds ?? [])
  if (new Set(sold).size !== sold.length) throw new Error('a seat was sold twice')
  for (const [at, answer] of answers.entries()) {
    const has = bySeats.get(buyers[at] as Uuid) ?? 0
    if (has !== (answer === null ? 0 : wanted[at]?.length)) throw new Error(`a buyer has ${has} of the wanted seats`)
  }
  const bookings = answers.filter((answer) => answer !== null).length
  return { bookingsPerSecond: bookings / seconds, bookings }
}

async function makeHall(server: BenchServer, staff: Viewer, name: string, allowsSingleSeats: boolean): Promise<Hall> {
  const { cinema } = server.world
  const [movieId, theatreId] = [await cinema.movie(staff), await cinema.theatre(staff)]
  const rows = cinema.rows(...Array<string>(10).fill('S'.repeat(SEATS / 10)))
  const screenId = await cinema.screen(staff, theatreId, { name, rows, allowsSingleSeats })
  const showtimeId = await cinema.showtime(staff, movieId, screenId)
  return { screenId, showtimeId, seatIds: Object.values(await cinema.seats(screenId)) }
}

/**
 * 200 buyers at once for one showtime of 100 seats, 1 to 4 random seats each. Seats are random, as the promise says, so the hall allows
 * single ones; nothing else of the house's rules is left out.
 */
export async function measureCinema(server: BenchServer): Promise<Verdict[]> {
  const staff = await server.world.person({ handle: 'staff-of-the-cinema', role: 'STAFF' })
  const hall = await makeHall(server, staff, 'The rush', true)
  const deadlocks = async (): Promise<number> => {
    const [row] = await server.running.atrium.deps.db.query<{ count: number }>(
      'select deadlocks::int as count from pg_stat_database where datname = current_database()',
    )
    return row?.count ?? 0
  }
  const before = await deadlocks()
  const house: Rush[] = []
  const plain: Rush[] = []
  // The first rounds prepare statements on each connection.
  for (let round = -3; round < ROUNDS; round++) {
    const inTurn = [
      async () => void (await rush(server, hall, houseWay(server)).then((each) => round >= 0 && house.push(each))),
      async () => void (await rush(server, hall, plainWay(server)).then((each) => round >= 0 && plain.push(each))),
    ]
    for (const run of round % 2 === 0 ? inTurn : inTurn.reverse()) await run()
  }
  const perSecond = (rushes: readonly Rush[]): number => median(rushes.map((each) => each.bookingsPerSecond))
  const ratio = perSecond(house) / perSecond(plain)
  const bookings = median(house.map((each) => each.bookings))
  return [
    {
      what: 'Plain transactions’ share of the bookings per second, 200 buyers for 100 seats',
      value: 1 / ratio,
      limit: 1 / MUST_BE_TIMES,
      unit: 'times',
      detail: `${perSecond(house).toFixed(0)}/s against ${perSecond(plain).toFixed(0)}/s: ${ratio.toFixed(2)} times; ${bookings} bookings, none twice, none in part`,
    },
    {
      what: 'Deadlocks among these buyers',
      value: (await deadlocks()) - before,
      limit: 0,
      unit: 'statements',
      detail: `${(ROUNDS + 3) * BUYERS * 2} attempts`,
    },
  ]
}
