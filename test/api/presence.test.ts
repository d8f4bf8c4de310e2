import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { followAccount } from '../../src/domain/account/follow.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { people } from '../support/conversation.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const PRESENCE = 'query ($handle: String!) { account(handle: $handle) { presence { state lastSeenAt } } }'

let server: TestServer
type Handle = 'ada' | 'bob' | 'cleo' | 'dan'
let who: Record<Handle, { viewer: Viewer; token: string }>
let staff: string
beforeAll(async () => {
  server = await startTestServer()
  who = await people(server, ['ada', 'bob', 'cleo', 'dan'])
  staff = (await people(server, ['keeper'], 'ADMIN')).keeper.token
  const { deps } = server.running.atrium
  // Ada and Bob follow each other; Cleo follows Ada, and Ada follows Dan.
  for (const [follower, followee] of [
    ['ada', 'bob'],
    ['bob', 'ada'],
    ['cleo', 'ada'],
    ['ada', 'dan'],
  ] as const) {
    await followAccount(deps, who[follower].viewer, who[followee].viewer.accountId)
  }
})
afterAll(() => server.close())

const see = async (token: string | null, handle: string) => {
  const { data, errors } = await server.ask(PRESENCE, { handle }, token)
  expect(errors).toBeUndefined()
  return data.account.presence
}
const show = (token: string, showPresence: boolean) =>
  server.ask(
    'mutation ($show: Boolean) { updateProfile(input: { showPresence: $show }) { userErrors { code } } }',
    { show: showPresence },
    token,
  )

describe('whether Ada is here is seen', () => {
  const TABLE: [string, () => string | null, boolean][] = [
    ['by herself', () => who.ada.token, true],
    ['by Bob: they follow each other', () => who.bob.token, true],
    ['not by Cleo, who follows her', () => who.cleo.token, false],
    ['not by Dan, whom she follows', () => who.dan.token, false],
    ['not by an administrator', () => staff, false],
    ['not by who is not signed in', () => null, false],
  ]
  test.each(TABLE)('%s', async (_, token, may) => {
    expect(await see(token(), 'ada')).toEqual(may ? { state: expect.any(String), lastSeenAt: expect.anything() } : null)
  })

  test.each(TABLE)('%s, and by nobody but herself when she does not want it', async (_, token) => {
    await show(who.ada.token, false)
    const isHerself = token() === who.ada.token
    expect(await see(token(), 'ada')).toEqual(isHerself ? expect.anything() : null)
    const own = await server.ask('{ viewer { showPresence } }', {}, who.ada.token)
    expect(own.data.viewer).toEqual({ showPresence: false })
    await show(who.ada.token, true)
  })
})

describe('Bob is', () => {
  test('here while a socket of his is open, each counted as long as it is open, and nobody is for an anonymous one', async () => {
    const { presence } = server.running.atrium.deps
    const open = { count: 0 }
    const original = presence.connected
    const connected = vi.spyOn(presence, 'connected').mockImplementation((id) => {
      expect(id).toBe(who.bob.viewer.accountId)
      open.count++
      const release = original(id)
      return () => {
        open.count--
        release()
      }
    })
    const anonymous = server.socket()
    await new Promise((resolve) => anonymous.on('connected', resolve))
    const sockets = [server.socket(who.bob.token), server.socket(who.bob.token)]
    await vi.waitFor(() => expect(open.count).toBe(2), { timeout: 10_000 })
    expect(await see(who.ada.token, 'bob')).toMatchObject({ state: 'ONLINE' })
    for (const each of [...sockets, anonymous]) await each.dispose()
    await vi.waitFor(() => expect(open.count).toBe(0), { timeout: 10_000 })
    expect(connected).toHaveBeenCalledTimes(2)
    connected.mockRestore()
  })

  test('active by queries and mutations over HTTP and the socket, and not by subscribing', async () => {
    const { presence } = server.running.atrium.deps
    const active = vi.spyOn(presence, 'active')
    const count = () => active.mock.calls.filter(([id]) => id === who.dan.viewer.accountId).length
    await server.ask('{ viewer { email } }', {}, who.dan.token)
    expect(count()).toBe(1)
    const client = server.socket(who.dan.token)
    const run = (query: string) =>
      new Promise<void>((resolve) => {
        const done = client.subscribe(
          { query },
          {
            next: () => {
              resolve()
              done()
            },
            error: () => resolve(),
            complete: () => resolve(),
          },
        )
      })
    await run('{ viewer { email } }')
    expect(count()).toBe(2)
    await run('subscription { unreadNotificationCount }')
    expect(count()).toBe(2)
    await client.dispose()
    active.mockRestore()
  })
})
