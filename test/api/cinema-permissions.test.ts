import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient, type CinemaMutation } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let cinema: CinemaClient
const people: Record<string, Viewer | null> = { nobody: null }
let made = 0

beforeAll(async () => {
  server = await startTestServer()
  cinema = new CinemaClient(server)
  for (const [handle, role] of [
    ['member', 'MEMBER'],
    ['chef', 'CHEF'],
    ['staff', 'STAFF'],
    ['admin', 'ADMIN'],
  ] as const) {
    people[handle] = await server.world.person({ handle, role })
  }
})
afterAll(() => server.close())

interface Things {
  movie: Uuid
  unplanned: Uuid
  theatre: Uuid
  screen: Uuid
  seat: Uuid
  showtime: Uuid
  paused: Uuid
  schedule: Uuid
}

/** New things for each try, as the action may change them. */
async function things(): Promise<Things> {
  const world = server.world.cinema
  const staff = people.staff as Viewer
  made += 1
  const movie = await world.movie(staff)
  const theatre = await world.theatre(staff, { name: `Theatre no. ${made}` })
  const screen = await world.screen(staff, theatre, { rows: world.rows('SSSS') })
  const showtime = await world.showtime(staff, movie, screen, { day: world.day(1) })
  const paused = await world.showtime(staff, movie, screen, { day: world.day(2) })
  await cinema.run('pauseShowtime', staff, { id: encodeId('showtime', paused) })
  const plan = { movieId: movie, screenId: screen, time: '10:00', firstDay: world.day(3), lastDay: world.day(5) }
  const { id: schedule } = await world.schedule(staff, plan)
  const unplanned = await world.movie(staff)
  return { movie, unplanned, theatre, screen, seat: (await world.seats(screen)).A1 ?? '', showtime, paused, schedule }
}

const prices = { currency: 'EUR', standard: '8.00' }
const rows = [{ name: 'A', seats: 'SS' }]

const INPUTS: Readonly<Partial<Record<CinemaMutation, (of: Things) => Record<string, unknown>>>> = {
  createMovie: () => ({ title: 'New', genres: ['DRAMA'], runningTimeMinutes: 90, releaseDay: '2026-01-01' }),
  updateMovie: ({ movie }) => ({ id: encodeId('movie', movie), title: 'Changed' }),
  deleteMovie: ({ unplanned }) => ({ id: encodeId('movie', unplanned) }),
  createTheatre: () => ({ name: `New no. ${made}`, address: 'x', city: 'y', timeZone: 'UTC' }),
  updateTheatre: ({ theatre }) => ({ id: encodeId('theatre', theatre), city: 'Elsewhere' }),
  createScreen: ({ theatre }) => ({ theatreId: encodeId('theatre', theatre), name: 'New', rows }),
  updateScreen: ({ screen }) => ({ id: encodeId('screen', screen), cleaningMinutes: 5 }),
  blockSeat: ({ seat }) => ({ id: encodeId('seat', seat) }),
  createShowtime: ({ movie, screen }) => ({
    movieId: encodeId('movie', movie),
    screenId: encodeId('screen', screen),
    day: server.world.cinema.day(9),
    time: '20:30',
    prices,
  }),
  pauseShowtime: ({ showtime }) => ({ id: encodeId('showtime', showtime) }),
  resumeShowtime: ({ paused }) => ({ id: encodeId('showtime', paused) }),
  cancelShowtime: ({ showtime }) => ({ id: encodeId('showtime', showtime) }),
  createShowtimeSchedule: ({ movie, screen }) => ({
    movieId: encodeId('movie', movie),
    screenId: encodeId('screen', screen),
    firstDay: server.world.cinema.day(10),
    lastDay: server.world.cinema.day(12),
    time: '20:30',
    prices,
  }),
  refillShowtimeSchedule: ({ schedule }) => ({ id: encodeId('schedule', schedule) }),
  endShowtimeSchedule: ({ schedule }) => ({ id: encodeId('schedule', schedule), lastDay: server.world.cinema.day(4) }),
  holdSeats: ({ showtime, seat }) => ({
    showtimeId: encodeId('showtime', showtime),
    seatIds: [encodeId('seat', seat)],
  }),
  holdBestSeats: ({ showtime }) => ({ showtimeId: encodeId('showtime', showtime), count: 2 }),
}

const W = 'UNAUTHENTICATED'
const F = 'FORBIDDEN'
const STAFF_ONLY = [W, F, F, 'ok', 'ok'] as const
const WHO = ['nobody', 'member', 'chef', 'staff', 'admin'] as const

/** In the order of `WHO`. */
const TABLE = {
  createMovie: STAFF_ONLY,
  updateMovie: STAFF_ONLY,
  deleteMovie: STAFF_ONLY,
  createTheatre: STAFF_ONLY,
  updateTheatre: STAFF_ONLY,
  createScreen: STAFF_ONLY,
  updateScreen: STAFF_ONLY,
  blockSeat: STAFF_ONLY,
  createShowtime: STAFF_ONLY,
  pauseShowtime: STAFF_ONLY,
  resumeShowtime: STAFF_ONLY,
  cancelShowtime: STAFF_ONLY,
  createShowtimeSchedule: STAFF_ONLY,
  refillShowtimeSchedule: STAFF_ONLY,
  endShowtimeSchedule: STAFF_ONLY,
  holdSeats: ['ok', 'ok', 'ok', 'ok', 'ok'],
  holdBestSeats: ['ok', 'ok', 'ok', 'ok', 'ok'],
} as const satisfies Partial<Record<CinemaMutation, readonly string[]>>

