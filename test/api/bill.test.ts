import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseId } from '../../src/core/ids.ts'
import { billPortability } from '../../src/domain/bill/portability.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { EXPENSE, ExpenseClient, GROCERIES } from '../support/expense.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let client: ExpenseClient
let made = 0

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  client = new ExpenseClient(server)
})
afterAll(() => server.close())

const member = (): Promise<Viewer> => server.world.person({ handle: `member-${++made}` })
const MEMBERS = 'members { id status account { handle } }'
const GROUP = `group { id name ${MEMBERS} viewerMembership { id status } balances { member { account { handle } } amount { amount currency } } }`
const BILL = `bill { id description amount { amount } split viewerCanChange author { account { handle } }
  parts { member { id account { handle } } shares owed { minorUnits } paid { minorUnits } } }`

interface Group {
  readonly id: string
  readonly people: Viewer[]
  /** Ids of their memberships, in the same order. */
  readonly ids: string[]
}

const invite = (viewer: Viewer, id: string, handle: string) =>
  client.run('inviteToBillGroup', viewer, { id, handle }, GROUP)
const answer = (viewer: Viewer, id: string, mutation = 'acceptBillInvitation') =>
  client.run(mutation, viewer, { id }, mutation.startsWith('accept') ? GROUP : 'groupId', 'BillGroupInput')
const leave = (viewer: Viewer, id: string) => answer(viewer, id, 'leaveBillGroup')

async function groupOf(count: number): Promise<Group> {
  const people = await Promise.all(Array.from({ length: count }, member))
  const [first] = people as [Viewer]
  const { id } = (await client.run('createBillGroup', first, { name: 'Flat' }, GROUP)).value
  for (const other of people.slice(1)) {
    await invite(first, id, other.handle)
    await answer(other, id)
  }
  const { members } = (await client.ask(`query ($id: ID!) { billGroup(id: $id) { ${MEMBERS} } }`, { id }, first)).data
    .billGroup
  const ids = people.map(
    ({ handle }) => members.find((each: { account: { handle: string } }) => each.account.handle === handle).id,
  )
  return { id, people, ids }
}

const add = (viewer: Viewer, groupId: string, amount: string, more: Record<string, unknown> = {}, currency = 'EUR') =>
  client.run(
    'addBill',
    viewer,
    { groupId, amount: { amount, currency }, description: 'Dinner', spentOn: '2025-04-24', ...more },
    BILL,
  )
const settle = (
  viewer: Viewer,
  groupId: string,
  fromId: string,
  toId: string,
  amount: string,
  currency = 'EUR',
  more = {},
) =>
  client.run(
    'settleBills',
    viewer,
    { groupId, fromId, toId, amount: { amount, currency }, ...more },
    'settlement { id amount { amount } from { id } }',
  )
const standing = async (viewer: Viewer, id: string) => {
  const query = `query ($id: ID!) { billGroup(id: $id) { balances { member { id } amount { amount currency } } transfers { from { id } to { id } amount { amount currency } }
    bills { totalCount nodes { description } } settlements { totalCount nodes { amount { amount } } } } }`
  const { data, errors } = await client.ask(query, { id }, viewer)
  return errors?.[0]?.extensions.code ?? data.billGroup
}
const owed = (bill: { parts: { owed: { minorUnits: number } }[] }) => bill.parts.map((part) => part.owed.minorUnits)
const codeOf = ({ userErrors, refused }: { userErrors: { code: string }[]; refused: string | null }) =>
  refused ?? userErrors[0]?.code ?? null

