import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { MIGRATIONS_FOLDER, MigrationError, migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { createTestDatabase } from '../support/postgres.ts'

const log = createLog('silent')
let box = ''
beforeAll(async () => {
  box = await mkdtemp(join(tmpdir(), 'atrium-migrate-'))
})
afterAll(() => rm(box, { recursive: true, force: true }))

// Far in the future, so that they come after whatever migrations the template holds.
const MIGRATIONS = [
  {
    when: 9_000_000_000_001,
    sql: "create type mood as enum ('calm');--> statement-breakpoint\ncreate table days (mood mood);",
  },
  { when: 9_000_000_000_002, sql: "alter type mood add value 'merry';" },
  { when: 9_000_000_000_003, sql: "insert into days values ('merry');" },
]

async function folderWith(name: string, migrations: readonly { when: number; sql: string }[]): Promise<string> {
  const folder = join(box, name)
  await mkdir(join(folder, 'meta'), { recursive: true })
  const entries = migrations.map(({ when }, idx) => ({ idx, when, version: '7', tag: `m${when}`, breakpoints: true }))
  await writeFile(join(folder, 'meta/_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }))
  for (const { when, sql } of migrations) await writeFile(join(folder, `m${when}.sql`), sql)
  return folder
}

test('five servers that start at once apply each migration once, and a value added to an enum can be used by the next', async () => {
  const mine = await createTestDatabase()
  const folder = await folderWith('together', MIGRATIONS)
  const servers = await Promise.all(
    Array.from({ length: 5 }, () => openDatabase({ databaseUrl: mine.url, dataDirectory: '', poolSize: 1, log })),
  )
  const applied = await Promise.all(servers.map((server) => migrate(server, log, folder)))
  expect(applied.reduce((sum, count) => sum + count)).toBe(3)
  expect(await mine.database.query('select mood from days')).toEqual([{ mood: 'merry' }])
  expect(await migrate(mine.database, log, folder)).toBe(0)
  for (const server of servers) await server.close()
  await mine.close()
})

test('a migration that fails leaves nothing of itself behind, keeps those before it, and can be tried again', async () => {
  const mine = await createTestDatabase()
  const broken = { when: 9_000_000_000_002, sql: 'create table half (id int);--> statement-breakpoint\nselect 1/0;' }
  const [first] = MIGRATIONS
  if (first === undefined) throw new Error('no migration')
  await expect(migrate(mine.database, log, await folderWith('broken', [first, broken]))).rejects.toThrow(
    'division by zero',
  )
  expect(await mine.database.query("select to_regclass('half') as half, to_regclass('days') as days")).toEqual([
    { half: null, days: 'days' },
  ])
  expect(await migrate(mine.database, log, await folderWith('mended', MIGRATIONS))).toBe(2)
  await mine.close()
})

test('a migration that was merged late, with an older time than the newest applied one, is applied and not skipped', async () => {
  const mine = await createTestDatabase()
  await migrate(mine.database, log, await folderWith('early', MIGRATIONS.slice(0, 2)))
  const late = { when: 9_000_000_000_000, sql: 'create table late (id int);' }
  await migrate(mine.database, log, await folderWith('late', [late, ...MIGRATIONS]))
  expect(await mine.database.query("select to_regclass('late') as late")).toEqual([{ late: 'late' }])
  await mine.close()
})

test('an older Atrium refuses the database of a newer one, and changes nothing in it', async () => {
  const mine = await createTestDatabase()
  await migrate(mine.database, log, await folderWith('newer', MIGRATIONS))
  const older = migrate(mine.database, log, await folderWith('older', MIGRATIONS.slice(0, 1)))
  await expect(older).rejects.toBeInstanceOf(MigrationError)
  await expect(older).rejects.toThrow(/^The database was migrated by a newer Atrium .* start the newer one$/)
  await mine.close()
})

/** Our own migrations as they were when `last` was the newest of them. */
async function migrationsUpTo(last: string): Promise<string> {
  const folder = join(box, last)
  await cp(MIGRATIONS_FOLDER, folder, { recursive: true })
  const file = join(folder, 'meta/_journal.json')
  const journal: { entries: { tag: string }[] } = JSON.parse(await readFile(file, 'utf8'))
  const newest = journal.entries.findIndex(({ tag }) => tag === last)
  if (newest < 0) throw new Error(`no migration ${last}`)
  await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, newest + 1) }))
  return folder
}

test('products and orders of a shop that was there before reviews become subjects, so that they are reviewed and talked about', async () => {
  const mine = await createTestDatabase({ isEmpty: true })
  const { database } = mine
  await migrate(database, log, await migrationsUpTo('0008_shop'))
  const [product, order] = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002']
  await database.script(`
    insert into accounts (id, handle, email, password_hash, name) values ('01900000-0000-7000-8000-00000000000a', 'ada', 'ada@example.com', '', 'Ada');
    insert into subjects (id, kind) values ('01900000-0000-7000-8000-00000000000b', 'POST');
    insert into product_categories (id, slug, name) values ('01900000-0000-7000-8000-00000000000c', 'cups', 'Cups');
    insert into products (id, category_id, slug, name, status, from_price_minor, created_at)
      values ('${product}', '01900000-0000-7000-8000-00000000000c', 'cup', 'Cup', 'ARCHIVED', 900, '2024-02-29 12:00:00+00');
    insert into orders (id, account_id, cart_id, checkout_key, input_hash, status, email, name, street, postal_code, city, country, currency,
        subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor, total_minor, expires_at, created_at, paid_at)
      values ('${order}', '01900000-0000-7000-8000-00000000000a', gen_random_uuid(), 'key', '', 'COMPLETED', 'ada@example.com', 'Ada', '', '', '', 'DE', 'EUR',
        900, 0, 0, 0, 0, 900, now(), '2024-03-01 12:00:00+00', now())`)
  await migrate(database, log)
  expect(
    await database.query(
      `select id, kind::text as kind, (created_at at time zone 'UTC')::date::text as day from subjects where kind in ('PRODUCT', 'ORDER') order by id`,
    ),
  ).toEqual([
    { id: product, kind: 'PRODUCT', day: '2024-02-29' },
    { id: order, kind: 'ORDER', day: '2024-03-01' },
  ])
  expect(await database.query(`select count(*)::int as count from subjects where kind = 'POST'`)).toEqual([
    { count: 1 },
  ])
  // The stars of a review find their product.
  await database.script(`
    insert into subjects (id, kind) values ('01900000-0000-7000-8000-00000000000d', 'REVIEW');
    insert into reviews (id, subject_id, author_id, stars) values ('01900000-0000-7000-8000-00000000000d', '${product}', '01900000-0000-7000-8000-00000000000a', 4)`)
  expect(await database.query('select rating_sum as sum, rating_count as count from products')).toEqual([
    { sum: 4, count: 1 },
  ])
  await mine.close()
})
