import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, newId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient, named } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let cinema: CinemaClient
let staff: Viewer
let ada: Viewer
let bob: Viewer
let movieId: Uuid
let theatreId: Uuid
let houses = 0

beforeAll(async () => {
  server = await startTestServer()
  cinema = new CinemaClient(server)
  const { world } = server
  staff = await world.person({ handle: 'staff', role: 'STAFF' })
  ada = await world.person({ handle: 'ada' })
  bob = await world.person({ handle: 'bob' })
  movieId = await world.cinema.movie(staff)
  theatreId = await world.cinema.theatre(staff)
})
afterAll(() => server.close())

/** A screen of its own with a showtime tomorrow. */
async function house(...rows: string[]) {
  const world = server.world.cinema
  houses += 1
  const screenId = await world.screen(staff, theatreId, { name: `Screen ${houses}`, rows: world.rows(...rows) })
  const showtimeId = await world.showtime(staff, movieId, screenId)
  const ids = await world.seats(screenId)
  const seats = (...names: string[]) => names.map((name) => ids[name])
  const hold = (viewer: Viewer | null, ...names: string[]) => cinema.hold(viewer, showtimeId, seats(...names))
  return { screenId, showtimeId, seats, hold, id: encodeId('showtime', showtimeId) }
}

describe('holding seats', () => {
  test('keeps them for ten minutes by the database’s clock, and tells what they cost', async () => {
    const { showtimeId, hold, id } = await house('SPSS')
    const { value, outcome } = await hold(ada, 'A2', 'A1')
    expect(outcome).toBe('ok')
    expect(named(value.seats)).toEqual(['A1', 'A2'])
    expect(value).toMatchObject({ total: { amount: '22.50', currency: 'EUR' }, showtime: { id }, guestToken: null })
    expect(Date.parse(value.expiresAt) - Date.parse(value.heldAt)).toBe(600_000)
    expect(await cinema.map(showtimeId)).toEqual({ A1: 'HELD', A2: 'HELD', A3: 'FREE', A4: 'FREE' })
  })

  test('is all or nothing: one taken seat, and none is held; the answer names it and offers as many nearby', async () => {
    const { showtimeId, hold } = await house('SSSSSS', 'SSSSSS')
    await hold(ada, 'A3', 'A4')
    const { value, userErrors } = await hold(bob, 'A4', 'A5')
    expect(value).toBeNull()
    expect(userErrors).toMatchObject([{ __typename: 'SeatsTaken', code: 'SEATS_TAKEN', path: ['input', 'seatIds'] }])
    expect(named(userErrors[0]?.taken)).toEqual(['A4'])
    expect(named(userErrors[0]?.alternatives)).toEqual(['A5', 'A6'])
    expect(Object.values(await cinema.map(showtimeId)).filter((status) => status === 'HELD')).toHaveLength(2)
  })

  test('again with the same seats answers the same hold, so that a request can be repeated', async () => {
    const { hold } = await house('SSSS')
    const first = await hold(ada, 'A1', 'A2')
    const again = await hold(ada, 'A2', 'A1')
    expect(again.value).toEqual(first.value)
    expect((await hold(ada, 'A1')).outcome).toBe('SEATS_TAKEN')
    expect((await hold(bob, 'A1', 'A2')).outcome).toBe('SEATS_TAKEN')
  })

  test('names each seat that is not on the screen, of another screen or of none', async () => {
    const here = await house('SSSS')
    const there = await house('SSSS')
    const { userErrors, value } = await cinema.hold(ada, here.showtimeId, [
      ...here.seats('A1'),
      ...there.seats('A1'),
      newId(),
    ])
    expect(value).toBeNull()
    expect(userErrors.map(({ code, path }) => [code, path.join('.')])).toEqual([
      ['NOT_FOUND', 'input.seatIds.1'],
      ['NOT_FOUND', 'input.seatIds.2'],
    ])
    expect(Object.values(await cinema.map(here.showtimeId))).not.toContain('HELD')
  })

  test('is refused for a showtime that has begun, is paused, cancelled or none', async () => {
    const over = await house('SS')
    await server.world.cinema.begin(over.showtimeId)
    const paused = await house('SS')
    await cinema.run('pauseShowtime', staff, { id: paused.id })
    const cancelled = await house('SS')
    await cinema.run('cancelShowtime', staff, { id: cancelled.id })
    for (const { hold } of [over, paused, cancelled]) {
      expect((await hold(ada, 'A1')).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: ['input', 'showtimeId'] },
      ])
    }
    expect((await cinema.hold(ada, newId(), over.seats('A1'))).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['input', 'showtimeId'] },
    ])
    await cinema.run('resumeShowtime', staff, { id: paused.id })
    expect((await paused.hold(ada, 'A1')).outcome).toBe('ok')
  })

  test('is refused for a blocked seat and for half a sofa', async () => {
    const { hold } = await house('SsSCC')
    expect((await hold(ada, 'A1', 'A2')).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'seatIds', '1'] },
    ])
    expect((await hold(ada, 'A4')).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'seatIds'] }])
    expect((await hold(ada, 'A4', 'A5')).outcome).toBe('ok')
  })

  test('of none and of more than ten is refused, ten in several holds included', async () => {
    const { hold } = await house('SSSSSSSSSSSSSSSS')
    const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => `A${from + at}`)
    expect((await hold(ada)).outcome).toBe('INVALID_INPUT')
    expect((await hold(ada, ...names(1, 11))).userErrors).toMatchObject([{ code: 'LIMIT_EXCEEDED', limit: 10 }])
    expect((await hold(ada, ...names(1, 6))).outcome).toBe('ok')
    expect((await hold(ada, ...names(7, 11))).userErrors).toMatchObject([{ code: 'LIMIT_EXCEEDED', limit: 10 }])
    expect((await hold(ada, ...names(7, 10))).outcome).toBe('ok')
    expect((await hold(bob, ...names(11, 12))).outcome).toBe('ok')
  })

  test('leaves no single seat alone: the answer names it and offers what leaves none', async () => {
    const { hold } = await house('SSSSSS')
    const { userErrors, value } = await hold(ada, 'A2', 'A3')
    expect(value).toBeNull()
    expect(userErrors).toMatchObject([{ __typename: 'SeatsLeftAlone', code: 'SEATS_LEFT_ALONE' }])
    expect(named(userErrors[0]?.alone)).toEqual(['A1'])
    expect(named(userErrors[0]?.alternatives)).toEqual(['A1', 'A2'])
    expect((await hold(ada, 'A1', 'A2')).outcome).toBe('ok')
  })

  test('may leave single seats where staff allow it', async () => {
    const { hold, screenId } = await house('SSSSSS')
    await cinema.run('updateScreen', staff, { id: encodeId('screen', screenId), allowsSingleSeats: true })
    expect((await hold(ada, 'A2', 'A3')).outcome).toBe('ok')
  })
})

