import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chownSync, closeSync, fstatSync, openSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { environment } from './account.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { ensureCluster } from './cluster.ts'
import { EmbeddedError } from './failure.ts'
import { type Home, own } from './home.ts'
import { disarmPidFile, findPostmaster, killOrphans, type Postmaster } from './postmaster.ts'

export type ServerSettings = Readonly<Record<string, string>>

/** A small server for one machine: no replication, no parallel plans, no just-in-time compiler. */
const SETTINGS: ServerSettings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  shared_buffers: '64MB',
  maintenance_work_mem: '32MB',
  // Two servers with the largest pool that DATABASE_POOL allows would be too many; one with a command beside it is not.
  max_connections: '250',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',
  io_method: 'sync',
  jit: 'off',
  log_checkpoints: 'off',
  log_connections: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** Bytes of a Unix socket's path, the end mark not counted: 107 on Linux, 103 on macOS. */
const MAX_SOCKET_PATH = 103
const START_ATTEMPTS = 60
const ORPHANS_MAY_TAKE_MS = 2_000
const MAX_LOG_BYTES = 5_000_000

/**
 * Finds the server that runs on this cluster or starts it, and waits until it takes connections. After an unclean stop
 * the first attempts may fail: orphans of the old server hold its shared memory until they notice.
 */
export async function ensureServer(
  home: Home,
  settings: ServerSettings,
  onProgress: (step: string) => void,
  onExit: () => void,
): Promise<Postmaster> {
  let binaries: Binaries | null = null
  let startedAtMs = 0
  for (let attempt = 0; attempt < START_ATTEMPTS; ) {
    const running = await findPostmaster(home.cluster)
    if (running?.status === 'ready') return running
    if (running !== null) {
      onProgress(running.status === 'stopping' ? 'Waiting for PostgreSQL to stop' : 'Starting PostgreSQL')
      await pause(20)
      continue
    }
    if (binaries === null) {
      binaries = await findBinaries(home, onProgress)
      await ensureCluster(home, binaries, onProgress)
      startedAtMs = performance.now()
      // That may have taken seconds, in which another process was faster.
      continue
    }
    attempt += 1
    onProgress('Starting PostgreSQL')
    await disarmPidFile(home.cluster)
    const child = await launch(home, binaries, settings)
    if (await becomesVisible(child, home)) {
      child.once('exit', onExit)
      continue
    }
    if (performance.now() - startedAtMs > ORPHANS_MAY_TAKE_MS) killOrphans(home.cluster)
    await pause(100)
  }
  throw new EmbeddedError(`PostgreSQL does not start: ${lastWords(logFile(home))}`)
}

async function launch(home: Home, binaries: Binaries, settings: ServerSettings): Promise<ChildProcess> {
  const socketDirectory = await makeSocketDirectory(home)
  const quoted = `"${socketDirectory.replaceAll('"', '""')}"`
  const all = { ...SETTINGS, unix_socket_directories: quoted, ...settings }
  const log = openLog(home)
  try {
    const child = spawn(
      join(binaries.directory, 'bin', 'postgres'),
      ['-D', home.cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...home.account,
        cwd: home.directory,
        env: environment(),
        stdio: ['ignore', log, log],
        // Its own process group: Ctrl-C in the terminal stops Atrium first, and Atrium then stops Postgres.
        detached: true,
      },
    )
    child.on('error', () => {})
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** True once this child, or another process that was faster, holds the cluster; false when the child has ended. */
async function becomesVisible(child: ChildProcess, home: Home): Promise<boolean> {
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  child.once('error', () => {
    ended = true
  })
  while (!ended) {
    if ((await findPostmaster(home.cluster))?.pid === child.pid) return true
    await pause(10)
  }
  return false
}

/** In the home, unless its path is too long for a socket. /tmp and not TMPDIR: every process must find the same one. */
export async function makeSocketDirectory(home: Home): Promise<string> {
  if (Buffer.byteLength(join(home.directory, '.s.PGSQL.5432')) <= MAX_SOCKET_PATH) return home.directory
  const directory = `/tmp/atrium-${createHash('sha256').update(home.cluster).digest('hex').slice(0, 16)}`
  await own(directory, home.account)
  return directory
}

const logFile = (home: Home): string => join(home.directory, 'postgres.log')

function openLog(home: Home): number {
  const file = logFile(home)
  const fd = openSync(file, 'a', 0o600)
  if (fstatSync(fd).size > MAX_LOG_BYTES) {
    closeSync(fd)
    renameSync(file, `${file}.1`)
    return openLog(home)
  }
  if (home.account !== null) chownSync(file, home.account.uid, home.account.gid)
  return fd
}

function lastWords(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const said = lines.slice(-20).findLast((line) => /(FATAL|PANIC|ERROR):|error while loading|not found/.test(line))
  return `${said ?? lines.at(-1) ?? 'it says nothing'} (see ${file})`
}