describe('a group', () => {
  test('is joined by invitation, which is answered once and told of', async () => {
    const [ada, bob, eve] = [await member(), await member(), await member()]
    const { value } = await client.run('createBillGroup', ada, { name: ' Trip ' }, GROUP)
    expect(value).toMatchObject({
      name: 'Trip',
      members: [{ status: 'ACTIVE' }],
      viewerMembership: { status: 'ACTIVE' },
      balances: [],
    })
    expect(codeOf(await invite(ada, value.id, 'nobody-at-all'))).toBe('NOT_FOUND')
    expect((await invite(ada, value.id, `@${bob.handle}`)).value.members).toHaveLength(2)
    expect(codeOf(await invite(ada, value.id, bob.handle))).toBe('TAKEN')
    expect(codeOf(await answer(eve, value.id))).toBe('NOT_FOUND')
    const inbox = await client.ask(
      '{ notifications { nodes { kind subject { ... on BillGroup { name balances { amount { amount } } } } actors { handle } } } }',
      {},
      bob,
    )
    expect(inbox.data.notifications.nodes).toMatchObject([
      { kind: 'BILL_GROUP_INVITATION', subject: { name: 'Trip', balances: null }, actors: [{ handle: ada.handle }] },
    ])
    const waiting = async (status: string) =>
      (
        await client.ask(
          'query ($s: BillMemberStatus!) { billGroups(status: $s) { nodes { name } } }',
          { s: status },
          bob,
        )
      ).data.billGroups.nodes
    expect([await waiting('INVITED'), await waiting('ACTIVE')]).toEqual([[{ name: 'Trip' }], []])
    expect((await answer(bob, value.id)).value.viewerMembership.status).toBe('ACTIVE')
    expect(codeOf(await answer(bob, value.id))).toBe('NOT_FOUND')
    expect([await waiting('INVITED'), await waiting('ACTIVE')]).toEqual([[], [{ name: 'Trip' }]])
  })

  test('that was declined can be joined later', async () => {
    const [ada, bob] = [await member(), await member()]
    const { id } = (await client.run('createBillGroup', ada, { name: 'Trip' }, GROUP)).value
    await invite(ada, id, bob.handle)
    expect((await answer(bob, id, 'declineBillInvitation')).value).toBe(id)
    expect(await standing(bob, id)).toBe('NOT_FOUND')
    await invite(ada, id, bob.handle)
    expect((await answer(bob, id)).value.members).toHaveLength(2)
  })

  test('is left only when all is settled, and goes with its last member', async () => {
    const { id, people, ids } = await groupOf(2)
    const [ada, bob] = people as [Viewer, Viewer]
    const bill = (await add(ada, id, '10')).value.id
    const refused = await leave(bob, id)
    expect(refused.userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION', from: 'ACTIVE' }])
    expect(codeOf(await leave(ada, id))).toBe('ILLEGAL_TRANSITION')
    await settle(bob, id, ids[1] ?? '', ids[0] ?? '', '5')
    expect((await leave(bob, id)).value).toBe(id)
    expect(await standing(bob, id)).toBe('NOT_FOUND')
    expect((await standing(ada, id)).bills.totalCount).toBe(1)
    expect(codeOf(await add(ada, id, '5', { parts: [{ memberId: ids[1] }] }))).toBe('NOT_FOUND')
    await leave(ada, id)
    const left = await server.running.atrium.deps.db.query(
      `select 1 from subjects where id in (select id from bills union select id from bill_groups) and kind in ('BILL', 'BILL_GROUP') and id = any($1)`,
      ['{}'],
    )
    expect(left).toEqual([])
    expect(
      (await client.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [id, bill] }, ada)).data.nodes,
    ).toEqual([null, null])
  })
})

