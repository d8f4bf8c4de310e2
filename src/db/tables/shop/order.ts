import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { subjects } from '../subject.ts'
import { coupons } from './cart.ts'

export const orderStatus = pgEnum('order_status', [
  'PENDING',
  'PAID',
  'FULFILLED',
  'COMPLETED',
  'CANCELLED',
  'REFUNDED',
])

/** Prices as they were when it was placed; nothing that changes later changes them. */
export const orders = pgTable(
  'orders',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id),
    /** Null for a guest's, and once the account is gone: the books stay. */
    accountId: uuid().references(() => accounts.id, { onDelete: 'set null' }),
    /** SHA-256 of the guest's cart token, which opens the order as well. */
    tokenHash: text(),
    /** The cart that it came from. Not a reference: a guest's cart is gone after sign-in. */
    cartId: uuid().notNull(),
    checkoutKey: text().notNull(),
    /** SHA-256 of what came with the key. */
    inputHash: text().notNull(),
    status: orderStatus().notNull().default('PENDING'),
    /** Its time was over before it was paid, and nobody cancelled it. */
    hasLapsed: boolean().notNull().default(false),
    email: text().notNull(),
    name: text().notNull(),
    street: text().notNull(),
    postalCode: text().notNull(),
    city: text().notNull(),
    country: text().notNull(),
    currency: text().notNull(),
    subtotalMinor: integer().notNull(),
    discountMinor: integer().notNull(),
    shippingMinor: integer().notNull(),
    shippingTaxMinor: integer().notNull(),
    /** The rate that was added to what is taxed, in hundredths of a percent, as it was then. */
    taxBasisPoints: integer().notNull().default(0),
    taxMinor: integer().notNull(),
    totalMinor: integer().notNull(),
    refundedMinor: integer().notNull().default(0),
    /** Until when stock, seats and coupon uses are kept for it. */
    expiresAt: instant().notNull(),
    createdAt: instant().notNull().defaultNow(),
    paidAt: instant(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('orders_once').on(t.cartId, t.checkoutKey),
    index('orders_newest_by_account').on(t.accountId, t.createdAt, t.id),
    index('orders_newest').on(t.createdAt, t.id),
    // A guest's order is found by its key after the cart was brought into a member's, too.
    unique('orders_once_for_guest').on(t.tokenHash, t.checkoutKey),
    index('orders_newest_by_status').on(t.status, t.createdAt, t.id),
    index('orders_by_buyer')
      .using('gin', sql`(${t.email} || ' ' || ${t.name}) gin_trgm_ops`)
      .with({ fastupdate: false }),
    index('orders_paid').on(t.paidAt).where(sql`${t.paidAt} is not null`),
    index('orders_lapsing').on(t.expiresAt).where(sql`${t.status} = 'PENDING'`),
    check(
      'orders_total',
      sql`${t.totalMinor} = ${t.subtotalMinor} - ${t.discountMinor} + ${t.shippingMinor} + ${t.taxMinor} and ${t.totalMinor} between 0 and 99999999`,
    ),
    check('orders_refunded', sql`${t.refundedMinor} between 0 and ${t.totalMinor}`),
    check(
      'orders_paid_has_time',
      sql`${t.status} not in ('PAID', 'FULFILLED', 'COMPLETED') or ${t.paidAt} is not null`,
    ),
  ],
)

export const lineKind = pgEnum('line_kind', ['GOODS', 'TICKET'])

export const orderLines = pgTable(
  'order_lines',
  {
    id: id(),
    orderId: uuid()
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    kind: lineKind().notNull(),
    /** The kind's own: a variant, a ticket's hold. */
    refId: uuid().notNull(),
    title: text().notNull(),
    detail: text().notNull(),
    quantity: integer().notNull(),
    unitPriceMinor: integer().notNull(),
    discountMinor: integer().notNull(),
    taxMinor: integer().notNull(),
    isTaxed: boolean().notNull(),
    isShipped: boolean().notNull(),
    refundedQuantity: integer().notNull().default(0),
    refundedMinor: integer().notNull().default(0),
  },
  (t) => [
    unique('order_lines_in_order').on(t.orderId, t.position),
    index('order_lines_by_ref').on(t.refId),
    index('order_lines_by_title').using('gin', t.title.op('gin_trgm_ops')).with({ fastupdate: false }),
    check('order_lines_quantity', sql`${t.quantity} > 0 and ${t.refundedQuantity} between 0 and ${t.quantity}`),
    check(
      'order_lines_refunded',
      sql`${t.refundedMinor} between 0 and ${t.quantity} * ${t.unitPriceMinor} - ${t.discountMinor} + ${t.taxMinor}`,
    ),
  ],
)

/** What each coupon took off. */
export const orderCoupons = pgTable(
  'order_coupons',
  {
    orderId: uuid()
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    couponId: uuid()
      .notNull()
      .references(() => coupons.id),
    code: text().notNull(),
    discountMinor: integer().notNull(),
  },
  (t) => [
    primaryKey({ name: 'order_coupons_once', columns: [t.orderId, t.couponId] }),
    index('order_coupons_by_coupon').on(t.couponId),
  ],
)

export const refundStatus = pgEnum('refund_status', ['PENDING', 'SUCCEEDED', 'FAILED', 'STALLED'])

/** Money that goes back. Its id is the gateway's idempotency key: however often it is asked for, it goes back once. */
export const refunds = pgTable(
  'refunds',
  {
    id: id(),
    orderId: uuid()
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    amountMinor: integer().notNull(),
    status: refundStatus().notNull().default('PENDING'),
    reason: text().notNull().default(''),
    /** What the gateway calls it, once it has it. */
    reference: text().unique('refunds_reference'),
    /** Why it failed, in the gateway's words. */
    failureCode: text(),
    /** The refund that failed and was tried again with this one; no refund is tried again twice. */
    replaces: uuid()
      .references((): AnyPgColumn => refunds.id)
      .unique('refunds_replaced_once'),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('refunds_by_order').on(t.orderId, t.createdAt, t.id),
    index('refunds_by_status').on(t.status, t.createdAt, t.id),
    index('refunds_by_day').on(t.createdAt),
    check('refunds_amount', sql`${t.amountMinor} > 0`),
  ],
)
