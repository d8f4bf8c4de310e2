import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, newId, type Uuid } from '../../src/core/ids.ts'
import type { NewMovie } from '../../src/domain/cinema/movie.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let cinema: CinemaClient
let staff: Viewer
let north: Uuid
let south: Uuid

const MOVIES: (Partial<NewMovie> & { title: string })[] = [
  {
    title: 'It',
    synopsis: 'Children meet a clown who swims.',
    genres: ['HORROR', 'DRAMA'],
    releaseDay: '2020-03-01',
    cast: [{ name: 'Maud Okafor', character: 'Beverly' }, { name: 'Leo Anselm' }],
  },
  {
    title: 'The Swimmer',
    director: 'Ines Calder',
    synopsis: 'A man crosses the county from pool to pool.',
    genres: ['DRAMA'],
    releaseDay: '2021-06-01',
    cast: [{ name: 'Leo Anselm' }],
  },
  { title: 'A Very Long Holiday', synopsis: 'Nothing happens.', genres: ['COMEDY'], releaseDay: '2022-01-01' },
]
const ids: Record<string, Uuid> = {}

beforeAll(async () => {
  server = await startTestServer()
  cinema = new CinemaClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  const world = server.world.cinema
  for (const movie of MOVIES) ids[movie.title] = await world.movie(staff, movie)
  north = await world.theatre(staff, { name: 'North' })
  south = await world.theatre(staff, { name: 'South', city: 'Lyon', timeZone: 'Asia/Tokyo' })
  const large = await world.screen(staff, north, { name: 'Large', rows: world.rows('SSSA', 'AAAA') })
  const small = await world.screen(staff, south, { name: 'Small', rows: world.rows('SSSS') })
  await world.showtime(staff, ids.It ?? '', large, { day: world.day(2) })
  await world.showtime(staff, ids.It ?? '', small, { day: world.day(3) })
  await world.showtime(staff, ids['The Swimmer'] ?? '', small, { day: world.day(2), time: '08:00' })
  const cancelled = await world.showtime(staff, ids['A Very Long Holiday'] ?? '', large, { day: world.day(5) })
  await cinema.run('cancelShowtime', staff, { id: encodeId('showtime', cancelled) })
})
afterAll(() => server.close())

const list = async (filter: Record<string, unknown>, more = '') => {
  const { data, errors } = await cinema.ask(
    `query ($filter: MovieFilter) { movies(filter: $filter ${more}) { totalCount nodes { title } } }`,
    { filter },
  )
  if (errors !== undefined) return errors[0]?.extensions.code
  expect(data.movies.totalCount).toBe(data.movies.nodes.length)
  return data.movies.nodes.map(({ title }: { title: string }) => title)
}

describe('movies are found', () => {
  test.each<[string, () => Record<string, unknown>, string[]]>([
    ['by a title that is a stop word elsewhere', () => ({ text: 'it' }), ['It']],
    ['by words of the synopsis in another form', () => ({ text: 'swimming' }), ['It']],
    ['by their director', () => ({ text: 'calder' }), ['The Swimmer']],
    ['by one genre', () => ({ genres: ['DRAMA'] }), ['The Swimmer', 'It']],
    ['by all of several genres', () => ({ genres: ['DRAMA', 'HORROR'] }), ['It']],
    ['by an actor, in any case', () => ({ actor: 'leo ANSELM' }), ['The Swimmer', 'It']],
    ['by the whole name of an actor only', () => ({ actor: 'leo' }), []],
    ['by theatre', () => ({ theatreId: encodeId('theatre', north) }), ['It']],
    ['by the day in the venue’s calendar', () => ({ day: server.world.cinema.day(2) }), ['The Swimmer', 'It']],
    [
      'by theatre and day together',
      () => ({ theatreId: encodeId('theatre', south), day: server.world.cinema.day(2) }),
      ['The Swimmer'],
    ],
    ['by free places for wheelchairs', () => ({ accessibleSeats: 5 }), ['It']],
    ['not by more of them than there are', () => ({ accessibleSeats: 6 }), []],
    ['not by a cancelled showtime', () => ({ day: server.world.cinema.day(5) }), []],
    [
      'by everything at once',
      () => ({ text: 'clown', genres: ['HORROR'], actor: 'Maud Okafor', day: server.world.cinema.day(3) }),
      ['It'],
    ],
  ])('%s', async (_, filter, titles) => {
    expect(await list(filter())).toEqual(titles)
  })

  test('in the order that is asked for', async () => {
    expect(await list({}, ', orderBy: TITLE')).toEqual(['A Very Long Holiday', 'It', 'The Swimmer'])
    expect(await list({}, ', orderBy: NEWEST')).toEqual(['A Very Long Holiday', 'The Swimmer', 'It'])
    expect(await list({ text: 'swimmer or clown' }, ', orderBy: RELEVANCE')).toEqual(['The Swimmer', 'It'])
  })

  test('page by page, forward and back, without gap or repetition', async () => {
    for (const orderBy of ['TITLE', 'NEWEST']) {
      const seen: string[] = []
      let after: string | null = null
      do {
        const { data } = await cinema.ask(
          `query ($after: String) { movies(first: 1, after: $after, orderBy: ${orderBy}) { nodes { title } pageInfo { endCursor hasNextPage } } }`,
          { after },
        )
        seen.push(...data.movies.nodes.map(({ title }: { title: string }) => title))
        after = data.movies.pageInfo.hasNextPage ? data.movies.pageInfo.endCursor : null
      } while (after !== null)
      expect(seen).toEqual(await list({}, `, orderBy: ${orderBy}`))
    }
  })

  test.each([
    ['a theatre that is none', { theatreId: 'theatre_x' }],
    ['another kind of id', { theatreId: encodeId('movie', newId()) }],
  ])('and %s is refused', async (_, filter) => {
    expect(await list(filter)).toBe('NOT_FOUND')
  })

  test('a forged cursor is refused', async () => {
    for (const key of ['2026-02-31', 'yesterday', '0000-01-01']) {
      const after = Buffer.from(JSON.stringify(['NEWEST', key, newId()])).toString('base64url')
      const { errors } = await cinema.ask('query ($after: String) { movies(after: $after) { nodes { id } } }', {
        after,
      })
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    }
  })
})

