import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parseId, type Uuid } from '../../src/core/ids.ts'
import { billPortability } from '../../src/domain/bill/portability.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ExpenseClient, GROCERIES } from '../support/expense.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let client: ExpenseClient
let made = 0

beforeAll(async () => {
  server = await startTestServer()
  await server.running.atrium.queue.stop(1_000)
  client = new ExpenseClient(server)
})
afterAll(() => server.close())

const member = (): Promise<Viewer> => server.world.person({ handle: `sharer-${++made}` })
const GROUP = 'group { id members { id account { handle } } }'
const eur = (amount: string) => ({ amount, currency: 'EUR' })
const uuidOf = (id: string): Uuid => parseId(id)?.uuid ?? ''

/** A group of so many members, and the ids of their memberships in the same order. */
async function groupOf(count: number) {
  const people = await Promise.all(Array.from({ length: count }, member))
  const [first] = people as [Viewer]
  const { id } = (await client.run('createBillGroup', first, { name: 'Flat' }, GROUP)).value
  let { members } = { members: [] as { id: string; account: { handle: string } }[] }
  for (const other of people.slice(1)) {
    await client.run('inviteToBillGroup', first, { id, handle: other.handle }, GROUP)
    members = (await client.run('acceptBillInvitation', other, { id }, GROUP, 'BillGroupInput')).value.members
  }
  const ids = people.map(({ handle }) => members.find(({ account }) => account.handle === handle)?.id ?? '')
  return { id: id as string, people, ids }
}

const add = (viewer: Viewer, groupId: string, amount: string, more: Record<string, unknown> = {}) =>
  client.run(
    'addBill',
    viewer,
    { groupId, amount: eur(amount), description: 'Dinner', spentOn: '2025-04-24', ...more },
    'bill { id }',
  )
const settle = (viewer: Viewer, groupId: string, fromId: string, toId: string, amount: string) =>
  client.run(
    'settleBills',
    viewer,
    { groupId, fromId, toId, amount: eur(amount), settledOn: '2025-04-25' },
    'settlement { id }',
  )
const remove = (viewer: Viewer, mutation: string, id: string) =>
  client.run(mutation, viewer, { id }, 'deletedId', 'BillGroupInput')

const CHANGES = 'changes { totalCount nodes { id kind entry entryId actor { id account { handle } } before after } }'
const trailOf = async (viewer: Viewer | null, id: string) =>
  (await client.ask(`query ($id: ID!) { billGroup(id: $id) { ${CHANGES} } }`, { id }, viewer)).data.billGroup?.changes

