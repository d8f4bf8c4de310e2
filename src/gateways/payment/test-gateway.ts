import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { currencyOf, type Money, money } from '../../core/money.ts'
import type { Database, Transaction } from '../../db/database.ts'
import { defineJob } from '../queue/job.ts'
import type { Jobs } from '../queue.ts'
import {
  type PaymentGateway,
  type PaymentSnapshot,
  type PaymentStatus,
  RefundRefused,
  type RefundSnapshot,
  UnknownPaymentMethod,
} from './gateway.ts'
import { signWebhook, verifyWebhook } from './signature.ts'
import { parseStripeEvent } from './stripe-event.ts'
import { findTestCard } from './test-cards.ts'
import {
  chargeOf,
  disputeOf,
  INTENT_EVENTS,
  intentOf,
  refundOf,
  type TestPayment,
  type TestRefund,
} from './test-events.ts'

/** Events wait here until the server has taken them, and are sent again where it did not: as Stripe does. */
export const sendTestWebhook = defineJob<{ body: string }>('payment.sendTestWebhook', {
  retryLimit: 10,
  retryDelaySeconds: 1,
})

/** Some time after a refund: what its card's bank does with it. */
export const settleTestRefund = defineJob<{ reference: string }>('payment.settleTestRefund', { retryLimit: 10 })

/** Where the server takes events, below its address. */
export const WEBHOOK_PATH = '/webhooks/payments'
/** Where a buyer shows who they are, for cards that ask for it. */
export const TEST_BANK_PATH = '/test-bank'

export interface TestGateway extends PaymentGateway {
  /** What a buyer at their bank is asked to approve; null for a payment that is not asked for that. */
  findAsked(reference: string, clientSecret: string): Promise<Money | null>
  /** The buyer was at their bank and showed who they are, or did not. Null for a payment that is not asked for that. */
  authenticate(reference: string, clientSecret: string, isApproved: boolean): Promise<PaymentSnapshot | null>
  /** The bank has taken a refund that waited, or has sent one back. */
  settleRefund(reference: string): Promise<void>
  /** Sends one event to the server. @throws when the server does not take it, to be tried again. */
  deliver(body: string): Promise<void>
}

const COLUMNS = `reference, order_id as "orderId", client_secret as "clientSecret", amount_minor as "amountMinor", currency, status::text as "status", decline_code as "declineCode", refunded_minor as "refundedMinor", later`
const REFUND_COLUMNS = `reference, idempotency_key as "idempotencyKey", payment, amount_minor as "amountMinor", status`

/** What happens "some time later" at Stripe. */
const LATER_MS = 2_000

/**
 * A gateway without keys and without money. It keeps its books in tables of its own, knows Stripe's test cards, and
 * posts signed events to the server over HTTP: what runs here runs with Stripe.
 */