describe('a bill', () => {
  test('is split equally among all, paid by who entered it, unless told', async () => {
    const { id, people } = await groupOf(3)
    const [ada, bob] = people as [Viewer, Viewer]
    const { value } = await add(bob, id, '10')
    expect(owed(value)).toEqual([334, 333, 333])
    expect(value).toMatchObject({ split: 'EQUAL', author: { account: { handle: bob.handle } }, viewerCanChange: true })
    expect(value.parts.map((part: { paid: { minorUnits: number } }) => part.paid.minorUnits)).toEqual([0, 1000, 0])
    const inbox = await client.ask(
      '{ notifications(kinds: [BILL_ADDED]) { nodes { subject { ... on Bill { description viewerCanChange } } } } }',
      {},
      ada,
    )
    expect(inbox.data.notifications.nodes).toEqual([{ subject: { description: 'Dinner', viewerCanChange: false } }])
  })

  test('is split by shares and by exact parts, paid by several, in any currency, and balances of currencies stay apart', async () => {
    const { id, people, ids } = await groupOf(3)
    const [ada] = people as [Viewer]
    const shares = await add(ada, id, '1', {
      split: 'SHARES',
      parts: [1, 2, 4].map((n, at) => ({ memberId: ids[at], shares: n })),
    })
    expect(owed(shares.value)).toEqual([14, 29, 57])
    const exact = await add(
      ada,
      id,
      '1000',
      {
        split: 'EXACT',
        parts: [
          { memberId: ids[1], amount: { amount: '999', currency: 'JPY' } },
          { memberId: ids[2], amount: { amount: '1', currency: 'JPY' } },
        ],
        payments: [
          { memberId: ids[0], amount: { amount: '600', currency: 'JPY' } },
          { memberId: ids[2], amount: { amount: '400', currency: 'JPY' } },
        ],
      },
      'JPY',
    )
    expect(owed(exact.value)).toEqual([999, 1, 0])
    const { balances, transfers } = await standing(ada, id)
    const of = (currency: string) =>
      Object.fromEntries(
        balances
          .filter((each: { amount: { currency: string } }) => each.amount.currency === currency)
          .map((each: { member: { id: string }; amount: { amount: string } }) => [each.member.id, each.amount.amount]),
      )
    expect(of('EUR')).toEqual({ [ids[0] ?? '']: '0.86', [ids[1] ?? '']: '-0.29', [ids[2] ?? '']: '-0.57' })
    expect(of('JPY')).toEqual({ [ids[0] ?? '']: '600', [ids[1] ?? '']: '-999', [ids[2] ?? '']: '399' })
    expect(transfers).toHaveLength(4)
  })

  const eur = (amount: string) => ({ amount, currency: 'EUR' })
  test.each([
    ['nothing to pay', '0', () => ({}), 'amount'],
    [
      'parts that add up to less',
      '10',
      (ids: string[]) => ({ split: 'EXACT', parts: ids.map((memberId) => ({ memberId, amount: eur('4.99') })) }),
      'parts',
    ],
    [
      'a part in another currency',
      '10',
      (ids: string[]) => ({
        split: 'EXACT',
        parts: ids.map((memberId) => ({ memberId, amount: { amount: '5', currency: 'USD' } })),
      }),
      'parts',
    ],
    [
      'payments that add up to more',
      '10',
      (ids: string[]) => ({ payments: ids.map((memberId) => ({ memberId, amount: eur('6') })) }),
      'payments',
    ],
    ['somebody twice', '10', (ids: string[]) => ({ parts: [{ memberId: ids[0] }, { memberId: ids[0] }] }), 'parts'],
    ['shares that nobody named', '10', () => ({ split: 'SHARES' }), 'parts'],
    ['no shares', '10', (ids: string[]) => ({ split: 'SHARES', parts: [{ memberId: ids[0], shares: 0 }] }), 'parts'],
  ])('is refused with %s', async (_, amount, more, field) => {
    const { id, people, ids } = await groupOf(2)
    const { userErrors } = await add(people[0] as Viewer, id, amount, more(ids))
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: expect.arrayContaining(['input', field]) }])
    expect((await standing(people[0] as Viewer, id)).bills.totalCount).toBe(0)
  })

  test('is refused for who is of another group, and the database refuses what does not add up', async () => {
    const [one, two] = [await groupOf(2), await groupOf(2)]
    const [ada] = one.people as [Viewer]
    expect(codeOf(await add(ada, one.id, '10', { parts: [{ memberId: one.ids[0] }, { memberId: two.ids[0] }] }))).toBe(
      'NOT_FOUND',
    )
    await add(ada, one.id, '10')
    const { db } = server.running.atrium.deps
    await expect(db.query('update bill_parts set owed_minor = owed_minor + 1')).rejects.toThrow()
    await expect(db.query('update bills set amount_minor = amount_minor + 1')).rejects.toThrow()
    await expect(
      db.query(`delete from bill_parts where ctid = (select ctid from bill_parts limit 1)`),
    ).rejects.toThrow()
    await expect(
      db.query(
        `update bill_parts set member_id = (select id from bill_members where group_id <> (select group_id from bills where id = bill_id) limit 1)`,
      ),
    ).rejects.toThrow()
  })

  test('is talked about among those who share', async () => {
    const { id, people } = await groupOf(2)
    const [ada, bob] = people as [Viewer, Viewer]
    const eve = await member()
    const on = (await add(ada, id, '10')).value.id
    const comment = (viewer: Viewer) =>
      client.run('addComment', viewer, { subjectId: on, body: 'Did I eat that much?' }, 'comment { body }')
    expect((await comment(bob)).value).toEqual({ body: 'Did I eat that much?' })
    expect(codeOf(await comment(eve))).toBe('NOT_FOUND')
    const { data } = await client.ask(
      'query ($id: ID!) { node(id: $id) { ... on Bill { commentCount comments { nodes { body } } } } }',
      { id: on },
      ada,
    )
    expect(data.node).toEqual({ commentCount: 1, comments: { nodes: [{ body: 'Did I eat that much?' }] } })
  })

  test('of which one owes a part is entered among one’s own expenses once, and follows the bill', async () => {
    const { id, people } = await groupOf(2)
    const [ada, bob] = people as [Viewer, Viewer]
    const bill = (await add(ada, id, '10.01')).value.id
    const book = () => client.run('bookBillPart', bob, { id: bill, categoryId: GROCERIES }, `expense { ${EXPENSE} }`)
    const [first] = await Promise.all([book(), book()])
    expect(first.value).toMatchObject({
      source: 'BILL',
      amount: { amount: '5.00' },
      category: { id: GROCERIES },
      description: 'Dinner',
    })
    await client.run(
      'updateBill',
      ada,
      { id: bill, amount: eur('20'), description: 'Supper', spentOn: '2025-04-25' },
      BILL,
    )
    expect((await book()).value).toMatchObject({
      id: first.value.id,
      amount: { amount: '10.00' },
      description: 'Supper',
      spentOn: '2025-04-25',
    })
    expect(await client.list(bob)).toHaveLength(1)
    expect(codeOf(await client.run('bookBillPart', await member(), { id: bill }, `expense { ${EXPENSE} }`))).toBe(
      'NOT_FOUND',
    )
  })
})

