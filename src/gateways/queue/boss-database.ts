import type { Log } from '../../core/log.ts'
import { pgArray } from '../../db/array.ts'
import type { Database, Executor } from '../../db/database.ts'
import { isDatabaseUnavailable } from '../../db/unavailable.ts'

/** What pg-boss asks of a driver. */
export interface BossDatabase {
  executeSql(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>
}

/** The queue over which pg-boss spreads cron jobs. */
export const CRON_QUEUE = '__pgboss__send-it'

/** pg-boss over our own connections, so that there is one pool, and a job can be part of any transaction. */
export function bossDatabase(executor: Executor | Database): BossDatabase {
  return {
    async executeSql(text, values) {
      const rows =
        values === undefined && OPENS_TRANSACTION.test(text)
          ? await runLocked(executor, text)
          : await executor.query<unknown>(text, values?.map(parameter))
      return { rows }
    },
  }
}

/**
 * The same for what pg-boss does by itself in the background. It ignores failures of its fetches, so an outage is
 * logged here, once. And it does not wait for marking its cron jobs as done: a lost connection would be an unhandled
 * rejection, which ends the process.
 */
export function backgroundDatabase(database: Database, log: Log): BossDatabase {
  const boss = bossDatabase(database)
  let out = false
  return {
    async executeSql(text, values) {
      try {
        const result = await boss.executeSql(text, values)
        if (out) log.info('The job queue reaches the database again')
        out = false
        return result
      } catch (error) {
        const outage = isDatabaseUnavailable(error)
        if (outage && !out) log.warn({ reason: (error as Error).message }, 'The job queue cannot reach the database')
        out ||= outage
        const marksCronJobs = values?.length === 3 && values[0] === CRON_QUEUE
        if (!marksCronJobs) throw error
        return { rows: [{ count: 0 }] }
      }
    },
  }
}

const OPENS_TRANSACTION = /^\s*BEGIN;/

/**
 * pg-boss sends whole transactions as one text. One that fails half-way would leave its connection inside an aborted
 * transaction, so we begin and end it ourselves.
 */
function runLocked(executor: Executor | Database, text: string): Promise<unknown[]> {
  const body = text.replace(OPENS_TRANSACTION, '').replace(/COMMIT;\s*$/, '')
  return 'transaction' in executor
    ? executor.transaction((tx) => tx.script<unknown>(body))
    : executor.script<unknown>(body)
}

const parameter = (value: unknown): unknown => (Array.isArray(value) ? pgArray(value.map(String)) : (value ?? null))
