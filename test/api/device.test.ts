import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ChatClient } from '../support/chat.ts'
import {
  deviceKeys,
  keyPair,
  prekeys,
  REGISTER,
  REVOKE,
  registration,
  signature,
  signedPrekey,
} from '../support/device.ts'
import { atOnce, call, codes } from '../support/door.ts'
import { subscribed } from '../support/listener.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let count = 0
beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
})
afterAll(() => server.close())

interface Person {
  viewer: Viewer
  token: string
  account: string
}

async function person(role: Viewer['role'] = 'MEMBER'): Promise<Person> {
  const viewer = await server.world.person({ handle: `person${count++}`, role })
  return { viewer, token: await server.tokenOf(viewer), account: encodeId('account', viewer.accountId) }
}

const register = (token: string | null, input: object) => call(server, { query: REGISTER, variables: { input }, token })
const revoke = (token: string | null, id: string) =>
  call(server, { query: REVOKE, variables: { input: { id } }, token })
const newDevice = async ({ viewer, token }: Person): Promise<string> =>
  (await register(token, registration(deviceKeys(viewer.accountId)))).data.registerDevice.device.id
const devicesOf = async (of: Person, token: string | null) =>
  (
    await call(server, {
      query: 'query ($id: ID!) { node(id: $id) { ... on Account { devices { id label lastSeenAt prekeysLeft } } } }',
      variables: { id: of.account },
      token,
    })
  ).data.node.devices