describe('the trail of a group', () => {
  test('says who entered, changed and deleted what, with what it was, also when it is gone', async () => {
    const { id, people, ids } = await groupOf(2)
    const [ada, bob] = people as [Viewer, Viewer]
    const [a, b] = ids as [string, string]
    const bill = (await add(ada, id, '10')).value.id
    const change = { id: bill, amount: eur('12'), description: 'Dinner', spentOn: '2025-04-24' }
    await client.run('updateBill', ada, change, 'bill { id }')
    // The same once more: nothing changed, so nothing is said.
    await client.run('updateBill', ada, change, 'bill { id }')
    const settlement = (await settle(bob, id, b, a, '6')).value.id
    await remove(ada, 'deleteSettlement', settlement)
    const ofBill = await client.ask(
      `query ($id: ID!) { node(id: $id) { ... on Bill { ${CHANGES} } } }`,
      { id: bill },
      bob,
    )
    expect(ofBill.data.node.changes.nodes.map(({ kind }: { kind: string }) => kind)).toEqual(['CHANGED', 'CREATED'])
    await remove(ada, 'deleteBill', bill)
    const exported = await client.ask('{ viewer { export } }', {}, bob)
    expect(exported.data.viewer.export.bills.changes).toMatchObject([
      { groupId: id, entry: 'SETTLEMENT', kind: 'CREATED', before: null },
    ])
    const { totalCount, nodes } = await trailOf(bob, id)
    expect(totalCount).toBe(5)
    const part = (memberId: string, owedMinorUnits: number, paidMinorUnits: number) => ({
      memberId,
      shares: null,
      owedMinorUnits,
      paidMinorUnits,
    })
    const whole = {
      description: 'Dinner',
      note: '',
      spentOn: '2025-04-24',
      amountMinorUnits: 1200,
      currency: 'EUR',
      split: 'EQUAL',
      parts: [part(a, 600, 1200), part(b, 600, 0)],
    }
    const paid = {
      fromId: b,
      toId: a,
      amountMinorUnits: 600,
      currency: 'EUR',
      settledOn: '2025-04-25',
      note: '',
    }
    const first = { amountMinorUnits: 1000, parts: [part(a, 500, 1000), part(b, 500, 0)] }
    const by = ({ handle }: Viewer, memberId: string) => ({ id: memberId, account: { handle } })
    const ofEntry = { entry: 'BILL', entryId: bill }
    const ofSettlement = { entry: 'SETTLEMENT', entryId: settlement }
    expect(nodes).toMatchObject([
      { kind: 'DELETED', ...ofEntry, actor: by(ada, a), before: whole, after: null },
      { kind: 'DELETED', ...ofSettlement, actor: by(ada, a), before: paid, after: null },
      { kind: 'CREATED', ...ofSettlement, actor: by(bob, b), before: null, after: paid },
      {
        kind: 'CHANGED',
        ...ofEntry,
        actor: by(ada, a),
        before: first,
        after: { amountMinorUnits: 1200, parts: whole.parts },
      },
      { kind: 'CREATED', ...ofEntry, actor: by(ada, a), before: null, after: { ...whole, ...first } },
    ])
    // Only what changed is in a change.
    expect(Object.keys(nodes[3].before).toSorted()).toEqual(['amountMinorUnits', 'parts'])
  })

  test('is for those who share alone', async () => {
    const { id, people } = await groupOf(2)
    const [ada] = people as [Viewer]
    await add(ada, id, '10', { note: 'A secret' })
    const [invited, stranger] = [await member(), await member()]
    await client.run('inviteToBillGroup', ada, { id, handle: invited.handle }, GROUP)
    const [{ id: change }] = (await trailOf(ada, id)).nodes
    expect(await trailOf(invited, id)).toBeNull()
    expect(await trailOf(stranger, id)).toBeUndefined()
    const node = async (viewer: Viewer | null) =>
      (await client.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [change] }, viewer)).data.nodes[0]
    expect(await node(ada)).toEqual({ id: change })
    for (const viewer of [invited, stranger, null]) expect(await node(viewer)).toBeNull()
  })

  test('cannot be changed by anybody, and goes with the group', async () => {
    const { id, people } = await groupOf(2)
    const [ada, bob] = people as [Viewer, Viewer]
    const bill = (await add(ada, id, '10')).value.id
    await remove(ada, 'deleteBill', bill)
    const { db } = server.running.atrium.deps
    await expect(db.query('update bill_changes set kind = $1', ['CREATED'])).rejects.toThrow('only ever added to')
    await expect(db.query('delete from bill_changes')).rejects.toThrow('only ever added to')
    for (const viewer of [ada, bob]) await client.run('leaveBillGroup', viewer, { id }, 'groupId', 'BillGroupInput')
    expect(await db.query('select 1 from bill_changes where group_id = $1', [uuidOf(id)])).toEqual([])
  })

  test('keeps what somebody did whose account is deleted, without a name', async () => {
    const { id, people, ids } = await groupOf(2)
    const [ada, bob] = people as [Viewer, Viewer]
    await add(bob, id, '10')
    const { deps } = server.running.atrium
    await deps.db.transaction(async (tx) => {
      await billPortability.eraseOf(tx, bob.accountId, deps)
      await tx.query('delete from accounts where id = $1', [bob.accountId])
    })
    expect((await trailOf(ada, id)).nodes).toMatchObject([{ kind: 'CREATED', actor: { id: ids[1], account: null } }])
  })
})

test('a group goes when its last two members delete their accounts at the same time', async () => {
  const { deps } = server.running.atrium
  for (let round = 0; round < 8; round += 1) {
    const { id, people } = await groupOf(2)
    await Promise.all(
      people.map(({ accountId }) => deps.db.transaction((tx) => billPortability.eraseOf(tx, accountId, deps))),
    )
    expect(await deps.db.query('select 1 from bill_groups where id = $1', [uuidOf(id)])).toEqual([])
  }
})

