import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays } from '../../src/core/calendar.ts'
import { encodeId, newId, type Uuid } from '../../src/core/ids.ts'
import { fillAllSchedules } from '../../src/domain/cinema/schedule.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let cinema: CinemaClient
let staff: Viewer
let movieId: Uuid
let screens = 0

const PRICES = { currency: 'EUR', standard: '9.50' }

beforeAll(async () => {
  server = await startTestServer()
  cinema = new CinemaClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  movieId = await server.world.cinema.movie(staff, { runningTimeMinutes: 100 })
})
afterAll(() => server.close())

const day = (offset: number): string => server.world.cinema.day(offset)

/** A screen of its own, cleaned for twenty minutes after each showing. */
async function screen(timeZone = 'UTC'): Promise<Uuid> {
  const world = server.world.cinema
  screens += 1
  const theatreId = await world.theatre(staff, { name: `House ${screens}`, timeZone })
  return world.screen(staff, theatreId, { rows: world.rows('SSSS'), cleaningMinutes: 20 })
}

const plan = (screenId: Uuid, at: { day?: string; time?: string }, more: Record<string, unknown> = {}) =>
  cinema.run('createShowtime', staff, {
    movieId: encodeId('movie', movieId),
    screenId: encodeId('screen', screenId),
    day: at.day ?? day(3),
    time: at.time ?? '20:30',
    prices: PRICES,
    ...more,
  })

const schedule = (screenId: Uuid, more: Record<string, unknown> = {}) =>
  cinema.run('createShowtimeSchedule', staff, {
    movieId: encodeId('movie', movieId),
    screenId: encodeId('screen', screenId),
    time: '20:30',
    firstDay: day(1),
    lastDay: day(7),
    prices: PRICES,
    ...more,
  })

const rowsOf = (screenId: Uuid) =>
  server.running.atrium.deps.db.query<{ id: Uuid; day: string; status: string; startsAt: string; local: string }>(
    `select id, local_day::text as day, status, to_char(starts_at, 'YYYY-MM-DD"T"HH24:MI"Z"') as "startsAt", to_char(local_starts_at, 'YYYY-MM-DD HH24:MI') as local
     from showtimes where screen_id = $1 order by starts_at`,
    [screenId],
  )

/** The next day on which clocks in Paris go forward, and back: the last Sundays of March and October. */
function changeOfClocks(month: 3 | 10): string {
  const now = new Date()
  for (let year = now.getUTCFullYear(); ; year++) {
    const last = new Date(Date.UTC(year, month, 0))
    const sunday = new Date(last.getTime() - last.getUTCDay() * 86_400_000)
    if (sunday.getTime() > now.getTime() + 3 * 86_400_000) return sunday.toISOString().slice(0, 10)
  }
}

