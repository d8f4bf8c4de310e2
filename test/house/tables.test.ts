import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { is, Table } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIGRATIONS_FOLDER } from '../../src/db/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'

const TABLES = fileURLToPath(new URL('../../src/db/tables', import.meta.url))

async function declared(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  const files = readdirSync(TABLES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  for (const file of files) Object.assign(found, await import(join(TABLES, file)))
  return found
}

interface Described {
  name: string
  columns: object
  indexes: object
}

const described = async (): Promise<Described[]> =>
  Object.values(generateDrizzleJson(await declared(), undefined, undefined, 'snake_case').tables) as Described[]

const snapshot = () => {
  const files = readdirSync(join(MIGRATIONS_FOLDER, 'meta')).filter((file) => file.endsWith('_snapshot.json'))
  return JSON.parse(readFileSync(join(MIGRATIONS_FOLDER, 'meta', files.sort().at(-1) ?? ''), 'utf8'))
}

test('the tables in the code are those of the last migration: after a change run `npx drizzle-kit generate`', async () => {
  const last = snapshot()
  const now = generateDrizzleJson(await declared(), last.id, undefined, 'snake_case')
  expect(await generateMigration(last, now)).toEqual([])
  expect(Object.keys(now.tables).sort()).toEqual(Object.keys(last.tables).sort())
})

test('every file in src/db/tables is read, so that no table can hide', async () => {
  const tables = Object.values(await declared()).filter((each) => is(each, Table))
  expect(tables).toHaveLength(Object.keys(snapshot().tables).length)
  expect(tables.length).toBeGreaterThan(10)
})

describe('a migrated database', () => {
  let opened: TestDatabase
  beforeAll(async () => {
    opened = await createTestDatabase({ poolSize: 1 })
  })
  afterAll(() => opened.close())

  test('has exactly the columns of the code', async () => {
    const columns = await opened.database.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public' order by 1`,
    )
    const tables = await described()
    const inCode = tables.flatMap((table) => Object.keys(table.columns).map((column) => `${table.name}.${column}`))
    expect(columns.map(({ name }) => name).sort()).toEqual(inCode.sort())
  })

  test('lets go of the file wherever a row that points at an upload goes, and has it in one place only', async () => {
    const columns = await opened.database.query<{ name: string; isReleased: boolean; isUnique: boolean }>(
      `select c.conrelid::regclass || '.' || a.attname as name,
         exists (select 1 from pg_trigger t join pg_proc p on p.oid = t.tgfoid where t.tgrelid = c.conrelid
           and p.proname = 'release_upload' and encode(t.tgargs, 'escape') = a.attname || '\\000'
           and t.tgdeferrable and t.tginitdeferred and t.tgtype & 8 = 8 and t.tgtype & 16 = 16) as "isReleased",
         exists (select 1 from pg_index i where i.indrelid = c.conrelid and i.indisunique and i.indpred is null
           and i.indnkeyatts = 1 and i.indkey[0] = a.attnum) as "isUnique"
       from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
       where c.contype = 'f' and c.confrelid = 'uploads'::regclass order by 1`,
    )
    expect(columns.length).toBeGreaterThan(0)
    expect(columns.filter(({ isReleased, isUnique }) => !isReleased || !isUnique)).toEqual([])
  })

  test('has exactly the indexes of the code', async () => {
    const indexes = await opened.database.query<{ name: string }>(
      `select indexname as name from pg_indexes where schemaname = 'public' and not exists (select 1 from pg_constraint where conname = indexname)`,
    )
    const tables = await described()
    const inCode = tables.flatMap((table) => Object.keys(table.indexes))
    expect(indexes.map(({ name }) => name).sort()).toEqual(inCode.sort())
  })
})