describe('a device', () => {
  test('is registered with its public keys, and shown to its owner', async () => {
    const ada = await person()
    const input = registration(deviceKeys(ada.viewer.accountId), prekeys(3), '  Ada’s phone ')
    const { data } = await register(ada.token, input)
    const { identityKey, agreementKey, agreementKeySignature } = input
    expect(data.registerDevice).toEqual({
      device: {
        id: expect.stringMatching(/^device_/),
        label: 'Ada’s phone',
        identityKey,
        agreementKey,
        agreementKeySignature,
        prekeysLeft: 3,
        revokedAt: null,
      },
      userErrors: [],
    })
    expect(await devicesOf(ada, ada.token)).toMatchObject([{ label: 'Ada’s phone', prekeysLeft: 3 }])
  })

  test('is registered once under one idempotency key, also at once', async () => {
    const ada = await person()
    const input = { ...registration(deviceKeys(ada.viewer.accountId)), idempotencyKey: 'first-device' }
    const answers = await atOnce(10, () => register(ada.token, input))
    expect(new Set(answers.map(({ data }) => data.registerDevice.device.id)).size).toBe(1)
    expect(await devicesOf(ada, ada.token)).toHaveLength(1)
  })

  test.each<[string, string[], (given: ReturnType<typeof registration>, ada: Person) => object]>([
    [
      'an identity key beside the curve',
      ['identityKey'],
      (given) => ({ identityKey: `${given.identityKey.slice(0, -6)}AAAA==` }),
    ],
    ['an agreement key of another curve', ['agreementKey'], () => ({ agreementKey: keyPair('P-384').publicKey })],
    [
      'a prekey that is none',
      ['oneTimePrekeys', '1', 'publicKey'],
      (given) => ({ oneTimePrekeys: [given.oneTimePrekeys[0], { keyId: 2, publicKey: 'key' }] }),
    ],
    ['prekeys out of order', ['oneTimePrekeys'], () => ({ oneTimePrekeys: prekeys(2).toReversed() })],
    [
      'one prekey twice',
      ['oneTimePrekeys'],
      (given) => ({ oneTimePrekeys: [given.oneTimePrekeys[0], given.oneTimePrekeys[0]] }),
    ],
    ['a prekey without a number', ['oneTimePrekeys', '0', 'keyId'], () => ({ oneTimePrekeys: prekeys(1, 0) })],
    [
      'an agreement key that somebody else signed',
      ['agreementKeySignature'],
      (given, ada) => ({
        agreementKeySignature: signature(keyPair(), 'atrium agreement key v1', ada.account, given.agreementKey),
      }),
    ],
    ['another agreement key than was signed', ['agreementKeySignature'], () => ({ agreementKey: keyPair().publicKey })],
    ['no signature', ['agreementKeySignature'], () => ({ agreementKeySignature: '' })],
    [
      'a signed prekey with another number',
      ['signedPrekey', 'signature'],
      (given) => ({ signedPrekey: { ...given.signedPrekey, keyId: 7 } }),
    ],
    ['an empty label', ['label'], () => ({ label: ' ' })],
    ['a label of two lines', ['label'], () => ({ label: 'a\nb' })],
  ])('with %s is refused, and the argument named', async (_, path, change) => {
    const ada = await person()
    const given = registration(deviceKeys(ada.viewer.accountId))
    const { data } = await register(ada.token, { ...given, ...change(given, ada) })
    expect(data.registerDevice.device).toBeNull()
    expect(data.registerDevice.userErrors).toContainEqual(
      expect.objectContaining({ __typename: 'InvalidInput', path: ['input', ...path] }),
    )
    expect(await devicesOf(ada, ada.token)).toEqual([])
  })

  test('of one member cannot be registered by another, whose account the signatures do not name', async () => {
    const [ada, bob] = [await person(), await person()]
    const { data } = await register(bob.token, registration(deviceKeys(ada.viewer.accountId)))
    expect(data.registerDevice.userErrors.map(({ path }: { path: string[] }) => path.join('.'))).toEqual([
      'input.agreementKeySignature',
      'input.signedPrekey.signature',
    ])
  })

  test('does not sign and agree on keys with one key', async () => {
    const ada = await person()
    const identity = keyPair()
    const { data } = await register(
      ada.token,
      registration({ accountId: ada.viewer.accountId, identity, agreement: identity }),
    )
    expect(data.registerDevice.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'agreementKey'] }])
  })

  test('has keys of its own', async () => {
    const ada = await person()
    const keys = deviceKeys(ada.viewer.accountId)
    await register(ada.token, registration(keys))
    const again = await register(ada.token, registration(keys))
    expect(again.data.registerDevice.userErrors).toMatchObject([{ code: 'TAKEN', path: ['input', 'identityKey'] }])
    const sameAgreement = await register(ada.token, registration({ ...keys, identity: keyPair() }))
    expect(sameAgreement.data.registerDevice.userErrors).toMatchObject([
      { code: 'TAKEN', path: ['input', 'agreementKey'] },
    ])
  })

  test('is one of ten at most, also when twenty are registered at once; a revoked one makes room', async () => {
    const ada = await person()
    const inputs = Array.from({ length: 20 }, () => registration(deviceKeys(ada.viewer.accountId), []))
    const answers = await Promise.all(inputs.map((input) => register(ada.token, input)))
    const made = answers.filter(({ data }) => data.registerDevice.device !== null)
    expect(made).toHaveLength(10)
    for (const { data } of answers.filter((each) => !made.includes(each))) {
      expect(data.registerDevice.userErrors).toMatchObject([{ __typename: 'LimitExceeded', limit: 10 }])
    }
    await revoke(ada.token, made[0]?.data.registerDevice.device.id)
    expect(
      (await register(ada.token, registration(deviceKeys(ada.viewer.accountId)))).data.registerDevice.userErrors,
    ).toEqual([])
  })

  test('can be registered so many times a day only', async () => {
    const strict = await startTestServer({ limits: { deviceRegistrationsPerViewer: 3 } })
    try {
      const ada = await strict.world.person({ handle: 'ada' })
      const token = await strict.tokenOf(ada)
      const errors = await atOnce(6, async () => {
        const variables = { input: registration(deviceKeys(ada.accountId)) }
        return (await call(strict, { query: REGISTER, variables, token })).errors?.[0]?.extensions
      })
      expect(errors.filter((each) => each === undefined)).toHaveLength(3)
      expect(errors.find((each) => each !== undefined)).toMatchObject({
        code: 'RATE_LIMITED',
        retryAfterSeconds: expect.any(Number),
      })
    } finally {
      await strict.close()
    }
  })
})

describe('a revoked device', () => {
  test('is gone from the list, keeps its key and loses its name and prekeys; twice is once', async () => {
    const [ada, bob] = [await person(), await person()]
    const id = await newDevice(ada)
    const first = await revoke(ada.token, id)
    expect(first.data.revokeDevice).toEqual({
      device: { id, label: '', revokedAt: expect.any(String) },
      userErrors: [],
    })
    expect((await revoke(ada.token, id)).data.revokeDevice).toEqual(first.data.revokeDevice)
    expect(await devicesOf(ada, ada.token)).toEqual([])
    const query =
      'query ($id: ID!) { node(id: $id) { ... on Device { identityKey revokedAt prekeysLeft account { id } } } }'
    expect((await call(server, { query, variables: { id }, token: bob.token })).data.node).toMatchObject({
      identityKey: expect.any(String),
      revokedAt: expect.any(String),
      account: { id: ada.account },
    })
    expect((await call(server, { query, variables: { id }, token: ada.token })).data.node.prekeysLeft).toBe(0)
  })
})

