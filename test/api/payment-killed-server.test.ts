import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parseId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { STRIPE } from '../support/gateways.ts'
import { openPostOffice, type PostOffice } from '../support/post-office.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'
import { type Answer, startTestServer } from '../support/server.ts'
import { ADDRESS, ORDER, ShopClient } from '../support/shop.ts'
import { type FakeStripe, startFakeStripe } from '../support/stripe.ts'

const PROGRAM = join(import.meta.dirname, '../support/stripe-process.ts')
const SECRET = 'a secret for the tests, 32 long at least'
const STOCK = 50

let database: TestDatabase
let directory = ''
let stripe: FakeStripe
let office: PostOffice
let running: { child: ChildProcess; url: string }
let shop: ShopClient
let staff: Viewer
let cups: Uuid[] = []

async function spawnServer(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, String(stripe.address.port)], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      ATRIUM_DEMO: 'false',
      ATRIUM_DATA: directory,
      DATABASE_URL: database.url,
      JWT_SECRET: SECRET,
      STRIPE_SECRET_KEY: STRIPE.secretKey,
      STRIPE_WEBHOOK_SECRET: STRIPE.webhookSecret,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(child.stdout)) {
    const url = /Listens at (http:\S+)/.exec(line)?.[1]
    if (url !== undefined) return { child, url }
  }
  throw new Error('the server did not start')
}

