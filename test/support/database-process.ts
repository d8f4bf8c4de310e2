import { createInterface } from 'node:readline'
import { createLog } from '../../src/core/log.ts'
import { openDatabase } from '../../src/db/open.ts'

/**
 * A process that has the embedded database open, as a server or a command line tool would: `node … <data directory>`.
 * Answers each line of SQL on standard input with one line of JSON, and stops cleanly on SIGTERM or at the end of input.
 */
const answer = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)

// As the server does with Ctrl-C, it has more to do before it lets go of the database.
process.on('SIGINT', () => {})
try {
  const database = await openDatabase({
    databaseUrl: null,
    dataDirectory: process.argv[2] ?? '',
    poolSize: 2,
    log: createLog('silent'),
  })
  const stop = async (): Promise<void> => {
    await database.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  answer('ready')
  const lines = createInterface(process.stdin)
  lines.on('close', stop)
  lines.on('line', async (statement) => {
    answer(
      await database.query(statement).then(
        (rows) => ({ rows }),
        (error: Error) => ({ error: error.name }),
      ),
    )
  })
} catch (error) {
  answer({ error: (error as Error).message })
  process.exit(1)
}
