import { rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../core/log.ts'
import { DATABASE, ROLE } from './embedded/cluster.ts'
import { findHome, type Home } from './embedded/home.ts'
import { Lease } from './embedded/lease.ts'
import { findPostmaster, isServing, type Postmaster, signal } from './embedded/postmaster.ts'
import { ensureServer, type ServerSettings } from './embedded/server.ts'

export { EmbeddedError } from './embedded/failure.ts'

export interface EmbeddedSettings {
  dataDirectory: string
  log: Log
  /** What it is busy with, for steps that may take seconds. */
  onProgress?: (step: string) => void
  /** Server settings beside those of a small server. Ignored when the server runs already. */
  settings?: ServerSettings
}

export interface Embedded {
  /** Stays the same when the server has to be started again. */
  url: string
  /** Lets go of the server. It ends, and this waits for it, unless another Atrium process uses it. */
  stop(): Promise<void>
}

const CHECK_MS = 250
const SLOW_CHECK_MS = 2_000
const STOP_MS = 10_000

/**
 * The PostgreSQL in the data directory: started, or joined when another Atrium process has started it. It is shared by all
 * of them and ends with the last; when it is killed, whoever notices starts it again.
 * @throws EmbeddedError
 */
export async function startEmbedded(given: EmbeddedSettings): Promise<Embedded> {
  const { log, settings = {} } = given
  const onProgress = onlyChanges(given.onProgress ?? (() => {}))
  const home = await findHome(given.dataDirectory)
  const lease = await Lease.take(home)
  let check = (): void => {}
  const ensure = (): Promise<Postmaster> => ensureServer(home, settings, onProgress, () => check())
  let server: Postmaster
  try {
    server = await ensure()
  } catch (error) {
    lease.release()
    throw error
  }

  let stopped = false
  let healing: Promise<void> | null = null
  const heal = async (): Promise<void> => {
    log.warn({ pid: server.pid }, 'PostgreSQL has gone, starting it again')
    while (!stopped) {
      try {
        server = await ensure()
        log.info({ pid: server.pid }, 'PostgreSQL is back')
        return
      } catch (error) {
        log.error({ err: error }, 'PostgreSQL could not be started again')
        await pause(1_000)
      }
    }
  }
  check = () => {
    if (stopped || healing !== null || isServing(server.pid, home.cluster)) return
    healing = heal().finally(() => {
      healing = null
    })
  }
  const timer = setInterval(() => check(), CHECK_MS)
  const slowTimer = setInterval(() => {
    lease.renew().catch((error: unknown) => log.error({ err: error }, 'the watchdog of PostgreSQL is missing'))
    hurry(home).catch((error: unknown) => log.error({ err: error }, 'the state of PostgreSQL cannot be read'))
  }, SLOW_CHECK_MS)
  timer.unref()
  slowTimer.unref()

  return {
    url: `postgres:///${DATABASE}?host=${encodeURIComponent(server.socketDirectory)}&user=${ROLE}`,
    async stop() {
      if (stopped) return
      stopped = true
      clearInterval(timer)
      clearInterval(slowTimer)
      await healing
      if (lease.release()) await stopServer(home)
    },
  }
}

function onlyChanges(onProgress: (step: string) => void): (step: string) => void {
  let last = ''
  return (step) => {
    if (step === last) return
    last = step
    onProgress(step)
  }
}

/**
 * A server that was sent SIGTERM waits for its clients to leave, and those of a pool never do: it would take no new ones
 * and not end either. SIGINT makes it end, and then it is started again.
 */
async function hurry(home: Home): Promise<void> {
  const server = await findPostmaster(home.cluster)
  if (server?.status === 'stopping') signal(server.pid, 'SIGINT')
}

/** The watchdog does the same by now; waiting for it tells the caller when the directory is at rest. */
async function stopServer(home: Home): Promise<void> {
  const server = await findPostmaster(home.cluster)
  if (server === null) return
  signal(server.pid, 'SIGINT')
  const deadlineMs = performance.now() + STOP_MS
  while (isServing(server.pid, home.cluster)) {
    if (performance.now() > deadlineMs) signal(server.pid, 'SIGQUIT')
    await pause(10)
  }
  if (server.socketDirectory !== home.directory) await rm(server.socketDirectory, { recursive: true, force: true })
}
