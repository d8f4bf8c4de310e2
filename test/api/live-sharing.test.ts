import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import { conversation, people, postId } from '../support/conversation.ts'
import { listen, untilRunning } from '../support/listener.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let who: Awaited<ReturnType<typeof people<'ada' | 'bob' | 'eve'>>>
let id: Uuid
let post: string
beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  who = await people(server, ['ada', 'bob', 'eve'])
})
beforeEach(async () => {
  id = await server.world.published(who.ada.viewer)
  post = postId(id)
})
afterEach(() => untilRunning(server, 0))
afterAll(() => server.close())

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1] ?? 0,
  )
}
const sharedExecutions = () => metric('atrium_live_executions_total{kind="shared"}')
const ownExecutions = () => metric('atrium_live_executions_total{kind="own"}')

describe('one comment', () => {
  /** Statements and executions that one comment costs while so many listen. */
  const costOf = async (count: number) => {
    const listeners = Array.from({ length: count }, (_, n) =>
      listen(server, post, { token: [null, who.ada.token, who.bob.token][n % 3] ?? null }),
    )
    await untilRunning(server, count)
    const executed = [await sharedExecutions(), await ownExecutions()]
    const sent = await statements.during(async () => {
      await server.world.comment(who.eve.viewer, id, 'to all')
      for (const listener of listeners) await listener.hears(1)
    })
    for (const listener of listeners) expect(listener.bodies()).toEqual(['to all'])
    await Promise.all(listeners.map((listener) => listener.leave()))
    await untilRunning(server, 0)
    expect(await metric('atrium_live_groups')).toBe(0)
    const now = [await sharedExecutions(), await ownExecutions()]
    return {
      statements: sent.length,
      shared: (now[0] ?? 0) - (executed[0] ?? 0),
      own: (now[1] ?? 0) - (executed[1] ?? 0),
    }
  }

  test('costs as many statements and executions for two hundred who listen as for one, whoever they are', async () => {
    await costOf(1)
    const one = await costOf(1)
    expect(one).toMatchObject({ shared: 1, own: 0 })
    expect(await costOf(2)).toEqual(one)
    expect(await costOf(200)).toEqual(one)
  })
})

describe('what a viewer sees of themselves', () => {
  const SELECTIONS = {
    'by its name': 'subscription ($on: ID!) { commentAdded(on: $on) { body viewerCanEdit } }',
    'under an alias': 'subscription ($on: ID!) { commentAdded(on: $on) { body mine: viewerCanEdit } }',
    'in a fragment':
      'subscription ($on: ID!) { ...Root } fragment Root on Subscription { commentAdded(on: $on) { body ...Mine } } fragment Mine on Comment { mine: viewerCanEdit }',
    'in a fragment of an interface':
      'subscription ($on: ID!) { commentAdded(on: $on) { body viewerCanEdit ... on Reactable { kinds: viewerReactions } } }',
    'of something else below it':
      'subscription ($on: ID!) { commentAdded(on: $on) { body viewerCanEdit author { viewerFollows } subject { ... on Post { viewerCanArchive } } } }',
  }

  test.each(Object.entries(SELECTIONS))('%s, nobody else is sent', async (_, query) => {
    const viewers = [who.ada, who.bob, who.eve, who.bob]
    const heard: Record<string, unknown>[][] = viewers.map(() => [])
    const clients = viewers.map(({ token }, n) => {
      const client = server.socket(token)
      client.subscribe<{ commentAdded: Record<string, unknown> }>(
        { query, variables: { on: post } },
        { next: ({ data }) => heard[n]?.push(data?.commentAdded ?? {}), error: () => {}, complete: () => {} },
      )
      return client
    })
    await untilRunning(server, viewers.length)
    const before = await sharedExecutions()
    for (const [n, { viewer }] of [who.ada, who.bob, who.eve].entries()) {
      await server.world.comment(viewer, id, `${n}`)
    }
    await vi.waitFor(() => expect(heard.map(({ length }) => length)).toEqual([3, 3, 3, 3]), { timeout: 10_000 })
    const mine = heard.map((events) => events.map((event) => event.mine ?? event.viewerCanEdit))
    expect(mine).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
      [false, true, false],
    ])
    // Each comment once for each session: the second bob has the token of the first.
    expect((await sharedExecutions()) - before).toBe(9)
    for (const client of clients) await client.dispose()
  })

  test('does not keep those from sharing who ask for nothing of it', async () => {
    const listeners = [who.ada, who.bob].map(({ token }) => listen(server, post, { token }))
    const client = server.socket(who.eve.token)
    const heard: unknown[] = []
    client.subscribe(
      { query: 'subscription ($on: ID!) { commentAdded(on: $on) { viewerCanEdit } }', variables: { on: post } },
      { next: ({ data }) => heard.push(data), error: () => {}, complete: () => {} },
    )
    await untilRunning(server, 3)
    const before = await sharedExecutions()
    await server.world.comment(who.bob.viewer, id, 'said')
    for (const listener of listeners) await listener.hears(1)
    await vi.waitFor(() => expect(heard).toEqual([{ commentAdded: { viewerCanEdit: false } }]), 10_000)
    expect((await sharedExecutions()) - before).toBe(2)
    for (const listener of listeners) await listener.leave()
    await client.dispose()
  })
})

test('what is asked for along with an event is shared too, and each asker gets it: the cost of the operation', async () => {
  const client = server.socket()
  const results: unknown[] = []
  const subscribe = (extensions: Record<string, unknown> | null) =>
    client.subscribe(
      { query: 'subscription ($on: ID!) { commentAdded(on: $on) { body } }', variables: { on: post }, extensions },
      { next: (result) => results.push(result), error: () => {}, complete: () => {} },
    )
  subscribe(null)
  subscribe({ cost: true })
  await untilRunning(server, 2)
  await server.world.comment(who.bob.viewer, id, 'said')
  await vi.waitFor(() => expect(results).toHaveLength(2), 10_000)
  const data = { commentAdded: { body: 'said' } }
  expect(results).toEqual(
    expect.arrayContaining([
      { data },
      { data, extensions: { cost: expect.objectContaining({ limit: expect.any(Number) }) } },
    ]),
  )
  await client.dispose()
})

test('a post that is edited away from under a listener is as fresh in the next event as in a query', async () => {
  const client = server.socket()
  const handles: unknown[] = []
  client.subscribe<{ commentAdded: { author: { name: string } } }>(
    { query: 'subscription ($on: ID!) { commentAdded(on: $on) { author { name } } }', variables: { on: post } },
    { next: ({ data }) => handles.push(data?.commentAdded.author.name), error: () => {}, complete: () => {} },
  )
  await untilRunning(server, 1)
  for (const name of ['One', 'Two', 'Three']) {
    await server.running.atrium.deps.db.query('update accounts set name = $1 where id = $2::text::uuid', [
      name,
      who.bob.viewer.accountId,
    ])
    await conversation(server).add(who.bob.token, post, name)
    await vi.waitFor(() => expect(handles.at(-1)).toBe(name), 10_000)
  }
  expect(handles).toEqual(['One', 'Two', 'Three'])
  await client.dispose()
})
