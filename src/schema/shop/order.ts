import { Field, ID, InputType, Int } from 'type-graphql'
import type { LineKindName } from '../../domain/shop/line-kind.ts'
import type { OrderStatus as OrderStatusName } from '../../domain/shop/order-rules.ts'
import type { PaymentStatus as PaymentStatusName } from '../../gateways/payment/gateway.ts'
import { Ticket } from '../cinema/ticket.ts'
import { connectionOf } from '../connection.ts'
import { enumOf } from '../enums.ts'
import { Money, MoneyInput } from '../money.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { DateTime } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { CartInput, CartTotals, LineKind } from './cart.ts'
import { ProductVariant } from './catalogue.ts'
import { KEY } from './staff.ts'

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

export const RefundStatus = enumOf<'PENDING' | 'SUCCEEDED' | 'FAILED'>('RefundStatus', 'Where a refund is.', {
  PENDING: 'The gateway has not taken it yet.',
  SUCCEEDED: 'The gateway has sent it.',
  FAILED: 'The gateway refused it.',
})

@GraphObject('How an order is paid.')
export class Payment {
  @Field(() => PaymentStatus)
  status: PaymentStatusName

  @Field(() => String, { description: '`test` for the built-in gateway, which moves no money, or `stripe`.' })
  gateway: string

  @Field(() => String, {
    nullable: true,
    description: 'With it Stripe’s own form confirms the payment in the browser.',
  })
  clientSecret: string | null

  @Field(() => String, { nullable: true, description: 'Where the buyer has to go next.' })
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
  @Field(() => Money)
  amount: Money

  @Field(() => RefundStatus)
  status: 'PENDING' | 'SUCCEEDED' | 'FAILED'

  @Field(() => String)
  reason: string

  @Field(() => DateTime)
  createdAt: string
}

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

@InputType()
export class AddressInput {
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

@InputType()
export class CheckoutInput extends CartInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string

  @Field(() => AddressInput)
  address: AddressInput

  @Field(() => String, { nullable: true, description: 'A guest’s; a member’s own is used.' })
  email?: string | null

  @Field(() => MoneyInput, {
    description: 'What the buyer was shown as `totals.total`. Prices are the server’s: another total is refused.',
  })
  expectedTotal: MoneyInput
}

@InputType()
export class OrderInput {
  @Field(() => ID)
  id: string

  @Field(() => String, { nullable: true, description: 'Of a guest: the token of the cart that the order came from.' })
  cartToken?: string | null
}

@InputType()
export class PayOrderInput extends OrderInput {
  @Field(() => String, {
    description:
      'A PaymentMethod of Stripe (`pm_…`). With the test gateway one of Stripe’s test cards: `pm_card_visa`, `4242424242424242`.',
  })
  paymentMethod: string
}

@InputType()
export class RefundLineInput {
  @Field(() => ID)
  lineId: string

  @Field(() => Int)
  quantity: number
}

@InputType()
export class RefundOrderInput {
  @Field(() => ID)
  id: string

  @Field(() => [RefundLineInput], {
    nullable: true,
    description: 'How many of which lines. Without it all that is left goes back, shipping included.',
  })
  lines?: RefundLineInput[] | null

  @Field(() => Boolean, { defaultValue: true, description: 'What is refunded can be sold again.' })
  restock: boolean

  @Field(() => String, { nullable: true })
  reason?: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

const order = () => Order

export const CheckoutPayload = payloadOf('CheckoutPayload', 'order', order, 'The order, to be paid.')
export const PayOrderPayload = payloadOf('PayOrderPayload', 'order', order, 'Paid, or with a next step in `payment`.')
export const CancelOrderPayload = payloadOf('CancelOrderPayload', 'order', order, 'The cancelled order.')
export const FulfilOrderPayload = payloadOf('FulfilOrderPayload', 'order', order, 'The order, on its way.')
export const CompleteOrderPayload = payloadOf('CompleteOrderPayload', 'order', order, 'The order that has arrived.')
export const RefundOrderPayload = payloadOf('RefundOrderPayload', 'order', order, 'The order; the money is on its way.')
