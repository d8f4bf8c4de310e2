import { Field, ID, InputType, Int } from 'type-graphql'
import type { Unmatched } from '../../domain/meal/cart.ts'
import { Costs } from '../cost.ts'
import { enumOf } from '../enums.ts'
import { GraphObject } from '../object.ts'
import { Food, Quantity, Unit } from '../recipe/food.ts'
import { Cart } from '../shop/cart.ts'
import { ProductVariant } from '../shop/catalogue.ts'
import { payloadOf } from '../user-error.ts'
import { TO_BUY } from './meal.ts'

const KEY = 'The same key and input again gets the first answer. 8 to 100 printable characters.'

@InputType({ description: 'Either a recipe, or a shopping list.' })
export class AddIngredientsToCartInput {
  @Field(() => ID, { nullable: true })
  recipeId?: string | null

  @Field(() => Int, { nullable: true, description: 'Of the recipe; as it is written unless told.' })
  servings?: number | null

  @Field(() => ID, { nullable: true, description: 'What is not ticked off on it.' })
  shoppingListId?: string | null

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class LinkFoodToVariantInput {
  @Field(() => ID)
  foodId: string

  @Field(() => ID)
  variantId: string

  @Field(() => String, { description: 'What one piece holds: `500`.' })
  quantity: string

  @Field(() => String, { nullable: true, description: '`g`; left out for what is counted: six eggs.' })
  unit?: string
}

@InputType()
export class UnlinkFoodFromVariantInput {
  @Field(() => ID)
  foodId: string

  @Field(() => ID)
  variantId: string
}

@GraphObject('How much of something is needed.')
export class NeededIngredient {
  @Field(() => String)
  name: string

  @Field(() => Quantity, { nullable: true })
  quantity: Quantity | null

  @Field(() => Unit, { nullable: true })
  unit: Unit | null

  @Field(() => Quantity, { nullable: true, description: TO_BUY })
  toBuy: Quantity | null
}

export const UnmatchedReason = enumOf<Unmatched>('UnmatchedReason', 'Why an ingredient is not in the cart.', {
  NO_PRODUCT: 'The shop sells nothing of it.',
  OUT_OF_STOCK: 'There is not enough of it now.',
  TOO_MUCH: 'More packs would be needed than a cart takes.',
  CART_FULL: 'The cart takes no more.',
  OPTIONAL: 'The recipe does without it, so it is left to the cook.',
  FROM_THE_TAP: 'It is water.',
})

@GraphObject('An ingredient that the shop has.')
export class MatchedIngredient {
  @Field(() => NeededIngredient)
  need: NeededIngredient

  @Field(() => ProductVariant, { nullable: true })
  variant: ProductVariant | null

  @Field(() => Int, { description: 'So many were put into the cart.' })
  packs: number

  @Field(() => Boolean, { description: 'False where nobody knows what a pack holds: it is one then.' })
  isPackKnown: boolean
}

@GraphObject('An ingredient that is not in the cart.')
export class UnmatchedIngredient {
  @Field(() => NeededIngredient)
  need: NeededIngredient

  @Field(() => UnmatchedReason)
  reason: Unmatched
}

@GraphObject('What became of the ingredients. Each is in one of the two lists.')
export class FilledCart {
  @Field(() => Cart, { nullable: true, description: 'Null where nothing was put into it.' })
  cart: Cart | null

  @Costs({ atMost: 500 })
  @Field(() => [MatchedIngredient])
  added: MatchedIngredient[]

  @Costs({ atMost: 500 })
  @Field(() => [UnmatchedIngredient])
  unmatched: UnmatchedIngredient[]
}

export const AddIngredientsToCartPayload = payloadOf(
  'AddIngredientsToCartPayload',
  'filled',
  () => FilledCart,
  'What became of the ingredients.',
)
export const LinkFoodToVariantPayload = payloadOf('LinkFoodToVariantPayload', 'food', () => Food, 'The food.')
export const UnlinkFoodFromVariantPayload = payloadOf('UnlinkFoodFromVariantPayload', 'food', () => Food, 'The food.')
