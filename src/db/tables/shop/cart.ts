import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgEnum, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant } from '../columns.ts'
import { variants } from './catalogue.ts'

/** A member's one cart, or a guest's, who proves with a token that it is theirs. */
export const carts = pgTable(
  'carts',
  {
    id: id(),
    accountId: uuid()
      .unique('carts_one_of_account')
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** SHA-256 of the guest's token, in hex. */
    tokenHash: text().unique('carts_token'),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('carts_of_guests_by_age').on(t.updatedAt).where(sql`${t.accountId} is null`),
    check('carts_belong_to_someone', sql`(${t.accountId} is null) <> (${t.tokenHash} is null)`),
  ],
)

export const cartItems = pgTable(
  'cart_items',
  {
    cartId: uuid()
      .notNull()
      .references(() => carts.id, { onDelete: 'cascade' }),
    variantId: uuid()
      .notNull()
      .references(() => variants.id, { onDelete: 'cascade' }),
    quantity: integer().notNull(),
    /** The price that was shown last; another one today is told as a problem. */
    seenPriceMinor: integer().notNull(),
    createdAt: instant().notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ name: 'cart_items_once', columns: [t.cartId, t.variantId] }),
    index('cart_items_by_variant').on(t.variantId),
    check('cart_items_quantity', sql`${t.quantity} between 1 and 99`),
  ],
)

export const couponKind = pgEnum('coupon_kind', ['PERCENT', 'FIXED'])

export const coupons = pgTable(
  'coupons',
  {
    id: id(),
    /** In capitals. */
    code: text().notNull().unique('coupons_code_taken'),
    description: text().notNull().default(''),
    kind: couponKind().notNull(),
    /** Hundredths of a percent. */
    percentBasisPoints: integer(),
    amountMinor: integer(),
    currency: text().notNull(),
    /** What the goods must come to before discounts. */
    minSubtotalMinor: integer().notNull().default(0),
    validFrom: instant(),
    validUntil: instant(),
    maxUses: integer(),
    maxUsesPerMember: integer(),
    /** May be used together with others that also may. */
    isStackable: boolean().notNull().default(false),
    isActive: boolean().notNull().default(true),
    /** Uses by paid orders. Those of unpaid ones are in `coupon_holds` until they are paid or lapse. */
    usedCount: integer().notNull().default(0),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    check('coupons_code_form', sql`${t.code} ~ '^[A-Z0-9][A-Z0-9-]{2,29}$'`),
    check(
      'coupons_value',
      sql`(${t.kind} = 'PERCENT' and ${t.amountMinor} is null and ${t.percentBasisPoints} between 1 and 10000 and ${t.percentBasisPoints} is not null)
        or (${t.kind} = 'FIXED' and ${t.percentBasisPoints} is null and ${t.amountMinor} between 1 and 99999999 and ${t.amountMinor} is not null)`,
    ),
    check('coupons_minimum', sql`${t.minSubtotalMinor} between 0 and 99999999`),
    check('coupons_validity', sql`${t.validFrom} < ${t.validUntil}`),
    check('coupons_caps', sql`${t.maxUses} > 0 and ${t.maxUsesPerMember} > 0`),
    check('coupons_not_used_too_often', sql`${t.usedCount} >= 0 and ${t.usedCount} <= ${t.maxUses}`),
    index('coupons_newest').on(t.createdAt, t.id),
    index('coupons_by_text')
      .using('gin', sql`(${t.code} || ' ' || ${t.description}) gin_trgm_ops`)
      .with({ fastupdate: false }),
  ],
)

/** The codes that a buyer has entered. Whether they apply is decided each time that the cart is looked at. */
export const cartCoupons = pgTable(
  'cart_coupons',
  {
    cartId: uuid()
      .notNull()
      .references(() => carts.id, { onDelete: 'cascade' }),
    couponId: uuid()
      .notNull()
      .references(() => coupons.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ name: 'cart_coupons_once', columns: [t.cartId, t.couponId] }),
    index('cart_coupons_by_coupon').on(t.couponId),
  ],
)

/** Uses that unpaid orders keep for a while; those whose time is over do not count. See `stock_holds`. */
export const couponHolds = pgTable(
  'coupon_holds',
  {
    orderId: uuid().notNull(),
    couponId: uuid()
      .notNull()
      .references(() => coupons.id, { onDelete: 'cascade' }),
    /** `member:` and the account's id, or `guest`. Of old: SHA-256 of an e-mail address, which no cap counts any more. */
    buyerKey: text().notNull(),
    expiresAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ name: 'coupon_holds_once', columns: [t.orderId, t.couponId] }),
    index('coupon_holds_by_coupon').on(t.couponId, t.buyerKey, t.expiresAt),
  ],
)

/** Uses by paid orders. `coupons.used_count` is their number, kept under the coupon's lock. */
export const couponUses = pgTable(
  'coupon_uses',
  {
    orderId: uuid().notNull(),
    couponId: uuid()
      .notNull()
      .references(() => coupons.id, { onDelete: 'cascade' }),
    buyerKey: text().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'coupon_uses_once', columns: [t.orderId, t.couponId] }),
    index('coupon_uses_by_buyer').on(t.couponId, t.buyerKey),
  ],
)
