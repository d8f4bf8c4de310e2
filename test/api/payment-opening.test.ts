import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeId, parseId, type Uuid } from '../../src/core/ids.ts'
import { cancelLapsedOrders } from '../../src/domain/shop/order.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import type { PaymentGateway } from '../../src/gateways/payment/gateway.ts'
import { type GatewayUnderTest, startWithGateway } from '../support/gateways.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { checkOut, ShopClient } from '../support/shop.ts'

let server: TestServer
let shop: ShopClient
let staff: Viewer
let ada: Viewer

beforeAll(async () => {
  server = await startTestServer()
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
})
afterAll(() => server.close())

test('an order that is cancelled while its payment is being opened leaves no payment open at the gateway', async () => {
  const { db, payments } = server.running.atrium.deps
  const shelf = await server.world.productCategory(staff, { name: 'Shelf' })
  const cup = (await shop.product(staff, shelf)).variants[0]
  await shop.add(ada, cup ?? '')
  let letThrough = () => {}
  const gate = new Promise<void>((resolve) => {
    letThrough = resolve
  })
  let enter = (_: Uuid) => {}
  const entered = new Promise<Uuid>((resolve) => {
    enter = resolve
  })
  const open: PaymentGateway['open'] = payments.open.bind(payments)
  // The checkout's; the job that gives the order up asks as well, and is not kept waiting.
  const slow = vi.spyOn(payments, 'open').mockImplementationOnce(async (order) => {
    enter(order.orderId)
    await gate
    return open(order)
  })
  const placing = checkOut(shop, ada)
  const orderId = await entered
  const done = await shop.run('cancelOrder', ada, { id: encodeId('order', orderId) }, 'order { status }', 'OrderInput')
  expect(done.value).toEqual({ status: 'CANCELLED' })
  // The first job finds no name of a payment, while the gateway has not answered the checkout yet.
  await vi.waitFor(
    async () =>
      expect(
        await db.query(
          `select 1 from pgboss.job where name = 'payment.cancel' and state = 'completed' and data->>'orderId' = $1`,
          [orderId],
        ),
      ).not.toEqual([]),
    { timeout: 30_000, interval: 50 },
  )
  letThrough()
  await placing
  slow.mockRestore()
  await vi.waitFor(
    async () => {
      expect(await db.query('select status from test_payments where order_id = $1', [orderId])).toEqual([
        { status: 'CANCELED' },
      ])
      expect(await db.query('select status from payments where order_id = $1', [orderId])).toEqual([
        { status: 'CANCELED' },
      ])
    },
    { timeout: 30_000, interval: 50 },
  )
})

describe.each(['test', 'stripe'] as const)('a server that died between the gateway %s and its own table', (name) => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startWithGateway(name)
  })
  afterAll(() => gateway.close())

  test('leaves a payment that nobody here can name: when the order’s time is over it is given up all the same', async () => {
    const { world, running } = gateway.server
    const client = new ShopClient(gateway.server)
    const { db, payments } = running.atrium.deps
    const clerk = await world.person({ handle: 'clerk', role: 'STAFF' })
    const buyer = await world.person({ handle: 'buyer' })
    const cup = (await client.product(clerk, await world.productCategory(clerk, { name: 'Shelf' }))).variants[0] ?? ''
    await client.add(buyer, cup)
    // Events would tell the name.
    gateway.office.forwardTo(null)
    const open: PaymentGateway['open'] = payments.open.bind(payments)
    const dying = vi.spyOn(payments, 'open').mockImplementationOnce(async (order) => {
      await open(order)
      throw new Error('killed')
    })
    const { value: order } = await checkOut(client, buyer)
    dying.mockRestore()
    const orderId = parseId(order.id)?.uuid ?? ''
    expect(await db.query('select reference from payments where order_id = $1', [orderId])).toEqual([
      { reference: null },
    ])
    await db.query(`update orders set expires_at = now() - interval '1 second' where id = $1`, [orderId])
    await cancelLapsedOrders(running.atrium.deps)
    await vi.waitFor(
      async () =>
        expect(await db.query('select status from payments where order_id = $1', [orderId])).toEqual([
          { status: 'CANCELED' },
        ]),
      { timeout: 30_000, interval: 50 },
    )
    const atGateway =
      gateway.stripe === null
        ? await db.query('select status from test_payments where order_id = $1', [orderId])
        : [...gateway.stripe.intents.values()].map(({ status }) => ({ status: status.toUpperCase() }))
    expect(atGateway).toEqual([{ status: 'CANCELED' }])
  })
})
