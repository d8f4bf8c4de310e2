import { and, eq } from 'drizzle-orm'
import { notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { products, wishes } from '../../db/tables/shop/catalogue.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { canSeeProduct } from './rules.ts'

const path = ['input', 'productId']

/** Wishing twice is wishing once. @throws DomainError `NOT_FOUND`. */
export async function addWish(deps: Deps, viewer: Viewer, productId: Uuid): Promise<Uuid> {
  const [product] = await deps.db.orm
    .select({ status: products.status })
    .from(products)
    .where(eq(products.id, productId))
  if (product === undefined || !canSeeProduct(viewer, product)) throw notFound('product', path)
  await deps.db.orm.insert(wishes).values({ accountId: viewer.accountId, productId }).onConflictDoNothing()
  return productId
}

/** Taking back a wish that is not there changes nothing. */
export async function removeWish(deps: Deps, viewer: Viewer, productId: Uuid): Promise<Uuid> {
  await deps.db.orm.delete(wishes).where(and(eq(wishes.accountId, viewer.accountId), eq(wishes.productId, productId)))
  return productId
}
