import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { findRecipeIdBySlug, type RecipeOrderName } from '../../db/queries/recipe/list.ts'
import { accountById } from '../../db/relations/account.ts'
import {
  cookedCount,
  favouriteCount,
  imageList,
  labelBySlug,
  type RecipeRow,
  recipeById,
  type StepRow,
  stepList,
} from '../../db/relations/recipe/recipe.ts'
import { toListFilter } from '../../domain/recipe/list-filter.ts'
import { givenNutrition } from '../../domain/recipe/nutrition.ts'
import {
  canArchiveRecipe,
  canEditRecipe,
  canSeeRecipe,
  MAX_IMAGES,
  MAX_INGREDIENTS,
  MAX_LABELS,
  MAX_STEPS,
  recipePath,
} from '../../domain/recipe/rules.ts'
import { grouped } from '../../domain/recipe/shown-ingredient.ts'
import type { UnitPreference } from '../../domain/recipe/units.ts'
import { viewerFavours } from '../../loaders/recipe.ts'
import { everyone, Rule } from '../../permissions/rules.ts'
import { Account } from '../../schema/account.ts'
import { ConnectionArgs } from '../../schema/connection.ts'
import type { Context } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import { NutritionFacts, UNITS, Units } from '../../schema/recipe/food.ts'
import { RecipeFilter } from '../../schema/recipe/input.ts'
import {
  IngredientGroup,
  Recipe,
  RecipeConnection,
  RecipeIngredient,
  RecipeLabel,
  RecipeOrder,
  RecipeStep,
} from '../../schema/recipe/recipe.ts'
import { Image } from '../../schema/upload.ts'
import { DependsOnViewer } from '../../schema/viewer.ts'
import { plain } from '../blog/list.ts'
import type { NodeType } from '../node-type.ts'
import { unitsFor } from '../units.ts'
import { findImage } from '../upload-value.ts'
import { nutritionOf, shownIngredients } from './ingredients.ts'
import { listRecipes, toWanted } from './list.ts'

export const recipeNode: NodeType = {
  typename: 'Recipe',
  prefix: 'recipe',
  async load(context, id) {
    const recipe = await context.loaders.one(recipeById, id)
    return recipe !== null && canSeeRecipe(context.viewer, recipe) ? recipe : null
  },
}

const SERVINGS = 'For so many, 1 to 1,000; as it is written unless told.'

@Resolver(() => Recipe)
export class RecipeResolver {
  @Query(() => RecipeConnection, { description: 'Published recipes.' })
  @Rule(everyone)
  async recipes(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Arg('filter', () => RecipeFilter, { nullable: true }) filter: RecipeFilter | undefined,
    @Arg('orderBy', () => RecipeOrder, { defaultValue: RecipeOrder.NEWEST }) orderBy: RecipeOrderName,
  ) {
    return listRecipes(context, await toListFilter(context.deps.db, toWanted(filter)), orderBy, page)
  }

  @Query(() => Recipe, {
    nullable: true,
    description:
      'A recipe by its chef’s handle and its slug, the present one or a former one. `NOT_FOUND` if there is none to be seen.',
  })
  @Rule(everyone)
  async recipe(
    @Ctx() context: Context,
    @Arg('chef', () => String, { description: 'Handle of the chef.' }) chef: string,
    @Arg('slug', () => String) slug: string,
  ) {
    const id = await findRecipeIdBySlug(context.deps.db, plain(chef).toLowerCase(), plain(slug))
    const recipe = id === null ? null : await recipeNode.load(context, id)
    if (recipe === null) throw notFound('recipe', ['slug'])
    return recipe
  }

  @FieldResolver(() => Account)
  chef(@Ctx() { loaders }: Context, @Root() recipe: RecipeRow) {
    return loaders.one(accountById, recipe.chefId)
  }

  @FieldResolver(() => String)
  async url(@Ctx() { loaders, deps }: Context, @Root() recipe: RecipeRow) {
    const chef = await loaders.one(accountById, recipe.chefId)
    return deps.publicUrl() + recipePath(chef?.handle ?? '', recipe.slug)
  }

  @FieldResolver(() => [Image])
  @Costs({ atMost: MAX_IMAGES })
  async images(@Ctx() context: Context, @Root() recipe: RecipeRow) {
    const rows = await context.loaders.many(imageList, recipe.id)
    const images = await Promise.all(rows.map(({ uploadId, alt }) => findImage(context, uploadId, alt)))
    return images.filter((image) => image !== null)
  }

