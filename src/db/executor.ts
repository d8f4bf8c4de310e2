import { drizzle, type PgRemoteDatabase } from 'drizzle-orm/pg-proxy'
import type { Connection } from './connection.ts'
import type { Executor } from './database.ts'

/** Runs something on a connection: one of the pool's, or the one of a transaction. */
export type RunOn = <T>(run: (connection: Connection) => Promise<T>) => Promise<T>

/** Statements and drizzle over wherever `on` sends them. */
export function executorOver(run: RunOn): Executor {
  let orm: PgRemoteDatabase | null = null
  return {
    // Many transactions never build a query with drizzle; setting it up costs as much as a small statement.
    get orm() {
      orm ??= drizzle(
        async (text, parameters, method) => ({
          rows: await run<unknown[]>((connection) =>
            method === 'all' ? connection.tuples(text, parameters) : connection.query(text, parameters),
          ),
        }),
        { casing: 'snake_case' },
      )
      return orm
    },
    query: (text, parameters) => run((connection) => connection.query(text, parameters)),
    script: (text) => run((connection) => runScript(connection, text)),
  }
}

/** A script may leave settings or an open transaction behind, so several statements at once cost their connection. */
async function runScript<Row>(connection: Connection, text: string): Promise<Row[]> {
  try {
    const { rows, count } = await connection.script<Row>(text)
    if (count > 1) connection.retire()
    return rows
  } catch (error) {
    connection.retire()
    throw error
  }
}
