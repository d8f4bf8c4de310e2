import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { Database, Executor } from './database.ts'
import { findExistingHome } from './embedded/home.ts'
import { findPostmaster } from './embedded/postmaster.ts'
import { MIGRATIONS_FOLDER } from './migrate.ts'

/** Deletes the embedded database of a data directory. `in use`: some Atrium process has it open, and nothing was done. */
export async function removeEmbedded(dataDirectory: string): Promise<'removed' | 'in use' | 'absent'> {
  const home = await findExistingHome(dataDirectory)
  if (home === null) return 'absent'
  const cluster = join(home, 'cluster')
  if ((await findPostmaster(cluster)) !== null) return 'in use'
  // First out of the way: a server that starts meanwhile makes a new one, and never half of this one.
  const removed = `${home}.removed-${process.pid}`
  await rename(home, removed)
  await rm(removed, { recursive: true, force: true })
  await rm(join(dataDirectory, 'postgres.location'), { force: true })
  return 'removed'
}

/** How many sessions of Atrium, beside this one, have the database open. */
export async function countSessions(db: Executor): Promise<number> {
  const [row] = await db.query<{ sessions: number }>(
    `select count(*)::int as sessions from pg_stat_activity
     where datname = current_database() and application_name = 'atrium' and pid <> pg_backend_pid()`,
  )
  return row?.sessions ?? 0
}

/** Tables in the schema `public` that no migration of Atrium has made. */
export async function findForeignTables(db: Executor): Promise<string[]> {
  const made = readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }).flatMap(({ sql }) =>
    [...sql.join('\n').matchAll(/create table (?:if not exists )?"(\w+)"/gi)].map(([, name]) => name),
  )
  const rows = await db.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  )
  return rows.map(({ name }) => name).filter((name) => !made.includes(name))
}

/** Empties a database of everything that Atrium made there: its tables, its jobs, its list of migrations. */
export const dropSchemas = (db: Database) =>
  db.transaction((tx) => tx.script('drop schema if exists pgboss, drizzle, public cascade; create schema public'))
