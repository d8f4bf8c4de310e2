import { eq, sql } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import { pgArray } from '../../db/array.ts'
import type { Transaction } from '../../db/database.ts'
import { couponHolds, coupons, couponUses } from '../../db/tables/shop/cart.ts'
import { buyerKeyOf, findCouponByCode } from './coupon.ts'
import { capRefusal, couponNotApplicable } from './coupon-rules.ts'

/** Locks coupons, lowest id first, so that their uses can be counted behind the locks. */
export async function lockCoupons(tx: Transaction, ids: readonly Uuid[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query('select 1 from coupons where id = any($1::text::uuid[]) order by id for update', [
    pgArray([...ids].sort()),
  ])
}

/** The coupons whose codes are in the cart, locked. */
export const lockCartCoupons = (tx: Transaction, cartId: Uuid): Promise<unknown> =>
  tx.query(
    'select 1 from coupons where id in (select coupon_id from cart_coupons where cart_id = $1) order by id for update',
    [cartId],
  )

/** Keeps one use of each coupon for an unpaid order. */
export async function holdCoupons(
  tx: Transaction,
  order: { id: Uuid; expiresAt: string },
  couponIds: readonly Uuid[],
  memberId: Uuid | null,
): Promise<void> {
  if (couponIds.length === 0) return
  await tx.orm.insert(couponHolds).values(
    couponIds.map((couponId) => ({
      orderId: order.id,
      couponId,
      buyerKey: buyerKeyOf(memberId),
      expiresAt: order.expiresAt,
    })),
  )
}

/**
 * The order was paid: its uses count for good. A use whose time was over is taken anew if there is one left.
 * @throws DomainError `COUPON_NOT_APPLICABLE` where there is none.
 */
export async function spendCoupons(
  tx: Transaction,
  orderId: Uuid,
  used: readonly { couponId: Uuid; code: string }[],
  memberId: Uuid | null,
): Promise<void> {
  if (used.length === 0) return
  await lockCoupons(
    tx,
    used.map(({ couponId }) => couponId),
  )
  const gone = await tx.query<{ couponId: Uuid; isLive: boolean }>(
    'delete from coupon_holds where order_id = $1 returning coupon_id as "couponId", expires_at > clock_timestamp() as "isLive"',
    [orderId],
  )
  const live = new Set(gone.filter(({ isLive }) => isLive).map(({ couponId }) => couponId))
  for (const { couponId, code } of used) {
    if (!live.has(couponId)) {
      const facts = await findCouponByCode(tx, code, memberId)
      if (facts === null) throw couponNotApplicable('UNKNOWN', code, [])
      if (facts.maxUses !== null && facts.uses >= facts.maxUses) throw couponNotApplicable('USED_UP', code, [])
      const capped = capRefusal(facts)
      if (capped !== null) throw couponNotApplicable(capped, code, [])
    }
    await tx.orm.insert(couponUses).values({ orderId, couponId, buyerKey: buyerKeyOf(memberId) })
    await tx.orm
      .update(coupons)
      .set({ usedCount: sql`${coupons.usedCount} + 1` })
      .where(eq(coupons.id, couponId))
  }
}
