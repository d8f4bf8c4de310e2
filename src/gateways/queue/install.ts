import PgBoss from 'pg-boss'
import type { Database, Executor } from '../../db/database.ts'
import { bossDatabase, CRON_QUEUE } from './boss-database.ts'
import type { JobDefinition } from './job.ts'

/**
 * 'short' is pg-boss's name for "one waiting job per key". Keyless jobs get a key of their own, so that one kind of
 * job can have both.
 */
const POLICY = 'short'

type QueueSettings = Required<
  Pick<PgBoss.Queue, 'policy' | 'retryLimit' | 'retryDelay' | 'retryBackoff' | 'expireInSeconds'>
> & { deadLetter?: string }

/**
 * Makes pg-boss's schema and the queues of these jobs where they are missing or were defined otherwise. With nothing
 * to do it costs two small queries. Safe with several servers at once, and inside any transaction.
 */
export async function install(executor: Executor | Database, jobs: readonly JobDefinition<unknown>[]): Promise<void> {
  const wanted = queuesOf(jobs)
  if ((await outdated(executor, wanted)).length === 0) return
  const work = async (tx: Executor): Promise<void> => {
    // Creating two queues at once deadlocks in Postgres: each adds a foreign key to the table the other has written.
    await tx.query("select pg_advisory_xact_lock(hashtextextended('atrium.queue', 0))")
    const boss = new PgBoss({ db: bossDatabase(tx), supervise: false, schedule: false })
    if (!(await isInstalled(tx))) await boss.start()
    for (const name of await outdated(tx, wanted)) {
      const settings = wanted.get(name)
      if (settings === undefined) continue
      await boss.createQueue(name, { name, ...settings })
      await boss.updateQueue(name, { name, ...settings })
    }
  }
  await ('transaction' in executor ? executor.transaction(work) : work(executor))
}

/** In the order in which they can be created: a dead letter queue before the queue that names it. */
function queuesOf(jobs: readonly JobDefinition<unknown>[]): Map<string, QueueSettings> {
  const plain = { policy: 'standard' as const, retryLimit: 2, retryDelay: 0, retryBackoff: false, expireInSeconds: 900 }
  const queues = new Map<string, QueueSettings>([[CRON_QUEUE, plain]])
  for (const job of jobs) queues.set(job.deadLetter, plain)
  for (const job of jobs) {
    queues.set(job.name, {
      policy: POLICY,
      retryLimit: job.retryLimit,
      retryDelay: job.retryDelaySeconds,
      retryBackoff: job.retryBackoff,
      expireInSeconds: job.expireInSeconds,
      deadLetter: job.deadLetter,
    })
  }
  return queues
}

async function outdated(executor: Executor, wanted: ReadonlyMap<string, QueueSettings>): Promise<string[]> {
  if (!(await isInstalled(executor))) return [...wanted.keys()]
  const present = await executor.query<QueueSettings & { name: string }>(
    `select name, policy, retry_limit as "retryLimit", retry_delay as "retryDelay", retry_backoff as "retryBackoff",
       expire_seconds as "expireInSeconds", dead_letter as "deadLetter" from pgboss.queue`,
  )
  const byName = new Map(present.map((queue) => [queue.name, queue]))
  return [...wanted].flatMap(([name, settings]) => {
    const queue = byName.get(name)
    const same =
      queue !== undefined &&
      queue.policy === settings.policy &&
      queue.retryLimit === settings.retryLimit &&
      queue.retryDelay === settings.retryDelay &&
      queue.retryBackoff === settings.retryBackoff &&
      queue.expireInSeconds === settings.expireInSeconds &&
      (queue.deadLetter ?? undefined) === settings.deadLetter
    return same ? [] : [name]
  })
}

/**
 * Looks into the catalogue itself: to_regclass answers from the session's cache, and inside a transaction that has just
 * waited for the lock the cache may not know yet what the holder of the lock has created.
 */
const isInstalled = async (executor: Executor): Promise<boolean> => {
  const [row] = await executor.query<{ installed: boolean }>(
    `select exists (
       select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'pgboss' and c.relname = 'queue') as installed`,
  )
  return row?.installed === true
}
