import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import { type Answer, startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let ids: string[]
let token: string

beforeAll(async () => {
  server = await startTestServer()
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
