import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root, Subscription } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, encodeId, type Uuid } from '../../core/ids.ts'
import { countRows } from '../../db/queries/page.ts'
import { findOrders, type OrderListFilter, type OrderOrderName, ordersOf } from '../../db/queries/shop/orders.ts'
import { ticketById } from '../../db/relations/cinema.ts'
import { variantById } from '../../db/relations/shop/catalogue.ts'
import {
  MAX_ORDER_REFUNDS,
  MAX_PAYMENT_DISPUTES,
  type OrderLineRow,
  type OrderRow,
  orderById,
  orderCouponList,
  orderLineList,
  orderRefundList,
  type PaymentRow,
  paymentByOrder,
  paymentDisputeList,
} from '../../db/relations/shop/order.ts'
import { MAX_CART_SEATS } from '../../domain/cinema/rules.ts'
import { orderChanged, tokenHashOf } from '../../domain/shop/order.ts'
import { canSeeOrder, canSeePaymentSecrets } from '../../domain/shop/order-rules.ts'
import { receiptUrl } from '../../domain/shop/receipt.ts'
import { MAX_CART_COUPONS, MAX_CART_LINES, SHOP_CURRENCY } from '../../domain/shop/rules.ts'
import { liveState } from '../../live/source.ts'
import { BatchLoaders } from '../../loaders/batch.ts'
import { everyone, isStaff, Rule } from '../../permissions/rules.ts'
import { Viewer } from '../../schema/account.ts'
import { Ticket } from '../../schema/cinema/ticket.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { Money, toMoney } from '../../schema/money.ts'
import { CartTokenArgs, CartTotals } from '../../schema/shop/cart.ts'
import { ProductVariant } from '../../schema/shop/catalogue.ts'
import {
  Address,
  Dispute,
  Order,
  OrderConnection,
  OrderCoupon,
  OrderFilter,
  OrderLine,
  OrderOrder,
  Payment,
  Refund,
} from '../../schema/shop/order.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import type { NodeType } from '../node-type.ts'
import { cartHolder } from './cart.ts'
import { toTextPart } from './text-filter.ts'

export const orderNode: NodeType = {
  typename: 'Order',
  prefix: 'order',
  async load(context, id) {
    const order = await context.loaders.one(orderById, id)
    return order !== null && canSeeOrder(context.viewer, null, order) ? order : null
  },
}

const inOrder = (order: OrderRow) => (amountMinor: number) => toMoney(amountMinor, order.currency)

/** @throws DomainError `NOT_FOUND` for another's. */
export async function getVisibleOrder(
  { viewer, loaders }: Pick<Context, 'viewer' | 'loaders'>,
  id: Uuid,
  args: CartTokenArgs,
  path: readonly string[],
) {
  const order = await loaders.one(orderById, id)
  const tokenHash = tokenHashOf(cartHolder({ viewer }, args))
  if (order === null || !canSeeOrder(viewer, tokenHash, order)) throw notFound('order', path)
  return order
}

const toOrderFilter = (filter: OrderFilter | null | undefined): OrderListFilter => ({
  status: filter?.status ?? undefined,
  placedFrom: filter?.placedFrom ?? undefined,
  placedBefore: filter?.placedBefore ?? undefined,
  text: toTextPart(filter?.text),
})

@Resolver(() => Order)
export class OrderResolver {
  @Query(() => Order, { nullable: true, description: 'For its buyer and staff. `NOT_FOUND` for anybody else.' })
  @Rule(everyone)
  order(@Ctx() context: Context, @Arg('id', () => ID) id: string, @Args(() => CartTokenArgs) args: CartTokenArgs) {
    return getVisibleOrder(context, decodeId('order', id, ['id']), args, ['id'])
  }

