import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import { call, join } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let ada: string
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.tokenOf(await server.world.person({ handle: 'ada' }))
})
afterAll(() => server.close())

const hashOf = (email: string) => createHash('sha256').update(email).digest('hex')
const FIND = `query ($emailHashes: [String!]!) {
  findContacts(emailHashes: $emailHashes) { emailHash account { id handle } } }`
const find = (emailHashes: string[], token: string | null = ada, from = server) =>
  call(from, { query: FIND, variables: { emailHashes }, token })
const setDiscoverable = (token: string, discoverable: boolean) =>
  call(server, {
    query: 'mutation ($on: Boolean!) { updateProfile(input: { discoverable: $on }) { userErrors { code } } }',
    variables: { on: discoverable },
    token,
  })

async function member(handle: string, discoverable: boolean) {
  const viewer = await server.world.person({ handle })
  const token = await server.tokenOf(viewer)
  if (discoverable) await setDiscoverable(token, true)
  return { id: encodeId('account', viewer.accountId), token, hash: hashOf(`${handle}@example.com`) }
}

describe('contacts', () => {
  test('are found by the hash of their address if they let themselves be found; others are as unknown', async () => {
    const open = await member('open', true)
    const closed = await member('closed', false)
    const { data } = await find([closed.hash, hashOf('nobody@example.com'), open.hash, open.hash])
    expect(data.findContacts).toEqual([{ emailHash: open.hash, account: { id: open.id, handle: 'open' } }])
  })

  test('are hidden until they say otherwise, and again when they change their mind', async () => {
    const { token, hash } = await member('careful', false)
    const own = async () =>
      (await call(server, { query: '{ viewer { discoverable } }', token })).data.viewer.discoverable
    expect(await own()).toBe(false)
    await setDiscoverable(token, true)
    expect(await own()).toBe(true)
    expect((await find([hash])).data.findContacts).toHaveLength(1)
    await setDiscoverable(token, false)
    expect((await find([hash])).data.findContacts).toEqual([])
  })

  test('have the hash of the address as it was normalised at sign-up, which the database computes', async () => {
    await join(server, 'mixed', { email: '  Mixed.Case+tag@Example.COM ' })
    await server.running.atrium.deps.db.query("update accounts set discoverable = true where handle = 'mixed'")
    expect((await find([hashOf('mixed.case+tag@example.com')])).data.findContacts).toMatchObject([
      { account: { handle: 'mixed' } },
    ])
    await server.running.atrium.deps.db.query(
      `update accounts set email = '"odd\\name"@exämple.com' where handle = 'mixed'`,
    )
    expect((await find([hashOf('"odd\\name"@exämple.com')])).data.findContacts).toHaveLength(1)
    await expect(
      server.running.atrium.deps.db.query("update accounts set email_hash = 'x' where handle = 'mixed'"),
    ).rejects.toThrow(/generated|can only be updated to DEFAULT/)
  })

  test.each([
    ['too short', ['abc'], ['emailHashes', '0']],
    ['upper case', [hashOf('x').toUpperCase()], ['emailHashes', '0']],
    ['an address', [hashOf('x'), 'ada@example.com'], ['emailHashes', '1']],
  ])('are not looked up by what is %s', async (_, hashes, argument) => {
    const { errors } = await find(hashes)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument })
  })

  test('are looked up by members only', async () => {
    expect((await find([hashOf('x')], null)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  test('are looked up a hundred at a time', async () => {
    const hashes = Array.from({ length: 101 }, (_, at) => hashOf(`${at}`))
    expect((await find(hashes.slice(1))).data.findContacts).toEqual([])
    expect((await find(hashes)).errors?.[0]?.extensions.code).toBe('LIST_TOO_LONG')
  })

  test('are read with the index, however many members there are', async () => {
    const { db } = server.running.atrium.deps
    const rows = await db.transaction(async (tx) => {
      await tx.query('set local enable_seqscan = off')
      return tx.query<{ 'QUERY PLAN': string }>(
        `explain select id from accounts where discoverable and email_hash in ('${hashOf('a')}', '${hashOf('b')}')`,
      )
    })
    expect(JSON.stringify(rows)).toContain('accounts_discoverable')
  })
})

describe('the budget of a day', () => {
  const hashes = (count: number, from = 0) =>
    Array.from({ length: count }, (_, at) => hashOf(`${from + at}@example.com`))

  test('counts every hash, matched or not, under aliases too, and refuses what goes beyond', async () => {
    const strict = await startTestServer({ limits: { contactHashesPerViewer: 100, contactHashesPerAddress: 10_000 } })
    try {
      const token = await strict.tokenOf(await strict.world.person({ handle: 'eve' }))
      expect((await find(hashes(60), token, strict)).errors).toBeUndefined()
      const refused = await find(hashes(50, 60), token, strict)
      expect(refused.errors?.[0]?.extensions).toMatchObject({
        code: 'RATE_LIMITED',
        retryAfterSeconds: expect.any(Number),
      })
      const other = await strict.tokenOf(await strict.world.person({ handle: 'mallory' }))
      const list = JSON.stringify(hashes(40))
      const aliased = await call(strict, {
        query: `{ a: findContacts(emailHashes: ${list}) { emailHash } b: findContacts(emailHashes: ${list}) { emailHash } c: findContacts(emailHashes: ${list}) { emailHash } }`,
        token: other,
      })
      expect(aliased.errors?.map(({ extensions }) => extensions.code)).toEqual(['RATE_LIMITED'])
    } finally {
      await strict.close()
    }
  })

  test('of one address is shared by all its members', async () => {
    const strict = await startTestServer({ limits: { contactHashesPerViewer: 1_000, contactHashesPerAddress: 100 } })
    try {
      const codes: unknown[] = []
      for (const handle of ['eve', 'mallory']) {
        const token = await strict.tokenOf(await strict.world.person({ handle }))
        codes.push((await find(hashes(60), token, strict)).errors?.[0]?.extensions.code)
      }
      expect(codes).toEqual([undefined, 'RATE_LIMITED'])
    } finally {
      await strict.close()
    }
  })
})
