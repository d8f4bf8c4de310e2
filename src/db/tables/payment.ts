import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, pgEnum, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { id, instant } from './columns.ts'

export const paymentStatus = pgEnum('payment_status', [
  'REQUIRES_PAYMENT_METHOD',
  'REQUIRES_ACTION',
  'PROCESSING',
  'CANCELED',
  'SUCCEEDED',
])

/** What we know of a payment at the gateway: the latest of all that it ever told, in whatever order it came. */
export const payments = pgTable(
  'payments',
  {
    id: id(),
    orderId: uuid().notNull().unique('payments_one_per_order'),
    gateway: text().notNull(),
    /** What the gateway calls it; null until it was opened there. */
    reference: text().unique('payments_reference'),
    clientSecret: text(),
    amountMinor: integer().notNull(),
    currency: text().notNull(),
    status: paymentStatus().notNull().default('REQUIRES_PAYMENT_METHOD'),
    /** When the gateway was asked for it, in microseconds since 1970, by the database's clock. */
    observedAt: bigint({ mode: 'number' }).notNull().default(0),
    declineCode: text(),
    nextActionUrl: text(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [check('payments_amount', sql`${t.amountMinor} > 0`)],
)

export const disputeStatus = pgEnum('dispute_status', ['OPEN', 'WON', 'LOST'])

/** Charges that buyers have disputed at their bank. */
export const disputes = pgTable(
  'disputes',
  {
    id: id(),
    paymentId: uuid()
      .notNull()
      .references(() => payments.id),
    /** What the gateway calls it. */
    reference: text().notNull().unique('disputes_reference'),
    status: disputeStatus().notNull(),
    amountMinor: integer().notNull(),
    currency: text().notNull(),
    reason: text().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('disputes_by_payment').on(t.paymentId, t.createdAt, t.id),
    index('disputes_newest').on(t.createdAt, t.id),
    index('disputes_by_status').on(t.status, t.createdAt, t.id),
    check('disputes_amount', sql`${t.amountMinor} >= 0`),
  ],
)

/** Every event that the gateway sent, once. Those of payments that we do not know are kept as well. */
export const paymentEvents = pgTable(
  'payment_events',
  {
    /** The gateway's id of the event. */
    id: text().primaryKey(),
    type: text().notNull(),
    paymentId: uuid().references(() => payments.id, { onDelete: 'set null' }),
    payload: jsonb().notNull(),
    receivedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('payment_events_by_payment').on(t.paymentId, t.receivedAt),
    index('payment_events_by_age').on(t.receivedAt),
  ],
)

/** The built-in gateway's own books: what Stripe would keep on its side. */
export const testPayments = pgTable(
  'test_payments',
  {
    reference: text().primaryKey(),
    idempotencyKey: text().notNull().unique('test_payments_once'),
    orderId: uuid().notNull(),
    clientSecret: text().notNull(),
    amountMinor: integer().notNull(),
    currency: text().notNull(),
    status: paymentStatus().notNull().default('REQUIRES_PAYMENT_METHOD'),
    declineCode: text(),
    refundedMinor: integer().notNull().default(0),
    /** What its card does once it is paid: `REFUND_WAITS`, `REFUND_FAILS`, `DISPUTE`. */
    later: text(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('test_payments_by_order').on(t.orderId),
    check('test_payments_refunded', sql`${t.refundedMinor} between 0 and ${t.amountMinor}`),
  ],
)

export const testRefunds = pgTable(
  'test_refunds',
  {
    reference: text().primaryKey(),
    idempotencyKey: text().notNull().unique('test_refunds_once'),
    payment: text()
      .notNull()
      .references(() => testPayments.reference, { onDelete: 'cascade' }),
    amountMinor: integer().notNull(),
    status: text().notNull().default('SUCCEEDED'),
  },
  (t) => [
    unique('test_refunds_by_payment').on(t.payment, t.reference),
    check('test_refunds_status', sql`${t.status} in ('PENDING', 'SUCCEEDED', 'FAILED')`),
  ],
)
