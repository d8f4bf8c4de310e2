import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { type PaymentGateway, RefundRefused, UnknownPaymentMethod } from '../../src/gateways/payment/gateway.ts'
import { BadSignature, signWebhook } from '../../src/gateways/payment/signature.ts'
import { createStripeGateway } from '../../src/gateways/payment/stripe.ts'
import { type FakeStripe, startFakeStripe } from '../support/stripe.ts'

const WEBHOOK_SECRET = 'whsec_test'
let stripe: FakeStripe
let gateway: PaymentGateway

beforeEach(async () => {
  stripe = await startFakeStripe(WEBHOOK_SECRET)
  gateway = connect()
})
afterEach(() => stripe.stop())

const connect = (timeoutMs = 5_000, secretKey = 'sk_test_fake') =>
  createStripeGateway({
    secretKey,
    webhookSecret: WEBHOOK_SECRET,
    clock: systemClock,
    returnUrl: () => 'https://shop.example',
    address: { ...stripe.address, timeoutMs },
  })

const order = { orderId: '01900000-0000-7000-8000-000000000001', amountMinor: 2_570, currency: 'EUR' }
const asked = (what: string) => stripe.requests.filter(({ method, path }) => `${method} ${path}`.startsWith(what))

/** A payment that was paid. */
async function paid(card = 'pm_card_visa'): Promise<string> {
  const { reference } = await gateway.open(order)
  await gateway.confirm(reference, card)
  return reference
}

test('a payment is opened once for each order, for its amount, with its order in the metadata', async () => {
  const opened = await Promise.all([gateway.open(order), gateway.open(order), gateway.open(order)])
  expect(new Set(opened.map(({ reference }) => reference)).size).toBe(1)
  expect([...stripe.intents.values()]).toMatchObject([
    { amount: 2_570, currency: 'eur', metadata: { order_id: order.orderId } },
  ])
  expect(opened[0]).toMatchObject({ orderId: order.orderId, status: 'REQUIRES_PAYMENT_METHOD', amountMinor: 2_570 })
  expect(opened[0]?.clientSecret).toContain('_secret_')
})

test('an order that is opened again is answered as it is by then, not as it was when it was opened', async () => {
  const reference = await paid()
  expect(await gateway.open(order)).toMatchObject({ reference, status: 'SUCCEEDED' })
})

test.each([
  ['pm_card_visa', 'SUCCEEDED', null],
  ['pm_card_visa_chargeDeclined', 'REQUIRES_PAYMENT_METHOD', 'generic_decline'],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', 'REQUIRES_PAYMENT_METHOD', 'insufficient_funds'],
  ['pm_card_chargeDeclinedExpiredCard', 'REQUIRES_PAYMENT_METHOD', 'expired_card'],
  ['pm_card_authenticationRequired', 'REQUIRES_ACTION', null],
])('%s: %s, %s', async (card, status, declineCode) => {
  const { reference } = await gateway.open(order)
  const told = await gateway.confirm(reference, card)
  expect(told).toMatchObject({ reference, status, declineCode, orderId: order.orderId })
  expect(told.nextActionUrl).toEqual(status === 'REQUIRES_ACTION' ? expect.stringContaining('/3ds/') : null)
  expect(await gateway.retrieve(reference)).toMatchObject({ status, declineCode })
})

test('a declined card leads to another attempt, whose answer is its own', async () => {
  const { reference } = await gateway.open(order)
  expect((await gateway.confirm(reference, 'pm_card_visa_chargeDeclined')).declineCode).toBe('generic_decline')
  // The same card again asks the bank again.
  expect((await gateway.confirm(reference, 'pm_card_visa_chargeDeclined')).declineCode).toBe('generic_decline')
  expect((await gateway.confirm(reference, 'pm_card_visa')).status).toBe('SUCCEEDED')
  const keys = asked('POST /v1/payment_intents/').map(({ idempotencyKey }) => idempotencyKey)
  expect(new Set(keys).size).toBe(3)
})

test('a card number never leaves this server', async () => {
  const { reference } = await gateway.open(order)
  const before = stripe.requests.length
  for (const number of ['4242424242424242', '4242 4242 4242 4242', 'tok_visa', 'pm_../../v1/refunds', '']) {
    await expect(gateway.confirm(reference, number)).rejects.toThrow(UnknownPaymentMethod)
  }
  expect(stripe.requests).toHaveLength(before)
  await expect(gateway.confirm(reference, 'pm_unknown')).rejects.toThrow(UnknownPaymentMethod)
})

