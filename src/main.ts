import 'reflect-metadata'
import { type Progress, showProgress } from '../scripts/progress.mjs'
import { type Config, ConfigError, readConfig } from './config.ts'
import { createLog, type Log } from './core/log.ts'
import { EmbeddedError } from './db/embedded.ts'
import { MigrationError } from './db/migrate.ts'
import { isDatabaseUnavailable } from './db/unavailable.ts'
import type { RunningServer } from './start.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** What a person at the terminal can mend is told in one line; anything else is a bug and shows where it is. */
function explain(error: unknown, database = 'The database'): string {
  if (error instanceof ConfigError || error instanceof EmbeddedError || error instanceof MigrationError) {
    return error.message
  }
  if (isDatabaseUnavailable(error)) return `${database} cannot be reached: ${(error as Error).message}`
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EADDRINUSE') return 'PORT is in use by another program; set another one, or 0 to have one chosen'
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST or PORT cannot be used: ${(error as Error).message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function fail(error: unknown, database?: string): never {
  process.stderr.write(`${explain(error, database)}\n`)
  process.exit(1)
}

/** One step ends where the next begins. */
function createSteps() {
  let current: Progress | null = null
  const end = (succeeded: boolean): void => {
    current?.end(succeeded)
    current = null
  }
  return {
    begin(step: string): void {
      end(true)
      current = showProgress(step)
    },
    end,
  }
}

async function start(config: Config, log: Log): Promise<RunningServer> {
  const steps = createSteps()
  try {
    // Loading the whole program takes most of a second, which a wrong setting need not wait for.
    const { startServer } = await import('./start.ts')
    const server = await startServer(config, { log, onProgress: steps.begin })
    steps.end(true)
    return server
  } catch (error) {
    steps.end(false)
    return fail(error, config.databaseUrl === null ? 'The embedded PostgreSQL' : 'DATABASE_URL')
  }
}

async function main(): Promise<void> {
  const config = readConfig()
  const log = createLog(config.logLevel)
  const server = await start(config, log)
  say(`
Atrium is ready.

  Blog         ${server.url}/
  Playground   ${server.url}/graphql
  Feeds        ${server.url}/feeds/posts.atom   ${server.url}/feeds/posts.rss
  Health       ${server.url}/health   ${server.url}/ready   ${server.url}/metrics
  Data         ${config.databaseUrl === null ? config.dataDirectory : 'DATABASE_URL'}

  Stop with Ctrl-C.`)

  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    // A second Ctrl-C means now.
    if (stopping) process.exit(130)
    stopping = true
    log.debug({ signal }, 'stopping')
    say('Stopping …')
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the stop was not clean')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

main().catch((error: unknown) => fail(error))
