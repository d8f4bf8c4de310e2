import { Field, ID, InputType } from 'type-graphql'
import { Cart, CartInput } from '../shop/cart.ts'
import { payloadOf } from '../user-error.ts'

@InputType()
export class AddHoldToCartInput extends CartInput {
  @Field(() => ID)
  holdId: string

  @Field(() => String, {
    nullable: true,
    description: 'The token of the guest who held the seats; also where that guest has signed in since.',
  })
  guestToken?: string | null
}

@InputType()
export class RemoveHoldFromCartInput extends CartInput {
  @Field(() => ID)
  holdId: string
}

export const AddHoldToCartPayload = payloadOf('AddHoldToCartPayload', 'cart', () => Cart, 'The cart as it is now.')
export const RemoveHoldFromCartPayload = payloadOf(
  'RemoveHoldFromCartPayload',
  'cart',
  () => Cart,
  'The cart as it is now.',
)
