import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO_PEOPLE } from '../../src/demo/demo.ts'
import { PANTRY_FOODS } from '../../src/demo/pantry.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ config: { demo: true } })
}, 120_000)
afterAll(() => server.close())

const asAda = async (query: string) => {
  const { email, password } = DEMO_PEOPLE[0] ?? { email: '', password: '' }
  const signIn = `mutation ($email: String!, $password: String!) { signIn(input: { email: $email, password: $password }) { session { accessToken } } }`
  const token = (await server.ask(signIn, { email, password })).data.signIn.session.accessToken
  const { data, errors } = await server.ask(query, {}, token)
  expect(errors).toBeUndefined()
  return data
}

test('the demo’s members have been to the movies and say what they think: stars, neighbours in taste and advice', async () => {
  const data = await asAda(`{ viewer { tickets(first: 30) { nodes { status showtime { startsAt movie { id } } } }
    recommendedMovies { id } } topRatedMovies(first: 20) { nodes { averageRating reviewCount peopleWhoLiked { id } } } }`)
  const past = data.viewer.tickets.nodes.filter(
    ({ showtime }: { showtime: { startsAt: string } }) => Date.parse(showtime.startsAt) < Date.now(),
  )
  expect(past.length).toBeGreaterThan(3)
  expect(past.every(({ status }: { status: string }) => status === 'CHECKED_IN')).toBe(true)
  const seen = past.map(({ showtime }: { showtime: { movie: { id: string } } }) => showtime.movie.id)
  const advised = data.viewer.recommendedMovies.map(({ id }: { id: string }) => id)
  expect(advised.length).toBeGreaterThan(5)
  expect(advised.filter((id: string) => seen.includes(id))).toEqual([])
  const rated: { averageRating: number; reviewCount: number; peopleWhoLiked: unknown[] }[] = data.topRatedMovies.nodes
  expect(rated.length).toBeGreaterThan(15)
  expect(Math.max(...rated.map(({ reviewCount }) => reviewCount))).toBeGreaterThan(3)
  expect(new Set(rated.map(({ averageRating }) => averageRating)).size).toBeGreaterThan(5)
  expect(rated.every(({ peopleWhoLiked }) => peopleWhoLiked.length > 0)).toBe(true)
})

test('and of the goods: the best rated have several reviews, and nothing was said before it was bought', async () => {
  const data = await asAda(
    '{ products(first: 8, orderBy: RATING) { nodes { averageRating reviewCount reviews(first: 3) { nodes { createdAt } } } } }',
  )
  for (const { reviewCount, reviews } of data.products.nodes) {
    expect(reviewCount).toBeGreaterThan(2)
    for (const { createdAt } of reviews.nodes) expect(Date.parse(createdAt)).toBeLessThan(Date.now())
  }
})

test('the demo has a showtime that is sold out, for which its members wait', async () => {
  const data = await asAda(
    '{ viewer { waitlistEntries(first: 5) { nodes { status aheadCount showtime { startsAt waitingCount seatMap { freeCount } } } } } }',
  )
  const [entry, ...more] = data.viewer.waitlistEntries.nodes
  expect(more).toEqual([])
  expect(entry).toMatchObject({
    status: 'WAITING',
    aheadCount: 0,
    showtime: { waitingCount: DEMO_PEOPLE.length, seatMap: { freeCount: 0 } },
  })
  // The examples hold seats of one of the next showtimes: that one has some.
  expect(Date.parse(entry.showtime.startsAt)).toBeGreaterThan(Date.now() + 86_400_000)
})

test('the demo’s houses are neither empty nor full, and its members have tickets with a code', async () => {
  const data = await asAda(
    '{ viewer { tickets(first: 2) { nodes { status url isCancellable showtime { seatMap { freeCount seats { status } } } } } } }',
  )
  expect(data.viewer.tickets.nodes).toHaveLength(2)
  for (const { status, url, showtime } of data.viewer.tickets.nodes) {
    expect(status).toBe('VALID')
    expect((await fetch(url)).status).toBe(200)
    const sold = showtime.seatMap.seats.filter((seat: { status: string }) => seat.status === 'SOLD').length
    expect(sold).toBeGreaterThan(5)
    expect(showtime.seatMap.freeCount).toBeGreaterThan(5)
  }
})

test('and what its recipes are cooked with is sold, in packs whose size is known', async () => {
  const [{ foods } = { foods: 0 }] = await server.running.atrium.deps.db.query<{ foods: number }>(
    'select count(distinct food_id)::int as foods from food_variants',
  )
  expect(foods).toBe(PANTRY_FOODS.length)
  const { recipes } = await asAda('{ recipes(first: 100) { nodes { id title } } }')
  expect(recipes.nodes.length).toBeGreaterThan(20)
  const fills = recipes.nodes.map(
    ({ id }: { id: string }, at: number) =>
      `_${at}: addIngredientsToCart(input: { recipeId: "${id}" }) { userErrors { code } filled { added { packs isPackKnown need { name } } unmatched { reason need { name } } } }`,
  )
  const told: { added: { packs: number; isPackKnown: boolean }[]; unmatched: { reason: string; need: object }[] }[] = []
  // A few at a time: a document has its limits.
  for (let at = 0; at < fills.length; at += 5) {
    const data = await asAda(`mutation { ${fills.slice(at, at + 5).join(' ')} }`)
    told.push(...Object.values<{ filled: (typeof told)[number] }>(data).map(({ filled }) => filled))
  }
  const added = told.flatMap((each) => each.added)
  const missing = told.flatMap(({ unmatched }) => unmatched).filter(({ reason }) => reason === 'NO_PRODUCT')
  expect(added.length).toBeGreaterThan(150)
  expect(missing.length).toBeLessThan(added.length / 20)
  expect(added.filter(({ isPackKnown }) => isPackKnown).length).toBeGreaterThan(added.length * 0.8)
  expect(added.filter(({ packs }) => packs > 10)).toEqual([])
}, 60_000)
