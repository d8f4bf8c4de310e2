import { Field, ID, InputType, Int } from 'type-graphql'
import type {
  DisputeStatus as DisputeStatusName,
  RefundStatus as RefundStatusName,
} from '../../domain/payment/rules.ts'
import type { LineKindName } from '../../domain/shop/line-kind.ts'
import type { OrderStatus as OrderStatusName } from '../../domain/shop/order-rules.ts'
import type { PaymentStatus as PaymentStatusName } from '../../gateways/payment/gateway.ts'
import { Ticket } from '../cinema/ticket.ts'
import { connectionOf } from '../connection.ts'
import { enumOf } from '../enums.ts'
import { Money } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime } from '../scalars.ts'
import { CartTotals, LineKind } from './cart.ts'
import { ProductVariant } from './catalogue.ts'

export const OrderStatus = enumOf<OrderStatusName>('OrderStatus', 'Where an order is in its life.', {
  PENDING: 'It waits for its payment. Everything in it is kept until `expiresAt`.',
  PAID: 'It is paid, and will be sent.',
  FULFILLED: 'It was sent; or there was nothing to send.',
  COMPLETED: 'It has arrived.',
  CANCELLED: 'It was not paid in time, or given up before.',
  REFUNDED: 'All of its money went back. A part that went back changes no state.',
})

export const PaymentStatus = enumOf<PaymentStatusName>('PaymentStatus', 'Where a payment is at the gateway.', {
  REQUIRES_PAYMENT_METHOD: 'Nobody has paid yet, or the last attempt was declined.',
  REQUIRES_ACTION: 'The buyer has to go to `nextActionUrl` and show who they are.',
  PROCESSING: 'The bank takes its time.',
  CANCELED: 'It was given up.',
  SUCCEEDED: 'It is paid.',
})

export const RefundStatus = enumOf<RefundStatusName>('RefundStatus', 'Where a refund is.', {
  PENDING: 'It is on its way.',
  SUCCEEDED: 'The gateway has sent it.',
  FAILED: 'The gateway refused it, or the bank did not take it. The money is still owed; staff tries again.',
  STALLED: 'The gateway could not be asked for too long: nobody knows whether it went. Staff tries the same one again.',
})

@GraphObject('How an order is paid.')
export class Payment {
  @Field(() => PaymentStatus)
  status: PaymentStatusName

  @Field(() => String, { description: '`test` for the built-in gateway, which moves no money, or `stripe`.' })
  gateway: string

  @Field(() => String, {
    nullable: true,
    description: 'With it Stripe’s own form confirms the payment in the browser. For the buyer: null for staff.',
  })
  clientSecret: string | null

  @Field(() => String, { nullable: true, description: 'Where the buyer has to go next. Null for staff.' })
  nextActionUrl: string | null

  @Field(() => String, { nullable: true, description: 'Why the last attempt failed: `insufficient_funds`.' })
  declineCode: string | null
}

@GraphObject('One line of an order, as it was when it was placed.')
export class OrderLine {
  @Field(() => ID, { description: 'For `refundOrder`.' })
  id: string

  @Field(() => LineKind)
  kind: LineKindName

  @Field(() => String)
  title: string

  @Field(() => String)
  detail: string

  @Field(() => Int)
  quantity: number

  @Field(() => Money)
  unitPrice: Money

  @Field(() => Money, { description: 'Its part of what coupons took off.' })
  discount: Money

  @Field(() => Money, { description: 'Its part of the tax.' })
  tax: Money

  @Field(() => Int, { description: 'How many of it were refunded.' })
  refundedQuantity: number

  @Field(() => Ticket, { nullable: true, description: 'Of a seat.' })
  ticket: Ticket | null

  @Field(() => ProductVariant, { nullable: true, description: 'Of goods.' })
  variant: ProductVariant | null
}

@GraphObject('What a coupon took off an order.')
export class OrderCoupon {
  @Field(() => String)
  code: string

