import { Pool as Tarn } from 'tarn'
import { Connection, type ConnectionSettings } from './connection.ts'
import { causes, DatabaseUnavailable } from './unavailable.ts'

export interface PoolSettings extends ConnectionSettings {
  size: number
  /** How long a caller waits for a free connection, a dead database included. */
  acquireTimeoutMs: number
}

export interface PoolState {
  open: number
  idle: number
  waiting: number
}

/** Sessions are replaced from time to time: their memory grows with the statements they have prepared. */
const MAX_AGE_MS = 30 * 60_000
const MAX_STATEMENTS = 2_000
const IDLE_MS = 60_000
const SILENCE_CHECK_MS = 1_000

/**
 * tarn over single sessions. A lost session is thrown away and never given out again; while Postgres is away callers
 * wait `acquireTimeoutMs` for it and then get a DatabaseUnavailable, and once it is back so is the pool.
 */
export class Pool {
  readonly #settings: PoolSettings
  readonly #tarn: Tarn<Connection>
  readonly #live = new Set<Connection>()
  readonly #silenceCheck: NodeJS.Timeout
  #openFailure: string | null = null
  #closing: Promise<void> | null = null

  constructor(settings: PoolSettings) {
    this.#settings = settings
    this.#tarn = new Tarn<Connection>({
      min: 0,
      max: settings.size,
      create: () => this.#open(),
      destroy: (connection: Connection) => connection.end(),
      validate: (connection: Connection) => isFit(connection),
      acquireTimeoutMillis: settings.acquireTimeoutMs,
      createTimeoutMillis: settings.connectTimeoutMs + 1_000,
      createRetryIntervalMillis: 200,
      idleTimeoutMillis: IDLE_MS,
      reapIntervalMillis: 5_000,
    })
    this.#silenceCheck = setInterval(() => {
      const nowMs = performance.now()
      for (const connection of this.#live) connection.checkSilence(nowMs)
    }, SILENCE_CHECK_MS)
    this.#silenceCheck.unref()
  }

  /**
   * Lends a connection for as long as `work` runs.
   * @throws DatabaseUnavailable when none is free in time.
   */
  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.#acquire()
    try {
      return await work(connection)
    } finally {
      this.#tarn.release(connection)
    }
  }

  get state(): PoolState {
    // tarn counts a connection that was lost while idle until somebody asks for one.
    return {
      open: this.#live.size,
      idle: Math.max(0, this.#live.size - this.#tarn.numUsed()),
      waiting: this.#tarn.numPendingAcquires(),
    }
  }

  /** Lets running work finish for up to `graceMs`, then ends every connection. */
  close(graceMs = 5_000): Promise<void> {
    this.#closing ??= this.#close(graceMs)
    return this.#closing
  }

  async #close(graceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs)
    })
    await Promise.race([this.#tarn.destroy(), grace])
    clearTimeout(timer)
    clearInterval(this.#silenceCheck)
    await Promise.all([...this.#live].map((connection) => connection.end()))
  }

  async #acquire(): Promise<Connection> {
    if (this.#closing !== null) throw new DatabaseUnavailable('The database has been closed.')
    try {
      return await this.#tarn.acquire().promise
    } catch (error) {
      const waited = `within ${this.#settings.acquireTimeoutMs} ms`
      const reason =
        this.#live.size > 0 || this.#openFailure === null
          ? `No database connection became free ${waited}; all ${this.#settings.size} are at work.`
          : `No database connection could be opened ${waited}: ${this.#openFailure}`
      throw new DatabaseUnavailable(reason, { cause: error })
    }
  }

  async #open(): Promise<Connection> {
    try {
      const connection = await Connection.open(this.#settings)
      this.#openFailure = null
      this.#live.add(connection)
      connection.onLoss(() => this.#live.delete(connection))
      return connection
    } catch (error) {
      this.#openFailure = causes(error).at(0)?.message ?? String(error)
      throw error
    }
  }
}

const isFit = (connection: Connection): boolean =>
  connection.usable &&
  connection.statementCount < MAX_STATEMENTS &&
  performance.now() - connection.openedAtMs < MAX_AGE_MS