describe('a showtime', () => {
  test('begins when the venue’s clock says so, and ends with the movie', async () => {
    const { value, outcome } = await plan(await screen('Asia/Tokyo'), { day: day(3), time: '20:30' })
    expect(outcome).toBe('ok')
    expect(value).toMatchObject({ localDay: day(3), localTime: '20:30', status: 'SCHEDULED' })
    expect(value.startsAt).toBe(`${day(3)}T11:30:00.000Z`)
    expect(value.endsAt).toBe(`${day(3)}T13:10:00.000Z`)
  })

  test('keeps its time on the wall when clocks change', async () => {
    const screenId = await screen('Europe/Paris')
    for (const month of [3, 10] as const) {
      const sunday = changeOfClocks(month)
      for (const each of [addDays(sunday, -1), sunday]) await plan(screenId, { day: each, time: '20:30' })
    }
    const rows = await rowsOf(screenId)
    expect(rows.map(({ local }) => local.slice(11))).toEqual(Array(4).fill('20:30'))
    const utc = Object.fromEntries(rows.map((each) => [each.day, each.startsAt.slice(11)]))
    const [spring, autumn] = [changeOfClocks(3), changeOfClocks(10)]
    expect(utc).toEqual({
      [addDays(spring, -1)]: '19:30Z',
      [spring]: '18:30Z',
      [addDays(autumn, -1)]: '18:30Z',
      [autumn]: '19:30Z',
    })
  })

  test('cannot begin at a time that the clock leaves out; of one that comes twice, the first is meant', async () => {
    const screenId = await screen('Europe/Paris')
    expect((await plan(screenId, { day: changeOfClocks(3), time: '02:30' })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'time'] },
    ])
    const { value } = await plan(screenId, { day: changeOfClocks(10), time: '02:30' })
    expect(value.startsAt).toBe(`${changeOfClocks(10)}T00:30:00.000Z`)
  })

  test.each([
    ['yesterday', () => ({ day: day(-1) }), 'INVALID_INPUT', ['input', 'day']],
    ['in two years', () => ({ day: day(730) }), 'INVALID_INPUT', ['input', 'day']],
    ['of no movie', () => ({ movieId: encodeId('movie', newId()) }), 'NOT_FOUND', ['input', 'movieId']],
    ['on no screen', () => ({ screenId: encodeId('screen', newId()) }), 'NOT_FOUND', ['input', 'screenId']],
    [
      'for less than nothing',
      () => ({ prices: { ...PRICES, premium: '-1.00' } }),
      'INVALID_INPUT',
      ['input', 'prices', 'premium'],
    ],
    [
      'for half a cent',
      () => ({ prices: { ...PRICES, standard: '9.505' } }),
      'INVALID_INPUT',
      ['input', 'prices', 'standard'],
    ],
    ['with seconds', () => ({ time: '20:30:30' }), 'INVALID_INPUT', ['input', 'time']],
  ])('cannot be %s', async (_, change, code, path) => {
    const { userErrors, value } = await plan(await screen(), {}, change())
    expect(value).toBeNull()
    expect(userErrors).toMatchObject([{ code, path }])
  })

  test('lies within the run of its movie, and the run is not cut off behind it', async () => {
    const screenId = await screen()
    const short = await server.world.cinema.movie(staff, { releaseDay: day(2), lastDay: day(4) })
    const id = encodeId('movie', short)
    for (const each of [1, 5]) {
      expect((await plan(screenId, { day: day(each) }, { movieId: id })).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: ['input', 'day'] },
      ])
    }
    const made = await plan(screenId, { day: day(4) }, { movieId: id })
    expect(made.outcome).toBe('ok')
    expect((await cinema.run('updateMovie', staff, { id, lastDay: day(3) })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'lastDay'] },
    ])
    await cinema.run('cancelShowtime', staff, { id: made.value.id })
    expect((await cinema.run('updateMovie', staff, { id, lastDay: day(3) })).outcome).toBe('ok')
  })

  test('is made once for one idempotency key', async () => {
    const screenId = await screen()
    const first = await plan(screenId, {}, { idempotencyKey: 'a-key-of-mine' })
    const again = await plan(screenId, {}, { idempotencyKey: 'a-key-of-mine' })
    expect(again.value).toEqual(first.value)
    expect((await plan(screenId, { time: '10:00' }, { idempotencyKey: 'a-key-of-mine' })).outcome).toBe('CONFLICT')
    expect(await rowsOf(screenId)).toHaveLength(1)
  })
})

describe('two showings on one screen', () => {
  test.each([
    ['the same time', '20:30', 'SCREEN_BUSY'],
    ['one that begins during the other', '21:30', 'SCREEN_BUSY'],
    ['one that begins during the cleaning', '22:29', 'SCREEN_BUSY'],
    ['one that begins when the screen is clean', '22:30', 'ok'],
    ['one whose cleaning ends when the other begins', '18:30', 'ok'],
    ['one whose cleaning reaches into the other', '18:31', 'SCREEN_BUSY'],
  ])('do not overlap, cleaning included: %s, %s: %s', async (_, time, expected) => {
    const screenId = await screen()
    const first = await plan(screenId, { time: '20:30' })
    const second = await plan(screenId, { time })
    expect(second.outcome).toBe(expected)
    if (expected === 'SCREEN_BUSY') {
      expect(second.userErrors).toMatchObject([
        { __typename: 'ScreenBusy', path: ['input', 'time'], showtime: { id: first.value.id } },
      ])
    }
  })

  test('may be at one time on two screens, and where the first is cancelled', async () => {
    const screenId = await screen()
    const first = await plan(screenId, {})
    expect((await plan(await screen(), {})).outcome).toBe('ok')
    await cinema.run('cancelShowtime', staff, { id: first.value.id })
    expect((await plan(screenId, {})).outcome).toBe('ok')
  })

  test('are one where thirty are planned for it at once', async () => {
    const screenId = await screen()
    const done = await Promise.all(
      Array.from({ length: 30 }, (_, n) => plan(screenId, { time: `20:${String(n).padStart(2, '0')}` })),
    )
    const outcomes = done.map(({ outcome }) => outcome).sort()
    expect(outcomes).toEqual([...Array(29).fill('SCREEN_BUSY'), 'ok'])
    expect(await rowsOf(screenId)).toHaveLength(1)
  })
})

