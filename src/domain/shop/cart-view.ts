import { and, count, eq } from 'drizzle-orm'
import { DomainError } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { cartCoupons, carts } from '../../db/tables/shop/cart.ts'
import type { Deps } from '../deps.ts'
import { type CartHolder, hashCartToken, type LockedCart, lockCart } from './cart.ts'
import { type Coupon, couponCode, findCartCoupons, findCouponByCode } from './coupon.ts'
import { type CouponRefusal, couponNotApplicable, couponRefusal, missingMinor } from './coupon-rules.ts'
import type { Destination } from './delivery.ts'
import type { CartLine } from './line-kind.ts'
import { LINE_KINDS } from './line-kinds.ts'
import { priceOrder, type Totals } from './pricing.ts'
import { MAX_CART_COUPONS } from './rules.ts'

/** A cart as it stands at one moment, with everything that keeps it from being ordered. */
export interface CartView {
  readonly id: Uuid
  readonly lines: readonly CartLine[]
  readonly coupons: readonly CartCoupon[]
}

export interface CartCoupon extends Coupon {
  /** Why it takes nothing off; null where it applies. */
  readonly refusal: CouponRefusal | null
  /** In minor units: how much more has to be in the cart, where that is all that is against it; else null. */
  readonly missingMinor: number | null
}

/** The holder's cart without making one: null where there is none. */
export async function findCartId(db: Executor, { viewer, token }: CartHolder): Promise<Uuid | null> {
  if (viewer === null && token === null) return null
  const where =
    viewer === null ? eq(carts.tokenHash, hashCartToken(token ?? '')) : eq(carts.accountId, viewer.accountId)
  const [cart] = await db.orm.select({ id: carts.id }).from(carts).where(where)
  return cart?.id ?? null
}

const isAvailable = ({ problems }: CartLine): boolean => !problems.some(({ code }) => code === 'UNAVAILABLE')

/** What can no longer be bought counts for nothing until it is taken out. */
const countedLines = (lines: readonly CartLine[]): CartLine[] => lines.filter(isAvailable)

const subtotalOf = (lines: readonly CartLine[]): number =>
  countedLines(lines).reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0)

/** @param memberId who buys, for caps per member; null for a guest. */
export async function readCart(db: Executor, cartId: Uuid, memberId: Uuid | null): Promise<CartView> {
  const lines: CartLine[] = []
  for (const kind of LINE_KINDS) lines.push(...(await kind.inCart(db, cartId)))
  const coupons = await findCartCoupons(db, cartId, memberId)
  return { id: cartId, lines, coupons: judgeCoupons(coupons, subtotalOf(lines)) }
}

/** In the order in which they were entered: one that cannot be combined with an earlier one is the one that is refused. */
export function judgeCoupons(coupons: readonly Coupon[], subtotalMinor: number): CartCoupon[] {
  const judged: CartCoupon[] = []
  for (const coupon of coupons) {
    const applied = judged.filter(({ refusal }) => refusal === null)
    const refusal = couponRefusal(coupon, subtotalMinor, applied)
    const isSmall = refusal === 'MINIMUM_NOT_REACHED'
    judged.push({ ...coupon, refusal, missingMinor: isSmall ? missingMinor({ ...coupon, subtotalMinor }) : null })
  }
  return judged
}

export const totalsOf = (view: CartView, destination: Destination): Totals =>
  priceOrder(
    countedLines(view.lines),
    view.coupons.filter(({ refusal }) => refusal === null),
    destination,
  )

const path = ['input', 'code']

/**
 * Enters a code. What it takes off is computed each time that the cart is looked at, and once more at checkout.
 * @throws DomainError `NOT_FOUND` (token), `COUPON_NOT_APPLICABLE` with the reason, `LIMIT_EXCEEDED`.
 */
export function applyCoupon(deps: Deps, holder: CartHolder, { code }: { code: string }): Promise<LockedCart> {
  const memberId = holder.viewer?.accountId ?? null
  return deps.db.transaction(async (tx) => {
    const cart = await lockCart(tx, holder)
    const coupon = await findCouponByCode(tx, code, memberId)
    if (coupon === null) throw couponNotApplicable('UNKNOWN', couponCode(code), path)
    const view = await readCart(tx, cart.id, memberId)
    const others = view.coupons.filter(({ couponId, refusal }) => refusal === null && couponId !== coupon.couponId)
    const subtotalMinor = subtotalOf(view.lines)
    const refusal = couponRefusal(coupon, subtotalMinor, others)
    if (refusal !== null) throw couponNotApplicable(refusal, coupon.code, path, { ...coupon, subtotalMinor })
    const [entered] = await tx.orm.select({ count: count() }).from(cartCoupons).where(eq(cartCoupons.cartId, cart.id))
    if (Number(entered?.count ?? 0) >= MAX_CART_COUPONS) {
      throw new DomainError('LIMIT_EXCEEDED', `A cart holds at most ${MAX_CART_COUPONS} codes.`, path, {
        limit: MAX_CART_COUPONS,
      })
    }
    await tx.orm.insert(cartCoupons).values({ cartId: cart.id, couponId: coupon.couponId }).onConflictDoNothing()
    return cart
  })
}

/** Taking out a code that is not in it changes nothing. @throws DomainError `NOT_FOUND` (token). */
export const removeCoupon = (deps: Deps, holder: CartHolder, code: string): Promise<LockedCart> =>
  deps.db.transaction(async (tx) => {
    const cart = await lockCart(tx, holder)
    const coupon = await findCouponByCode(tx, code, null)
    if (coupon !== null) {
      const mine = and(eq(cartCoupons.cartId, cart.id), eq(cartCoupons.couponId, coupon.couponId))
      await tx.orm.delete(cartCoupons).where(mine)
    }
    return cart
  })
