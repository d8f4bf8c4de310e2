import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, newId } from '../../src/core/ids.ts'
import type { Role, Viewer } from '../../src/domain/viewer.ts'
import { call, codes, connect, USER_ERRORS, WHO } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Viewer
let adminToken: string
beforeAll(async () => {
  server = await startTestServer()
  admin = await server.world.person({ handle: 'the-admin', role: 'ADMIN' })
  adminToken = await server.tokenOf(admin)
})
afterAll(() => server.close())

const CHANGE = `mutation ($input: ChangeRoleInput!) { changeRole(input: $input) { account { role } ${USER_ERRORS} } }`
const change = (accountId: string, role: string, token: string | null = adminToken) =>
  call(server, { query: CHANGE, variables: { input: { accountId, role } }, token })
const idOf = (viewer: Viewer): string => encodeId('account', viewer.accountId)
const setRole = (viewer: Viewer, role: Role) =>
  server.running.atrium.deps.db.query('update accounts set role = $1::role where id = $2', [role, viewer.accountId])
const roleOf = async (viewer: Viewer): Promise<string> => {
  const query = '{ account(handle: $handle) { role } }'.replace('$handle', JSON.stringify(viewer.handle))
  return (await call(server, { query })).data.account.role
}

describe('an administrator', () => {
  test.each(['CHEF', 'STAFF', 'ADMIN', 'MEMBER'] as const)(
    'makes a member %s, and it counts for the token they have',
    async (role) => {
      const member = await server.world.person({ handle: `to-${role.toLowerCase()}` })
      const token = await server.tokenOf(member)
      expect((await change(idOf(member), role)).data.changeRole).toEqual({ account: { role }, userErrors: [] })
      expect((await call(server, { query: WHO, token })).data.viewer.account.role).toBe(role)
    },
  )

  test('does not change their own role', async () => {
    const { data } = await change(idOf(admin), 'MEMBER')
    expect(data.changeRole.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'accountId'] }])
    expect(await roleOf(admin)).toBe('ADMIN')
  })

  test.each([
    ['an account that is not there', () => encodeId('account', newId())],
    ['the id of something else', () => encodeId('post', admin.accountId)],
    ['no id', () => 'ada'],
  ])('is told that there is no such account: %s', async (_what, id) => {
    const { data } = await change(id(), 'STAFF')
    expect(data.changeRole).toMatchObject({
      account: null,
      userErrors: [{ code: 'NOT_FOUND', path: ['input', 'accountId'] }],
    })
  })

  test('cannot invent a role', async () => {
    const reply = await change(idOf(admin), 'OWNER')
    expect([reply.status, codes(reply)]).toEqual([400, ['BAD_USER_INPUT']])
  })
})

describe('everyone else', () => {
  test.each(['MEMBER', 'CHEF', 'STAFF'] as const)('a %s raises nobody, least of all themselves', async (role) => {
    const person = await server.world.person({ handle: `low-${role.toLowerCase()}`, role })
    const token = await server.tokenOf(person)
    for (const target of [person, admin]) {
      const reply = await change(idOf(target), 'ADMIN', token)
      expect([codes(reply), reply.data]).toEqual([['FORBIDDEN'], { changeRole: null }])
    }
    expect([await roleOf(person), await roleOf(admin)]).toEqual([role, 'ADMIN'])
  })

  test('no profile, sign-up or token carries a role in', async () => {
    const member = await server.world.person({ handle: 'plain' })
    const token = await server.tokenOf(member)
    const query = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { account { role } } }'
    const reply = await call(server, { query, variables: { input: { name: 'x', role: 'ADMIN' } }, token })
    expect([reply.status, codes(reply)]).toEqual([400, ['BAD_USER_INPUT']])
    expect(await roleOf(member)).toBe('MEMBER')
  })
})

describe('a role that changes in the database', () => {
  const STAFF_ONLY = '{ openReports { totalCount } }'

  test('counts from the next request on with the same token, up and down', async () => {
    const person = await server.world.person({ handle: 'riser' })
    const token = await server.tokenOf(person)
    const verdict = async () => codes(await call(server, { query: STAFF_ONLY, token }))
    expect(await verdict()).toEqual(['FORBIDDEN'])
    await setRole(person, 'STAFF')
    expect(await verdict()).toEqual([])
    await setRole(person, 'MEMBER')
    expect(await verdict()).toEqual(['FORBIDDEN'])
  })

  test('counts from the next operation on over an open socket', async () => {
    const person = await server.world.person({ handle: 'socket-riser', role: 'STAFF' })
    const socket = connect(server, { token: await server.tokenOf(person) })
    expect(codes(await socket.run(STAFF_ONLY))).toEqual([])
    await setRole(person, 'MEMBER')
    expect(codes(await socket.run(STAFF_ONLY))).toEqual(['FORBIDDEN'])
    await socket.client.dispose()
  })

  test('closes the sockets of the account when an administrator changes it, and no others', async () => {
    const [person, other] = await Promise.all(
      ['demoted', 'unharmed'].map((handle) => server.world.person({ handle, role: 'STAFF' as const })),
    )
    if (person === undefined || other === undefined) throw new Error('they were just made')
    const socket = connect(server, { token: await server.tokenOf(person) })
    const bystander = connect(server, { token: await server.tokenOf(other) })
    for (const each of [socket, bystander]) await each.run(STAFF_ONLY)
    await change(idOf(person), 'STAFF')
    await change(idOf(person), 'MEMBER')
    expect(await socket.closing()).toEqual({ code: 4403, reason: 'Your role has changed. Connect again.' })
    expect(codes(await bystander.run(STAFF_ONLY))).toEqual([])
    await bystander.client.dispose()
  })
})

test('of administrators who dismiss each other at once, one stays', async () => {
  for (let round = 0; round < 10; round++) {
    const pair = await Promise.all(
      ['a', 'b'].map((name) => server.world.person({ handle: `duel-${round}-${name}`, role: 'ADMIN' as const })),
    )
    const tokens = await Promise.all(pair.map((one) => server.tokenOf(one)))
    const replies = await Promise.all(pair.map((_, n) => change(idOf(pair[1 - n] as Viewer), 'MEMBER', tokens[n])))
    const roles = await Promise.all(pair.map(roleOf))
    expect(roles.toSorted()).toEqual(['ADMIN', 'MEMBER'])
    expect(replies.flatMap(codes)).toEqual(['FORBIDDEN'])
  }
})
