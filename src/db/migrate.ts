import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator'
import type { Log } from '../core/log.ts'
import type { Database, Transaction } from './database.ts'

/** The database is ahead of this code. The message is one line for the person at the terminal. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

/** Beside `src` as well as beside `dist`. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url))

/** Any number that nothing else locks. */
const LOCK = 7_201_540_263

/** The same table as drizzle's own migrator keeps, so that drizzle-kit can be used on the database as well. */
const PREPARE = `
  create schema if not exists drizzle;
  create table if not exists drizzle.__drizzle_migrations (
    id serial primary key, hash text not null, created_at numeric)`

/**
 * Brings the database up to the migrations in `drizzle/`, each in a transaction of its own: a value that one adds to an
 * enum can be used by the next. drizzle's migrator takes no lock; here many servers may start at once, and each step asks
 * anew what is still missing. Answers how many it applied.
 * @throws MigrationError when the database holds a migration that this code does not know.
 */
export async function migrate(database: Database, log: Log, folder = MIGRATIONS_FOLDER): Promise<number> {
  if (!existsSync(folder)) throw new MigrationError(`There are no migrations in ${folder}`)
  const known = readMigrationFiles({ migrationsFolder: folder })
  for (let applied = 0; ; applied += 1) {
    // A migration of a large table takes longer than any request may.
    const step = await database.transaction((tx) => applyNext(tx, known), { statementTimeoutMs: null })
    if (step === null) return applied
    log.debug({ migration: step }, 'migration applied')
  }
}

/** Applies the first missing migration; answers when it was made, or null when none is missing. */
async function applyNext(tx: Transaction, known: readonly MigrationMeta[]): Promise<string | null> {
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK])
  await tx.script(PREPARE)
  const rows = await tx.query<{ madeAt: string }>(
    'select created_at::text as "madeAt" from drizzle.__drizzle_migrations',
  )
  const applied = new Set(rows.map((row) => Number(row.madeAt)))
  const newest = known.at(-1)?.folderMillis ?? 0
  const ahead = [...applied].filter((madeAt) => madeAt > newest)
  if (ahead.length > 0) {
    const versions = ahead.map((madeAt) => new Date(madeAt).toISOString()).join(', ')
    throw new MigrationError(
      `The database was migrated by a newer Atrium (${versions}); this one knows migrations up to ${new Date(newest).toISOString()}: start the newer one`,
    )
  }
  const next = known.find((migration) => !applied.has(migration.folderMillis))
  if (next === undefined) return null
  for (const statements of next.sql) await tx.script(statements)
  await tx.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
    next.hash,
    next.folderMillis,
  ])
  return new Date(next.folderMillis).toISOString()
}