describe('a hold that lapsed', () => {
  test('is free at once for the next buyer, without anybody sweeping', async () => {
    const { showtimeId, hold } = await house('SSSS')
    const { value } = await hold(ada, 'A1', 'A2')
    await server.world.cinema.lapse(await holdIdOf(showtimeId))
    expect(Object.values(await cinema.map(showtimeId))).toEqual(['FREE', 'FREE', 'FREE', 'FREE'])
    const next = await hold(bob, 'A1', 'A2')
    expect(next.outcome).toBe('ok')
    expect(next.value.id).not.toBe(value.id)
    expect((await cinema.run('extendHold', ada, { id: value.id })).userErrors).toMatchObject([
      { __typename: 'HoldLapsed', code: 'HOLD_LAPSED' },
    ])
    await cinema.run('releaseHold', ada, { id: value.id })
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'HELD', A2: 'HELD' })
  })

  test('does not count against its holder, even one who let everything lapse', async () => {
    const { showtimeId, hold } = await house('SSSSSSSSSS', 'SSSSSSSSSS')
    const row = (name: string) => Array.from({ length: 10 }, (_, at) => `${name}${at + 1}`)
    expect((await hold(ada, ...row('A'))).outcome).toBe('ok')
    await server.world.cinema.lapse(await holdIdOf(showtimeId))
    expect((await hold(ada, ...row('B'))).outcome).toBe('ok')
    expect((await hold(ada, 'A1')).outcome).toBe('LIMIT_EXCEEDED')
  })
})

const holdIdOf = async (showtimeId: Uuid): Promise<Uuid> => {
  const [row] = await server.running.atrium.deps.db.query<{ id: Uuid }>(
    'select hold_id as id from seat_claims where showtime_id = $1 limit 1',
    [showtimeId],
  )
  return row?.id ?? ''
}

