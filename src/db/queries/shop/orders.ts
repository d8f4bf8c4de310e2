import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import { type OrderRow, orderEntity, orderOrder } from '../../relations/shop/order.ts'
import { orderLines, orders } from '../../tables/shop/order.ts'
import { containing } from '../containing.ts'
import { findPage, type ListSource } from '../page.ts'

export interface OrderListFilter {
  status?: OrderRow['status'] | undefined
  /** Placed at this instant or later. */
  placedFrom?: string | undefined
  placedBefore?: string | undefined
  /** Part of the buyer's name or address of mail, of what was bought, in any case; three characters and more. */
  text?: string | undefined
}

/** Each side reads its own trigram index; an `or` over both tables would read none. */
const mentioning = (text: string): SQL =>
  sql`${orders.id} in (select buyer.id from ${orders} buyer where (buyer.email || ' ' || buyer.name) ilike ${containing(text)} union select line.order_id from ${orderLines} line where line.title ilike ${containing(text)})`

/** An account's own orders, or all of them for staff. */
export const ordersOf = (
  accountId: string | null,
  { status, placedFrom, placedBefore, text }: OrderListFilter,
): ListSource<OrderRow> => ({
  of: orderEntity,
  where: [
    accountId === null ? undefined : sql`${orders.accountId} = ${accountId}::text::uuid`,
    status === undefined ? undefined : sql`${orders.status} = ${status}::text::order_status`,
    placedFrom === undefined ? undefined : sql`${orders.createdAt} >= ${placedFrom}::text::timestamptz`,
    placedBefore === undefined ? undefined : sql`${orders.createdAt} < ${placedBefore}::text::timestamptz`,
    text === undefined ? undefined : mentioning(text),
  ],
})

export type OrderOrderName = 'NEWEST' | 'OLDEST'

const ORDERS: Readonly<Record<OrderOrderName, KeysetOrder>> = {
  NEWEST: orderOrder,
  OLDEST: { ...orderOrder, name: 'OLDEST', direction: 'asc' },
}

export const findOrders = (db: Executor, source: ListSource<OrderRow>, order: OrderOrderName, page: PageRequest) =>
  findPage(db, source, ORDERS[order], page)
