import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, newId, type Uuid } from '../../src/core/ids.ts'
import { likedTogether } from '../../src/db/queries/cinema/recommendations.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { CinemaClient } from '../support/cinema.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let cinema: CinemaClient
let staff: Viewer
let screenId: Uuid
const titles = ['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon', 'Unseen'] as const
const movies = new Map<string, Uuid>()
const past = new Map<string, Uuid>()
let people = 0
let days = 1

const db = () => server.running.atrium.deps.db
const movie = (title: (typeof titles)[number]): string => encodeId('movie', movies.get(title) ?? '')
const person = () => server.world.person({ handle: `person-${++people}` })

beforeAll(async () => {
  server = await startTestServer()
  cinema = new CinemaClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  const world = server.world.cinema
  const theatreId = await world.theatre(staff)
  screenId = await world.screen(staff, theatreId, { rows: world.rows(...Array(10).fill('SSSSSSSSSS')) })
  for (const title of titles) {
    const id = await world.movie(staff, { title })
    movies.set(title, id)
    past.set(title, await world.showtime(staff, id, screenId, { day: world.day(++days) }))
    await world.showtime(staff, id, screenId, { day: world.day(++days) })
  }
  await db().query(
    `update showtimes set starts_at = now() - make_interval(days => extract(day from starts_at - now())::int + 1), ends_at = now() - make_interval(days => extract(day from starts_at - now())::int + 1) + interval '90 minutes',
       cleared_at = now() - make_interval(days => extract(day from starts_at - now())::int + 1) + interval '2 hours' where id = any($1::text::uuid[])`,
    [`{${[...past.values()].join()}}`],
  )
})
afterAll(() => server.close())

/** They have a ticket of a showing that was. */
async function went(viewer: Viewer, title: (typeof titles)[number], status = 'VALID', showtimeId = past.get(title)) {
  await db().query(
    `insert into tickets (id, showtime_id, seat_id, screen_id, order_id, holder_id, account_id, status)
     select $1::text::uuid, $2::text::uuid, seat.id, $3::text::uuid, $1::text::uuid, $4::text::uuid, $4::text::uuid, $5::text::ticket_status from seats seat
     where seat.screen_id = $3::text::uuid and not exists (select 1 from tickets where showtime_id = $2::text::uuid and seat_id = seat.id and status in ('VALID', 'CHECKED_IN')) limit 1`,
    [newId(), showtimeId ?? '', screenId, viewer.accountId, status],
  )
}

async function review(viewer: Viewer, title: (typeof titles)[number], stars: number): Promise<string> {
  const query = `mutation ($input: ReviewSubjectInput!) { done: reviewSubject(input: $input) { review { id } userErrors { code } } }`
  const { data } = await cinema.ask(query, { input: { subjectId: movie(title), stars } }, viewer)
  return data.done.userErrors[0]?.code ?? 'ok'
}

const sawAndRated = async (viewer: Viewer, title: (typeof titles)[number], stars: number): Promise<void> => {
  await went(viewer, title)
  expect(await review(viewer, title, stars)).toBe('ok')
}

describe('a movie is reviewed by who', () => {
  test.each([
    ['has seen it with a ticket', 'VALID', 'ok'],
    ['was let in', 'CHECKED_IN', 'ok'],
    ['was paid back', 'REFUNDED', 'NOT_ELIGIBLE'],
    ['did not pay', 'RESERVED', 'NOT_ELIGIBLE'],
  ])('%s: %s: %s', async (_, status, expected) => {
    const viewer = await person()
    const showtimeId = past.get('Unseen')
    if (status === 'CHECKED_IN') {
      await went(viewer, 'Unseen', 'VALID', showtimeId)
      await db().query(`update tickets set status = 'CHECKED_IN', checked_in_at = now() where account_id = $1`, [
        viewer.accountId,
      ])
    } else await went(viewer, 'Unseen', status, showtimeId)
    const { data } = await cinema.ask(
      'query ($id: ID!) { node(id: $id) { ... on Movie { viewerMayReview } } }',
      { id: movie('Unseen') },
      viewer,
    )
    expect(data.node.viewerMayReview).toBe(expected === 'ok')
    expect(await review(viewer, 'Unseen', 1)).toBe(expected)
  })

  test('has no ticket, or one of a showing that is still ahead: not yet', async () => {
    const viewer = await person()
    expect(await review(viewer, 'Alpha', 5)).toBe('NOT_ELIGIBLE')
    const [ahead] = await db().query<{ id: Uuid }>(
      'select id from showtimes where movie_id = $1 and starts_at > now()',
      [movies.get('Alpha') ?? ''],
    )
    await went(viewer, 'Alpha', 'VALID', ahead?.id)
    expect(await review(viewer, 'Alpha', 5)).toBe('NOT_ELIGIBLE')
  })
})

