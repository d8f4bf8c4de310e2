import { eq, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { cartItems, carts } from '../../db/tables/shop/cart.ts'
import { products, variants, wishes } from '../../db/tables/shop/catalogue.ts'
import { orderLines, orders } from '../../db/tables/shop/order.ts'
import { priceChanges } from '../../db/tables/shop/price.ts'
import { stockMovements } from '../../db/tables/shop/stock.ts'
import type { Portability } from '../account/portability.ts'
import { forgetPersonOf } from '../payment/upkeep.ts'

export const shopPortability: Portability = {
  room: 'shop',
  async exportOf(tx, accountId) {
    const cart = await tx.orm
      .select({ sku: variants.sku, product: products.name, quantity: cartItems.quantity, addedAt: cartItems.createdAt })
      .from(carts)
      .innerJoin(cartItems, eq(cartItems.cartId, carts.id))
      .innerJoin(variants, eq(variants.id, cartItems.variantId))
      .innerJoin(products, eq(products.id, variants.productId))
      .where(eq(carts.accountId, accountId))
      .orderBy(cartItems.createdAt)
    const wishlist = await tx.orm
      .select({ product: products.name, slug: products.slug, since: wishes.createdAt })
      .from(wishes)
      .innerJoin(products, eq(products.id, wishes.productId))
      .where(eq(wishes.accountId, accountId))
      .orderBy(wishes.createdAt)
    // Of staff: what they entered into the ledger, and the prices that they changed.
    const movements = await tx.orm
      .select({
        sku: variants.sku,
        kind: stockMovements.kind,
        quantity: stockMovements.quantity,
        note: stockMovements.note,
        createdAt: stockMovements.createdAt,
      })
      .from(stockMovements)
      .innerJoin(variants, eq(variants.id, stockMovements.variantId))
      .where(eq(stockMovements.actorId, accountId))
      .orderBy(stockMovements.createdAt)
    const prices = await tx.orm
      .select({
        sku: variants.sku,
        fromMinor: priceChanges.fromMinor,
        toMinor: priceChanges.toMinor,
        note: priceChanges.note,
        createdAt: priceChanges.createdAt,
      })
      .from(priceChanges)
      .innerJoin(variants, eq(variants.id, priceChanges.variantId))
      .where(eq(priceChanges.actorId, accountId))
      .orderBy(priceChanges.createdAt)
    const bought = await tx.orm
      .select({
        id: orders.id,
        status: orders.status,
        email: orders.email,
        name: orders.name,
        street: orders.street,
        postalCode: orders.postalCode,
        city: orders.city,
        country: orders.country,
        currency: orders.currency,
        totalMinor: orders.totalMinor,
        refundedMinor: orders.refundedMinor,
        createdAt: orders.createdAt,
        paidAt: orders.paidAt,
        lines: sql<unknown>`(select json_agg(json_build_object('title', title, 'detail', detail, 'quantity', quantity, 'unitPriceMinor', unit_price_minor) order by position) from ${orderLines} where order_id = orders.id)`,
      })
      .from(orders)
      .where(eq(orders.accountId, accountId))
      .orderBy(orders.createdAt)
    return {
      cart,
      wishlist,
      orders: bought.map((order) => ({ ...order, id: encodeId('order', order.id) })),
      movements,
      prices,
    }
  },
  /**
   * Cart and wishlist go with the account (see the foreign keys). The books stay: the ledger's lines without the name, and
   * orders with what was sold and to which country, without the person.
   */
  async eraseOf(tx, accountId) {
    const erased = await tx.orm
      .update(orders)
      .set({ email: '', name: '', street: '', postalCode: '', city: '' })
      .where(eq(orders.accountId, accountId))
      .returning({ id: orders.id })
    await forgetPersonOf(
      tx,
      erased.map(({ id }) => id),
    )
  },
}
