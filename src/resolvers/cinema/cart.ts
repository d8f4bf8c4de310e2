import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, type Uuid } from '../../core/ids.ts'
import { addHoldToCart, removeHoldFromCart } from '../../domain/cinema/cart.ts'
import { guestHolder, type Holder, memberHolder } from '../../domain/cinema/holder.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import {
  AddHoldToCartInput,
  AddHoldToCartPayload,
  RemoveHoldFromCartInput,
  RemoveHoldFromCartPayload,
} from '../../schema/cinema/cart.ts'
import type { Context } from '../../schema/context.ts'
import { payload } from '../../schema/user-error.ts'
import { cartHolder, toCart } from '../shop/cart.ts'

const path = ['input', 'holdId']
const holdId = (id: string): Uuid => decodeId('hold', id, path)

/** A guest's token comes first: seats that were held before signing in are still the guest's. */
function seatHolder({ viewer }: Context, guestToken: string | null | undefined): Holder {
  if (guestToken != null) return guestHolder(guestToken)
  if (viewer === null) throw notFound('hold', path)
  return memberHolder(viewer)
}

@Resolver()
export class HoldCartResolver {
  @Mutation(() => AddHoldToCartPayload, {
    nullable: true,
    description:
      'Puts the seats of a hold into the cart, to be paid for together with goods. They are held no longer for it. User errors: `HOLD_LAPSED`, `LIMIT_EXCEEDED`, `NOT_FOUND` (cart’s token, or a guest without one), `INVALID_INPUT` (no guest token).',
  })
  @Rule(everyone)
  addHoldToCart(@Ctx() context: Context, @Arg('input', () => AddHoldToCartInput) input: AddHoldToCartInput) {
    return payload(context, 'cart', async () => {
      const holder = seatHolder(context, input.guestToken)
      const cart = await addHoldToCart(context.deps, cartHolder(context, input), holder, holdId(input.holdId))
      return toCart(context, cart)
    })
  }

  @Mutation(() => RemoveHoldFromCartPayload, {
    nullable: true,
    description:
      'Takes the seats of a hold out of the cart, also after it has lapsed; `releaseHold` gives them back. What is not in it changes nothing. User error: `NOT_FOUND` (cart’s token).',
  })
  @Rule(everyone)
  removeHoldFromCart(
    @Ctx() context: Context,
    @Arg('input', () => RemoveHoldFromCartInput) input: RemoveHoldFromCartInput,
  ) {
    return payload(context, 'cart', async () => {
      const cart = await removeHoldFromCart(context.deps, cartHolder(context, input), holdId(input.holdId))
      return toCart(context, cart)
    })
  }
}
