import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import { holdSeats } from '../../src/domain/cinema/hold.ts'
import { memberHolder } from '../../src/domain/cinema/holder.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { type Plan, planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Statement, Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let cinema: CinemaClient
let ada: Viewer
let large: Uuid
let largeSeats: Uuid[]

const MOVIES = 3_000
const SHOWTIMES = 20_000

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  cinema = new CinemaClient(server)
  const { world } = server
  const staff = await world.person({ handle: 'staff', role: 'STAFF' })
  ada = await world.person({ handle: 'ada' })
  const theatreId = await world.cinema.theatre(staff)
  const screenId = await world.cinema.screen(staff, theatreId, {
    name: 'Palace',
    rows: world.cinema.rows(...Array(20).fill('SSSSSSSSSSPPPPPSSSSSSSSAA')),
  })
  const movieId = await world.cinema.movie(staff, { title: 'The first', cast: [{ name: 'Maud Okafor' }] })
  large = await world.cinema.showtime(staff, movieId, screenId, { day: world.cinema.day(1) })
  largeSeats = Object.values(await world.cinema.seats(screenId))
  expect(largeSeats).toHaveLength(500)
  const { db } = server.running.atrium.deps
  await db.query(`with made as (insert into subjects (id, kind) select gen_random_uuid(), 'MOVIE' from generate_series(1, ${MOVIES}) returning id),
    numbered as (select id, row_number() over () as n from made)
    insert into movies (id, title, genres, running_time_minutes, release_day, synopsis)
    select id, 'Movie ' || n, case when n % 50 = 0 then '{WAR}' else '{DRAMA}' end::text[], 100, date '2020-01-01' + (n % 2000)::int,
      case when n % 300 = 0 then 'pangolins at large' else 'people at home' end from numbered`)
  await db.query(
    `insert into movie_cast (movie_id, position, name) select id, 0, 'Actor ' || (row_number() over ()) % 500 from movies where title <> 'The first'`,
  )
  await db.query(
    `with made as (insert into subjects (id, kind) select gen_random_uuid(), 'SHOWTIME' from generate_series(1, ${SHOWTIMES}) returning id),
    numbered as (select id, row_number() over () as n from made), films as (select id, row_number() over () as n from movies)
    insert into showtimes (id, movie_id, screen_id, theatre_id, starts_at, ends_at, cleared_at, local_starts_at, local_day, currency, standard_minor, premium_minor, accessible_minor, couple_minor)
    select numbered.id, films.id, $1, $2, t, t + interval '100 minutes', t + interval '110 minutes', t at time zone 'UTC', (t at time zone 'UTC')::date, 'EUR', 950, 950, 950, 950
    from numbered join films on films.n = 1 + numbered.n % ${MOVIES} cross join lateral (select now() + interval '3 days' + numbered.n * interval '2 hours' as t) times`,
    [screenId, theatreId],
  )
  await db.script('analyze')
}, 120_000)
afterAll(() => server.close())

async function sentFor(
  query: string,
  variables: Record<string, unknown> = {},
  viewer: Viewer | null = null,
): Promise<Statement[]> {
  const check = async (): Promise<void> => {
    expect((await cinema.ask(query, variables, viewer)).errors).toBeUndefined()
  }
  await check()
  return statements.during(check)
}

const MAP = `query ($id: ID!) { node(id: $id) { ... on Showtime { movie { title } theatre { name timeZone } screen { name } prices { type price { amount } }
  seatMap { freeCount seats { seatId row number rowIndex columnIndex type pair status heldUntil price { amount currency } } } } } }`

describe('a seat map of 500 seats', () => {
  test('costs one statement for the showtime, one for all of its seats, and one for each of movie, theatre and screen', async () => {
    const sent = await sentFor(MAP, { id: encodeId('showtime', large) })
    expect(sent).toHaveLength(5)
    const { data } = await cinema.ask(MAP, { id: encodeId('showtime', large) })
    expect(data.node.seatMap.seats).toHaveLength(500)
  })
})