describe('who may do what with a device', () => {
  const LOOK = 'query ($id: ID!) { node(id: $id) { ... on Device { identityKey label lastSeenAt prekeysLeft } } }'
  const PUBLIC = { identityKey: expect.any(String), label: null, lastSeenAt: null, prekeysLeft: null }
  const OWN = { identityKey: expect.any(String), label: 'Phone', lastSeenAt: expect.any(String), prekeysLeft: 2 }

  test.each([
    { who: 'nobody', sees: null, lists: null, revokes: 'UNAUTHENTICATED' },
    { who: 'another member', sees: PUBLIC, lists: 1, revokes: 'FORBIDDEN' },
    { who: 'staff', sees: PUBLIC, lists: 1, revokes: 'FORBIDDEN' },
    { who: 'an administrator', sees: PUBLIC, lists: 1, revokes: 'FORBIDDEN' },
    { who: 'its owner', sees: OWN, lists: 1, revokes: null },
  ])('$who', async ({ who, sees, lists, revokes }) => {
    const owner = await person()
    const id = await newDevice(owner)
    const roles = { 'another member': 'MEMBER', staff: 'STAFF', 'an administrator': 'ADMIN' } as const
    const role = roles[who as keyof typeof roles]
    const token = who === 'nobody' ? null : role === undefined ? owner.token : (await person(role)).token
    const looked = await call(server, { query: LOOK, variables: { id }, token })
    expect(looked.data.node).toEqual(sees)
    if (sees === null) expect(looked.errors?.[0]?.extensions.code).toBe('NOT_FOUND')
    expect((await devicesOf(owner, token))?.length ?? null).toBe(lists)
    const revoked = await revoke(token, id)
    expect(revoked.errors?.[0]?.extensions.code ?? null).toBe(revokes)
  })

  test('a device that does not exist, or is none, is not found', async () => {
    const ada = await person()
    for (const id of [encodeId('device', ada.viewer.accountId), ada.account, 'x']) {
      expect((await revoke(ada.token, id)).data.revokeDevice.userErrors).toMatchObject([
        { code: 'NOT_FOUND', path: ['input', 'id'] },
      ])
    }
  })
})

describe('devicesChanged', () => {
  const QUERY =
    'subscription ($on: ID!) { devicesChanged(on: $on) { devices { totalCount nodes { id identityKey } } } }'

  test('tells the devices as they are, then again after each registration and revocation', async () => {
    const [ada, bob] = [await person(), await person()]
    const first = await newDevice(ada)
    const heard = server.socket(bob.token).iterate<{ devicesChanged: { devices: { nodes: { id: string }[] } } }>({
      query: QUERY,
      variables: { on: ada.account },
    })
    const next = async () =>
      (await heard.next()).value.data.devicesChanged.devices.nodes.map(({ id }: { id: string }) => id)
    expect(await next()).toEqual([first])
    const second = await newDevice(ada)
    expect(await next()).toEqual([first, second])
    await revoke(ada.token, first)
    expect(await next()).toEqual([second])
    await heard.return?.()
  })

  test.each([
    ['nobody', 'UNAUTHENTICATED'],
    ['a member, of an account that is none', 'NOT_FOUND'],
  ])('refuses %s', async (who, code) => {
    const ada = await person()
    const [token, on] =
      who === 'nobody' ? [null, ada.account] : [ada.token, encodeId('account', '01939c1d-0000-7000-8000-000000000000')]
    const heard = server.socket(token).iterate({ query: QUERY, variables: { on } })
    const outcome = await heard.next().then(
      ({ value }) => value?.errors?.[0],
      (error) => (error as { extensions: unknown }[])[0],
    )
    expect((outcome as { extensions: { code: string } }).extensions.code).toBe(code)
  })
})

