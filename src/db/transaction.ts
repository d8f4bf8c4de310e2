import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../core/log.ts'
import type { Connection } from './connection.ts'
import type { Transaction, TransactionOptions } from './database.ts'
import { executorOver } from './executor.ts'
import type { Pool } from './pool.ts'
import { sqlState } from './unavailable.ts'

/** serialization_failure and deadlock_detected: Postgres asks for the same transaction once more. */
const TRY_AGAIN: ReadonlySet<string | null> = new Set(['40001', '40P01'])
const MAX_TRIES = 5

type Work<T> = (tx: Transaction) => Promise<T>
type Effect = () => void | Promise<void>

/** See `Database.transaction`. Effects run when the connection is back in the pool, so that they may use the database. */
export async function runTransaction<T>(pool: Pool, log: Log, work: Work<T>, options: TransactionOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const effects: Effect[] = []
    try {
      const value = await pool.use((connection) => attemptOn(connection, work, effects, options))
      await runEffects(effects, log)
      return value
    } catch (error) {
      if (attempt === MAX_TRIES || !TRY_AGAIN.has(sqlState(error))) throw error
      // Apart from each other, or the same two would meet again.
      await pause(2 ** attempt * (5 + Math.random() * 10))
    }
  }
}

async function attemptOn<T>(
  connection: Connection,
  work: Work<T>,
  effects: Effect[],
  options: TransactionOptions,
): Promise<T> {
  await begin(connection, options)
  let over = false
  const executor = executorOver((run) => {
    if (over) return Promise.reject(new Error('a statement was sent to a transaction that is over'))
    return run(connection)
  })
  const tx: Transaction = Object.assign(executor, {
    afterCommit(effect: Effect) {
      if (over) throw new Error('afterCommit was called on a transaction that is over')
      effects.push(effect)
    },
  })
  try {
    const value = await raceLoss(connection, work(tx))
    over = true
    // Postgres answers ROLLBACK to the COMMIT of a transaction in which a statement failed and the failure was swallowed.
    const { command } = await connection.script('commit')
    if (command !== 'COMMIT') throw new Error('nothing was committed: a statement in this transaction had failed')
    return value
  } catch (error) {
    over = true
    await rollBack(connection)
    throw error
  } finally {
    if (options.statementTimeoutMs !== undefined) connection.restoreTimeout()
  }
}

async function begin(connection: Connection, options: TransactionOptions): Promise<void> {
  await connection.script('begin')
  if (options.statementTimeoutMs === undefined) return
  connection.allow(options.statementTimeoutMs)
  await connection.script(`set local statement_timeout = ${options.statementTimeoutMs ?? 0}`)
}

async function rollBack(connection: Connection): Promise<void> {
  try {
    await connection.script('rollback')
  } catch {
    // Ending the session rolls back as well, and must not hide what went wrong first.
    connection.retire()
  }
}

/** `work` may be waiting for something else than the database when the connection is lost. */
async function raceLoss<T>(connection: Connection, working: Promise<T>): Promise<T> {
  let stopListening = (): void => {}
  const loss = new Promise<never>((_, reject) => {
    stopListening = connection.onLoss(reject)
  })
  try {
    return await Promise.race([working, loss])
  } finally {
    stopListening()
  }
}

async function runEffects(effects: readonly Effect[], log: Log): Promise<void> {
  for (const effect of effects) {
    try {
      await effect()
    } catch (error) {
      log.error({ err: error }, 'what should follow a committed transaction failed')
    }
  }
}