describe('who may do what', () => {
  /** Who acts; whether they see the group, its bills, may add, may change a bill that `author` entered and `payer` paid. */
  test.each([
    ['author', true, true, true, true],
    ['payer', true, true, true, true],
    ['sharer', true, true, true, false],
    ['invited', true, false, false, false],
    ['left', false, false, false, false],
    ['stranger', false, false, false, false],
    ['staff', false, false, false, false],
    ['nobody', false, false, false, false],
  ] as const)('%s', async (who, seesGroup, seesBills, mayAdd, mayChange) => {
    const { id, people, ids } = await groupOf(4)
    const [author, payer, sharer, left] = people as [Viewer, Viewer, Viewer, Viewer]
    const invited = await member()
    await invite(author, id, invited.handle)
    const whole = { amount: { amount: '9', currency: 'EUR' }, description: 'Taxi', spentOn: '2025-04-24' }
    const payments = [{ memberId: ids[1], amount: { amount: '9', currency: 'EUR' } }]
    const parts = ids.slice(0, 3).map((memberId) => ({ memberId }))
    const bill = (await add(author, id, '9', { payments, parts })).value.id
    await leave(left, id)
    const viewers: Record<string, Viewer | null> = {
      author,
      payer,
      sharer,
      left,
      invited,
      stranger: await member(),
      staff: await server.world.person({ handle: `admin-${++made}`, role: 'ADMIN' }),
      nobody: null,
    }
    const viewer = viewers[who] ?? null
    const seen = await client.ask(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on BillGroup { bills { totalCount } balances { amount { amount } } settlements { totalCount } } } }',
      { ids: [id, ids[0], bill] },
      viewer,
    )
    const [group, membership, node] = seen.data.nodes
    expect([group !== null, membership !== null, node !== null]).toEqual([seesGroup, seesGroup, seesBills])
    expect(group?.bills ?? null).toEqual(seesBills ? { totalCount: 1 } : null)
    expect(group?.balances === undefined || group.balances === null).toBe(!seesBills)
    const closed = who === 'nobody' ? 'UNAUTHENTICATED' : 'NOT_FOUND'
    const refusal = seesBills ? 'FORBIDDEN' : closed
    const update = await client.run('updateBill', viewer, { id: bill, ...whole, payments, parts }, BILL)
    expect(codeOf(update)).toBe(mayChange ? null : refusal)
    const remove = await client.run('deleteBill', viewer, { id: bill }, 'deletedId', 'BillGroupInput')
    expect(codeOf(remove)).toBe(mayChange ? null : refusal)
    const added =
      viewer === null ? await client.run('addBill', null, { groupId: id, ...whole }, BILL) : await add(viewer, id, '1')
    expect(codeOf(added)).toBe(mayAdd ? null : closed)
    expect(codeOf(await client.run('renameBillGroup', viewer, { id, name: 'New' }, GROUP))).toBe(mayAdd ? null : closed)
    const invitee = await member()
    expect(codeOf(await client.run('inviteToBillGroup', viewer, { id, handle: invitee.handle }, GROUP))).toBe(
      mayAdd ? null : closed,
    )
  })
})

