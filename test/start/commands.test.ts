import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { insertAccount } from '../../src/domain/account/account.ts'
import { sendMail } from '../../src/gateways/mail/outbox.ts'
import { createQueue } from '../../src/gateways/queue.ts'
import { type Checkout, makeCheckout } from '../support/checkout.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'
import { type Ended, runToEnd, startAtrium, stopAll, stopAtrium } from '../support/process.ts'

// Whole servers start and stop here, beside everything else that the machine does.
vi.setConfig({ testTimeout: 120_000 })

let checkout: Checkout
let database: TestDatabase
beforeAll(async () => {
  checkout = await makeCheckout({ isBuilt: true })
  database = await createTestDatabase({ poolSize: 1 })
  await runToEnd(checkout, { command: [process.execPath, 'scripts/build.mjs'] })
}, 180_000)
afterEach(stopAll)
afterAll(async () => {
  await database.close()
  await checkout.remove()
})

const run = (args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> =>
  runToEnd(checkout, { command: [process.execPath, ...args], environment })
const reset = (environment: Record<string, string>, ...args: string[]): Promise<Ended> =>
  run(['scripts/run.mjs', 'db-reset', ...args], environment)

test('a command that does not exist says so in one line', async () => {
  expect(await run(['scripts/run.mjs', 'no-such-command'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'There is no command no-such-command\n',
  })
})

describe('npm run where', () => {
  test('shows the files of a room in the order in which a request passes them', async () => {
    const { code, stdout } = await run(['scripts/where.mjs', 'blog'])
    expect(code).toBe(0)
    const layers = stdout.split('\n').flatMap((line) => /^[a-z]+/.exec(line)?.[0] ?? [])
    expect(layers).toEqual([
      'resolvers',
      'schema',
      'domain',
      'loaders',
      'queries',
      'relations',
      'tables',
      'jobs',
      'tests',
    ])
    const paths = stdout.match(/(src|test)\/\S+/g) ?? []
    expect(paths).toEqual(expect.arrayContaining(['src/schema/blog.ts', 'src/domain/blog/post.ts', 'src/jobs/blog.ts']))
    for (const path of paths) expect(existsSync(join(checkout.directory, path))).toBe(true)
  })

  test('lists the rooms when it is asked for another', async () => {
    const { code, stderr } = await run(['scripts/where.mjs', 'cinema-of-tomorrow'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^There is no cinema-of-tomorrow\. There are: account, .*\bblog, .*\bcomment, /)
  })
})

describe('npm run role', () => {
  const role = (...args: string[]): Promise<Ended> =>
    checkout
      .dataDirectory()
      .then((ATRIUM_DATA) => run(['scripts/run.mjs', 'role', ...args], { ATRIUM_DATA, DATABASE_URL: database.url }))

  test('makes the first administrator, who may then give roles in the graph', async () => {
    const environment = {
      DATABASE_URL: database.url,
      ATRIUM_DATA: await checkout.dataDirectory(),
      NODE_ENV: 'production',
      JWT_SECRET: 'a secret for the tests, 32 long at least',
    }
    const server = await startAtrium(checkout, { environment })
    const signUp = async (handle: string) => {
      const { data } = await server.ask(
        `mutation ($handle: String!, $email: String!) {
          signUp(input: { handle: $handle, email: $email, password: "a long passphrase for the start" }) {
            session { accessToken account { id } } } }`,
        { handle, email: `${handle}@example.com` },
      )
      return data.signUp.session as { accessToken: string; account: { id: string } }
    }
    const first = await signUp('founder')
    const second = await signUp('second')
    const give = async () =>
      server.ask(
        'mutation ($id: ID!) { changeRole(input: { accountId: $id, role: STAFF }) { account { id } userErrors { code } } }',
        { id: second.account.id },
        first.accessToken,
      )
    expect((await give()).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect(await role('founder', 'admin')).toMatchObject({ code: 0, stdout: 'founder was MEMBER and is ADMIN now.\n' })
    expect((await give()).data.changeRole.userErrors).toEqual([])
    expect(await role('founder', 'ADMIN')).toMatchObject({ code: 0, stdout: 'founder is ADMIN already.\n' })
  })

  test('refuses an unknown member and an unknown role in one line', async () => {
    expect(await role('nobody-here', 'ADMIN')).toMatchObject({ code: 1, stderr: 'Nobody has this handle.\n' })
    const { code, stderr } = await role('founder', 'KING')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: .*'KING'.* one of MEMBER, CHEF, STAFF, ADMIN\.\n$/)
  })
})

describe('npm run db:reset', () => {
  test('deletes the database of the data directory, but not without a yes and not under a running server', async () => {
    const ATRIUM_DATA = await checkout.dataDirectory()
    expect(await reset({ ATRIUM_DATA }, '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^There is no/),
    })
    const server = await startAtrium(checkout, { environment: { ATRIUM_DATA } })
    await server.ask(`mutation { signUp(input: { handle: "newcomer", email: "new@example.com",
      password: "a long passphrase for the start" }) { session { accessToken } } }`)
    expect(await reset({ ATRIUM_DATA }, '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/stop it first/),
    })
    expect((await server.ask('{ account(handle: "newcomer") { handle } }')).data.account.handle).toBe('newcomer')
    await stopAtrium(server)

    expect(await reset({ ATRIUM_DATA })).toMatchObject({ code: 1, stderr: expect.stringMatching(/--yes/) })
    expect(existsSync(join(ATRIUM_DATA, 'postgres/cluster'))).toBe(true)
    expect(await reset({ ATRIUM_DATA, NODE_ENV: 'production' }, '--yes')).toMatchObject({ code: 1 })
    expect(existsSync(join(ATRIUM_DATA, 'postgres/cluster'))).toBe(true)
    expect(await reset({ ATRIUM_DATA }, '--yes')).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(join(ATRIUM_DATA, 'postgres'))).toBe(false)

    const next = await startAtrium(checkout, { environment: { ATRIUM_DATA } })
    const { data } = await next.ask('{ account(handle: "newcomer") { handle } posts { totalCount } }')
    expect(data.account).toBeNull()
    expect(data.posts.totalCount).toBeGreaterThan(5)
  })

  test.runIf(process.getuid?.() === 0)(
    'finds a database that is kept outside of the data directory',
    async () => {
      const closed = await makeCheckout({ isBuilt: true, mode: 0o700 })
      try {
        await stopAtrium(await startAtrium(closed))
        const pointer = join(closed.directory, 'data/postgres.location')
        const outside = (await readFile(pointer, 'utf8')).trim()
        expect(existsSync(join(outside, 'cluster'))).toBe(true)
        const command = [process.execPath, 'scripts/run.mjs', 'db-reset', '--yes']
        expect((await runToEnd(closed, { command })).code).toBe(0)
        expect(existsSync(outside)).toBe(false)
        expect(existsSync(pointer)).toBe(false)
      } finally {
        await closed.remove()
      }
    },
    180_000,
  )

  test('empties a DATABASE_URL only with --yes, and not what others keep in it', async () => {
    const own = await createTestDatabase({ poolSize: 1 })
    const environment = { DATABASE_URL: own.url, ATRIUM_DATA: await checkout.dataDirectory() }
    const tables = async () =>
      (
        await own.database.query<{ name: string }>(
          "select tablename as name from pg_tables where schemaname = 'public'",
        )
      ).length
    try {
      // The connection of this test would count as a server at work.
      await own.database.query("set application_name = 'test'")
      const before = await tables()
      expect(before).toBeGreaterThan(5)
      expect(await reset(environment)).toMatchObject({ code: 1, stderr: expect.stringMatching(/say --yes/) })
      await own.database.script('create table invoices (id int)')
      await own.database.query("set application_name = 'test'")
      expect(await reset(environment, '--yes')).toMatchObject({ code: 1, stderr: expect.stringMatching(/invoices/) })
      expect(await tables()).toBe(before + 1)
      await own.database.script('drop table invoices')
      await own.database.query("set application_name = 'test'")
      expect(await reset(environment, '--yes')).toMatchObject({ code: 0, stderr: '' })
      expect(await tables()).toBe(0)
      const server = await startAtrium(checkout, { environment })
      expect((await server.ask('{ posts { totalCount } }')).data.posts.totalCount).toBeGreaterThan(5)
      expect(await reset(environment, '--yes')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/stop it first/),
      })
      await stopAtrium(server)
    } finally {
      await own.close()
    }
  })
})

