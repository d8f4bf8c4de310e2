import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { MigrationError, migrate } from '../../src/db/migrate.ts'
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
