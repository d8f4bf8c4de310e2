import { ArgsType, Field, ID, InputType, Int } from 'type-graphql'
import type { CouponRefusal as CouponRefusalName } from '../../domain/shop/coupon-rules.ts'
import type { LineKindName, CartProblemCode as ProblemName } from '../../domain/shop/line-kind.ts'
import { Costs } from '../cost.ts'
import { renamed } from '../deprecation.ts'
import { enumOf } from '../enums.ts'
import { Money } from '../money.ts'
import { GraphObject } from '../object.ts'
import { CouponRefusal, payloadOf } from '../user-error.ts'
import { ProductVariant } from './catalogue.ts'

export const LineKind = enumOf<LineKindName>('LineKind', 'What a line of a cart or an order is about.', {
  GOODS: 'Pieces of a product.',
  TICKET: 'Seats at a showing.',
})

export const CartProblemCode = enumOf<ProblemName>('CartProblemCode', 'Why a line cannot be bought as it stands.', {
  PRICE_CHANGED: 'It costs more or less than when it was looked at last. `acceptCartPrices` says that this is fine.',
  INSUFFICIENT_STOCK: 'There are fewer left than are wanted.',
  UNAVAILABLE: 'It is no longer sold, and counts for nothing until it is taken out.',
})

@GraphObject('Something to settle before checkout.')
export class CartProblem {
  @Field(() => CartProblemCode)
  code: ProblemName

  @Field(() => String, { description: 'A sentence for people.' })
  message: string

  @Field(() => Int, { nullable: true, description: 'How many there are, where there are not enough.' })
  available: number | null

  @Field(() => Money, { nullable: true, description: 'What was shown before, where the price has changed.' })
  seenPrice: Money | null
}

@GraphObject('One line of a cart.')
export class CartLine {
  @Field(() => LineKind)
  kind: LineKindName

  @Field(() => String, { description: 'What it is.' })
  title: string

  @Field(() => String, { description: 'Which one of it; may be empty.' })
  detail: string

  @Field(() => Int)
  quantity: number

  @Field(() => Money, { description: 'Of one, as it is today.' })
  unitPrice: Money

  @Field(() => Money, { description: 'Of all of them, before discounts.' })
  total: Money

  @Field(() => ProductVariant, { nullable: true, description: 'Of goods.' })
  variant: ProductVariant | null

  @Field(() => ID, {
    nullable: true,
    description: 'Of a ticket: the hold that its seat belongs to, for `extendHold` and `removeHoldFromCart`.',
  })
  holdId: string | null

  @Costs({ atMost: 5 })
  @Field(() => [CartProblem], { description: 'Empty for a line that can be bought.' })
  problems: CartProblem[]
}

@GraphObject('A code in the cart.')
export class CartCoupon {
  @Field(() => String)
  code: string

  @Field(() => CouponRefusal, { nullable: true, description: 'Why it takes nothing off; null where it does.' })
  refusal: CouponRefusalName | null

  @Field(() => Money, { description: 'What it takes off.' })
  discount: Money

  @Field(() => Money, {
    nullable: true,
    description:
      'How much more has to be in the cart for it, before discounts, where `refusal` is `MINIMUM_NOT_REACHED`.',
  })
  missing: Money | null
}

@GraphObject('What a cart comes to: `subtotal - discount + shipping + tax = total`. Computed by the server, exactly.')
export class CartTotals {
  @Field(() => Money, { description: 'All lines, before discounts and without tax.' })
  subtotal: Money

  @Field(() => Money, { description: 'What coupons take off.' })
  discount: Money

  @Field(() => Money, { description: 'By the zone of the country; nothing for a large order within the Union.' })
  shipping: Money

  @Field(() => Money, { description: 'At the standard rate of the country, on goods and shipping.' })
  tax: Money

  @Field(() => Money)
  total: Money
}

/** Queries and answers called it so before 2026-11-21, mutations never did. */
const OLD_TOKEN = renamed('cartToken', '2027-06-01')

@GraphObject(
  'What somebody is about to buy. Goods in it are not kept for them before checkout; seats only as long as they are held.',
)
export class Cart {
  @Field(() => String, {
    nullable: true,
    description: 'Only where the mutation has just made a guest’s cart: keep it, it is shown once. It opens the cart.',
  })
  cartToken: string | null

  @Field(() => String, { nullable: true, deprecationReason: OLD_TOKEN })
  token: string | null

  @Field(() => [CartLine], { description: 'In the order in which they were added.' })
  lines: CartLine[]

  @Field(() => [CartCoupon])
  coupons: CartCoupon[]

  @Field(() => Boolean, { description: 'Something has to be settled before checkout.' })
  hasProblems: boolean

  @Field(() => CartTotals)
  totals: CartTotals
}

const TOKEN =
  'Of a guest’s cart; `addToCart` and `addHoldToCart` make one for a guest without it. A member who hands in one brings that cart into their own.'

/** What opens the cart of a guest, and the orders that came from it, to a query. */
@ArgsType()
export class CartTokenArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Of a guest: the token of the cart, also of one that was ordered.',
  })
  cartToken?: string | null

  @Field(() => String, { nullable: true, deprecationReason: OLD_TOKEN })
  token?: string | null
}

@InputType()
export class CartInput {
  @Field(() => String, { nullable: true, description: TOKEN })
  cartToken?: string | null
}

@InputType()
export class CartItemInput extends CartInput {
  @Field(() => ID)
  variantId: string

  @Field(() => Int, { description: '1 to 99.' })
  quantity: number
}

@InputType()
export class RemoveFromCartInput extends CartInput {
  @Field(() => ID)
  variantId: string
}

@InputType()
export class CouponCodeInput extends CartInput {
  @Field(() => String, { description: 'In any case.' })
  code: string
}

const cart = () => Cart

export const AddToCartPayload = payloadOf('AddToCartPayload', 'cart', cart, 'The cart as it is now.')
export const UpdateCartItemPayload = payloadOf('UpdateCartItemPayload', 'cart', cart, 'The cart as it is now.')
export const RemoveFromCartPayload = payloadOf('RemoveFromCartPayload', 'cart', cart, 'The cart as it is now.')
export const AcceptCartPricesPayload = payloadOf('AcceptCartPricesPayload', 'cart', cart, 'The cart as it is now.')
export const MergeCartPayload = payloadOf('MergeCartPayload', 'cart', cart, 'The member’s cart as it is now.')
export const ApplyCouponPayload = payloadOf('ApplyCouponPayload', 'cart', cart, 'The cart as it is now.')
export const RemoveCouponPayload = payloadOf('RemoveCouponPayload', 'cart', cart, 'The cart as it is now.')
