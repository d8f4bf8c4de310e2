import type { KeysetOrder } from '../../keyset.ts'
import { belongsTo, entity, hasMany, type RowOf } from '../../relation.ts'
import { disputes, payments } from '../../tables/payment.ts'
import { orderCoupons, orderLines, orders, refunds } from '../../tables/shop/order.ts'

/** Of one order: tickets can be given back one by one. What a list may load is what it costs. */
export const MAX_ORDER_REFUNDS = 50
/** Of one payment. */
export const MAX_PAYMENT_DISPUTES = 20

/** What only the checkout needs to know stays in the table. */
export const orderEntity = entity('Order', orders, ['checkoutKey', 'inputHash', 'cartId'])
const lineEntity = entity('OrderLine', orderLines)
const couponEntity = entity('OrderCoupon', orderCoupons)
export const refundEntity = entity('Refund', refunds)
const paymentEntity = entity('Payment', payments)
export const disputeEntity = entity('Dispute', disputes)

export type OrderRow = RowOf<typeof orders, 'checkoutKey' | 'inputHash' | 'cartId'>
export type OrderLineRow = RowOf<typeof orderLines>
export type PaymentRow = RowOf<typeof payments>
export type RefundRow = RowOf<typeof refunds>
export type DisputeRow = RowOf<typeof disputes>

export const orderById = belongsTo(orderEntity, orders.id)
export const paymentById = belongsTo(paymentEntity, payments.id)
export const refundById = belongsTo(refundEntity, refunds.id)
export const paymentByOrder = belongsTo(paymentEntity, payments.orderId)

export const orderLineList = hasMany(lineEntity, {
  by: orderLines.orderId,
  order: { name: 'POSITION', direction: 'asc', keys: [{ value: orderLines.position, type: 'integer' }] },
  limit: 200,
})

export const orderCouponList = hasMany(couponEntity, {
  by: orderCoupons.orderId,
  order: { name: 'CODE', direction: 'asc', keys: [{ value: orderCoupons.code, type: 'text' }] },
  limit: 10,
})

export const orderRefundList = hasMany(refundEntity, {
  by: refunds.orderId,
  order: {
    name: 'OLDEST',
    direction: 'asc',
    keys: [
      { value: refunds.createdAt, type: 'timestamptz' },
      { value: refunds.id, type: 'uuid' },
    ],
  },
  limit: MAX_ORDER_REFUNDS,
})

export const paymentDisputeList = hasMany(disputeEntity, {
  by: disputes.paymentId,
  order: {
    name: 'OLDEST',
    direction: 'asc',
    keys: [
      { value: disputes.createdAt, type: 'timestamptz' },
      { value: disputes.id, type: 'uuid' },
    ],
  },
  limit: MAX_PAYMENT_DISPUTES,
})

export const orderOrder: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: orders.createdAt, type: 'timestamptz' },
    { value: orders.id, type: 'uuid' },
  ],
}
