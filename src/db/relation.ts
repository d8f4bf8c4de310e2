import { getTableColumns, type InferSelectModel, is, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { PgColumn, type PgTable } from 'drizzle-orm/pg-core'
import { type KeysetOrder, keyColumns, keysetClauses, type PageRequest } from './keyset.ts'
import { type Statement, statement } from './statement.ts'

/**
 * Relations are declared once, as data: `belongsTo`, `hasMany`, `manyToMany`, `count`. The loaders compile each into
 * one statement for a whole batch of parents; an engine that folds a selection into a single statement could read
 * the same declarations.
 */

/** A table as the graph reads it: which columns make up a row, and the name of its type. */
export interface Entity<Row> {
  readonly typename: string
  readonly table: PgTable
  /** Columns of the table, or what is computed from them. */
  readonly columns: Readonly<Record<string, SQLWrapper>>
  /** Carries the type only. */
  readonly row?: Row
}

/** A row in the graph knows its type, so that interfaces such as `Node` resolve without asking. */
export type RowOf<T extends PgTable, Omitted extends keyof InferSelectModel<T> = never> = Omit<
  InferSelectModel<T>,
  Omitted
>

/** `omit` names columns that are too heavy or too private to travel with every row. */
export function entity<T extends PgTable, const Omitted extends keyof InferSelectModel<T> & string = never>(
  typename: string,
  table: T,
  omit: readonly Omitted[] = [],
): Entity<RowOf<T, Omitted>> {
  const columns: Record<string, PgColumn> = {}
  for (const [name, column] of Object.entries(getTableColumns(table))) {
    if (!(omit as readonly string[]).includes(name) && is(column, PgColumn)) columns[name] = column
  }
  return { typename, table, columns }
}

/** The row of `to` whose `key` column equals the parent's foreign key. */
export interface BelongsTo<Row> {
  readonly kind: 'belongsTo'
  readonly to: Entity<Row>
  readonly key: PgColumn
}

/** The rows of `of` whose `by` column equals the parent's key, in an order, `limit` of them or page by page. */
export interface HasMany<Row> {
  readonly kind: 'hasMany'
  readonly of: Entity<Row>
  readonly by: PgColumn
  readonly where: SQL | undefined
  readonly order: KeysetOrder
  readonly limit: number
}

/** The rows of `to` that a join table links with the parent. */
export interface ManyToMany<Row> {
  readonly kind: 'manyToMany'
  readonly to: Entity<Row>
  readonly key: PgColumn
  readonly through: PgTable
  readonly from: PgColumn
  readonly toKey: PgColumn
  readonly where: SQL | undefined
  readonly order: KeysetOrder
  readonly limit: number
}

/** How many rows have the parent's key in `by`. */
export interface Count {
  readonly kind: 'count'
  readonly of: PgTable
  readonly by: PgColumn
  readonly where: SQL | undefined
}

export const belongsTo = <Row>(to: Entity<Row>, key: PgColumn): BelongsTo<Row> => ({ kind: 'belongsTo', to, key })

export const hasMany = <Row>(
  of: Entity<Row>,
  options: { by: PgColumn; where?: SQL; order: KeysetOrder; limit?: number },
): HasMany<Row> => ({
  kind: 'hasMany',
  of,
  by: options.by,
  where: options.where,
  order: options.order,
  limit: options.limit ?? 100,
})

export const manyToMany = <Row>(
  to: Entity<Row>,
  options: {
    key: PgColumn
    through: PgTable
    from: PgColumn
    toKey: PgColumn
    where?: SQL
    order: KeysetOrder
    limit?: number
  },
): ManyToMany<Row> => ({ kind: 'manyToMany', to, where: undefined, limit: 100, ...options })

export const count = (of: PgTable, options: { by: PgColumn; where?: SQL }): Count => ({
  kind: 'count',
  of,
  by: options.by,
  where: options.where,
})

/** `table.column as "name"` for each column of the entity. */
export const selectColumns = (of: Entity<unknown>): SQL =>
  sql.join(
    Object.entries(of.columns).map(([name, column]) => sql`${column} as ${sql.identifier(name)}`),
    sql`, `,
  )

const and = (terms: readonly (SQL | undefined)[]): SQL =>
  sql.join(
    terms.filter((term) => term !== undefined),
    sql` and `,
  )

/** The batch of parent keys, an array literal of the key's type. */
export const keysOf = (column: PgColumn): SQL =>
  sql`${sql.placeholder('keys')}::text::${sql.raw(column.getSQLType())}[]`

/** Each row carries the parent key that it answers as `__key`. */
export type Batched<Row> = Row & { readonly __key: string }

export function batchStatement<Row>(relation: BelongsTo<Row>): Statement<Batched<Row>> {
  return statement(
    sql`select ${relation.key} as "__key", ${selectColumns(relation.to)} from ${relation.to.table} where ${relation.key} = any(${keysOf(relation.key)})`,
  )
}

export function batchCountStatement(relation: Count): Statement<{ __key: string; count: number }> {
  const where = and([sql`${relation.by} = any(${keysOf(relation.by)})`, relation.where])
  return statement(
    sql`select ${relation.by} as "__key", count(*)::int as "count" from ${relation.of} where ${where} group by 1`,
  )
}

/** One page for each parent of the batch: a lateral join, so that each parent reads only its own first rows. */
export function batchPageStatement<Row>(
  relation: HasMany<Row> | ManyToMany<Row>,
  page: PageRequest,
): Statement<Batched<Row>> {
  const { terms, orderBy, limit } = keysetClauses(relation.order, page)
  const rows = relation.kind === 'hasMany' ? relation.of : relation.to
  const from =
    relation.kind === 'hasMany'
      ? sql`${rows.table}`
      : sql`${relation.through} join ${rows.table} on ${relation.key} = ${relation.toKey}`
  const parent = relation.kind === 'hasMany' ? relation.by : relation.from
  const where = and([sql`${parent} = parent.key`, relation.where, ...terms])
  return statement(
    sql`select parent.key as "__key", child.* from unnest(${keysOf(parent)}) with ordinality as parent(key, position) cross join lateral (select ${selectColumns(rows)}, ${keyColumns(relation.order)}, row_number() over (order by ${orderBy}) as "__position" from ${from} where ${where} order by ${orderBy} limit ${limit}) child order by parent.position, child."__position"`,
  )
}
