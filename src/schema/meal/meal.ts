import { ArgsType, Field, Int } from 'type-graphql'
import type { MealTime as MealTimeName } from '../../domain/meal/plan.ts'
import { ConnectionArgs, connectionOf } from '../connection.ts'
import { Costs } from '../cost.ts'
import { enumOf } from '../enums.ts'
import { Node } from '../node.ts'
import { GraphObject } from '../object.ts'
import { Food, Quantity, Unit } from '../recipe/food.ts'
import { Recipe } from '../recipe/recipe.ts'
import { DateTime, LocalDate } from '../scalars.ts'

export const MealTime = enumOf<MealTimeName>('MealTime', 'When in the day.', {
  BREAKFAST: 'In the morning.',
  LUNCH: 'At noon.',
  DINNER: 'In the evening.',
  SNACK: 'Between.',
})

@GraphObject('What a member means to eat.', [Node])
export class PlannedMeal extends Node {
  @Field(() => LocalDate)
  day: string

  @Field(() => MealTime)
  time: MealTimeName

  @Field(() => String, { description: 'Of the recipe when it was planned, or the member’s own words.' })
  title: string

  @Field(() => Int)
  servings: number

  @Field(() => Recipe, { nullable: true, description: 'Null for what is none, is gone, or is no longer to be seen.' })
  recipe: Recipe | null
}

export const { Connection: PlannedMealConnection } = connectionOf(PlannedMeal)

/** Of a need, wherever one is shown. */
export const TO_BUY =
  'What to buy of it, in the same unit: what comes whole (eggs, cans, bay leaves) to the next whole number, ⅔ becomes 1; all else is `quantity`.'

@GraphObject('Something to buy.', [Node])
export class ShoppingItem extends Node {
  @Field(() => String)
  name: string

  @Field(() => String, { nullable: true, description: 'Where a shop keeps it; null where nobody knows.' })
  aisle: string | null

  @Field(() => Food, { nullable: true })
  food: Food | null

  @Field(() => Quantity, { nullable: true, description: 'So much is needed, exactly. Null for as much as one likes.' })
  quantity: Quantity | null

  @Field(() => Unit, { nullable: true, description: 'Null for what is counted.' })
  unit: Unit | null

  @Field(() => Quantity, { nullable: true, description: TO_BUY })
  toBuy: Quantity | null

  @Field(() => String, { nullable: true, description: 'The recipes that want it.' })
  note: string | null

  @Field(() => Boolean)
  isChecked: boolean

  @Field(() => Boolean, { description: 'The member added it; it does not come from the plan.' })
  isOwn: boolean
}

@GraphObject('A shopping list of a member.', [Node])
export class ShoppingList extends Node {
  @Field(() => String)
  title: string

  @Field(() => LocalDate, { description: 'The first day of the plan that it is for.' })
  fromDay: string

  @Field(() => LocalDate, { description: 'The last day.' })
  toDay: string

  @Costs({ atMost: 500 })
  @Field(() => [ShoppingItem], { description: 'As one walks through a shop: by aisle, then by name.' })
  items: ShoppingItem[]

  @Field(() => DateTime)
  createdAt: string
}

export const { Connection: ShoppingListConnection } = connectionOf(ShoppingList)

@ArgsType()
export class PlanArgs extends ConnectionArgs {
  @Field(() => LocalDate, { description: 'The first day.' })
  from: string

  @Field(() => LocalDate, { description: 'The last day; at most 62 days in all.' })
  to: string
}
