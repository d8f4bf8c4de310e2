import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parseId, type Uuid } from '../../src/core/ids.ts'
import { takeImport } from '../../src/domain/import/import.ts'
import { IMPORT_READERS } from '../../src/domain/import/readers.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { ExpenseClient } from '../support/expense.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { send } from '../support/upload.ts'

let server: TestServer
let client: ExpenseClient
let staff: Viewer
let made = 0

beforeAll(async () => {
  server = await startTestServer()
  client = new ExpenseClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
})
afterAll(() => server.close())

const member = (): Promise<Viewer> => server.world.person({ handle: `member-${++made}` })
const FIELDS =
  'id kind status filename rowsRead rowsKept rowsKnown rowsRefused problem refusals(first: 100) { totalCount nodes { line column message } }'

async function upload(viewer: Viewer, content: string | Buffer, filename = 'bank.csv'): Promise<string> {
  const sent = await send(server, {
    token: await client.tokenOf(viewer),
    use: 'IMPORT',
    content,
    filename,
    type: 'text/csv',
  })
  return sent.id ?? sent.code ?? ''
}

const start = async (
  viewer: Viewer,
  content: string | Buffer,
  input: Record<string, unknown> = {},
  mutation = 'importExpenses',
) => {
  const inputType = mutation === 'importExpenses' ? 'ImportExpensesInput' : 'ImportInput'
  return client.run(
    mutation,
    viewer,
    { uploadId: await upload(viewer, content), ...input },
    `import { ${FIELDS} }`,
    inputType,
  )
}

/** Until it is over, as a client watches it. */
async function over(viewer: Viewer, id: string) {
  const socket = server.socket(await client.tokenOf(viewer))
  await new Promise<void>((resolve, reject) => {
    socket.subscribe<{ importUpdated: { status: string } }>(
      { query: 'subscription ($id: ID!) { importUpdated(id: $id) { status rowsRead } }', variables: { id } },
      {
        next: ({ data }) => {
          if (data?.importUpdated.status === 'DONE' || data?.importUpdated.status === 'FAILED') resolve()
        },
        error: reject,
        complete: () => {},
      },
    )
  })
  return (await client.ask(`query ($id: ID!) { node(id: $id) { ... on Import { ${FIELDS} } } }`, { id }, viewer)).data
    .node
}

const take = async (
  viewer: Viewer,
  content: string | Buffer,
  input: Record<string, unknown> = {},
  mutation = 'importExpenses',
) => {
  const { value, userErrors } = await start(viewer, content, input, mutation)
  expect(userErrors).toEqual([])
  return over(viewer, value.id)
}