test('what was paid or cancelled stays so, and is told again', async () => {
  const reference = await paid()
  expect(await gateway.cancel(reference)).toMatchObject({ status: 'SUCCEEDED' })
  expect(await gateway.confirm(reference, 'pm_card_visa')).toMatchObject({ status: 'SUCCEEDED' })
  expect(stripe.charges).toHaveLength(1)
  const { reference: other } = await gateway.open({ ...order, orderId: '01900000-0000-7000-8000-000000000002' })
  for (let time = 0; time < 2; time += 1) expect(await gateway.cancel(other)).toMatchObject({ status: 'CANCELED' })
  expect(await gateway.confirm(other, 'pm_card_visa')).toMatchObject({ status: 'CANCELED' })
})

describe('a network that fails', () => {
  test.each([
    ['drop', 'before'],
    ['drop', 'after'],
    [500, 'before'],
    [429, 'before'],
    [409, 'before'],
  ] as const)('with %s %s the charge: it is charged once', async (what, when) => {
    const { reference } = await gateway.open(order)
    stripe.trouble({ at: `POST /v1/payment_intents/${reference}/confirm`, when, what, times: 2 })
    expect(await gateway.confirm(reference, 'pm_card_visa')).toMatchObject({ status: 'SUCCEEDED' })
    expect(stripe.charges).toEqual([{ intent: reference, amount: 2_570 }])
    expect(
      new Set(asked(`POST /v1/payment_intents/${reference}`).map(({ idempotencyKey }) => idempotencyKey)).size,
    ).toBe(1)
  })

  test('is given up after a few attempts, and the next question finds out what was done', async () => {
    const { reference } = await gateway.open(order)
    const at = `POST /v1/payment_intents/${reference}/confirm`
    stripe.trouble({ at, when: 'after', what: 'drop', times: 3 })
    await expect(gateway.confirm(reference, 'pm_card_visa')).rejects.toThrow()
    expect(asked(at)).toHaveLength(3)
    expect(await gateway.confirm(reference, 'pm_card_visa')).toMatchObject({ status: 'SUCCEEDED' })
    expect(stripe.charges).toHaveLength(1)
  })

  test('429 is given up after a few attempts', async () => {
    stripe.trouble({ at: 'POST /v1/payment_intents', when: 'before', what: 429, times: 100 })
    await expect(gateway.open(order)).rejects.toThrow('429')
    expect(asked('POST /v1/payment_intents')).toHaveLength(3)
  })

  test('a Stripe that says nothing is given up after the time set for it', async () => {
    stripe.trouble({ at: 'POST /v1/payment_intents', when: 'before', what: 'hold', times: 100 })
    await expect(connect(200).open(order)).rejects.toThrow('timeout')
    expect(asked('POST /v1/payment_intents')).toHaveLength(3)
  })
})

describe('a refund', () => {
  const refund = { id: '01900000-0000-7000-8000-00000000000a', amountMinor: 1_000, currency: 'EUR' }

  test.each([
    ['pm_card_visa', 'SUCCEEDED'],
    ['pm_card_pendingRefund', 'PENDING'],
  ])('of %s is %s and goes once, however often and for however long it is asked for', async (card, status) => {
    const reference = await paid(card)
    const first = await gateway.refund({ ...refund, reference })
    expect(first).toMatchObject({ status, refundId: refund.id, amountMinor: 1_000, failureCode: null })
    expect(await gateway.refund({ ...refund, reference })).toEqual(first)
    stripe.forgetKeys()
    expect(await gateway.refund({ ...refund, reference })).toEqual(first)
    expect(stripe.refunds).toHaveLength(1)
    expect(asked('POST /v1/refunds').map(({ idempotencyKey }) => idempotencyKey)).toEqual([refund.id])
    expect(await gateway.retrieve(reference)).toMatchObject({ status: 'SUCCEEDED', refunds: [first] })
  })

  test.each(['before', 'after'] as const)('goes once when the network fails %s it', async (when) => {
    const reference = await paid()
    stripe.trouble({ at: 'POST /v1/refunds', when, what: 'drop', times: 3 })
    await expect(gateway.refund({ ...refund, reference })).rejects.not.toThrow(RefundRefused)
    await gateway.refund({ ...refund, reference })
    expect(stripe.refunds).toHaveLength(1)
  })

  test('that Stripe will not make is told with Stripe’s word', async () => {
    const reference = await paid()
    stripe.refundInDashboard(reference, 2_000)
    const refused = gateway.refund({ ...refund, reference })
    await expect(refused).rejects.toThrow(RefundRefused)
    await expect(refused).rejects.toMatchObject({ code: 'charge_already_refunded' })
  })

  test('that a key of another account asks for is an error that says nothing about the money', async () => {
    const reference = await paid()
    await expect(connect(5_000, 'sk_test_other').refund({ ...refund, reference })).rejects.not.toThrow(RefundRefused)
  })

  test('of a payment that Stripe does not know is refused; to look for it finds none', async () => {
    expect(await gateway.retrieve('pi_unknown')).toBeNull()
  })
})