describe('a list costs as many statements for fifty rows as for five', () => {
  test.each([
    [
      'movies with cast, showtimes, theatres, availability, comments and polls',
      `query ($n: Int!) { movies(first: $n) { nodes { title cast { name } posterUrl commentCount pollCount
        showtimes(first: 3) { nodes { localTime theatre { name } screen { name } availability { type free } prices { price { amount } } } } } } }`,
      8,
    ],
    [
      'showtimes with movie, theatre, screen and availability',
      'query ($n: Int!) { showtimes(first: $n) { nodes { movie { title cast { name } } theatre { name screens { name seatCount } } screen { name } availability { type total free } } } }',
      8,
    ],
  ])('%s', async (_, query, most) => {
    const few = await sentFor(query, { n: 5 })
    const many = await sentFor(query, { n: 50 })
    expect(many.length).toBe(few.length)
    expect(many.length).toBeLessThanOrEqual(most)
    expect(new Set(many.map(({ text }) => text)).size).toBe(many.length)
  })
})

test('holding seats costs a look and an insert, whoever else comes at that moment', async () => {
  const { deps } = server.running.atrium
  const hold = (from: number) =>
    holdSeats(deps, memberHolder({ accountId: `01936a4e-0000-7000-8000-${String(from).padStart(12, '0')}` }), {
      showtimeId: large,
      seatIds: [largeSeats[from * 25] ?? ''],
    })
  await hold(0)
  expect(await statements.during(() => hold(1))).toHaveLength(2)
  // The first is served at once, all who come meanwhile together.
  const rush = await statements.during(() => Promise.all(Array.from({ length: 15 }, (_, n) => hold(n + 2))))
  expect(rush).toHaveLength(4)
})

async function plansOf(query: string, table: string, variables: Record<string, unknown> = {}): Promise<Plan[]> {
  const sent = await sentFor(query, variables, ada)
  const statement = sent.find(({ text }) => text.includes(`from "${table}"`))
  return planOfStatement(server.running.atrium.deps.db, statement)
}

describe('a page is read off an index', () => {
  test.each([
    ['movies, the newest', '{ movies(first: 10) { nodes { title } } }', 'movies', 'movies_newest'],
    ['movies by title', '{ movies(first: 10, orderBy: TITLE) { nodes { title } } }', 'movies', 'movies_by_title'],
    ['showtimes ahead', '{ showtimes(first: 10) { nodes { startsAt } } }', 'showtimes', 'showtimes_next'],
  ])('%s', async (_, query, table, index) => {
    const plan = await plansOf(query, table)
    const scans = plan.filter((node) => node['Relation Name'] === table)
    expect(scans.map((node) => node['Index Name'])).toEqual([index])
    expect(scans[0]?.['Actual Rows']).toBe(11)
    expect(plan.map((node) => node['Node Type'])).not.toContain('Sort')
  })

  test.each([
    ['a text', 'filter: { text: "pangolins" }', 'movies'],
    ['a rare genre', 'filter: { genres: [WAR] }', 'movies'],
    ['an actor', 'filter: { actor: "actor 7" }', 'movies'],
  ])('movies with %s are found without reading all of them', async (_, filter, table) => {
    const plan = await plansOf(`{ movies(first: 10, ${filter}) { nodes { title } } }`, table)
    const read = plan
      .filter((node) => node['Relation Name'] === table)
      .reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0)
    expect(read).toBeLessThan(MOVIES / 10)
  })

  test('the showtimes of a movie', async () => {
    const plan = await plansOf(
      '{ movies(first: 1, orderBy: TITLE) { nodes { showtimes(first: 5) { nodes { startsAt } } } } }',
      'showtimes',
    )
    const scans = plan.filter((node) => node['Relation Name'] === 'showtimes')
    expect(scans.map((node) => node['Index Name'])).toEqual(['showtimes_next_by_movie'])
    expect(scans[0]?.['Actual Rows']).toBeLessThanOrEqual(6)
  })
})
