import { fillPlaceholders, type SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { Executor } from './database.ts'

const dialect = new PgDialect({ casing: 'snake_case' })

/** A statement whose text is built once; each run only fills in its placeholders. */
export interface Statement<Row> {
  readonly text: string
  run(executor: Executor, placeholders?: Record<string, unknown>): Promise<Row[]>
}

export function statement<Row>(built: SQL): Statement<Row> {
  const { sql: text, params } = dialect.sqlToQuery(built)
  return {
    text,
    run: (executor, placeholders = {}) => executor.query<Row>(text, fillPlaceholders(params, placeholders)),
  }
}

/** Builds and runs a statement whose shape depends on the arguments. The text repeats, so it is prepared all the same. */
export const runStatement = <Row>(executor: Executor, built: SQL): Promise<Row[]> => statement<Row>(built).run(executor)
