import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseId, type Uuid } from '../../src/core/ids.ts'
import { cancelLapsedOrders } from '../../src/domain/shop/order.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ADDRESS, cents, checkOut, eur, ORDER, pay, ShopClient, variantId } from '../support/shop.ts'

let server: TestServer
let shop: ShopClient
let staff: Viewer
let shelf: Uuid
let buyers = 0
let ada: Viewer

beforeAll(async () => {
  server = await startTestServer()
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  shelf = await server.world.productCategory(staff, { name: 'Shelf' })
})
beforeEach(async () => {
  ada = await server.world.person({ handle: `buyer-${++buyers}` })
})
afterAll(() => server.close())

const stock = async (quantity: number): Promise<Uuid> =>
  (await shop.product(staff, shelf, [{ quantity }])).variants[0] ?? ''
const query = <Row>(text: string, parameters: unknown[] = []) =>
  server.running.atrium.deps.db.query<Row>(text, parameters)
const available = async (variant: Uuid): Promise<{ available: number; onShelf: number }> =>
  (
    await shop.ask(
      'query ($id: ID!) { node(id: $id) { ... on ProductVariant { available onShelf } } }',
      { id: variantId(variant) },
      staff,
    )
  ).data.node
const orderOf = async (viewer: Viewer | null, id: string, token: string | null = null) => {
  const { data, errors } = await shop.ask(
    `query ($id: ID!, $token: String) { order(id: $id, cartToken: $token) { ${ORDER} } }`,
    { id, token },
    viewer,
  )
  return errors?.[0]?.extensions.code ?? data.order
}
/** Moves the end of an order's reservation into the past, as fifteen minutes would. */
async function lapse(id: string): Promise<void> {
  const uuid = parseId(id)?.uuid
  for (const table of ['orders', 'stock_holds', 'coupon_holds']) {
    await query(
      `update ${table} set expires_at = clock_timestamp() - interval '1 second' where ${table === 'orders' ? 'id' : 'order_id'} = $1`,
      [uuid],
    )
  }
}

