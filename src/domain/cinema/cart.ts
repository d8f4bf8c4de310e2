import { DomainError } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Deps } from '../deps.ts'
import { type CartHolder, type LockedCart, lockCart, lockOrMakeCart } from '../shop/cart.ts'
import type { Holder } from './holder.ts'
import { MAX_CART_SEATS } from './rules.ts'
import { putHoldInCart, takeHoldOutOfCart } from './ticket-lines.ts'

/**
 * Puts the seats of a hold beside the goods, to be paid for with them. They stay held until the hold lapses, no longer
 * for being in a cart; doing it again changes nothing.
 * @throws DomainError `HOLD_LAPSED`, `LIMIT_EXCEEDED`, `NOT_FOUND` (the cart's token).
 */
export const addHoldToCart = (
  deps: Deps,
  cartHolder: CartHolder,
  seatHolder: Holder,
  holdId: Uuid,
): Promise<LockedCart> =>
  deps.db.transaction(async (tx) => {
    const cart = await lockOrMakeCart(tx, cartHolder)
    await putHoldInCart(tx, seatHolder, holdId, cart.id)
    const [seats] = await tx.query<{ count: number }>(
      'select count(*)::int as "count" from seat_claims where cart_id = $1::text::uuid',
      [cart.id],
    )
    if ((seats?.count ?? 0) > MAX_CART_SEATS) {
      throw new DomainError('LIMIT_EXCEEDED', `A cart holds at most ${MAX_CART_SEATS} seats.`, ['input', 'holdId'], {
        limit: MAX_CART_SEATS,
      })
    }
    return cart
  })

/**
 * Takes the seats of a hold out of the cart, also when it has lapsed. They stay held as long as they were.
 * @throws DomainError `NOT_FOUND` (the cart's token).
 */
export const removeHoldFromCart = (deps: Deps, cartHolder: CartHolder, holdId: Uuid): Promise<LockedCart> =>
  deps.db.transaction(async (tx) => {
    const cart = await lockCart(tx, cartHolder)
    await takeHoldOutOfCart(tx, holdId, cart.id)
    return cart
  })
