import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { decodeCursor } from '../core/cursor.ts'
import { invalidInput } from '../core/errors.ts'

/**
 * Pages by keyset: `(a, b) < (x, y)` on a matching index costs the same at page 1 and page 10,000, where OFFSET
 * reads and throws away everything before. All keys of an order run in one direction, and the last one is unique.
 */
export interface KeysetOrder {
  /** Part of every cursor, so that a cursor is refused under another order. */
  readonly name: string
  readonly direction: 'asc' | 'desc'
  readonly keys: readonly KeysetKey[]
}

export interface KeysetKey {
  readonly value: SQLWrapper
  readonly type: 'uuid' | 'timestamptz' | 'integer' | 'real' | 'text'
}

/** What a client asked for, checked: at most one of `after` and `before`, and how many rows. */
export interface PageRequest {
  readonly limit: number
  /** `backward` counts from the end of the list (`last`/`before`). */
  readonly toward: 'forward' | 'backward'
  readonly after: string | null
  readonly before: string | null
}

/** A row with its sort keys as the database printed them. */
export type Keyed<Row> = Row & { readonly [KEYS]: readonly string[] }

export const KEYS = Symbol('keyset keys')

export interface Page<Row> {
  readonly rows: readonly Keyed<Row>[]
  readonly order: KeysetOrder
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

const FORMS: Record<KeysetKey['type'], RegExp> = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  timestamptz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/,
  integer: /^-?\d{1,9}$/,
  real: /^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,2})?$/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is the one character that Postgres cannot store.
  text: /^[^\u0000]{0,500}$/,
}

/** Of the right form is not enough: Postgres refuses the 31st of February, and numbers that its `real` cannot hold. */
function isValue(type: KeysetKey['type'], key: string): boolean {
  if (!FORMS[type].test(key)) return false
  if (type === 'timestamptz') {
    const iso = key.slice(0, 19).replace(' ', 'T')
    const parsed = new Date(`${iso}Z`)
    return !iso.startsWith('0000') && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(iso)
  }
  if (type !== 'real') return true
  const single = Math.fround(Number(key))
  return Number.isFinite(single) && (single !== 0 || Number(key) === 0)
}

function bound(order: KeysetOrder, cursor: string, argument: string): SQL {
  const keys = decodeCursor(order.name, order.keys.length, cursor)
  const valid = keys?.every((key, position) => isValue(order.keys[position]?.type ?? 'text', key))
  if (keys === null || valid !== true) throw invalidInput([argument], 'This cursor does not belong to this list.')
  const values = keys.map((key, position) => sql`${key}::text::${sql.raw(order.keys[position]?.type ?? 'text')}`)
  return sql`(${sql.join(values, sql`, `)})`
}

/** `where` terms, `order by` and `limit` of one page; one row more than asked for tells whether there is another page. */
export function keysetClauses(order: KeysetOrder, page: PageRequest): { terms: SQL[]; orderBy: SQL; limit: SQL } {
  const keys = sql`(${sql.join(
    order.keys.map((key) => sql`${key.value}`),
    sql`, `,
  )})`
  const [beyond, short] = order.direction === 'asc' ? [sql.raw('>'), sql.raw('<')] : [sql.raw('<'), sql.raw('>')]
  const terms: SQL[] = []
  if (page.after !== null) terms.push(sql`${keys} ${beyond} ${bound(order, page.after, 'after')}`)
  if (page.before !== null) terms.push(sql`${keys} ${short} ${bound(order, page.before, 'before')}`)
  const ascending = (order.direction === 'asc') === (page.toward === 'forward')
  const direction = sql.raw(ascending ? 'asc' : 'desc')
  const orderBy = sql.join(
    order.keys.map((key) => sql`${key.value} ${direction}`),
    sql`, `,
  )
  // A limit that is a parameter makes Postgres plan the statement again at each execution.
  if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > 1000) throw new RangeError('page.limit')
  return { terms, orderBy, limit: sql.raw(String(page.limit + 1)) }
}

/** The sort keys as selectable columns `__k0`, `__k1`, … */
export const keyColumns = (order: KeysetOrder): SQL =>
  sql.join(
    order.keys.map((key, position) => sql`${key.value}::text as ${sql.identifier(`__k${position}`)}`),
    sql`, `,
  )

/** Cuts the extra row off and puts the rows in the order that the list is read in. */
export function toPage<Row extends object>(order: KeysetOrder, request: PageRequest, found: readonly Row[]): Page<Row> {
  const more = found.length > request.limit
  const rows = (more ? found.slice(0, request.limit) : [...found]) as Keyed<Row>[]
  if (request.toward === 'backward') rows.reverse()
  for (const row of rows) {
    const columns = row as Record<string, unknown>
    const keys = order.keys.map((_, position) => String(columns[`__k${position}`]))
    Object.defineProperty(row, KEYS, { value: keys })
  }
  const forward = request.toward === 'forward'
  return {
    rows,
    order,
    hasNextPage: forward ? more : request.before !== null,
    hasPreviousPage: forward ? request.after !== null : more,
  }
}
