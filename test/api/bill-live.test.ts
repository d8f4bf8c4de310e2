import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parseId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ExpenseClient } from '../support/expense.ts'
import { type GraphError, startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let client: ExpenseClient
let made = 0

beforeAll(async () => {
  server = await startTestServer()
  client = new ExpenseClient(server)
})
afterAll(() => server.close())

const member = (): Promise<Viewer> => server.world.person({ handle: `flatmate-${++made}` })

interface Seen {
  name: string
  members: { status: string }[]
  balances: { amount: { amount: string } }[] | null
  bills: { nodes: { description: string }[] } | null
}

const WATCH = `subscription ($id: ID!) { billGroupUpdated(id: $id) { name members { status }
  balances { amount { amount } } bills(first: 5) { nodes { description } } } }`

/** What somebody sees of a group, on a socket of their own. */
async function watch(viewer: Viewer | null, id: string) {
  const seen: Seen[] = []
  const codes: string[] = []
  const ended = { is: false }
  const hear = (errors: unknown): void => {
    for (const { extensions } of (Array.isArray(errors) ? errors : []) as GraphError[]) codes.push(extensions.code)
  }
  server.socket(viewer === null ? null : await client.tokenOf(viewer)).subscribe<{ billGroupUpdated: Seen }>(
    { query: WATCH, variables: { id } },
    {
      next({ data, errors }) {
        if (data?.billGroupUpdated) seen.push(data.billGroupUpdated)
        hear(errors)
      },
      error(errors) {
        hear(errors)
        ended.is = true
      },
      complete() {
        ended.is = true
      },
    },
  )
  const until = (what: (last: Seen | undefined) => void) =>
    vi.waitFor(() => what(seen.at(-1)), { timeout: 10_000, interval: 20 })
  const end = () => vi.waitFor(() => expect(ended.is).toBe(true), { timeout: 5_000, interval: 20 })
  return { seen, codes, until, end }
}

const run = (viewer: Viewer, mutation: string, input: Record<string, unknown>, type?: string) =>
  client.run(
    mutation,
    viewer,
    input,
    mutation === 'addBill' ? 'bill { id }' : /^(?:leave|decline)/.test(mutation) ? 'groupId' : 'group { id }',
    type,
  )

const createGroup = async (viewer: Viewer): Promise<string> =>
  (await run(viewer, 'createBillGroup', { name: 'Flat' })).value.id
const add = (viewer: Viewer, groupId: string, amount: string, description = 'Dinner') =>
  run(viewer, 'addBill', { groupId, amount: { amount, currency: 'EUR' }, description, spentOn: '2025-04-24' })

describe('a group, live', () => {
  test('is told to who shares in it, and only its names to who is invited', async () => {
    const [ada, bob, eve] = [await member(), await member(), await member()]
    const id = await createGroup(ada)
    const [stranger, nobody] = [await watch(eve, id), await watch(null, id)]
    await stranger.end()
    await nobody.end()
    expect([stranger.codes, nobody.codes]).toEqual([['NOT_FOUND'], ['UNAUTHENTICATED']])
    await run(ada, 'inviteToBillGroup', { id, handle: bob.handle })
    const [ofAda, ofBob] = [await watch(ada, id), await watch(bob, id)]
    await ofAda.until((last) => expect(last).toMatchObject({ name: 'Flat', balances: [], bills: { nodes: [] } }))
    await ofBob.until((last) => expect(last).toMatchObject({ name: 'Flat', balances: null, bills: null }))
    await add(ada, id, '10', 'A secret')
    await ofAda.until((last) => expect(last?.bills?.nodes).toEqual([{ description: 'A secret' }]))
    await run(bob, 'acceptBillInvitation', { id }, 'BillGroupInput')
    await ofBob.until((last) => expect(last?.bills?.nodes).toEqual([{ description: 'A secret' }]))
    expect(
      JSON.stringify(ofBob.seen.filter(({ members }) => members.some(({ status }) => status === 'INVITED'))),
    ).not.toContain('secret')
    await add(bob, id, '30')
    await ofAda.until((last) =>
      expect(last?.balances?.map(({ amount }) => amount.amount).sort()).toEqual(['-15.00', '15.00']),
    )
  })

  test.each([
    ['leaves', 'leaveBillGroup', true],
    ['declines', 'declineBillInvitation', false],
  ])('ends at once for who %s', async (_, mutation, accepts) => {
    const [ada, bob] = [await member(), await member()]
    const id = await createGroup(ada)
    await run(ada, 'inviteToBillGroup', { id, handle: bob.handle })
    if (accepts) await run(bob, 'acceptBillInvitation', { id }, 'BillGroupInput')
    const [ofAda, ofBob] = [await watch(ada, id), await watch(bob, id)]
    await ofBob.until((last) => expect(last?.members).toHaveLength(2))
    await run(bob, mutation, { id }, 'BillGroupInput')
    await ofBob.end()
    expect(ofBob.codes).toEqual(['NOT_FOUND'])
    await add(ada, id, '10', 'Afterwards')
    await ofAda.until((last) => expect(last?.bills?.nodes).toEqual([{ description: 'Afterwards' }]))
    expect(JSON.stringify(ofBob.seen)).not.toContain('Afterwards')
  })

  test('ends for all when the last one takes it along', async () => {
    const ada = await member()
    const id = await createGroup(ada)
    const ofAda = await watch(ada, id)
    await ofAda.until((last) => expect(last?.name).toBe('Flat'))
    await run(ada, 'leaveBillGroup', { id }, 'BillGroupInput')
    await ofAda.end()
    expect(ofAda.codes).toEqual(['NOT_FOUND'])
  })
})

test('nobody owes more than can be told exactly', async () => {
  const [ada, bob] = [await member(), await member()]
  const id = await createGroup(ada)
  await run(ada, 'inviteToBillGroup', { id, handle: bob.handle })
  await run(bob, 'acceptBillInvitation', { id }, 'BillGroupInput')
  const uuid = parseId(id)?.uuid as Uuid
  const { db } = server.running.atrium.deps
  const most = 9_007
  // As many bills of ten thousand million as fit, all of Ada's, for Bob alone.
  await db.transaction(async (tx) => {
    await tx.query(
      `with made as (select gen_random_uuid() as id from generate_series(1, ${most})),
      subject as (insert into subjects (id, kind) select id, 'BILL' from made)
    insert into bills (id, group_id, author_id, description, spent_on, currency, amount_minor, split)
      select made.id, $1::uuid, m.id, 'Much', '2025-04-24', 'EUR', 1000000000000, 'EXACT' from made, bill_members m where m.account_id = $2::uuid and m.group_id = $1::uuid`,
      [uuid, ada.accountId],
    )
    await tx.query(
      `insert into bill_parts (bill_id, member_id, position, owed_minor, paid_minor)
      select b.id, m.id, case when paid then 0 else 1 end, case when paid then 0 else b.amount_minor end, case when paid then b.amount_minor else 0 end
      from bills b join (select id, group_id, account_id = $2::uuid as paid from bill_members) m on m.group_id = b.group_id where b.group_id = $1::uuid`,
      [uuid, ada.accountId],
    )
  })
  const standing = async () => {
    const query = 'query ($id: ID!) { billGroup(id: $id) { transfers { amount { minorUnits } } } }'
    const { data, errors } = await client.ask(query, { id }, bob)
    return errors?.[0]?.extensions.code ?? data.billGroup.transfers
  }
  expect(await standing()).toEqual([{ amount: { minorUnits: most * 1e12 } }])
  const parts = await client.ask(
    'query ($id: ID!) { billGroup(id: $id) { members { id account { handle } } } }',
    { id },
    ada,
  )
  const idOf = (viewer: Viewer) =>
    parts.data.billGroup.members.find((each: { account: { handle: string } }) => each.account.handle === viewer.handle)
      .id
  const done = await run(ada, 'addBill', {
    groupId: id,
    amount: { amount: '10000000000', currency: 'EUR' },
    description: 'One too many',
    parts: [{ memberId: idOf(bob) }],
  })
  expect(done).toMatchObject({
    refused: null,
    value: null,
    userErrors: [{ code: 'LIMIT_EXCEEDED', path: ['input', 'amount'] }],
  })
  expect(await standing()).toEqual([{ amount: { minorUnits: most * 1e12 } }])
  const settled = await client.run(
    'settleBills',
    bob,
    { groupId: id, fromId: idOf(bob), toId: idOf(ada), amount: { amount: '10000000000', currency: 'USD' } },
    'settlement { id }',
  )
  expect(settled).toMatchObject({ refused: null, userErrors: [{ code: 'LIMIT_EXCEEDED', limit: 0 }] })
})

test('who enters more than is open is told how much is, however much that is', async () => {
  const [ada, bob] = [await member(), await member()]
  const id = await createGroup(ada)
  await run(ada, 'inviteToBillGroup', { id, handle: bob.handle })
  await run(bob, 'acceptBillInvitation', { id }, 'BillGroupInput')
  await add(ada, id, '200000000', 'A castle')
  const { data } = await client.ask('query ($id: ID!) { billGroup(id: $id) { members { id } } }', { id }, ada)
  const [toId, fromId] = data.billGroup.members.map((each: { id: string }) => each.id)
  const amount = { amount: '100000000.01', currency: 'EUR' }
  const settled = await client.run('settleBills', bob, { groupId: id, fromId, toId, amount }, 'settlement { id }')
  expect(settled).toMatchObject({ refused: null, userErrors: [{ code: 'LIMIT_EXCEEDED', limit: 10_000_000_000 }] })
})
