import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, encodeId, type Uuid } from '../../core/ids.ts'
import { foodById } from '../../db/relations/recipe/recipe.ts'
import { variantById } from '../../db/relations/shop/catalogue.ts'
import { amountOf } from '../../domain/meal/amount.ts'
import {
  addIngredientsToCart,
  linkFoodToVariant,
  type ToldNeed,
  unlinkFoodFromVariant,
} from '../../domain/meal/cart.ts'
import { copyMealWeek, planMeal, removeMeal, updateMeal } from '../../domain/meal/plan.ts'
import {
  addShoppingItem,
  checkShoppingItem,
  createShoppingList,
  deleteShoppingList,
  regenerateShoppingList,
  removeShoppingItem,
} from '../../domain/meal/shopping.ts'
import { isSignedIn, isStaff, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import {
  AddIngredientsToCartInput,
  AddIngredientsToCartPayload,
  LinkFoodToVariantInput,
  LinkFoodToVariantPayload,
  UnlinkFoodFromVariantInput,
  UnlinkFoodFromVariantPayload,
} from '../../schema/meal/cart.ts'
import {
  AddShoppingItemInput,
  AddShoppingItemPayload,
  CheckShoppingItemInput,
  CheckShoppingItemPayload,
  CopyMealWeekInput,
  CopyMealWeekPayload,
  CreateShoppingListInput,
  CreateShoppingListPayload,
  DeleteShoppingListPayload,
  MealInput,
  PlanMealInput,
  PlanMealPayload,
  RegenerateShoppingListInput,
  RegenerateShoppingListPayload,
  RemoveMealPayload,
  RemoveShoppingItemPayload,
  ShoppingItemInput,
  ShoppingListInput,
  UpdateMealInput,
  UpdateMealPayload,
} from '../../schema/meal/input.ts'
import { payload } from '../../schema/user-error.ts'
import type { NodeType } from '../node-type.ts'
import { toCart } from '../shop/cart.ts'
import { plannedMealNode, shoppingItemNode, shoppingListNode, shownNeed } from './meal.ts'

/** What was just written; gone where its owner deleted it since and repeats the request. */
async function shown({ prefix, load }: NodeType, context: Context, id: Uuid) {
  const row = await load(context, id)
  if (row === null) throw notFound(prefix, ['input'])
  return row
}

const idOf = (prefix: string, id: string, field = 'id'): Uuid => decodeId(prefix, id, ['input', field])
const optionalId = (prefix: string, id: string | null | undefined, field: string): Uuid | null =>
  id == null ? null : idOf(prefix, id, field)

const needOf = (need: ToldNeed) => ({ name: need.name, ...shownNeed(amountOf(need)) })

@Resolver()
export class MealMutationResolver {
  @Mutation(() => PlanMealPayload, {
    nullable: true,
    description:
      'Plans a recipe, or words, for a meal. User errors: `NOT_FOUND` (recipe), `INVALID_INPUT`, `LIMIT_EXCEEDED` (10 dishes), `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  planMeal(@Ctx() context: Context, @Arg('input', () => PlanMealInput) input: PlanMealInput) {
    return payload(context, 'meal', async () => {
      const meal = { ...input, recipeId: optionalId('recipe', input.recipeId, 'recipeId') }
      return shown(plannedMealNode, context, await planMeal(context.deps, signedIn(context), meal))
    })
  }

  @Mutation(() => UpdateMealPayload, {
    nullable: true,
    description:
      'Moves a meal to another day or time, or changes it. User errors: `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED`.',
  })
  @Rule(isSignedIn)
  updateMeal(@Ctx() context: Context, @Arg('input', () => UpdateMealInput) input: UpdateMealInput) {
    return payload(context, 'meal', async () => {
      const change = { ...input, id: idOf('meal', input.id) }
      return shown(plannedMealNode, context, await updateMeal(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => RemoveMealPayload, {
    nullable: true,
    description: 'Takes a meal out of the plan. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  removeMeal(@Ctx() context: Context, @Arg('input', () => MealInput) { id }: MealInput) {
    return payload(context, 'deletedId', async () => {
      return encodeId('meal', await removeMeal(context.deps, signedIn(context), idOf('meal', id)))
    })
  }

  @Mutation(() => CopyMealWeekPayload, {
    nullable: true,
    description:
      'Plans the meals of seven days once more, on seven others. User errors: `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  copyMealWeek(@Ctx() context: Context, @Arg('input', () => CopyMealWeekInput) input: CopyMealWeekInput) {
    return payload(context, 'meals', async () => {
      const ids = await copyMealWeek(context.deps, signedIn(context), input)
      const meals = await Promise.all(ids.map((id) => plannedMealNode.load(context, id)))
      return meals.filter((meal) => meal !== null)
    })
  }

  @Mutation(() => CreateShoppingListPayload, {
    nullable: true,
    description:
      'Adds up what the planned meals of some days need: the same food in units that convert is one line. User errors: `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  createShoppingList(
    @Ctx() context: Context,
    @Arg('input', () => CreateShoppingListInput) input: CreateShoppingListInput,
  ) {
    return payload(context, 'shoppingList', async () => {
      return shown(shoppingListNode, context, await createShoppingList(context.deps, signedIn(context), input))
    })
  }

  @Mutation(() => RegenerateShoppingListPayload, {
    nullable: true,
    description:
      'Follows the plan again. What is still needed keeps its tick, what the member added stays. User errors: `NOT_FOUND`, `INVALID_INPUT`, `LIMIT_EXCEEDED`.',
  })
  @Rule(isSignedIn)
  regenerateShoppingList(
    @Ctx() context: Context,
    @Arg('input', () => RegenerateShoppingListInput) input: RegenerateShoppingListInput,
  ) {
    return payload(context, 'shoppingList', async () => {
      const days = { ...input, id: idOf('shoppinglist', input.id) }
      return shown(shoppingListNode, context, await regenerateShoppingList(context.deps, signedIn(context), days))
    })
  }

  @Mutation(() => DeleteShoppingListPayload, { nullable: true, description: 'User error: `NOT_FOUND`.' })
  @Rule(isSignedIn)
  deleteShoppingList(@Ctx() context: Context, @Arg('input', () => ShoppingListInput) { id }: ShoppingListInput) {
    return payload(context, 'deletedId', async () => {
      const gone = await deleteShoppingList(context.deps, signedIn(context), idOf('shoppinglist', id))
      return encodeId('shoppinglist', gone)
    })
  }

  @Mutation(() => AddShoppingItemPayload, {
    nullable: true,
    description:
      'Adds something that no recipe asks for. User errors: `NOT_FOUND` (list), `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  addShoppingItem(@Ctx() context: Context, @Arg('input', () => AddShoppingItemInput) input: AddShoppingItemInput) {
    return payload(context, 'item', async () => {
      const item = { ...input, listId: idOf('shoppinglist', input.listId, 'listId') }
      return shown(shoppingItemNode, context, await addShoppingItem(context.deps, signedIn(context), item))
    })
  }

  @Mutation(() => CheckShoppingItemPayload, { nullable: true, description: 'Ticks it off. User error: `NOT_FOUND`.' })
  @Rule(isSignedIn)
  checkShoppingItem(
    @Ctx() context: Context,
    @Arg('input', () => CheckShoppingItemInput) { id, isChecked }: CheckShoppingItemInput,
  ) {
    return payload(context, 'item', async () => {
      const item = await checkShoppingItem(context.deps, signedIn(context), idOf('shoppingitem', id), isChecked)
      return shown(shoppingItemNode, context, item)
    })
  }

  @Mutation(() => RemoveShoppingItemPayload, {
    nullable: true,
    description: 'One that the plan needs comes back when the list is made again. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  removeShoppingItem(@Ctx() context: Context, @Arg('input', () => ShoppingItemInput) { id }: ShoppingItemInput) {
    return payload(context, 'deletedId', async () => {
      const gone = await removeShoppingItem(context.deps, signedIn(context), idOf('shoppingitem', id))
      return encodeId('shoppingitem', gone)
    })
  }

  @Mutation(() => AddIngredientsToCartPayload, {
    nullable: true,
    description:
      'Puts what a recipe or a shopping list needs into the cart: the cheapest things of the shop that cover it, so many packs as are needed. What the shop has not is answered as well. User errors: `NOT_FOUND`, `INVALID_INPUT`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  addIngredientsToCart(
    @Ctx() context: Context,
    @Arg('input', () => AddIngredientsToCartInput) input: AddIngredientsToCartInput,
  ) {
    return payload(context, 'filled', async () => {
      const { cartId, added, unmatched } = await addIngredientsToCart(context.deps, signedIn(context), {
        ...input,
        recipeId: optionalId('recipe', input.recipeId, 'recipeId'),
        shoppingListId: optionalId('shoppinglist', input.shoppingListId, 'shoppingListId'),
      })
      return {
        cart: cartId === null ? null : await toCart(context, { id: cartId, newToken: null }),
        added: added.map(({ need, variantId, ...rest }) => ({
          ...rest,
          need: needOf(need),
          variant: () => context.loaders.one(variantById, variantId),
        })),
        unmatched: unmatched.map(({ need, reason }) => ({ need: needOf(need), reason })),
      }
    })
  }

  @Mutation(() => LinkFoodToVariantPayload, {
    nullable: true,
    description:
      'For staff: this thing of the shop is that food, and so much of it is in one. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isStaff)
  linkFoodToVariant(
    @Ctx() context: Context,
    @Arg('input', () => LinkFoodToVariantInput) input: LinkFoodToVariantInput,
  ) {
    return payload(context, 'food', async () => {
      const { quantity, unit } = input
      const link = {
        foodId: idOf('food', input.foodId, 'foodId'),
        variantId: idOf('variant', input.variantId, 'variantId'),
      }
      return context.loaders.one(
        foodById,
        await linkFoodToVariant(context.deps, signedIn(context), { ...link, quantity, unit }),
      )
    })
  }

  @Mutation(() => UnlinkFoodFromVariantPayload, {
    nullable: true,
    description: 'For staff. Taking back what is none changes nothing.',
  })
  @Rule(isStaff)
  unlinkFoodFromVariant(
    @Ctx() context: Context,
    @Arg('input', () => UnlinkFoodFromVariantInput) input: UnlinkFoodFromVariantInput,
  ) {
    return payload(context, 'food', async () => {
      const link = {
        foodId: idOf('food', input.foodId, 'foodId'),
        variantId: idOf('variant', input.variantId, 'variantId'),
      }
      return context.loaders.one(foodById, await unlinkFoodFromVariant(context.deps, signedIn(context), link))
    })
  }
}
