import { Field, ID, InputType, Int } from 'type-graphql'
import type { MealTime as MealTimeName } from '../../domain/meal/plan.ts'
import { LocalDate } from '../scalars.ts'
import { payloadOf } from '../user-error.ts'
import { MealTime, PlannedMeal, ShoppingItem, ShoppingList } from './meal.ts'

const KEY = 'The same key and input again gets the first answer. 8 to 100 printable characters.'

@InputType({ description: 'A recipe, or words of one’s own.' })
export class PlanMealInput {
  @Field(() => LocalDate)
  day: string

  @Field(() => MealTime)
  time: MealTimeName

  @Field(() => ID, { nullable: true })
  recipeId?: string | null

  @Field(() => String, { nullable: true, description: '`Leftovers`; the recipe’s title unless told.' })
  title?: string

  @Field(() => Int, { description: '1 to 1,000.' })
  servings: number

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType({ description: 'Fields that are left out stay as they are.' })
export class UpdateMealInput {
  @Field(() => ID)
  id: string

  @Field(() => LocalDate, { nullable: true })
  day?: string

  @Field(() => MealTime, { nullable: true })
  time?: MealTimeName

  @Field(() => String, { nullable: true })
  title?: string

  @Field(() => Int, { nullable: true })
  servings?: number
}

@InputType()
export class MealInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class CopyMealWeekInput {
  @Field(() => LocalDate, { description: 'The first of the seven days that are copied.' })
  from: string

  @Field(() => LocalDate, { description: 'Where the first of them goes. What is planned there stays.' })
  to: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class CreateShoppingListInput {
  @Field(() => String, { description: '1 to 120 characters.' })
  title: string

  @Field(() => LocalDate)
  from: string

  @Field(() => LocalDate, { description: 'At most 62 days in all.' })
  to: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class RegenerateShoppingListInput {
  @Field(() => ID)
  id: string

  @Field(() => LocalDate, { nullable: true, description: 'Other days than before.' })
  from?: string

  @Field(() => LocalDate, { nullable: true })
  to?: string
}

@InputType()
export class ShoppingListInput {
  @Field(() => ID)
  id: string
}

@InputType()
export class AddShoppingItemInput {
  @Field(() => ID)
  listId: string

  @Field(() => String, { description: '1 to 120 characters: `candles`.' })
  name: string

  @Field(() => String, { nullable: true, description: '`2`, `0.5`, `1 1/2`.' })
  quantity?: string

  @Field(() => String, { nullable: true, description: 'A code, a name or an abbreviation of `units`.' })
  unit?: string

  @Field(() => String, { nullable: true, description: KEY })
  idempotencyKey?: string
}

@InputType()
export class CheckShoppingItemInput {
  @Field(() => ID)
  id: string

  @Field(() => Boolean, { defaultValue: true })
  isChecked: boolean
}

@InputType()
export class ShoppingItemInput {
  @Field(() => ID)
  id: string
}

export const PlanMealPayload = payloadOf('PlanMealPayload', 'meal', () => PlannedMeal, 'The new meal.')
export const UpdateMealPayload = payloadOf('UpdateMealPayload', 'meal', () => PlannedMeal, 'The changed meal.')
export const RemoveMealPayload = payloadOf('RemoveMealPayload', 'deletedId', () => ID, 'The id of what is gone.')
export const CopyMealWeekPayload = payloadOf('CopyMealWeekPayload', 'meals', () => [PlannedMeal], 'The new meals.', {
  atMost: 280,
})
export const CreateShoppingListPayload = payloadOf(
  'CreateShoppingListPayload',
  'shoppingList',
  () => ShoppingList,
  'The new list.',
)
export const RegenerateShoppingListPayload = payloadOf(
  'RegenerateShoppingListPayload',
  'shoppingList',
  () => ShoppingList,
  'The list as it is now.',
)
export const DeleteShoppingListPayload = payloadOf(
  'DeleteShoppingListPayload',
  'deletedId',
  () => ID,
  'The id of what is gone.',
)
export const AddShoppingItemPayload = payloadOf('AddShoppingItemPayload', 'item', () => ShoppingItem, 'The new item.')
export const CheckShoppingItemPayload = payloadOf('CheckShoppingItemPayload', 'item', () => ShoppingItem, 'The item.')
export const RemoveShoppingItemPayload = payloadOf(
  'RemoveShoppingItemPayload',
  'deletedId',
  () => ID,
  'The id of what is gone.',
)