  @Query(() => OrderConnection, { description: 'For staff: all orders.' })
  @Rule(isStaff)
  async orders(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => OrderFilter, { nullable: true }) filter: OrderFilter | null | undefined,
    @Arg('orderBy', () => OrderOrder, { defaultValue: OrderOrder.NEWEST }) orderBy: OrderOrderName,
  ) {
    const source = ordersOf(null, toOrderFilter(filter))
    const found = await findOrders(deps.db, source, orderBy, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, source))
  }

  @Subscription(() => Order, {
    description: 'The order as it is, then each change of it: paid, sent, refunded. For its buyer and staff.',
    subscribe: ({ args, context }) => {
      const { id, ...tokens } = args as { id: string } & CartTokenArgs
      const { deps, viewer } = context as Context
      const orderId = decodeId('order', id, ['id'])
      const load = () => new BatchLoaders(deps.db).one(orderById, orderId)
      return liveState({
        bus: deps.bus,
        key: `orderUpdated:${orderId}`,
        topics: [orderChanged(orderId)],
        async admit() {
          await getVisibleOrder({ viewer, loaders: new BatchLoaders(deps.db) }, orderId, tokens, ['id'])
          return ''
        },
        load,
      })
    },
  })
  @Rule(everyone)
  orderUpdated(
    @Root() order: OrderRow,
    @Arg('id', () => ID) _id: string,
    @Args(() => CartTokenArgs) _args: CartTokenArgs,
  ) {
    return order
  }

  @FieldResolver(() => Address)
  address(@Root() order: OrderRow) {
    return order
  }

  @FieldResolver(() => [OrderLine])
  @Costs({ atMost: MAX_CART_LINES + MAX_CART_SEATS })
  async lines(@Ctx() { loaders }: Context, @Root() order: OrderRow) {
    return loaders.many(orderLineList, order.id)
  }

  @FieldResolver(() => [OrderCoupon])
  @Costs({ atMost: MAX_CART_COUPONS })
  async coupons(@Ctx() { loaders }: Context, @Root() order: OrderRow) {
    const coupons = await loaders.many(orderCouponList, order.id)
    return coupons.map(({ code, discountMinor }) => ({ code, discount: inOrder(order)(discountMinor) }))
  }

  @FieldResolver(() => CartTotals)
  totals(@Root() order: OrderRow) {
    const price = inOrder(order)
    return {
      subtotal: price(order.subtotalMinor),
      discount: price(order.discountMinor),
      shipping: price(order.shippingMinor),
      tax: price(order.taxMinor),
      total: price(order.totalMinor),
    }
  }

  @FieldResolver(() => Money)
  refunded(@Root() order: OrderRow) {
    return inOrder(order)(order.refundedMinor)
  }

  @FieldResolver(() => [Refund])
  @Costs({ atMost: MAX_ORDER_REFUNDS })
  refunds(@Ctx() { loaders }: Context, @Root() order: OrderRow) {
    return loaders.many(orderRefundList, order.id)
  }

  @FieldResolver(() => [Dispute])
  @Costs({ atMost: MAX_PAYMENT_DISPUTES })
  @Rule(isStaff)
  async disputes(@Ctx() { loaders }: Context, @Root() order: OrderRow) {
    const payment = await loaders.one(paymentByOrder, order.id)
    return payment === null ? [] : loaders.many(paymentDisputeList, payment.id)
  }

  @FieldResolver(() => String, { nullable: true })
  receiptUrl(@Ctx() { deps }: Context, @Root() order: OrderRow) {
    return order.paidAt === null ? null : receiptUrl(deps, order.id)
  }

  @FieldResolver(() => Payment, { nullable: true })
  payment(@Ctx() { loaders }: Context, @Root() order: OrderRow) {
    return loaders.one(paymentByOrder, order.id)
  }
}

async function mayPay({ viewer, loaders }: Context, { orderId }: PaymentRow): Promise<boolean> {
  const order = await loaders.one(orderById, orderId)
  return order !== null && canSeePaymentSecrets(viewer, order)
}

@Resolver(() => Payment)
export class PaymentResolver {
  @FieldResolver(() => String, { nullable: true })
  @DependsOnViewer
  async clientSecret(@Ctx() context: Context, @Root() payment: PaymentRow) {
    return (await mayPay(context, payment)) ? payment.clientSecret : null
  }

  // The built-in bank's address holds the secret.
  @FieldResolver(() => String, { nullable: true })
  @DependsOnViewer
  async nextActionUrl(@Ctx() context: Context, @Root() payment: PaymentRow) {
    return (await mayPay(context, payment)) ? payment.nextActionUrl : null
  }
}

@Resolver(() => OrderLine)
export class OrderLineResolver {
  @FieldResolver(() => ID)
  id(@Root() line: OrderLineRow) {
    return encodeId('orderline', line.id)
  }

  @FieldResolver(() => Money)
  unitPrice(@Root() line: OrderLineRow) {
    return toMoney(line.unitPriceMinor, SHOP_CURRENCY)
  }

  @FieldResolver(() => Money)
  discount(@Root() line: OrderLineRow) {
    return toMoney(line.discountMinor, SHOP_CURRENCY)
  }

  @FieldResolver(() => Money)
  tax(@Root() line: OrderLineRow) {
    return toMoney(line.taxMinor, SHOP_CURRENCY)
  }

  @FieldResolver(() => Ticket, { nullable: true })
  ticket(@Ctx() { loaders }: Context, @Root() { kind, refId }: OrderLineRow) {
    return kind === 'TICKET' ? loaders.one(ticketById, refId) : null
  }

  @FieldResolver(() => ProductVariant, { nullable: true })
  variant(@Ctx() { loaders }: Context, @Root() line: OrderLineRow) {
    return line.kind === 'GOODS' ? loaders.one(variantById, line.refId) : null
  }
}

@Resolver(() => Viewer)
export class OrderViewerResolver {
  @FieldResolver(() => OrderConnection, { description: 'What the viewer has bought.' })
  async orders(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => OrderFilter, { nullable: true }) filter: OrderFilter | null | undefined,
    @Arg('orderBy', () => OrderOrder, { defaultValue: OrderOrder.NEWEST }) orderBy: OrderOrderName,
  ) {
    const { db } = context.deps
    const source = ordersOf(signedIn(context).accountId, toOrderFilter(filter))
    const found = await findOrders(db, source, orderBy, toPageRequest(page))
    return new Connection(found, () => countRows(db, source))
  }
}
