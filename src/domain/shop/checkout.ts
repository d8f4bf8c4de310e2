import { and, count, eq, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { type Money, money, showMoney } from '../../core/money.ts'
import { addressKey } from '../../core/network.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { orderCoupons, orderLines, orders } from '../../db/tables/shop/order.ts'
import { subjects } from '../../db/tables/subject.ts'
import { findEmail } from '../account/account.ts'
import type { Deps } from '../deps.ts'
import { ensureKey, hashInput } from '../idempotency.ts'
import { checkAll, checkInput, combined, line } from '../input.ts'
import { insertPayment, openPayment } from '../payment/payment.ts'
import { spend } from '../rate.ts'
import { type CartHolder, hashCartToken, lockCart } from './cart.ts'
import { judgeCoupons } from './cart-view.ts'
import { findCartCoupons } from './coupon.ts'
import { couponNotApplicable } from './coupon-rules.ts'
import { holdCoupons, lockCartCoupons } from './coupon-use.ts'
import { findDestination } from './delivery.ts'
import type { LineKindName, Priced } from './line-kind.ts'
import { LINE_KINDS } from './line-kinds.ts'
import { MAX_UNPAID_ORDERS, RESERVATION_MINUTES } from './order-rules.ts'
import { priceOrder } from './pricing.ts'
import { MAX_AMOUNT_MINOR, SHOP_CURRENCY } from './rules.ts'
import { settlePaidOrder } from './settlement.ts'

/** It stands in mails, whose readers' programs make a link of it. */
const LINK = /:\/\/|www\./i

const addressInput = z.object({
  name: line('A name', 1, 120).refine((name) => !LINK.test(name), 'A name has no link in it.'),
  street: line('A street', 1, 200),
  postalCode: line('A postal code', 1, 20),
  city: line('A city', 1, 100),
  country: z
    .string()
    .refine((country) => findDestination(country) !== undefined, 'The shop does not deliver to this country.'),
})

const emailInput = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'An e-mail address has at most 254 characters.')
  .regex(/^[^\s@,;<>"()]+@[^\s@,;<>"()]+\.[^\s@,;<>"()]+$/, 'This is no e-mail address.')

export interface CheckoutInput {
  /** The same key again, with the same cart, is the same order. */
  idempotencyKey: string
  address: z.input<typeof addressInput>
  /** Of a guest; a member's own is used. */
  email?: string | null | undefined
  /** What the buyer was shown. Prices are the server's: another total is refused, with the real one. */
  expectedTotal: Money
  /** The network address that a guest's request comes from; orders of guests without one are not counted. */
  guestAddress?: string | undefined
}

async function emailOf(deps: Deps, { viewer }: CartHolder, given: string | null | undefined): Promise<string> {
  if (viewer === null) {
    if (given == null) throw invalidInput(['input', 'email'], 'A guest needs an e-mail address, for the receipt.')
    return checkInput(emailInput, given, ['input', 'email'])
  }
  const email = await findEmail(deps.db, viewer.accountId)
  if (email === null) throw invalidInput(['input', 'email'], 'This account has no e-mail address.')
  return email
}

/**
 * Makes an order of a cart: stock, seats and coupon uses are kept for it, under locks that every checkout takes in one
 * order (cart, coupons, goods, tickets), in the transaction that creates it. All of it or nothing.
 * @throws DomainError `INSUFFICIENT_STOCK`, `PRICE_CHANGED`, `COUPON_NOT_APPLICABLE`, `INVALID_INPUT`, `CONFLICT` (key),
 * `LIMIT_EXCEEDED` (its total, unpaid orders), `RATE_LIMITED` (guests of one network address).
 */
export async function checkout(deps: Deps, holder: CartHolder, input: CheckoutInput): Promise<Uuid> {
  const [, address, email] = await checkAll<[unknown, z.output<typeof addressInput>, string]>(
    () => ensureKey(input.idempotencyKey),
    () => checkInput(addressInput, input.address, ['input', 'address']),
    () => emailOf(deps, holder, input.email),
  )
  await spendGuestOrder(deps, holder, input)
  const id = await deps.db.transaction((tx) => placeOrder(deps, tx, holder, input, address, email))
  try {
    await openPayment(deps, id)
  } catch (error) {
    // The order stands, and `payOrder` opens the payment; or its time runs out.
    deps.log.error({ err: error, order: id }, 'The payment of an order could not be opened')
  }
  return id
}

/** A guest who throws the cart's token away is a new one, so a limit by the token alone would keep nobody from all the stock. */
async function spendGuestOrder(deps: Deps, holder: CartHolder, { idempotencyKey, guestAddress }: CheckoutInput) {
  if (holder.viewer !== null || holder.token === null || guestAddress === undefined) return
  // A request that is repeated costs nothing.
  if ((await findPlaced(deps.db, null, holder, idempotencyKey)) !== undefined) return
  await spend(deps.guestOrders, addressKey(guestAddress))
}

/** Behind the lock of the cart, of which a member has one. @throws DomainError `LIMIT_EXCEEDED`. */
async function ensureFewUnpaid(tx: Transaction, { viewer, token }: CartHolder): Promise<void> {
  const whose =
    viewer === null ? eq(orders.tokenHash, hashCartToken(token ?? '')) : eq(orders.accountId, viewer.accountId)
  const isKept = sql`${orders.status} = 'PENDING' and ${orders.expiresAt} > clock_timestamp()`
  const [unpaid] = await tx.orm.select({ count: count() }).from(orders).where(and(whose, isKept))
  if (Number(unpaid?.count ?? 0) < MAX_UNPAID_ORDERS) return
  const message = `At most ${MAX_UNPAID_ORDERS} orders wait to be paid. Pay or cancel one of them first.`
  throw new DomainError('LIMIT_EXCEEDED', message, ['input'], { limit: MAX_UNPAID_ORDERS })
}

/** What the same key made before, of this cart or of the guest's cart that the token opened. */
async function findPlaced(db: Executor, cartId: Uuid | null, { token }: CartHolder, checkoutKey: string) {
  const whose = [
    ...(cartId === null ? [] : [eq(orders.cartId, cartId)]),
    ...(token === null ? [] : [eq(orders.tokenHash, hashCartToken(token))]),
  ]
  const [placed] = await db.orm
    .select({ id: orders.id, inputHash: orders.inputHash, tokenHash: orders.tokenHash, email: orders.email })
    .from(orders)
    .where(and(eq(orders.checkoutKey, checkoutKey), or(...whose)))
  return placed
}

interface Taken {
  kind: LineKindName
  priced: Priced
}

async function placeOrder(
  deps: Deps,
  tx: Transaction,
  holder: CartHolder,
  { idempotencyKey, expectedTotal }: CheckoutInput,
  address: z.output<typeof addressInput>,
  email: string,
): Promise<Uuid> {
  // A cart that was brought into a member's is gone; the order that came of it is found by its token all the same.
  const cart = await lockCart(tx, holder).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === 'NOT_FOUND' && holder.token !== null) return null
    throw error
  })
  const inputHash = hashInput({ address, email, expectedTotal })
  const first = await findPlaced(tx, cart?.id ?? null, holder, idempotencyKey)
  if (first !== undefined) {
    // A guest's order, asked for again by the member that the guest has become: the address was the guest's own.
    const asGuest =
      holder.viewer === null || first.tokenHash === null
        ? null
        : hashInput({ address, email: first.email, expectedTotal })
    if (first.inputHash === inputHash || first.inputHash === asGuest) return first.id
    const path = ['input', 'idempotencyKey']
    throw new DomainError('CONFLICT', 'This idempotency key was used for another request.', path)
  }
  if (cart === null) throw new DomainError('NOT_FOUND', 'No cart with this token.', ['input', 'cartToken'])
  await ensureFewUnpaid(tx, holder)
  const [clock] = await tx.query<{ expiresAt: string }>(
    `select clock_timestamp() + interval '${RESERVATION_MINUTES} minutes' as "expiresAt"`,
  )
  const order = { id: newId(), accountId: holder.viewer?.accountId ?? null, expiresAt: clock?.expiresAt ?? '' }
  await lockCartCoupons(tx, cart.id)
  const taken: Taken[] = []
  for (const { kind, take } of LINE_KINDS) {
    taken.push(...(await take(deps, tx, order, cart.id)).map((priced) => ({ kind, priced })))
  }
  if (taken.length === 0) throw invalidInput(['input'], 'There is nothing in the cart.')

  const lines = taken.map(({ priced }) => priced)
  const subtotalMinor = lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0)
  ensureAmount(subtotalMinor)
  const coupons = judgeCoupons(await findCartCoupons(tx, cart.id, order.accountId), subtotalMinor)
  const refused = coupons.flatMap(({ refusal, code, minSubtotalMinor }) =>
    refusal === null ? [] : [couponNotApplicable(refusal, code, ['input'], { minSubtotalMinor, subtotalMinor })],
  )
  if (refused.length > 0) throw combined(refused)
  const destination = findDestination(address.country)
  if (destination === undefined) throw invalidInput(['input', 'address', 'country'], 'The shop does not deliver there.')
  const totals = priceOrder(lines, coupons, destination)
  ensureExpected(totals.totalMinor, expectedTotal)

  const discounts = new Map(totals.discounts.map(({ couponId, discountMinor }) => [couponId, discountMinor]))
  const { lines: parts, discounts: _, ...sums } = totals
  const placed = {
    ...order,
    ...address,
    ...sums,
    tokenHash: holder.viewer === null ? hashCartToken(holder.token ?? '') : null,
    cartId: cart.id,
    checkoutKey: idempotencyKey,
    inputHash,
    email,
    currency: SHOP_CURRENCY,
    taxBasisPoints: destination.taxBasisPoints,
  }
  await tx.orm.insert(subjects).values({ id: order.id, kind: 'ORDER' })
  await tx.orm.insert(orders).values(placed)
  await tx.orm.insert(orderLines).values(
    taken.map(({ kind, priced }, position) => ({
      id: newId(),
      orderId: order.id,
      position,
      kind,
      ...priced,
      discountMinor: parts[position]?.discountMinor ?? 0,
      taxMinor: parts[position]?.taxMinor ?? 0,
    })),
  )
  if (coupons.length > 0) {
    await tx.orm.insert(orderCoupons).values(
      coupons.map(({ couponId, code }) => ({
        orderId: order.id,
        couponId,
        code,
        discountMinor: discounts.get(couponId) ?? 0,
      })),
    )
    await holdCoupons(
      tx,
      order,
      coupons.map(({ couponId }) => couponId),
      order.accountId,
    )
    await tx.query('delete from cart_coupons where cart_id = $1', [cart.id])
  }
  if (totals.totalMinor > 0) await insertPayment(deps, tx, placed)
  else await settlePaidOrder(deps, tx, order.id)
  return order.id
}

/** Before discounts as well: a coupon makes no order of more than the books can hold. */
function ensureAmount(amountMinor: number): void {
  if (amountMinor <= MAX_AMOUNT_MINOR) return
  throw new DomainError('LIMIT_EXCEEDED', 'An order comes to at most 999999.99.', ['input'], {
    limit: MAX_AMOUNT_MINOR,
  })
}

function ensureExpected(totalMinor: number, expected: Money): void {
  ensureAmount(totalMinor)
  if (expected.amountMinor === totalMinor && expected.currency === SHOP_CURRENCY) return
  const now = showMoney(money(totalMinor, SHOP_CURRENCY))
  const message = `The order comes to ${now.amount} ${now.currency}.`
  throw new DomainError('PRICE_CHANGED', message, ['input', 'expectedTotal'], { seen: showMoney(expected), now })
}
