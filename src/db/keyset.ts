import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { isDay } from '../core/calendar.ts'
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

interface KeysetKey {
  readonly value: SQLWrapper
  readonly type: 'uuid' | 'timestamptz' | 'date' | 'integer' | 'bigint' | 'real' | 'text'
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

const matches = (form: RegExp) => (key: string) => form.test(key)

const INSTANT = /^(?!0000)(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,6})?\+00$/

/** A `Date` rolls 31 February over into March, which Postgres refuses: what comes back as another day is none. */
function isInstant(key: string): boolean {
  const [, day, time] = INSTANT.exec(key) ?? []
  const iso = `${day}T${time}.000Z`
  const date = new Date(iso)
  return !Number.isNaN(date.getTime()) && date.toISOString() === iso
}

/** Postgres refuses what single precision rounds to infinity, or to zero though it is none. */
function isReal(key: string): boolean {
  if (!/^-?\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,2})?$/.test(key)) return false
  const single = Math.fround(Number(key))
  return Number.isFinite(single) && (single !== 0 || Number(key) === 0)
}

/** Whether Postgres can have printed this key, or at least will read it: a cursor may be forged. */
const IS_KEY: Readonly<Record<KeysetKey['type'], (key: string) => boolean>> = {
  uuid: matches(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  timestamptz: isInstant,
  date: isDay,
  integer: matches(/^-?\d{1,9}$/),
  bigint: matches(/^-?\d{1,18}$/),
  real: isReal,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is the one character that Postgres cannot store.
  text: matches(/^[^\u0000]{0,500}$/),
}

function bound(order: KeysetOrder, cursor: string, argument: string): SQL {
  const keys = decodeCursor(order.name, order.keys.length, cursor)
  const valid = keys?.every((key, position) => IS_KEY[order.keys[position]?.type ?? 'text'](key))
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
