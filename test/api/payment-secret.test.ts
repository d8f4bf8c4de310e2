import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { checkOut, pay, ShopClient } from '../support/shop.ts'

let server: TestServer
let shop: ShopClient
let staff: Viewer
let ada: Viewer
let cup: Uuid

beforeAll(async () => {
  server = await startTestServer()
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
  const shelf = await server.world.productCategory(staff, { name: 'Shelf' })
  cup = (await shop.product(staff, shelf, [{ quantity: 100 }])).variants[0] ?? ''
})
afterAll(() => server.close())

const SECRETS = 'payment { status clientSecret nextActionUrl }'

test.each(['member', 'guest', 'staff'] as const)(
  'what an order is paid with is for its buyer, here a %s: staff who look at it see how it stands and no more',
  async (who) => {
    const buyer = { member: ada, guest: null, staff }[who]
    const { cartToken: token } = (await shop.add(buyer, cup)).value
    const { id } = (await checkOut(shop, buyer, {}, token)).value
    // The bank asks the buyer who they are.
    await pay(shop, buyer, id, '4000002500003155', token)
    const seenBy = async (viewer: Viewer | null, ofToken: string | null) =>
      (
        await shop.ask(
          `query ($id: ID!, $token: String) { order(id: $id, cartToken: $token) { ${SECRETS} } }`,
          { id, token: ofToken },
          viewer,
        )
      ).data.order.payment
    const all = {
      status: 'REQUIRES_ACTION',
      clientSecret: expect.stringContaining('_secret_'),
      nextActionUrl: expect.stringContaining('secret='),
    }
    expect(await seenBy(buyer, token)).toEqual(all)
    const other = await server.world.person({ handle: `boss-of-${who}`, role: 'ADMIN' })
    const nothing = { status: 'REQUIRES_ACTION', clientSecret: null, nextActionUrl: null }
    expect(await seenBy(other, null)).toEqual(nothing)
    const text = `{ orders(first: 50) { nodes { id ${SECRETS} } } }`
    expect((await shop.ask(text, {}, other)).data.orders.nodes).toContainEqual({ id, payment: nothing })
  },
)
