import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runAs } from './account.ts'

/** What a server writes to postmaster.pid (PostgreSQL source, utils/pidfile.h). */
export interface Postmaster {
  pid: number
  socketDirectory: string
  port: number
  status: 'starting' | 'stopping' | 'ready' | 'standby' | 'unknown'
}

const pidFile = (cluster: string): string => join(cluster, 'postmaster.pid')

/** The server that runs on this cluster, or null. */
export async function findPostmaster(cluster: string): Promise<Postmaster | null> {
  const lines = readPidFile(cluster)
  const pid = Number(lines?.[0])
  if (lines === null || !Number.isInteger(pid) || pid <= 0 || !(await serves(pid, cluster))) return null
  const status = lines[7]?.trim() ?? ''
  return {
    pid,
    socketDirectory: lines[4] ?? '',
    port: Number(lines[3]),
    status: isStatus(status) ? status : 'unknown',
  }
}

/**
 * After an unclean stop the file may name a process that is something else by now, or a zombie that nobody collects, and
 * Postgres would refuse to start for as long as it lives. The line is set to our own id, which Postgres ignores as its
 * parent's. The file itself stays: by its other lines Postgres sees whether orphans of the old server are still at work.
 * That of a server which somebody else has started by now is left alone: it guards the cluster.
 */
export async function disarmPidFile(cluster: string): Promise<void> {
  const lines = readPidFile(cluster)
  if (lines === null || lines.length < 2) return
  const pid = Math.abs(Number(lines[0]))
  if (!isAlive(pid) || (await serves(pid, cluster))) return
  writeFileSync(pidFile(cluster), [String(process.pid), ...lines.slice(1)].join('\n'))
}

/** Whether the process is a server of this cluster, and not another one that was given the same id later. */
async function serves(pid: number, cluster: string): Promise<boolean> {
  if (!isServing(pid, cluster)) return false
  if (process.platform === 'linux') return true
  const { output } = await runAs(null, '/bin/ps', ['-o', 'command=', '-p', String(pid)])
  return output.includes(cluster)
}

/** The same as far as it can be told at once, for asking often. */
export const isServing = (pid: number, cluster: string): boolean =>
  process.platform === 'linux' ? isOurs(pid, cluster) : isAlive(pid)

/** Ends backends that outlived their postmaster and keep the next one from starting. Linux only. */
export function killOrphans(cluster: string): number {
  if (process.platform !== 'linux') return 0
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && isOurs(pid, cluster))
  for (const pid of pids) signal(pid, 'SIGQUIT')
  return pids.length
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Every server process has the cluster as its working directory; that of a zombie cannot be read. */
function isOurs(pid: number, cluster: string): boolean {
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === cluster && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
    )
  } catch {
    return false
  }
}

function readPidFile(cluster: string): string[] | null {
  try {
    return readFileSync(pidFile(cluster), 'utf8').split('\n')
  } catch {
    return null
  }
}

const isStatus = (text: string): text is Postmaster['status'] =>
  ['starting', 'stopping', 'ready', 'standby'].includes(text)
