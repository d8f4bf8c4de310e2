import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ChatClient } from '../support/chat.ts'
import {
  CLAIM,
  type DeviceKeys,
  deviceKeys,
  prekeys,
  REGISTER,
  REVOKE,
  registration,
  signedPrekey,
  UPLOAD,
} from '../support/device.ts'
import { atOnce, call } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let bob: string
let bobViewer: Viewer
let chat: ChatClient
let count = 0
beforeAll(async () => {
  server = await startTestServer()
  chat = new ChatClient(server)
  bobViewer = await server.world.person({ handle: 'bob' })
  bob = await server.tokenOf(bobViewer)
})
afterAll(() => server.close())

interface Owner {
  viewer: Viewer
  token: string
  keys: DeviceKeys
  id: string
}

async function owner(prekeyCount: number): Promise<Owner> {
  const viewer = await server.world.person({ handle: `owner${count++}` })
  const token = await server.tokenOf(viewer)
  const keys = deviceKeys(viewer.accountId)
  const { data } = await call(server, {
    query: REGISTER,
    variables: { input: registration(keys, prekeys(prekeyCount)) },
    token,
  })
  await openRoom(bobViewer, viewer)
  return { viewer, token, keys, id: data.registerDevice.device.id }
}

const openRoom = (one: Viewer, other: Viewer, encryption = 'END_TO_END') =>
  chat.run('openDirectRoom', one, { accountId: encodeId('account', other.accountId), encryption })

const claim = (ids: string[], token: string | null = bob) =>
  call(server, { query: CLAIM, variables: { input: { deviceIds: ids } }, token })
const upload = (token: string | null, input: object) => call(server, { query: UPLOAD, variables: { input }, token })

describe('prekeys', () => {
  test('are each handed out once: of fifty claims at once on twenty, twenty get one and thirty the signed one alone', async () => {
    const { id } = await owner(20)
    const answers = await atOnce(50, () => claim([id]))
    const claimed = answers.map(({ data }) => data.claimPrekeys.prekeys[0])
    const oneTime = claimed.flatMap(({ oneTimePrekey }) => (oneTimePrekey === null ? [] : [oneTimePrekey.keyId]))
    expect(oneTime.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
    expect(new Set(claimed.map(({ signedPrekey }) => signedPrekey.publicKey)).size).toBe(1)
  })

  test('of several devices come in one claim, in the order that was asked, also crosswise at once', async () => {
    const [one, two] = [await owner(30), await owner(30)]
    const answers = await atOnce(30, (at) => claim(at % 2 === 0 ? [one.id, two.id] : [two.id, one.id]))
    const taken = new Map<string, number[]>([
      [one.id, []],
      [two.id, []],
    ])
    for (const [at, { data }] of answers.entries()) {
      const ids = data.claimPrekeys.prekeys.map(({ device }: { device: { id: string } }) => device.id)
      expect(ids).toEqual(at % 2 === 0 ? [one.id, two.id] : [two.id, one.id])
      for (const { device, oneTimePrekey } of data.claimPrekeys.prekeys) taken.get(device.id)?.push(oneTimePrekey.keyId)
    }
    for (const each of taken.values()) expect(new Set(each).size).toBe(30)
  })

  test('are brought anew, with numbers that only grow, and their owner sees how many are left', async () => {
    const { id, token } = await owner(2)
    await claim([id])
    const more = await upload(token, { deviceId: id, oneTimePrekeys: prekeys(5, 3) })
    expect(more.data.uploadPrekeys).toEqual({ device: { id, prekeysLeft: 6 }, userErrors: [] })
    // Number 1 was handed out; bringing it again would hand it out twice.
    const again = await upload(token, { deviceId: id, oneTimePrekeys: prekeys(1, 1) })
    expect(again.data.uploadPrekeys.userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'oneTimePrekeys', '0', 'keyId'] },
    ])
  })

  test('are brought once under one idempotency key', async () => {
    const { id, token } = await owner(0)
    const input = { deviceId: id, oneTimePrekeys: prekeys(4), idempotencyKey: 'batch-no-1' }
    const answers = await atOnce(5, () => upload(token, input))
    expect(answers.map(({ data }) => data.uploadPrekeys.userErrors)).toEqual(Array(5).fill([]))
    expect((await upload(token, { deviceId: id, oneTimePrekeys: [] })).data.uploadPrekeys.device.prekeysLeft).toBe(4)
  })

  test('wait two hundred at most', async () => {
    const { id, token } = await owner(100)
    expect(
      (await upload(token, { deviceId: id, oneTimePrekeys: prekeys(100, 101) })).data.uploadPrekeys.userErrors,
    ).toEqual([])
    expect(
      (await upload(token, { deviceId: id, oneTimePrekeys: prekeys(1, 201) })).data.uploadPrekeys.userErrors,
    ).toMatchObject([{ __typename: 'LimitExceeded', limit: 200, path: ['input', 'oneTimePrekeys'] }])
  })

  test('the signed one is renewed by its device only, and not with an older one', async () => {
    const { id, token, keys } = await owner(0)
    const renewed = signedPrekey(keys, 2)
    await upload(token, { deviceId: id, signedPrekey: renewed, oneTimePrekeys: [] })
    expect((await claim([id])).data.claimPrekeys.prekeys).toEqual([
      { device: { id }, signedPrekey: renewed, oneTimePrekey: null },
    ])
    const old = await upload(token, { deviceId: id, signedPrekey: signedPrekey(keys, 1), oneTimePrekeys: [] })
    expect(old.data.uploadPrekeys.userErrors).toMatchObject([{ path: ['input', 'signedPrekey', 'keyId'] }])
    const foreign = await upload(token, {
      deviceId: id,
      signedPrekey: signedPrekey(deviceKeys(keys.accountId), 3),
      oneTimePrekeys: [],
    })
    expect(foreign.data.uploadPrekeys.userErrors).toMatchObject([{ path: ['input', 'signedPrekey', 'signature'] }])
  })
})

