import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/config.ts'
import { createLog } from '../src/core/log.ts'
import { World } from '../src/demo/world.ts'
import { type RunningServer, startServer } from '../src/start.ts'

export interface BenchServer {
  readonly running: RunningServer
  readonly world: World
  /** The text of each statement that was sent to PostgreSQL so far. */
  readonly statements: readonly string[]
  close(): Promise<void>
}

const NO_RATE = 1_000_000_000

/** The whole server, with an embedded PostgreSQL of its own in a temporary directory and every limit but the rate's. */
export async function startBenchServer(): Promise<BenchServer> {
  const dataDirectory = await makeDataDirectory()
  const config = readConfig({ ATRIUM_DATA: dataDirectory, JWT_SECRET: 'a secret for measuring, 32 long at least' })
  const limits = { ...config.limits, ratePerAddress: NO_RATE, ratePerViewer: NO_RATE, socketsPerAddress: NO_RATE }
  const statements: string[] = []
  const running = await startServer(
    { ...config, host: '127.0.0.1', port: 0, demo: false, limits },
    { log: createLog('error'), onStatement: (text) => void statements.push(text) },
  )
  return {
    running,
    world: new World(running.atrium.deps),
    statements,
    async close() {
      await running.stop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

export async function makeDataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'atrium-bench-'))
  // PostgreSQL does not run as root, and has to pass through to its own folder.
  await chmod(directory, 0o711)
  return directory
}
