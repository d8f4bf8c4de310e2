import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'
import { type Config, readConfig } from './config.ts'
import { createLog } from './core/log.ts'
import { openDatabase } from './db/open.ts'
import { countSessions, dropSchemas, findForeignTables, removeEmbedded } from './db/reset.ts'
import { CommandError, explain } from './explain.ts'

const IN_USE = 'A server or a command has this database open: stop it first.'

async function confirm(what: string, isSure: boolean): Promise<void> {
  if (isSure) return
  if (!process.stdin.isTTY) throw new CommandError(`This deletes ${what}. Say that it is meant with --yes.`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`This deletes ${what}. Type yes to go on: `)
  terminal.close()
  if (answer.trim() !== 'yes') throw new CommandError('Nothing was deleted.')
}

async function resetEmbedded({ dataDirectory }: Config, isSure: boolean): Promise<void> {
  await confirm(`the database in ${dataDirectory}`, isSure)
  const outcome = await removeEmbedded(dataDirectory)
  if (outcome === 'in use') throw new CommandError(IN_USE)
  const said = outcome === 'removed' ? 'The database is deleted' : `There is no database in ${dataDirectory}`
  process.stdout.write(`${said}; the next npm start makes a new one.\n`)
}

/** A question is not enough here: an answer is typed quickly, and a database server may hold what others cannot spare. */
async function resetServer(config: Config, databaseUrl: string, isSure: boolean): Promise<void> {
  const { host, pathname } = new URL(databaseUrl)
  const name = `${pathname.slice(1)}${host === '' ? '' : ` on ${host}`}`
  if (!isSure) {
    throw new CommandError(`This drops the schemas public, drizzle and pgboss of DATABASE_URL (${name}): say --yes.`)
  }
  const log = createLog(config.logLevel)
  const db = await openDatabase({
    databaseUrl,
    dataDirectory: config.dataDirectory,
    poolSize: 1,
    applicationName: 'atrium db:reset',
    log,
  })
  try {
    if ((await countSessions(db)) > 0) throw new CommandError(IN_USE)
    const foreign = await findForeignTables(db)
    if (foreign.length > 0) {
      throw new CommandError(
        `${name} holds tables that are not of Atrium, and nothing was dropped: ${foreign.join(', ')}`,
      )
    }
    await dropSchemas(db)
  } finally {
    await db.close()
  }
  process.stdout.write(`${name} is empty; the next start fills it again.\n`)
}

const program = new Command('db:reset')
  .description('Deletes the database: of the data directory, or with --yes what DATABASE_URL names.')
  .option('--yes', 'do not ask', false)
  .action(async ({ yes }: { yes: boolean }) => {
    const config = readConfig()
    if (config.production) throw new CommandError('db:reset does not run with NODE_ENV=production.')
    await (config.databaseUrl === null ? resetEmbedded(config, yes) : resetServer(config, config.databaseUrl, yes))
  })

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error, 'DATABASE_URL')}\n`)
  process.exitCode = 1
}
