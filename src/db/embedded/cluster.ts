import { randomBytes } from 'node:crypto'
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { runAs } from './account.ts'
import type { Binaries } from './binaries.ts'
import { EmbeddedError } from './failure.ts'
import { exists, type Home } from './home.ts'

export const DATABASE = 'atrium'
export const ROLE = 'atrium'

const ABANDONED_AFTER_MS = 10 * 60_000

/**
 * Makes the cluster with its database unless it is there. Made beside and renamed: what is there is whole, and of two
 * processes that start at once on a fresh directory the second one's work is thrown away.
 */
export async function ensureCluster(home: Home, binaries: Binaries, onProgress: (step: string) => void): Promise<void> {
  if (await exists(home.cluster)) return checkVersion(home, binaries)
  await sweep(home)
  onProgress('Creating the database')
  const draft = `${home.cluster}.${randomBytes(4).toString('hex')}`
  try {
    await run(home, binaries, 'initdb', [
      ...['-D', draft, '-U', ROLE, '-A', 'trust', '-E', 'UTF8'],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
    ])
    await run(home, binaries, 'postgres', ['--single', '-D', draft, 'template1'], `create database ${DATABASE};\n`)
    await rename(draft, home.cluster)
  } catch (error) {
    if (!(await exists(home.cluster))) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function checkVersion(home: Home, binaries: Binaries): Promise<void> {
  const version = (await readFile(join(home.cluster, 'PG_VERSION'), 'utf8')).trim()
  if (version === binaries.majorVersion) return
  throw new EmbeddedError(
    `The database in ${home.cluster} was made by PostgreSQL ${version} and this is PostgreSQL ${binaries.majorVersion}: set ATRIUM_DATA to another directory`,
  )
}

async function run(home: Home, binaries: Binaries, name: string, args: string[], input = ''): Promise<void> {
  const { ok, output } = await runAs(home.account, join(binaries.directory, 'bin', name), args, input)
  if (ok) return
  const reason = output.split('\n').find((line) => /error|fatal|could not|cannot/i.test(line)) ?? output.trim()
  throw new EmbeddedError(`The database cannot be created in ${home.directory}: ${reason}`)
}

/** Drafts of starts that were killed. */
async function sweep(home: Home): Promise<void> {
  for (const name of await readdir(home.directory)) {
    if (!/^cluster\.[0-9a-f]{8}$/.test(name)) continue
    const path = join(home.directory, name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true })
  }
}
