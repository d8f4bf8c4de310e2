import { eq, sql } from 'drizzle-orm'
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import type { Transaction } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'
import { DatabaseUnavailable } from '../../src/db/unavailable.ts'
import { violatedConstraint } from '../../src/db/violations.ts'
import { createTestDatabase } from '../support/postgres.ts'

const berths = pgTable('berths', {
  id: integer().primaryKey(),
  holder: text(),
  heldAt: timestamp('held_at', { withTimezone: true, mode: 'string' }),
  tags: text().array(),
})

const mine = await createTestDatabase({ log: createLog('silent') })
const { database } = mine
afterAll(mine.close)
await database.script(`
  create table berths (id int constraint berths_pkey primary key, holder text, held_at timestamptz, tags text[],
    constraint berths_holder_check check (holder <> ''));
  create table berth_tickets (seat int constraint tickets_seat_fkey references berths deferrable initially deferred,
    price int, constraint tickets_price_excl exclude (price with =))`)
beforeEach(() => database.script('truncate berths cascade'))

const ids = async (): Promise<number[]> =>
  (await database.query<{ id: number }>('select id from berths order by id')).map((row) => row.id)

/** Ends its session as an administrator would, seen from inside. */
const killOwnSession = async (tx: Transaction): Promise<void> => {
  await tx.query('select pg_terminate_backend(pg_backend_pid())')
}

test('what drizzle and plain statements write in a transaction is there after it, and its times are text', async () => {
  const held = await database.transaction(async (tx) => {
    await tx.query('insert into berths (id) values (1)')
    const [row] = await tx.orm
      .insert(berths)
      .values({ id: 2, holder: 'ada', heldAt: '2026-01-02T03:04:05.678901Z', tags: ['a\\b', 'c"d'] })
      .returning()
    return row
  })
  expect(held).toEqual({ id: 2, holder: 'ada', heldAt: '2026-01-02 03:04:05.678901+00', tags: ['a\\b', 'c"d'] })
  expect(await database.orm.select().from(berths).where(eq(berths.id, 2))).toEqual([held])
  expect(await ids()).toEqual([1, 2])
})