describe('a hold', () => {
  test('is extended to ten minutes from now, and to twenty in all', async () => {
    const { showtimeId, hold } = await house('SSSS')
    const { value } = await hold(ada, 'A1', 'A2')
    const { db } = server.running.atrium.deps
    const age = (minutes: number) =>
      db.query(
        `update seat_claims set held_at = now() - $2::text::interval, expires_at = now() + interval '1 minute' where showtime_id = $1`,
        [showtimeId, `${minutes} minutes`],
      )
    await age(9)
    const once = await cinema.run('extendHold', ada, { id: value.id })
    expect(Date.parse(once.value.expiresAt) - Date.parse(once.value.heldAt)).toBeGreaterThan(18.9 * 60_000)
    await age(15)
    const twice = await cinema.run('extendHold', ada, { id: value.id })
    expect(Date.parse(twice.value.expiresAt) - Date.parse(twice.value.heldAt)).toBe(20 * 60_000)
    expect((await cinema.run('extendHold', ada, { id: value.id })).userErrors).toMatchObject([
      { code: 'LIMIT_EXCEEDED', limit: 20 },
    ])
  })

  test('is released at once, and releasing it twice is releasing it once', async () => {
    const { showtimeId, hold } = await house('SSSS')
    const { value } = await hold(ada, 'A1', 'A2')
    for (let time = 0; time < 2; time++) {
      expect((await cinema.run('releaseHold', ada, { id: value.id })).outcome).toBe('ok')
      expect(Object.values(await cinema.map(showtimeId))).not.toContain('HELD')
    }
    expect((await hold(bob, 'A1', 'A2')).outcome).toBe('ok')
  })

  test('is its holder’s alone: others neither see, extend nor release it', async () => {
    const { showtimeId, hold } = await house('SSSS')
    const { id } = (await hold(ada, 'A1', 'A2')).value
    const see = async (viewer: Viewer | null) => {
      const { data, errors } = await cinema.ask('query ($id: ID!) { node(id: $id) { id } }', { id }, viewer)
      return errors?.[0]?.extensions.code ?? data.node.id
    }
    expect(await see(ada)).toBe(id)
    for (const other of [bob, staff, null]) expect(await see(other)).toBe('NOT_FOUND')
    expect((await cinema.run('extendHold', bob, { id })).outcome).toBe('HOLD_LAPSED')
    expect((await cinema.run('extendHold', null, { id })).outcome).toBe('NOT_FOUND')
    await cinema.run('releaseHold', bob, { id })
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'HELD' })
    const { data } = await cinema.ask('{ viewer { seatHolds { id seats { row number } } } }', {}, ada)
    expect(data.viewer.seatHolds.map((each: { id: string }) => each.id)).toContain(id)
  })

  test('of a guest is reached with the token that it answered, and not without', async () => {
    const { showtimeId, hold, seats } = await house('SSSSSS')
    const { value } = await hold(null, 'A1', 'A2')
    const { id, guestToken } = value
    expect(guestToken).toMatch(/^[\w-]{43}$/)
    const { rows } = await dump()
    expect(rows).not.toContain(guestToken)
    const ask = async (token: string | null) => {
      const query =
        'query ($id: ID!, $token: String) { seatHold(id: $id, guestToken: $token) { seats { row number } } }'
      const { data, errors } = await cinema.ask(query, { id, token })
      return errors?.[0]?.extensions.code ?? named(data.seatHold.seats)
    }
    expect(await ask(guestToken)).toEqual(['A1', 'A2'])
    expect(await ask(null)).toBe('NOT_FOUND')
    expect(await ask(`${guestToken.slice(0, 42)}${guestToken.endsWith('A') ? 'B' : 'A'}`)).toBe('NOT_FOUND')
    expect(await ask('short')).toBe('BAD_USER_INPUT')
    const more = await cinema.hold(null, showtimeId, seats('A3', 'A4'), guestToken)
    expect(more.value.guestToken).toBeNull()
    expect((await cinema.run('extendHold', null, { id, guestToken })).outcome).toBe('ok')
    expect((await cinema.run('releaseHold', null, { id, guestToken })).outcome).toBe('ok')
    expect(await cinema.map(showtimeId)).toMatchObject({ A1: 'FREE', A2: 'FREE', A3: 'HELD', A4: 'HELD' })
  })
})

const dump = async () => {
  const found = await server.running.atrium.deps.db.query<{ all: string }>(
    'select seat_claims::text as all from seat_claims',
  )
  return { rows: found.map(({ all }) => all).join('\n') }
}

describe('the best seats', () => {
  const best = (viewer: Viewer | null, id: string, count: number, type?: string) =>
    cinema.run('holdBestSeats', viewer, { showtimeId: id, count, type })

  test('are held side by side, near the middle two thirds back, and the next buyer gets the next best', async () => {
    const { id } = await house('SSSSSSSS', 'SSSSSSSS', 'SSSSSSSS', 'SSSSSSSS')
    expect(named((await best(ada, id, 2)).value.seats)).toEqual(['C4', 'C5'])
    expect(named((await best(bob, id, 3)).value.seats)).toHaveLength(3)
    expect((await best(ada, id, 0)).outcome).toBe('INVALID_INPUT')
    expect((await best(ada, id, 11)).outcome).toBe('LIMIT_EXCEEDED')
    expect((await best(ada, id, 1, 'COUPLE')).outcome).toBe('INVALID_INPUT')
  })

  test('are none when there are too few left', async () => {
    const { id } = await house('SSS')
    expect((await best(ada, id, 4)).userErrors).toMatchObject([{ code: 'SEATS_TAKEN', taken: [], alternatives: [] }])
    expect((await best(ada, id, 3)).outcome).toBe('ok')
  })

  test('go to forty who want them at once, each to one', async () => {
    const { id, showtimeId } = await house(...Array(8).fill('SSSSSSSSSS'))
    const buyers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => server.world.person({ handle: `best-${houses}-${n}` })),
    )
    const done = await Promise.all(buyers.map((buyer) => best(buyer, id, 2)))
    expect(done.map(({ outcome }) => outcome)).toEqual(Array(40).fill('ok'))
    expect(new Set(Object.values(await cinema.map(showtimeId)))).toEqual(new Set(['HELD']))
  })
})
