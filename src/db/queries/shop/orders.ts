import { sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import type { PageRequest } from '../../keyset.ts'
import { type OrderRow, orderEntity, orderOrder } from '../../relations/shop/order.ts'
import { orders } from '../../tables/shop/order.ts'
import { findPage, type ListSource } from '../page.ts'

/** An account's own orders, or all of them for staff, in one state or in any. */
export const ordersOf = (accountId: string | null, status: OrderRow['status'] | undefined): ListSource<OrderRow> => ({
  of: orderEntity,
  where: [
    accountId === null ? undefined : sql`${orders.accountId} = ${accountId}::text::uuid`,
    status === undefined ? undefined : sql`${orders.status}::text = ${status}`,
  ],
})

export const findOrders = (db: Executor, source: ListSource<OrderRow>, page: PageRequest) =>
  findPage(db, source, orderOrder, page)
