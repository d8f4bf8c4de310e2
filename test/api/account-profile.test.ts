import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atOnce, call, codes, join, type Session, USER_ERRORS } from '../support/door.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let ada: Session
beforeAll(async () => {
  server = await startTestServer()
  ada = await join(server, 'ada', { name: 'Ada' })
  await join(server, 'bob')
})
afterAll(() => server.close())

const UPDATE = `mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) { account { handle name bio avatarUrl timeZone } ${USER_ERRORS} }
}`
const update = (input: Record<string, unknown>, token: string | null = ada.accessToken) =>
  call(server, { query: UPDATE, variables: { input }, token })
const profileOf = async (handle: string) =>
  (
    await call(server, {
      query: 'query ($handle: String!) { account(handle: $handle) { handle name bio avatarUrl timeZone } }',
      variables: { handle },
    })
  ).data.account

describe('a profile', () => {
  test('is changed field by field; what is left out, or null, stays as it is', async () => {
    const filled = {
      name: 'Ada Lovelace',
      bio: 'Engines.\nAnd notes.',
      avatarUrl: 'https://example.com/a.png',
      timeZone: 'Europe/London',
    }
    expect((await update(filled)).data.updateProfile).toEqual({ account: { handle: 'ada', ...filled }, userErrors: [] })
    for (const input of [{}, { name: null, handle: null, bio: null, timeZone: null }]) {
      expect((await update(input)).data.updateProfile.account).toEqual({ handle: 'ada', ...filled })
    }
    expect((await update({ bio: '' })).data.updateProfile.account).toEqual({ handle: 'ada', ...filled, bio: '' })
    expect((await update({ avatarUrl: null })).data.updateProfile.account.avatarUrl).toBeNull()
    expect(await profileOf('ada')).toEqual({ handle: 'ada', ...filled, bio: '', avatarUrl: null })
  })

  test.each<[string, Record<string, unknown>]>([
    ['name', { name: '' }],
    ['name', { name: ' \u200b ' }],
    ['name', { name: 'a'.repeat(81) }],
    ['name', { name: 'two\nlines' }],
    ['name', { name: 'NUL\0' }],
    ['name', { name: 'evil \u202e tsaeb' }],
    ['bio', { bio: 'a'.repeat(1001) }],
    ['bio', { bio: 'bell\u0007' }],
    ['avatarUrl', { avatarUrl: 'javascript:alert(1)' }],
    ['avatarUrl', { avatarUrl: 'data:image/svg+xml,<svg/>' }],
    ['avatarUrl', { avatarUrl: 'https://user:pass@example.com/a.png' }],
    ['avatarUrl', { avatarUrl: '/a.png' }],
    ['avatarUrl', { avatarUrl: `https://example.com/${'a'.repeat(2000)}` }],
    ['handle', { handle: 'x' }],
    ['handle', { handle: 'a b' }],
    ['handle', { handle: 'admin' }],
  ])('with a wrong %s is refused, naming the field: %j', async (field, input) => {
    const before = await profileOf('ada')
    const { data } = await update({ ...input, timeZone: 'Asia/Tokyo' })
    expect(data.updateProfile.account).toBeNull()
    expect(data.updateProfile.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', field] }])
    expect(await profileOf('ada')).toEqual(before)
  })

  test.each(['Mars/Olympus', '', 'Europe', '+25:00', 'Europe/Paris\0'])(
    'with the time zone %j is refused',
    async (timeZone) => {
      const reply = await update({ timeZone })
      const refused = reply.data?.updateProfile?.userErrors?.[0]?.path ?? codes(reply)
      expect([['BAD_USER_INPUT'], ['input', 'timeZone']]).toContainEqual(refused)
    },
  )

  test('takes no handle that another has, whichever its case, and keeps its own', async () => {
    expect((await update({ handle: 'BOB' })).data.updateProfile.userErrors).toMatchObject([
      { code: 'TAKEN', path: ['input', 'handle'] },
    ])
    expect((await update({ handle: 'Ada' })).data.updateProfile.account.handle).toBe('ada')
  })

  test('of twenty that take one handle at once, one gets it', async () => {
    const people = await atOnce(20, (n) => join(server, `taker-${n}`))
    const replies = await Promise.all(people.map(({ accessToken }) => update({ handle: 'the-prize' }, accessToken)))
    const outcomes = replies.map(({ data }) => data.updateProfile.userErrors[0]?.code ?? 'won')
    expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'TAKEN')).toHaveLength(19)
  })

  test('is found by its handle in any case, and by nothing else', async () => {
    expect((await profileOf(' BOB ')).handle).toBe('bob')
    for (const handle of ['', 'nobody', 'bob%', 'bob@example.com', 'b\0ob\0x', 'x'.repeat(400_000)]) {
      const reply = await call(server, {
        query: 'query ($handle: String!) { account(handle: $handle) { id } }',
        variables: { handle },
      })
      expect([codes(reply), reply.data.account]).toEqual([['NOT_FOUND'], null])
    }
  })

  test('shows nobody the address of another, and no field of the graph has a hash that was not asked with', async () => {
    const query = '{ __schema { types { name fields { name } } } }'
    const { data } = await call(server, { query })
    type Field = { name: string }
    const owners = data.__schema.types.flatMap(({ name, fields }: { name: string; fields: Field[] | null }) =>
      (fields ?? []).filter((field) => /email|hash|password/i.test(field.name)).map((field) => `${name}.${field.name}`),
    )
    // Of one's own orders, and for staff. A preference says whether mails are wanted, and not where to.
    expect(owners).toEqual(['Order.email', 'Viewer.email', 'NotificationPreference.email', 'Contact.emailHash'])
  })
})
