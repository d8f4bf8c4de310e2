import { sql } from 'drizzle-orm'
import { integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import { KEYS, type KeysetOrder, type PageRequest } from '../../src/db/keyset.ts'
import { belongsTo, count, entity, hasMany, manyToMany } from '../../src/db/relation.ts'
import { BatchLoaders } from '../../src/loaders/batch.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'

/** A small library of its own, so that the engine is proven and not the blog. */
const shelves = pgTable('shelves', { id: uuid().primaryKey(), code: text().notNull(), secret: text().notNull() })
const books = pgTable('books', {
  id: uuid().primaryKey(),
  shelfId: uuid(),
  title: text().notNull(),
  year: integer().notNull(),
  lentAt: timestamp({ withTimezone: true, mode: 'string' }),
})
const topics = pgTable('topics', { id: uuid().primaryKey(), name: text().notNull() })
const bookTopics = pgTable('book_topics', { bookId: uuid().notNull(), topicId: uuid().notNull() })

const uuidOf = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
const SHELVES = [1, 2, 3].map(uuidOf) as [string, string, string]

const shelfEntity = entity('Shelf', shelves, ['secret'])
const bookEntity = entity('Book', books)
const topicEntity = entity('Topic', topics)

const byYear = (name: string, direction: 'asc' | 'desc'): KeysetOrder => ({
  name,
  direction,
  keys: [
    { value: books.year, type: 'integer' },
    { value: books.id, type: 'uuid' },
  ],
})

const shelfById = belongsTo(shelfEntity, shelves.id)
const shelfByCode = belongsTo(shelfEntity, shelves.code)
const OLDEST = byYear('OLDEST', 'asc')
const shelfBooks = hasMany(bookEntity, { by: books.shelfId, order: OLDEST })
const newestTwo = hasMany(bookEntity, { by: books.shelfId, order: byYear('NEWEST', 'desc'), limit: 2 })
const lentBooks = hasMany(bookEntity, { by: books.shelfId, where: sql`${books.lentAt} is not null`, order: OLDEST })
const topicOrder: KeysetOrder = { name: 'NAME', direction: 'asc', keys: [{ value: topics.name, type: 'text' }] }
const bookTopicList = manyToMany(topicEntity, {
  key: topics.id,
  through: bookTopics,
  from: bookTopics.bookId,
  toKey: bookTopics.topicId,
  order: topicOrder,
})
const topicBooks = manyToMany(bookEntity, {
  key: books.id,
  through: bookTopics,
  from: bookTopics.topicId,
  toKey: bookTopics.bookId,
  where: sql`${books.year} > 1900`,
  order: OLDEST,
  limit: 3,
})
const shelfBookCount = count(books, { by: books.shelfId })
const lentCount = count(books, { by: books.shelfId, where: sql`${books.lentAt} is not null` })

let opened: TestDatabase
let statements: string[] = []
let rowsRead = 0

/** The loaders of a new request, which also tell what they send. */
function request(): BatchLoaders {
  statements = []
  rowsRead = 0
  return new BatchLoaders({
    ...opened.database,
    query: async <Row>(text: string, parameters?: readonly unknown[]) => {
      statements.push(text)
      const rows = await opened.database.query<Row>(text, parameters)
      rowsRead += rows.length
      return rows
    },
  })
}

beforeAll(async () => {
  opened = await createTestDatabase({ poolSize: 2 })
  // Shelf 1 has 10 books (years 1900 to 1904, two of each), shelf 2 has 3, shelf 3 none.
  await opened.database.script(`
    create table shelves (id uuid primary key, code text not null, secret text not null);
    create table books (id uuid primary key, shelf_id uuid, title text not null, year integer not null, lent_at timestamptz);
    create table topics (id uuid primary key, name text not null);
    create table book_topics (book_id uuid not null, topic_id uuid not null);
    insert into shelves select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'S' || n, 'hidden' from generate_series(1, 3) n;
    insert into books select ('00000000-0000-7000-8000-' || lpad((100 + n)::text, 12, '0'))::uuid, '${SHELVES[0]}', 'One-' || n, 1900 + n / 2,
      case when n % 5 = 0 then now() end from generate_series(0, 9) n;
    insert into books select ('00000000-0000-7000-8000-' || lpad((200 + n)::text, 12, '0'))::uuid, '${SHELVES[1]}', 'Two-' || n, 2000 + n, null from generate_series(0, 2) n;
    insert into topics select ('00000000-0000-7000-8000-' || lpad((300 + n)::text, 12, '0'))::uuid, chr(97 + n) from generate_series(0, 3) n;
    insert into book_topics select books.id, topics.id from books, topics where topics.name in ('a', 'b');
    insert into book_topics values ('${uuidOf(100)}', '${uuidOf(302)}');
  `)
})
afterAll(() => opened.close())

const first = (limit: number, after: string | null = null): PageRequest => ({
  limit,
  toward: 'forward',
  after,
  before: null,
})
const titles = (rows: readonly { title: string }[]): string[] => rows.map(({ title }) => title)

describe('belongsTo', () => {
  test('answers a whole batch in one statement, in the order asked, null for what is gone or was never there', async () => {
    const loaders = request()
    const [gone, ...asked] = [uuidOf(9), SHELVES[1], SHELVES[0], SHELVES[1]]
    const rows = await Promise.all([gone ?? '', ...asked].map((id) => loaders.one(shelfById, id)))
    expect(rows.map((row) => row?.code ?? null)).toEqual([null, 'S2', 'S1', 'S2'])
    expect(await loaders.one(shelfById, null)).toBeNull()
    expect(statements).toHaveLength(1)
  })

  test('leaves omitted columns in the database, and its rows know their type', async () => {
    const row = await request().one(shelfByCode, 'S3')
    expect(row).toMatchObject({ id: SHELVES[2], code: 'S3', __typename: 'Shelf' })
    expect(row).not.toHaveProperty('secret')
    expect(statements.join()).not.toContain('secret')
  })

  test('finds keys with quotes, commas and backslashes', async () => {
    await opened.database.query(`insert into shelves values ($1, $2, '')`, [uuidOf(4), 'a"b,{c}\\d'])
    expect(await request().one(shelfByCode, 'a"b,{c}\\d')).toMatchObject({ id: uuidOf(4) })
    expect(await request().one(shelfByCode, 'NULL')).toBeNull()
  })
})

describe('hasMany', () => {
  test('gives each parent its own rows in order, and none to a parent without', async () => {
    const loaders = request()
    const lists = await Promise.all(SHELVES.map((id) => loaders.many(shelfBooks, id)))
    expect(lists.map((rows) => rows.length)).toEqual([10, 3, 0])
    expect(titles(lists[0] ?? []).slice(0, 3)).toEqual(['One-0', 'One-1', 'One-2'])
    expect(statements).toHaveLength(1)
  })

  test('holds its limit for each parent, not for the batch', async () => {
    const loaders = request()
    const lists = await Promise.all(SHELVES.map((id) => loaders.many(newestTwo, id)))
    expect(lists.map(titles)).toEqual([['One-9', 'One-8'], ['Two-2', 'Two-1'], []])
    expect(statements).toHaveLength(1)
    // One more than asked for tells whether there is another page; the rest stays in the database.
    expect(rowsRead).toBe(6)
  })

  test('keeps to its condition', async () => {
    expect(titles(await request().many(lentBooks, SHELVES[0]))).toEqual(['One-0', 'One-5'])
  })

  test('goes on behind a cursor in each parent by itself', async () => {
    const loaders = request()
    const after = encodeCursor('OLDEST', ['1902', uuidOf(104)])
    const pages = await Promise.all(SHELVES.map((id) => loaders.page(shelfBooks, id, first(3, after))))
    expect(pages.map(({ rows }) => titles(rows))).toEqual([
      ['One-5', 'One-6', 'One-7'],
      ['Two-0', 'Two-1', 'Two-2'],
      [],
    ])
    expect(pages.map(({ hasNextPage }) => hasNextPage)).toEqual([true, false, false])
    expect(statements).toHaveLength(1)
  })

  test('counts from the end as well, and hands the rows out in the order of the list', async () => {
    const page = await request().page(shelfBooks, SHELVES[0], {
      limit: 3,
      toward: 'backward',
      after: null,
      before: null,
    })
    expect(titles(page.rows)).toEqual(['One-7', 'One-8', 'One-9'])
    expect(page).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    expect(page.rows[0]?.[KEYS]).toEqual(['1903', uuidOf(107)])
  })

  test('sends a statement for each set of page arguments, not for each parent', async () => {
    const loaders = request()
    await Promise.all(
      SHELVES.flatMap((id) => [loaders.page(shelfBooks, id, first(1)), loaders.page(shelfBooks, id, first(2))]),
    )
    expect(statements).toHaveLength(2)
  })
})

describe('manyToMany', () => {
  test('follows the join table both ways, in the order of the far side', async () => {
    const loaders = request()
    const names = async (book: number) => (await loaders.many(bookTopicList, uuidOf(book))).map(({ name }) => name)
    expect(await Promise.all([names(100), names(101), names(999)])).toEqual([['a', 'b', 'c'], ['a', 'b'], []])
    expect(statements).toHaveLength(1)
  })

  test('holds condition and limit for each parent, and pages through the rest', async () => {
    const loaders = request()
    const [a, b] = await Promise.all([uuidOf(300), uuidOf(301)].map((id) => loaders.many(topicBooks, id)))
    expect(titles(a ?? [])).toEqual(['One-2', 'One-3', 'One-4'])
    expect(b).toHaveLength(3)
    const last = a?.at(-1) as { [KEYS]: readonly string[] } | undefined
    const next = await loaders.page(topicBooks, uuidOf(300), first(2, encodeCursor('OLDEST', last?.[KEYS] ?? [])))
    expect(titles(next.rows)).toEqual(['One-5', 'One-6'])
  })
})

describe('count', () => {
  test('counts for each parent, zero where there is nothing', async () => {
    const loaders = request()
    const of = (relation: typeof shelfBookCount) => Promise.all(SHELVES.map((id) => loaders.count(relation, id)))
    expect(await of(shelfBookCount)).toEqual([10, 3, 0])
    expect(await of(lentCount)).toEqual([2, 0, 0])
    expect(statements).toHaveLength(2)
  })
})

describe('a set of loaders', () => {
  test('reads each row once in its life, until it is cleared', async () => {
    const loaders = request()
    const topic = uuidOf(303)
    const topicById = belongsTo(topicEntity, topics.id)
    expect(await loaders.one(topicById, topic)).toMatchObject({ name: 'd' })
    await opened.database.query(`update topics set name = 'changed' where id = $1`, [topic])
    expect(await loaders.one(topicById, topic)).toMatchObject({ name: 'd' })
    expect(statements).toHaveLength(1)
    loaders.clear()
    expect(await loaders.one(topicById, topic)).toMatchObject({ name: 'changed' })
    expect(await request().one(topicById, topic)).toMatchObject({ name: 'changed' })
  })

  test('sends a thousand keys at a time', async () => {
    const loaders = request()
    await Promise.all(Array.from({ length: 2_500 }, (_, number) => loaders.one(shelfById, uuidOf(1_000 + number))))
    expect(statements).toHaveLength(3)
    expect(new Set(statements).size).toBe(1)
  })
})
