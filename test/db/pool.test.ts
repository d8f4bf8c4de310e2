import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { pgArray } from '../../src/db/array.ts'
import { openDatabase } from '../../src/db/open.ts'
import { DatabaseUnavailable, isDatabaseUnavailable, sqlState } from '../../src/db/unavailable.ts'
import { createTestDatabase } from '../support/postgres.ts'

const mine = await createTestDatabase()
const { database } = mine
afterAll(mine.close)

const open = (applicationName: string, settings: { poolSize?: number; url?: string; acquireTimeoutMs?: number } = {}) =>
  openDatabase({
    databaseUrl: settings.url ?? mine.url,
    dataDirectory: '',
    poolSize: settings.poolSize ?? 4,
    log: createLog('silent'),
    applicationName,
    acquireTimeoutMs: settings.acquireTimeoutMs ?? 5_000,
  })

test('times, dates and whole numbers that JavaScript cannot hold come as the text that Postgres prints, in UTC', async () => {
  const [row] = await database.query(
    `select $1::timestamptz as at, '2026-02-03'::date as day, 9007199254740993::bigint as big, 1.10::numeric as price,
       '{"a": [1]}'::jsonb as json, array['2026-02-03']::date[] as days`,
    ['2026-02-03T04:05:06.123456+02:00'],
  )
  expect(row).toEqual({
    at: '2026-02-03 02:05:06.123456+00',
    day: '2026-02-03',
    big: '9007199254740993',
    price: '1.10',
    json: { a: [1] },
    days: ['2026-02-03'],
  })
})

test('an array goes there and back with every awkward character in it', async () => {
  const awkward = ['plain', '', 'NULL', 'a,b', 'say "hi"', 'back\\slash', '{brace}', ' space ', 'ümläut\n', "it's"]
  const [row] = await database.query<{ back: string[]; hits: string }>(
    'select $1::text[] as back, (select count(*) from unnest($1::text[]) as x where x = any($1)) as hits',
    [pgArray(awkward)],
  )
  expect(row).toEqual({ back: awkward, hits: String(awkward.length) })
})

test('JSON is passed as text or as an object, and truth as a boolean or as its name', async () => {
  const rows = await database.query(
    'select $1::jsonb as text, $2::jsonb as object, $3::boolean as yes, $4::boolean as no',
    ['{"a":1}', { a: 1 }, 'true', false],
  )
  expect(rows).toEqual([{ text: { a: 1 }, object: { a: 1 }, yes: true, no: false }])
})

test('a statement that is sent again is prepared only once', async () => {
  await database.transaction(async (tx) => {
    for (const value of [1, 2, 3]) await tx.query('select $1::int + 41 as answer', [value])
    const rows = await tx.query(
      "select generic_plans + custom_plans as runs from pg_prepared_statements where statement like '%41 as answer'",
    )
    expect(rows).toEqual([{ runs: '3' }])
  })
})

test('several statements can be sent as one script, and what it changes in its session reaches nobody else', async () => {
  expect(await database.script("set search_path to nowhere; select 1 as one; select 'last' as word")).toEqual([
    { word: 'last' },
  ])
  await expect(database.script('begin; select 1/0; commit')).rejects.toThrow('division by zero')
  for (let turn = 0; turn < 20; turn += 1) {
    expect(await database.query("select current_setting('search_path') as path")).toEqual([{ path: '"$user", public' }])
  }
})

test('a mistake in a statement keeps its SQLSTATE and costs no connection', async () => {
  const before = await database.query("select count(*) from pg_stat_activity where application_name = 'atrium'")
  const failure = await database.query('select nothing').catch((error: unknown) => error)
  expect(sqlState(failure)).toBe('42703')
  expect(isDatabaseUnavailable(failure)).toBe(false)
  expect(await database.query("select count(*) from pg_stat_activity where application_name = 'atrium'")).toEqual(
    before,
  )
})

test('under a storm of killed connections every statement is answered or fails as an outage, and then all is well', async () => {
  const stormy = await open('stormy', { poolSize: 8 })
  const killer = await open('killer', { poolSize: 1 })
  await database.script('create table storm (id int)')
  let storming = true
  let committed = 0
  let answered = 0
  const failures: unknown[] = []
  const worker = async (number: number): Promise<void> => {
    while (storming) {
      try {
        if (number % 2 === 0) await stormy.query('select pg_sleep(0.001), $1::int', [number])
        else {
          await stormy.transaction(async (tx) => {
            await tx.query('insert into storm values ($1)', [number])
            await tx.query('select pg_sleep(0.002)')
          })
          committed += 1
        }
        answered += 1
      } catch (error) {
        failures.push(error)
      }
    }
  }
  const workers = Array.from({ length: 16 }, (_, number) => worker(number))
  let answeredInStorm = 0
  try {
    const untilMs = performance.now() + 2_000
    for (let killed = 0; performance.now() < untilMs || killed < 200; await pause(10)) {
      const rows = await killer.query<{ killed: number }>(
        `select count(pg_terminate_backend(pid))::int as killed from
           (select pid from pg_stat_activity where application_name = 'stormy' order by random() limit 3) as victims`,
      )
      killed += rows[0]?.killed ?? 0
    }
    answeredInStorm = answered
    await pause(500)
  } finally {
    storming = false
    await Promise.all(workers)
  }

  expect(failures.filter((failure) => !(failure instanceof DatabaseUnavailable))).toEqual([])
  expect(failures.length).toBeGreaterThan(20)
  expect(answered - answeredInStorm).toBeGreaterThan(50)
  // A COMMIT whose answer was lost may have happened, so there can be more rows than answers, but no fewer.
  const [stored] = await database.query<{ rows: number }>('select count(*)::int as rows from storm')
  expect(stored?.rows).toBeGreaterThanOrEqual(committed)
  expect(stored?.rows).toBeLessThanOrEqual(committed + failures.length)
  expect(stormy.poolState().waiting).toBe(0)
  await stormy.close()
  await killer.close()
})

test('when no connection becomes free, the caller is told so in time and not for ever kept waiting', async () => {
  const small = await open('small', { poolSize: 1, acquireTimeoutMs: 200 })
  const slow = small.query('select pg_sleep(1)')
  await expect(small.query('select 1')).rejects.toThrow(
    'No database connection became free within 200 ms; all 1 are at work',
  )
  expect(small.poolState()).toEqual({ open: 1, idle: 0, waiting: 0 })
  await slow
  expect(await small.query('select 1 as one')).toEqual([{ one: 1 }])
  await small.close()
})

test('a database that is not there is an outage with its reason, and the address in it holds no password', async () => {
  const failure = await open('nobody', {
    url: 'postgres://someone:secret@127.0.0.1:9/nothing',
    acquireTimeoutMs: 300,
  }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(DatabaseUnavailable)
  expect(String(failure)).toContain('ECONNREFUSED')
  expect(String(failure)).not.toContain('secret')
})

test('after close every statement fails at once', async () => {
  const closed = await open('closed')
  await closed.close()
  await expect(closed.query('select 1')).rejects.toThrow('The database has been closed')
})