describe('a file of expenses', () => {
  test('is booked row by row: good rows are kept, the others say where and why not', async () => {
    const ada = await member()
    const done = await take(
      ada,
      [
        'Date,Amount,Currency,Category,Description,Note',
        '2025-04-24,12.50,EUR,groceries,"Bread, rye",',
        '2025-02-30,1,EUR,,No such day,',
        '2025-04-24,1.005,EUR,,Too exact,',
        '2025-04-24,-3,EUR,,Less than nothing,',
        '2025-04-24,3,XXX,,No currency,',
        '2025-04-24,3,EUR,Unheard of,No category,',
        '2025-04-24,"1,234.50",USD,,"=HYPERLINK(""x"")","two',
        'lines"',
        '24.4.2025,700,JPY,Leisure,Ticket,',
        '2025-04-24,3,EUR,,,',
        '2025-04-24,3,EUR,,a,b,c,d',
      ].join('\r\n'),
    )
    expect(done).toMatchObject({
      status: 'DONE',
      filename: 'bank.csv',
      rowsRead: 10,
      rowsKept: 3,
      rowsKnown: 0,
      rowsRefused: 7,
      problem: null,
    })
    expect(
      done.refusals.nodes.map(({ line, column }: { line: number; column: string }) => `${line} ${column}`),
    ).toEqual(['3 date', '4 amount', '5 amount', '6 currency', '7 category', '11 description', '12 '])
    expect(await client.list(ada, {}, 'AMOUNT_ASC')).toMatchObject([
      {
        amount: { amount: '12.50', currency: 'EUR' },
        category: { name: 'Groceries' },
        description: 'Bread, rye',
        source: 'IMPORT',
      },
      { amount: { amount: '700', currency: 'JPY' }, category: { name: 'Leisure' }, spentOn: '2025-04-24' },
      { amount: { amount: '1234.50', currency: 'USD' }, category: { name: 'Others' }, note: 'two\nlines' },
    ])
  })

  test('that comes twice books nothing twice, nor do rows that another file has too; a row that stands in it twice is two', async () => {
    const ada = await member()
    const coffee = '2025-04-24,2.50,Coffee'
    const file = ['date,amount,description', coffee, coffee, '2025-04-25,3,Tea'].join('\n')
    expect(await take(ada, file)).toMatchObject({ rowsKept: 3, rowsKnown: 0 })
    expect(await take(ada, file)).toMatchObject({ rowsKept: 0, rowsKnown: 3, rowsRefused: 0 })
    const more = ['description;amount;date', 'Tea;3.00;2025-04-25', 'Coffee;2.5;24.04.2025', 'Cake;4;2025-04-26'].join(
      '\n',
    )
    expect(await take(ada, more)).toMatchObject({ rowsKept: 1, rowsKnown: 2 })
    expect(await client.list(ada)).toHaveLength(4)
  })

  test('books nothing twice whether its currency is told, left to the settings or named in it, also after those have changed', async () => {
    const ada = await member()
    const file = 'date,amount,description\n2025-04-24,2.50,Coffee\n2025-04-24,2.50,Coffee\n2025-04-25,3,Tea\n'
    const none = { rowsKept: 0, rowsKnown: 3 }
    const prefer = (currency: string) =>
      client.run('updateExpensePreferences', ada, { currency }, 'preferences { currency }')
    expect(await take(ada, file)).toMatchObject({ rowsKept: 3 })
    expect(await take(ada, file, { currency: 'EUR' })).toMatchObject(none)
    const named =
      'date,amount,description,currency\n2025-04-24,2.5,Coffee,EUR\n2025-04-24,2.5,Coffee,EUR\n2025-04-25,3,Tea,EUR\n'
    expect(await take(ada, named)).toMatchObject(none)
    await prefer('JPY')
    expect(await take(ada, file)).toMatchObject({ rowsKept: 0, rowsKnown: 1, rowsRefused: 2 })
    await prefer('USD')
    expect(await take(ada, file)).toMatchObject(none)
    // Of another account, as who sends it says.
    expect(await take(ada, file, { currency: 'USD' })).toMatchObject({ rowsKept: 3, rowsKnown: 0 })
    expect(await take(ada, file, { currency: 'USD' })).toMatchObject(none)
    const bob = await member()
    expect(await take(bob, file, { currency: 'EUR' })).toMatchObject({ rowsKept: 3 })
    expect(await take(bob, file)).toMatchObject(none)
  })

  test('books what names no currency in that of the books', async () => {
    const ada = await member()
    await client.run('updateExpensePreferences', ada, { currency: 'USD' }, 'preferences { currency }')
    expect(await take(ada, 'date,amount,description\n2025-04-24,2.50,Coffee\n')).toMatchObject({ rowsKept: 1 })
    expect(await client.list(ada)).toMatchObject([{ amount: { amount: '2.50', currency: 'USD' } }])
  })

  test('says in the column of categories what is wrong with those, and keeps the other rows', async () => {
    const ada = await member()
    const { id } = (await client.category(ada, 'Old')).value
    await client.run('updateExpenseCategory', ada, { id, isArchived: true }, 'category { id }')
    const long = 'x'.repeat(41)
    const file = `date,amount,description,category\n2025-04-24,1,a,old\n2025-04-24,2,b,${long}\n2025-04-24,3,c,New\n2025-04-24,4,d,new\n`
    const done = await take(ada, file, { createCategories: true })
    expect(done).toMatchObject({ rowsKept: 2, rowsRefused: 2 })
    expect(done.refusals.nodes).toMatchObject([
      { line: 2, column: 'category', message: expect.stringContaining('archive') },
      { line: 3, column: 'category' },
    ])
    const names = (await client.list(ada)).map(({ category }: { category: { name: string } }) => category.name)
    expect(names).toEqual(['New', 'New'])
  })

  test('with a column of what went out and one of what came in is booked by the former', async () => {
    const ada = await member()
    const file = 'Date,Payee,Outflow,Inflow\n24 Apr 2025,Shop,£12.50,\n25 Apr 2025,Work,,£900\n'
    const done = await take(ada, file, { currency: 'GBP' })
    expect(done).toMatchObject({ rowsKept: 1, rowsRefused: 1, refusals: { nodes: [{ line: 3, column: 'amount' }] } })
    expect(await client.list(ada)).toMatchObject([
      { amount: { amount: '12.50', currency: 'GBP' }, spentOn: '2025-04-24' },
    ])
  })

  test('is read as a bank writes it: its names, commas, signs and dates', async () => {
    const ada = await member()
    const file =
      '\ufeffBuchungstag;Betrag;Empfänger;Zweck\r\n24.04.2025;-1.234,50;Vermieter;Miete\r\n25.04.2025;2.000,00;Arbeitgeber;Lohn\r\n'
    const done = await take(ada, file, {
      decimalComma: true,
      isNegated: true,
      columns: { note: 'zweck' },
      currency: 'EUR',
    })
    expect(done).toMatchObject({ status: 'DONE', rowsKept: 1, rowsRefused: 1 })
    expect(await client.list(ada)).toMatchObject([
      { amount: { amount: '1234.50' }, description: 'Vermieter', note: 'Miete' },
    ])
    const american = 'Transaction Date\tPayee\tTotal\n04/24/2025\tShop\t5\n'
    expect(await take(ada, american, { dateFormat: 'MDY', currency: 'USD' })).toMatchObject({ rowsKept: 1 })
    const own = 'date,amount,description,category\n2025-04-24,5,Bone,Pets\n2025-04-25,6,Ball,pets\n'
    expect(await take(ada, own, { createCategories: true })).toMatchObject({ rowsKept: 2 })
    expect((await client.list(ada, { text: 'Bone' }))[0].category.name).toBe('Pets')
  })

  test.each([
    ['nothing in it', '\n', 'nothing in this file'],
    ['no column for amounts', 'date,description\n2025-04-24,x\n', 'no column for amount'],
    ['a column that it was said to have', 'date,amount,description\n', 'no column “Payee”'],
  ])('with %s fails as a whole, and says so', async (_, content, problem) => {
    const columns = problem.includes('Payee') ? { columns: { description: 'Payee' } } : {}
    const done = await take(await member(), content, columns)
    expect(done).toMatchObject({ status: 'FAILED', rowsRead: 0, problem: expect.stringContaining(problem) })
  })

  test('with broken quotation marks keeps the rows around them', async () => {
    const ada = await member()
    const done = await take(
      ada,
      'date,amount,description\n2025-04-24,1,good\n2025-04-24,2,bro"ken\n2025-04-24,3,good too\n',
    )
    expect(done).toMatchObject({
      status: 'DONE',
      rowsKept: 2,
      rowsRefused: 1,
      refusals: { nodes: [{ line: 3, column: '' }] },
    })
  })

  const TABLE = 'date,amount,description\n2025-04-24,1.20,Café Zürich\n2025-04-25,3,“Œuvre” – 5 €\n'
  const descriptionsOf = async (viewer: Viewer): Promise<string[]> => {
    const { data } = await client.ask('{ expenses(orderBy: OLDEST) { nodes { description } } }', {}, viewer)
    return data.expenses.nodes.map(({ description }: { description: string }) => description)
  }
  const bigEndian = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  /** Of the text above, as Western banks write it. */
  const windows1252 = (text: string): Buffer =>
    Buffer.from(
      text.replace(
        /[“”–€Œ]/g,
        (sign) => ({ '“': '\x93', '”': '\x94', '–': '\x96', '€': '\x80', Œ: '\x8c' })[sign] ?? '',
      ),
      'latin1',
    )

  test.each([
    ['UTF-8', Buffer.from(TABLE)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${TABLE}`)],
    ['UTF-16LE', Buffer.from(`\ufeff${TABLE}`, 'utf16le')],
    ['UTF-16BE', bigEndian(TABLE)],
    ['UTF-16LE, of several pieces', Buffer.from(`\ufeff${TABLE}${'2025-04-26,1,ø\n'.repeat(20_000)}`, 'utf16le')],
  ])(
    'in %s is read as what it is, also where another encoding is told',
    async (_, content) => {
      const ada = await member()
      const done = await take(ada, content, { encoding: 'WINDOWS_1251' })
      expect(done).toMatchObject({ status: 'DONE', rowsRefused: 0 })
      expect((await descriptionsOf(ada)).slice(0, 2)).toEqual(['Café Zürich', '“Œuvre” – 5 €'])
    },
    120_000,
  )

  test('in no Unicode asks for its encoding, and can then be booked; it is the same in UTF-8', async () => {
    const ada = await member()
    const uploadId = await upload(ada, windows1252(TABLE))
    const run = (encoding: string | null) =>
      client.run('importExpenses', ada, { uploadId, encoding }, `import { ${FIELDS} }`)
    expect((await run(null)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'encoding'] }])
    const { value } = await run('WINDOWS_1252')
    expect(await over(ada, value.id)).toMatchObject({ status: 'DONE', rowsKept: 2 })
    expect(await descriptionsOf(ada)).toEqual(['Café Zürich', '“Œuvre” – 5 €'])
    expect(await take(ada, TABLE)).toMatchObject({ rowsKept: 0, rowsKnown: 2 })
  })

  test('that is not in the encoding that is told books nothing, however late that shows', async () => {
    const ada = await member()
    const rows = '2025-04-26,1,x\n'.repeat(5_000)
    const content = Buffer.concat([
      Buffer.from(`date,amount,description\n${rows}2025-04-26,1,`),
      Buffer.from([0xe9, 0x0a]),
    ])
    const done = await take(ada, content, { encoding: 'SHIFT_JIS' })
    expect(done).toMatchObject({ status: 'FAILED', rowsRead: 0, problem: expect.stringContaining('shift_jis') })
    expect(await descriptionsOf(ada)).toEqual([])
  })

  test('is its owner’s alone, and its upload is used once', async () => {
    const [ada, bob] = [await member(), await member()]
    const uploadId = await upload(ada, 'date,amount,description\n2025-04-24,1,x\n')
    const run = (viewer: Viewer) => client.run('importExpenses', viewer, { uploadId }, `import { ${FIELDS} }`)
    expect((await run(bob)).userErrors[0].code).toBe('NOT_FOUND')
    const { id } = (await run(ada)).value
    await over(ada, id)
    expect((await run(ada)).userErrors[0].code).toMatch(/TAKEN|NOT_FOUND/)
    expect((await client.ask('query ($id: ID!) { nodes(ids: [$id]) { id } }', { id }, bob)).data.nodes).toEqual([null])
    const { data } = await client.ask('{ imports { totalCount } }', {}, ada)
    expect(data.imports.totalCount).toBe(1)
    const left = await server.running.atrium.deps.db.query(
      'select 1 from uploads where id = $1 and discarded_at is null',
      [parseId(uploadId)?.uuid],
    )
    expect(left).toEqual([])
  })

  test('goes on where it was killed, without doubles, also when two run it at once', async () => {
    const ada = await member()
    const { deps, queue } = server.running.atrium
    await queue.stop(1_000)
    const rows = Array.from(
      { length: 2_300 },
      (_, n) => `2025-04-${String(1 + (n % 28)).padStart(2, '0')},${1 + (n % 50)},Row ${n % 700}`,
    )
    const { value } = await start(ada, ['date,amount,description', ...rows].join('\n'))
    const id = parseId(value.id)?.uuid ?? ''
    let batches = 0
    const dying = {
      ...deps,
      db: {
        ...deps.db,
        transaction: ((work, options) => {
          batches += 1
          if (batches > 3) throw new Error('killed')
          return deps.db.transaction(work, options)
        }) as typeof deps.db.transaction,
      },
    }
    await expect(takeImport(dying, id)).rejects.toThrow('killed')
    const [halfway] = await deps.db.query<{ read: number; status: string }>(
      'select rows_read as read, status from imports where id = $1',
      [id],
    )
    expect(halfway).toEqual({ read: 1_000, status: 'RUNNING' })
    await Promise.all([takeImport(deps, id), takeImport(deps, id), takeImport(deps, id)])
    const [done] = await deps.db.query<{ read: number; kept: number; status: string }>(
      'select rows_read as read, rows_kept as kept, status from imports where id = $1',
      [id],
    )
    expect(done).toEqual({ read: 2_300, kept: 2_300, status: 'DONE' })
    const { data } = await client.ask('{ expenses { totalCount } }', {}, ada)
    expect(data.expenses.totalCount).toBe(2_300)
  })
})

describe('an import that takes long', () => {
  const standing = async (id: string) => {
    const { db } = server.running.atrium.deps
    const [row] = await db.query<{ read: number; status: string; problem: string | null; next: number }>(
      `select rows_read as read, status, problem, (select count(*)::int from pgboss.job
         where name = 'import.run' and data->>'importId' = $1::text and state < 'active') as next from imports where id = $1::text::uuid`,
      [id],
    )
    return row
  }
  const begin = async (viewer: Viewer, count: number): Promise<string> => {
    const rows = Array.from({ length: count }, (_, n) => `2025-04-01,1,Row ${n}`)
    const { value } = await start(viewer, ['date,amount,description', ...rows].join('\n'))
    return parseId(value.id)?.uuid ?? ''
  }

  // The queue was stopped above.
  test('leaves the rest to another run, so that a killed server is noticed soon', async () => {
    const ada = await member()
    const { deps } = server.running.atrium
    const id = await begin(ada, 1_200)
    await deps.db.query(`update pgboss.job set state = 'completed' where data->>'importId' = $1::text`, [id])
    await takeImport(deps, id, { runMs: 0 })
    expect(await standing(id)).toEqual({ read: 500, status: 'RUNNING', problem: null, next: 1 })
    await takeImport(deps, id, { runMs: 0 })
    await takeImport(deps, id)
    expect(await standing(id)).toMatchObject({ read: 1_200, status: 'DONE' })
    expect((await client.ask('{ expenses { totalCount } }', {}, ada)).data.expenses.totalCount).toBe(1_200)
  })

  test('lets others be answered every few rows, however many its file brings at once', async () => {
    const ada = await member()
    const id = await begin(ada, 4_000)
    const rowsOf = vi.spyOn(IMPORT_READERS.EXPENSES, 'keyOf')
    let most = 0
    let counted = 0
    let isOver = false
    const turn = (): void => {
      most = Math.max(most, rowsOf.mock.calls.length - counted)
      counted = rowsOf.mock.calls.length
      if (!isOver) setImmediate(turn)
    }
    setImmediate(turn)
    await takeImport(server.running.atrium.deps, id)
    isOver = true
    rowsOf.mockRestore()
    expect(await standing(id)).toMatchObject({ read: 4_000, status: 'DONE' })
    expect(most).toBeLessThanOrEqual(100)
  })

  test('and fails at every attempt is over, says so, and makes room for others', async () => {
    const ada = await member()
    const { deps } = server.running.atrium
    const id = await begin(ada, 3)
    const storage = { ...deps.storage, get: () => Promise.reject(new Error('the disk is gone')) }
    await expect(takeImport({ ...deps, storage }, id, { attempt: 10 })).rejects.toThrow('the disk is gone')
    expect(await standing(id)).toMatchObject({ status: 'RUNNING' })
    await expect(takeImport({ ...deps, storage }, id, { attempt: 11 })).rejects.toThrow('the disk is gone')
    expect(await standing(id)).toMatchObject({ status: 'FAILED', problem: expect.stringContaining('again') })
  })
})

describe('for staff', () => {
  /** The queue was stopped above. */
  const run = async (viewer: Viewer, content: string, mutation: string) => {
    const { value, refused } = await start(viewer, content, {}, mutation)
    if (value === null) return refused
    await takeImport(server.running.atrium.deps, parseId(value.id)?.uuid ?? '')
    return over(viewer, value.id)
  }

  test('products come by their SKUs: new ones as drafts, known ones changed, the stock through the ledger', async () => {
    const { db } = server.running.atrium.deps
    await server.world.productCategory(staff, { name: 'Kitchen' })
    const file = [
      'sku,product,variant,category,price,stock',
      'MUG-S,Big mug,Small,kitchen,9.50,3',
      'MUG-L,Big mug,Large,kitchen,12.00,0',
      'BAD,Big mug,None,kitchen,,1',
      'LOST,Lamp,,nowhere,5,1',
      ',Nothing,,kitchen,5,1',
    ].join('\n')
    expect(await run(staff, file, 'importProducts')).toMatchObject({ status: 'DONE', rowsKept: 2, rowsRefused: 3 })
    expect(await run(staff, file, 'importProducts')).toMatchObject({ rowsKept: 0, rowsKnown: 2 })
    expect(await run(staff, 'SKU;Price;Stock\nmug-s;8.00;5\nmug-l;12;0\n', 'importProducts')).toMatchObject({
      rowsKept: 1,
      rowsKnown: 1,
    })
    const rows = await db.query<{ sku: string; price: number; quantity: number; moves: number; status: string }>(
      `select v.sku, v.price_minor as price, l.quantity, (select count(*)::int from stock_movements m where m.variant_id = v.id) as moves, p.status::text
       from variants v join stock_levels l on l.variant_id = v.id join products p on p.id = v.product_id order by v.sku`,
    )
    expect(rows).toEqual([
      { sku: 'MUG-L', price: 1200, quantity: 0, moves: 0, status: 'DRAFT' },
      { sku: 'MUG-S', price: 800, quantity: 5, moves: 2, status: 'DRAFT' },
    ])
    expect(await run(await member(), file, 'importProducts')).toBe('FORBIDDEN')
  })

  test('rates come from the bank’s table', async () => {
    const file = 'Date,USD,EEK,CHF,\n2026-01-02,1.2000,N/A,0.9300,\nyesterday,1.1,N/A,0.9,\n'
    expect(await run(staff, file, 'importExchangeRates')).toMatchObject({
      rowsKept: 1,
      rowsRefused: 1,
      refusals: { nodes: [{ line: 3, column: 'date' }] },
    })
    expect(await run(staff, file, 'importExchangeRates')).toMatchObject({ rowsKept: 0, rowsKnown: 1 })
    const { data } = await client.ask('{ exchangeRates(first: 1, currency: "USD") { nodes { ratedOn unitsPerEuro } } }')
    expect(data.exchangeRates.nodes).toEqual([{ ratedOn: '2026-01-02', unitsPerEuro: '1.20000000' }])
    expect(await run(await member(), file, 'importExchangeRates')).toBe('FORBIDDEN')
  })
})

describe('an export', () => {
  const link = async (viewer: Viewer, input = '') =>
    (await client.ask(`{ expensesCsv${input} { url expiresAt } }`, {}, viewer)).data.expensesCsv.url as string
  const read = async (url: string) => {
    const response = await fetch(url)
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: Buffer.from(await response.arrayBuffer()).toString('utf8'),
    }
  }

  test('is a table whose cells no programme takes for formulas; imported again it books nothing', async () => {
    const ada = await member()
    await client.create(ada, '12.5', { description: '=1+1', note: '@cmd, "quoted"\nand more', spentOn: '2025-04-24' })
    await client.create(ada, '700', { description: 'Bus', spentOn: '2025-04-25' }, 'JPY')
    const { status, type, text } = await read(await link(ada))
    expect([status, type]).toEqual([200, 'text/csv; charset=utf-8; header=present'])
    const lines = text.split('\r\n')
    expect(lines[0]).toBe('date,amount,currency,category,description,note,source,id')
    expect(lines[1]).toMatch(/^2025-04-24,12\.50,EUR,Others,'=1\+1,"'@cmd, ""quoted""\nand more",MANUAL,expense_/)
    expect(lines[2]).toMatch(/^2025-04-25,700,JPY,Others,Bus,,MANUAL,expense_/)
    expect((await read(await link(ada, '(withBom: true)'))).text.charCodeAt(0)).toBe(0xfeff)
    expect((await read(await link(ada, '(filter: { currency: "JPY" })'))).text.trim().split('\r\n')).toHaveLength(2)
    const { value } = await start(ada, text)
    await takeImport(server.running.atrium.deps, parseId(value.id)?.uuid ?? '')
    expect(await over(ada, value.id)).toMatchObject({ rowsKept: 0, rowsKnown: 2, rowsRefused: 0 })
    const bob = await member()
    const other = (await start(bob, text)).value.id
    await takeImport(server.running.atrium.deps, parseId(other)?.uuid ?? '')
    expect(await over(bob, other)).toMatchObject({ rowsKept: 2 })
    expect((await client.list(bob))[1]).toMatchObject({ description: '=1+1', note: '@cmd, "quoted"\nand more' })
  })

  test('is a table also where semicolons end cells, and comes back as it was', async () => {
    const [ada, bob] = [await member(), await member()]
    const texts = ['Flat;=HYPERLINK("x");rest', '＝1+1', 'milk; bread', 'a|@b']
    for (const description of texts) await client.create(ada, '1', { description, note: `first\n=${description}` })
    const { text } = await read(await link(ada))
    for (const cell of text.split(/[;|\n,]/)) expect(cell.replaceAll('"', '')).not.toMatch(/^[=+\-@＝＋－＠]/)
    const { id } = (await start(bob, text)).value
    await takeImport(server.running.atrium.deps, parseId(id)?.uuid ?? '')
    const back: { description: string; note: string }[] = await client.list(bob)
    expect(back.map(({ description }) => description).sort()).toEqual([...texts].sort())
    expect(back).toHaveLength(texts.length)
    for (const { description, note } of back) expect(note).toBe(`first\n=${description}`)
  })

  test('has money that came back as a number', async () => {
    const ada = await member()
    const { db } = server.running.atrium.deps
    await db.query(
      `insert into expenses (id, account_id, category_id, amount_minor, currency, spent_on, description, source, source_id)
       select gen_random_uuid(), $1, id, -1250, 'EUR', '2025-04-24', 'Cup', 'REFUND', gen_random_uuid() from expense_categories where account_id is null limit 1`,
      [ada.accountId],
    )
    expect((await read(await link(ada))).text).toContain('2025-04-24,-12.50,EUR')
  })

  test('has every row of thousands, once and in order', async () => {
    const ada = await member()
    const account: Uuid = ada.accountId
    await server.running.atrium.deps.db.query(
      `insert into expenses (id, account_id, category_id, amount_minor, currency, spent_on, description)
       select gen_random_uuid(), $1, (select id from expense_categories where account_id is null limit 1), n, 'EUR', date '2025-01-01' + n % 90, 'Row ' || n from generate_series(1, 3500) n`,
      [account],
    )
    const rows = (await read(await link(ada))).text.trim().split('\r\n').slice(1)
    expect(rows).toHaveLength(3_500)
    expect(new Set(rows.map((row) => row.split(',').at(-1))).size).toBe(3_500)
    const days = rows.map((row) => row.slice(0, 10))
    expect(days).toEqual(days.toSorted())
  })

  test('is only for who has the link, as it was signed, and while it lasts', async () => {
    const ada = await member()
    const url = await link(ada)
    expect((await read(url.replace('bom=0', 'bom=1'))).status).toBe(404)
    expect((await read(url.replace(/signature=.*/, 'signature='))).status).toBe(404)
    expect((await read(url.replace(/expires=\d+/, 'expires=1'))).status).toBe(404)
    expect((await read(`${server.url}/expenses.csv`)).status).toBe(404)
    const other = await link(await member())
    const account = new URL(url).searchParams.get('account') ?? ''
    expect((await read(other.replace(/account=[^&]*/, `account=${account}`))).status).toBe(404)
    expect((await client.ask('{ expensesCsv { url } }')).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    const bad = await client.ask('{ expensesCsv(filter: { from: "2025-02-02", to: "2025-02-01" }) { url } }', {}, ada)
    expect(bad.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })
})
