import { connect as connectSocket, type Socket } from 'node:net'
import { makePgArray } from 'drizzle-orm/pg-core/utils'
import postgres from 'postgres'
import { parseArray } from './array.ts'
import { causes, DatabaseUnavailable } from './unavailable.ts'

export interface ConnectionSettings {
  /** A postgres:// URL; a Unix socket is named as libpq does it: `postgres:///name?host=/directory&user=…`. */
  url: string
  applicationName: string
  connectTimeoutMs: number
  /** Postgres cancels a statement that runs longer. */
  statementTimeoutMs: number
  /** Postgres ends a session that leaves its transaction open and idle for longer. */
  idleInTransactionTimeoutMs: number
  onNotice: (message: string) => void
  /** Hears of each statement before it is sent, with what it was given; BEGIN and COMMIT included. */
  onStatement?: ((text: string, parameters: readonly unknown[]) => void) | undefined
}

/** How long after its own statement timeout a server may stay silent before it is taken for frozen or cut off. */
const SILENCE_MS = 5_000

const asText = (value: unknown): string => String(value)
const textType = (oid: number, from: number[]) => ({ to: oid, from, serialize: asText, parse: (text: string) => text })
const arrayType = (oid: number, from: number[], parse: (text: string) => unknown) => ({
  to: oid,
  from,
  serialize: (value: unknown) => (Array.isArray(value) ? makePgArray(value) : String(value)),
  parse: (literal: string) => parseArray(literal, parse),
})

/**
 * postgres.js turns timestamps into Dates (which drop microseconds and cost time), prints a parameter '2026-01-01' through
 * Date as well, quotes JSON that is JSON text already and makes false of the boolean 'true'.
 */
const types = {
  date: textType(1184, [1082, 1083, 1114, 1184, 1266]),
  json: {
    to: 114,
    from: [114, 3802],
    serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
    parse: (text: string): unknown => JSON.parse(text),
  },
  boolean: { to: 16, from: [16], serialize: asText, parse: (text: string) => text === 't' },
  // text, varchar, bpchar, uuid, bigint, numeric, date, timestamp, timestamptz
  texts: arrayType(1009, [1009, 1015, 1014, 2951, 1016, 1231, 1182, 1115, 1185], (text) => text),
  // smallint, integer, real, double
  numbers: arrayType(1007, [1005, 1007, 1021, 1022], Number),
  booleans: arrayType(1000, [1000], (text) => text === 't'),
}

/** FATAL by another name: the server ends the session with these. */
const ENDS_SESSION = /^(08|57P0|25P0[34]|53300)/
const NETWORK_ERROR = /^(CONNECTION_|CONNECT_TIMEOUT|E[A-Z]{3,}$)/

interface Pending {
  reject: (reason: Error) => void
  sentAtMs: number
}

/**
 * One session with Postgres. postgres.js would silently connect again when it is lost, and now and then forgets a
 * statement or crashes while doing so; here a lost session is final: its statements fail at once, and so does every later one.
 */
export class Connection {
  readonly openedAtMs = performance.now()
  readonly #client: postgres.Sql
  readonly #statementTimeoutMs: number
  readonly #onStatement: ConnectionSettings['onStatement']
  readonly #pending = new Set<Pending>()
  readonly #lossListeners = new Set<(loss: DatabaseUnavailable) => void>()
  readonly #seen = new Set<string>()
  #answerWithinMs: number | null
  #socket: Socket | null = null
  #loss: DatabaseUnavailable | null = null
  #retired = false