test('npm run worker does the jobs that others have added, and stops cleanly', async () => {
  const ATRIUM_DATA = await checkout.dataDirectory()
  const worker = await startAtrium(checkout, {
    command: [process.execPath, 'scripts/run.mjs', 'worker'],
    environment: { DATABASE_URL: database.url, ATRIUM_DATA },
    ready: /works on jobs/,
  })
  const accountId = await insertAccount(database.database, {
    handle: 'reader',
    email: 'reader@example.com',
    name: 'Reader',
    passwordHash: '-',
  })
  const queue = createQueue({ database: database.database, log: createLog('warn') })
  const params = { homeUrl: 'http://localhost/' }
  await database.database.transaction((tx) => queue.enqueue(tx, sendMail, { accountId, template: 'welcome', params }))
  await expect
    .poll(() => readdir(join(ATRIUM_DATA, 'mail')).catch(() => []), { timeout: 20_000 })
    .toEqual([expect.stringMatching(/\.eml$/)])
  expect(await stopAtrium(worker)).toMatchObject({ code: 0, stdout: 'Atrium works on jobs.\nStopping …\n' })
})

test('npm run dev starts again at a change, and ends with everything that it started', async () => {
  const ATRIUM_DATA = await checkout.dataDirectory()
  const server = await startAtrium(checkout, {
    command: [process.execPath, 'scripts/dev.mjs'],
    environment: { ATRIUM_DATA },
  })
  const source = join(checkout.directory, 'src/server/health.ts')
  const health = await readFile(source, 'utf8')
  await writeFile(source, health.replace("{ status: 'ok' }", "{ status: 'changed' }"))
  const latest = (): string => /.*(http:\S+)\/health/s.exec(server.stdout)?.[1] ?? ''
  const healthOf = (): Promise<string> =>
    fetch(`${latest()}/health`).then(
      (answer) => answer.text(),
      () => 'it is not there',
    )
  await expect.poll(healthOf, { timeout: 30_000 }).toContain('changed')
  await stopAtrium(server)
  await expect(fetch(`${latest()}/health`)).rejects.toThrow()
})