const ROWS = Object.entries(TABLE).flatMap(([action, verdicts]) =>
  WHO.map((who, at) => [who, action as keyof typeof TABLE, verdicts[at] ?? ''] as const),
)

describe('at the cinema', () => {
  test.each(ROWS)('%s, %s: %s', async (who, action, expected) => {
    const of = await things()
    const { outcome } = await cinema.run(action, people[who] ?? null, INPUTS[action]?.(of) ?? {})
    expect(outcome).toBe(expected)
  })

  test.each(WHO)(
    'everybody sees movies, theatres, screens, seats and showtimes; schedules are for staff: %s',
    async (who) => {
      const of = await things()
      const see = async (prefix: string, id: Uuid) => {
        const query = 'query ($id: ID!) { node(id: $id) { id } }'
        const { data, errors } = await cinema.ask(query, { id: encodeId(prefix, id) }, people[who] ?? null)
        return errors?.[0]?.extensions.code ?? (data.node.id === encodeId(prefix, id) ? 'ok' : 'another')
      }
      expect({
        movie: await see('movie', of.movie),
        theatre: await see('theatre', of.theatre),
        screen: await see('screen', of.screen),
        seat: await see('seat', of.seat),
        showtime: await see('showtime', of.showtime),
        schedule: await see('schedule', of.schedule),
      }).toEqual({
        movie: 'ok',
        theatre: 'ok',
        screen: 'ok',
        seat: 'ok',
        showtime: 'ok',
        schedule: who === 'staff' || who === 'admin' ? 'ok' : 'NOT_FOUND',
      })
      const { errors } = await cinema.ask('{ showtimeSchedules { nodes { id } } }', {}, people[who] ?? null)
      expect(errors?.[0]?.extensions.code ?? 'ok').toBe({ nobody: W, member: F, chef: F }[who as string] ?? 'ok')
    },
  )
})

describe('what hangs on movies and showtimes', () => {
  test('everybody who is signed in comments on movies and reacts to them', async () => {
    const { movie, showtime } = await things()
    const ask = async (who: string, mutation: string, input: string) => {
      const query = `mutation { done: ${mutation}(input: { ${input} }) { userErrors { code path } } }`
      const { data, errors } = await cinema.ask(query, {}, people[who] ?? null)
      return errors?.[0]?.extensions.code ?? data.done.userErrors[0]?.code ?? 'ok'
    }
    const on = (prefix: string, id: Uuid) => `subjectId: "${encodeId(prefix, id)}"`
    expect(await ask('member', 'addComment', `${on('movie', movie)}, body: "Go and see it."`)).toBe('ok')
    expect(await ask('member', 'addReaction', on('movie', movie))).toBe('ok')
    expect(await ask('member', 'addComment', `${on('showtime', showtime)}, body: "Row F?"`)).toBe('INVALID_INPUT')
    expect(await ask('member', 'addReaction', on('showtime', showtime))).toBe('INVALID_INPUT')
    const { data } = await cinema.ask(
      'query ($id: ID!) { node(id: $id) { ... on Movie { commentCount reactionCount comments { nodes { body subject { id } } } } } }',
      { id: encodeId('movie', movie) },
    )
    expect(data.node).toEqual({
      commentCount: 1,
      reactionCount: 1,
      comments: { nodes: [{ body: 'Go and see it.', subject: { id: encodeId('movie', movie) } }] },
    })
  })

  test('staff ask at a showtime which movie comes next, and open a room for who goes there; members do neither', async () => {
    const { movie, showtime } = await things()
    const other = await server.world.cinema.movie(people.staff as Viewer, { title: 'The other movie' })
    const [subjectId, first, second] = [
      encodeId('showtime', showtime),
      encodeId('movie', movie),
      encodeId('movie', other),
    ]
    const ask = async (who: string, mutation: string, input: object, made: string) => {
      const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!`
      const query = `mutation ($input: ${type}) { done: ${mutation}(input: $input) { made: ${made} userErrors { code } } }`
      const { data, errors } = await cinema.ask(query, { input }, people[who] ?? null)
      return errors?.[0]?.extensions.code ?? data.done.userErrors[0]?.code ?? data.done.made
    }
    const options = [
      { label: 'This one', nodeId: first },
      { label: 'That one', nodeId: second },
    ]
    const poll = { question: 'Which next?', subjectId, options }
    const shown = 'poll { subject { id } options { label node { ... on Movie { id title } } } }'
    expect(await ask('member', 'createPoll', poll, shown)).toBe('FORBIDDEN')
    const asked = await ask('staff', 'createPoll', poll, shown)
    expect(asked.subject).toEqual({ id: subjectId })
    expect(asked.options.map(({ node }: { node: { id: string } }) => node.id)).toEqual([first, second])
    expect(asked.options[1].node.title).toBe('The other movie')
    const room = { title: 'Row F', subjectId }
    expect(await ask('member', 'createRoom', room, 'room { subject { id } }')).toBe('INVALID_INPUT')
    expect(await ask('staff', 'createRoom', room, 'room { subject { id } }')).toEqual({ subject: { id: subjectId } })
    const { data } = await cinema.ask(
      'query ($id: ID!) { node(id: $id) { ... on Showtime { pollCount polls { nodes { question } } } } }',
      { id: subjectId },
    )
    expect(data.node).toEqual({ pollCount: 1, polls: { nodes: [{ question: 'Which next?' }] } })
  })
})
