import type { Uuid } from '../../core/ids.ts'
import { lifecycle } from '../../core/lifecycle.ts'
import type { orderStatus } from '../../db/tables/shop/order.ts'
import { isStaff, type Viewer } from '../viewer.ts'

export type OrderStatus = (typeof orderStatus.enumValues)[number]

/**
 * A part that is refunded changes no state; REFUNDED is an order of which all went back. CANCELLED becomes PAID where
 * money came after the reservation had lapsed and everything was still there, and REFUNDED where it was not.
 */
export const orderLifecycle = lifecycle<OrderStatus>('order', {
  PENDING: ['PAID', 'CANCELLED'],
  PAID: ['FULFILLED', 'REFUNDED'],
  FULFILLED: ['COMPLETED', 'REFUNDED'],
  COMPLETED: ['REFUNDED'],
  CANCELLED: ['PAID', 'REFUNDED'],
  REFUNDED: [],
})

/** How long stock, seats and coupon uses are kept for an order that is not paid yet. */
export const RESERVATION_MINUTES = 15

/** Of one member, or of one guest's cart, at once: each keeps stock from others. */
export const MAX_UNPAID_ORDERS = 5

export interface OrderFacts {
  readonly accountId: Uuid | null
  readonly tokenHash: string | null
}

/** A member sees their own orders, a guest the one that their cart's token opens, staff all. */
export const canSeeOrder = (viewer: Viewer | null, tokenHash: string | null, order: OrderFacts): boolean =>
  isOrderBuyer(viewer, tokenHash, order) || isStaff(viewer)

/**
 * Whether one who sees an order may see what it is paid with. Staff who look at others' orders may not; everybody else who
 * sees an order is its buyer, a guest by the token that opened it.
 */
export const canSeePaymentSecrets = (viewer: Viewer | null, order: Pick<OrderFacts, 'accountId'>): boolean =>
  !isStaff(viewer) || order.accountId === viewer?.accountId

/** Who pays and may cancel before that. */
export const isOrderBuyer = (viewer: Viewer | null, tokenHash: string | null, order: OrderFacts): boolean =>
  (viewer !== null && order.accountId === viewer.accountId) || (tokenHash !== null && order.tokenHash === tokenHash)
