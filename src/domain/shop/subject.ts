import { eq } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { boughtProducts } from '../../db/queries/shop/bought.ts'
import { products } from '../../db/tables/shop/catalogue.ts'
import { orders } from '../../db/tables/shop/order.ts'
import type { SubjectRules } from '../subject/rules.ts'
import { isStaff } from '../viewer.ts'
import { canSeeOrder } from './order-rules.ts'
import { canSeeProduct, productPath } from './rules.ts'

/** Everybody asks and answers about products, and who bought one reviews it. Nobody owns one: staff moderates. */
export const productSubject: SubjectRules = {
  kind: 'PRODUCT',
  idPrefix: 'product',
  isCommentable: true,
  reviews: { reviewableBy: boughtProducts, refusal: 'Only who bought it may review it.' },
  async find(db, viewer, id) {
    const [product] = await db.orm
      .select({ name: products.name, slug: products.slug, status: products.status })
      .from(products)
      .where(eq(products.id, id))
    if (product === undefined || !canSeeProduct(viewer, product)) return null
    const isOnSale = product.status === 'ACTIVE'
    return {
      kind: 'PRODUCT',
      id,
      ownerId: null,
      title: product.name,
      path: productPath(product.slug),
      acceptsComments: isOnSale,
      acceptsReactions: isOnSale,
      viewerMayAttach: isStaff(viewer),
      viewerMayModerate: false,
    }
  },
}

/** An order is a subject so that its buyer and staff can talk about it in a room. */
export const orderSubject: SubjectRules = {
  kind: 'ORDER',
  idPrefix: 'order',
  isCommentable: false,
  async find(db, viewer, id) {
    const [order] = await db.orm
      .select({ accountId: orders.accountId, tokenHash: orders.tokenHash, createdAt: orders.createdAt })
      .from(orders)
      .where(eq(orders.id, id))
    if (order === undefined || !canSeeOrder(viewer, null, order)) return null
    return {
      kind: 'ORDER',
      id,
      ownerId: order.accountId,
      title: `Order of ${order.createdAt.slice(0, 10)}`,
      path: `/orders/${encodeId('order', id)}`,
      acceptsComments: false,
      acceptsReactions: false,
      viewerMayAttach: true,
      viewerMayModerate: false,
    }
  },
}