describe('a schedule', () => {
  test('makes one showtime for each of its days', async () => {
    const screenId = await screen('America/New_York')
    const { value } = await schedule(screenId)
    expect(value).toMatchObject({ daysLeftOut: [], schedule: { localTime: '20:30', weekdays: [1, 2, 3, 4, 5, 6, 7] } })
    const rows = await rowsOf(screenId)
    expect(rows.map((each) => each.day)).toEqual([1, 2, 3, 4, 5, 6, 7].map(day))
    expect(new Set(rows.map(({ local }) => local.slice(11)))).toEqual(new Set(['20:30']))
  })

  test('keeps to its days of the week', async () => {
    const screenId = await screen()
    await schedule(screenId, { lastDay: day(28), weekdays: [6, 7, 6] })
    const weekdays = (await rowsOf(screenId)).map((each) => new Date(`${each.day}T00:00:00Z`).getUTCDay())
    expect(weekdays).toHaveLength(8)
    expect(new Set(weekdays)).toEqual(new Set([6, 0]))
  })

  test('leaves out and tells the days on which the screen is busy, and makes them up when it is free', async () => {
    const screenId = await screen()
    const inTheWay = await plan(screenId, { day: day(3), time: '21:00' })
    const { value } = await schedule(screenId)
    expect(value.daysLeftOut).toEqual([day(3)])
    expect(await rowsOf(screenId)).toHaveLength(7)
    await cinema.run('cancelShowtime', staff, { id: inTheWay.value.id })
    const again = await cinema.run('refillShowtimeSchedule', staff, { id: value.schedule.id })
    expect(again.value.daysLeftOut).toEqual([])
    expect(await rowsOf(screenId)).toHaveLength(8)
  })

  test('makes each day’s showtime once, however often and by however many servers it is filled', async () => {
    const screenId = await screen()
    const { value } = await schedule(screenId)
    const before = await rowsOf(screenId)
    const { deps } = server.running.atrium
    await Promise.all([
      ...Array.from({ length: 5 }, () => fillAllSchedules(deps)),
      ...Array.from({ length: 5 }, () => cinema.run('refillShowtimeSchedule', staff, { id: value.schedule.id })),
    ])
    expect(await rowsOf(screenId)).toEqual(before)
  })

  test('does not bring back what was cancelled', async () => {
    const screenId = await screen()
    const { value } = await schedule(screenId)
    const [first] = await rowsOf(screenId)
    await cinema.run('cancelShowtime', staff, { id: encodeId('showtime', first?.id ?? '') })
    const again = await cinema.run('refillShowtimeSchedule', staff, { id: value.schedule.id })
    expect(again.value.daysLeftOut).toEqual([])
    expect((await rowsOf(screenId)).map(({ status }) => status).sort()).toEqual([
      'CANCELLED',
      ...Array(6).fill('SCHEDULED'),
    ])
  })

  test('reaches sixty days ahead; further days are made as they come near', async () => {
    const screenId = await screen()
    const { value } = await schedule(screenId, { lastDay: day(100) })
    expect(await rowsOf(screenId)).toHaveLength(60)
    expect(value.daysLeftOut).toEqual([])
    const { deps } = server.running.atrium
    const inTenDays = { ...deps, clock: { now: () => new Date(Date.now() + 10 * 86_400_000) } }
    await fillAllSchedules(inTenDays)
    expect((await rowsOf(screenId)).at(-1)?.day).toBe(day(70))
  })

  test('begins an hour later on the day on which clocks go forward over its time', async () => {
    const sunday = changeOfClocks(3)
    const screenId = await screen('Europe/Paris')
    const { deps } = server.running.atrium
    await schedule(screenId, { time: '02:30', firstDay: addDays(sunday, -1), lastDay: addDays(sunday, 1) })
    await fillAllSchedules({ ...deps, clock: { now: () => new Date(Date.parse(sunday) - 5 * 86_400_000) } })
    const utc = (await rowsOf(screenId)).map(({ startsAt }) => startsAt.slice(11))
    expect(utc).toEqual(['01:30Z', '01:30Z', '00:30Z'])
  })

  test('that ends earlier cancels what comes after, and nothing else', async () => {
    const screenId = await screen()
    const { value } = await schedule(screenId)
    const ended = await cinema.run('endShowtimeSchedule', staff, { id: value.schedule.id, lastDay: day(4) })
    expect(ended.value.lastDay).toBe(day(4))
    expect((await rowsOf(screenId)).map(({ status }) => status)).toEqual([
      ...Array(4).fill('SCHEDULED'),
      ...Array(3).fill('CANCELLED'),
    ])
    for (const lastDay of [day(0), day(5)]) {
      expect((await cinema.run('endShowtimeSchedule', staff, { id: value.schedule.id, lastDay })).outcome).toBe(
        'INVALID_INPUT',
      )
    }
  })

  test.each([
    ['ends before it begins', () => ({ firstDay: day(7), lastDay: day(6) }), ['input', 'lastDay']],
    ['runs for more than a year', () => ({ lastDay: day(367) }), ['input', 'lastDay']],
    ['is past', () => ({ firstDay: day(-9), lastDay: day(-3) }), ['input', 'lastDay']],
    ['has no day of the week', () => ({ weekdays: [] }), ['input', 'weekdays']],
    ['has an eighth day of the week', () => ({ weekdays: [8] }), ['input', 'weekdays', '0']],
  ])('that %s is refused', async (_, change, path) => {
    expect((await schedule(await screen(), change())).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path }])
  })
})