  @Field(() => Money)
  discount: Money
}

@GraphObject('Money that went back.')
export class Refund {
  @Field(() => ID, { description: 'For `retryRefund`.' })
  id: string

  @Field(() => Money)
  amount: Money

  @Field(() => RefundStatus)
  status: RefundStatusName

  @Field(() => String, { nullable: true, description: 'Why it failed: `expired_or_canceled_card`.' })
  failureCode: string | null

  @Field(() => Order)
  order: Order

  @Field(() => String)
  reason: string

  @Field(() => DateTime)
  createdAt: string
}

export const DisputeStatus = enumOf<DisputeStatusName>('DisputeStatus', 'Where a dispute is.', {
  OPEN: 'The bank has not decided. Staff answers at the payment gateway; nothing can be refunded.',
  WON: 'The money stays with the shop.',
  LOST: 'The bank has taken the money back.',
})

@GraphObject('A payment that its buyer disputes at their bank.')
export class Dispute {
  @Field(() => DisputeStatus)
  status: DisputeStatusName

  @Field(() => Money)
  amount: Money

  @Field(() => String, { description: 'The gateway’s word: `fraudulent`, `product_not_received`.' })
  reason: string

  @Field(() => String, { description: 'What the gateway calls it.' })
  reference: string

  @Field(() => Order)
  order: Order

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: DisputeConnection } = connectionOf(Dispute)
export const { Connection: RefundConnection } = connectionOf(Refund)

@GraphObject('Where an order goes.')
export class Address {
  @Field(() => String)
  name: string

  @Field(() => String)
  street: string

  @Field(() => String)
  postalCode: string

  @Field(() => String)
  city: string

  @Field(() => String, { description: 'ISO 3166-1: `DE`.' })
  country: string
}

@GraphObject('What somebody has bought, or is about to pay.', [Node])
export class Order extends Node {
  @Field(() => OrderStatus)
  status: OrderStatusName

  @Field(() => String, { description: 'Where its mails go.' })
  email: string

  @Field(() => Address)
  address: Address

  @Field(() => [OrderLine])
  lines: OrderLine[]

  @Field(() => [OrderCoupon])
  coupons: OrderCoupon[]

  @Field(() => CartTotals)
  totals: CartTotals

  @Field(() => Money, { description: 'What of it went back, or is on its way.' })
  refunded: Money

  @Field(() => [Refund])
  refunds: Refund[]

  @Field(() => [Dispute], { description: 'For staff: what its buyer disputed at their bank.' })
  disputes: Dispute[]

  @Field(() => Payment, { nullable: true, description: 'Null for an order that costs nothing.' })
  payment: Payment | null

  @Field(() => DateTime, { description: 'Until when everything in it is kept while it is not paid.' })
  expiresAt: string

  @Field(() => DateTime, { nullable: true })
  paidAt: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Where its receipt is read and printed, by whoever has this address; null while it is not paid.',
  })
  receiptUrl: string | null

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: OrderConnection } = connectionOf(Order)

export const OrderOrder = enumOf<'NEWEST' | 'OLDEST'>('OrderOrder', 'In which order orders are listed.', {
  NEWEST: 'What was placed last comes first.',
  OLDEST: 'What was placed first comes first: who has waited for the longest.',
})

@InputType({ description: 'Orders must meet every condition that is given.' })
export class OrderFilter {
  @Field(() => OrderStatus, { nullable: true })
  status?: OrderStatusName

  @Field(() => DateTime, { nullable: true, description: 'Placed then or later.' })
  placedFrom?: string

  @Field(() => DateTime, { nullable: true, description: 'Placed before that.' })
  placedBefore?: string

  @Field(() => String, {
    nullable: true,
    description: 'Part of the buyer’s name or e-mail address, or of what was bought; 3 to 100 characters.',
  })
  text?: string
}
