import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { decodeId, encodeId } from '../../core/ids.ts'
import { countRows } from '../../db/queries/page.ts'
import {
  allCoupons,
  allProducts,
  type CouponOrderName,
  findAllProducts,
  findCoupons,
  findLowVariants,
  lowVariants,
  type StaffProductOrderName,
} from '../../db/queries/shop/staff.ts'
import { accountById } from '../../db/relations/account.ts'
import {
  type CouponRow,
  couponById,
  type MovementRow,
  movementById,
  productCategoryById,
  type VariantRow,
  variantMovementCount,
  variantMovements,
} from '../../db/relations/shop/catalogue.ts'
import { createProductCategory, deleteProductCategory, updateProductCategory } from '../../domain/shop/category.ts'
import { createCoupon, updateCoupon } from '../../domain/shop/coupon.ts'
import { canManageShop, type ProductStatus as ProductStatusName, SHOP_CURRENCY } from '../../domain/shop/rules.ts'
import { moveStock } from '../../domain/shop/stock.ts'
import { stockByVariant } from '../../loaders/shop.ts'
import { isStaff, Rule } from '../../permissions/rules.ts'
import { Account } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { fromMoneyInput, Money, type MoneyInput, toMoney } from '../../schema/money.ts'
import {
  ProductConnection,
  ProductStatus,
  ProductVariant,
  ProductVariantConnection,
} from '../../schema/shop/catalogue.ts'
import {
  Coupon,
  CouponConnection,
  CouponFilter,
  CouponOrder,
  CreateCouponInput,
  CreateCouponPayload,
  UpdateCouponInput,
  UpdateCouponPayload,
} from '../../schema/shop/coupon.ts'
import {
  CreateProductCategoryInput,
  CreateProductCategoryPayload,
  DeleteProductCategoryPayload,
  MoveStockInput,
  MoveStockPayload,
  ShopIdInput,
  StaffProductFilter,
  StaffProductOrder,
  StockMovement,
  StockMovementConnection,
  UpdateProductCategoryInput,
  UpdateProductCategoryPayload,
} from '../../schema/shop/staff.ts'
import { payload } from '../../schema/user-error.ts'
import { plain } from '../blog/list.ts'
import type { NodeType } from '../node-type.ts'
import { toTextPart } from './text-filter.ts'

/** The ledger and the terms of coupons are for staff; to others there are none. */
export const movementNode: NodeType = {
  typename: 'StockMovement',
  prefix: 'movement',
  load: async ({ viewer, loaders }, id) => (canManageShop(viewer) ? loaders.one(movementById, id) : null),
}

export const couponNode: NodeType = {
  typename: 'Coupon',
  prefix: 'coupon',
  load: async ({ viewer, loaders }, id) => (canManageShop(viewer) ? loaders.one(couponById, id) : null),
}

const categoryId = (id: string, field: string) => decodeId('productcategory', id, ['input', field])

/** Null stays null: it takes a limit away. */
const moneyOf = (input: MoneyInput | null | undefined, field: string) =>
  input === null || input === undefined ? input : fromMoneyInput(input, ['input', field])

@Resolver(() => ProductVariant)
export class StaffVariantResolver {
  @FieldResolver(() => Int, { description: 'For staff: pieces on the shelf, those that unpaid orders keep included.' })
  @Rule(isStaff)
  onShelf(@Ctx() { loaders }: Context, @Root() variant: VariantRow) {
    return stockByVariant(loaders, variant.id)
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'For staff: they are told when the stock falls to this many.',
  })
  @Rule(isStaff)
  lowStockAt(@Root() variant: VariantRow) {
    return variant.lowStockAt
  }

  @FieldResolver(() => StockMovementConnection, { description: 'For staff: the ledger, the latest line first.' })
  @Rule(isStaff)
  async movements(
    @Ctx() { loaders }: Context,
    @Root() variant: VariantRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    const found = await loaders.page(variantMovements, variant.id, toPageRequest(page))
    return new Connection(found, () => loaders.count(variantMovementCount, variant.id))
  }
}

@Resolver(() => StockMovement)
export class StockMovementResolver {
  @FieldResolver(() => Account, { nullable: true })
  actor(@Ctx() { loaders }: Context, @Root() movement: MovementRow) {
    return loaders.one(accountById, movement.actorId)
  }
}

