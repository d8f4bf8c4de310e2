import { and, asc, eq, sql } from 'drizzle-orm'
import { notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { couponHolds } from '../../db/tables/shop/cart.ts'
import { orderLines, orders } from '../../db/tables/shop/order.ts'
import { topic } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'
import { cancelPayment } from '../payment/payment.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { hashCartToken } from './cart.ts'
import type { OrderedLine, OrderRef } from './line-kind.ts'
import { LINE_KINDS } from './line-kinds.ts'
import { canSeeOrder, isOrderBuyer, type OrderStatus, orderLifecycle } from './order-rules.ts'

/** Something about the order is another than before; who listens looks. */
export const orderChanged = (orderId: Uuid) => topic<Record<string, never>>('orderChanged', orderId)

export type Order = typeof orders.$inferSelect
export type OrderLine = typeof orderLines.$inferSelect

/** Who asks: a member, or a guest with the token of the cart that the order came from. */
export interface OrderHolder {
  readonly viewer: Viewer | null
  readonly token: string | null
}

export const tokenHashOf = ({ token }: OrderHolder): string | null => (token === null ? null : hashCartToken(token))

const path = ['input', 'id']

/** The order's row is the lock under which everything about it happens: payment, cancellation, refund. */
export async function lockOrder(tx: Transaction, id: Uuid): Promise<Order> {
  const [order] = await tx.orm.select().from(orders).where(eq(orders.id, id)).for('update')
  if (order === undefined) throw notFound('order', path)
  return order
}

/** @throws DomainError `NOT_FOUND` for another's. */
export async function getOwnOrder(deps: Pick<Deps, 'db'>, holder: OrderHolder, id: Uuid): Promise<Order> {
  const [order] = await deps.db.orm.select().from(orders).where(eq(orders.id, id))
  if (order === undefined || !isOrderBuyer(holder.viewer, tokenHashOf(holder), order)) throw notFound('order', path)
  return order
}

export const linesOf = (tx: Transaction, orderId: Uuid): Promise<OrderLine[]> =>
  tx.orm.select().from(orderLines).where(eq(orderLines.orderId, orderId)).orderBy(asc(orderLines.position))

export const refOf = ({ id, accountId, expiresAt }: Order): OrderRef => ({ id, accountId, expiresAt })

/** Runs a step of each kind of line for those lines that are its own, in the order of `LINE_KINDS`. */
export async function eachKind(
  lines: readonly OrderLine[],
  step: (kind: (typeof LINE_KINDS)[number], own: readonly OrderedLine[]) => Promise<void>,
): Promise<void> {
  for (const kind of LINE_KINDS) {
    const own = lines.filter((line) => line.kind === kind.kind)
    if (own.length > 0) await step(kind, own)
  }
}

export async function setOrder(deps: Deps, tx: Transaction, id: Uuid, change: Partial<Order>): Promise<void> {
  await tx.orm
    .update(orders)
    .set({ ...change, updatedAt: sql`clock_timestamp()` })
    .where(eq(orders.id, id))
  tx.afterCommit(() => deps.bus.publish(orderChanged(id), {}))
}

/** Gives back what an unpaid order kept. */
export async function releaseOrder(deps: Deps, tx: Transaction, order: Order): Promise<void> {
  await tx.orm.delete(couponHolds).where(eq(couponHolds.orderId, order.id))
  const lines = await linesOf(tx, order.id)
  await eachKind(lines, (kind) => kind.release(deps, tx, refOf(order)))
}

async function cancel(deps: Deps, tx: Transaction, order: Order, hasLapsed: boolean): Promise<void> {
  orderLifecycle.ensure(order.status, 'CANCELLED')
  await releaseOrder(deps, tx, order)
  await setOrder(deps, tx, order.id, { status: 'CANCELLED', hasLapsed })
  if (order.totalMinor > 0) await deps.jobs.enqueue(tx, cancelPayment, { orderId: order.id })
}

/** For its buyer and staff, before it is paid. @throws DomainError `NOT_FOUND`, `ILLEGAL_TRANSITION`. */
export const cancelOrder = (deps: Deps, holder: OrderHolder, id: Uuid): Promise<Uuid> =>
  deps.db.transaction(async (tx) => {
    const order = await lockOrder(tx, id)
    if (!canSeeOrder(holder.viewer, tokenHashOf(holder), order)) throw notFound('order', path)
    await cancel(deps, tx, order, false)
    return id
  })

/** What it is for no longer takes place. The caller has locked the order. @throws DomainError `ILLEGAL_TRANSITION`. */
export const cancelUnpaid = (deps: Deps, tx: Transaction, order: Order): Promise<void> => cancel(deps, tx, order, false)

async function advance(deps: Deps, viewer: Viewer, id: Uuid, status: OrderStatus): Promise<Uuid> {
  ensureStaff(viewer)
  return deps.db.transaction(async (tx) => {
    const order = await lockOrder(tx, id)
    orderLifecycle.ensure(order.status, status)
    await setOrder(deps, tx, id, { status })
    return id
  })
}

/** Staff has sent it. @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `ILLEGAL_TRANSITION`. */
export const fulfilOrder = (deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> =>
  advance(deps, viewer, id, 'FULFILLED')

/** It has arrived. @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `ILLEGAL_TRANSITION`. */
export const completeOrder = (deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> =>
  advance(deps, viewer, id, 'COMPLETED')

/** As many in one run; the next minute takes the rest. */
const SWEPT_AT_ONCE = 100

/**
 * Cancels what was not paid in time. Only tidiness: what such an order kept is free for others from the very moment.
 * Answers how many.
 */
export async function cancelLapsedOrders(deps: Deps): Promise<number> {
  const lapsed = await deps.db.orm
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.status, 'PENDING'), sql`${orders.expiresAt} < clock_timestamp()`))
    .orderBy(asc(orders.expiresAt))
    .limit(SWEPT_AT_ONCE)
  for (const { id } of lapsed) {
    await deps.db.transaction(async (tx) => {
      const order = await lockOrder(tx, id)
      // Paid or cancelled since it was looked for.
      if (order.status === 'PENDING') await cancel(deps, tx, order, true)
    })
  }
  return lapsed.length
}
