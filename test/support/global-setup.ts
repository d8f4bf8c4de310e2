import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { createLog } from '../../src/core/log.ts'
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts'
import { MIGRATIONS_FOLDER, migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { buildPages } from './pages.ts'
import { databaseUrl, type TestServer } from './test-server.ts'

const log = createLog('warn')

/** Nothing here has to survive a power failure. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' }

/**
 * The pages for browsers are built if they have changed, here and not in two workers at once. Then one Postgres for the whole run, with a migrated template that each test file clones. `TEST_DATABASE_URL` names a server
 * to use instead; its user must be allowed to create databases.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildPages()
  const given = process.env.TEST_DATABASE_URL
  const directory = await mkdtemp(join(tmpdir(), 'atrium-test-'))
  // Postgres does not run as root and has to pass through to its own folder.
  await chmod(directory, 0o711)
  let embedded: Embedded | null = null
  if (given === undefined) embedded = await startEmbedded({ dataDirectory: directory, log, settings: FAST })
  const adminUrl = given ?? embedded?.url ?? ''
  const prefix = `atrium_test_${randomBytes(4).toString('hex')}`
  const server: TestServer = { adminUrl, prefix, template: `${prefix}_template` }
  const admin = await openDatabase({ databaseUrl: adminUrl, dataDirectory: directory, poolSize: 1, log })
  const tearDown = async (): Promise<void> => {
    const left = await admin.query<{ name: string }>(
      'select datname as name from pg_database where starts_with(datname, $1)',
      [prefix],
    )
    for (const { name } of left) await admin.script(`drop database "${name}" with (force)`)
    await admin.close()
    await embedded?.stop()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await admin.script(`create database "${server.template}"`)
    if (existsSync(MIGRATIONS_FOLDER)) {
      const url = databaseUrl(server, server.template)
      const template = await openDatabase({ databaseUrl: url, dataDirectory: directory, poolSize: 1, log })
      await migrate(template, log)
      // A database can be cloned only while nobody is connected to it.
      await template.close()
    }
    project.provide('postgres', server)
    return tearDown
  } catch (error) {
    await tearDown()
    throw error
  }
}
