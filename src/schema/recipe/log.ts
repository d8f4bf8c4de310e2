import { Field, ID, InputType, Int } from 'type-graphql'
import { LocalDate } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { CookedMeal, Recipe } from './recipe.ts'

const KEY = 'The same key and input again gets the first answer. 8 to 100 printable characters.'

@InputType()
export class FavouriteInput {
  @Field(() => ID)
  recipeId: string
}

@InputType()
export class LogCookedMealInput {
  @Field(() => ID)
  recipeId: string

  @Field(() => LocalDate, { description: 'Where the member is; not in the future.' })
  cookedOn: string

  @Field(() => Int, { nullable: true })
  servings?: number | null

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  note?: string

  @Field(() => ID, { nullable: true, description: 'Of a file that was sent to `POST /uploads?use=RECIPE_IMAGE`.' })
  photoId?: string | null

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdateCookedMealInput {
  @Field(() => ID)
  id: string

  @Field(() => LocalDate, { nullable: true })
  cookedOn?: string

  @Field(() => Int, { nullable: true })
  servings?: number | null

  @Field(() => String, { nullable: true })
  note?: string

  @Field(() => ID, { nullable: true, description: 'Null takes the photo away.' })
  photoId?: string | null
}

@InputType()
export class CookedMealInput {
  @Field(() => ID)
  id: string
}

export const AddFavouritePayload = payloadOf('AddFavouritePayload', 'recipe', () => Recipe, 'The favourite.')
export const RemoveFavouritePayload = payloadOf(
  'RemoveFavouritePayload',
  'recipe',
  () => Recipe,
  'The recipe; null where it can no longer be seen.',
)
export const LogCookedMealPayload = payloadOf('LogCookedMealPayload', 'cookedMeal', () => CookedMeal, 'The new entry.')
export const UpdateCookedMealPayload = payloadOf(
  'UpdateCookedMealPayload',
  'cookedMeal',
  () => CookedMeal,
  'The changed entry.',
)
export const DeleteCookedMealPayload = payloadOf(
  'DeleteCookedMealPayload',
  'deletedId',
  () => ID,
  'The id of what is gone.',
)
