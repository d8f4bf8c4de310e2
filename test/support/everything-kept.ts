import type { Executor } from '../../src/db/database.ts'

export interface Kept {
  /** Every column that was looked through, as `table.column`. */
  readonly columns: readonly string[]
  readonly text: string
  /** Whether the words are kept anywhere: as they are, or in base64 or hex. */
  finds(words: string): boolean
}

/**
 * A dump of every column of the database that can hold words, whatever its table: of the queue, of jobs, of everything
 * that is added some day. Text searches and bytes are part of it.
 */
export async function everythingKept(db: Executor): Promise<Kept> {
  const columns = await db.query<{ schema: string; table: string; column: string }>(
    `select c.table_schema as "schema", c.table_name as "table", c.column_name as "column"
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema not in ('pg_catalog', 'information_schema') and t.table_type = 'BASE TABLE'
       and (c.data_type in ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'xml', 'ARRAY', 'tsvector') or c.data_type = 'USER-DEFINED')
     order by 1, 2, 3`,
  )
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
  const parts: string[] = []
  for (const { schema, table, column } of columns) {
    const rows = await db.query<{ value: string | null }>(
      `select ${quoted(column)}::text as "value" from ${quoted(schema)}.${quoted(table)}`,
    )
    parts.push(...rows.flatMap(({ value }) => value ?? []))
  }
  // Base64 within base64 is how a careless client would send words: each text is looked at as what it may stand for, too.
  const decoded = parts
    .filter((part) => /^[A-Za-z0-9+/_=-]{16,}$/.test(part))
    .map((part) => Buffer.from(part, 'base64').toString('utf8'))
  const text = [...parts, ...decoded].join('\n')
  return {
    columns: columns.map(({ table, column }) => `${table}.${column}`),
    text,
    finds: (words) => text.includes(words) || text.includes(Buffer.from(words).toString('hex')),
  }
}
