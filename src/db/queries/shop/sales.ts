import { sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import { statement } from '../../statement.ts'
import { products, variants } from '../../tables/shop/catalogue.ts'
import { orderLines, orders, refunds } from '../../tables/shop/order.ts'

/** Sums of one day; money in minor units. */
export interface SalesRow {
  /** Place of the day in the list of days, from 1. */
  day: number
  orders: number
  grossMinor: number
  discountMinor: number
  shippingMinor: number
  taxMinor: number
  refundMinor: number
  pieces: number
  tickets: number
}

const starts = sql`${sql.placeholder('starts')}::text::timestamptz[]`
const first = sql`${sql.placeholder('first')}::text::timestamptz`
const end = sql`${sql.placeholder('end')}::text::timestamptz`

/** The range stands in every part, so that each reads its own index only. `width_bucket` finds the day of an instant. */
const byDay = statement<{ [Name in keyof SalesRow]: string }>(
  sql`with paid as (
      select ${orders.id} as id, width_bucket(${orders.paidAt}, ${starts}) as day, ${orders.subtotalMinor} as gross, ${orders.discountMinor} as discount,
        ${orders.shippingMinor} as shipping, ${orders.taxMinor} as tax
      from ${orders} where ${orders.paidAt} >= ${first} and ${orders.paidAt} < ${end}),
    money as (select day, count(*) as orders, sum(gross) as gross, sum(discount) as discount, sum(shipping) as shipping, sum(tax) as tax from paid group by 1),
    sold as (
      select paid.day, sum(${orderLines.quantity}) filter (where ${orderLines.kind} = 'GOODS') as pieces, sum(${orderLines.quantity}) filter (where ${orderLines.kind} = 'TICKET') as tickets
      from paid join ${orderLines} on ${orderLines.orderId} = paid.id group by 1),
    back as (
      select width_bucket(${refunds.createdAt}, ${starts}) as day, sum(${refunds.amountMinor}) as refund
      from ${refunds} where ${refunds.createdAt} >= ${first} and ${refunds.createdAt} < ${end} and ${refunds.status} <> 'FAILED' group by 1)
    select day as "day", coalesce(orders, 0) as "orders", coalesce(gross, 0) as "grossMinor", coalesce(discount, 0) as "discountMinor",
      coalesce(shipping, 0) as "shippingMinor", coalesce(tax, 0) as "taxMinor", coalesce(refund, 0) as "refundMinor", coalesce(pieces, 0) as "pieces", coalesce(tickets, 0) as "tickets"
    from money full join back using (day) full join sold using (day) order by 1`,
)

/** Days, by the instants at which each of them begins, and the instant at which the last one ends. */
export interface SalesRange {
  readonly starts: readonly string[]
  readonly end: string
}

const placeholdersOf = (range: SalesRange) => ({ first: range.starts[0] ?? range.end, end: range.end })

/** The days on which there was something; the others are left out. */
export async function findSales(db: Executor, range: SalesRange): Promise<SalesRow[]> {
  const rows = await byDay.run(db, { ...placeholdersOf(range), starts: pgArray(range.starts) })
  return rows.map(
    (row) => Object.fromEntries(Object.entries(row).map(([name, sum]) => [name, Number(sum)])) as unknown as SalesRow,
  )
}

export interface ProductSalesRow {
  productId: string
  pieces: number
  /** What was paid for them: discounts are taken off, tax is not added. */
  revenueMinor: number
}

const MOST_PRODUCTS = 50

const byProduct = statement<{ productId: string; pieces: string; revenueMinor: string }>(
  sql`select ${products.id} as "productId", sum(${orderLines.quantity}) as "pieces", sum(${orderLines.quantity} * ${orderLines.unitPriceMinor} - ${orderLines.discountMinor}) as "revenueMinor"
    from ${orders} join ${orderLines} on ${orderLines.orderId} = ${orders.id} and ${orderLines.kind} = 'GOODS'
    join ${variants} on ${variants.id} = ${orderLines.refId} join ${products} on ${products.id} = ${variants.productId}
    where ${orders.paidAt} >= ${first} and ${orders.paidAt} < ${end}
    group by 1 order by 3 desc, 2 desc, 1 limit ${sql.raw(String(MOST_PRODUCTS))}`,
)

/** What brought in the most, at most 50. */
export async function findTopProducts(db: Executor, range: SalesRange): Promise<ProductSalesRow[]> {
  const rows = await byProduct.run(db, placeholdersOf(range))
  return rows.map(({ productId, pieces, revenueMinor }) => ({
    productId,
    pieces: Number(pieces),
    revenueMinor: Number(revenueMinor),
  }))
}
