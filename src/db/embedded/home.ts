import { randomBytes } from 'node:crypto'
import { chmod, chown, link, lstat, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Account, canUse, chooseAccount } from './account.ts'
import { EmbeddedError } from './failure.ts'

/** Where Postgres lives on this machine, and as whom. */
export interface Home {
  directory: string
  /** PGDATA */
  cluster: string
  account: Account
}

/**
 * Root's fallback for a data directory that Postgres cannot enter, such as one under /root. Not the temporary
 * directory: that is emptied at boot, and a database in it would be lost.
 */
const OUTSIDE = '/var/lib/atrium'

/**
 * The folder of the embedded server: `postgres` in the data directory, or one outside that a pointer file in the data
 * directory names. Deleting the data directory deletes the pointer, and so the next start makes a fresh database.
 */
export async function findHome(dataDirectory: string): Promise<Home> {
  await mkdir(dataDirectory, { recursive: true })
  const root = await realpath(dataDirectory)
  const inside = join(root, 'postgres')
  const pointer = join(root, 'postgres.location')
  const named = await readIfThere(pointer)
  if (named !== null) return settle(named)
  if (await exists(join(inside, 'cluster'))) return settle(inside)
  const account = await chooseAccount(null)
  await own(inside, account)
  if (await canUse(account, inside)) return { directory: inside, cluster: join(inside, 'cluster'), account }
  await rm(inside, { recursive: true, force: true })
  if (account === null)
    throw new EmbeddedError(`The data directory ${root} cannot be written: set ATRIUM_DATA to another`)
  return settle(await pointOutside(pointer))
}

/** The folder of a database that has been made, or null. Changes nothing. */
export async function findExistingHome(dataDirectory: string): Promise<string | null> {
  const named = await readIfThere(join(dataDirectory, 'postgres.location'))
  const directory = await realpath(named ?? join(dataDirectory, 'postgres')).catch(() => null)
  return directory !== null && (await exists(join(directory, 'cluster'))) ? directory : null
}

async function settle(named: string): Promise<Home> {
  const account = await chooseAccount((await exists(join(named, 'cluster'))) ? join(named, 'cluster') : null)
  await own(named, account)
  const directory = await realpath(named)
  const cluster = join(directory, 'cluster')
  if (!(await canUse(account, directory))) {
    const who = account === null ? 'you' : `user ${account.uid}, who runs PostgreSQL,`
    throw new EmbeddedError(
      `The database in ${directory} cannot be entered by ${who}: mend its permissions or set ATRIUM_DATA`,
    )
  }
  return { directory, cluster, account }
}

/** Two servers may start at once on a fresh data directory: link() lets one pointer win. */
async function pointOutside(pointer: string): Promise<string> {
  const directory = join(OUTSIDE, randomBytes(8).toString('hex'))
  try {
    await mkdir(OUTSIDE, { recursive: true, mode: 0o755 })
  } catch (error) {
    throw new EmbeddedError(
      `PostgreSQL does not run as root and cannot enter the data directory: set ATRIUM_DATA (${(error as Error).message})`,
    )
  }
  const draft = `${pointer}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, `${directory}\n`)
  try {
    await link(draft, pointer)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return (await readFile(pointer, 'utf8')).trim()
}

/** A folder that belongs to the account and is closed to everybody else: whoever reaches the socket is trusted. */
export async function own(folder: string, account: Account): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const now = await lstat(folder)
  const uid = account?.uid ?? process.getuid?.()
  if (!now.isDirectory() || (account === null && now.uid !== uid)) {
    throw new EmbeddedError(`${folder} belongs to another user: set ATRIUM_DATA to a directory of your own`)
  }
  if (account !== null && now.uid !== account.uid) await chown(folder, account.uid, account.gid)
  if ((now.mode & 0o777) !== 0o700) await chmod(folder, 0o700)
}

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

async function readIfThere(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch {
    return null
  }
}
