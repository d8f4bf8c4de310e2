import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const SUBSCRIPTION = `subscription ($on: ID!, $after: String) {
  commentAdded(on: $on, after: $after) { body streamCursor author { handle } }
}`

/** The next `count` comments that the subscription delivers. */
async function take(
  on: string,
  count: number,
  after: string | null = null,
): Promise<{ body: string; streamCursor: string }[]> {
  const received = []
  for await (const { data } of server.socket().iterate<{ commentAdded: { body: string; streamCursor: string } }>({
    query: SUBSCRIPTION,
    variables: { on, after },
  })) {
    if (data) received.push(data.commentAdded)
    if (received.length === count) break
  }
  return received
}

describe('commentAdded', () => {
  test('sends what was missed after a cursor, then what is new, in order and once each', async () => {
    const ada = await server.world.person({ handle: 'ada' })
    const post = await server.world.published(ada)
    for (const body of ['one', 'two', 'three']) await server.world.comment(ada, post, body)
    const on = encodeId('post', post)
    const [first] = await take(on, 1, Buffer.from('["STREAM","0"]').toString('base64url'))
    expect(first?.body).toBe('one')
    const rest = take(on, 4, first?.streamCursor)
    await Promise.all(['four', 'five'].map((body) => server.world.comment(ada, post, body)))
    const bodies = (await rest).map(({ body }) => body)
    expect(bodies.slice(0, 2)).toEqual(['two', 'three'])
    expect(bodies.slice(2).sort()).toEqual(['five', 'four'])
  })
})
