import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  const ada = await server.world.person({ handle: 'ada' })
  await server.world.published(ada, { title: 'Words of a post' })
})
afterAll(() => server.close())

const UUID = '01939c1d-0000-7000-8000-000000000000'

describe('values that look right and that Postgres would refuse are refused by us, with a code', () => {
  test.each([
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-14:00',
    '2026-02-30T00:00:00Z',
    '2026-11-20T25:00:00Z',
    'infinity',
    '',
  ])('the instant %j', async (publishedFrom) => {
    const query = 'query ($at: DateTime) { posts(filter: { publishedFrom: $at }) { totalCount } }'
    const { errors } = await server.ask(query, { at: publishedFrom })
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  test.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])('but not the instant %j', async (at) => {
    const query = 'query ($at: DateTime) { posts(filter: { publishedBefore: $at }) { totalCount } }'
    expect((await server.ask(query, { at })).errors).toBeUndefined()
  })

  test.each([
    ['NEWEST', ['2026-13-01 00:00:00+00', UUID]],
    ['NEWEST', ['2026-02-29 00:00:00+00', UUID]],
    ['NEWEST', ['0000-01-01 00:00:00+00', UUID]],
    ['NEWEST', ['2026-01-01 24:00:01+00', UUID]],
    ['NEWEST', ['2026-01-01 00:00:00+00', '01939c1d']],
    ['RELEVANCE', ['1e99', '2026-01-01 00:00:00+00', UUID]],
    ['RELEVANCE', ['1e-99', '2026-01-01 00:00:00+00', UUID]],
    ['RELEVANCE', ['9'.repeat(300), '2026-01-01 00:00:00+00', UUID]],
    ['RELEVANCE', ['NaN', '2026-01-01 00:00:00+00', UUID]],
  ])('the cursor of %s with %j', async (orderBy, keys) => {
    const query =
      'query ($after: String, $orderBy: PostOrder!) { posts(first: 1, after: $after, orderBy: $orderBy, filter: { text: "words" }) { nodes { id } } }'
    const { errors } = await server.ask(query, { after: encodeCursor(orderBy, keys), orderBy })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['after'] })
  })

  test('while every cursor that the server gave works', async () => {
    for (const orderBy of ['NEWEST', 'OLDEST', 'RELEVANCE']) {
      const page = (after: string | null) =>
        server.ask(
          'query ($after: String, $orderBy: PostOrder!) { posts(first: 1, after: $after, orderBy: $orderBy, filter: { text: "words" }) { edges { cursor } } }',
          { after, orderBy },
        )
      const { data } = await page(null)
      expect((await page(data.posts.edges[0].cursor)).data).toEqual({ posts: { edges: [] } })
    }
  })
})
