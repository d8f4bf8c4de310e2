import { sql } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { runStatement } from '../../db/statement.ts'
import { accounts } from '../../db/tables/account.ts'
import { products, variants } from '../../db/tables/shop/catalogue.ts'
import { orders } from '../../db/tables/shop/order.ts'
import { stockLevels } from '../../db/tables/shop/stock.ts'
import type { MailParams } from '../../gateways/mail/templates.ts'
import type { Deps } from '../deps.ts'

/** What staff is told of a variant that runs out, as it is when the mail goes; null once there is enough again. */
export async function findLowStockNotice(
  { db, publicUrl }: Pick<Deps, 'db' | 'publicUrl'>,
  variantId: Uuid,
): Promise<MailParams['lowStock'] | null> {
  const [found] = await runStatement<Omit<MailParams['lowStock'], 'productUrl'> & { slug: string }>(
    db,
    sql`select ${products.name} as "productName", ${variants.name} as "variantName", ${variants.sku} as "sku", ${stockLevels.quantity} as "quantity", ${products.slug} as "slug"
      from ${variants} join ${products} on ${products.id} = ${variants.productId} join ${stockLevels} on ${stockLevels.variantId} = ${variants.id}
      where ${variants.id} = ${variantId}::text::uuid and ${stockLevels.quantity} <= ${variants.lowStockAt}`,
  )
  if (found === undefined) return null
  const { slug, ...low } = found
  return { ...low, productUrl: `${publicUrl()}${productPath(slug)}` }
}

/** Where a product is looked at, below the public address. */
const productPath = (slug: string): string => `/shop/${slug}`

/** Whom mails about an order go to, a guest too; null for a demo member's, whose address is nobody's. */
export async function findOrderAddress(db: Executor, orderId: Uuid): Promise<{ email: string; name: string } | null> {
  const [order] = await runStatement<{ email: string; name: string }>(
    db,
    sql`select ${orders.email} as "email", ${orders.name} as "name" from ${orders} left join ${accounts} on ${accounts.id} = ${orders.accountId}
      where ${orders.id} = ${orderId}::text::uuid and ${orders.email} <> '' and ${accounts.isDemo} is not true`,
  )
  return order ?? null
}
