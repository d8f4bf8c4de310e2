import { eq } from 'drizzle-orm'
import { products } from '../../db/tables/shop/catalogue.ts'
import type { Deps } from '../deps.ts'
import type { Signpost } from '../signpost.ts'
import { canSeeProduct } from './rules.ts'

/** What is said of a product that everybody may see; null for none. */
export async function findProductSignpost({ db }: Pick<Deps, 'db'>, slug: string): Promise<Signpost | null> {
  const [product] = await db.orm
    .select({ name: products.name, status: products.status })
    .from(products)
    .where(eq(products.slug, slug))
  if (product === undefined || !canSeeProduct(null, product)) return null
  return {
    title: product.name,
    subtitle: '',
    facts: [],
    advice:
      product.status === 'ACTIVE'
        ? 'Look at it, ask about it or buy it in the playground or your app.'
        : 'It is not sold any more.',
    more: [],
    operation: `{ product(slug: ${JSON.stringify(slug)}) { name description averageRating variants { name sku price { amount currency } } } }`,
  }
}
