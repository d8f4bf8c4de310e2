import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { decodeId } from '../../core/ids.ts'
import { accountById } from '../../db/relations/account.ts'
import {
  type PriceChangeRow,
  priceChangeById,
  type VariantRow,
  variantById,
  variantPriceChangeCount,
  variantPriceChanges,
} from '../../db/relations/shop/catalogue.ts'
import { changePrices, previewPrices, type Repriced, type Repricing } from '../../domain/shop/price-change.ts'
import { canManageShop, SHOP_CURRENCY } from '../../domain/shop/rules.ts'
import { isStaff, Rule } from '../../permissions/rules.ts'
import { Account } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { fromMoneyInput, Money, toMoney } from '../../schema/money.ts'
import { ProductVariant } from '../../schema/shop/catalogue.ts'
import {
  ChangePricesInput,
  ChangePricesPayload,
  MAX_PREVIEWED,
  NewPrice,
  PriceChange,
  PriceChangeConnection,
  PriceChangePreview,
  PriceChangePreviewInput,
} from '../../schema/shop/price.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'

export const priceChangeNode: NodeType = {
  typename: 'PriceChange',
  prefix: 'pricechange',
  load: async ({ viewer, loaders }, id) => (canManageShop(viewer) ? loaders.one(priceChangeById, id) : null),
}

const toRepricing = ({ categoryId, skus, percentBasisPoints, price }: PriceChangePreviewInput): Repricing => ({
  categoryId: categoryId ? decodeId('productcategory', categoryId, ['input', 'categoryId']) : undefined,
  skus,
  percentBasisPoints,
  price: price ? fromMoneyInput(price, ['input', 'price']) : undefined,
})

const shown = (amountMinor: number): Money => toMoney(amountMinor, SHOP_CURRENCY)

@Resolver(() => PriceChange)
export class PriceChangeResolver {
  @Query(() => PriceChangePreview, { description: 'For staff: what `changePrices` would change now, and how many.' })
  @Rule(isStaff)
  async priceChangePreview(
    @Ctx() context: Context,
    @Arg('input', () => PriceChangePreviewInput) input: PriceChangePreviewInput,
  ) {
    const plan = await previewPrices(context.deps, signedIn(context), toRepricing(input))
    return { count: plan.length, prices: plan.slice(0, MAX_PREVIEWED) }
  }

  @Mutation(() => ChangePricesPayload, {
    nullable: true,
    description:
      'For staff: changes many prices at once, all or none. Carts show them as `PRICE_CHANGED`; orders stay as they are. User errors: `NOT_FOUND` (category, each unknown SKU), `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isStaff)
  changePrices(@Ctx() context: Context, @Arg('input', () => ChangePricesInput) input: ChangePricesInput) {
    const { note, expectedCount, idempotencyKey } = input
    return payload(context, 'changedCount', () =>
      changePrices(context.deps, signedIn(context), { ...toRepricing(input), note, expectedCount, idempotencyKey }),
    )
  }

  @FieldResolver(() => Money)
  before(@Root() change: PriceChangeRow) {
    return shown(change.fromMinor)
  }

  @FieldResolver(() => Money)
  after(@Root() change: PriceChangeRow) {
    return shown(change.toMinor)
  }

  @FieldResolver(() => Account, { nullable: true })
  actor(@Ctx() { loaders }: Context, @Root() change: PriceChangeRow) {
    return loaders.one(accountById, change.actorId)
  }
}

@Resolver(() => NewPrice)
export class NewPriceResolver {
  @FieldResolver(() => ProductVariant)
  variant(@Ctx() { loaders }: Context, @Root() { variantId }: Repriced) {
    return loaders.one(variantById, variantId)
  }

  @FieldResolver(() => Money)
  before(@Root() { beforeMinor }: Repriced) {
    return shown(beforeMinor)
  }

  @FieldResolver(() => Money)
  after(@Root() { afterMinor }: Repriced) {
    return shown(afterMinor)
  }
}

@Resolver(() => ProductVariant)
export class VariantPriceResolver {
  @FieldResolver(() => PriceChangeConnection, { description: 'For staff: how its price changed, the latest first.' })
  @Rule(isStaff)
  async priceChanges(
    @Ctx() { loaders }: Context,
    @Root() variant: VariantRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(variantPriceChanges, variant.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(variantPriceChangeCount, variant.id))
  }
}
