import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { createLog, type Log } from '../../src/core/log.ts'
import type { Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'
import { databaseUrl, type TestServer } from './test-server.ts'

export interface TestDatabase {
  /** For a server under test that opens the database itself. */
  url: string
  database: Database
  /** Closes the connections and drops the database. */
  close(): Promise<void>
}

/**
 * A database of its own for a test file, cloned from the migrated template:
 *
 *     const test = await createTestDatabase()
 *     afterAll(test.close)
 *
 * `isEmpty` makes one without any migration.
 */
export async function createTestDatabase(
  options: { poolSize?: number; log?: Log; isEmpty?: boolean } = {},
): Promise<TestDatabase> {
  const server = inject('postgres')
  const name = `${server.prefix}_${randomBytes(6).toString('hex')}`
  const template = options.isEmpty ? 'template0' : server.template
  await administer(server, `create database "${name}" template "${template}"`)
  const url = databaseUrl(server, name)
  const log = options.log ?? createLog('warn')
  const database = await openDatabase({ databaseUrl: url, dataDirectory: '', poolSize: options.poolSize ?? 10, log })
  return {
    url,
    database,
    async close() {
      await database.close()
      await administer(server, `drop database if exists "${name}" with (force)`)
    },
  }
}

async function administer(server: TestServer, statement: string): Promise<void> {
  const log = createLog('warn')
  const admin = await openDatabase({ databaseUrl: server.adminUrl, dataDirectory: '', poolSize: 1, log })
  try {
    await admin.script(statement)
  } finally {
    await admin.close()
  }
}
