import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { openDatabase } from '../../src/db/open.ts'
import { type Checkout, makeCheckout, postgresOf } from '../support/checkout.ts'
import { runToEnd, startAtrium, stopAll, stopAtrium } from '../support/process.ts'
import { databaseUrl } from '../support/test-server.ts'

// Whole servers start and stop here, beside everything else that the machine does.
vi.setConfig({ testTimeout: 120_000 })

let checkout: Checkout
beforeAll(async () => {
  checkout = await makeCheckout({ isBuilt: true })
  await runToEnd(checkout, { command: [process.execPath, 'scripts/build.mjs'] })
}, 180_000)
afterEach(stopAll)
afterAll(() => checkout.remove())

const COUNTS = '{ posts { totalCount } tags { totalCount } }'
const DEMO_TAGS = 9

test('two servers that start at once on a fresh data directory both come up, with the demo data once', async () => {
  const ATRIUM_DATA = await checkout.dataDirectory()
  const start = () => startAtrium(checkout, { environment: { ATRIUM_DATA } })
  const [one, two] = await Promise.all([start(), start()])
  expect(one.url).not.toBe(two.url)
  const counts = await Promise.all([one.ask(COUNTS), two.ask(COUNTS)])
  expect(counts[0]?.data.tags.totalCount).toBe(DEMO_TAGS)
  expect(counts[1]).toEqual(counts[0])

  // Both sign with the same secret.
  const signedUp = await one.ask(`mutation { signUp(input: { email: "new@example.com", handle: "newcomer",
    password: "a long passphrase for the start" }) { session { accessToken } } }`)
  const token = signedUp.data.signUp.session.accessToken
  expect((await two.ask('{ viewer { account { handle } } }', {}, token)).data.viewer.account.handle).toBe('newcomer')

  // The database belongs to both: it stays when one of them stops, and ends with the last.
  const postgres = await postgresOf(ATRIUM_DATA)
  expect((await stopAtrium(one)).code).toBe(0)
  expect((await two.ask(COUNTS)).data.tags.totalCount).toBe(DEMO_TAGS)
  expect((await stopAtrium(two)).code).toBe(0)
  expect(postgres.isServing()).toBe(false)
  expect((await readFile(join(ATRIUM_DATA, 'jwt-secret'), 'utf8')).length).toBeGreaterThan(40)
})

test('three servers that start at once on one empty DATABASE_URL all come up, with the demo data once', async () => {
  const server = inject('postgres')
  const name = `${server.prefix}_${randomBytes(4).toString('hex')}`
  const admin = await openDatabase({
    databaseUrl: server.adminUrl,
    dataDirectory: '',
    poolSize: 1,
    log: createLog('warn'),
  })
  await admin.script(`create database "${name}"`)
  await admin.close()
  const start = async () =>
    startAtrium(checkout, {
      environment: { DATABASE_URL: databaseUrl(server, name), ATRIUM_DATA: await checkout.dataDirectory() },
    })
  const servers = await Promise.all([start(), start(), start()])
  for (const each of servers) expect((await each.ask(COUNTS)).data.tags.totalCount).toBe(DEMO_TAGS)
  for (const each of servers) expect((await stopAtrium(each)).code).toBe(0)
})
