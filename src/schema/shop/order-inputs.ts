import { Field, ID, InputType, Int } from 'type-graphql'
import { MoneyInput } from '../money.ts'
import { alsoAnswers, payloadOf } from '../user-error.ts'
import { CartInput } from './cart.ts'
import { Order, Refund } from './order.ts'
import { KEY } from './staff.ts'

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

  @Field(() => String, { nullable: true, description: 'Needed for a guest, for the receipt; a member’s own is used.' })
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

  @Field(() => Boolean, {
    nullable: true,
    description:
      'The money of these lines went back at the payment gateway itself: they are taken back, and nothing more is sent.',
  })
  isPaidBack?: boolean

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class RetryRefundInput {
  @Field(() => ID, { description: 'Of the refund, from `Order.refunds`.' })
  id: string
}

const order = () => Order

export const CheckoutPayload = payloadOf('CheckoutPayload', 'order', order, 'The order, to be paid.')
export const PayOrderPayload = payloadOf('PayOrderPayload', 'order', order, 'Paid, or with a next step in `payment`.')
export const CancelOrderPayload = payloadOf('CancelOrderPayload', 'order', order, 'The cancelled order.')
export const FulfilOrderPayload = payloadOf('FulfilOrderPayload', 'order', order, 'The order, on its way.')
export const CompleteOrderPayload = payloadOf('CompleteOrderPayload', 'order', order, 'The order that has arrived.')
export const RefundOrderPayload = alsoAnswers(
  payloadOf('RefundOrderPayload', 'order', order, 'The order; the money is on its way.'),
  'refund',
  () => Refund,
  'What is sent back now. Null where nothing is: the lines cost nothing, or were paid back elsewhere.',
)
export const RetryRefundPayload = alsoAnswers(
  payloadOf('RetryRefundPayload', 'order', order, 'The order; its refund is on its way.'),
  'refund',
  () => Refund,
  'What is on its way now: the same refund where it was `STALLED`, a new one in its place where it had `FAILED`.',
)
