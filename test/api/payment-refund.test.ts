import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeId, parseId, type Uuid } from '../../src/core/ids.ts'
import { markStalled } from '../../src/domain/shop/money-back.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { type GatewayUnderTest, startWithGateway } from '../support/gateways.ts'
import { checkOut, ORDER, pay, ShopClient } from '../support/shop.ts'

const uuidOf = (id: string): Uuid => parseId(id)?.uuid ?? ''
const SHOWN = `${ORDER} refunds { id failureCode } disputes { status amount { minorUnits } reason }`
const patient = { timeout: 30_000, interval: 50 }

describe.each(['test', 'stripe'] as const)('with the gateway %s', (name) => {
  let gateway: GatewayUnderTest
  let shop: ShopClient
  let staff: Viewer
  let shelf: Uuid
  let buyers = 0

  beforeAll(async () => {
    gateway = await startWithGateway(name)
    shop = new ShopClient(gateway.server)
    staff = await gateway.server.world.person({ handle: 'staff', role: 'STAFF' })
    shelf = await gateway.server.world.productCategory(staff, { name: 'Shelf' })
  })
  afterAll(() => gateway.close())

  const query = <Row>(text: string, parameters: unknown[] = []) =>
    gateway.server.running.atrium.deps.db.query<Row>(text, parameters)
  const orderOf = async (id: string) =>
    (await shop.ask(`query ($id: ID!) { order(id: $id) { ${SHOWN} } }`, { id }, staff)).data.order
  const retry = (id: string, viewer: Viewer = staff) =>
    shop.run('retryRefund', viewer, { id }, `order { ${SHOWN} } refund { id status amount { minorUnits } }`)
  const mailsAbout = (template: string, id: string) =>
    query(`select 1 from pgboss.job where name = 'mail.send' and data->>'template' = $1 and data::text like $2`, [
      template,
      `%${id}%`,
    ])

  async function bought(card = 'pm_card_visa', quantity = 2) {
    const buyer = await gateway.server.world.person({ handle: `buyer-${++buyers}` })
    const cup = (await shop.product(staff, shelf, [{ quantity }])).variants[0] ?? ''
    await shop.add(buyer, cup, quantity)
    const { id, totals } = (await checkOut(shop, buyer)).value
    expect((await pay(shop, buyer, id, card)).value).toMatchObject({ status: 'PAID' })
    return { id, buyer, total: totals.total.minorUnits as number }
  }
  const refund = (id: string, more: Record<string, unknown> = {}) =>
    shop.run('refundOrder', staff, { id, ...more }, `order { ${SHOWN} }`)

  /** A refund of everything that the bank sends back. */
  async function failedRefund() {
    const { id, buyer, total } = await bought(gateway.card('refundFails'))
    expect((await refund(id)).value).toMatchObject({ status: 'REFUNDED', refunded: { minorUnits: total } })
    if (gateway.stripe !== null) {
      const made = await vi.waitFor(() => {
        const own = gateway.stripe?.refunds.at(-1)
        expect(own?.amount).toBe(total)
        return own?.id ?? ''
      }, patient)
      await vi.waitFor(
        async () => expect(await orderOf(id)).toMatchObject({ refunds: [{ status: 'SUCCEEDED' }] }),
        patient,
      )
      gateway.stripe.settleRefund(made, 'failed')
    }
    await vi.waitFor(
      async () =>
        expect(await orderOf(id)).toMatchObject({
          status: 'REFUNDED',
          refunded: { minorUnits: 0 },
          refunds: [{ status: 'FAILED', failureCode: 'expired_or_canceled_card' }],
        }),
      patient,
    )
    return { id, buyer, total, refundId: (await orderOf(id)).refunds[0].id as string }
  }

  test('a refund that the bank sends back is FAILED, staff is mailed, the money is not counted, and it is tried again once', async () => {
    const { id, buyer, total, refundId } = await failedRefund()
    expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [total], refundedMinor: 0 })
    expect(await mailsAbout('refundTrouble', uuidOf(refundId))).toHaveLength(1)
    const listed = await shop.ask('{ refunds(status: FAILED, first: 100) { nodes { id order { id } } } }', {}, staff)
    expect(listed.data.refunds.nodes).toContainEqual({ id: refundId, order: { id } })
    expect((await retry(refundId, buyer)).refused).toBe('FORBIDDEN')

    const tries = await Promise.all(Array.from({ length: 10 }, () => retry(refundId)))
    expect(tries.filter(({ value }) => value !== null)).toHaveLength(1)
    for (const { value, userErrors } of tries) {
      if (value === null) expect(userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION', from: 'FAILED' }])
    }
    const [, second] = (await orderOf(id)).refunds
    expect(second).toMatchObject({ amount: { minorUnits: total } })
    // Staff sees at once which one went in its place.
    expect(tries.flatMap(({ payload }) => payload.refund ?? [])).toMatchObject([{ id: second.id }])
    await vi.waitFor(
      async () =>
        expect(
          await query('select 1 from refunds where replaces = $1 and reference is not null', [uuidOf(refundId)]),
        ).toHaveLength(1),
      patient,
    )
  }, 90_000)

  test('a refund of a part that failed is still owed: the rest is refunded without it', async () => {
    const { id, total } = await bought()
    const [{ id: lineId }] = (await orderOf(id)).lines
    await refund(id, { lines: [{ lineId, quantity: 1 }], idempotencyKey: 'the-first-part' })
    await vi.waitFor(
      async () => expect(await orderOf(id)).toMatchObject({ refunds: [{ status: 'SUCCEEDED' }] }),
      patient,
    )
    const [first] = (await orderOf(id)).refunds
    // The gateway takes it back, as its events would tell.
    await query(`update refunds set status = 'FAILED' where id = $1`, [uuidOf(first.id)])
    const { value } = await refund(id)
    const [, rest] = value.refunds
    expect(rest.amount.minorUnits).toBe(total - first.amount.minorUnits)
    expect(value.refunded.minorUnits).toBe(total - first.amount.minorUnits)
  })

  test('a refund that the gateway could not be asked for is STALLED, counts, and goes once when it is tried again', async () => {
    const { id, total } = await bought()
    const refundId = `01900000-0000-7000-8000-0000000000${name === 'test' ? '01' : '02'}`
    await query('insert into refunds (id, order_id, amount_minor) values ($1, $2, $3)', [refundId, uuidOf(id), total])
    await markStalled(gateway.server.running.atrium.deps, refundId)
    expect(await orderOf(id)).toMatchObject({
      refunded: { minorUnits: total },
      refunds: [{ status: 'STALLED', failureCode: 'gateway_away' }],
    })
    expect(await mailsAbout('refundTrouble', refundId)).toHaveLength(1)
    const tries = await Promise.all(Array.from({ length: 5 }, () => retry(encodeId('refund', refundId))))
    expect(tries.some(({ value }) => value !== null)).toBe(true)
    for (const { payload } of tries) {
      if (payload.refund !== null) expect(payload.refund.id).toBe(encodeId('refund', refundId))
    }
    await vi.waitFor(
      async () => expect(await orderOf(id)).toMatchObject({ refunds: [{ status: 'SUCCEEDED' }] }),
      patient,
    )
    expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [total], refundedMinor: total })
    await markStalled(gateway.server.running.atrium.deps, refundId)
    expect(await orderOf(id)).toMatchObject({ refunds: [{ status: 'SUCCEEDED' }] })
    expect((await retry(encodeId('refund', refundId))).userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION' }])
  })

  test('a refund that fails all the way ends STALLED by itself: staff is mailed once, and it goes when the gateway is back', async () => {
    const { id, total } = await bought()
    const { payments } = gateway.server.running.atrium.deps
    const away = vi.spyOn(payments, 'refund').mockRejectedValue(new Error('the gateway is away'))
    const { value } = await refund(id)
    const refundId = uuidOf(value.refunds[0].id)
    const ofRefund = `name = 'payment.refund' and data->>'refundId' = $1`
    // As it is, with two attempts instead of twenty over days.
    await query(`update pgboss.job set retry_limit = 1, retry_delay = 0, retry_backoff = false where ${ofRefund}`, [
      refundId,
    ])
    await vi.waitFor(
      async () =>
        expect(await orderOf(id)).toMatchObject({
          status: 'REFUNDED',
          refunded: { minorUnits: total },
          refunds: [{ status: 'STALLED', failureCode: 'gateway_away' }],
        }),
      patient,
    )
    expect(away.mock.calls.length).toBeGreaterThanOrEqual(2)
    expect(await query(`select state from pgboss.job where ${ofRefund}`, [refundId])).toEqual([{ state: 'failed' }])
    expect(await mailsAbout('refundTrouble', refundId)).toHaveLength(1)
    expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [total], refundedMinor: 0 })
    away.mockRestore()
    expect((await retry(encodeId('refund', refundId))).userErrors).toEqual([])
    await vi.waitFor(
      async () => expect(await orderOf(id)).toMatchObject({ refunds: [{ status: 'SUCCEEDED', failureCode: null }] }),
      patient,
    )
    expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [total], refundedMinor: total })
  }, 90_000)

  test('money that went back at the gateway itself is learnt, counted once, and refused a second time', async () => {
    const { id, total } = await bought()
    const [{ reference }] = (await query<{ reference: string }>('select reference from payments where order_id = $1', [
      uuidOf(id),
    ])) as [{ reference: string }]
    await gateway.refundElsewhere(reference, 300)
    await vi.waitFor(
      async () => expect(await orderOf(id)).toMatchObject({ status: 'PAID', refunded: { minorUnits: 300 } }),
      patient,
    )
    expect((await refund(id)).value).toMatchObject({ status: 'REFUNDED', refunded: { minorUnits: total } })
    await vi.waitFor(
      async () => expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [total], refundedMinor: total }),
      patient,
    )
  })

  test('money that somebody sends back at the gateway while staff refund everything: the rest goes when it is tried again', async () => {
    const { id, total } = await bought()
    const [payment] = await query<{ reference: string }>('select reference from payments where order_id = $1', [
      uuidOf(id),
    ])
    await gateway.refundElsewhere(payment?.reference ?? '', 100)
    await vi.waitFor(async () => expect(await orderOf(id)).toMatchObject({ refunded: { minorUnits: 100 } }), patient)
    // As if both had been asked for at once: the refund of everything was entered first, and the gateway refused it.
    const refundId = `01900000-0000-7000-8000-0000000001${name === 'test' ? '01' : '02'}`
    await query(
      `insert into refunds (id, order_id, amount_minor, status, failure_code) values ($1, $2, $3, 'FAILED', 'charge_already_refunded')`,
      [refundId, uuidOf(id), total],
    )
    await query(`update orders set status = 'REFUNDED' where id = $1`, [uuidOf(id)])
    const { value } = await retry(encodeId('refund', refundId))
    expect(value.refunds.map((each: { amount: { minorUnits: number } }) => each.amount.minorUnits).sort()).toEqual(
      [100, total - 100, total].sort(),
    )
    await vi.waitFor(
      async () => expect(await gateway.booksOf(uuidOf(id))).toEqual({ charges: [total], refundedMinor: total }),
      patient,
    )
    expect(await orderOf(id)).toMatchObject({ refunded: { minorUnits: total } })
    expect((await retry(encodeId('refund', refundId))).userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION' }])
  })

  test('a dispute is stored once, staff is mailed at each turn, and nothing is refunded while it is open', async () => {
    const { id, buyer, total } = await bought()
    const [{ reference }] = (await query<{ reference: string }>('select reference from payments where order_id = $1', [
      uuidOf(id),
    ])) as [{ reference: string }]
    const disputeId = `dp_${uuidOf(id)}`
    let number = 0
    const tell = async (status: string) => {
      const object = {
        object: 'dispute',
        id: disputeId,
        payment_intent: reference,
        amount: total,
        currency: 'eur',
        status,
        reason: 'fraudulent',
      }
      const body = JSON.stringify({
        id: `evt_${disputeId}_${++number}`,
        type: 'charge.dispute.updated',
        created: 1,
        data: { object },
      })
      for (let time = 0; time < 2; time += 1) {
        const letter = { id: '', type: '', body, signature: gateway.sign(body) }
        expect(await gateway.office.deliver(gateway.server.url, letter)).toBe(204)
      }
    }
    await tell('needs_response')
    const kept = (await query<{ id: Uuid }>('select id from disputes where reference = $1', [disputeId]))[0]?.id ?? ''
    expect(await orderOf(id)).toMatchObject({
      status: 'PAID',
      disputes: [{ status: 'OPEN', amount: { minorUnits: total }, reason: 'fraudulent' }],
    })
    expect(await mailsAbout('dispute', kept)).toHaveLength(1)
    expect((await refund(id)).userErrors).toMatchObject([{ code: 'ILLEGAL_TRANSITION' }])
    expect(
      (await shop.ask('query ($id: ID!) { order(id: $id) { disputes { status } } }', { id }, buyer)).errors?.[0]
        ?.extensions.code,
    ).toBe('FORBIDDEN')
    await tell('lost')
    await tell('under_review')
    expect(await orderOf(id)).toMatchObject({ status: 'PAID', disputes: [{ status: 'LOST' }] })
    expect(await mailsAbout('dispute', kept)).toHaveLength(2)
    // Its pieces come back, and no money goes.
    expect((await refund(id)).value).toMatchObject({ status: 'REFUNDED', refunds: [], refunded: { minorUnits: 0 } })
    const listed = async (status: string) => {
      const query = `{ disputes(first: 100${status}) { totalCount nodes { status order { id } } } }`
      const { nodes, totalCount } = (await shop.ask(query, {}, staff)).data.disputes
      expect(totalCount).toBe(nodes.length)
      return nodes
    }
    expect(await listed('')).toContainEqual({ status: 'LOST', order: { id } })
    expect(await listed(', status: LOST')).toContainEqual({ status: 'LOST', order: { id } })
    expect(await listed(', status: OPEN')).toEqual([])
  })
})
