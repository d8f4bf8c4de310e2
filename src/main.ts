import 'reflect-metadata'
import { type Progress, showProgress } from '../scripts/progress.mjs'
import { type Config, readConfig } from './config.ts'
import { createLog, type Log } from './core/log.ts'
import { explain } from './explain.ts'
import { stopOnSignals } from './signals.ts'
import type { RunningServer } from './start.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

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

  stopOnSignals(log, () => server.stop())
}

main().catch((error: unknown) => fail(error))
