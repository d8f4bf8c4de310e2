import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays, addMonths } from '../../src/core/calendar.ts'
import { parseId } from '../../src/core/ids.ts'
import { localDate } from '../../src/core/local-time.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { EXPENSE, ExpenseClient, GROCERIES, LEISURE, OTHERS } from '../support/expense.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { send } from '../support/upload.ts'

let server: TestServer
let client: ExpenseClient
let made = 0

beforeAll(async () => {
  server = await startTestServer()
  client = new ExpenseClient(server)
})
afterAll(() => server.close())

const member = (): Promise<Viewer> => server.world.person({ handle: `member-${++made}` })
const { now } = Date
const today = () => localDate(now(), 'UTC')
const descriptions = (nodes: { description: string }[]) => nodes.map(({ description }) => description)
const codesOf = ({ userErrors }: { userErrors: { code: string; path: string[] }[] }) =>
  userErrors.map(({ code, path }) => [code, path.join('.')])

describe('an expense', () => {
  test('is entered exactly, in currencies of no, two and three decimals, today and under Others unless told', async () => {
    const ada = await member()
    const { value } = await client.create(ada, '12.50', { description: ' Bread ', note: 'rye', categoryId: GROCERIES })
    expect(value).toMatchObject({
      amount: { amount: '12.50', currency: 'EUR', minorUnits: 1250 },
      category: { id: GROCERIES, name: 'Groceries', isBuiltIn: true },
      spentOn: '2025-04-24',
      description: 'Bread',
      note: 'rye',
      source: 'MANUAL',
      converted: { amount: { amount: '12.50' }, asOf: null, isStale: false },
    })
    const yen = await client.create(ada, '700', { spentOn: null }, 'JPY')
    expect(yen.value).toMatchObject({
      amount: { amount: '700', minorUnits: 700 },
      spentOn: today(),
      category: { id: OTHERS },
    })
    const dinar = await client.create(ada, '1.25', {}, 'KWD')
    expect(dinar.value).toMatchObject({ amount: { amount: '1.250', minorUnits: 1250 }, converted: null })
  })

  test.each([
    ['nothing', '0', 'EUR', 'input.amount'],
    ['less than nothing', '-5', 'EUR', 'input.amount'],
    ['a third decimal of euro', '1.005', 'EUR', 'input.amount.amount'],
    ['a decimal of yen', '1.5', 'JPY', 'input.amount.amount'],
    ['a fourth decimal of dinar', '1.0005', 'KWD', 'input.amount.amount'],
    ['more money than there is', '10000000000.01', 'EUR', 'input.amount'],
  ])('is refused for %s', async (_, amount, currency, path) => {
    expect(codesOf(await client.create(await member(), amount, {}, currency))).toEqual([['INVALID_INPUT', path]])
  })

  test('tells all that is wrong with it at once', async () => {
    const done = await client.create(await member(), '0', { description: ' ', spentOn: '1850-01-01' })
    expect(
      codesOf(done)
        .map(([, path]) => path)
        .toSorted(),
    ).toEqual(['input.amount', 'input.description', 'input.spentOn'])
  })

  test('is entered once however often a request with a key is repeated, also at once', async () => {
    const ada = await member()
    const again = () => client.create(ada, '3', { idempotencyKey: 'coffee-of-today' })
    const done = await Promise.all(Array.from({ length: 20 }, again))
    expect(new Set(done.map(({ value }) => value.id)).size).toBe(1)
    expect(await client.list(ada)).toHaveLength(1)
    expect(codesOf(await client.create(ada, '4', { idempotencyKey: 'coffee-of-today' }))).toEqual([
      ['CONFLICT', 'input.idempotencyKey'],
    ])
  })

  test('is its owner’s alone: for others, staff included, there is none', async () => {
    const ada = await member()
    const { id } = (await client.create(ada, '5')).value
    const own = (await client.category(ada, 'Secrets')).value.id
    for (const role of ['MEMBER', 'STAFF', 'ADMIN'] as const) {
      const other = await server.world.person({ handle: `other-${++made}`, role })
      expect(codesOf(await client.update(other, { id, note: 'mine' }))).toEqual([['NOT_FOUND', 'input.id']])
      expect(codesOf(await client.delete(other, id))).toEqual([['NOT_FOUND', 'input.id']])
      expect(codesOf(await client.create(other, '5', { categoryId: own }))).toEqual([['NOT_FOUND', 'input.categoryId']])
      const nodes = await client.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [id, own] }, other)
      expect(nodes.data.nodes).toEqual([null, null])
      expect(
        (await client.ask('query ($id: ID!) { expense(id: $id) { id } }', { id }, other)).errors?.[0]?.extensions.code,
      ).toBe('NOT_FOUND')
      expect(await client.list(other)).toEqual([])
    }
    expect(
      (await client.ask('query ($id: ID!) { expense(id: $id) { description } }', { id }, ada)).data.expense.description,
    ).toBe('Something')
    expect((await client.create(null, '5')).refused).toBe('UNAUTHENTICATED')
  })

  test('leaves a trail of what it was, which outlives it and which nobody can change', async () => {
    const ada = await member()
    const { id } = (await client.create(ada, '5', { description: 'Lunch' })).value
    await client.update(ada, { id, amount: { amount: '6.5', currency: 'USD' }, note: 'with tip' })
    await client.update(ada, { id, note: 'with tip' })
    const trail = await client.ask(
      `query ($id: ID!) { expense(id: $id) { ${EXPENSE} changes { totalCount nodes { id kind actor { handle } before after } } } }`,
      { id },
      ada,
    )
    expect(trail.data.expense.changes.totalCount).toBe(2)
    expect(trail.data.expense.changes.nodes).toMatchObject([
      {
        kind: 'CHANGED',
        actor: { handle: ada.handle },
        before: { amountMinorUnits: 500, currency: 'EUR', note: '' },
        after: { amountMinorUnits: 650, currency: 'USD', note: 'with tip' },
      },
      { kind: 'CREATED', before: null, after: { description: 'Lunch', amountMinorUnits: 500, categoryId: OTHERS } },
    ])
    await client.delete(ada, id)
    const all = await client.ask('{ expenseChanges { nodes { kind expenseId before } } }', {}, ada)
    expect(all.data.expenseChanges.nodes[0]).toMatchObject({
      kind: 'DELETED',
      expenseId: id,
      before: { description: 'Lunch' },
    })
    const { db } = server.running.atrium.deps
    await expect(db.query('update expense_changes set kind = $1', ['CREATED'])).rejects.toThrow()
    await expect(db.query('delete from expense_changes')).rejects.toThrow()
    const other = await member()
    const [change] = trail.data.expense.changes.nodes
    expect(
      (await client.ask('query ($id: ID!) { nodes(ids: [$id]) { id } }', { id: change.id }, other)).data.nodes,
    ).toEqual([null])
  })

  test('goes with the account, its trail included', async () => {
    const ada = await member()
    const category = (await client.category(ada, 'Own')).value.id
    await client.create(ada, '5', { categoryId: category })
    const { db } = server.running.atrium.deps
    await db.query('delete from accounts where id = $1', [ada.accountId])
    const left = await db.query('select 1 from expense_changes where account_id = $1', [ada.accountId])
    expect(left).toEqual([])
  })
})