describe('showtimes are found', () => {
  test('ahead and not cancelled, the next one first, by every condition', async () => {
    const titles = async (filter: Record<string, unknown>) => {
      const { data } = await cinema.ask(
        'query ($filter: ShowtimeFilter) { showtimes(filter: $filter) { totalCount nodes { movie { title } theatre { name } } } }',
        { filter },
      )
      expect(data.showtimes.totalCount).toBe(data.showtimes.nodes.length)
      return data.showtimes.nodes.map(
        (each: { movie: { title: string }; theatre: { name: string } }) =>
          `${each.movie.title} at ${each.theatre.name}`,
      )
    }
    const world = server.world.cinema
    expect(await titles({})).toEqual(['The Swimmer at South', 'It at North', 'It at South'])
    expect(await titles({ movieId: encodeId('movie', ids.It ?? '') })).toEqual(['It at North', 'It at South'])
    expect(await titles({ theatreId: encodeId('theatre', south) })).toEqual(['The Swimmer at South', 'It at South'])
    expect(await titles({ day: world.day(3) })).toEqual(['It at South'])
    expect(await titles({ accessibleSeats: 1 })).toEqual(['It at North'])
    expect(await titles({ from: `${world.day(2)}T00:00:00Z`, before: `${world.day(3)}T00:00:00Z` })).toEqual([
      'It at North',
    ])
  })
})