  @FieldResolver(() => Image, { nullable: true })
  async cover(@Ctx() context: Context, @Root() recipe: RecipeRow) {
    const [first] = await context.loaders.many(imageList, recipe.id)
    return first === undefined ? null : findImage(context, first.uploadId, first.alt)
  }

  @FieldResolver(() => String, { nullable: true })
  makes(@Root() { makes }: RecipeRow) {
    return makes === '' ? null : makes
  }

  @FieldResolver(() => String, { nullable: true })
  cuisine(@Root() { cuisine }: RecipeRow) {
    return cuisine === '' ? null : cuisine
  }

  @FieldResolver(() => [RecipeLabel])
  @Costs({ atMost: MAX_LABELS })
  async labels(@Ctx() { loaders }: Context, @Root() recipe: RecipeRow) {
    const labels = await Promise.all(recipe.labels.map((slug) => loaders.one(labelBySlug, slug)))
    return labels.filter((label) => label !== null)
  }

  @FieldResolver(() => [RecipeIngredient], { description: 'What goes in, in order, computed for so many servings.' })
  @Costs({ atMost: MAX_INGREDIENTS })
  @DependsOnViewer
  async ingredients(
    @Ctx() context: Context,
    @Root() recipe: RecipeRow,
    @Arg('servings', () => Int, { nullable: true, description: SERVINGS }) servings: number | undefined,
    @Arg('units', () => Units, { nullable: true, description: UNITS }) units: UnitPreference | undefined,
  ) {
    return shownIngredients(context, recipe, servings ?? null, await unitsFor(context, units))
  }

  @FieldResolver(() => [IngredientGroup], { description: 'The same under their headings.' })
  @Costs({ atMost: MAX_INGREDIENTS })
  @DependsOnViewer
  async ingredientGroups(
    @Ctx() context: Context,
    @Root() recipe: RecipeRow,
    @Arg('servings', () => Int, { nullable: true, description: SERVINGS }) servings: number | undefined,
    @Arg('units', () => Units, { nullable: true, description: UNITS }) units: UnitPreference | undefined,
  ) {
    const groups = grouped(await shownIngredients(context, recipe, servings ?? null, await unitsFor(context, units)))
    return groups.map(({ title, parts }) => ({ title, ingredients: parts }))
  }

  @FieldResolver(() => [RecipeStep])
  @Costs({ atMost: MAX_STEPS })
  async steps(@Ctx() { loaders, texts }: Context, @Root() recipe: RecipeRow) {
    const steps = await loaders.many(stepList, recipe.id)
    return steps.map(({ position, sectionTitle, body, bodyHtml, minutes }: StepRow) => ({
      number: position + 1,
      section: sectionTitle === '' ? null : sectionTitle,
      minutes,
      body: () => texts.spend(body),
      bodyHtml: () => texts.spend(bodyHtml),
    }))
  }

  @FieldResolver(() => NutritionFacts, { nullable: true })
  nutrition(@Ctx() context: Context, @Root() recipe: RecipeRow) {
    return givenNutrition(recipe) ?? nutritionOf(context, recipe)
  }

  @FieldResolver(() => NutritionFacts, { nullable: true })
  computedNutrition(@Ctx() context: Context, @Root() recipe: RecipeRow) {
    return nutritionOf(context, recipe)
  }

  @FieldResolver(() => Int)
  favouriteCount(@Ctx() { loaders }: Context, @Root() recipe: RecipeRow) {
    return loaders.count(favouriteCount, recipe.id)
  }

  @FieldResolver(() => Int)
  cookedCount(@Ctx() { loaders }: Context, @Root() recipe: RecipeRow) {
    return loaders.count(cookedCount, recipe.id)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerHasFavourited(@Ctx() { loaders, viewer }: Context, @Root() recipe: RecipeRow) {
    return viewer === null ? false : viewerFavours(loaders, viewer.accountId, recipe.id)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanEdit(@Ctx() { viewer }: Context, @Root() recipe: RecipeRow) {
    return canEditRecipe(viewer, recipe)
  }

  @FieldResolver(() => Boolean)
  @DependsOnViewer
  viewerCanArchive(@Ctx() { viewer }: Context, @Root() recipe: RecipeRow) {
    return canArchiveRecipe(viewer, recipe)
  }
}
