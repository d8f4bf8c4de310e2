import 'reflect-metadata'
import { ConfigError, readConfig } from './config.ts'
import { createLog } from './core/log.ts'
import { EmbeddedError } from './db/embedded.ts'
import { MigrationError } from './db/migrate.ts'
import { isDatabaseUnavailable } from './db/unavailable.ts'
import { startServer } from './start.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** What a person at the terminal can mend is told in one line; anything else is a bug and shows where it is. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof EmbeddedError || error instanceof MigrationError) {
    return error.message
  }
  if (isDatabaseUnavailable(error)) return `DATABASE_URL cannot be reached: ${(error as Error).message}`
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EADDRINUSE') return 'PORT is in use by another program; set another one, or 0 to have one chosen'
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') return `HOST or PORT cannot be used: ${(error as Error).message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

async function main(): Promise<void> {
  const config = readConfig()
  const log = createLog(config.logLevel)
  const server = await startServer(config, { log, onProgress: (step) => say(`  ${step} …`) })
  say(`Atrium is ready.

  Playground   ${server.url}/graphql
  Blog         ${server.url}/
  Feeds        ${server.url}/feeds/posts.atom   ${server.url}/feeds/posts.rss
  Health       ${server.url}/health   ${server.url}/ready   ${server.url}/metrics
  Data         ${config.databaseUrl === null ? config.dataDirectory : 'DATABASE_URL'}

  Stop with Ctrl-C.`)

  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    // A second Ctrl-C means now.
    if (stopping) process.exit(130)
    stopping = true
    log.info({ signal }, 'stopping')
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

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
})
