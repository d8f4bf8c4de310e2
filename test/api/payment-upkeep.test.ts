import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseId } from '../../src/core/ids.ts'
import { forgetEvents, forgetOldEvents } from '../../src/domain/payment/upkeep.ts'
import { type GatewayUnderTest, startWithGateway } from '../support/gateways.ts'
import { checkOut, pay, ShopClient } from '../support/shop.ts'

let gateway: GatewayUnderTest
let shop: ShopClient

beforeAll(async () => {
  gateway = await startWithGateway('stripe')
  shop = new ShopClient(gateway.server)
})
afterAll(() => gateway.close())

const db = () => gateway.server.running.atrium.deps.db
const event = (id: string, age: string) =>
  db().query(
    `insert into payment_events (id, type, payload, received_at) values ($1, 'charge.succeeded', '{"a": 1}', now() - $2::text::interval)`,
    [id, age],
  )
const events = async () =>
  (await db().query<{ id: string }>('select id from payment_events order by id')).map((row) => row.id)

test('events are kept for ninety days, however many of them end on one day, and no longer', async () => {
  await event('evt_young', '89 days')
  await event('evt_old', '91 days')
  await db().query(
    `insert into payment_events (id, type, payload, received_at) select 'evt_many_' || n, 'charge.succeeded', '{}', now() - interval '100 days' from generate_series(1, 4500) n`,
  )
  expect(await forgetOldEvents(db())).toBe(4501)
  expect(await events()).toEqual(['evt_young'])
  const [plan] = await db().query<{ 'QUERY PLAN': unknown }>(
    `explain (format json) select id from payment_events where received_at < now() - interval '90 days' order by received_at limit 2000`,
  )
  expect(JSON.stringify(plan)).toContain('payment_events_by_age')
})

test('the clock does it', async () => {
  await event('evt_forgotten', '100 days')
  await gateway.server.running.atrium.deps.jobs.enqueue(db(), forgetEvents, {})
  await vi.waitFor(async () => expect(await events()).not.toContain('evt_forgotten'), {
    timeout: 30_000,
    interval: 50,
  })
  expect(await db().query(`select 1 from pgboss.schedule where name = 'payment.forgetEvents'`)).toHaveLength(1)
})

test('what a gateway told of a person goes with the account; that it told it stays, and is not news', async () => {
  const { world } = gateway.server
  const staff = await world.person({ handle: 'staff', role: 'STAFF' })
  const [eve, ada] = [await world.person({ handle: 'eve' }), await world.person({ handle: 'ada' })]
  const shelf = await world.productCategory(staff, { name: 'Shelf' })
  const told = async (viewer: typeof eve) => {
    await shop.add(viewer, (await shop.product(staff, shelf)).variants[0] ?? '')
    const { id } = (await checkOut(shop, viewer)).value
    expect((await pay(shop, viewer, id)).value.status).toBe('PAID')
    const orderId = parseId(id)?.uuid ?? ''
    return () =>
      db().query<{ id: string; isEmpty: boolean }>(
        `select e.id, e.payload = '{}' as "isEmpty" from payment_events e join payments p on p.id = e.payment_id where p.order_id = $1 order by e.id`,
        [orderId],
      )
  }
  const [ofEve, ofAda] = [await told(eve), await told(ada)]
  await vi.waitFor(
    async () => {
      for (const rows of [await ofEve(), await ofAda()]) expect(rows.length).toBeGreaterThan(0)
    },
    { timeout: 30_000, interval: 50 },
  )
  const before = (await ofEve()).map(({ id }) => id)
  const { data } = await shop.ask(
    'mutation { deleteAccount(input: { password: "a passphrase for this world" }) { userErrors { code } } }',
    {},
    eve,
  )
  expect(data.deleteAccount.userErrors).toEqual([])
  const after = await ofEve()
  expect(after.filter(({ id }) => before.includes(id))).toEqual(before.map((id) => ({ id, isEmpty: true })))
  for (const { isEmpty } of await ofAda()) expect(isEmpty).toBe(false)
})
