import { readConfig } from './config.ts'
import { createLog } from './core/log.ts'
import { explain } from './explain.ts'
import { stopOnSignals } from './signals.ts'
import { JOBS_STOP_MS, startJobs } from './start.ts'
import { openAtrium } from './wiring.ts'

/** The queue's and the clock's work without HTTP, beside servers of the same database. */
try {
  const config = readConfig()
  const log = createLog(config.logLevel)
  const atrium = await openAtrium(config, { log })
  startJobs(atrium, config)
  process.stdout.write('Atrium works on jobs.\n')
  stopOnSignals(log, async () => {
    await atrium.queue.stop(JOBS_STOP_MS)
    await atrium.close()
  })
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}
