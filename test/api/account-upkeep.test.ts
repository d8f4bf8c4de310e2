import { afterAll, beforeAll, expect, test } from 'vitest'
import { clearExpiredRows } from '../../src/domain/account/upkeep.ts'
import { call, codes, join, REFRESH, type Session, WHO } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const sql = (text: string) => server.running.atrium.deps.db.query<{ n: number }>(text)
const count = async (from: string): Promise<number> =>
  Number((await sql(`select count(*)::int as n from ${from}`))[0]?.n)
const isAlive = async ({ accessToken }: Session): Promise<boolean> =>
  (await call(server, { query: WHO, token: accessToken })).status === 200
const of = (handle: string) => `account_id = (select id from accounts where handle = '${handle}')`

test('the nightly upkeep clears away what has lost its meaning, and nothing else', async () => {
  const [live, expired, ended, endedLongAgo] = await Promise.all(
    ['live', 'expired', 'ended', 'ended-long-ago'].map((handle) => join(server, handle)),
  )
  if (!live || !expired || !ended || !endedLongAgo) throw new Error('they have just joined')
  await sql(`update sessions set expires_at = now() - interval '1 second' where ${of('expired')}`)
  await sql(`update sessions set revoked_at = now() where ${of('ended')}`)
  await sql(`update sessions set revoked_at = now() - interval '31 days' where ${of('ended-long-ago')}`)
  const input = { refreshToken: live.refreshToken }
  const renewed = (await call(server, { query: REFRESH, variables: { input } })).data.refreshSession.session
  const key = `(select id from accounts where handle = 'live')`
  await sql(`insert into idempotency_keys (account_id, key, operation, input_hash, created_at) values
    (${key}, 'of-last-week', 'x', 'x', now() - interval '6 days'), (${key}, 'of-last-month', 'x', 'x', now() - interval '8 days')`)

  await clearExpiredRows(server.running.atrium.deps)

  expect(await count('sessions')).toBe(2)
  expect(await count(`idempotency_keys where key = 'of-last-week'`)).toBe(1)
  expect(await count('idempotency_keys')).toBe(1)
  expect(await isAlive(live)).toBe(true)
  // A token that was used may come back from a thief for weeks, and must still end the session then.
  expect(await count('refresh_tokens where used_at is not null')).toBe(1)
  await sql(`update refresh_tokens set used_at = now() - interval '31 days' where used_at is not null`)
  await clearExpiredRows(server.running.atrium.deps)
  expect(await count('refresh_tokens where used_at is not null')).toBe(0)
  expect(codes(await call(server, { query: REFRESH, variables: { input } }))).toEqual(['UNAUTHENTICATED'])
  const next = { refreshToken: renewed.refreshToken }
  expect((await call(server, { query: REFRESH, variables: { input: next } })).data.refreshSession.session.id).toBe(
    live.id,
  )
})
