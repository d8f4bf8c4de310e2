import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ShopClient } from '../support/shop.ts'
import { Statements } from '../support/statements.ts'
import { beginsIn, buyTickets } from '../support/tickets.ts'

const statements = new Statements()
let server: TestServer
let cinema: CinemaClient
let shop: ShopClient
let staff: Viewer
let ada: Viewer
let movieId: Uuid
let theatreId: Uuid
let screenId: Uuid
let seats: Record<string, Uuid>
/** On now, tomorrow, the day after, and one that was cancelled. */
let running: Uuid
let next: Uuid
let later: Uuid
let cancelled: Uuid

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  cinema = new CinemaClient(server)
  shop = new ShopClient(server)
  const { world } = server
  staff = await world.person({ handle: 'staff', role: 'STAFF' })
  ada = await world.person({ handle: 'ada' })
  movieId = await world.cinema.movie(staff, { title: 'The movie' })
  theatreId = await world.cinema.theatre(staff, { name: 'The house' })
  const rows = world.cinema.rows('SSSSSS')
  screenId = await world.cinema.screen(staff, theatreId, { rows, allowsSingleSeats: true })
  const elsewhere = await world.cinema.screen(staff, await world.cinema.theatre(staff), { rows })
  seats = await world.cinema.seats(screenId)
  const prices = { currency: 'EUR', standard: '9.00' }
  const showtime = (day: number, on = screenId) =>
    world.cinema.showtime(staff, movieId, on, { day: world.cinema.day(day), prices })
  running = await showtime(1)
  next = await showtime(2)
  later = await showtime(3)
  cancelled = await showtime(4, elsewhere)
  await cinema.run('cancelShowtime', staff, { id: encodeId('showtime', cancelled) })
}, 60_000)
afterAll(() => server.close())

const named = new Map<string, string>()
const list = async (args = ''): Promise<string[]> => {
  for (const [name, id] of Object.entries({ running, next, later, cancelled }))
    named.set(encodeId('showtime', id), name)
  const { data, errors } = await cinema.ask(`{ allShowtimes(first: 50${args}) { totalCount nodes { id } } }`, {}, staff)
  if (errors) return [errors[0]?.extensions.code ?? '']
  expect(data.allShowtimes.totalCount).toBe(data.allShowtimes.nodes.length)
  return data.allShowtimes.nodes.map(({ id }: { id: string }) => named.get(id))
}

test('staff lists what was, is and will be shown, cancelled or not, as everybody lists what is ahead', async () => {
  const { tickets } = await buyTickets(cinema, shop, ada, running, [seats.A1, seats.A2, seats.A3])
  const [first, second] = tickets
  await cinema.ask(
    'mutation ($id: ID!) { cancelTickets(input: { ticketIds: [$id] }) { userErrors { code } } }',
    { id: second?.id },
    ada,
  )
  await beginsIn(cinema, running, '30 minutes')
  await cinema.ask(
    'mutation ($code: String!) { checkInTicket(input: { code: $code }) { userErrors { code } } }',
    { code: first?.code },
    staff,
  )
  await beginsIn(cinema, running, '-10 minutes')
  const open = await cinema.ask('{ showtimes { nodes { id } } }')
  expect(open.data.showtimes.nodes.map(({ id }: { id: string }) => id)).toEqual(
    [next, later].map((id) => encodeId('showtime', id)),
  )
  expect(await list()).toEqual(['running', 'next', 'later', 'cancelled'])
  expect(await list(', orderBy: LAST')).toEqual(['cancelled', 'later', 'next', 'running'])
  expect(await list(', filter: { status: CANCELLED }')).toEqual(['cancelled'])
  expect(await list(`, filter: { theatreId: "${encodeId('theatre', theatreId)}" }`)).toEqual([
    'running',
    'next',
    'later',
  ])
  expect(await list(`, filter: { screenId: "${encodeId('screen', screenId)}", status: SCHEDULED }`)).toHaveLength(3)
  expect(await list(`, filter: { movieId: "${encodeId('movie', movieId)}" }`)).toHaveLength(4)
  expect(await list(`, filter: { day: "${server.world.cinema.day(2)}" }`)).toEqual(['next'])
  expect(await list(`, filter: { before: "${new Date().toISOString()}" }`)).toEqual(['running'])
  expect(await list(`, filter: { from: "${new Date().toISOString()}" }`)).toEqual(['next', 'later', 'cancelled'])
  expect(await list(', filter: { movieId: "nonsense" }')).toEqual(['NOT_FOUND'])

  const query =
    'query ($id: ID!) { node(id: $id) { ... on Showtime { attendance { soldCount checkedInCount refundedCount } } } }'
  const attendanceOf = async (id: Uuid, viewer: Viewer | null = staff) => {
    const { data, errors } = await cinema.ask(query, { id: encodeId('showtime', id) }, viewer)
    return errors?.[0]?.extensions.code ?? data.node.attendance
  }
  expect(await attendanceOf(running)).toEqual({ soldCount: 2, checkedInCount: 1, refundedCount: 1 })
  expect(await attendanceOf(next)).toEqual({ soldCount: 0, checkedInCount: 0, refundedCount: 0 })
  expect(await attendanceOf(running, ada)).toBe('FORBIDDEN')
  expect(await attendanceOf(running, null)).toBe('UNAUTHENTICATED')
})

describe('among thousands of showtimes', () => {
  beforeAll(async () => {
    const { db } = server.running.atrium.deps
    await db.query(
      `with made as (insert into subjects (id, kind) select gen_random_uuid(), 'SHOWTIME' from generate_series(1, 5000) returning id),
         numbered as (select id, row_number() over () as n from made)
       insert into showtimes (id, movie_id, screen_id, theatre_id, status, starts_at, ends_at, cleared_at, local_starts_at, local_day, currency, standard_minor, premium_minor, accessible_minor, couple_minor)
       select id, $1::text::uuid, $2::text::uuid, $3::text::uuid, 'CANCELLED', at, at + interval '1 hour', at + interval '1 hour', at at time zone 'UTC', (at at time zone 'UTC')::date, 'EUR', 1, 1, 1, 1
       from (select id, now() - n * interval '3 hours' as at from numbered) one`,
      [movieId, screenId, theatreId],
    )
    await db.script('analyze')
  }, 60_000)

  test('a page costs as many statements for fifty as for five, and a day reads its own', async () => {
    const query = (first: number, filter = '') =>
      `{ allShowtimes(first: ${first}, orderBy: LAST${filter}) { nodes { id movie { title } theatre { name } attendance { soldCount } } } }`
    const costOf = async (first: number) => (await statements.during(() => cinema.ask(query(first), {}, staff))).length
    await costOf(5)
    expect(await costOf(50)).toBe(await costOf(5))
    const day = server.world.cinema.day(-100)
    const sent = await statements.during(() => cinema.ask(query(50, `, filter: { day: "${day}" }`), {}, staff))
    const statement = sent.find(({ text }) => text.includes('from "showtimes"') && text.includes('order by'))
    const plan = await planOfStatement(server.running.atrium.deps.db, statement)
    expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan')
    expect(plan.some((node) => node['Index Name']?.startsWith('showtimes_'))).toBe(true)
    expect(Math.max(...plan.map((node) => node['Actual Rows']))).toBeLessThan(60)
  })
})