describe('the devices of a room', () => {
  const ROOM = `query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Room {
    devices(first: $first, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } } } }`
  const ask = (id: string, token: string | null, page: object = {}) =>
    call(server, { query: ROOM, variables: { id, ...page }, token })
  const idsIn = (answer: Awaited<ReturnType<typeof ask>>) =>
    answer.data.node?.devices?.nodes.map(({ id }: { id: string }) => id)

  test('are those of its members, page by page, and of nobody else', async () => {
    const [ada, bob, eve] = [await person(), await person(), await person()]
    const chat = new ChatClient(server)
    const room = await chat.group(ada.viewer, [bob.viewer], { encryption: 'END_TO_END' })
    const ids = [await newDevice(ada), await newDevice(bob), await newDevice(ada)]
    await newDevice(eve)
    const whole = await ask(room, bob.token)
    expect(idsIn(whole)).toEqual(ids)
    expect(whole.data.node.devices.totalCount).toBe(3)
    const first = await ask(room, ada.token, { first: 2 })
    const rest = await ask(room, ada.token, { first: 2, after: first.data.node.devices.pageInfo.endCursor })
    expect([idsIn(first), idsIn(rest)]).toEqual([ids.slice(0, 2), ids.slice(2)])
    for (const token of [eve.token, null]) expect(codes(await ask(room, token))).toEqual(['NOT_FOUND'])
  })

  test('are nothing in a room that is not encrypted', async () => {
    const [ada, bob] = [await person(), await person()]
    const room = await new ChatClient(server).group(ada.viewer, [bob.viewer])
    expect((await ask(room, ada.token)).data.node.devices).toBeNull()
    const heard = server.socket(ada.token).iterate({
      query: 'subscription ($on: ID!) { devicesChanged(on: $on) { on } }',
      variables: { on: room },
    })
    expect((await heard.next()).value.errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: ['on'] } },
    ])
  })

  test('are told live: a device that comes or goes, a member who comes or goes, and an end for who is taken out', async () => {
    const [ada, bob, eve] = [await person(), await person(), await person()]
    const chat = new ChatClient(server)
    const room = await chat.group(ada.viewer, [bob.viewer], { encryption: 'END_TO_END' })
    const ofAda = await newDevice(ada)
    const ofEve = await newDevice(eve)
    const query = 'subscription ($on: ID!) { heard: devicesChanged(on: $on) { on devices { nodes { id } } } }'
    const atBob = subscribed(server.socket(bob.token), query, { on: room })
    const last = () => atBob.heard.at(-1)?.devices.nodes.map(({ id }: { id: string }) => id)
    const until = (ids: string[]) => vi.waitFor(() => expect(last()).toEqual(ids), { timeout: 10_000 })
    await until([ofAda])
    const ofBob = await newDevice(bob)
    await until([ofAda, ofBob])
    await chat.bring(ada.viewer, room, eve.viewer)
    await until([ofAda, ofEve, ofBob])
    await revoke(ada.token, ofAda)
    await until([ofEve, ofBob])
    await chat.run('leaveRoom', eve.viewer, { roomId: room })
    await until([ofBob])
    await chat.run('removeRoomMember', ada.viewer, { roomId: room, accountId: bob.account })
    await atBob.ends()
    expect(atBob.errors.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND'])
  })
})

describe('the directory as a whole', () => {
  test('costs as many statements for the devices of twenty members as for those of two', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => person()))
    for (const each of people) await newDevice(each)
    const query =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Account { devices { id identityKey label prekeysLeft account { handle } } } } }'
    const sent = async (ids: string[]) => {
      const check = async () => expect((await server.ask(query, { ids }, people[0]?.token)).errors).toBeUndefined()
      await check()
      return (await statements.during(check)).length
    }
    const ids = people.map(({ account }) => account)
    const few = await sent(ids.slice(0, 2))
    expect(await sent(ids)).toBe(few)
    // who asks, accounts, devices, prekeys that are left
    expect(few).toBe(4)
  })

  test('is part of the export without prekeys, and goes with the account', async () => {
    const ada = await person()
    const id = await newDevice(ada)
    const { data } = await call(server, { query: '{ viewer { export } }', token: ada.token })
    expect(data.viewer.export.devices).toEqual([
      expect.objectContaining({ id, label: 'Phone', identityKey: expect.any(String) }),
    ])
    expect(data.viewer.export.account).not.toHaveProperty('emailHash')
    await call(server, {
      query: 'mutation { deleteAccount(input: { password: "a passphrase for this world" }) { deletedId } }',
      token: ada.token,
    })
    const left = await server.running.atrium.deps.db.query('select from devices where account_id = $1', [
      ada.viewer.accountId,
    ])
    expect(left).toHaveLength(0)
  })

  test('holds no more than public keys: every one of its texts is a key, a signature or a name', async () => {
    const ada = await person()
    const keys = deviceKeys(ada.viewer.accountId)
    await register(ada.token, { ...registration(keys), signedPrekey: signedPrekey(keys, 3) })
    const secret = keys.identity.privateKey.export({ format: 'jwk' }).d ?? ''
    const rows = await server.running.atrium.deps.db.query(
      'select * from devices d join one_time_prekeys p on p.device_id = d.id',
    )
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(secret, 'base64url').toString('base64'))
    for (const row of rows as Record<string, unknown>[]) {
      expect(Object.keys(row).filter((name) => /private|secret/i.test(name))).toEqual([])
    }
  })
})
