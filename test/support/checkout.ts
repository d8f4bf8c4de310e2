import { execFileSync } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPostmaster, isServing } from '../../src/db/embedded/postmaster.ts'

const repository = join(import.meta.dirname, '../..')
const NOT_SOURCE = ['node_modules', 'dist', 'data', '.git', 'coverage']

export interface Checkout {
  /** Where package.json is. */
  readonly directory: string
  /** A data directory of its own, for anybody to use. */
  dataDirectory(): Promise<string>
  remove(): Promise<void>
}

/**
 * The project in a folder of its own, with its packages: what somebody has after `git clone` and `npm ci`, without the
 * network. `isBuilt` brings along what was built before; what is out of date in it is built anew by the first start.
 */
export async function makeCheckout(options: { isBuilt?: boolean; mode?: number } = {}): Promise<Checkout> {
  // On the disk of the packages, as they are linked and not copied: they are hundreds of megabytes.
  const packages = await realpath(join(repository, 'node_modules'))
  const box = await mkdtemp(join(tmpdir(), 'atrium-checkout-'))
  await chmod(box, options.mode ?? 0o755)
  const directory = join(box, 'atrium')
  await mkdir(directory, { mode: 0o755 })
  const kept = NOT_SOURCE.filter((name) => name !== 'dist' || options.isBuilt !== true)
  for (const name of await readdir(repository)) {
    if (!kept.includes(name)) await cp(join(repository, name), join(directory, name), { recursive: true })
  }
  linkTree(packages, join(directory, 'node_modules'))
  // A link to the very file of the packages, which the first start would write to.
  await rm(join(directory, 'node_modules/.atrium-installed'), { force: true })
  const dataDirectories: string[] = []
  return {
    directory,
    async dataDirectory() {
      const made = await mkdtemp(join(box, 'data-'))
      await chmod(made, 0o777)
      dataDirectories.push(made)
      return made
    },
    async remove() {
      for (const each of [join(directory, 'data'), ...dataDirectories]) {
        const outside = await readFile(join(each, 'postgres.location'), 'utf8').catch(() => null)
        if (outside !== null) await rm(outside.trim(), { recursive: true, force: true })
      }
      await rm(box, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
    },
  }
}

const LINKING_ATTEMPTS = 3

function linkTree(from: string, to: string): void {
  for (let attempt = 1; attempt <= LINKING_ATTEMPTS; attempt += 1) {
    try {
      execFileSync('cp', ['-a', '-l', from, to], { stdio: 'ignore' })
      return
    } catch {
      // Tools leave files among the packages for a moment: one that goes while it is linked is no reason to copy all of them.
      execFileSync('rm', ['-rf', to])
    }
  }
  // Another disk, or a `cp` that makes no links.
  execFileSync('cp', ['-a', from, to])
}

/** The process id of the PostgreSQL that serves a data directory. */
export async function postgresOf(dataDirectory: string): Promise<{ pid: number; isServing: () => boolean }> {
  const outside = await readFile(join(dataDirectory, 'postgres.location'), 'utf8').catch(() => null)
  const home = outside?.trim() ?? join(await realpath(dataDirectory), 'postgres')
  const cluster = join(home, 'cluster')
  const server = await findPostmaster(cluster)
  if (server === null) throw new Error(`no PostgreSQL serves ${cluster}`)
  return { pid: server.pid, isServing: () => isServing(server.pid, cluster) }
}