test('a transaction that throws leaves nothing behind and none of its effects run', async () => {
  const effects: string[] = []
  const failing = database.transaction(async (tx) => {
    tx.afterCommit(() => void effects.push('ran'))
    await tx.orm.insert(berths).values({ id: 1 })
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await ids()).toEqual([])
  expect(effects).toEqual([])
})

test('effects run after the commit, in their order, and one that fails stops neither the others nor the caller', async () => {
  const effects: string[] = []
  const value = await database.transaction(async (tx) => {
    await tx.query('insert into berths (id) values (1)')
    tx.afterCommit(async () => {
      // Through the pool: what is seen here is what everybody sees.
      effects.push(`first sees ${await ids()}`)
    })
    tx.afterCommit(() => {
      throw new Error('the mail server is on fire')
    })
    tx.afterCommit(() => void effects.push('third'))
    expect(effects).toEqual([])
    return 'value'
  })
  expect(value).toBe('value')
  expect(effects).toEqual(['first sees 1', 'third'])
})

test('a failed statement whose error was swallowed cannot look like a commit', async () => {
  const effects: string[] = []
  const swallowing = database.transaction(async (tx) => {
    tx.afterCommit(() => void effects.push('ran'))
    await tx.query('insert into berths (id) values (1)')
    await tx.query('insert into berths (id) values (1)').catch(() => {})
  })
  await expect(swallowing).rejects.toThrow('nothing was committed')
  expect(await ids()).toEqual([])
  expect(effects).toEqual([])
})

test('a transaction that is over takes no more statements, so that none of them runs outside of it', async () => {
  let leaked: Transaction | undefined
  await database.transaction(async (tx) => {
    leaked = tx
  })
  await expect(leaked?.query('insert into berths (id) values (1)')).rejects.toThrow('a transaction that is over')
  expect(await ids()).toEqual([])
})

test('two transactions that deadlock both succeed, and effects of the failed try do not run', async () => {
  await database.query('insert into berths (id) values (1), (2)')
  let tries = 0
  const effects: string[] = []
  const inOrder = (first: number, second: number) =>
    database.transaction(async (tx) => {
      tries += 1
      tx.afterCommit(() => void effects.push(`${first} before ${second}`))
      await tx.query('update berths set holder = $2 where id = $1', [first, String(first)])
      await tx.query('select pg_sleep(0.1)')
      await tx.query('update berths set holder = $2 where id = $1', [second, String(first)])
    })
  await Promise.all([inOrder(1, 2), inOrder(2, 1)])
  expect(tries).toBeGreaterThan(2)
  expect(effects.toSorted()).toEqual(['1 before 2', '2 before 1'])
})

test('a connection lost in a transaction is an outage at once, also while the work waits for something else', async () => {
  const effects: string[] = []
  const lost = database.transaction(async (tx) => {
    tx.afterCommit(() => void effects.push('ran'))
    await tx.query('insert into berths (id) values (1)')
    await killOwnSession(tx).catch(() => {})
    await new Promise(() => {})
  })
  await expect(lost).rejects.toBeInstanceOf(DatabaseUnavailable)
  expect(await ids()).toEqual([])
  expect(effects).toEqual([])
})

test('a connection lost during COMMIT surfaces, as nobody knows whether it was committed', async () => {
  const effects: string[] = []
  await database.script(`
    create or replace function die() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
    create constraint trigger die_at_commit after insert on berths deferrable initially deferred
      for each row execute function die()`)
  try {
    const lost = database.transaction(async (tx) => {
      tx.afterCommit(() => void effects.push('ran'))
      await tx.query('insert into berths (id) values (1)')
    })
    await expect(lost).rejects.toBeInstanceOf(DatabaseUnavailable)
  } finally {
    await database.script('drop trigger die_at_commit on berths')
  }
  expect(effects).toEqual([])
})

test('the constraint that refused a write is known by its name, through drizzle and at COMMIT as well', async () => {
  const nameOf = async (failing: Promise<unknown>): Promise<string | null> =>
    violatedConstraint(await failing.catch((error: unknown) => error))
  await database.query("insert into berths (id, holder) values (1, 'ada')")
  await database.query('insert into berth_tickets values (1, 5)')
  expect(await nameOf(database.orm.insert(berths).values({ id: 1 }))).toBe('berths_pkey')
  expect(await nameOf(database.query("insert into berths values (2, '')"))).toBe('berths_holder_check')
  expect(await nameOf(database.query('insert into berth_tickets values (1, 5)'))).toBe('tickets_price_excl')
  expect(await nameOf(database.transaction((tx) => tx.query('insert into berth_tickets values (9, 9)')))).toBe(
    'tickets_seat_fkey',
  )
  expect(await nameOf(database.query('select nothing'))).toBeNull()
  expect(violatedConstraint(new Error('another'))).toBeNull()
})

test('twenty transactions at once count to twenty, with fewer connections than that', async () => {
  await database.query('insert into berths (id, holder) values (1, 0)')
  await Promise.all(
    Array.from({ length: 20 }, () =>
      database.transaction(async (tx) => {
        const [seat] = await tx.orm.select().from(berths).where(eq(berths.id, 1)).for('update')
        await tx.orm
          .update(berths)
          .set({ holder: String(Number(seat?.holder) + 1) })
          .where(eq(berths.id, 1))
      }),
    ),
  )
  expect(await database.query('select holder from berths')).toEqual([{ holder: '20' }])
  expect(database.poolState().open).toBeLessThanOrEqual(10)
})

test('a statement may take no longer than the limit, unless its transaction lifts it', async () => {
  const hasty = await openDatabase({
    databaseUrl: mine.url,
    dataDirectory: '',
    poolSize: 1,
    log: createLog('silent'),
    statementTimeoutMs: 100,
  })
  await expect(hasty.query('select pg_sleep(1)')).rejects.toThrow('statement timeout')
  const slow = (tx: Transaction) =>
    tx.orm.execute(sql`select pg_sleep(0.3), current_setting('statement_timeout') as limit`)
  expect(await hasty.transaction(slow, { statementTimeoutMs: null })).toMatchObject([{ limit: '0' }])
  await expect(hasty.transaction(slow)).rejects.toThrow('Failed query')
  await hasty.close()
})
