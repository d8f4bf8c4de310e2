import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { countRows } from '../../db/queries/page.ts'
import {
  cookedMealsOf,
  favouriteRecipes,
  findCookedMeals,
  findFavouriteRecipes,
  findOwnRecipes,
  ownRecipes,
  type RecipeOrderName,
} from '../../db/queries/recipe/list.ts'
import {
  accountRecipeCount,
  type CookedMealRow,
  cookedMealById,
  type RecipeRow,
} from '../../db/relations/recipe/recipe.ts'
import type { RecipeStatus as RecipeStatusName } from '../../domain/recipe/rules.ts'
import type { AccountRow } from '../../loaders/account.ts'
import { Account, Viewer } from '../../schema/account.ts'
import { Connection, ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import {
  CookedMeal,
  CookedMealConnection,
  Recipe,
  RecipeConnection,
  RecipeOrder,
  RecipeStatus,
} from '../../schema/recipe/recipe.ts'
import { Image } from '../../schema/upload.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import type { NodeType } from '../node-type.ts'
import { findImage } from '../upload-value.ts'
import { listRecipes } from './list.ts'
import { recipeNode } from './recipe.ts'

export const cookedMealNode: NodeType = {
  typename: 'CookedMeal',
  prefix: 'cookedmeal',
  async load({ loaders, viewer }, id) {
    const meal = viewer === null ? null : await loaders.one(cookedMealById, id)
    return meal !== null && meal.accountId === viewer?.accountId ? meal : null
  },
}

@Resolver(() => CookedMeal)
export class CookedMealResolver {
  @FieldResolver(() => Recipe, { nullable: true })
  recipe(@Ctx() context: Context, @Root() { recipeId }: CookedMealRow) {
    return recipeId === null ? null : recipeNode.load(context, recipeId)
  }

  @FieldResolver(() => Image, { nullable: true })
  photo(@Ctx() context: Context, @Root() { photoId, title }: CookedMealRow) {
    return findImage(context, photoId, title)
  }
}

async function cookedMeals({ deps }: Context, accountId: string, page: ConnectionArgs, recipeId?: string) {
  const source = cookedMealsOf(accountId, recipeId)
  return new Connection(await findCookedMeals(deps.db, source, toPageRequest(page)), () => countRows(deps.db, source))
}

@Resolver(() => Account)
export class RecipeChefResolver {
  @FieldResolver(() => RecipeConnection, { description: 'Their published recipes.' })
  recipes(
    @Ctx() context: Context,
    @Root() account: AccountRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('orderBy', () => RecipeOrder, { defaultValue: RecipeOrder.NEWEST }) orderBy: RecipeOrderName,
  ) {
    return listRecipes(context, { chefId: account.id }, orderBy, page)
  }

  @FieldResolver(() => Int, { description: 'How many recipes they published.' })
  recipeCount(@Ctx() { loaders }: Context, @Root() account: AccountRow) {
    return loaders.count(accountRecipeCount, account.id)
  }
}

@Resolver(() => Recipe)
export class RecipeLogResolver {
  @FieldResolver(() => CookedMealConnection, {
    nullable: true,
    description: 'When the viewer cooked it, the latest first; null for who is not signed in.',
  })
  @DependsOnViewer
  viewerCookedMeals(
    @Ctx() context: Context,
    @Root() recipe: RecipeRow,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
  ) {
    return context.viewer === null ? null : cookedMeals(context, context.viewer.accountId, page, recipe.id)
  }
}

@Resolver(() => Viewer)
export class RecipeViewerResolver {
  @FieldResolver(() => RecipeConnection, {
    description: 'The viewer’s own recipes in any state, the latest changed first.',
  })
  async recipes(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('status', () => RecipeStatus, { nullable: true }) status: RecipeStatusName | undefined,
  ) {
    const source = ownRecipes(signedIn(context).accountId, status ?? undefined)
    const found = await findOwnRecipes(context.deps.db, source, toPageRequest(page))
    return new Connection(found, () => countRows(context.deps.db, source))
  }

  @FieldResolver(() => RecipeConnection, {
    description: 'Recipes of the chefs whom the viewer follows, the newest first.',
  })
  recipeFeed(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return listRecipes(context, { followedBy: signedIn(context).accountId }, 'NEWEST', page)
  }

  @FieldResolver(() => RecipeConnection, { description: 'The viewer’s favourites, the latest first.' })
  async favouriteRecipes(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    const source = favouriteRecipes(signedIn(context).accountId)
    const found = await findFavouriteRecipes(context.deps.db, source, toPageRequest(page))
    return new Connection(found, () => countRows(context.deps.db, source))
  }

  @FieldResolver(() => CookedMealConnection, { description: 'What the viewer cooked, the latest first.' })
  cookedMeals(@Ctx() context: Context, @Args(() => ConnectionArgs) page: ConnectionArgs) {
    return cookedMeals(context, signedIn(context).accountId, page)
  }
}