describe.each(['member', 'guest'] as const)('a %s', (who) => {
  const viewer = () => (who === 'member' ? ada : null)

  test('buys: cart, order, payment, delivery; prices stay as they were', async () => {
    const cup = await stock(10)
    const { value: cart } = await shop.add(viewer(), cup, 3)
    const token = cart.cartToken
    const { value: order, userErrors } = await checkOut(shop, viewer(), {}, token)
    expect(userErrors).toEqual([])
    expect(order).toMatchObject({
      status: 'PENDING',
      paidAt: null,
      email: who === 'member' ? `${ada.handle}@example.com` : 'guest@example.com',
      address: { name: 'Ada Buyer', country: 'DE' },
      lines: [{ kind: 'GOODS', quantity: 3, unitPrice: { minorUnits: 1_000 }, variant: { id: variantId(cup) } }],
      payment: {
        status: 'REQUIRES_PAYMENT_METHOD',
        gateway: 'test',
        clientSecret: expect.stringMatching(/^pi_test_.+_secret_/),
      },
    })
    expect(cents(order.totals)).toEqual({ subtotal: 3_000, discount: 0, shipping: 490, tax: 663, total: 4_153 })
    // Kept for the buyer; still on the shelf; and no longer in the cart.
    expect(await available(cup)).toEqual({ available: 7, onShelf: 10 })
    expect((await shop.cart(viewer(), token)).lines).toEqual([])
    await shop.run(
      'updateVariant',
      staff,
      { id: variantId(cup), price: { amount: '99', currency: 'EUR' } },
      'variant { id }',
    )
    const paid = await pay(shop, viewer(), order.id, '4242 4242 4242 4242', token)
    expect(paid).toMatchObject({ userErrors: [], value: { status: 'PAID', payment: { status: 'SUCCEEDED' } } })
    expect(paid.value.totals).toEqual(order.totals)
    expect(paid.value.paidAt).not.toBeNull()
    expect(await available(cup)).toEqual({ available: 7, onShelf: 7 })
    for (const [step, status] of [
      ['fulfilOrder', 'FULFILLED'],
      ['completeOrder', 'COMPLETED'],
    ] as const) {
      expect((await shop.run(step, staff, { id: order.id }, 'order { status }', 'ShopIdInput')).value).toEqual({
        status,
      })
    }
    expect(await orderOf(viewer(), order.id, token)).toMatchObject({ status: 'COMPLETED' })
    // Nobody else finds it.
    const stranger = await server.world.person({ handle: `stranger-${buyers}` })
    expect(await orderOf(stranger, order.id)).toBe('NOT_FOUND')
    expect(await orderOf(null, order.id, 'not the token')).toBe('NOT_FOUND')
    expect(await orderOf(staff, order.id)).toMatchObject({ status: 'COMPLETED' })
  })

  test('gives an order up, and what it kept is free again', async () => {
    const cup = await stock(2)
    const { value: cart } = await shop.add(viewer(), cup, 2)
    const { value: order } = await checkOut(shop, viewer(), {}, cart.cartToken)
    expect(await available(cup)).toMatchObject({ available: 0 })
    const cancel = (by: Viewer | null, cartToken: string | null) =>
      shop.run('cancelOrder', by, { id: order.id, cartToken }, 'order { status }', 'OrderInput')
    expect((await cancel(null, 'not the token')).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    expect((await cancel(viewer(), cart.cartToken)).value).toEqual({ status: 'CANCELLED' })
    expect((await cancel(viewer(), cart.cartToken)).userErrors).toMatchObject([
      { code: 'ILLEGAL_TRANSITION', from: 'CANCELLED', allowed: ['PAID', 'REFUNDED'] },
    ])
    expect((await pay(shop, viewer(), order.id, undefined, cart.cartToken)).userErrors).toMatchObject([
      { code: 'ILLEGAL_TRANSITION', from: 'CANCELLED' },
    ])
    expect(await available(cup)).toEqual({ available: 2, onShelf: 2 })
  })
})

describe('a checkout is refused, and keeps nothing, when', () => {
  test.each([
    [
      'the total is not what the buyer was shown',
      { expectedTotal: { amount: '0.01', currency: 'EUR' } },
      { code: 'PRICE_CHANGED', now: { minorUnits: 1_773 }, seen: { minorUnits: 1 } },
    ],
    [
      'the total is in another currency',
      { expectedTotal: { amount: '17.73', currency: 'USD' } },
      { code: 'PRICE_CHANGED' },
    ],
    [
      'nobody delivers there',
      { address: { ...ADDRESS, country: 'XX' } },
      { code: 'INVALID_INPUT', path: ['input', 'address', 'country'] },
    ],
    [
      'there is no name',
      { address: { ...ADDRESS, name: ' ' } },
      { code: 'INVALID_INPUT', path: ['input', 'address', 'name'] },
    ],
    [
      'a name is a link',
      { address: { ...ADDRESS, name: 'You won: https://example.com' } },
      { code: 'INVALID_INPUT', path: ['input', 'address', 'name'] },
    ],
    [
      'a name is a link without a scheme',
      { address: { ...ADDRESS, name: 'WWW.example.com' } },
      { code: 'INVALID_INPUT', path: ['input', 'address', 'name'] },
    ],
    ['the key is too short', { idempotencyKey: 'short' }, { code: 'INVALID_INPUT', path: ['input', 'idempotencyKey'] }],
  ])('%s', async (_, input, refusal) => {
    const cup = await stock(5)
    await shop.add(ada, cup)
    const { value, userErrors } = await checkOut(shop, ada, input)
    expect(value).toBeNull()
    expect(userErrors[0]).toMatchObject(refusal)
    expect(await available(cup)).toEqual({ available: 5, onShelf: 5 })
    expect((await shop.cart(ada)).lines).toHaveLength(1)
  })

  test('the cart is empty, a price has changed, or something is gone', async () => {
    expect((await checkOut(shop, ada)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input'] }])
    const [cup, dear] = [await stock(5), await stock(5)]
    await shop.add(ada, cup, 4)
    await shop.add(ada, dear)
    await shop.run('moveStock', staff, { variantId: variantId(cup), kind: 'OUT', quantity: 3 }, 'movement { id }')
    await shop.run(
      'updateVariant',
      staff,
      { id: variantId(dear), price: { amount: '11', currency: 'EUR' } },
      'variant { id }',
    )
    const { userErrors } = await checkOut(shop, ada)
    expect(userErrors).toMatchObject([
      { __typename: 'InsufficientStock', code: 'INSUFFICIENT_STOCK', available: 2 },
      { __typename: 'PriceChanged', code: 'PRICE_CHANGED', seen: { minorUnits: 1_000 }, now: { minorUnits: 1_100 } },
    ])
  })

  test('a guest gives no e-mail address, or a wrong one', async () => {
    const { value } = await shop.add(null, await stock(5))
    for (const email of [null, 'guest', 'a@b', 'a b@example.com']) {
      expect((await checkOut(shop, null, { email }, value.cartToken)).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: ['input', 'email'] },
      ])
    }
  })

  test('are all named at once, as a form needs it', async () => {
    const { value } = await shop.add(null, await stock(5))
    const wrong = { idempotencyKey: 'short', email: 'guest', address: { ...ADDRESS, street: ' ', country: 'XX' } }
    const { userErrors } = await checkOut(shop, null, wrong, value.cartToken)
    expect(userErrors.map(({ path }) => path.join('.')).sort()).toEqual([
      'input.address.country',
      'input.address.street',
      'input.email',
      'input.idempotencyKey',
    ])
  })
})

test('the same key is the same order, also twenty times at once; with something else it is refused', async () => {
  const cup = await stock(50)
  await shop.add(ada, cup, 2)
  const cart = await shop.cart(ada)
  const input = {
    idempotencyKey: 'one-and-the-same',
    address: ADDRESS,
    expectedTotal: { amount: (cart.totals.total.minorUnits / 100).toFixed(2), currency: 'EUR' },
  }
  const buy = (more = {}) => shop.run('checkout', ada, { ...input, ...more }, 'order { id }')
  const done = await Promise.all(Array.from({ length: 20 }, () => buy()))
  expect(new Set(done.map(({ value }) => value?.id)).size).toBe(1)
  expect(await available(cup)).toMatchObject({ available: 48 })
  expect((await buy({ address: { ...ADDRESS, city: 'Bonn' } })).userErrors).toMatchObject([
    { code: 'CONFLICT', path: ['input', 'idempotencyKey'] },
  ])
  expect(
    await query('select 1 from test_payments where order_id = $1', [parseId(done[0]?.value.id)?.uuid]),
  ).toHaveLength(1)
})

describe('coupons', () => {
  test('take off what they say, are counted when the order is paid, and free when it lapses', async () => {
    const coupon = await server.world.coupon(staff, { code: 'ONLY-ONE', amount: eur(300), maxUses: 1 })
    const used = async () =>
      (await query<{ used: number }>('select used_count as used from coupons where id = $1', [coupon]))[0]?.used
    const cup = await stock(10)
    const bob = await server.world.person({ handle: `bob-${buyers}` })
    for (const buyer of [ada, bob]) {
      await shop.add(buyer, cup)
      await shop.run('applyCoupon', buyer, { code: 'only-one' }, undefined, 'CouponCodeInput')
    }
    const { value: first } = await checkOut(shop, ada)
    expect(first).toMatchObject({
      coupons: [{ code: 'ONLY-ONE', discount: { minorUnits: 300 } }],
      totals: { discount: { minorUnits: 300 } },
    })
    expect((await checkOut(shop, bob)).userErrors).toMatchObject([
      { code: 'COUPON_NOT_APPLICABLE', reason: 'USED_UP', coupon: 'ONLY-ONE' },
    ])
    await lapse(first.id)
    const { value: second } = await checkOut(shop, bob)
    expect(await used()).toBe(0)
    expect((await pay(shop, bob, second.id)).value.status).toBe('PAID')
    expect(await used()).toBe(1)
  })

  test('with a cap per member are for members, who are told apart by their accounts', async () => {
    await server.world.coupon(staff, { code: 'EACH-ONCE', amount: eur(100), maxUsesPerMember: 1 })
    const cup = await stock(10)
    const enter = (viewer: Viewer | null, cartToken: string | null = null) =>
      shop.run('applyCoupon', viewer, { code: 'EACH-ONCE', cartToken }, undefined, 'CouponCodeInput')
    const { cartToken: token } = (await shop.add(null, cup)).value
    expect((await enter(null, token)).userErrors).toMatchObject([
      { code: 'COUPON_NOT_APPLICABLE', reason: 'MEMBERS_ONLY', coupon: 'EACH-ONCE' },
    ])
    await shop.add(ada, cup)
    expect((await enter(ada)).userErrors).toEqual([])
    const { value } = await checkOut(shop, ada)
    // Not paid yet, and counted.
    await shop.add(ada, cup)
    expect((await enter(ada)).userErrors).toMatchObject([{ reason: 'USED_UP_BY_MEMBER' }])
    await pay(shop, ada, value.id)
    expect((await enter(ada)).userErrors).toMatchObject([{ reason: 'USED_UP_BY_MEMBER' }])
    const bob = await server.world.person({ handle: `bob-${buyers}` })
    await shop.add(bob, cup)
    expect((await enter(bob)).userErrors).toEqual([])
  })

  test('that a guest uses with the address of a member are none of the member’s', async () => {
    const couponId = await server.world.coupon(staff, { code: 'LATER-CAPPED', amount: eur(100) })
    const cup = await stock(10)
    const enter = (viewer: Viewer | null, cartToken: string | null = null) =>
      shop.run('applyCoupon', viewer, { code: 'LATER-CAPPED', cartToken }, undefined, 'CouponCodeInput')
    const [guest, other] = [(await shop.add(null, cup)).value.cartToken, (await shop.add(null, cup)).value.cartToken]
    for (const token of [guest, other]) expect((await enter(null, token)).userErrors).toEqual([])
    const email = ` ${ada.handle.toUpperCase()}@Example.com `
    const { value } = await checkOut(shop, null, { email }, guest)
    await query('update coupons set max_uses_per_member = 1 where id = $1', [couponId])
    // What was promised to a guest before is kept; nobody else gets it.
    expect((await pay(shop, null, value.id, 'pm_card_visa', guest)).value.status).toBe('PAID')
    expect((await checkOut(shop, null, { email }, other)).userErrors).toMatchObject([{ reason: 'MEMBERS_ONLY' }])
    await shop.add(ada, cup)
    expect((await enter(ada)).userErrors).toEqual([])
    const { value: own } = await checkOut(shop, ada)
    expect((await pay(shop, ada, own.id)).value.status).toBe('PAID')
  })

  test('do not bring an order below what one may come to: it counts before discounts', async () => {
    await server.world.coupon(staff, { code: 'NEARLY-ALL', percentBasisPoints: 9_999 })
    const product = await shop.product(staff, shelf, [{ quantity: 99, price: eur(99_999_999) }])
    await shop.add(ada, product.variants[0] ?? '', 99)
    await shop.run('applyCoupon', ada, { code: 'NEARLY-ALL' }, undefined, 'CouponCodeInput')
    const cart = await shop.cart(ada)
    expect(cents(cart.totals).subtotal).toBe(99 * 99_999_999)
    expect(cents(cart.totals).total).toBeLessThan(99_999_999)
    const { refused, userErrors } = await checkOut(shop, ada)
    expect(refused).toBeNull()
    expect(userErrors).toMatchObject([{ code: 'LIMIT_EXCEEDED', limit: 99_999_999 }])
    expect(await query('select 1 from orders where account_id = $1', [ada.accountId])).toEqual([])
  })

  test('never pay for the shipping', async () => {
    await server.world.coupon(staff, { code: 'ALL-OF-IT', percentBasisPoints: 10_000 })
    const cup = await stock(3)
    await shop.add(ada, cup, 3)
    await shop.run('applyCoupon', ada, { code: 'ALL-OF-IT' }, undefined, 'CouponCodeInput')
    const { value } = await checkOut(shop, ada, { address: { ...ADDRESS, country: 'DE' } })
    expect(cents(value.totals)).toEqual({ subtotal: 3_000, discount: 3_000, shipping: 490, tax: 93, total: 583 })
  })
})

describe('what is kept unpaid', () => {
  test.each(['member', 'guest'] as const)('is five orders of a %s at most', async (who) => {
    const viewer = who === 'member' ? ada : null
    const cup = await stock(20)
    const token: string | null = (await shop.add(viewer, cup)).value.cartToken
    const placed: string[] = []
    for (let at = 0; at < 5; at += 1) {
      placed.push((await checkOut(shop, viewer, {}, token)).value.id)
      await shop.add(viewer, cup, 1, token)
    }
    expect((await checkOut(shop, viewer, {}, token)).userErrors).toMatchObject([
      { code: 'LIMIT_EXCEEDED', limit: 5, path: ['input'] },
    ])
    expect(await available(cup)).toEqual({ available: 15, onShelf: 20 })
    // One that is paid, given up or over makes room for another.
    const [first = '', second = '', third = ''] = placed
    await pay(shop, viewer, first, 'pm_card_visa', token)
    await shop.run('cancelOrder', viewer, { id: second, cartToken: token }, 'order { id }', 'OrderInput')
    await lapse(third)
    for (let at = 0; at < 4; at += 1) {
      const code = (await checkOut(shop, viewer, {}, token)).userErrors[0]?.code
      expect(code).toBe(at < 3 ? undefined : 'LIMIT_EXCEEDED')
      await shop.add(viewer, cup, 1, token)
    }
  })

  test('is limited for guests of one network address; the same request again and members are not meant', async () => {
    const strict = await startTestServer({ databaseUrl: server.databaseUrl, limits: { guestOrdersPerAddress: 2 } })
    const client = new ShopClient(strict)
    const cup = await stock(10)
    const buy = async (input = {}) => {
      const { cartToken: token } = (await client.add(null, cup)).value
      return checkOut(client, null, input, token)
    }
    const { cartToken: token } = (await client.add(null, cup)).value
    for (let at = 0; at < 3; at += 1) {
      const again = { idempotencyKey: 'the-same-once-more', expectedTotal: { amount: '17.73', currency: 'EUR' } }
      expect((await checkOut(client, null, again, token)).userErrors).toEqual([])
    }
    expect((await buy()).refused).toBeNull()
    expect((await buy()).refused).toBe('RATE_LIMITED')
    expect(await available(cup)).toEqual({ available: 8, onShelf: 10 })
    await client.add(ada, cup)
    expect((await checkOut(client, ada)).value.status).toBe('PENDING')
    await strict.close()
  })
})

test('attempts to pay are limited for each member, so that nobody finds out here which cards of a list still work', async () => {
  const strict = await startTestServer({ databaseUrl: server.databaseUrl, limits: { paymentAttemptsPerBuyer: 3 } })
  const client = new ShopClient(strict)
  const [thief, honest] = [
    await server.world.person({ handle: 'thief' }),
    await server.world.person({ handle: 'honest' }),
  ]
  const cup = await stock(10)
  const order = async (viewer: Viewer) => {
    await client.add(viewer, cup)
    return (await checkOut(client, viewer)).value.id
  }
  const [first, second] = [await order(thief), await order(thief)]
  const attempt = async (viewer: Viewer, id: string, card: string) => {
    const { refused, userErrors, value } = await pay(client, viewer, id, card)
    return refused ?? userErrors[0]?.code ?? value.status
  }
  expect(await attempt(thief, first, '4000000000000002')).toBe('PAYMENT_DECLINED')
  expect(await attempt(thief, first, '4111')).toBe('INVALID_INPUT')
  expect(await attempt(thief, second, '4000000000009995')).toBe('PAYMENT_DECLINED')
  // A new order makes no new attempts.
  for (const id of [first, second]) expect(await attempt(thief, id, '4242424242424242')).toBe('RATE_LIMITED')
  const own = await order(honest)
  expect(await attempt(honest, own, '4242424242424242')).toBe('PAID')
  // What cannot be paid asks no bank, however often.
  for (let at = 0; at < 5; at += 1) {
    expect(await attempt(honest, own, '4242424242424242')).toBe('ILLEGAL_TRANSITION')
  }
  await strict.close()
})

describe('when the time is over', () => {
  test('what an order kept is free at once for the next buyer, and is not to be paid any more', async () => {
    const cup = await stock(1)
    const bob = await server.world.person({ handle: `bob-${buyers}` })
    await shop.add(ada, cup)
    await shop.add(bob, cup)
    const { value: first } = await checkOut(shop, ada)
    expect((await checkOut(shop, bob)).userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK', available: 0 }])
    await lapse(first.id)
    const { value: second } = await checkOut(shop, bob)
    expect(second.status).toBe('PENDING')
    expect((await pay(shop, ada, first.id)).userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION', allowed: [] }])
    expect((await pay(shop, bob, second.id)).value.status).toBe('PAID')
    expect(await available(cup)).toEqual({ available: 0, onShelf: 0 })
  })

  test('the sweep cancels what was not paid, and nothing else', async () => {
    const cup = await stock(3)
    const ids: string[] = []
    for (const step of ['lapses', 'is paid', 'waits']) {
      await shop.add(ada, cup)
      const { value } = await checkOut(shop, ada)
      if (step === 'is paid') await pay(shop, ada, value.id)
      if (step !== 'waits') await lapse(value.id)
      ids.push(value.id)
    }
    await cancelLapsedOrders(server.running.atrium.deps)
    const states = await Promise.all(ids.map(async (id) => (await orderOf(ada, id)).status))
    expect(states).toEqual(['CANCELLED', 'PAID', 'PENDING'])
    await vi.waitFor(async () => expect((await orderOf(ada, ids[0] ?? '')).payment.status).toBe('CANCELED'), {
      timeout: 20_000,
    })
  })
})

describe('a refund', () => {
  const bought = async (quantity: number) => {
    const cup = await stock(quantity)
    await shop.add(ada, cup, quantity)
    const { value } = await checkOut(shop, ada)
    return { cup, order: (await pay(shop, ada, value.id)).value }
  }
  const refund = (input: Record<string, unknown>) =>
    shop.run('refundOrder', staff, input, `order { ${ORDER} } refund { id amount { minorUnits } status reason }`)

  test('of some pieces sends back their part, once; the rest with the shipping later', async () => {
    const { cup, order } = await bought(3)
    const [line] = order.lines
    const part = {
      id: order.id,
      lines: [{ lineId: line.id, quantity: 1 }],
      idempotencyKey: 'refund-one-piece',
      reason: 'Broken',
    }
    const [first, again] = [await refund(part), await refund(part)]
    expect(first.value).toMatchObject({
      status: 'PAID',
      lines: [{ refundedQuantity: 1 }],
      refunds: [{ reason: 'Broken' }],
    })
    expect(again.value.refunded).toEqual(first.value.refunded)
    expect(first.payload.refund).toMatchObject({ amount: first.value.refunded, reason: 'Broken' })
    expect(again.payload.refund.id).toBe(first.payload.refund.id)
    const other = await refund({ ...part, reason: 'Another' })
    expect(other).toMatchObject({ payload: { order: null, refund: null }, userErrors: [{ code: 'CONFLICT' }] })
    expect(await available(cup)).toEqual({ available: 1, onShelf: 1 })
    expect((await refund({ id: order.id, lines: [{ lineId: line.id, quantity: 3 }] })).userErrors).toMatchObject([
      { code: 'LIMIT_EXCEEDED', limit: 2 },
    ])
    for (const quantity of [0, -1]) {
      expect((await refund({ id: order.id, lines: [{ lineId: line.id, quantity }] })).userErrors).toMatchObject([
        { code: 'INVALID_INPUT' },
      ])
    }
    const whole = await refund({ id: order.id, restock: false })
    expect(whole.value).toMatchObject({
      status: 'REFUNDED',
      refunded: order.totals.total,
      lines: [{ refundedQuantity: 3 }],
    })
    const rest = order.totals.total.minorUnits - first.value.refunded.minorUnits
    expect(whole.payload.refund).toMatchObject({ amount: { minorUnits: rest } })
    expect(await available(cup)).toEqual({ available: 1, onShelf: 1 })
    expect((await refund({ id: order.id })).userErrors).toMatchObject([
      { code: 'ILLEGAL_TRANSITION', from: 'REFUNDED', allowed: [] },
    ])
    await vi.waitFor(
      async () => {
        const { refunds } = await orderOf(staff, order.id)
        expect(refunds.map(({ status }: { status: string }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED'])
      },
      { timeout: 20_000 },
    )
    const [books] = await query<{ refunded: number }>(
      'select refunded_minor as refunded from test_payments where order_id = $1',
      [parseId(order.id)?.uuid],
    )
    expect(books?.refunded).toBe(order.totals.total.minorUnits)
  })

  test('of twenty asked for at once for two pieces, two are made', async () => {
    const { order } = await bought(2)
    const lines = [{ lineId: order.lines[0].id, quantity: 1 }]
    const done = await Promise.all(Array.from({ length: 20 }, () => refund({ id: order.id, lines })))
    expect(done.filter(({ value }) => value !== null)).toHaveLength(2)
    expect(await orderOf(staff, order.id)).toMatchObject({ status: 'REFUNDED', refunded: order.totals.total })
  })

  test('of what was not paid is none', async () => {
    await shop.add(ada, await stock(1))
    const { value } = await checkOut(shop, ada)
    expect((await refund({ id: value.id })).userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION', from: 'PENDING' }])
  })
})

describe('staff’s doings with orders', () => {
  test.each([
    ['fulfilOrder', 'ShopIdInput'],
    ['completeOrder', 'ShopIdInput'],
    ['refundOrder', 'RefundOrderInput'],
  ])('%s is theirs alone', async (mutation, type) => {
    for (const [viewer, verdict] of [
      [null, 'UNAUTHENTICATED'],
      [ada, 'FORBIDDEN'],
      [staff, null],
    ] as const) {
      expect((await shop.run(mutation, viewer, { id: 'x' }, 'order { id }', type)).refused).toBe(verdict)
    }
  })

  test('and so is the list of all orders; members list their own', async () => {
    await shop.add(ada, await stock(1))
    const { value } = await checkOut(shop, ada)
    expect((await shop.ask('{ orders { totalCount } }', {}, ada)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect(
      (await shop.ask('{ orders(filter: { status: PENDING }, first: 1) { nodes { id } } }', {}, staff)).data.orders
        .nodes,
    ).toEqual([{ id: value.id }])
    expect((await shop.ask('{ viewer { orders { totalCount nodes { id } } } }', {}, ada)).data.viewer.orders).toEqual({
      totalCount: 1,
      nodes: [{ id: value.id }],
    })
  })
})

test('a checkout that is repeated after the guest has signed in is the order that the guest made', async () => {
  const cup = await stock(10)
  const member = await server.world.person({ handle: 'was-guest' })
  const { value: cart } = await shop.add(null, cup)
  const input = {
    idempotencyKey: 'before-and-after',
    address: ADDRESS,
    expectedTotal: { amount: (cart.totals.total.minorUnits / 100).toFixed(2), currency: 'EUR' },
    email: 'was-guest@example.net',
    cartToken: cart.cartToken,
  }
  const { id } = (await shop.run('checkout', null, input, 'order { id }')).value
  // Signed in: what is in the guest's cart is brought along.
  await shop.add(member, cup, 1, cart.cartToken)
  for (const [viewer, more] of [
    [member, {}],
    [member, { cartToken: null }],
    [member, { cartToken: null, email: null }],
    [null, {}],
  ] as const) {
    expect((await shop.run('checkout', viewer, { ...input, ...more }, 'order { id }')).value).toEqual({ id })
  }
  const other = { ...input, expectedTotal: { amount: '1.00', currency: 'EUR' } }
  expect((await shop.run('checkout', member, other, 'order { id }')).userErrors).toMatchObject([
    { code: 'CONFLICT', path: ['input', 'idempotencyKey'] },
  ])
  const stranger = await server.world.person({ handle: 'never-guest' })
  await shop.add(stranger, cup)
  const theirs = { ...input, cartToken: null, email: null }
  expect((await shop.run('checkout', stranger, theirs, 'order { id }')).value.id).not.toBe(id)
})