test('amounts go in the units that Stripe counts in, and come back in ours', async () => {
  const yen = await gateway.open({ ...order, orderId: 'a', amountMinor: 500, currency: 'JPY' })
  const krona = await gateway.open({ ...order, orderId: 'b', amountMinor: 500, currency: 'ISK' })
  expect([...stripe.intents.values()].map(({ amount, currency }) => [amount, currency])).toEqual([
    [500, 'jpy'],
    [50_000, 'isk'],
  ])
  expect([yen.amountMinor, krona.amountMinor]).toEqual([500, 500])
})

describe('an event', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const bodyOf = (object: object, type = 'payment_intent.succeeded') =>
    JSON.stringify({ id: 'evt_1', object: 'event', type, created: now(), data: { object } })
  const intent = { object: 'payment_intent', id: 'pi_1', amount: 5, currency: 'eur', metadata: { order_id: 'x' } }
  const read = (body: string) => gateway.readWebhook(body, signWebhook(body, WEBHOOK_SECRET, now()))

  test.each([
    ['succeeded', 'SUCCEEDED'],
    ['canceled', 'CANCELED'],
    ['requires_action', null],
    ['requires_payment_method', null],
    ['processing', null],
  ])('of a payment that %s is final: %s', (status, final) => {
    const event = read(bodyOf({ ...intent, status }))
    expect(event).toMatchObject({ id: 'evt_1', about: { reference: 'pi_1', orderId: 'x' } })
    expect(event.final?.status ?? null).toBe(final)
  })

  test.each([
    ['charge.refunded', { object: 'charge', id: 'ch_1', payment_intent: 'pi_1', amount_refunded: 5 }],
    ['refund.failed', { object: 'refund', id: 're_1', payment_intent: 'pi_1', status: 'failed' }],
    ['charge.refunded', { object: 'charge', id: 'ch_1', payment_intent: { id: 'pi_1' } }],
  ])('%s says which payment to look at', (type, object) => {
    expect(read(bodyOf(object, type))).toMatchObject({ about: { reference: 'pi_1' }, final: null, dispute: null })
  })

  test.each([
    ['needs_response', 'OPEN'],
    ['warning_needs_response', 'OPEN'],
    ['under_review', 'OPEN'],
    ['won', 'WON'],
    ['warning_closed', 'WON'],
    ['lost', 'LOST'],
  ])('of a dispute that is %s: %s', (status, ours) => {
    const dispute = {
      object: 'dispute',
      id: 'dp_1',
      payment_intent: 'pi_1',
      amount: 5,
      currency: 'eur',
      reason: 'fraudulent',
    }
    expect(read(bodyOf({ ...dispute, status }, 'charge.dispute.created'))).toMatchObject({
      about: { reference: 'pi_1' },
      dispute: { reference: 'dp_1', status: ours, amountMinor: 5, reason: 'fraudulent' },
    })
  })

  test('about nothing of ours is about nothing; one of somebody else is none', () => {
    expect(read(bodyOf({ object: 'customer', id: 'cus_1' }, 'customer.created'))).toMatchObject({ about: null })
    const body = bodyOf(intent)
    expect(() => gateway.readWebhook(body, signWebhook(body, 'whsec_other', now()))).toThrow(BadSignature)
    expect(() => gateway.readWebhook(body, signWebhook(body, WEBHOOK_SECRET, now() - 301))).toThrow(BadSignature)
  })
})