describe('receipts of an expense', () => {
  test('are uploaded before, kept with it in their order, replaced as a whole, and nobody else’s', async () => {
    const [ada, bob] = [await member(), await member()]
    const receipt = async (viewer: Viewer, use = 'RECEIPT') => {
      const content = Buffer.concat([
        Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'),
        Buffer.alloc(200, 32),
        Buffer.from('%%EOF'),
      ])
      const { id } = await send(server, {
        token: await client.tokenOf(viewer),
        use,
        content,
        filename: `receipt-${++made}.pdf`,
        type: 'application/pdf',
      })
      return id ?? ''
    }
    const [one, two, three] = [await receipt(ada), await receipt(ada), await receipt(ada)]
    const selection = 'expense { id receipts { id filename file { url } } }'
    const create = (viewer: Viewer, receiptIds: string[]) =>
      client.run(
        'createExpense',
        viewer,
        { amount: { amount: '5', currency: 'EUR' }, description: 'Lunch', receiptIds },
        selection,
      )
    const { value } = await create(ada, [two, one])
    const idsOf = (expense: { receipts: { id: string }[] }) => expense.receipts.map(({ id }) => id)
    expect(idsOf(value)).toEqual([two, one])
    expect((await fetch(value.receipts[0].file.url)).status).toBe(200)
    expect(codesOf(await create(ada, [one]))).toEqual([['TAKEN', 'input.receiptIds.0']])
    expect(codesOf(await create(bob, [three]))).toEqual([['NOT_FOUND', 'input.receiptIds.0']])
    expect(codesOf(await create(ada, [three, three]))[0]?.[0]).toBe('INVALID_INPUT')
    const attachment = await receipt(ada, 'ATTACHMENT')
    expect(codesOf(await create(ada, [attachment]))).toEqual([['INVALID_INPUT', 'input.receiptIds.0']])
    const changed = await client.run('updateExpense', ada, { id: value.id, receiptIds: [three, two] }, selection)
    expect(idsOf(changed.value)).toEqual([three, two])
    const { db } = server.running.atrium.deps
    const gone = await db.query<{ id: string }>('select id from uploads where discarded_at is not null')
    expect(gone.map(({ id }) => id)).toEqual([parseId(one)?.uuid])
    await client.delete(ada, value.id)
    expect(await db.query('select 1 from uploads where discarded_at is null and use = $1', ['RECEIPT'])).toEqual([])
  })
})