describe('a claim', () => {
  test('of a revoked, an unknown or no device takes none of the others either', async () => {
    const [one, gone] = [await owner(1), await owner(1)]
    await call(server, { query: REVOKE, variables: { input: { id: gone.id } }, token: gone.token })
    for (const id of [
      gone.id,
      encodeId('device', one.viewer.accountId),
      encodeId('account', one.viewer.accountId),
      '',
    ]) {
      expect((await claim([one.id, id])).data.claimPrekeys).toEqual({
        prekeys: null,
        userErrors: [expect.objectContaining({ code: 'NOT_FOUND', path: ['input', 'deviceIds', '1'] })],
      })
    }
    expect((await claim([one.id])).data.claimPrekeys.prekeys[0].oneTimePrekey).toEqual(
      expect.objectContaining({ keyId: 1 }),
    )
  })

  test('names at least one device, and each once', async () => {
    const { id } = await owner(2)
    for (const ids of [[], [id, id]]) {
      expect((await claim(ids)).data.claimPrekeys.userErrors).toMatchObject([{ path: ['input', 'deviceIds'] }])
    }
  })

  test('counts once for each device against the hour’s budget', async () => {
    const strict = await startTestServer({ limits: { prekeyClaimsPerViewer: 5 } })
    try {
      const ada = await strict.world.person({ handle: 'ada' })
      const token = await strict.tokenOf(ada)
      const ids: string[] = []
      for (let each = 0; each < 3; each++) {
        const variables = { input: registration(deviceKeys(ada.accountId)) }
        ids.push((await call(strict, { query: REGISTER, variables, token })).data.registerDevice.device.id)
      }
      const variables = { input: { deviceIds: ids } }
      expect((await call(strict, { query: CLAIM, variables, token })).data.claimPrekeys.userErrors).toEqual([])
      const { errors } = await call(strict, { query: CLAIM, variables, token })
      expect(errors?.[0]?.extensions.code).toBe('RATE_LIMITED')
    } finally {
      await strict.close()
    }
  })
})

describe('who may claim the prekeys of a device', () => {
  test.each([
    ['nobody', 'UNAUTHENTICATED'],
    ['a stranger', 'NOT_FOUND'],
    ['an administrator', 'NOT_FOUND'],
    ['who shares a room that is not encrypted', 'NOT_FOUND'],
    ['who was invited to an encrypted room and has not come', 'NOT_FOUND'],
    ['who shares an encrypted room', null],
    ['who shared one, and left it', 'NOT_FOUND'],
    ['the owner, from another device', null],
  ])('%s: %s', async (who, code) => {
    const own = await owner(3)
    const role = who === 'an administrator' ? 'ADMIN' : 'MEMBER'
    const other = await server.world.person({ handle: `claimer${count++}`, role })
    if (who.includes('not encrypted')) await openRoom(other, own.viewer, 'NONE')
    if (who === 'who shares an encrypted room') await openRoom(other, own.viewer)
    if (who.includes('invited') || who.includes('left')) {
      const room = await chat.group(own.viewer, who.includes('left') ? [other] : [], { encryption: 'END_TO_END' })
      if (who.includes('left')) await chat.run('leaveRoom', other, { roomId: room })
      else await chat.run('inviteToRoom', own.viewer, { roomId: room, accountId: encodeId('account', other.accountId) })
    }
    const token = who === 'nobody' ? null : who.startsWith('the owner') ? own.token : await server.tokenOf(other)
    const { data, errors } = await claim([own.id], token)
    const [refused] = data.claimPrekeys?.userErrors ?? []
    expect(errors?.[0]?.extensions.code ?? refused?.code ?? null).toBe(code)
  })
})

describe('who may bring prekeys', () => {
  test.each([
    ['nobody', 'UNAUTHENTICATED'],
    ['another member', 'FORBIDDEN'],
    ['an administrator', 'FORBIDDEN'],
    ['the owner', null],
  ])('%s', async (who, code) => {
    const own = await owner(0)
    const other = () =>
      server.world.person({ handle: `other${count++}`, role: who === 'an administrator' ? 'ADMIN' : 'MEMBER' })
    const token = who === 'nobody' ? null : who === 'the owner' ? own.token : await server.tokenOf(await other())
    const { errors } = await upload(token, { deviceId: own.id, oneTimePrekeys: prekeys(1) })
    expect(errors?.[0]?.extensions.code ?? null).toBe(code)
  })

  test('for a revoked device: nobody, it is not found', async () => {
    const { id, token } = await owner(0)
    await call(server, { query: REVOKE, variables: { input: { id } }, token })
    expect((await upload(token, { deviceId: id, oneTimePrekeys: [] })).data.uploadPrekeys.userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['input', 'deviceId'] },
    ])
  })
})
