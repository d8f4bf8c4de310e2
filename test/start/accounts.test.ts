import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Checkout, makeCheckout, postgresOf } from '../support/checkout.ts'
import { type RunningAtrium, runToEnd, startAtrium, stopAll, stopAtrium } from '../support/process.ts'

const NOBODY = 65_534
const POSTS = '{ posts { totalCount } }'

/** Starts twice: fresh, and with the data of the first time. */
async function expectTwoStarts(start: () => Promise<RunningAtrium>, data: string): Promise<void> {
  const first = await start()
  const { totalCount } = (await first.ask(POSTS)).data.posts
  expect(totalCount).toBeGreaterThan(5)
  const postgres = await postgresOf(data)
  expect((await stopAtrium(first)).code).toBe(0)
  expect(postgres.isServing()).toBe(false)
  const second = await start()
  expect((await second.ask(POSTS)).data.posts.totalCount).toBe(totalCount)
  expect((await stopAtrium(second)).code).toBe(0)
}

describe.runIf(process.getuid?.() === 0)('who starts it', () => {
  const checkouts: Checkout[] = []
  afterEach(stopAll)
  afterAll(async () => {
    for (const checkout of checkouts) await checkout.remove()
  })

  async function build(mode: number): Promise<Checkout> {
    const checkout = await makeCheckout({ isBuilt: true, mode })
    checkouts.push(checkout)
    await runToEnd(checkout, { command: [process.execPath, 'scripts/build.mjs'] })
    return checkout
  }

  describe('with a checkout that everybody can read', () => {
    let checkout: Checkout
    beforeAll(async () => {
      checkout = await build(0o755)
    }, 180_000)

    test('an ordinary user starts it, with packages that belong to somebody else', async () => {
      const data = await checkout.dataDirectory()
      const home = await checkout.dataDirectory()
      const environment = { ATRIUM_DATA: data, HOME: home }
      await expectTwoStarts(() => startAtrium(checkout, { environment, uid: NOBODY }), data)
      expect((await stat(join(data, 'jwt-secret'))).uid).toBe(NOBODY)
    })

    test('root starts it, and PostgreSQL runs as somebody without privileges', async () => {
      const data = await checkout.dataDirectory()
      await expectTwoStarts(() => startAtrium(checkout, { environment: { ATRIUM_DATA: data } }), data)
      expect((await stat(join(data, 'postgres/cluster'))).uid).not.toBe(0)
    })
  })

  describe('with a checkout below a directory that is closed to all but root', () => {
    let checkout: Checkout
    beforeAll(async () => {
      checkout = await build(0o700)
    }, 180_000)

    test('root starts it: PostgreSQL and its data are where it can run', async () => {
      await expectTwoStarts(() => startAtrium(checkout), join(checkout.directory, 'data'))
    })
  })
})