const ask = async (query: string, variables = {}, token: string | null = null): Promise<Answer> => {
  const response = await fetch(`${running.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as Answer
}

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 4 })
  directory = await mkdtemp(join(tmpdir(), 'atrium-killed-'))
  stripe = await startFakeStripe(STRIPE.webhookSecret)
  office = await openPostOffice()
  stripe.postTo(office.url)
  const seed = await startTestServer({ databaseUrl: database.url })
  staff = await seed.world.person({ handle: 'staff', role: 'STAFF' })
  const shelf = await seed.world.productCategory(staff, { name: 'Shelf' })
  const seeding = new ShopClient(seed)
  cups = (
    await seeding.product(
      staff,
      shelf,
      Array.from({ length: 20 }, () => ({ quantity: STOCK })),
    )
  ).variants
  const token = await seed.tokenOf(staff)
  await seed.close()
  shop = new ShopClient({ ...seed, ask, tokenOf: async () => token })
  running = await spawnServer()
  office.forwardTo(running.url)
}, 120_000)

afterAll(async () => {
  office.forwardTo(null)
  running.child.kill('SIGKILL')
  stripe.stop()
  office.stop()
  await database.close()
  await rm(directory, { recursive: true, force: true })
})

const query = <Row>(text: string, parameters: unknown[] = []) => database.database.query<Row>(text, parameters)
const patient = { timeout: 60_000, interval: 50 }

/** Kills the server as it is. */
async function kill(): Promise<void> {
  const exited = once(running.child, 'exit')
  running.child.kill('SIGKILL')
  await exited
  office.forwardTo(null)
}
async function restart(): Promise<void> {
  running = await spawnServer()
  office.forwardTo(running.url)
}

const stripeHolds = () => vi.waitFor(() => expect(stripe.held()).toHaveLength(1), patient)

/** Keeps a lock of the database until it is let go. */
async function holdLock(statement: string, parameters: unknown[] = []): Promise<() => Promise<void>> {
  let letGo = () => {}
  const over = new Promise<void>((resolve) => {
    letGo = resolve
  })
  let locked = () => {}
  const ready = new Promise<void>((resolve) => {
    locked = resolve
  })
  const transaction = database.database.transaction(async (tx) => {
    await tx.query(statement, parameters)
    locked()
    await over
  })
  await ready
  return async () => {
    letGo()
    await transaction
  }
}

const somebodyWaits = () =>
  vi.waitFor(async () => {
    const waiting = await query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    expect(waiting).not.toEqual([])
  }, patient)

/** A guest with two cups in the cart, who repeats each request with the same key until it is answered. */
async function guest() {
  const cup = cups.pop() ?? ''
  const cart = (await shop.add(null, cup, 2)).value
  const cartToken: string = cart.cartToken
  const { amount } = (
    await ask('query ($token: String) { cart(cartToken: $token) { totals { total { amount } } } }', {
      token: cartToken,
    })
  ).data.cart.totals.total
  const total = Math.round(Number(amount) * 100)
  const input = {
    idempotencyKey: `checkout-${cup}`,
    address: ADDRESS,
    expectedTotal: { amount, currency: 'EUR' },
    email: 'guest@example.com',
    cartToken,
  }
  return {
    cup,
    total,
    checkout: () => shop.run('checkout', null, input, `order { ${ORDER} }`),
    pay: (id: string) =>
      shop.run('payOrder', null, { id, paymentMethod: 'pm_card_visa', cartToken }, `order { ${ORDER} }`),
  }
}

const uuidOf = (id: string): Uuid => parseId(id)?.uuid ?? ''
const intentOf = (id: string) => [...stripe.intents.values()].filter(({ metadata }) => metadata.order_id === uuidOf(id))
const chargesOf = (id: string) =>
  stripe.charges.filter(({ intent }) => intentOf(id).some((own) => own.id === intent)).map(({ amount }) => amount)
const refundsAtStripe = (id: string) =>
  stripe.refunds
    .filter((each) => intentOf(id).some((own) => own.id === each.payment_intent))
    .map(({ amount }) => amount)

/** One order, one charge, the stock sold once. */
async function expectBoughtOnce(cup: Uuid, id: string, total: number): Promise<void> {
  await vi.waitFor(async () => {
    expect(await query('select status from orders where id = $1', [uuidOf(id)])).toEqual([{ status: 'PAID' }])
  }, patient)
  expect(await query('select id from order_lines where ref_id = $1', [cup])).toHaveLength(1)
  expect(chargesOf(id)).toEqual([total])
  expect(refundsAtStripe(id)).toEqual([])
  expect(await query('select quantity from stock_levels where variant_id = $1', [cup])).toEqual([
    { quantity: STOCK - 2 },
  ])
  expect(await query('select 1 from stock_holds where variant_id = $1', [cup])).toEqual([])
}

interface Gap {
  /** Before the request: what will hold it. */
  prepare(id: string): Promise<() => Promise<void>> | (() => Promise<void>)
  /** Until the server is in the gap. */
  reach(id: string): Promise<unknown>
}

const atStripe = (at: (id: string) => string, when: 'before' | 'after'): Gap => ({
  prepare(id) {
    stripe.trouble({ at: at(id), when, what: 'hold' })
    return async () => stripe.release()
  },
  reach: stripeHolds,
})
const atLock = (statement: string, parameters: (id: string) => unknown[] = () => []): Gap => ({
  prepare: (id) => holdLock(statement, parameters(id)),
  reach: somebodyWaits,
})
const onOrder = atLock('select 1 from orders where id = $1 for update', (id) => [uuidOf(id)])
const onceIs = (statement: string): Gap => ({
  prepare: () => async () => {},
  reach: (id) => vi.waitFor(async () => expect(await query(statement, [uuidOf(id)])).not.toEqual([]), patient),
})

/** Sends a request, kills the server in the gap, and starts another one. */
async function killIn(gap: Gap, id: string, request: () => Promise<unknown>): Promise<void> {
  const release = await gap.prepare(id)
  const lost = request().catch(() => 'lost')
  await gap.reach(id)
  await kill()
  await release()
  await lost
  await restart()
}

describe('a server that is killed with kill -9', () => {
  test.each([
    ['before the commit of a checkout', atLock('lock table payments in share row exclusive mode')],
    ['after the commit, before the gateway is asked', atStripe(() => 'POST /v1/payment_intents', 'before')],
    ['after the gateway has opened the payment', atStripe(() => 'POST /v1/payment_intents', 'after')],
  ])(
    '%s: the repeated checkout leads to one order, and to one charge',
    async (_, gap) => {
      const { cup, total, checkout, pay } = await guest()
      await killIn(gap, '', checkout)
      const { id } = (await checkout()).value
      expect((await pay(id)).value).toMatchObject({ status: 'PAID' })
      expect(intentOf(id)).toHaveLength(1)
      await expectBoughtOnce(cup, id, total)
    },
    180_000,
  )

  const confirm = (id: string) => `POST /v1/payment_intents/${intentOf(id)[0]?.id}/confirm`
  test.each([
    ['before the gateway is asked to charge', atStripe(confirm, 'before'), true],
    ['after the gateway has charged', atStripe(confirm, 'after'), true],
    ['after the gateway has charged, and nobody asks again', atStripe(confirm, 'after'), false],
    ['before what was charged is committed', onOrder, true],
    ['after it is committed', onceIs(`select 1 from orders where id = $1 and status = 'PAID'`), true],
  ])(
    '%s: one order, one charge',
    async (_, gap, isAskedAgain) => {
      const { cup, total, checkout, pay } = await guest()
      const { id } = (await checkout()).value
      // The answer to the buyer is what counts here; events come when the next server is up.
      office.forwardTo(null)
      await killIn(gap, id, () => pay(id))
      if (isAskedAgain) {
        const { value, userErrors } = await pay(id)
        if (value === null) expect(userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION', from: 'PAID' }])
        else expect(value).toMatchObject({ status: 'PAID' })
      } else {
        for (const letter of office.letters.filter(({ body }) => body.includes(uuidOf(id)))) {
          expect(await office.deliver(running.url, letter)).toBe(204)
        }
      }
      await expectBoughtOnce(cup, id, total)
    },
    180_000,
  )

  test.each([
    [
      'before the gateway is asked what is true',
      atStripe((id) => `GET /v1/payment_intents/${intentOf(id)[0]?.id}`, 'before'),
    ],
    ['before the event is committed', onOrder],
    [
      'after the event is committed',
      onceIs(
        "select 1 from payment_events e join payments p on p.id = e.payment_id where p.order_id = $1 and e.type like 'charge%'",
      ),
    ],
  ])(
    'on a webhook, %s: the event that comes again counts once',
    async (_, gap) => {
      const { cup, total, checkout } = await guest()
      const { id } = (await checkout()).value
      office.forwardTo(null)
      // The buyer pays in the browser; of what Stripe says then, the charge comes first.
      const intent = intentOf(id)[0]
      if (intent === undefined) throw new Error('no intent')
      stripe.authenticate(intent.id, true)
      const told = await vi.waitFor(() => {
        const found = office.letters.filter(
          ({ type, body }) => body.includes(intent.id) && /charge.succ|intent.succ/.test(type),
        )
        expect(found).toHaveLength(2)
        return found.sort((a, b) => (a.type < b.type ? -1 : 1))
      }, patient)
      await killIn(gap, id, () => office.deliver(running.url, told[0] as (typeof told)[number]))
      for (const letter of [...told, ...told]) expect(await office.deliver(running.url, letter)).toBe(204)
      await expectBoughtOnce(cup, id, total)
    },
    180_000,
  )

  test.each([
    ['before the refund is committed', atLock('lock table refunds in share row exclusive mode')],
    ['before the gateway is asked to refund', atStripe(() => 'POST /v1/refunds', 'before')],
    ['after the gateway has refunded', atStripe(() => 'POST /v1/refunds', 'after')],
    ['after the refund is done', onceIs(`select 1 from refunds where order_id = $1 and status = 'SUCCEEDED'`)],
  ])(
    '%s: one refund',
    async (_, gap) => {
      const { cup, total, checkout, pay } = await guest()
      const { id } = (await checkout()).value
      await pay(id)
      office.forwardTo(null)
      const refund = () =>
        shop.run('refundOrder', staff, { id, restock: true, idempotencyKey: `refund-${cup}` }, 'order { status }')
      await killIn(gap, id, refund)
      expect((await refund()).value).toMatchObject({ status: 'REFUNDED' })
      await vi.waitFor(
        async () => {
          // An hour passes for what the killed server had taken on.
          await query(`update pgboss.job set started_on = started_on - interval '1 hour' where state = 'active'`)
          await query(`update pgboss.job set start_after = now() where state = 'retry'`)
          expect(await query('select status, amount_minor from refunds where order_id = $1', [uuidOf(id)])).toEqual([
            { status: 'SUCCEEDED', amount_minor: total },
          ])
        },
        { timeout: 100_000, interval: 500 },
      )
      expect(refundsAtStripe(id)).toEqual([total])
      expect(await query('select status, refunded_minor from orders where id = $1', [uuidOf(id)])).toEqual([
        { status: 'REFUNDED', refunded_minor: total },
      ])
      expect(await query('select quantity from stock_levels where variant_id = $1', [cup])).toEqual([
        { quantity: STOCK },
      ])
    },
    180_000,
  )
})