  private constructor(settings: ConnectionSettings) {
    this.#statementTimeoutMs = settings.statementTimeoutMs
    this.#onStatement = settings.onStatement
    this.#answerWithinMs = settings.statementTimeoutMs + SILENCE_MS
    const { url, path, user } = splitUrl(settings.url)
    const options = {
      max: 1,
      fetch_types: false,
      prepare: true,
      idle_timeout: 0,
      max_lifetime: null,
      connect_timeout: 0,
      types,
      ...(path === null ? {} : { path }),
      ...(user === null ? {} : { user }),
      connection: {
        application_name: settings.applicationName,
        TimeZone: 'UTC',
        statement_timeout: settings.statementTimeoutMs,
        idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs,
      },
      onnotice: (notice: postgres.Notice) => settings.onNotice(String(notice.message)),
      onclose: () => this.#lose('the connection was closed'),
      // Ours, so that it can be destroyed, and so that there is never a second one: no silent reconnection.
      socket: async (to: { host: string[]; port: number[]; path: string | false }) => {
        if (this.#socket !== null || this.#loss !== null) throw new Error('connections are not opened again')
        this.#socket = await openSocket(to)
        if (this.#loss !== null) this.#socket.destroy()
        return this.#socket
      },
    }
    this.#client = postgres(url, options)
  }

  /** @throws DatabaseUnavailable when there is no session within the timeout, and why. */
  static async open(settings: ConnectionSettings): Promise<Connection> {
    const connection = new Connection(settings)
    const timer = setTimeout(
      () => connection.#lose(`no answer within ${settings.connectTimeoutMs} ms`),
      settings.connectTimeoutMs,
    )
    try {
      await connection.script('select 1')
      return connection
    } catch (error) {
      connection.#lose('it could not be opened')
      const reason = causes(error).at(-1)?.message ?? String(error)
      throw new DatabaseUnavailable(`Postgres cannot be reached: ${reason}`, { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  /** False once it is lost or retired: it is then not given out again. */
  get usable(): boolean {
    return this.#loss === null && !this.#retired
  }

  get lost(): boolean {
    return this.#loss !== null
  }

  /** How many different statements this session has prepared. */
  get statementCount(): number {
    return this.#seen.size
  }

  /** Calls back when the session is lost, at once if it is already. Returns how to stop listening. */
  onLoss(listener: (loss: DatabaseUnavailable) => void): () => void {
    if (this.#loss !== null) listener(this.#loss)
    this.#lossListeners.add(listener)
    return () => this.#lossListeners.delete(listener)
  }

  /** One prepared statement, rows as objects. */
  query<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.#send<unknown>(() => this.#prepared(text, parameters)) as Promise<Row[]>
  }

  /** One prepared statement, rows as arrays of columns. */
  tuples(text: string, parameters: readonly unknown[]): Promise<unknown[][]> {
    return this.#send<unknown>(() => this.#prepared(text, parameters).values()) as Promise<unknown[][]>
  }

  /** One or more statements without parameters; answers the rows of the last, and its command tag. */
  async script<Row>(text: string): Promise<{ rows: Row[]; command: string; count: number }> {
    this.#onStatement?.(text, [])
    const result = await this.#send(() => this.#client.unsafe(text))
    const several = Array.isArray(result[0])
    const last = (several ? result.at(-1) : result) as unknown as Row[] & { command: string }
    return { rows: [...last], command: last.command, count: several ? result.length : 1 }
  }

  /** Keeps it from being given out again, as its session may have been left in another state than it was found. */
  retire(): void {
    this.#retired = true
  }

  /** For how long the statements of the transaction under way may run; null for as long as they need. */
  allow(statementTimeoutMs: number | null): void {
    this.#answerWithinMs = statementTimeoutMs === null ? null : statementTimeoutMs + SILENCE_MS
  }

  restoreTimeout(): void {
    this.allow(this.#statementTimeoutMs)
  }

  /** Gives up on a server that has been silent for too long. */
  checkSilence(nowMs: number): void {
    for (const pending of this.#pending) {
      if (this.#answerWithinMs === null || nowMs - pending.sentAtMs <= this.#answerWithinMs) continue
      this.#lose(`no answer within ${this.#answerWithinMs} ms`)
      return
    }
  }

  /** Ends the session, politely as long as Postgres answers within a second. */
  async end(): Promise<void> {
    if (this.#loss === null) await this.#client.end({ timeout: 1 })
    this.#lose('the connection was ended')
  }

  #prepared(text: string, parameters: readonly unknown[]) {
    this.#onStatement?.(text, parameters)
    this.#seen.add(text)
    const options = { prepare: true, simple: false }
    return this.#client.unsafe(text, parameters as postgres.ParameterOrJSON<never>[], options)
  }

  #send<T>(send: () => PromiseLike<T>): Promise<T> {
    if (this.#loss !== null) return Promise.reject(this.#loss)
    return new Promise<T>((resolve, reject) => {
      const pending: Pending = { reject, sentAtMs: performance.now() }
      this.#pending.add(pending)
      send().then(
        (value) => {
          this.#pending.delete(pending)
          resolve(value)
        },
        (error: unknown) => {
          this.#pending.delete(pending)
          reject(this.#explained(error))
        },
      )
    })
  }

  #explained(error: unknown): unknown {
    if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
    const fromPostgres = error instanceof postgres.PostgresError
    const endsSession = fromPostgres
      ? error.severity === 'FATAL' || ENDS_SESSION.test(error.code)
      : NETWORK_ERROR.test(error.code)
    return endsSession ? this.#lose(error.message, error) : error
  }

  #lose(reason: string, cause?: unknown): DatabaseUnavailable {
    if (this.#loss !== null) return this.#loss
    const loss = new DatabaseUnavailable(`The connection to Postgres was lost: ${reason}`, { cause })
    this.#loss = loss
    this.#socket?.destroy()
    for (const pending of this.#pending) pending.reject(loss)
    this.#pending.clear()
    for (const listener of this.#lossListeners) listener(loss)
    this.#lossListeners.clear()
    return loss
  }
}

/** postgres.js would send `host` as a setting of the session, so a socket directory is taken out of the URL. */
function splitUrl(text: string): { url: string; path: string | null; user: string | null } {
  const url = new URL(text)
  const given = url.searchParams.get('host') ?? decodeURIComponent(url.hostname)
  if (!given.startsWith('/')) return { url: text, path: null, user: null }
  const user = url.searchParams.get('user')
  const port = url.searchParams.get('port') ?? (url.port || '5432')
  for (const key of ['host', 'port', 'user']) url.searchParams.delete(key)
  return { url: url.href, path: `${given}/.s.PGSQL.${port}`, user }
}

/** The first of the hosts that accepts. */
async function openSocket(to: { host: string[]; port: number[]; path: string | false }): Promise<Socket> {
  let failure: unknown = new Error('the URL names no host')
  for (const [index, host] of to.host.entries()) {
    const port = to.port[index] ?? 5432
    const socket = to.path ? connectSocket(to.path) : connectSocket({ host, port, noDelay: true })
    try {
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
      socket.removeAllListeners('error')
      // secure() reads these for the server name of TLS.
      return Object.assign(socket, { host, port })
    } catch (error) {
      socket.destroy()
      failure = error
    }
  }
  throw failure
}
