import { eq } from 'drizzle-orm'
import { cartItems, carts } from '../../db/tables/shop/cart.ts'
import { products, variants, wishes } from '../../db/tables/shop/catalogue.ts'
import { stockMovements } from '../../db/tables/shop/stock.ts'
import type { Portability } from '../account/portability.ts'

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
    // Of staff: what they entered into the ledger.
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
    return { cart, wishlist, movements }
  },
  /** Cart and wishlist go with the account; the ledger keeps its lines without the name (see the foreign keys). */
  async eraseOf() {},
}
