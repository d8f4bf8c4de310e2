import type { Log } from './core/log.ts'

/** On SIGTERM or SIGINT stops what runs and ends the process with 0, or with 1 when the stop failed. */
export function stopOnSignals(log: Log, stop: () => Promise<void>): void {
  let stopping = false
  const onSignal = (signal: NodeJS.Signals): void => {
    // A second Ctrl-C means now.
    if (stopping) process.exit(130)
    stopping = true
    log.debug({ signal }, 'stopping')
    process.stdout.write('Stopping …\n')
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the stop was not clean')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