test('a part that is booked again stays where its owner has filed it', async () => {
  const { id, people } = await groupOf(2)
  const [ada, bob] = people as [Viewer, Viewer]
  const bill = (await add(ada, id, '10')).value.id
  const book = (more: Record<string, unknown>) =>
    client.run('bookBillPart', bob, { id: bill, ...more }, 'expense { id category { id name } }')
  const first = await book({ categoryId: GROCERIES })
  expect((await book({})).value).toEqual(first.value)
  const other = (await add(ada, id, '4')).value.id
  expect((await client.run('bookBillPart', bob, { id: other }, 'expense { category { name } }')).value).toEqual({
    category: { name: 'Others' },
  })
})

test.each([
  ['shares of a bill that is split equally', 'EQUAL', { shares: 2 }, 'shares'],
  ['an amount of a bill that is split equally', 'EQUAL', { amount: eur('10') }, 'amount'],
  ['an amount of a bill that is split by shares', 'SHARES', { shares: 1, amount: eur('10') }, 'amount'],
  ['shares of a bill that is split exactly', 'EXACT', { shares: 1, amount: eur('10') }, 'shares'],
])('%s would be heard by nobody, and is refused', async (_, split, part, field) => {
  const { id, people, ids } = await groupOf(2)
  const { userErrors } = await add(people[0] as Viewer, id, '10', { split, parts: [{ memberId: ids[0], ...part }] })
  expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'parts', '0', field] }])
})

test('an invitation is taken back by any member while it waits, and ends what the invited one watches', async () => {
  const { id, people, ids } = await groupOf(2)
  const [ada, bob] = people as [Viewer, Viewer]
  const eve = await member()
  const invite = () => client.run('inviteToBillGroup', ada, { id, handle: eve.handle }, GROUP)
  const { members } = (await invite()).value
  const memberId = members.find((each: { account: { handle: string } }) => each.account.handle === eve.handle).id
  const withdraw = (viewer: Viewer | null, who: string | undefined = memberId) =>
    client.run('withdrawBillInvitation', viewer, { groupId: id, memberId: who }, GROUP)
  const codes: string[] = []
  let shown = 0
  server.socket(await client.tokenOf(eve)).subscribe<{ billGroupUpdated: { name: string } }>(
    { query: 'subscription ($id: ID!) { billGroupUpdated(id: $id) { name } }', variables: { id } },
    {
      next({ data, errors }) {
        if (data?.billGroupUpdated) shown += 1
        for (const { extensions } of errors ?? []) codes.push(String(extensions?.code))
      },
      error: (errors) => void codes.push(JSON.stringify(errors)),
      complete: () => {},
    },
  )
  await vi.waitFor(() => expect(shown).toBeGreaterThan(0), { timeout: 20_000, interval: 20 })
  const stranger = await member()
  for (const viewer of [eve, stranger])
    expect((await withdraw(viewer)).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'groupId'] }])
  expect((await withdraw(null)).refused).toBe('UNAUTHENTICATED')
  expect((await withdraw(ada, ids[1])).userErrors).toMatchObject([
    { code: 'ILLEGAL_TRANSITION', path: ['input', 'memberId'], from: 'ACTIVE' },
  ])
  const invitations = async () =>
    (await client.ask('{ notifications(kinds: [BILL_GROUP_INVITATION]) { totalCount } }', {}, eve)).data.notifications
  expect(await invitations()).toEqual({ totalCount: 1 })
  expect((await withdraw(bob)).value.members).toHaveLength(2)
  expect(await invitations()).toEqual({ totalCount: 0 })
  await vi.waitFor(() => expect(codes.join()).toContain('NOT_FOUND'), { timeout: 20_000, interval: 20 })
  expect((await withdraw(bob)).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'memberId'] }])
  const accept = () => client.run('acceptBillInvitation', eve, { id }, GROUP, 'BillGroupInput')
  expect((await accept()).userErrors[0].code).toBe('NOT_FOUND')
  await invite()
  expect((await accept()).value.members).toHaveLength(3)
})
