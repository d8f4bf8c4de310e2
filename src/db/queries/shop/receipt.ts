import { sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import { statement } from '../../statement.ts'
import { orderCoupons, orderLines, orders, refunds } from '../../tables/shop/order.ts'

export interface ReceiptRows {
  readonly order: {
    readonly id: string
    readonly paidAt: string
    readonly name: string
    readonly street: string
    readonly postalCode: string
    readonly city: string
    readonly country: string
    readonly currency: string
    readonly subtotalMinor: number
    readonly shippingMinor: number
    readonly taxBasisPoints: number
    readonly taxMinor: number
    readonly totalMinor: number
  }
  readonly lines: readonly {
    readonly title: string
    readonly detail: string
    readonly quantity: number
    readonly unitPriceMinor: number
    readonly discountMinor: number
    readonly isTaxed: boolean
  }[]
  readonly coupons: readonly { readonly code: string; readonly discountMinor: number }[]
  /** Those that went, or are on their way. */
  readonly refunds: readonly { readonly amountMinor: number; readonly reason: string; readonly createdAt: string }[]
}

const orderId = sql`${sql.placeholder('id')}::text::uuid`

const paidOrder = statement<ReceiptRows['order']>(
  sql`select ${orders.id} as "id", ${orders.paidAt} as "paidAt", ${orders.name} as "name", ${orders.street} as "street", ${orders.postalCode} as "postalCode", ${orders.city} as "city",
    ${orders.country} as "country", ${orders.currency} as "currency", ${orders.subtotalMinor} as "subtotalMinor", ${orders.shippingMinor} as "shippingMinor",
    ${orders.taxBasisPoints} as "taxBasisPoints", ${orders.taxMinor} as "taxMinor", ${orders.totalMinor} as "totalMinor"
    from ${orders} where ${orders.id} = ${orderId} and ${orders.paidAt} is not null`,
)

const lines = statement<ReceiptRows['lines'][number]>(
  sql`select ${orderLines.title} as "title", ${orderLines.detail} as "detail", ${orderLines.quantity} as "quantity", ${orderLines.unitPriceMinor} as "unitPriceMinor",
    ${orderLines.discountMinor} as "discountMinor", ${orderLines.isTaxed} as "isTaxed" from ${orderLines} where ${orderLines.orderId} = ${orderId} order by ${orderLines.position}`,
)

const coupons = statement<ReceiptRows['coupons'][number]>(
  sql`select ${orderCoupons.code} as "code", ${orderCoupons.discountMinor} as "discountMinor" from ${orderCoupons} where ${orderCoupons.orderId} = ${orderId} order by ${orderCoupons.code}`,
)

const back = statement<ReceiptRows['refunds'][number]>(
  sql`select ${refunds.amountMinor} as "amountMinor", ${refunds.reason} as "reason", ${refunds.createdAt} as "createdAt" from ${refunds}
    where ${refunds.orderId} = ${orderId} and ${refunds.status} <> 'FAILED' order by ${refunds.createdAt}, ${refunds.id}`,
)

/** All that a receipt is made of; null for an order that is not paid. */
export async function findReceiptRows(db: Executor, id: string): Promise<ReceiptRows | null> {
  const [order] = await paidOrder.run(db, { id })
  if (order === undefined) return null
  return {
    order,
    lines: await lines.run(db, { id }),
    coupons: await coupons.run(db, { id }),
    refunds: await back.run(db, { id }),
  }
}