describe('a settlement', () => {
  test('takes away what is open between two, no more, and can be taken back', async () => {
    const { id, people, ids } = await groupOf(3)
    const [ada, bob, eve] = people as [Viewer, Viewer, Viewer]
    const [a, b, e] = ids as [string, string, string]
    await add(ada, id, '9')
    expect(codeOf(await settle(bob, id, b, b, '1'))).toBe('INVALID_INPUT')
    expect((await settle(bob, id, b, a, '3.01')).userErrors).toMatchObject([{ code: 'LIMIT_EXCEEDED', limit: 300 }])
    expect(codeOf(await settle(bob, id, a, b, '1'))).toBe('LIMIT_EXCEEDED')
    expect(codeOf(await settle(bob, id, b, e, '1'))).toBe('LIMIT_EXCEEDED')
    expect(codeOf(await settle(bob, id, b, a, '1', 'USD'))).toBe('LIMIT_EXCEEDED')
    const done = await settle(bob, id, b, a, '3')
    expect(done.value.amount.amount).toBe('3.00')
    expect((await standing(ada, id)).balances).toHaveLength(2)
    const inbox = await client.ask('{ notifications(kinds: [BILL_SETTLED]) { nodes { kind } } }', {}, ada)
    expect(inbox.data.notifications.nodes).toHaveLength(1)
    const take = (viewer: Viewer) =>
      client.run('deleteSettlement', viewer, { id: done.value.id }, 'deletedId', 'BillGroupInput')
    expect(codeOf(await take(eve))).toBe('FORBIDDEN')
    expect(codeOf(await take(await member()))).toBe('NOT_FOUND')
    expect((await take(ada)).value).toBe(done.value.id)
    expect((await standing(ada, id)).balances).toHaveLength(3)
  })

  test('following the suggested transfers leaves nobody owing', async () => {
    const { id, people, ids } = await groupOf(5)
    for (const [n, person] of people.entries())
      await add(person, id, String(7 * n + 3.33), { parts: ids.slice(0, n + 1).map((memberId) => ({ memberId })) })
    const { transfers } = await standing(people[0] as Viewer, id)
    expect(transfers.length).toBeLessThanOrEqual(4)
    for (const { from, to, amount } of transfers) await settle(people[0] as Viewer, id, from.id, to.id, amount.amount)
    expect(await standing(people[0] as Viewer, id)).toMatchObject({ balances: [], transfers: [] })
  })

  test('of the same debt is entered once, when twenty do at the same time', async () => {
    const { id, people, ids } = await groupOf(2)
    const [ada, bob] = people as [Viewer, Viewer]
    await add(ada, id, '10')
    const done = await Promise.all(
      Array.from({ length: 20 }, (_, n) => settle(n % 2 === 0 ? ada : bob, id, ids[1] ?? '', ids[0] ?? '', '5')),
    )
    expect(done.filter(({ value }) => value !== null)).toHaveLength(1)
    expect((await standing(ada, id)).balances).toEqual([])
  })

  test('nobody leaves while a bill is being entered that they share in', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, people } = await groupOf(2)
      const [ada, bob] = people as [Viewer, Viewer]
      const [added, gone] = await Promise.all([add(ada, id, '10'), leave(bob, id)])
      const { balances } = await standing(ada, id)
      const members = balances.length
      // Either bob shares in it and stays, or he is gone and ada pays alone.
      expect(added.value).not.toBeNull()
      expect(members).toBe(gone.value === null ? 2 : 0)
    }
  })
})

