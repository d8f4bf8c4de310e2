import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { type GraphError, startTestServer, type TestServer } from '../support/server.ts'
import { WorkoutClient } from '../support/workout.ts'

let server: TestServer
let client: WorkoutClient
let made = 0

beforeAll(async () => {
  server = await startTestServer()
  client = new WorkoutClient(server)
})
afterAll(() => server.close())

const member = (): Promise<Viewer> => server.world.person({ handle: `neighbour-${++made}` })
const about = async (mutation: string, from: Viewer, to: Viewer): Promise<string | null> => {
  const query = `mutation ($id: ID!) { done: ${mutation}(input: { accountId: $id }) { userErrors { code } } }`
  const { data } = await client.ask(query, { id: encodeId('account', to.accountId) }, from)
  return data.done.userErrors[0]?.code ?? null
}
const follows = async (): Promise<number> => {
  const [row] = await server.running.atrium.deps.db.query<{ count: number }>(
    'select count(*)::int as count from follows',
  )
  return row?.count ?? -1
}

test('who is blocked sees at once nothing more of what is for followers, and does not come back', async () => {
  const [ada, eve] = [await member(), await member()]
  expect(await about('followAccount', eve, ada)).toBeNull()
  expect(await about('followAccount', ada, eve)).toBeNull()
  const { id } = await client.must('scheduleWorkout', ada, { name: 'Run', day: '2026-12-01', visibility: 'FOLLOWERS' })
  const seen: unknown[] = []
  const codes: string[] = []
  server.socket(await client.tokenOf(eve)).subscribe(
    { query: 'subscription ($id: ID!) { workoutUpdated(workoutId: $id) { name } }', variables: { id } },
    {
      next: ({ data, errors }) => {
        if (data) seen.push(data)
        for (const { extensions } of errors ?? []) codes.push(String(extensions?.code))
      },
      error: (errors) => codes.push(...(errors as GraphError[]).map(({ extensions }) => extensions.code)),
      complete: () => {},
    },
  )
  await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 20_000 })
  expect(await about('blockAccount', ada, eve)).toBeNull()
  await vi.waitFor(() => expect(codes).toEqual(['NOT_FOUND']), { timeout: 5_000 })
  expect(await client.see(eve, id)).toBe('NOT_FOUND')
  expect(await follows()).toBe(0)
  expect(await about('followAccount', eve, ada)).toBe('INVALID_INPUT')
  expect(await about('followAccount', ada, eve)).toBe('INVALID_INPUT')
  const inbox = await client.ask('{ notifications { nodes { kind } } }', {}, ada)
  expect(inbox.data.notifications.nodes).toEqual([])
  await about('unblockAccount', ada, eve)
  expect(await client.see(eve, id)).toBe('NOT_FOUND')
  expect(await about('followAccount', eve, ada)).toBeNull()
  await about('unfollowAccount', eve, ada)
})

test('who is blocked invites nobody to share bills who blocked them', async () => {
  const [ada, eve] = [await member(), await member()]
  const group = await client.ask('mutation { createBillGroup(input: { name: "Trip" }) { group { id } } }', {}, eve)
  const invite = async () => {
    const query =
      'mutation ($input: InviteToBillGroupInput!) { inviteToBillGroup(input: $input) { userErrors { code path } } }'
    const input = { id: group.data.createBillGroup.group.id, handle: ada.handle }
    return (await client.ask(query, { input }, eve)).data.inviteToBillGroup.userErrors
  }
  await about('blockAccount', ada, eve)
  expect(await invite()).toEqual([{ code: 'INVALID_INPUT', path: ['input', 'handle'] }])
  await about('unblockAccount', ada, eve)
  expect(await invite()).toEqual([])
})

test('whoever begins to follow while they are blocked does not follow afterwards', async () => {
  const pairs = await Promise.all(Array.from({ length: 20 }, async () => [await member(), await member()] as const))
  await Promise.all(
    pairs.flatMap(([ada, eve]) => [
      about('followAccount', eve, ada),
      about('blockAccount', ada, eve),
      about('followAccount', ada, eve),
    ]),
  )
  expect(await follows()).toBe(0)
})
