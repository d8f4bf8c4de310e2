import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import { type Answer, startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let ids: string[]
let token: string

beforeAll(async () => {
  server = await startTestServer({ limits: { answerCharacters: 1000 } })
  const ada = await server.world.person({ handle: 'ada' })
  ids = await Promise.all(Array.from({ length: 3 }, async () => encodeId('post', await server.world.published(ada))))
  token = await server.tokenOf(ada)
})
afterAll(() => server.close())

async function costOf(query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-atrium-cost': '1', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  })
  const answer = (await response.json()) as Answer & { extensions?: { cost?: { requested: number } } }
  return answer.extensions?.cost?.requested ?? answer.errors?.[0]?.extensions.code
}

test('several nodes cost as much as the ids that are asked for, written out or as a variable', async () => {
  const perNode = 1 + 10
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Post { comments(first: 10) { nodes { id } } } } }'
  expect(await costOf(query, { ids })).toBe(3 * perNode)
  expect(await costOf(query.replace('$ids)', `${JSON.stringify(ids)})`).replace('query ($ids: [ID!]!)', ''))).toBe(
    3 * perNode,
  )
})

test('many nodes with long lists each are refused before anything is read', async () => {
  const many = Array.from({ length: 100 }, (_, position) => ids[position % 3])
  const query = `query ($ids: [ID!]!) {
    nodes(ids: $ids) { ... on Post { comments(first: 100) { nodes { replies(first: 10) { nodes { id } } } } } }
  }`
  expect(await costOf(query, { ids: many })).toBe('QUERY_TOO_COMPLEX')
})

test('an export may be asked for, but not under many names at once', async () => {
  expect(await costOf('{ viewer { export } }')).toBe(5001)
  const aliases = Array.from({ length: 5 }, (_, position) => `e${position}: export`).join(' ')
  expect(await costOf(`{ viewer { ${aliases} } }`)).toBe('QUERY_TOO_COMPLEX')
})

test('counting a list costs like one more page of it', async () => {
  expect(await costOf('{ posts(first: 30) { nodes { id } } }')).toBe(30)
  expect(await costOf('{ posts(first: 30) { totalCount nodes { id } } }')).toBe(60)
})

test('what is computed for each row costs under each of its names, and what is read off the row is free', async () => {
  expect(await costOf('{ posts(first: 10) { nodes { title slug createdAt } } }')).toBe(10)
  expect(await costOf('{ posts(first: 10) { nodes { a: publishedOn b: publishedOn(timeZone: "Asia/Tokyo") } } }')).toBe(
    30,
  )
})

test('a list without page arguments costs as much as it can hold', async () => {
  expect(await costOf('{ posts(first: 10) { nodes { tags { slug } categories { slug } } } }')).toBe(10 + 10 * (10 + 3))
})

test('one answer carries only so much text, under however many names it is asked for', async () => {
  const ada = await server.world.person({ handle: 'long-winded' })
  const id = encodeId('post', await server.world.published(ada, { body: 'word '.repeat(80) }))
  const query = (names: string) => `{ node(id: "${id}") { ... on Post { ${names} } } }`
  expect((await server.ask(query('body'))).errors).toBeUndefined()
  const { errors } = await server.ask(query('a: body b: body c: bodyHtml'))
  expect(errors?.map(({ extensions }) => extensions)).toEqual([
    { code: 'BAD_USER_INPUT', reason: 'LIMIT_EXCEEDED', limit: 1000 },
  ])
})

test('one document cannot take every connection, however many slow things it asks for', async () => {
  const { db } = server.running.atrium.deps
  const lane = db.lane(4)
  const slow = Array.from({ length: 6 }, () => lane.query('select pg_sleep(1)').then(() => 'slow'))
  const { open, idle } = db.poolState()
  expect(open - idle).toBeLessThanOrEqual(5)
  expect(await Promise.race([...slow, db.query('select 1').then(() => 'quick')])).toBe('quick')
  await Promise.all(slow)
})

test('a seat map costs what is read for it, even where a single number is selected', async () => {
  const list = (first: number, selection: string) => `{ showtimes(first: ${first}) { nodes { ${selection} } } }`
  expect(await costOf(list(10, 'seatMap { freeCount }'))).toBe(10 * (1 + 500))
  expect(await costOf(list(100, 'seatMap { freeCount }'))).toBe('QUERY_TOO_COMPLEX')
  const aliases = Array.from({ length: 50 }, (_, at) => `a${at}: seatMap { freeCount }`).join(' ')
  expect(await costOf(list(1, aliases))).toBe('QUERY_TOO_COMPLEX')
  // Seats of four types are counted in the database.
  expect(await costOf(list(10, 'availability { free }'))).toBe(10 * (1 + 4 * 10))
  expect(await costOf(list(100, 'availability { free }'))).toBe(100 * (1 + 4 * 10))
})

test('a QR code costs what it takes to draw it, under each of its names', async () => {
  const list = (selection: string) => `{ viewer { tickets(first: 10) { nodes { ${selection} } } } }`
  expect(await costOf(list('id'))).toBe(1 + 10)
  expect(await costOf(list('a: qrCode b: qrCode'))).toBe(1 + 10 * (1 + 2 * 20))
})