describe('a movie', () => {
  const create = (input: Record<string, unknown>) =>
    cinema.run('createMovie', staff, {
      title: 'X',
      genres: ['DRAMA'],
      runningTimeMinutes: 90,
      releaseDay: '2026-01-01',
      ...input,
    })

  test('is made with its cast in the order of the credits, and changed in part', async () => {
    const cast = [{ name: 'B', character: 'One' }, { name: 'A' }]
    const { value } = await create({ cast, genres: ['DRAMA', 'DRAMA', 'COMEDY'] })
    expect(value).toMatchObject({
      genres: ['DRAMA', 'COMEDY'],
      cast: [
        { name: 'B', character: 'One' },
        { name: 'A', character: '' },
      ],
    })
    const changed = await cinema.run('updateMovie', staff, { id: value.id, title: 'Y' })
    expect(changed.value).toMatchObject({ ...value, title: 'Y' })
    const emptied = await cinema.run('updateMovie', staff, { id: value.id, cast: [], lastDay: '2026-02-01' })
    expect(emptied.value).toMatchObject({ cast: [], lastDay: '2026-02-01', title: 'Y' })
    expect((await cinema.run('updateMovie', staff, { id: value.id, lastDay: null })).value.lastDay).toBeNull()
  })

  test.each<[string, Record<string, unknown>, string[]]>([
    ['no title', { title: ' ' }, ['input', 'title']],
    ['a title of two lines', { title: 'a\nb' }, ['input', 'title']],
    ['no genre', { genres: [] }, ['input', 'genres']],
    ['too many genres', { genres: ['ACTION', 'DRAMA', 'COMEDY', 'WAR', 'MUSIC', 'CRIME'] }, ['input', 'genres']],
    ['no length', { runningTimeMinutes: 0 }, ['input', 'runningTimeMinutes']],
    ['the length of a month', { runningTimeMinutes: 43_200 }, ['input', 'runningTimeMinutes']],
    ['a run that ends before it begins', { lastDay: '2025-12-31' }, ['input', 'lastDay']],
    ['somebody without a name', { cast: [{ name: '' }] }, ['input', 'cast', '0', 'name']],
  ])('with %s is refused', async (_, input, path) => {
    expect((await create(input)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path }])
  })

  test('is deleted only while it was never planned, with what hangs on it', async () => {
    const { value } = await create({})
    expect((await cinema.run('deleteMovie', staff, { id: value.id })).value).toBe(value.id)
    expect((await cinema.run('deleteMovie', staff, { id: value.id })).outcome).toBe('NOT_FOUND')
    const planned = encodeId('movie', ids['A Very Long Holiday'] ?? '')
    expect((await cinema.run('deleteMovie', staff, { id: planned })).outcome).toBe('INVALID_INPUT')
  })

  test('has a poster that browsers keep for ever, at an address that changes with what is on it', async () => {
    const { value } = await create({ title: '<script>alert(1)</script> & sons', director: '"><x onload=' })
    const urlOf = async () => {
      const { data } = await cinema.ask('query ($id: ID!) { node(id: $id) { ... on Movie { posterUrl } } }', {
        id: value.id,
      })
      return data.node.posterUrl as string
    }
    const url = await urlOf()
    const response = await fetch(url)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    const svg = await response.text()
    expect(svg).not.toMatch(/<script|<x /)
    expect(svg).toContain('&lt;script&gt;')
    expect(await (await fetch(url)).text()).toBe(svg)
    await cinema.run('updateMovie', staff, { id: value.id, title: 'Another' })
    expect(await urlOf()).not.toBe(url)
    const old = await fetch(url, { redirect: 'manual' })
    expect([old.status, old.headers.get('location')]).toEqual([302, new URL(await urlOf()).pathname])
    const none = await fetch(`${server.url}/posters/${encodeId('movie', newId())}/x.svg`)
    expect(none.status).toBe(404)
    expect((await fetch(`${server.url}/posters/nothing/x.svg`)).status).toBe(404)
  })
})

describe('a theatre and its screens', () => {
  test('have names of their own', async () => {
    const theatre = (name: string) =>
      cinema.run('createTheatre', staff, { name, address: 'x', city: 'y', timeZone: 'UTC' })
    const { value } = await theatre('Unique')
    expect((await theatre('Unique')).userErrors).toMatchObject([{ code: 'TAKEN', path: ['input', 'name'] }])
    const screen = (name: string) =>
      cinema.run('createScreen', staff, { theatreId: value.id, name, rows: [{ name: 'A', seats: 'SS_sCC' }] })
    const made = await screen('One')
    expect(made.value).toMatchObject({ seatCount: 5, cleaningMinutes: 20 })
    expect(
      made.value.seats.map((seat: { number: number; type: string; isBlocked: boolean }) => [
        seat.number,
        seat.type,
        seat.isBlocked,
      ]),
    ).toEqual([
      [1, 'STANDARD', false],
      [2, 'STANDARD', false],
      [3, 'STANDARD', true],
      [4, 'COUPLE', false],
      [5, 'COUPLE', false],
    ])
    expect((await screen('One')).userErrors).toMatchObject([{ code: 'TAKEN', path: ['input', 'name'] }])
    expect((await cinema.run('updateTheatre', staff, { id: value.id, name: 'North' })).outcome).toBe('TAKEN')
  })

  test('a blocked seat is not sold until it is unblocked; a sofa is blocked as a whole', async () => {
    const world = server.world.cinema
    const screenId = await world.screen(staff, north, { name: 'Blocks', rows: world.rows('SSCC') })
    const showtimeId = await world.showtime(staff, ids.It ?? '', screenId, { day: world.day(8) })
    const seats = await world.seats(screenId)
    const block = (name: string, isBlocked: boolean) =>
      cinema.run('blockSeat', staff, { id: encodeId('seat', seats[name] ?? ''), isBlocked })
    await block('A1', true)
    await block('A4', true)
    expect(await cinema.map(showtimeId)).toEqual({ A1: 'BLOCKED', A2: 'FREE', A3: 'BLOCKED', A4: 'BLOCKED' })
    await block('A3', false)
    await block('A1', false)
    expect(new Set(Object.values(await cinema.map(showtimeId)))).toEqual(new Set(['FREE']))
  })
})
