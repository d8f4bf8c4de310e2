import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { decodeId, type Uuid } from '../../core/ids.ts'
import { orderById, refundById } from '../../db/relations/shop/order.ts'
import { checkout } from '../../domain/shop/checkout.ts'
import { cancelOrder, completeOrder, fulfilOrder } from '../../domain/shop/order.ts'
import { payOrder } from '../../domain/shop/pay.ts'
import { type Refunded, refundOrder, retryRefund } from '../../domain/shop/refund.ts'
import { everyone, isStaff, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { fromMoneyInput } from '../../schema/money.ts'
import {
  CancelOrderPayload,
  CheckoutInput,
  CheckoutPayload,
  CompleteOrderPayload,
  FulfilOrderPayload,
  OrderInput,
  PayOrderInput,
  PayOrderPayload,
  RefundOrderInput,
  RefundOrderPayload,
  RetryRefundInput,
  RetryRefundPayload,
} from '../../schema/shop/order-inputs.ts'
import { ShopIdInput } from '../../schema/shop/staff.ts'
import { payload, payloadOfAll } from '../../schema/user-error.ts'
import { cartHolder } from './cart.ts'

const orderId = (id: string): Uuid => decodeId('order', id, ['input', 'id'])

/** Read anew: what a mutation has just done must not be answered from what was read before it. */
const answer = (context: Context, id: Uuid) => {
  context.loaders.clear()
  return context.loaders.one(orderById, id)
}

const refunded = async (context: Context, { orderId, refundId }: Refunded) => ({
  order: await answer(context, orderId),
  refund: await context.loaders.one(refundById, refundId),
})

@Resolver()
export class OrderMutationResolver {
  @Mutation(() => CheckoutPayload, {
    nullable: true,
    description:
      'Makes an order of the cart and keeps everything in it until `expiresAt`. All of it or nothing. User errors: `INSUFFICIENT_STOCK`, `PRICE_CHANGED`, `COUPON_NOT_APPLICABLE`, `LIMIT_EXCEEDED` (too much, or too many that are unpaid), `INVALID_INPUT`, `CONFLICT` (key), `NOT_FOUND` (token). Too many of guests at one network address are `RATE_LIMITED`.',
  })
  @Rule(everyone)
  checkout(@Ctx() context: Context, @Arg('input', () => CheckoutInput) input: CheckoutInput) {
    return payload(context, 'order', async () => {
      const { idempotencyKey, address, email } = input
      const expectedTotal = fromMoneyInput(input.expectedTotal, ['input', 'expectedTotal'])
      const guestAddress = context.origin.address
      const wanted = { idempotencyKey, address: { ...address }, email, expectedTotal, guestAddress }
      return answer(context, await checkout(context.deps, cartHolder(context, input), wanted))
    })
  }

  @Mutation(() => PayOrderPayload, {
    nullable: true,
    description:
      'Tries to pay an order; it may lead to a next step. User errors: `PAYMENT_DECLINED`, `ILLEGAL_TRANSITION` (paid, cancelled, too late), `INVALID_INPUT` (method), `NOT_FOUND`. Too many attempts of one buyer are `RATE_LIMITED`.',
  })
  @Rule(everyone)
  payOrder(@Ctx() context: Context, @Arg('input', () => PayOrderInput) input: PayOrderInput) {
    return payload(context, 'order', async () => {
      const guestAddress = context.origin.address
      const payment = { id: orderId(input.id), paymentMethod: input.paymentMethod, guestAddress }
      return answer(context, await payOrder(context.deps, cartHolder(context, input), payment))
    })
  }

  @Mutation(() => CancelOrderPayload, {
    nullable: true,
    description:
      'Gives up an order that is not paid. For its buyer and staff. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(everyone)
  cancelOrder(@Ctx() context: Context, @Arg('input', () => OrderInput) input: OrderInput) {
    return payload(context, 'order', async () =>
      answer(context, await cancelOrder(context.deps, cartHolder(context, input), orderId(input.id))),
    )
  }

  @Mutation(() => FulfilOrderPayload, {
    nullable: true,
    description: 'For staff: a paid order was sent. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isStaff)
  fulfilOrder(@Ctx() context: Context, @Arg('input', () => ShopIdInput) { id }: ShopIdInput) {
    return payload(context, 'order', async () =>
      answer(context, await fulfilOrder(context.deps, signedIn(context), orderId(id))),
    )
  }

  @Mutation(() => CompleteOrderPayload, {
    nullable: true,
    description: 'For staff: an order has arrived. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isStaff)
  completeOrder(@Ctx() context: Context, @Arg('input', () => ShopIdInput) { id }: ShopIdInput) {
    return payload(context, 'order', async () =>
      answer(context, await completeOrder(context.deps, signedIn(context), orderId(id))),
    )
  }

  @Mutation(() => RefundOrderPayload, {
    nullable: true,
    description:
      'For staff: sends money back, for some pieces or for all that is left. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`, `LIMIT_EXCEEDED` (more than is left), `CONFLICT` (key).',
  })
  @Rule(isStaff)
  refundOrder(@Ctx() context: Context, @Arg('input', () => RefundOrderInput) input: RefundOrderInput) {
    return payloadOfAll(context, async () => {
      const lines = input.lines?.map(({ lineId, quantity }, position) => ({
        lineId: decodeId('orderline', lineId, ['input', 'lines', String(position), 'lineId']),
        quantity,
      }))
      const refund = { ...input, id: orderId(input.id), lines }
      return refunded(context, await refundOrder(context.deps, signedIn(context), refund))
    })
  }

  @Mutation(() => RetryRefundPayload, {
    nullable: true,
    description:
      'For staff: tries a refund again that is `FAILED` (with a new one, once) or `STALLED` (the same one, which goes once). User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION` (it went, or was tried again), `LIMIT_EXCEEDED` (the money went back in another way).',
  })
  @Rule(isStaff)
  retryRefund(@Ctx() context: Context, @Arg('input', () => RetryRefundInput) { id }: RetryRefundInput) {
    return payloadOfAll(context, async () =>
      refunded(context, await retryRefund(context.deps, signedIn(context), decodeId('refund', id, ['input', 'id']))),
    )
  }
}
