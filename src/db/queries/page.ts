import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../database.ts'
import { type KeysetOrder, keyColumns, keysetClauses, type Page, type PageRequest, toPage } from '../keyset.ts'
import { type Entity, selectColumns } from '../relation.ts'
import { runStatement } from '../statement.ts'

/** A list that is the root of a connection: where its rows come from, and which of them. */
export interface ListSource<Row> {
  readonly of: Entity<Row>
  /** More tables to join, written out: `join tags on …`. */
  readonly joins?: SQL | undefined
  readonly where: readonly (SQL | undefined)[]
  /** Further columns, each with its alias. */
  readonly extra?: SQL | undefined
}

const conditions = (terms: readonly (SQL | undefined)[]): SQL => {
  const given = terms.filter((term) => term !== undefined)
  return given.length === 0 ? sql`` : sql` where ${sql.join(given, sql` and `)}`
}

/** One page of the list; its rows know their type. */
export async function findPage<Row extends object>(
  db: Executor,
  source: ListSource<Row>,
  order: KeysetOrder,
  request: PageRequest,
): Promise<Page<Row & { __typename: string }>> {
  const { terms, orderBy, limit } = keysetClauses(order, request)
  const columns = sql.join(
    [selectColumns(source.of), keyColumns(order), ...(source.extra === undefined ? [] : [source.extra])],
    sql`, `,
  )
  const rows = await runStatement<Row & { __typename: string }>(
    db,
    sql`select ${columns} from ${source.of.table}${source.joins ?? sql``}${conditions([...source.where, ...terms])} order by ${orderBy} limit ${limit}`,
  )
  for (const row of rows) row.__typename = source.of.typename
  return toPage(order, request, rows)
}

export async function countRows(db: Executor, source: ListSource<unknown>): Promise<number> {
  const [row] = await runStatement<{ count: number }>(
    db,
    sql`select count(*)::int as "count" from ${source.of.table}${source.joins ?? sql``}${conditions(source.where)}`,
  )
  return row?.count ?? 0
}
