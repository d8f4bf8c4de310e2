import { and, isNull, lt, sql } from 'drizzle-orm'
import { carts } from '../../db/tables/shop/cart.ts'
import { defineJob } from '../../gateways/queue.ts'
import type { Deps } from '../deps.ts'

export const cancelLapsed = defineJob<Record<string, never>>('shop.cancelLapsed', { retryLimit: 2 })
export const clearGuestCarts = defineJob<Record<string, never>>('shop.clearGuestCarts', { retryLimit: 2 })

/** A guest who does not come back for so long has lost the token, or the wish. */
const GUEST_CART_DAYS = 60

export async function clearOldGuestCarts({ db }: Pick<Deps, 'db'>): Promise<void> {
  await db.orm
    .delete(carts)
    .where(
      and(
        isNull(carts.accountId),
        lt(carts.updatedAt, sql`now() - make_interval(days => ${sql.raw(String(GUEST_CART_DAYS))})`),
      ),
    )
}