export function createTestGateway(options: {
  db: Database
  jobs: Jobs
  clock: Clock
  publicUrl: () => string
  /** Of the server; the secret that events are signed with follows from it. */
  secret: Uint8Array
}): TestGateway {
  const { db, jobs, clock, publicUrl } = options
  const webhookSecret = createHmac('sha256', options.secret).update('webhooks of the test gateway').digest('hex')
  const nowSeconds = (): number => Math.floor(clock.now().getTime() / 1000)
  const idOf = (prefix: string, key: string): string =>
    `${prefix}_test_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`
  const bankUrl = (row: TestPayment): string =>
    `${publicUrl()}${TEST_BANK_PATH}/${row.reference}?secret=${encodeURIComponent(row.clientSecret)}`

  const snapshotOf = (row: TestPayment): PaymentSnapshot => ({
    reference: row.reference,
    orderId: row.orderId,
    status: row.status,
    amountMinor: row.amountMinor,
    declineCode: row.status === 'REQUIRES_PAYMENT_METHOD' ? row.declineCode : null,
    clientSecret: row.clientSecret,
    nextActionUrl: row.status === 'REQUIRES_ACTION' ? bankUrl(row) : null,
    refunds: [],
  })

  const refundSnapshotOf = (row: TestRefund): RefundSnapshot => ({
    reference: row.reference,
    refundId: row.idempotencyKey,
    amountMinor: row.amountMinor,
    status: row.status,
    failureCode: row.status === 'FAILED' ? 'expired_or_canceled_card' : null,
  })

  const lock = async (tx: Transaction, reference: string): Promise<TestPayment> => {
    const [row] = await tx.query<TestPayment>(`select ${COLUMNS} from test_payments where reference = $1 for update`, [
      reference,
    ])
    if (row === undefined) throw new Error(`the test gateway knows no payment ${reference}`)
    return row
  }

  const emit = (
    tx: Transaction,
    type: string,
    object: Record<string, unknown>,
    startAfter = clock.now(),
  ): Promise<void> => {
    const body = JSON.stringify({
      id: `evt_test_${randomBytes(12).toString('hex')}`,
      object: 'event',
      type,
      created: nowSeconds(),
      data: { object },
    })
    return jobs.enqueue(tx, sendTestWebhook, { body }, { startAfter })
  }

  const move = async (tx: Transaction, row: TestPayment, status: PaymentStatus, declineCode: string | null) => {
    const moved = { ...row, status, declineCode }
    await tx.query(
      'update test_payments set status = $2::text::payment_status, decline_code = $3, later = $4 where reference = $1',
      [row.reference, status, declineCode, row.later],
    )
    await emit(tx, INTENT_EVENTS[status], intentOf(moved, bankUrl(moved)))
    if (status === 'SUCCEEDED' && row.later === 'DISPUTE') {
      await emit(tx, 'charge.dispute.created', disputeOf(moved, idOf('dp', row.reference)), soon())
    }
    return snapshotOf(moved)
  }

  const soon = (): Date => new Date(clock.now().getTime() + LATER_MS)

  const tellOfRefund = async (tx: Transaction, type: string, refund: TestRefund): Promise<void> => {
    const payment = await lock(tx, refund.payment)
    await emit(tx, type, refundOf(refund, payment.currency))
    await emit(tx, 'charge.refunded', chargeOf(payment, idOf('ch', payment.reference)))
  }

  const isFinal = ({ status }: TestPayment): boolean => status === 'SUCCEEDED' || status === 'CANCELED'

  return {
    name: 'test',
    open({ orderId, amountMinor, currency }) {
      return db.transaction(async (tx) => {
        const reference = idOf('pi', `order ${orderId}`)
        const clientSecret = `${reference}_secret_${randomBytes(12).toString('hex')}`
        const made = await tx.query<TestPayment>(
          `insert into test_payments (reference, idempotency_key, order_id, client_secret, amount_minor, currency)
           values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning ${COLUMNS}`,
          [reference, orderId, orderId, clientSecret, amountMinor, currency],
        )
        const row = made[0] ?? (await lock(tx, reference))
        if (made.length > 0) await emit(tx, 'payment_intent.created', intentOf(row, bankUrl(row)))
        return snapshotOf(row)
      })
    },
    confirm(reference, paymentMethod) {
      const card = findTestCard(paymentMethod)
      if (card === undefined)
        throw new UnknownPaymentMethod(
          'This is none of the test cards, such as 4242 4242 4242 4242 (see docs/recipes/take-payments.md).',
        )
      return db.transaction(async (tx) => {
        const row = await lock(tx, reference)
        if (isFinal(row)) return snapshotOf(row)
        // The bank decides once the buyer has been there; until then the card's answer waits in `decline_code`.
        if (card.afterAction !== null) {
          const asked = await move(tx, row, 'REQUIRES_ACTION', null)
          await tx.query('update test_payments set decline_code = $2 where reference = $1', [
            reference,
            card.afterAction.declineCode,
          ])
          return asked
        }
        return move(tx, { ...row, later: card.later }, card.status, card.declineCode)
      })
    },
    async findAsked(reference, clientSecret) {
      const [row] = await db.query<TestPayment>(
        `select ${COLUMNS} from test_payments where reference = $1 and client_secret = $2 and status = 'REQUIRES_ACTION'`,
        [reference, clientSecret],
      )
      return row === undefined ? null : money(row.amountMinor, currencyOf(row.currency))
    },
    authenticate(reference, clientSecret, isApproved) {
      return db.transaction(async (tx) => {
        const [row] = await tx.query<TestPayment>(
          `select ${COLUMNS} from test_payments where reference = $1 and client_secret = $2 for update`,
          [reference, clientSecret],
        )
        if (row === undefined || row.status !== 'REQUIRES_ACTION') return null
        const declineCode = isApproved ? row.declineCode : 'authentication_required'
        return move(tx, row, declineCode === null ? 'SUCCEEDED' : 'REQUIRES_PAYMENT_METHOD', declineCode)
      })
    },
    cancel(reference) {
      return db.transaction(async (tx) => {
        const row = await lock(tx, reference)
        return isFinal(row) ? snapshotOf(row) : move(tx, row, 'CANCELED', null)
      })
    },
    async retrieve(reference) {
      const [row] = await db.query<TestPayment>(`select ${COLUMNS} from test_payments where reference = $1`, [
        reference,
      ])
      if (row === undefined) return null
      const refunds = await db.query<TestRefund>(
        `select ${REFUND_COLUMNS} from test_refunds where payment = $1 order by reference`,
        [reference],
      )
      return { ...snapshotOf(row), refunds: refunds.map(refundSnapshotOf) }
    },
    refund({ id, reference, amountMinor }) {
      return db.transaction(async (tx) => {
        const row = await lock(tx, reference)
        const [before] = await tx.query<TestRefund>(
          `select ${REFUND_COLUMNS} from test_refunds where idempotency_key = $1`,
          [id],
        )
        if (before !== undefined) return refundSnapshotOf(before)
        if (row.status !== 'SUCCEEDED') throw new RefundRefused('payment_intent_unexpected_state')
        if (row.refundedMinor + amountMinor > row.amountMinor) throw new RefundRefused('charge_already_refunded')
        const status = row.later === 'REFUND_WAITS' ? 'PENDING' : 'SUCCEEDED'
        const made: TestRefund = {
          reference: idOf('re', id),
          idempotencyKey: id,
          payment: reference,
          amountMinor,
          status,
        }
        await tx.query(
          'insert into test_refunds (reference, idempotency_key, payment, amount_minor, status) values ($1, $2, $3, $4, $5)',
          [made.reference, id, reference, amountMinor, status],
        )
        await tx.query('update test_payments set refunded_minor = refunded_minor + $2 where reference = $1', [
          reference,
          amountMinor,
        ])
        await tellOfRefund(tx, 'refund.created', made)
        if (row.later === 'REFUND_WAITS' || row.later === 'REFUND_FAILS') {
          await jobs.enqueue(tx, settleTestRefund, { reference: made.reference }, { startAfter: soon() })
        }
        return refundSnapshotOf(made)
      })
    },
    settleRefund(reference) {
      return db.transaction(async (tx) => {
        const [refund] = await tx.query<TestRefund>(
          `select ${REFUND_COLUMNS} from test_refunds where reference = $1 for update`,
          [reference],
        )
        if (refund === undefined || refund.status === 'FAILED') return
        const { later } = await lock(tx, refund.payment)
        const status = later === 'REFUND_FAILS' ? 'FAILED' : 'SUCCEEDED'
        await tx.query('update test_refunds set status = $2 where reference = $1', [reference, status])
        if (status === 'FAILED') {
          await tx.query('update test_payments set refunded_minor = refunded_minor - $2 where reference = $1', [
            refund.payment,
            refund.amountMinor,
          ])
        }
        await tellOfRefund(tx, status === 'FAILED' ? 'refund.failed' : 'refund.updated', { ...refund, status })
      })
    },
    readWebhook(body, signature) {
      verifyWebhook(body, signature, webhookSecret, nowSeconds())
      return parseStripeEvent(body)
    },
    async deliver(body) {
      const response = await fetch(publicUrl() + WEBHOOK_PATH, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'stripe-signature': signWebhook(body, webhookSecret, nowSeconds()),
        },
        body,
        signal: AbortSignal.timeout(10_000),
      })
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`the server answered a webhook with ${response.status}`)
    },
  }
}