test('a deleted account leaves what it owes, without a name; of nobody else’s group nothing stays', async () => {
  const { id, people, ids } = await groupOf(2)
  const [ada, bob] = people as [Viewer, Viewer]
  await add(ada, id, '10')
  const alone = (await client.run('createBillGroup', bob, { name: 'Alone' }, GROUP)).value.id
  const { deps } = server.running.atrium
  await deps.db.transaction(async (tx) => {
    const exported = (await billPortability.exportOf(tx, bob.accountId)) as { parts: unknown[]; groups: unknown[] }
    expect([exported.parts.length, exported.groups.length]).toEqual([1, 2])
    expect(exported.parts).toMatchObject([{ isAuthor: false, split: 'EQUAL', note: '', owedMinor: 500 }])
    await billPortability.eraseOf(tx, bob.accountId, deps)
    await tx.query('delete from accounts where id = $1', [bob.accountId])
  })
  const { balances } = await standing(ada, id)
  expect(balances).toHaveLength(2)
  expect(await deps.db.query('select 1 from subjects where id = $1', [parseId(alone)?.uuid])).toEqual([])
  expect((await settle(ada, id, ids[1] ?? '', ids[0] ?? '', '5')).value.amount.amount).toBe('5.00')
})

test('a list of groups costs as many statements for many as for few', async () => {
  const ada = await member()
  const bob = await member()
  for (let n = 0; n < 12; n += 1) {
    const { id } = (await client.run('createBillGroup', ada, { name: `Group ${n}` }, GROUP)).value
    await invite(ada, id, bob.handle)
    await answer(bob, id)
    await add(ada, id, '10')
  }
  const query = `query ($n: Int!) { billGroups(first: $n) { nodes { name ${MEMBERS} viewerMembership { id } balances { amount { amount } member { account { handle } } }
    transfers { amount { amount } } settlements(first: 2) { nodes { id } }
    bills(first: 2) { nodes { description viewerCanChange author { id } parts { owed { minorUnits } member { account { handle } } } } } } } }`
  const token = await client.tokenOf(ada)
  const costOf = async (n: number): Promise<number> => {
    const ask = async () => expect((await server.ask(query, { n }, token)).data.billGroups.nodes).toHaveLength(n)
    await ask()
    return (await statements.during(ask)).length
  }
  expect(await costOf(12)).toBe(await costOf(3))
  expect(await costOf(12)).toBeLessThanOrEqual(12)
})
