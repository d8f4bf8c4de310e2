import { setTimeout as pause } from 'node:timers/promises'
import type PgBoss from 'pg-boss'
import type { Log } from '../../core/log.ts'
import type { JobDefinition, JobHandler } from './job.ts'

/** Before a finished job is given up on that cannot be marked as such; it then runs again once it has expired. */
const MARK_RETRIES_MS = [200, 1_000, 3_000]

export interface Worker {
  /** Looks for jobs now and not at the next poll. */
  wake(): void
  /** Takes no further job and waits for the running ones; what is not done in time is tried again later. */
  stop(timeoutMs: number): Promise<void>
}

export interface WorkerOptions<Data> {
  boss: PgBoss
  job: JobDefinition<Data>
  handler: JobHandler<Data>
  /** Jobs that run at once in this process. */
  concurrency: number
  pollMs: number
  log: Log
}

/**
 * Takes jobs from a queue and runs them. pg-boss's own `work()` runs one batch at a time, does not wait for marking
 * jobs as done (a lost connection is then an unhandled rejection, which ends the process), and needs up to a second
 * to stop.
 */
export function startWorker<Data>({ boss, job, handler, concurrency, pollMs, log }: WorkerOptions<Data>): Worker {
  const running = new Map<string, Promise<void>>()
  const stopped = new AbortController()
  let stopping = false
  let nudged = false
  let endPause: () => void = () => {}

  const wake = (): void => {
    nudged = true
    endPause()
  }

  const run = async (taken: PgBoss.JobWithMetadata<Data>): Promise<void> => {
    const about = { job: job.name, jobId: taken.id, attempt: taken.retryCount + 1, attempts: taken.retryLimit + 1 }
    const expiry = AbortSignal.timeout(Number(taken.expireInSeconds) * 1000)
    const signal = AbortSignal.any([expiry, stopped.signal])
    try {
      const { id, data } = taken
      await orAborted(handler({ id, data, attempt: about.attempt, signal }), signal)
    } catch (error) {
      const last = about.attempt >= about.attempts
      if (last) log.error({ err: error, ...about }, `A job failed for the last time and is now in ${job.deadLetter}`)
      else log.warn({ err: error, ...about }, 'A job failed and will be tried again')
      await mark(about, () => boss.fail(job.name, taken.id, { message: String(error).slice(0, 500) }))
      return
    }
    await mark(about, () => boss.complete(job.name, taken.id))
  }

  const mark = async (about: object, write: () => Promise<void>): Promise<void> => {
    for (const delayMs of [...MARK_RETRIES_MS, null]) {
      try {
        return await write()
      } catch (error) {
        if (delayMs === null || stopped.signal.aborted) {
          log.error({ err: error, ...about }, 'The outcome of a job could not be stored; it will run again')
          return
        }
        await pause(delayMs)
      }
    }
  }

  const loop = async (): Promise<void> => {
    while (!stopping) {
      nudged = false
      const free = concurrency - running.size
      const taken = free > 0 ? await fetch(free) : []
      for (const one of taken) {
        const done = run(one).finally(() => {
          running.delete(one.id)
          wake()
        })
        running.set(one.id, done)
      }
      if (stopping || nudged) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs)
        endPause = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  // Answers nothing when the database is away: pg-boss swallows what a fetch throws.
  const fetch = (batchSize: number) => boss.fetch<Data>(job.name, { batchSize, includeMetadata: true })

  const looping = loop()
  return {
    wake,
    async stop(timeoutMs) {
      stopping = true
      wake()
      const deadline = new AbortController()
      const finished = looping.then(() => Promise.all(running.values()))
      await Promise.race([finished, pause(timeoutMs, undefined, { signal: deadline.signal }).catch(() => {})])
      deadline.abort()
      if (running.size === 0) return
      stopped.abort(new Error('the server stops'))
      await Promise.race([finished, pause(1_000)])
    },
  }
}

/** A handler that ignores its signal must not keep its place in the queue. */
async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  let stopListening = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    stopListening = () => signal.removeEventListener('abort', onAbort)
  })
  try {
    await Promise.race([work, aborted])
  } finally {
    stopListening()
  }
}