describe('among the best rated', () => {
  const titlesOf = (data: { nodes: { title: string }[] }) => data.nodes.map(({ title }) => title)

  test('many good reviews outdo a single enthusiast, and what nobody reviewed is left out', async () => {
    await sawAndRated(await person(), 'Beta', 5)
    for (let n = 0; n < 6; n++) await sawAndRated(await person(), 'Alpha', n === 0 ? 4 : 5)
    const { data } = await cinema.ask(
      '{ topRatedMovies(first: 10) { totalCount nodes { title averageRating reviewCount } } movies(first: 10, orderBy: RATING) { nodes { title } } }',
    )
    const top = titlesOf(data.topRatedMovies)
    expect(top.slice(0, 2)).toEqual(['Alpha', 'Beta'])
    expect(data.topRatedMovies.nodes[1]).toMatchObject({ averageRating: 5, reviewCount: 1 })
    // (15 + 29) / 11 = 4.0 before (15 + 5) / 6 = 3.3, whatever the mean says.
    expect(data.topRatedMovies.nodes[0].averageRating).toBeLessThan(5)
    expect(top).not.toContain('Delta')
    expect(titlesOf(data.movies).slice(0, 2)).toEqual(['Alpha', 'Beta'])
    expect(data.movies.nodes).toHaveLength(titles.length)
    const pages = await cinema.ask('{ topRatedMovies(first: 1) { pageInfo { endCursor } } }')
    const { data: rest } = await cinema.ask(
      'query ($after: String) { topRatedMovies(first: 1, after: $after) { nodes { title } } }',
      { after: pages.data.topRatedMovies.pageInfo.endCursor },
    )
    expect(titlesOf(rest.topRatedMovies)).toEqual(['Beta'])
  })
})

describe('who liked this', () => {
  const likedWith = async (title: (typeof titles)[number]): Promise<string[]> => {
    const { data } = await cinema.ask(
      'query ($id: ID!) { node(id: $id) { ... on Movie { peopleWhoLiked { title } } } }',
      { id: movie(title) },
    )
    return data.node.peopleWhoLiked.map((each: { title: string }) => each.title)
  }

  test('also liked, by their stars or by going there, the most shared first; what they disliked is left out', async () => {
    for (let n = 0; n < 3; n++) {
      const fan = await person()
      await sawAndRated(fan, 'Gamma', 5)
      await went(fan, 'Delta')
      if (n === 0) await went(fan, 'Epsilon')
    }
    expect((await likedWith('Gamma')).slice(0, 2)).toEqual(['Delta', 'Epsilon'])
    expect(await likedWith('Gamma')).not.toContain('Gamma')
    expect((await likedWith('Delta'))[0]).toBe('Gamma')
  })

  test('leads members to what they have not seen and what is shown, and says nothing without a session', async () => {
    const viewer = await person()
    await sawAndRated(viewer, 'Gamma', 5)
    const { data } = await cinema.ask('{ viewer { recommendedMovies { title } } }', {}, viewer)
    const found = data.viewer.recommendedMovies.map((each: { title: string }) => each.title)
    expect(found[0]).toBe('Delta')
    expect(found).not.toContain('Gamma')
    expect((await cinema.ask('{ viewer { recommendedMovies { title } } }')).data.viewer).toBeNull()
  })

  test('costs the same for ten movies as for one, and reads no table from end to end', async () => {
    const texts: string[] = []
    const watched = await startTestServer({ databaseUrl: server.databaseUrl, onStatement: (text) => texts.push(text) })
    // Jobs send statements whenever they like.
    await watched.running.atrium.queue.stop(1_000)
    const count = async (first: number): Promise<number> => {
      texts.length = 0
      await watched.ask(`{ movies(first: ${first}, orderBy: TITLE) { nodes { title peopleWhoLiked { title } } } }`)
      return texts.filter((text) => !/^(begin|commit)/.test(text)).length
    }
    // The list, what goes together, and those movies.
    expect(await count(1)).toBeLessThanOrEqual(3)
    expect(await count(6)).toBe(3)
    await watched.close()
    const plan = await db().transaction(async (tx) => {
      // Small tables are read as a whole unless that is forbidden: what is left then has no index to go by.
      await tx.query('set local enable_seqscan = off')
      const rows = await tx.query<{ 'QUERY PLAN': string }>(`explain ${likedTogether.text}`, [
        `{${movies.get('Gamma')}}`,
      ])
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
    expect(plan).not.toContain('Seq Scan')
  })
})