describe('a list of expenses', () => {
  test('is filtered by the days of a period where the member is, by category, source, amount, currency and text', async () => {
    const ada = await member()
    await server.running.atrium.deps.db.query('update accounts set time_zone = $1 where id = $2', [
      'Pacific/Auckland',
      ada.accountId,
    ])
    const here = localDate(now(), 'Pacific/Auckland')
    const enter = (description: string, spentOn: string, amount = '10', more = {}) =>
      client.create(ada, amount, { description, spentOn, ...more })
    await enter('today', here)
    await enter('six days ago', addDays(here, -6))
    await enter('seven days ago', addDays(here, -7), '20', { categoryId: LEISURE })
    await enter('a month ago', addMonths(here, -1), '30')
    await enter('the day after a month ago', addDays(addMonths(here, -1), 1), '40.01', { note: '50% off_sale' })
    await enter('three months ago', addMonths(here, -3), '50')
    await enter('the day after three months ago', addDays(addMonths(here, -3), 1), '60')
    const found = async (filter: Record<string, unknown>) => descriptions(await client.list(ada, filter)).toSorted()
    expect(await found({ period: 'PAST_WEEK' })).toEqual(['six days ago', 'today'])
    expect(await found({ period: 'LAST_MONTH' })).toEqual([
      'seven days ago',
      'six days ago',
      'the day after a month ago',
      'today',
    ])
    expect(await found({ period: 'LAST_THREE_MONTHS' })).not.toContain('three months ago')
    expect(await found({ period: 'LAST_THREE_MONTHS' })).toContain('the day after three months ago')
    expect(await found({ from: addDays(here, -7), to: addDays(here, -6) })).toEqual(['seven days ago', 'six days ago'])
    expect(await found({ period: 'CUSTOM', from: here })).toEqual(['today'])
    expect(await found({ categoryIds: [LEISURE] })).toEqual(['seven days ago'])
    expect(
      await found({ amountFrom: { amount: '40.01', currency: 'EUR' }, amountTo: { amount: '50', currency: 'EUR' } }),
    ).toEqual(['the day after a month ago', 'three months ago'])
    expect(await found({ currency: 'USD' })).toEqual([])
    expect(await found({ text: '50% OFF_' })).toEqual(['the day after a month ago'])
    expect(await found({ text: '50_ off' })).toEqual([])
    expect(await found({ sources: ['IMPORT'] })).toEqual([])
  })

  test.each([
    ['from after to', { from: '2025-05-02', to: '2025-05-01' }],
    ['a period and days', { period: 'PAST_WEEK', from: '2025-05-02' }],
    ['CUSTOM without days', { period: 'CUSTOM' }],
    [
      'amounts of two currencies',
      { amountFrom: { amount: '1', currency: 'EUR' }, amountTo: { amount: '2', currency: 'USD' } },
    ],
    ['an amount and another currency', { currency: 'USD', amountTo: { amount: '2', currency: 'EUR' } }],
    [
      'a least amount above the largest',
      { amountFrom: { amount: '3', currency: 'EUR' }, amountTo: { amount: '2', currency: 'EUR' } },
    ],
    ['more decimals than the currency has', { amountFrom: { amount: '3.5', currency: 'JPY' } }],
  ])('is refused for %s', async (_, filter) => {
    expect(await client.list(await member(), filter)).toBe('BAD_USER_INPUT')
  })

  test.each([
    ['from after to', { from: '2025-05-02', to: '2025-05-01' }, 'to'],
    ['a period and days', { period: 'PAST_WEEK', from: '2025-05-02' }, 'period'],
    ['CUSTOM without days', { period: 'CUSTOM' }, 'from'],
    ['an amount and another currency', { currency: 'USD', amountTo: { amount: '2', currency: 'EUR' } }, 'currency'],
    [
      'a least amount above the largest',
      { amountFrom: { amount: '3', currency: 'EUR' }, amountTo: { amount: '2', currency: 'EUR' } },
      'amountTo',
    ],
    ['more decimals than the currency has', { amountFrom: { amount: '3.5', currency: 'JPY' } }, 'amountFrom.amount'],
    ['a text too long to look for', { text: 'x'.repeat(201) }, 'text'],
  ])('and the sums and tables of one say which part of %s is wrong', async (_, filter, field) => {
    const ada = await member()
    for (const query of [
      'expenses(filter: $filter) { totalCount }',
      'expenseSummary(filter: $filter) { count }',
      'expensesCsv(filter: $filter) { url }',
    ]) {
      const { errors } = await client.ask(`query ($filter: ExpenseFilter) { ${query} }`, { filter }, ada)
      expect(errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: ['filter', ...field.split('.')],
      })
    }
  })

  test('meets everything that is asked for at once, in the list, its sums and its table', async () => {
    const ada = await member()
    const own = (await client.category(ada, 'Books')).value.id
    const enter = (amount: string, description: string, more: Record<string, unknown> = {}, currency = 'EUR') =>
      client.create(ada, amount, { description, spentOn: '2025-04-24', categoryId: own, ...more }, currency)
    await enter('20', 'Atlas')
    await enter('30', 'Novel', { note: 'about an atlas' })
    // Each of these is left out by one thing alone.
    await enter('20', 'Atlas, too early', { spentOn: '2025-04-23' })
    await enter('20', 'Atlas, too late', { spentOn: '2025-04-26' })
    await enter('20', 'Atlas in another category', { categoryId: GROCERIES })
    await enter('20', 'Atlas in another currency', {}, 'USD')
    await enter('19.99', 'Atlas, too cheap')
    await enter('30.01', 'Atlas, too dear')
    await enter('25', 'A dictionary')
    await client.create(await member(), '20', { description: 'Atlas', spentOn: '2025-04-24' })
    const filter = {
      ...{ from: '2025-04-24', to: '2025-04-25', text: 'ATLAS', categoryIds: [own, LEISURE], sources: ['MANUAL'] },
      amountFrom: { amount: '20', currency: 'EUR' },
      amountTo: { amount: '30', currency: 'EUR' },
    }
    expect(descriptions(await client.list(ada, filter, 'AMOUNT_ASC'))).toEqual(['Atlas', 'Novel'])
    expect(await client.summary(ada, filter)).toMatchObject({
      total: { amount: '50.00' },
      count: 2,
      byCategory: [{ category: { name: 'Books' }, count: 2 }],
    })
    const { data } = await client.ask(
      'query ($filter: ExpenseFilter) { expensesCsv(filter: $filter) { url } }',
      { filter },
      ada,
    )
    const lines = (await (await fetch(data.expensesCsv.url)).text()).trim().split('\r\n')
    expect(lines.slice(1).map((line) => line.split(',')[4])).toEqual(['Atlas', 'Novel'])
  })

  test('is sorted by day, by amount within a currency, and by entry, page by page', async () => {
    const ada = await member()
    const rows = [
      ['a', '2025-01-03', '10', 'EUR'],
      ['b', '2025-01-01', '9', 'USD'],
      ['c', '2025-01-02', '11', 'EUR'],
      ['d', '2025-01-02', '100000000', 'USD'],
    ] as const
    for (const [description, spentOn, amount, currency] of rows)
      await client.create(ada, amount, { description, spentOn }, currency)
    const sorted = async (orderBy: string) => descriptions(await client.list(ada, {}, orderBy)).join('')
    expect(await sorted('NEWEST')).toBe('adcb')
    expect(await sorted('OLDEST')).toBe('bcda')
    expect(await sorted('AMOUNT_DESC')).toBe('dbca')
    expect(await sorted('AMOUNT_ASC')).toBe('acbd')
    expect(await sorted('LAST_ENTERED')).toBe('dcba')
    const query =
      'query ($after: String) { expenses(first: 1, orderBy: AMOUNT_DESC, after: $after) { nodes { description } pageInfo { endCursor hasNextPage } } }'
    let after: string | null = null
    let walked = ''
    for (let more = true; more; ) {
      const page: { nodes: { description: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } = (
        await client.ask(query, { after }, ada)
      ).data.expenses
      walked += descriptions(page.nodes).join('')
      after = page.pageInfo.endCursor
      more = page.pageInfo.hasNextPage
    }
    expect(walked).toBe('dbca')
  })
})

