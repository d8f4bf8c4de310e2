import type { PgRemoteDatabase } from 'drizzle-orm/pg-proxy'

/** Where statements can be sent: the pool, or the one connection of a transaction. */
export interface Executor {
  /** drizzle's query builder over this executor. Timestamps and dates are text. */
  readonly orm: PgRemoteDatabase
  /**
   * One prepared statement. Rows are objects keyed by column alias; timestamps and bigints are text, json is parsed.
   * Arrays are passed as Postgres array literals (`pgArray`).
   */
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>
}

export interface Transaction extends Executor {
  /** Runs once the transaction is committed, in order of registration; never runs when it is rolled back. */
  afterCommit(effect: () => void | Promise<void>): void
}

export interface Database extends Executor {
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** How many connections there are, for the metrics. */
  poolState(): { open: number; idle: number; waiting: number }
  close(): Promise<void>
}
