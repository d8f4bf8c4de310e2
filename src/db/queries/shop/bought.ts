import { sql } from 'drizzle-orm'
import { type Batched, keysOf } from '../../relation.ts'
import { statement } from '../../statement.ts'
import { products, variants } from '../../tables/shop/catalogue.ts'
import { orderLines, orders } from '../../tables/shop/order.ts'

/** Of the products `keys` those of which the account `viewer` has bought a piece, paid for it and kept it. */
export const boughtProducts = statement<Batched<object>>(
  sql`select distinct ${variants.productId} as "__key" from ${orders}
    join ${orderLines} on ${orderLines.orderId} = ${orders.id} and ${orderLines.kind} = 'GOODS' and ${orderLines.refundedQuantity} < ${orderLines.quantity}
    join ${variants} on ${variants.id} = ${orderLines.refId} and ${variants.productId} = any(${keysOf(products.id)})
    where ${orders.accountId} = ${sql.placeholder('viewer')}::text::uuid and ${orders.status} in ('PAID', 'FULFILLED', 'COMPLETED')`,
)
