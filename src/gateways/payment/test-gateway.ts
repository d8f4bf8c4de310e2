import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Database, Transaction } from '../../db/database.ts'
import { defineJob } from '../queue/job.ts'
import type { Jobs } from '../queue.ts'
import { type PaymentGateway, type PaymentSnapshot, type PaymentStatus, UnknownPaymentMethod } from './gateway.ts'
import { signWebhook, verifyWebhook } from './signature.ts'
import { parseStripeEvent } from './stripe-event.ts'
import { findTestCard } from './test-cards.ts'

/** Events wait here until the server has taken them, and are sent again where it did not: as Stripe does. */
export const sendTestWebhook = defineJob<{ body: string }>('payment.sendTestWebhook', {
  retryLimit: 10,
  retryDelaySeconds: 1,
})

/** Where the server takes events, below its address. */
export const WEBHOOK_PATH = '/webhooks/payments'
/** Where a buyer shows who they are, for cards that ask for it. */
export const TEST_BANK_PATH = '/test-bank'

export interface TestGateway extends PaymentGateway {
  /** The buyer was at their bank and showed who they are, or did not. Null for a payment that is not asked for that. */
  authenticate(reference: string, clientSecret: string, isApproved: boolean): Promise<PaymentSnapshot | null>
  /** Sends one event to the server. @throws when the server does not take it, to be tried again. */
  deliver(body: string): Promise<void>
}

interface Row {
  reference: string
  orderId: string
  clientSecret: string
  amountMinor: number
  currency: string
  status: PaymentStatus
  declineCode: string | null
  refundedMinor: number
  movedAt: number
}

const COLUMNS = `reference, order_id as "orderId", client_secret as "clientSecret", amount_minor as "amountMinor", currency, status::text as "status", decline_code as "declineCode", refunded_minor as "refundedMinor", moved_at as "movedAt"`

const INTENT_EVENTS: Readonly<Record<PaymentStatus, string>> = {
  REQUIRES_PAYMENT_METHOD: 'payment_intent.payment_failed',
  REQUIRES_ACTION: 'payment_intent.requires_action',
  PROCESSING: 'payment_intent.processing',
  CANCELED: 'payment_intent.canceled',
  SUCCEEDED: 'payment_intent.succeeded',
}

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
  const bankUrl = (row: Row): string =>
    `${publicUrl()}${TEST_BANK_PATH}/${row.reference}?secret=${encodeURIComponent(row.clientSecret)}`

  const snapshotOf = (row: Row): PaymentSnapshot => ({
    reference: row.reference,
    orderId: row.orderId,
    status: row.status,
    amountMinor: row.amountMinor,
    refundedMinor: row.refundedMinor,
    declineCode: row.status === 'REQUIRES_PAYMENT_METHOD' ? row.declineCode : null,
    clientSecret: row.clientSecret,
    nextActionUrl: row.status === 'REQUIRES_ACTION' ? bankUrl(row) : null,
    observedAt: row.movedAt,
  })

  /** Two moves within one second keep their order. */
  const nextMove = (row: Row): number => Math.max(nowSeconds(), row.movedAt + 1)

  const lock = async (tx: Transaction, reference: string): Promise<Row> => {
    const [row] = await tx.query<Row>(`select ${COLUMNS} from test_payments where reference = $1 for update`, [
      reference,
    ])
    if (row === undefined) throw new Error(`the test gateway knows no payment ${reference}`)
    return row
  }

  const emit = (tx: Transaction, type: string, created: number, object: Record<string, unknown>): Promise<void> => {
    const body = JSON.stringify({
      id: `evt_test_${randomBytes(12).toString('hex')}`,
      object: 'event',
      type,
      created,
      data: { object },
    })
    return jobs.enqueue(tx, sendTestWebhook, { body })
  }

  const intentOf = (row: Row): Record<string, unknown> => ({
    id: row.reference,
    object: 'payment_intent',
    amount: row.amountMinor,
    currency: row.currency.toLowerCase(),
    status: row.status.toLowerCase(),
    client_secret: row.clientSecret,
    last_payment_error: row.declineCode === null ? null : { code: 'card_declined', decline_code: row.declineCode },
    next_action: row.status === 'REQUIRES_ACTION' ? { redirect_to_url: { url: bankUrl(row) } } : null,
    metadata: { order_id: row.orderId },
  })

  const move = async (tx: Transaction, row: Row, status: PaymentStatus, declineCode: string | null) => {
    const moved = { ...row, status, declineCode, movedAt: nextMove(row) }
    await tx.query(
      'update test_payments set status = $2::text::payment_status, decline_code = $3, moved_at = $4 where reference = $1',
      [row.reference, status, declineCode, moved.movedAt],
    )
    await emit(tx, INTENT_EVENTS[status], moved.movedAt, intentOf(moved))
    return snapshotOf(moved)
  }

  const isFinal = ({ status }: Row): boolean => status === 'SUCCEEDED' || status === 'CANCELED'

  return {
    name: 'test',
    open({ orderId, amountMinor, currency }) {
      return db.transaction(async (tx) => {
        const reference = idOf('pi', `order ${orderId}`)
        const clientSecret = `${reference}_secret_${randomBytes(12).toString('hex')}`
        const made = await tx.query<Row>(
          `insert into test_payments (reference, idempotency_key, order_id, client_secret, amount_minor, currency, moved_at)
           values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning ${COLUMNS}`,
          [reference, orderId, orderId, clientSecret, amountMinor, currency, nowSeconds()],
        )
        const row = made[0] ?? (await lock(tx, reference))
        if (made.length > 0) await emit(tx, 'payment_intent.created', row.movedAt, intentOf(row))
        return snapshotOf(row)
      })
    },
    confirm(reference, paymentMethod) {
      const card = findTestCard(paymentMethod)
      if (card === undefined) throw new UnknownPaymentMethod('This is none of the test cards.')
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
        return move(tx, row, card.status, card.declineCode)
      })
    },
    authenticate(reference, clientSecret, isApproved) {
      return db.transaction(async (tx) => {
        const [row] = await tx.query<Row>(
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
    refund({ reference, amountMinor, idempotencyKey }) {
      return db.transaction(async (tx) => {
        const row = await lock(tx, reference)
        const refund = idOf('re', idempotencyKey)
        const made = await tx.query(
          'insert into test_refunds (reference, idempotency_key, payment, amount_minor) values ($1, $2, $3, $4) on conflict do nothing returning reference',
          [refund, idempotencyKey, reference, amountMinor],
        )
        if (made.length === 0) return refund
        if (row.status !== 'SUCCEEDED') throw new Error('only what was paid can be refunded')
        const refundedMinor = row.refundedMinor + amountMinor
        await tx.query('update test_payments set refunded_minor = $2 where reference = $1', [reference, refundedMinor])
        await emit(tx, 'charge.refunded', nowSeconds(), {
          id: idOf('ch', reference),
          object: 'charge',
          payment_intent: reference,
          amount: row.amountMinor,
          amount_refunded: refundedMinor,
          paid: true,
          metadata: { order_id: row.orderId },
        })
        return refund
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