@Resolver(() => Coupon)
export class ShopStaffResolver {
  @Query(() => ProductConnection, { description: 'For staff: products in any state.' })
  @Rule(isStaff)
  async allProducts(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('status', () => ProductStatus, { nullable: true }) status: ProductStatusName | null | undefined,
    @Arg('filter', () => StaffProductFilter, { nullable: true }) filter: StaffProductFilter | null | undefined,
    @Arg('orderBy', () => StaffProductOrder, { defaultValue: StaffProductOrder.RECENTLY_UPDATED })
    orderBy: StaffProductOrderName,
  ) {
    const category = filter?.category == null ? undefined : plain(filter.category)
    const source = allProducts({ status: status ?? undefined, text: toTextPart(filter?.text), category })
    const found = await findAllProducts(deps.db, source, orderBy, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, source))
  }

  @Query(() => ProductVariantConnection, {
    description: 'For staff: what runs out, the fewest first.',
  })
  @Rule(isStaff)
  async lowStock(@Ctx() { deps }: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const found = await findLowVariants(deps.db, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, lowVariants()))
  }

  @Query(() => CouponConnection, { description: 'For staff: all coupons.' })
  @Rule(isStaff)
  async coupons(
    @Ctx() { deps }: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => CouponFilter, { nullable: true }) filter: CouponFilter | null | undefined,
    @Arg('orderBy', () => CouponOrder, { defaultValue: CouponOrder.NEWEST }) orderBy: CouponOrderName,
  ) {
    const source = allCoupons({ text: toTextPart(filter?.text), state: filter?.state ?? undefined })
    const found = await findCoupons(deps.db, source, orderBy, toPageRequest(page))
    return new Connection(found, () => countRows(deps.db, source))
  }

  @FieldResolver(() => Money, { nullable: true })
  amount(@Root() coupon: CouponRow) {
    return coupon.amountMinor === null ? null : toMoney(coupon.amountMinor, coupon.currency)
  }

  @FieldResolver(() => Money)
  minSubtotal(@Root() coupon: CouponRow) {
    return toMoney(coupon.minSubtotalMinor, SHOP_CURRENCY)
  }

  @Mutation(() => CreateProductCategoryPayload, {
    nullable: true,
    description: 'For staff. User errors: `INVALID_INPUT`, `TAKEN` (name), `NOT_FOUND` (parent), `LIMIT_EXCEEDED`.',
  })
  @Rule(isStaff)
  createProductCategory(
    @Ctx() context: Context,
    @Arg('input', () => CreateProductCategoryInput) input: CreateProductCategoryInput,
  ) {
    return payload(context, 'category', async () => {
      const parentId = input.parentId == null ? null : categoryId(input.parentId, 'parentId')
      const id = await createProductCategory(context.deps, signedIn(context), { ...input, parentId })
      return context.loaders.one(productCategoryById, id)
    })
  }

  @Mutation(() => UpdateProductCategoryPayload, {
    nullable: true,
    description: 'For staff. User errors: `NOT_FOUND`, `INVALID_INPUT` (below itself, too deep), `LIMIT_EXCEEDED`.',
  })
  @Rule(isStaff)
  updateProductCategory(
    @Ctx() context: Context,
    @Arg('input', () => UpdateProductCategoryInput) input: UpdateProductCategoryInput,
  ) {
    return payload(context, 'category', async () => {
      const parentId = input.parentId == null ? input.parentId : categoryId(input.parentId, 'parentId')
      const change = { ...input, id: categoryId(input.id, 'id'), parentId }
      const id = await updateProductCategory(context.deps, signedIn(context), change)
      return context.loaders.one(productCategoryById, id)
    })
  }

  @Mutation(() => DeleteProductCategoryPayload, {
    nullable: true,
    description: 'For staff; only an empty one goes. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isStaff)
  deleteProductCategory(@Ctx() context: Context, @Arg('input', () => ShopIdInput) input: ShopIdInput) {
    return payload(context, 'deletedId', async () => {
      const id = await deleteProductCategory(context.deps, signedIn(context), categoryId(input.id, 'id'))
      return encodeId('productcategory', id)
    })
  }

  @Mutation(() => MoveStockPayload, {
    nullable: true,
    description:
      'For staff: adds a line to the ledger. User errors: `NOT_FOUND`, `INVALID_INPUT`, `INSUFFICIENT_STOCK`, `CONFLICT`.',
  })
  @Rule(isStaff)
  moveStock(@Ctx() context: Context, @Arg('input', () => MoveStockInput) input: MoveStockInput) {
    return payload(context, 'movement', async () => {
      const movement = { ...input, variantId: decodeId('variant', input.variantId, ['input', 'variantId']) }
      return context.loaders.one(movementById, await moveStock(context.deps, signedIn(context), movement))
    })
  }

  @Mutation(() => CreateCouponPayload, {
    nullable: true,
    description: 'For staff. User errors: `INVALID_INPUT`, `TAKEN` (code), `CONFLICT` (key).',
  })
  @Rule(isStaff)
  createCoupon(@Ctx() context: Context, @Arg('input', () => CreateCouponInput) input: CreateCouponInput) {
    return payload(context, 'coupon', async () => {
      const amounts = {
        minSubtotal: moneyOf(input.minSubtotal, 'minSubtotal'),
        amount: moneyOf(input.amount, 'amount'),
      }
      const id = await createCoupon(context.deps, signedIn(context), { ...input, ...amounts })
      return context.loaders.one(couponById, id)
    })
  }

  @Mutation(() => UpdateCouponPayload, {
    nullable: true,
    description: 'For staff. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isStaff)
  updateCoupon(@Ctx() context: Context, @Arg('input', () => UpdateCouponInput) input: UpdateCouponInput) {
    return payload(context, 'coupon', async () => {
      const change = {
        ...input,
        id: decodeId('coupon', input.id, ['input', 'id']),
        minSubtotal: moneyOf(input.minSubtotal, 'minSubtotal'),
      }
      return context.loaders.one(couponById, await updateCoupon(context.deps, signedIn(context), change))
    })
  }
}