describe('a category', () => {
  test('of one’s own is named once, in any case, and never as one that everybody has', async () => {
    const ada = await member()
    const { value } = await client.category(ada, 'Pets')
    expect(value).toMatchObject({ name: 'Pets', isBuiltIn: false, archivedAt: null })
    expect(codesOf(await client.category(ada, 'PETS'))).toEqual([['TAKEN', 'input.name']])
    expect(codesOf(await client.category(ada, 'groceries'))).toEqual([['TAKEN', 'input.name']])
    expect((await client.category(await member(), 'Pets')).userErrors).toEqual([])
    const { data } = await client.ask('{ expenseCategories { name } }', {}, ada)
    expect(data.expenseCategories.map(({ name }: { name: string }) => name)).toEqual([
      'Groceries',
      'Leisure',
      'Electronics',
      'Utilities',
      'Clothing',
      'Health',
      'Others',
      'Pets',
    ])
  })

  test('of one name is made once, when twenty want it at the same time', async () => {
    const ada = await member()
    const done = await Promise.all(Array.from({ length: 20 }, () => client.category(ada, 'Travel')))
    expect(done.filter(({ value }) => value !== null)).toHaveLength(1)
    expect(new Set(done.flatMap(({ userErrors }) => userErrors.map(({ code }) => code)))).toEqual(new Set(['TAKEN']))
  })

  test('is renamed, archived and brought back; the archive takes no new expenses and keeps the old ones', async () => {
    const ada = await member()
    const { id } = (await client.category(ada, 'Cat')).value
    await client.create(ada, '5', { categoryId: id })
    const change = (input: Record<string, unknown>) =>
      client.run('updateExpenseCategory', ada, { id, ...input }, 'category { name archivedAt }')
    expect((await change({ name: 'Cats' })).value.name).toBe('Cats')
    expect((await change({ isArchived: true })).value).toMatchObject({ name: 'Cats', archivedAt: expect.any(String) })
    expect(codesOf(await client.create(ada, '5', { categoryId: id }))).toEqual([['INVALID_INPUT', 'input.categoryId']])
    expect((await client.list(ada))[0].category.name).toBe('Cats')
    const names = async (withArchived: boolean) =>
      (
        await client.ask(
          'query ($a: Boolean!) { expenseCategories(withArchived: $a) { name } }',
          { a: withArchived },
          ada,
        )
      ).data.expenseCategories.length
    expect([await names(false), await names(true)]).toEqual([7, 8])
    expect((await change({ isArchived: false })).value.archivedAt).toBeNull()
    expect((await client.create(ada, '5', { categoryId: id })).userErrors).toEqual([])
  })

  test('is deleted when nothing is filed under it, or what is moves; those that everybody has stay', async () => {
    const ada = await member()
    const { id } = (await client.category(ada, 'Old')).value
    await client.create(ada, '5', { categoryId: id })
    const remove = (input: Record<string, unknown>) => client.run('deleteExpenseCategory', ada, input, 'deletedId')
    expect(codesOf(await remove({ id }))).toEqual([['INVALID_INPUT', 'input.moveToId']])
    expect(codesOf(await remove({ id, moveToId: id }))).toEqual([['INVALID_INPUT', 'input.moveToId']])
    const foreign = (await client.category(await member(), 'Foreign')).value.id
    expect(codesOf(await remove({ id, moveToId: foreign }))).toEqual([['NOT_FOUND', 'input.moveToId']])
    expect((await remove({ id, moveToId: LEISURE })).value).toBe(id)
    expect((await client.list(ada))[0].category.id).toBe(LEISURE)
    const { data } = await client.ask('{ expenseChanges(first: 1) { nodes { kind before after } } }', {}, ada)
    expect(data.expenseChanges.nodes[0]).toMatchObject({
      kind: 'CHANGED',
      before: { categoryId: id },
      after: { categoryId: LEISURE },
    })
    expect((await remove({ id: GROCERIES })).refused).toBe('FORBIDDEN')
  })
})
