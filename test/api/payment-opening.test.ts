import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import type { PaymentGateway } from '../../src/gateways/payment/gateway.ts'
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
  const slow = vi.spyOn(payments, 'open').mockImplementation(async (order) => {
    enter(order.orderId)
    await gate
    return open(order)
  })
  const placing = checkOut(shop, ada)
  const orderId = await entered
  const done = await shop.run('cancelOrder', ada, { id: encodeId('order', orderId) }, 'order { status }', 'OrderInput')
  expect(done.value).toEqual({ status: 'CANCELLED' })
  // The first job finds nothing to give up: the gateway has not been asked yet.
  await vi.waitFor(
    async () =>
      expect(
        await db.query(
          `select 1 from pgboss.job where name = 'payment.cancel' and state = 'completed' and data->>'orderId' = $1`,
          [orderId],
        ),
      ).toHaveLength(1),
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
