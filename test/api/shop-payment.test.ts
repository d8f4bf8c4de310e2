import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseId, type Uuid } from '../../src/core/ids.ts'
import { cancelLapsedOrders } from '../../src/domain/shop/order.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { signWebhook } from '../../src/gateways/payment/signature.ts'
import { CARDS, type GatewayUnderTest, startWithGateway } from '../support/gateways.ts'
import type { TestServer } from '../support/server.ts'
import { checkOut, ORDER, pay, ShopClient, variantId } from '../support/shop.ts'

describe.each(['test', 'stripe'] as const)('with the gateway %s', (name) => {
  let gateway: GatewayUnderTest
  let server: TestServer
  let shop: ShopClient
  let staff: Viewer
  let shelf: Uuid
  let buyers = 0
  let ada: Viewer

  beforeAll(async () => {
    gateway = await startWithGateway(name)
    server = gateway.server
    shop = new ShopClient(server)
    staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
    shelf = await server.world.productCategory(staff, { name: 'Shelf' })
  })
  beforeEach(async () => {
    ada = await server.world.person({ handle: `buyer-${++buyers}` })
  })
  afterAll(() => gateway.close())

  const query = <Row>(text: string, parameters: unknown[] = []) =>
    server.running.atrium.deps.db.query<Row>(text, parameters)
  const uuidOf = (id: string): Uuid => parseId(id)?.uuid ?? ''

  async function placed(quantity = 2): Promise<{ cup: Uuid; id: string; totalMinor: number }> {
    const cup = (await shop.product(staff, shelf, [{ quantity }])).variants[0] ?? ''
    await shop.add(ada, cup, quantity)
    const { value } = await checkOut(shop, ada)
    return { cup, id: value.id, totalMinor: value.totals.total.minorUnits }
  }

  const orderOf = async (id: string) =>
    (await shop.ask(`query ($id: ID!) { order(id: $id) { ${ORDER} } }`, { id }, staff)).data.order
  const onShelf = async (variant: Uuid) =>
    (await query<{ quantity: number }>('select quantity from stock_levels where variant_id = $1', [variant]))[0]
      ?.quantity
  const referenceOf = async (id: string): Promise<string> =>
    (await query<{ reference: string }>('select reference from payments where order_id = $1', [uuidOf(id)]))[0]
      ?.reference ?? ''

  let events = 0
  const nowSeconds = () => Math.floor(Date.now() / 1000)

  function intentEvent(reference: string, status: string, more: Record<string, unknown> = {}, created = nowSeconds()) {
    const object = {
      id: reference,
      object: 'payment_intent',
      amount: 1,
      currency: 'eur',
      status,
      metadata: {},
      ...more,
    }
    return JSON.stringify({ id: `evt_${++events}`, type: `payment_intent.${status}`, created, data: { object } })
  }

  function refundEvent(reference: string) {
    const object = {
      id: 're_1',
      object: 'refund',
      amount: 5,
      currency: 'eur',
      status: 'succeeded',
      payment_intent: reference,
    }
    return JSON.stringify({ id: `evt_${++events}`, type: 'refund.created', created: nowSeconds(), data: { object } })
  }

  const post = (body: string, signature = gateway.sign(body)) =>
    fetch(`${server.url}/webhooks/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body,
    })

  /** All that the gateway has posted by itself has arrived. */
  const settled = () =>
    vi.waitFor(
      async () => {
        const [waiting] = await query<{ count: number }>(
          `select count(*)::int as count from pgboss.job where name like 'payment.%' and name not like '%.dead' and state in ('created', 'retry', 'active')`,
        )
        expect(waiting?.count).toBe(0)
      },
      { timeout: 20_000, interval: 50 },
    )

  describe('the test cards', () => {
    const known: readonly (readonly [keyof typeof CARDS, string | null])[] = [
      ['pays', null],
      ['isDeclined', 'generic_decline'],
      ['hasNoFunds', 'insufficient_funds'],
      ['hasExpired', 'expired_card'],
    ]
    const cards: (readonly [string, string | null])[] = known.map(([what, code]) => [CARDS[what][name], code])
    const onlyBuiltIn: typeof cards = [
      ['pm_card_visa', null],
      ['4000000000000127', 'incorrect_cvc'],
      ['4000000000000119', 'processing_error'],
    ]
    test.each(name === 'test' ? [...cards, ...onlyBuiltIn] : cards)('%s: %s', async (card, declineCode) => {
      const { id } = await placed()
      const { value, userErrors } = await pay(shop, ada, id, card)
      if (declineCode === null) return expect(value).toMatchObject({ status: 'PAID', payment: { status: 'SUCCEEDED' } })
      expect(userErrors).toMatchObject([
        { __typename: 'PaymentDeclined', code: 'PAYMENT_DECLINED', declineCode, path: ['input', 'paymentMethod'] },
      ])
      // An event that was asked about a moment before may be taken in after it; the decline's own event settles it.
      await vi.waitFor(
        async () =>
          expect(await orderOf(id)).toMatchObject({
            status: 'PENDING',
            payment: { status: 'REQUIRES_PAYMENT_METHOD', declineCode },
          }),
        { timeout: 20_000 },
      )
      // Another card may work.
      expect((await pay(shop, ada, id)).value).toMatchObject({ status: 'PAID', payment: { declineCode: null } })
    })

    test('others are no payment method', async () => {
      const { id } = await placed()
      expect(
        (await pay(shop, ada, id, name === 'test' ? '4111111111111111' : '4242424242424242')).userErrors,
      ).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'paymentMethod'] }])
    })

    test.each([
      ['asks', true, 'PAID', null],
      ['asks', false, 'PENDING', name === 'test' ? 'authentication_required' : 'payment_intent_authentication_failure'],
      ['asksInVain', true, 'PENDING', 'insufficient_funds'],
    ] as const)(
      'that %s lead to one more step; the buyer agrees: %s; the order is %s',
      async (what, isApproved, status, declineCode) => {
        const { id } = await placed()
        const { value } = await pay(shop, ada, id, gateway.card(what))
        expect(value).toMatchObject({ status: 'PENDING', payment: { status: 'REQUIRES_ACTION', declineCode: null } })
        await gateway.goToBank(value.payment.nextActionUrl, isApproved)
        // It comes as an event.
        await vi.waitFor(async () => expect(await orderOf(id)).toMatchObject({ status, payment: { declineCode } }), {
          timeout: 20_000,
        })
        if (status === 'PENDING') expect((await pay(shop, ada, id)).value).toMatchObject({ status: 'PAID' })
      },
    )
  })

  test('an order is paid once, however often and by however many cards at once', async () => {
    const { id, cup, totalMinor } = await placed(3)
    const done = await Promise.all(Array.from({ length: 20 }, () => pay(shop, ada, id)))
    for (const { value, userErrors } of done) {
      if (value === null) expect(userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION', from: 'PAID' }])
      else expect(value.status).toBe('PAID')
    }
    await settled()
    expect(await onShelf(cup)).toBe(0)
    expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [totalMinor], refundedMinor: 0 })
  })

  describe('a webhook', () => {
    test('with a wrong signature, an old one or none is refused and changes nothing', async () => {
      const { id } = await placed()
      const body = intentEvent(await referenceOf(id), 'succeeded')
      const forged = [
        signWebhook(body, 'whsec_guess', nowSeconds()),
        gateway.sign(body, nowSeconds() - 301),
        gateway.sign(`${body} `),
        '',
        'nonsense',
      ]
      for (const signature of forged) expect((await post(body, signature)).status).toBe(400)
      expect(await orderOf(id)).toMatchObject({ status: 'PENDING' })
      expect(await query('select 1 from payment_events where id = $1', [JSON.parse(body).id])).toEqual([])
    })

    test('that comes many times at once is stored once and counts once', async () => {
      const { id, cup } = await placed(4)
      const body = intentEvent(await referenceOf(id), 'succeeded')
      const answers = await Promise.all(Array.from({ length: 20 }, () => post(body)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
      expect(await orderOf(id)).toMatchObject({ status: 'PAID' })
      expect(await onShelf(cup)).toBe(0)
      expect(await query('select 1 from payment_events where id = $1', [JSON.parse(body).id])).toHaveLength(1)
    })

    test('about a payment that is not known here, or about no payment, is kept and answered with success', async () => {
      const other = JSON.stringify({
        id: `evt_${++events}`,
        type: 'customer.created',
        created: nowSeconds(),
        data: { object: { id: 'cus_1', object: 'customer' } },
      })
      for (const body of [intentEvent('pi_unknown', 'succeeded'), refundEvent('pi_unknown'), other]) {
        expect((await post(body)).status).toBe(204)
        expect(await query('select payment_id from payment_events where id = $1', [JSON.parse(body).id])).toEqual([
          { payment_id: null },
        ])
      }
    })

    test('finds its order by what it was opened for, where its name has not reached us', async () => {
      const { id } = await placed()
      await settled()
      const reference = await referenceOf(id)
      await query('update payments set reference = null where order_id = $1', [uuidOf(id)])
      await post(intentEvent(reference, 'succeeded', { metadata: { order_id: uuidOf(id) } }))
      expect(await orderOf(id)).toMatchObject({ status: 'PAID' })
      expect(await referenceOf(id)).toBe(reference)
    })
  })

  describe('money that comes after the time is over', () => {
    const lapse = async (id: string) => {
      await query(`update orders set expires_at = clock_timestamp() - interval '1 second' where id = $1`, [uuidOf(id)])
      await query(`update stock_holds set expires_at = clock_timestamp() - interval '1 second' where order_id = $1`, [
        uuidOf(id),
      ])
    }

    test.each(['before', 'after'] as const)('%s the sweep buys what is still there', async (when) => {
      const { id, cup } = await placed(2)
      await lapse(id)
      if (when === 'after') {
        await cancelLapsedOrders(server.running.atrium.deps)
        expect(await orderOf(id)).toMatchObject({ status: 'CANCELLED' })
      }
      await post(intentEvent(await referenceOf(id), 'succeeded'))
      expect(await orderOf(id)).toMatchObject({ status: 'PAID', refunds: [] })
      expect(await onShelf(cup)).toBe(0)
    })

    test('goes back where another has bought it: nothing is sold twice, nothing is silently kept', async () => {
      const { id, cup, totalMinor } = await placed(1)
      const { value: first } = await pay(shop, ada, id, gateway.card('asks'))
      await lapse(id)
      const bob = await server.world.person({ handle: `bob-${buyers}` })
      await shop.add(bob, cup)
      const { value: second } = await checkOut(shop, bob)
      await pay(shop, bob, second.id)
      await gateway.goToBank(first.payment.nextActionUrl, true)
      await vi.waitFor(
        async () =>
          expect(await orderOf(id)).toMatchObject({
            status: 'REFUNDED',
            refunded: { minorUnits: totalMinor },
            refunds: [{ status: 'SUCCEEDED' }],
          }),
        { timeout: 20_000 },
      )
      await settled()
      expect(await orderOf(second.id)).toMatchObject({ status: 'PAID' })
      expect(await onShelf(cup)).toBe(0)
      expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [totalMinor], refundedMinor: totalMinor })
    })

    test('goes back where the buyer had given the order up', async () => {
      const { id, cup, totalMinor } = await placed(1)
      const { value } = await pay(shop, ada, id, gateway.card('asks'))
      // The event that they paid after all comes late.
      gateway.office.forwardTo(null)
      await gateway.goToBank(value.payment.nextActionUrl, true)
      await shop.run('cancelOrder', ada, { id }, 'order { status }', 'OrderInput')
      await vi.waitFor(
        async () => expect(await orderOf(id)).toMatchObject({ status: 'REFUNDED', refunds: [{ status: 'SUCCEEDED' }] }),
        { timeout: 20_000 },
      )
      expect(await onShelf(cup)).toBe(1)
      expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [totalMinor], refundedMinor: totalMinor })
      gateway.office.forwardTo(server.url)
    })
  })

  test('a buyer hears of an order as it is, then of each change; a stranger hears nothing', async () => {
    const { id } = await placed()
    const text = 'subscription ($id: ID!) { orderUpdated(id: $id) { status refunded { minorUnits } } }'
    const heard: string[] = []
    const refusals: unknown[] = []
    const listen = async (viewer: Viewer | null) => {
      const client = server.socket(viewer === null ? null : await shop.tokenOf(viewer))
      client.subscribe<{ orderUpdated: { status: string } }>(
        { query: text, variables: { id } },
        {
          next: ({ data, errors }) => {
            if (data?.orderUpdated) heard.push(data.orderUpdated.status)
            if (errors) refusals.push(...errors)
          },
          error: (error) => refusals.push(error),
          complete: () => {},
        },
      )
    }
    await listen(ada)
    await vi.waitFor(() => expect(heard).toEqual(['PENDING']), { timeout: 10_000 })
    await pay(shop, ada, id)
    await vi.waitFor(() => expect(heard.at(-1)).toBe('PAID'), { timeout: 10_000 })
    await shop.run('fulfilOrder', staff, { id }, 'order { status }', 'ShopIdInput')
    await vi.waitFor(() => expect(heard.at(-1)).toBe('FULFILLED'), { timeout: 10_000 })
    const count = heard.length
    await listen(null)
    await vi.waitFor(() => expect(refusals).not.toEqual([]), { timeout: 10_000 })
    expect(JSON.stringify(refusals)).toContain('NOT_FOUND')
    expect(heard).toHaveLength(count)
  })

  test('of sixty buyers at once for twelve pieces with six uses of a coupon, twelve buy and six save', async () => {
    const cup = (await shop.product(staff, shelf, [{ quantity: 12 }])).variants[0] ?? ''
    const coupon = await server.world.coupon(staff, { code: 'RACE', percentBasisPoints: 1_000, maxUses: 6 })
    const crowd = await Promise.all(Array.from({ length: 60 }, (_, n) => server.world.person({ handle: `crowd-${n}` })))
    for (const buyer of crowd) {
      await shop.add(buyer, cup)
      await shop.run('applyCoupon', buyer, { code: 'RACE' }, undefined, 'CouponCodeInput')
    }
    const codes = new Set<string>()
    const buy = async (buyer: Viewer): Promise<string | null> => {
      for (;;) {
        const { value, userErrors } = await checkOut(shop, buyer)
        if (value !== null) return (await pay(shop, buyer, value.id)).value.status
        const [{ code }] = userErrors
        codes.add(code)
        if (code === 'INSUFFICIENT_STOCK') return null
        // The total that was shown had the coupon in it, or not: the cart says what is true now.
        if (code === 'COUPON_NOT_APPLICABLE')
          await shop.run('removeCoupon', buyer, { code: 'RACE' }, undefined, 'CouponCodeInput')
      }
    }
    const outcomes = await Promise.all(crowd.map(buy))
    expect(outcomes.filter((outcome) => outcome === 'PAID')).toHaveLength(12)
    expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(48)
    expect([...codes].sort()).toEqual(
      ['COUPON_NOT_APPLICABLE', 'INSUFFICIENT_STOCK', 'PRICE_CHANGED'].filter((code) => codes.has(code)),
    )
    expect(await onShelf(cup)).toBe(0)
    expect(await query('select used_count from coupons where id = $1', [coupon])).toEqual([{ used_count: 6 }])
    expect(await query('select count(*)::int as count from coupon_uses where coupon_id = $1', [coupon])).toEqual([
      { count: 6 },
    ])
    expect(
      await query(`select sum(quantity)::int as sum from stock_movements where variant_id = $1 and kind = 'OUT'`, [
        cup,
      ]),
    ).toEqual([{ sum: -12 }])
    expect(
      await shop.ask('query ($id: ID!) { node(id: $id) { ... on ProductVariant { available } } }', {
        id: variantId(cup),
      }),
    ).toMatchObject({ data: { node: { available: 0 } } })
  }, 120_000)
})
