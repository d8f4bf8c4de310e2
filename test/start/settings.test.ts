import { once } from 'node:events'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Checkout, makeCheckout } from '../support/checkout.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'
import { runToEnd, startAtrium, stopAll, stopAtrium } from '../support/process.ts'

// Whole servers start and stop here, beside everything else that the machine does.
vi.setConfig({ testTimeout: 120_000 })

let checkout: Checkout
let database: TestDatabase
beforeAll(async () => {
  checkout = await makeCheckout({ isBuilt: true })
  database = await createTestDatabase({ poolSize: 1 })
  // Whatever is not built yet is built once, and not by each start below.
  await runToEnd(checkout, { command: [process.execPath, 'scripts/build.mjs'] })
}, 180_000)
// Not after each: some run at the same time.
afterAll(async () => {
  await stopAll()
  await database.close()
  await checkout.remove()
})

const SECRET = 'a secret for the tests, 32 long at least'

/** Runs a start that has to fail, and answers what it said: one line on standard error, nothing else. */
async function refusal(environment: Record<string, string>, uid?: number): Promise<string> {
  const data = environment.ATRIUM_DATA ?? (await checkout.dataDirectory())
  const ended = await runToEnd(checkout, {
    environment: { ATRIUM_DATA: data, ...environment },
    ...(uid === undefined ? {} : { uid }),
  })
  expect(ended).toMatchObject({ code: 1, stdout: '' })
  // Beside the steps until there, which are named while they take long.
  const lines = ended.stderr.split('\n').filter((line) => !/^([✓✗] | {2}.* …$)/.test(line))
  expect(lines).toHaveLength(2)
  expect(lines[1]).toBe('')
  return lines[0] ?? ''
}

