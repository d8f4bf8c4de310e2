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
  /** One or more statements without parameters, not prepared: for what a migration sends. Answers the last one's rows. */
  script<Row>(text: string): Promise<Row[]>
}

export interface Transaction extends Executor {
  /** Runs once the transaction is committed, in order of registration; never runs when it is rolled back. */
  afterCommit(effect: () => void | Promise<void>): void
}

export interface TransactionOptions {
  /** Instead of the pool's own limit for each statement; null lets a statement take as long as it needs. */
  statementTimeoutMs?: number | null
}

export interface Database extends Executor {
  /**
   * Commits when `work` resolves, rolls back when it throws. Runs `work` again after a deadlock or a serialization
   * failure, so `work` changes nothing but the database; everything else belongs into `afterCommit`.
   * @throws DatabaseUnavailable when the connection is lost; if that was during COMMIT, the outcome is unknown.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** The same database for one caller, who can have at most `width` connections at a time. */
  lane(width: number): Database
  /** How many connections there are, for the metrics. */
  poolState(): { open: number; idle: number; waiting: number }
  close(): Promise<void>
}
