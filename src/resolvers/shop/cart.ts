import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { invalidInput, notFound } from '../../core/errors.ts'
import { decodeId, encodeId } from '../../core/ids.ts'
import { variantById } from '../../db/relations/shop/catalogue.ts'
import { MAX_CART_SEATS } from '../../domain/cinema/rules.ts'
import {
  acceptCartPrices,
  addToCart,
  adoptGuestCart,
  type CartHolder,
  type LockedCart,
  removeFromCart,
  updateCartItem,
} from '../../domain/shop/cart.ts'
import {
  applyCoupon,
  type CartCoupon as CartCouponView,
  type CartView,
  findCartId,
  readCart,
  removeCoupon,
  totalsOf,
} from '../../domain/shop/cart-view.ts'
import { DELIVERY_COUNTRIES, findDestination, HOME_COUNTRY } from '../../domain/shop/delivery.ts'
import type { CartLine as CartLineView, CartProblem as CartProblemView } from '../../domain/shop/line-kind.ts'
import { MAX_CART_COUPONS, MAX_CART_LINES, SHOP_CURRENCY } from '../../domain/shop/rules.ts'
import { everyone, isSignedIn, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { Money, toMoney } from '../../schema/money.ts'
import {
  AcceptCartPricesPayload,
  AddToCartPayload,
  ApplyCouponPayload,
  Cart,
  CartCoupon,
  CartInput,
  CartItemInput,
  CartLine,
  CartProblem,
  CartTokenArgs,
  CartTotals,
  CouponCodeInput,
  MergeCartPayload,
  RemoveCouponPayload,
  RemoveFromCartInput,
  RemoveFromCartPayload,
  UpdateCartItemPayload,
} from '../../schema/shop/cart.ts'
import { ProductVariant } from '../../schema/shop/catalogue.ts'
import { payload } from '../../schema/user-error.ts'

interface CartRoot extends CartView {
  readonly cartToken: string | null
  readonly token: string | null
}

const price = (amountMinor: number) => toMoney(amountMinor, SHOP_CURRENCY)

export const cartHolder = ({ viewer }: Pick<Context, 'viewer'>, { cartToken, token }: CartTokenArgs): CartHolder => ({
  viewer,
  token: cartToken ?? token ?? null,
})

export async function toCart(context: Context, cart: LockedCart): Promise<CartRoot> {
  const view = await readCart(context.deps.db, cart.id, context.viewer?.accountId ?? null)
  return { ...view, cartToken: cart.newToken, token: cart.newToken }
}

const variantId = (id: string) => decodeId('variant', id, ['input', 'variantId'])

const ERRORS = 'User errors: `NOT_FOUND` (variant, token), `INVALID_INPUT`, `INSUFFICIENT_STOCK`, `LIMIT_EXCEEDED`.'

@Resolver(() => Cart)
export class CartResolver {
  @Query(() => Cart, { nullable: true, description: 'The viewer’s cart, or a guest’s. Null where there is none yet.' })
  @Rule(everyone)
  async cart(@Ctx() context: Context, @Args(() => CartTokenArgs) args: CartTokenArgs) {
    const holder = cartHolder(context, args)
    const id = await findCartId(context.deps.db, holder)
    if (id === null && context.viewer === null && holder.token) {
      throw notFound('cart', [args.cartToken == null ? 'token' : 'cartToken'])
    }
    return id === null ? null : toCart(context, { id, newToken: null })
  }

  @FieldResolver(() => [CartLine])
  @Costs({ atMost: MAX_CART_LINES + MAX_CART_SEATS })
  lines(@Root() { lines }: CartRoot) {
    return lines
  }

  @FieldResolver(() => [CartCoupon])
  @Costs({ atMost: MAX_CART_COUPONS })
  coupons(@Root() cart: CartRoot) {
    const taken = new Map(
      totalsOf(cart, DESTINATION).discounts.map(({ couponId, discountMinor }) => [couponId, discountMinor]),
    )
    return cart.coupons.map((coupon: CartCouponView) => ({
      ...coupon,
      discount: price(taken.get(coupon.couponId) ?? 0),
      missing: coupon.missingMinor === null ? null : price(coupon.missingMinor),
    }))
  }

  @FieldResolver(() => Boolean)
  hasProblems(@Root() { lines, coupons }: CartRoot) {
    return lines.some(({ problems }) => problems.length > 0) || coupons.some(({ refusal }) => refusal !== null)
  }

  @FieldResolver(() => CartTotals)
  totals(
    @Root() cart: CartRoot,
    @Arg('country', () => String, {
      defaultValue: HOME_COUNTRY,
      description: `Where it goes (ISO 3166-1): ${DELIVERY_COUNTRIES.join(', ')}.`,
    })
    country: string,
  ) {
    const destination = findDestination(country)
    if (destination === undefined) throw invalidInput(['country'], 'The shop does not deliver to this country.')
    const { subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor } = totalsOf(cart, destination)
    return {
      subtotal: price(subtotalMinor),
      discount: price(discountMinor),
      shipping: price(shippingMinor),
      tax: price(taxMinor),
      total: price(totalMinor),
    }
  }

  @Mutation(() => AddToCartPayload, { nullable: true, description: `Puts so many more into the cart. ${ERRORS}` })
  @Rule(everyone)
  addToCart(@Ctx() context: Context, @Arg('input', () => CartItemInput) input: CartItemInput) {
    return payload(context, 'cart', async () => {
      const item = { variantId: variantId(input.variantId), quantity: input.quantity }
      return toCart(context, await addToCart(context.deps, cartHolder(context, input), item))
    })
  }

  @Mutation(() => UpdateCartItemPayload, { nullable: true, description: `Sets how many. ${ERRORS}` })
  @Rule(everyone)
  updateCartItem(@Ctx() context: Context, @Arg('input', () => CartItemInput) input: CartItemInput) {
    return payload(context, 'cart', async () => {
      const item = { variantId: variantId(input.variantId), quantity: input.quantity }
      return toCart(context, await updateCartItem(context.deps, cartHolder(context, input), item))
    })
  }

  @Mutation(() => RemoveFromCartPayload, {
    nullable: true,
    description: 'Taking out what is not in it changes nothing. User error: `NOT_FOUND` (token).',
  })
  @Rule(everyone)
  removeFromCart(@Ctx() context: Context, @Arg('input', () => RemoveFromCartInput) input: RemoveFromCartInput) {
    return payload(context, 'cart', async () => {
      const id = variantId(input.variantId)
      return toCart(context, await removeFromCart(context.deps, cartHolder(context, input), id))
    })
  }

  @Mutation(() => AcceptCartPricesPayload, {
    nullable: true,
    description: 'The buyer has seen today’s prices: `PRICE_CHANGED` is settled. User error: `NOT_FOUND` (token).',
  })
  @Rule(everyone)
  acceptCartPrices(@Ctx() context: Context, @Arg('input', () => CartInput) input: CartInput) {
    return payload(context, 'cart', async () =>
      toCart(context, await acceptCartPrices(context.deps, cartHolder(context, input))),
    )
  }

  @Mutation(() => MergeCartPayload, {
    nullable: true,
    description:
      'Brings a guest’s cart into the member’s own, as `signIn` does. A token that leads nowhere brings nothing.',
  })
  @Rule(isSignedIn)
  mergeCart(@Ctx() context: Context, @Arg('input', () => CartInput) { cartToken }: CartInput) {
    return payload(context, 'cart', async () =>
      toCart(context, await adoptGuestCart(context.deps, signedIn(context), cartToken ?? '')),
    )
  }

  @Mutation(() => ApplyCouponPayload, {
    nullable: true,
    description:
      'Enters a code. User errors: `COUPON_NOT_APPLICABLE` with the reason and what is missing, `LIMIT_EXCEEDED`, `NOT_FOUND` (token).',
  })
  @Rule(everyone)
  applyCoupon(@Ctx() context: Context, @Arg('input', () => CouponCodeInput) input: CouponCodeInput) {
    return payload(context, 'cart', async () => {
      return toCart(context, await applyCoupon(context.deps, cartHolder(context, input), { code: input.code }))
    })
  }

  @Mutation(() => RemoveCouponPayload, {
    nullable: true,
    description: 'Taking out a code that is not in it changes nothing. User error: `NOT_FOUND` (token).',
  })
  @Rule(everyone)
  removeCoupon(@Ctx() context: Context, @Arg('input', () => CouponCodeInput) input: CouponCodeInput) {
    return payload(context, 'cart', async () =>
      toCart(context, await removeCoupon(context.deps, cartHolder(context, input), input.code)),
    )
  }
}

/** What coupons take off is the same wherever the order goes. */
const DESTINATION = { taxBasisPoints: 0, shippingMinor: 0, mayBeFree: true }

@Resolver(() => CartLine)
export class CartLineResolver {
  @FieldResolver(() => Money)
  unitPrice(@Root() { unitPriceMinor }: CartLineView) {
    return price(unitPriceMinor)
  }

  @FieldResolver(() => Money)
  total(@Root() { unitPriceMinor, quantity }: CartLineView) {
    return price(unitPriceMinor * quantity)
  }

  @FieldResolver(() => ID, { nullable: true })
  holdId(@Root() { holdId }: CartLineView) {
    return holdId === null ? null : encodeId('hold', holdId)
  }

  @FieldResolver(() => ProductVariant, { nullable: true })
  variant(@Ctx() { loaders }: Context, @Root() { kind, refId }: CartLineView) {
    return kind === 'GOODS' ? loaders.one(variantById, refId) : null
  }
}

@Resolver(() => CartProblem)
export class CartProblemResolver {
  @FieldResolver(() => Money, { nullable: true })
  seenPrice(@Root() { seenPriceMinor }: CartProblemView) {
    return seenPriceMinor === null ? null : price(seenPriceMinor)
  }
}
