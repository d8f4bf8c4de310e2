import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { encodeId } from '../../core/ids.ts'
import { countRows } from '../../db/queries/page.ts'
import { disputesIn, findDisputes, findRefunds, refundsIn } from '../../db/queries/shop/trouble.ts'
import { type DisputeRow, orderById, paymentById, type RefundRow } from '../../db/relations/shop/order.ts'
import type {
  DisputeStatus as DisputeStatusName,
  RefundStatus as RefundStatusName,
} from '../../domain/payment/rules.ts'
import { SHOP_CURRENCY } from '../../domain/shop/rules.ts'
import { isStaff, Rule } from '../../permissions/rules.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import type { Context } from '../../schema/context.ts'
import { Money, toMoney } from '../../schema/money.ts'
import {
  Dispute,
  DisputeConnection,
  DisputeStatus,
  Order,
  Refund,
  RefundConnection,
  RefundStatus,
} from '../../schema/shop/order.ts'

@Resolver(() => Dispute)
export class DisputeResolver {
  @Query(() => DisputeConnection, {
    description: 'For staff: payments that buyers dispute at their bank, the newest first.',
  })
  @Rule(isStaff)
  async disputes(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('status', () => DisputeStatus, { nullable: true }) status: DisputeStatusName | null | undefined,
  ) {
    const source = disputesIn(status ?? undefined)
    return new Connection(await findDisputes(deps.db, source, toPageRequest(page)), () => countRows(deps.db, source))
  }

  @FieldResolver(() => Money)
  amount(@Root() dispute: DisputeRow) {
    return toMoney(dispute.amountMinor, dispute.currency)
  }

  @FieldResolver(() => Order)
  async order(@Ctx() { loaders }: Context, @Root() dispute: DisputeRow) {
    const payment = await loaders.one(paymentById, dispute.paymentId)
    return payment === null ? null : loaders.one(orderById, payment.orderId)
  }
}

@Resolver(() => Refund)
export class RefundResolver {
  @Query(() => RefundConnection, {
    description: 'For staff: money that goes back, the newest first; `FAILED` and `STALLED` wait for `retryRefund`.',
  })
  @Rule(isStaff)
  async refunds(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('status', () => RefundStatus, { nullable: true }) status: RefundStatusName | null | undefined,
  ) {
    const source = refundsIn(status ?? undefined)
    return new Connection(await findRefunds(deps.db, source, toPageRequest(page)), () => countRows(deps.db, source))
  }

  @FieldResolver(() => ID)
  id(@Root() refund: RefundRow) {
    return encodeId('refund', refund.id)
  }

  @FieldResolver(() => Money)
  amount(@Root() refund: RefundRow) {
    return toMoney(refund.amountMinor, SHOP_CURRENCY)
  }

  @FieldResolver(() => Order)
  order(@Ctx() { loaders }: Context, @Root() refund: RefundRow) {
    return loaders.one(orderById, refund.orderId)
  }
}
