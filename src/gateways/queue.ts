import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import PgBoss from 'pg-boss'
import type { Log } from '../core/log.ts'
import { pgArray } from '../db/array.ts'
import type { Database } from '../db/database.ts'
import { isDatabaseUnavailable } from '../db/unavailable.ts'
import { backgroundDatabase, bossDatabase } from './queue/boss-database.ts'
import { install } from './queue/install.ts'
import type { JobDefinition, JobHandler, Jobs } from './queue/job.ts'
import { startWorker, type Worker } from './queue/worker.ts'

export * from './queue/job.ts'

const DEFAULT_POLL_MS = 2_000
const LONGEST_START_DELAY_MS = 30_000

export interface FailedJob {
  job: string
  data: unknown
  reason: string
  /** As Postgres prints a timestamptz. */
  failedAt: string
}

export interface QueueOptions {
  database: Database
  log: Log
  /** Jobs that this process adds without working on them. The others are known from `work` and `schedule`. */
  jobs?: readonly JobDefinition<unknown>[]
  /** How often to look for jobs that other servers added or that became due; own jobs start at once. */
  pollMs?: number
  /** How often jobs of killed servers are looked for, and old ones cleared away. */
  maintenanceSeconds?: number
  /** How often to look whether a cron job is due. */
  cronSeconds?: number
}

export interface Queue extends Jobs {
  /** Says who does the work; before `start`. `concurrency` (1) is per process. */
  work<Data>(job: JobDefinition<Data>, handler: JobHandler<Data>, options?: { concurrency?: number }): void
  /** Adds a job at each time of a cron expression (UTC, minutes), once across all servers; before `start`. */
  schedule<Data extends object>(job: JobDefinition<Data>, cron: string, data: Data): void
  /**
   * Begins to work, and resolves once it does. Keeps trying while the database is away, so it can run in the
   * background after the server listens; `enqueue` does not need it.
   */
  start(): Promise<void>
  /** Lets running jobs finish for up to `timeoutMs` (8,000); the rest is tried again, here or elsewhere. */
  stop(timeoutMs?: number): Promise<void>
  /** The newest hundred jobs that failed for the last time. */
  failedJobs(): Promise<FailedJob[]>
}

/** Jobs in Postgres, with pg-boss's tables and statements over our own connections. */
export function createQueue(options: QueueOptions): Queue {
  const { database, log, pollMs = DEFAULT_POLL_MS, maintenanceSeconds = 30, cronSeconds = 10 } = options
  const known = new Map<string, JobDefinition<unknown>>()
  const starts: ((boss: PgBoss) => void)[] = []
  const schedules: ((boss: PgBoss) => Promise<void>)[] = []
  const workers = new Map<string, Worker>()
  const stopping = new AbortController()
  /** Names of jobs whose queues are committed. */
  const installed = new Set<string>()
  let starting: Promise<void> | null = null

  const boss = new PgBoss({
    db: backgroundDatabase(database, log),
    maintenanceIntervalSeconds: maintenanceSeconds,
    // pg-boss looks back one minute; with its own 30 s and a timer that comes late it can miss one.
    cronMonitorIntervalSeconds: cronSeconds,
    cronWorkerIntervalSeconds: cronSeconds,
  })
  boss.on('error', (error) => {
    // Outages are logged once, where the statements pass.
    if (!isDatabaseUnavailable(error)) log.error({ err: error }, 'The job queue failed in the background')
  })

  const learn = (job: JobDefinition<unknown>): void => void known.set(job.name, job)
  for (const job of options.jobs ?? []) learn(job)

  const startOnce = async (): Promise<void> => {
    const jobs = [...known.values()]
    await install(database, jobs)
    for (const job of jobs) installed.add(job.name)
    await boss.start()
    for (const schedule of schedules) await schedule(boss)
    if (stopping.signal.aborted) return
    for (const start of starts.splice(0)) start(boss)
  }

  const start = async (): Promise<void> => {
    for (let delayMs = 500; !stopping.signal.aborted; delayMs = Math.min(delayMs * 2, LONGEST_START_DELAY_MS)) {
      try {
        return await startOnce()
      } catch (error) {
        log.error({ err: error }, `The job queue could not be started; trying again in ${delayMs} ms`)
        await pause(delayMs, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }

  return {
    async enqueue(tx, job, data, { startAfter, singletonKey, id } = {}) {
      const after = (effect: () => void): void => {
        if ('afterCommit' in tx && typeof tx.afterCommit === 'function') tx.afterCommit(effect)
        else effect()
      }
      if (!installed.has(job.name)) {
        learn(job)
        // In the caller's own transaction: waiting for `start` could wait for the connection that this one holds.
        await install(tx, [...known.values()])
        after(() => installed.add(job.name))
      }
      const jobId = id ?? randomUUID()
      const added = await boss.send(job.name, data as object, {
        db: bossDatabase(tx),
        id: jobId,
        singletonKey: singletonKey ?? jobId,
        ...(startAfter === undefined ? {} : { startAfter }),
      })
      if (added === null && id === undefined && singletonKey === undefined) {
        throw new Error(`the queue ${job.name} is gone from the database`)
      }
      if (startAfter === undefined || startAfter.getTime() <= Date.now()) after(() => workers.get(job.name)?.wake())
    },
    work(job, handler, { concurrency = 1 } = {}) {
      learn(job)
      starts.push((boss) => {
        workers.set(job.name, startWorker({ boss, job, handler, concurrency, pollMs, log }))
      })
    },
    schedule(job, cron, data) {
      learn(job)
      schedules.push((boss) => boss.schedule(job.name, cron, data, { singletonKey: 'cron' }))
    },
    start() {
      starting ??= start()
      return starting
    },
    async stop(timeoutMs = 8_000) {
      stopping.abort()
      await starting
      await Promise.all([...workers.values()].map((worker) => worker.stop(timeoutMs)))
      await boss.stop({ graceful: false }).catch((error) => log.warn({ err: error }, 'The job queue stopped uncleanly'))
    },
    failedJobs: () =>
      database.query<FailedJob>(
        `select q.name as job, j.data, j.output->>'message' as reason, j.created_on as "failedAt"
         from pgboss.job j join pgboss.queue q on q.dead_letter = j.name
         where j.name = any($1) and j.state < 'active'
         order by j.created_on desc, j.id desc limit 100`,
        [pgArray([...known.values()].map((job) => job.deadLetter))],
      ),
  }
}
