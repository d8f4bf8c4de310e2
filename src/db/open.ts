import { createLane } from '../core/lane.ts'
import type { Log } from '../core/log.ts'
import type { ConnectionSettings } from './connection.ts'
import type { Database } from './database.ts'
import { type Embedded, startEmbedded } from './embedded.ts'
import { executorOver } from './executor.ts'
import { Pool } from './pool.ts'
import { runTransaction } from './transaction.ts'

export interface OpenSettings {
  /** Null means the embedded Postgres in the data directory. */
  databaseUrl: string | null
  dataDirectory: string
  poolSize: number
  log: Log
  /** What the embedded server is busy with, for steps that may take seconds. */
  onProgress?: (step: string) => void
  /** Shows in pg_stat_activity. */
  applicationName?: string
  /** How long a caller waits for a free connection, a dead database included. */
  acquireTimeoutMs?: number
  statementTimeoutMs?: number
  /** Hears of each statement: for tests and measurements that count or explain them. */
  onStatement?: ConnectionSettings['onStatement'] | undefined
}

/**
 * Opens the database and proves that it answers.
 * @throws DatabaseUnavailable when it does not.
 * @throws EmbeddedError when the embedded server cannot run here; the message is one line for the person at the terminal.
 */
export async function openDatabase(settings: OpenSettings): Promise<Database> {
  const embedded: Embedded | null = settings.databaseUrl === null ? await startEmbedded(settings) : null
  const url = settings.databaseUrl ?? embedded?.url ?? ''
  const pool = new Pool({
    url,
    size: settings.poolSize,
    applicationName: settings.applicationName ?? 'atrium',
    acquireTimeoutMs: settings.acquireTimeoutMs ?? 5_000,
    connectTimeoutMs: 4_000,
    statementTimeoutMs: settings.statementTimeoutMs ?? 30_000,
    idleInTransactionTimeoutMs: 60_000,
    onStatement: settings.onStatement,
    onNotice: (message) => settings.log.debug({ notice: message }, 'Postgres gives notice'),
  })
  const close = async (): Promise<void> => {
    await pool.close()
    await embedded?.stop()
  }
  try {
    await pool.use((connection) => connection.query('select 1'))
  } catch (error) {
    await close()
    throw error
  }
  return databaseOver(pool, settings.log, close, (work) => work())
}

/** `gate` decides when a piece of work may ask for a connection. */
function databaseOver(
  pool: Pool,
  log: Log,
  close: () => Promise<void>,
  gate: <T>(work: () => Promise<T>) => Promise<T>,
): Database {
  return Object.assign(
    executorOver((run) => gate(() => pool.use(run))),
    {
      transaction: ((work, options = {}) =>
        gate(() => runTransaction(pool, log, work, options))) as Database['transaction'],
      lane: (width: number) => databaseOver(pool, log, close, createLane(width)),
      poolState: () => pool.state,
      close,
    },
  )
}
