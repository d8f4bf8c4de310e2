import { randomUUID } from 'node:crypto'
import PgBoss from 'pg-boss'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { openDatabase } from '../../src/db/open.ts'
import { backgroundDatabase, CRON_QUEUE } from '../../src/gateways/queue/boss-database.ts'
import { createQueue, defineJob, type JobRun, type Queue, type QueueOptions } from '../../src/gateways/queue.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'

const log = createLog('silent')

interface Note {
  text: string
}
let count = 0
/** Each test has a kind of job of its own. */
const note = (settings: Parameters<typeof defineJob>[1] = {}) => defineJob<Note>(`test.note-${count++}`, settings)

let testDatabase: TestDatabase
const queues: Queue[] = []
const createServer = (options: Partial<QueueOptions> = {}): Queue => {
  const queue = createQueue({ database: testDatabase.database, log, ...options })
  queues.push(queue)
  return queue
}
const until = (condition: () => boolean | Promise<boolean>, timeout = 20_000) =>
  vi.waitFor(async () => expect(await condition()).toBe(true), { timeout, interval: 20 })
/** Promise.withResolvers, which Node 20 does not have. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
const settled = (ms = 300) => new Promise((resolve) => setTimeout(resolve, ms))
const statesOf = async (name: string): Promise<string[]> =>
  (
    await testDatabase.database.query<{ state: string }>('select state::text from pgboss.job where name = $1', [name])
  ).map((row) => row.state)

beforeAll(async () => {
  testDatabase = await createTestDatabase()
})
afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.stop(500)))
})
afterAll(() => testDatabase.close())

describe('adding jobs', () => {
  test('a job runs if its transaction commits, and never if it is rolled back', async () => {
    const job = note()
    const texts: string[] = []
    const queue = createServer()
    queue.work(job, async ({ data }) => void texts.push(data.text))
    await queue.start()
    await expect(
      testDatabase.database.transaction(async (tx) => {
        await queue.enqueue(tx, job, { text: 'rolled back' })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await testDatabase.database.transaction(async (tx) => {
      await queue.enqueue(tx, job, { text: 'committed' })
      await settled(100)
      expect(texts).toEqual([])
    })
    await until(() => texts.length > 0)
    await settled()
    expect(texts).toEqual(['committed'])
    expect(await statesOf(job.name)).toEqual(['completed'])
  })

  test('a job of this process starts at once and does not wait for the next poll', async () => {
    const job = note()
    const started = deferred<number>()
    const queue = createServer({ pollMs: 60_000 })
    queue.work(job, async () => started.resolve(performance.now()))
    await queue.start()
    await settled()
    const committed = performance.now()
    await testDatabase.database.transaction((tx) => queue.enqueue(tx, job, { text: 'now' }))
    expect((await started.promise) - committed).toBeLessThan(20_000)
  })

  test('a job of another server starts within about two seconds', async () => {
    const job = note()
    const started = deferred<number>()
    const [worker, other] = [createServer(), createServer({ jobs: [job] })]
    worker.work(job, async () => started.resolve(performance.now()))
    await worker.start()
    await settled()
    const added = performance.now()
    await other.enqueue(testDatabase.database, job, { text: 'from elsewhere' })
    expect((await started.promise) - added).toBeLessThan(15_000) // two, and a very busy machine
  })

  test('jobs can be added before the queue has started, also on a database that has never had one', async () => {
    const empty = await createTestDatabase({ poolSize: 1 })
    try {
      const job = note()
      const texts: string[] = []
      const queue = createServer({ database: empty.database })
      await empty.database.transaction((tx) => queue.enqueue(tx, job, { text: 'first' }))
      queue.work(job, async ({ data }) => void texts.push(data.text))
      await queue.start()
      await until(() => texts.length === 1)
      await queue.stop()
    } finally {
      await empty.close()
    }
  })

  test('a job waits until its time has come', async () => {
    const job = note()
    const ran: number[] = []
    const queue = createServer({ pollMs: 200 })
    queue.work(job, async () => void ran.push(Date.now()))
    await queue.start()
    const due = Date.now() + 1_500
    await queue.enqueue(testDatabase.database, job, { text: 'later' }, { startAfter: new Date(due) })
    await until(() => ran.length === 1)
    expect(ran[0]).toBeGreaterThanOrEqual(due - 50)
    expect(ran[0]).toBeLessThan(due + 1_500)
  })

  test('while a job with a key waits, another with that key is dropped; without a key none is', async () => {
    const job = note()
    const queue = createServer()
    for (const key of ['a', 'a', 'b']) {
      await queue.enqueue(testDatabase.database, job, { text: key }, { singletonKey: key })
    }
    for (const text of ['x', 'x']) await queue.enqueue(testDatabase.database, job, { text })
    expect(await statesOf(job.name)).toHaveLength(4)
  })

  test('a job with an id is added once, however often and from however many servers it is added', async () => {
    const job = note()
    const servers = [createServer(), createServer()]
    const id = randomUUID()
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => servers[n % 2]?.enqueue(testDatabase.database, job, { text: 'x' }, { id })),
    )
    expect(await statesOf(job.name)).toHaveLength(1)
  })
})

describe('working', () => {
  test('a hundred jobs over two servers run once each, and no more at a time than asked for', async () => {
    const job = note()
    const seen: string[] = []
    let [atOnce, most] = [0, 0]
    const servers = [createServer({ pollMs: 200 }), createServer({ pollMs: 200 })]
    for (const server of servers) {
      server.work(
        job,
        async ({ data }) => {
          most = Math.max(most, ++atOnce)
          await settled(5)
          atOnce--
          seen.push(data.text)
        },
        { concurrency: 4 },
      )
    }
    for (let n = 0; n < 100; n++) await servers[0]?.enqueue(testDatabase.database, job, { text: String(n) })
    await Promise.all(servers.map((server) => server.start()))
    await until(() => seen.length >= 100)
    await settled()
    expect(new Set(seen).size).toBe(100)
    expect(seen).toHaveLength(100)
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(8)
  })

  test('a failed job is tried again under the same id with growing pauses, and what it logs names the job', async () => {
    const lines: { msg: string; job?: string; jobId?: string; attempt?: number }[] = []
    const job = note({ retryLimit: 2, retryDelaySeconds: 1 })
    const runs: (Pick<JobRun<Note>, 'id' | 'attempt'> & { at: number })[] = []
    const queue = createServer({
      pollMs: 100,
      log: pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    })
    queue.work(job, async ({ id, attempt }) => {
      runs.push({ id, attempt, at: performance.now() })
      throw new Error('mail server away')
    })
    await queue.start()
    const id = randomUUID()
    await queue.enqueue(testDatabase.database, job, { text: 'x' }, { id })
    await until(async () => (await queue.failedJobs()).some((failed) => failed.job === job.name))
    expect(runs.map(({ id, attempt }) => ({ id, attempt }))).toEqual([1, 2, 3].map((attempt) => ({ id, attempt })))
    const [first = 0, second = 0, third = 0] = runs.map((run) => run.at)
    expect(second - first).toBeGreaterThan(900)
    expect(third - second).toBeGreaterThan(1_900)
    const said = lines.map(({ msg, jobId, attempt }) => ({ msg, jobId, attempt }))
    expect(said).toEqual([
      { msg: 'A job failed and will be tried again', jobId: id, attempt: 1 },
      { msg: 'A job failed and will be tried again', jobId: id, attempt: 2 },
      { msg: `A job failed for the last time and is now in ${job.name}.dead`, jobId: id, attempt: 3 },
    ])
    const [failed] = (await queue.failedJobs()).filter((one) => one.job === job.name)
    expect(failed).toMatchObject({ data: { text: 'x' }, reason: 'Error: mail server away' })
    expect(await statesOf(`${job.name}.dead`)).toEqual(['created'])
  })

  test('one failing job does not keep the others from running', async () => {
    const job = note({ retryLimit: 0 })
    const texts: string[] = []
    const queue = createServer({ pollMs: 100 })
    queue.work(job, async ({ data }) => {
      if (data.text === 'bad') throw new Error('bad')
      texts.push(data.text)
    })
    for (const text of ['a', 'bad', 'b']) await queue.enqueue(testDatabase.database, job, { text })
    await queue.start()
    await until(() => texts.length === 2)
    expect(texts).toEqual(['a', 'b'])
  })

  test('a run that takes too long is told so and counts as failed, also when it never ends', async () => {
    const job = note({ retryLimit: 0, expireInSeconds: 1 })
    let told = false
    const queue = createServer({ pollMs: 100 })
    queue.work(job, ({ signal }) => {
      signal.addEventListener('abort', () => {
        told = true
      })
      return new Promise(() => {})
    })
    await queue.start()
    await queue.enqueue(testDatabase.database, job, { text: 'x' })
    await until(async () => (await queue.failedJobs()).some((failed) => failed.job === job.name))
    expect(told).toBe(true)
  })

  test('the job of a server that was killed is run by another after it has expired', async () => {
    const job = note({ retryLimit: 1, retryDelaySeconds: 1, expireInSeconds: 1 })
    const runs: number[] = []
    const queue = createServer({ pollMs: 200, maintenanceSeconds: 1 })
    await queue.enqueue(testDatabase.database, job, { text: 'x' })
    // What the killed server left: taken, and never heard of again.
    await testDatabase.database.query("update pgboss.job set state = 'active', started_on = now() where name = $1", [
      job.name,
    ])
    queue.work(job, async ({ attempt }) => void runs.push(attempt))
    await queue.start()
    await until(() => runs.length === 1)
    expect(runs).toEqual([2])
    await until(async () => (await statesOf(job.name)).includes('completed'))
  })

  test('stopping waits for the running job, takes no further one, and gives back what does not end in time', async () => {
    const job = note({ retryLimit: 3 })
    const finished: string[] = []
    const queue = createServer({ pollMs: 100 })
    const running = deferred<void>()
    queue.work(job, async ({ data }) => {
      running.resolve()
      await settled(500)
      finished.push(data.text)
    })
    for (const text of ['running', 'waiting']) await queue.enqueue(testDatabase.database, job, { text })
    await queue.start()
    await running.promise
    await queue.stop()
    expect(finished).toEqual(['running'])
    expect((await statesOf(job.name)).sort()).toEqual(['completed', 'created'])

    const stuck = createServer({ pollMs: 100 })
    const began = deferred<void>()
    stuck.work(job, () => {
      began.resolve()
      return new Promise(() => {})
    })
    await stuck.start()
    await began.promise
    const stopping = performance.now()
    await stuck.stop(300)
    expect(performance.now() - stopping).toBeLessThan(6_000)
    expect((await statesOf(job.name)).sort()).toEqual(['completed', 'retry'])
  })
})

describe('several servers', () => {
  test('eight servers that start at once on an empty database all work, and each queue exists once', async () => {
    const empty = await createTestDatabase()
    const databases = await Promise.all(
      Array.from({ length: 8 }, () => openDatabase({ databaseUrl: empty.url, dataDirectory: '', poolSize: 2, log })),
    )
    try {
      const jobs = Array.from({ length: 4 }, () => note())
      const errors: string[] = []
      const told = pino({ level: 'warn' }, { write: (line: string) => void errors.push(line) })
      const texts: string[] = []
      const servers = databases.map((database, n) => {
        const queue = createServer({ database, log: told })
        // Each in an order of its own, as two releases would have.
        const order = [...jobs.slice(n % 4), ...jobs.slice(0, n % 4)]
        for (const job of order) queue.work(job, async ({ data }) => void texts.push(data.text))
        return queue
      })
      await Promise.all(servers.map((server) => server.start()))
      expect(errors).toEqual([])
      for (const [n, server] of servers.entries()) {
        const job = jobs[n % 4]
        if (job !== undefined) await server.enqueue(empty.database, job, { text: String(n) })
      }
      await until(() => texts.length === 8)
      const rows = await empty.database.query<{ name: string }>(
        "select name from pgboss.queue where name like 'test.%'",
      )
      expect(rows.map((row) => row.name).sort()).toEqual(jobs.flatMap(({ name }) => [name, `${name}.dead`]).sort())
      await Promise.all(servers.map((server) => server.stop()))
    } finally {
      await Promise.all(databases.map((database) => database.close()))
      await empty.close()
    }
  })

  test('a definition that changed with a release is in force after the next start', async () => {
    const before = note({ retryLimit: 1 })
    const after = defineJob<Note>(before.name, { retryLimit: 7, deadLetter: before.deadLetter })
    const limit = async () =>
      (
        await testDatabase.database.query<{ limit: number }>(
          'select retry_limit as limit from pgboss.queue where name = $1',
          [before.name],
        )
      )[0]?.limit
    await createServer({ jobs: [before] }).start()
    expect(await limit()).toBe(1)
    await createServer({ jobs: [after] }).start()
    expect(await limit()).toBe(7)
  })

  test('a cron job runs once, although three servers have it', async () => {
    const job = note()
    const ran: string[] = []
    const minute = () => Math.floor(Date.now() / 60_000)
    const firstMinute = minute()
    const servers = [1, 2, 3].map(() => createServer({ pollMs: 200, cronSeconds: 1 }))
    for (const [n, server] of servers.entries()) {
      server.work(job, async ({ data }) => void ran.push(`${data.text} at ${n}`))
      server.schedule(job, '* * * * *', { text: 'tick' })
    }
    await Promise.all(servers.map((server) => server.start()))
    await until(() => ran.length > 0)
    await settled(4_000) // several looks of each server
    expect(ran.length).toBeLessThanOrEqual(1 + minute() - firstMinute)
  })

  test('a database that goes away for a while crashes nothing, is logged once, and the work goes on', async () => {
    const lines: string[] = []
    const told = pino({}, { write: (line: string) => void lines.push(JSON.parse(line).msg) })
    const database = await openDatabase({
      databaseUrl: testDatabase.url,
      dataDirectory: '',
      poolSize: 3,
      acquireTimeoutMs: 300,
      log,
    })
    const name = new URL(testDatabase.url).pathname.slice(1)
    const other = await createTestDatabase()
    try {
      const job = note()
      const texts: string[] = []
      const queue = createServer({ database, log: told, pollMs: 100 })
      queue.work(job, async ({ data }) => void texts.push(data.text))
      await queue.start()
      await queue.enqueue(database, job, { text: 'before' })
      await until(() => texts.length === 1)
      await other.database.script(`alter database "${name}" allow_connections false`)
      await other.database.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
      await settled(2_000)
      await other.database.script(`alter database "${name}" allow_connections true`)
      await until(() => lines.length >= 2)
      await queue.enqueue(database, job, { text: 'after' })
      await until(() => texts.length === 2)
      expect(lines).toEqual(['The job queue cannot reach the database', 'The job queue reaches the database again'])
      await queue.stop()
    } finally {
      await database.close()
      await other.close()
    }
  })

  test('a cron job that cannot be marked as done is no unhandled rejection, which would end the server', async () => {
    const database = await openDatabase({ databaseUrl: testDatabase.url, dataDirectory: '', poolSize: 1, log })
    const boss = new PgBoss({ db: backgroundDatabase(database, log) })
    await database.close()
    await expect(boss.complete(CRON_QUEUE, randomUUID())).resolves.toMatchObject({ affected: 0 })
    await expect(boss.complete('mail.send', randomUUID())).rejects.toThrow('closed')
  })
})
