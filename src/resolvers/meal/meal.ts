import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { findMeals, findShoppingLists, mealsBetween, shoppingListsOf } from '../../db/queries/meal.ts'
import { countRows } from '../../db/queries/page.ts'
import {
  MAX_SHOPPING_ITEMS,
  type PlannedMealRow,
  plannedMealById,
  type ShoppingItemRow,
  type ShoppingListRow,
  shoppingItemById,
  shoppingItemList,
  shoppingListById,
} from '../../db/relations/meal.ts'
import { foodById } from '../../db/relations/recipe/recipe.ts'
import { amountOf, inUnits, toBuy } from '../../domain/meal/amount.ts'
import { checkRange } from '../../domain/meal/plan.ts'
import { showQuantity } from '../../domain/recipe/shown-ingredient.ts'
import type { Amount, UnitPreference } from '../../domain/recipe/units.ts'
import { Viewer } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import {
  PlanArgs,
  PlannedMeal,
  PlannedMealConnection,
  ShoppingItem,
  ShoppingList,
  ShoppingListConnection,
} from '../../schema/meal/meal.ts'
import { Food, Quantity, UNITS, Unit, Units } from '../../schema/recipe/food.ts'
import { Recipe } from '../../schema/recipe/recipe.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import type { NodeType } from '../node-type.ts'
import { recipeNode } from '../recipe/recipe.ts'
import { unitsFor } from '../units.ts'

export const plannedMealNode: NodeType = {
  typename: 'PlannedMeal',
  prefix: 'meal',
  async load({ loaders, viewer }, id) {
    const meal = viewer === null ? null : await loaders.one(plannedMealById, id)
    return meal !== null && meal.accountId === viewer?.accountId ? meal : null
  },
}

export const shoppingListNode: NodeType = {
  typename: 'ShoppingList',
  prefix: 'shoppinglist',
  async load({ loaders, viewer }, id) {
    const list = viewer === null ? null : await loaders.one(shoppingListById, id)
    return list !== null && list.accountId === viewer?.accountId ? list : null
  },
}

export const shoppingItemNode: NodeType = {
  typename: 'ShoppingItem',
  prefix: 'shoppingitem',
  async load(context, id) {
    const item = context.viewer === null ? null : await context.loaders.one(shoppingItemById, id)
    return item !== null && (await shoppingListNode.load(context, item.listId)) !== null ? item : null
  },
}

/** On a list that was asked for in some units. */
type ListedItem = ShoppingItemRow & { readonly units?: UnitPreference | undefined }

const orNull = (text: string): string | null => (text === '' ? null : text)

const shownQuantity = (amount: Amount | null) => (amount === null ? null : showQuantity(amount.value, amount.unit))

/** What is needed, and what is bought of it: `quantity`, `unit` and `toBuy` in the graph. */
export const shownNeed = (amount: Amount | null) => ({
  quantity: shownQuantity(amount),
  unit: amount?.unit ?? null,
  toBuy: shownQuantity(amount === null ? null : toBuy(amount)),
})

@Resolver(() => PlannedMeal)
export class PlannedMealResolver {
  @FieldResolver(() => Recipe, { nullable: true })
  recipe(@Ctx() context: Context, @Root() { recipeId }: PlannedMealRow) {
    return recipeId === null ? null : recipeNode.load(context, recipeId)
  }
}

@Resolver(() => ShoppingList)
export class ShoppingListResolver {
  @FieldResolver(() => [ShoppingItem])
  @Costs({ atMost: MAX_SHOPPING_ITEMS })
  @DependsOnViewer
  async items(
    @Ctx() context: Context,
    @Root() list: ShoppingListRow,
    @Arg('units', () => Units, { nullable: true, description: UNITS }) units: UnitPreference | undefined,
  ): Promise<ListedItem[]> {
    const items = await context.loaders.many(shoppingItemList, list.id)
    return items.map((item) => ({ ...item, units }))
  }
}

/** As an item is wanted by who asks: in units that they named, or in their own. */
async function shownItem(context: Context, item: ListedItem) {
  const units = await unitsFor(context, item.units)
  const food = units === 'AS_WRITTEN' ? null : await context.loaders.one(foodById, item.foodId)
  return shownNeed(inUnits(amountOf(item), units, food))
}

@Resolver(() => ShoppingItem)
export class ShoppingItemResolver {
  @FieldResolver(() => String, { nullable: true })
  aisle(@Root() { aisle }: ShoppingItemRow) {
    return orNull(aisle)
  }

  @FieldResolver(() => String, { nullable: true })
  note(@Root() { note }: ShoppingItemRow) {
    return orNull(note)
  }

  @FieldResolver(() => Food, { nullable: true })
  food(@Ctx() { loaders }: Context, @Root() { foodId }: ShoppingItemRow) {
    return loaders.one(foodById, foodId)
  }

  @FieldResolver(() => Quantity, { nullable: true })
  @DependsOnViewer
  async quantity(@Ctx() context: Context, @Root() item: ListedItem) {
    return (await shownItem(context, item)).quantity
  }

  @FieldResolver(() => Quantity, { nullable: true })
  @DependsOnViewer
  async toBuy(@Ctx() context: Context, @Root() item: ListedItem) {
    return (await shownItem(context, item)).toBuy
  }

  @FieldResolver(() => Unit, { nullable: true })
  @DependsOnViewer
  async unit(@Ctx() context: Context, @Root() item: ListedItem) {
    return (await shownItem(context, item)).unit
  }

  @FieldResolver(() => Boolean)
  isOwn(@Root() { needKey }: ShoppingItemRow) {
    return needKey === null
  }
}

@Resolver(() => Viewer)
export class MealViewerResolver {
  @FieldResolver(() => PlannedMealConnection, { description: 'What the viewer means to eat on some days, in order.' })
  async meals(@Ctx() context: Context, @Args(() => PlanArgs) { from, to, ...page }: PlanArgs) {
    checkRange(from, to, [])
    const source = mealsBetween(signedIn(context).accountId, from, to)
    const { db } = context.deps
    return new Connection(await findMeals(db, source, toPageRequest(page)), () => countRows(db, source))
  }

  @FieldResolver(() => ShoppingListConnection, { description: 'The viewer’s shopping lists, the newest first.' })
  async shoppingLists(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const source = shoppingListsOf(signedIn(context).accountId)
    const { db } = context.deps
    return new Connection(await findShoppingLists(db, source, toPageRequest(page)), () => countRows(db, source))
  }
}