describe('the life of a showtime', () => {
  const STEPS = { PAUSED: 'pauseShowtime', SCHEDULED: 'resumeShowtime', CANCELLED: 'cancelShowtime' } as const
  test.each([
    ['SCHEDULED', 'PAUSED', 'ok'],
    ['SCHEDULED', 'SCHEDULED', 'ILLEGAL_TRANSITION'],
    ['SCHEDULED', 'CANCELLED', 'ok'],
    ['PAUSED', 'PAUSED', 'ILLEGAL_TRANSITION'],
    ['PAUSED', 'SCHEDULED', 'ok'],
    ['PAUSED', 'CANCELLED', 'ok'],
    ['CANCELLED', 'PAUSED', 'ILLEGAL_TRANSITION'],
    ['CANCELLED', 'SCHEDULED', 'ILLEGAL_TRANSITION'],
    ['CANCELLED', 'CANCELLED', 'ILLEGAL_TRANSITION'],
  ] as const)('from %s to %s: %s', async (from, to, expected) => {
    const { value } = await plan(await screen(), {})
    if (from !== 'SCHEDULED') await cinema.run(STEPS[from], staff, { id: value.id })
    const done = await cinema.run(STEPS[to], staff, { id: value.id })
    expect(done.outcome).toBe(expected)
    if (expected === 'ok') expect(done.value).toMatchObject({ status: to, isOnSale: to === 'SCHEDULED' })
  })

  test('ends for the holds of a cancelled one: its seats are nobody’s', async () => {
    const screenId = await screen()
    const showtimeId = await server.world.cinema.showtime(staff, movieId, screenId)
    const seats = await server.world.cinema.seats(screenId)
    await server.world.cinema.hold(staff, showtimeId, [seats.A1 ?? '', seats.A2 ?? ''])
    await cinema.run('cancelShowtime', staff, { id: encodeId('showtime', showtimeId) })
    expect(new Set(Object.values(await cinema.map(showtimeId)))).toEqual(new Set(['FREE']))
  })
})