describe('a wrong setting stops the start with one line that names it and says what is right', () => {
  test.concurrent.each([
    [{ PORT: 'abc' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '-1' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '4000.5' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PUBLIC_URL: 'atrium.example.com' }, 'PUBLIC_URL must be a URL that starts with http:// or https://'],
    [{ ALLOWED_ORIGINS: 'https://a.example/path' }, 'ALLOWED_ORIGINS must be a comma-separated list of origins'],
    [{ DATABASE_URL: 'not a url' }, 'DATABASE_URL must be a URL that starts with postgres:// or postgresql://'],
    [{ DATABASE_URL: 'mysql://localhost/a' }, 'DATABASE_URL must be a URL that starts with'],
    [{ DATABASE_POOL: '0' }, 'DATABASE_POOL must be a whole number from 1 to 200'],
    [{ REDIS_URL: 'localhost:6379' }, 'REDIS_URL must be a URL that starts with redis:// or rediss://'],
    [{ JWT_SECRET: 'short' }, 'JWT_SECRET must be at least 32 characters long'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent'],
    [{ SMTP_URL: 'mail.example.com' }, 'SMTP_URL must be a URL that starts with smtp:// or smtps://'],
    [{ TRUST_PROXY: 'yes' }, 'TRUST_PROXY must be true or false'],
    [{ ATRIUM_DEMO: '1' }, 'ATRIUM_DEMO must be true or false'],
    [{ NODE_ENV: 'prod' }, 'NODE_ENV must be development, test or production'],
    [{ STRIPE_SECRET_KEY: 'sk_test_one' }, 'STRIPE_WEBHOOK_SECRET must be set where STRIPE_SECRET_KEY is'],
    [{ STRIPE_WEBHOOK_SECRET: 'whsec_one' }, 'STRIPE_SECRET_KEY must be set where STRIPE_WEBHOOK_SECRET is'],
    [{ STRIPE_SECRET_KEY: 'pk_live_public' }, 'STRIPE_SECRET_KEY must be a secret key of Stripe'],
    [{ MAX_DEPTH: '0' }, 'MAX_DEPTH must be a whole number from 1 to'],
    [
      { NODE_ENV: 'production', DATABASE_URL: 'postgres://localhost/atrium' },
      'JWT_SECRET must be set in production with a DATABASE_URL',
    ],
  ])('%o', async (environment, line) => {
    expect(await refusal(environment as Record<string, string>)).toContain(line)
  })

  test('no secret of a refused setting is printed', async () => {
    expect(await refusal({ JWT_SECRET: 'tiny-secret' })).not.toContain('tiny-secret')
  })

  test('ATRIUM_DATA that is a file', async () => {
    const file = join(await checkout.dataDirectory(), 'file')
    await writeFile(file, '')
    expect(await refusal({ ATRIUM_DATA: file })).toMatch(/^ATRIUM_DATA cannot be used: .*EEXIST/)
    expect(await refusal({ ATRIUM_DATA: join(file, 'below'), JWT_SECRET: SECRET })).toMatch(
      /^ATRIUM_DATA cannot be used: .*ENOTDIR/,
    )
  })

  test('ATRIUM_DATA that cannot be written', async () => {
    const locked = join(await checkout.dataDirectory(), 'locked')
    await mkdir(locked, { mode: 0o555 })
    await chmod(locked, 0o555)
    // Root may write anywhere.
    const uid = process.getuid?.() === 0 ? 65_534 : undefined
    expect(await refusal({ ATRIUM_DATA: locked }, uid)).toMatch(/^ATRIUM_DATA cannot be used: .*EACCES/)
    expect(await refusal({ ATRIUM_DATA: locked, JWT_SECRET: SECRET }, uid)).toMatch(/^ATRIUM_DATA cannot be used/)
  })

  test('a kept secret that somebody has emptied, which would sign tokens that anybody can forge', async () => {
    const data = await checkout.dataDirectory()
    await writeFile(join(data, 'jwt-secret'), '')
    expect(await refusal({ ATRIUM_DATA: data })).toMatch(/^ATRIUM_DATA cannot be used: .*jwt-secret holds no secret/)
  })

  test('DATABASE_URL that nobody answers at', async () => {
    const port = await closedPort()
    const line = await refusal({ DATABASE_URL: `postgres://user:pass-word@127.0.0.1:${port}/atrium` })
    expect(line).toMatch(/^DATABASE_URL cannot be reached: .*ECONNREFUSED/)
    expect(line).not.toContain('pass-word')
  })

  test('DATABASE_URL of a database that does not exist', async () => {
    const url = new URL(database.url)
    url.pathname = '/no_such_database'
    expect(await refusal({ DATABASE_URL: url.href })).toMatch(/^DATABASE_URL cannot be reached: .*does not exist/)
  })

  test('PORT in use by another program', async () => {
    const other = createServer().listen(0, 'localhost')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    expect(await refusal({ PORT: String(port), DATABASE_URL: database.url })).toMatch(/^PORT is in use/)
    other.close()
  })

  test('HOST that is not of this machine', async () => {
    expect(await refusal({ HOST: '192.0.2.1', DATABASE_URL: database.url })).toMatch(/^HOST or PORT cannot be used/)
    expect(await refusal({ HOST: 'no.such.host.invalid', DATABASE_URL: database.url })).toMatch(/^HOST or PORT cannot/)
  })
})

test('a setting that is set to nothing is not set', async () => {
  const server = await startAtrium(checkout, {
    environment: {
      DATABASE_URL: database.url,
      ATRIUM_DATA: await checkout.dataDirectory(),
      JWT_SECRET: '',
      LOG_LEVEL: '',
    },
  })
  expect((await fetch(`${server.url}/ready`)).status).toBe(200)
  expect((await stopAtrium(server)).code).toBe(0)
})

test('a server that keeps nothing in its data directory needs none', async () => {
  const file = join(await checkout.dataDirectory(), 'file')
  await writeFile(file, '')
  const server = await startAtrium(checkout, {
    environment: {
      DATABASE_URL: database.url,
      JWT_SECRET: SECRET,
      SMTP_URL: 'smtp://127.0.0.1:1',
      S3_ENDPOINT: 'http://127.0.0.1:1',
      S3_BUCKET: 'atrium',
      S3_ACCESS_KEY_ID: 'key',
      S3_SECRET_ACCESS_KEY: 'secret',
      ATRIUM_DATA: file,
      NODE_ENV: 'production',
    },
  })
  expect((await fetch(`${server.url}/ready`)).status).toBe(200)
  await stopAtrium(server)
  expect(await readFile(file, 'utf8')).toBe('')
})

test('a Redis that is out of reach is a warning: it carries hints, and the server heals when it is there', async () => {
  const server = await startAtrium(checkout, {
    environment: {
      DATABASE_URL: database.url,
      ATRIUM_DATA: await checkout.dataDirectory(),
      REDIS_URL: `redis://127.0.0.1:${await closedPort()}`,
    },
  })
  expect((await server.ask('{ posts { totalCount } }')).errors).toBeUndefined()
  expect(server.stderr).toContain('Redis is out of reach; retrying')
  expect((await stopAtrium(server)).code).toBe(0)
})

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
