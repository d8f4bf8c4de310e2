import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { notFound } from '../../core/errors.ts'
import { decodeId, encodeId, type Uuid } from '../../core/ids.ts'
import { accountById } from '../../db/relations/account.ts'
import { recipeById } from '../../db/relations/recipe/recipe.ts'
import { becomeChef } from '../../domain/account/account.ts'
import { deleteCookedMeal, logCookedMeal, updateCookedMeal } from '../../domain/recipe/cooked.ts'
import { addFavourite, removeFavourite } from '../../domain/recipe/favourite.ts'
import { importRecipe } from '../../domain/recipe/import/import.ts'
import { archiveRecipe, publishRecipe } from '../../domain/recipe/publication.ts'
import { createRecipe, deleteRecipe, updateRecipe } from '../../domain/recipe/recipe.ts'
import { isSignedIn, Rule } from '../../permissions/rules.ts'
import { type Context, signedIn } from '../../schema/context.ts'
import { ImportRecipeInput, ImportRecipePayload } from '../../schema/recipe/import.ts'
import {
  ArchiveRecipePayload,
  BecomeChefPayload,
  CreateRecipeInput,
  CreateRecipePayload,
  DeleteRecipePayload,
  PublishRecipePayload,
  type RecipeImageInput,
  RecipeInput,
  UpdateRecipeInput,
  UpdateRecipePayload,
} from '../../schema/recipe/input.ts'
import {
  AddFavouritePayload,
  CookedMealInput,
  DeleteCookedMealPayload,
  FavouriteInput,
  LogCookedMealInput,
  LogCookedMealPayload,
  RemoveFavouritePayload,
  UpdateCookedMealInput,
  UpdateCookedMealPayload,
} from '../../schema/recipe/log.ts'
import { payload } from '../../schema/user-error.ts'
import { cookedMealNode } from './member.ts'
import { recipeNode } from './recipe.ts'

const recipeId = (id: string, field = 'id'): Uuid => decodeId('recipe', id, ['input', field])
const cookedMealId = (id: string): Uuid => decodeId('cookedmeal', id, ['input', 'id'])

const photoId = (id: string | null | undefined): Uuid | null | undefined =>
  id == null ? id : decodeId('upload', id, ['input', 'photoId'])

/** The same with ids of uploads as the domain knows them. @throws DomainError `NOT_FOUND` naming the image. */
const withImages = <Input extends { images?: RecipeImageInput[] | null }>({ images, ...input }: Input) => ({
  ...input,
  images: images?.map(({ uploadId, alt }, position) => ({
    uploadId: decodeId('upload', uploadId, ['input', 'images', String(position), 'uploadId']),
    alt,
  })),
})

async function getCookedMeal(context: Context, id: Uuid, path: readonly string[]) {
  const meal = await cookedMealNode.load(context, id)
  if (meal === null) throw notFound('cooked meal', path)
  return meal
}

@Resolver()
export class RecipeMutationResolver {
  @Mutation(() => BecomeChefPayload, {
    nullable: true,
    description: 'From now on the viewer may publish recipes. Who may already stays what they are.',
  })
  @Rule(isSignedIn)
  becomeChef(@Ctx() context: Context) {
    return payload(context, 'account', async () => {
      return context.loaders.one(accountById, await becomeChef(context.deps, signedIn(context)))
    })
  }

  @Mutation(() => CreateRecipePayload, {
    nullable: true,
    description:
      'Writes a draft. User errors: `INVALID_INPUT` naming the field, `TAKEN` (slug), `CONFLICT` (key), `NOT_FOUND` (the key’s recipe was deleted).',
  })
  @Rule(isSignedIn)
  createRecipe(@Ctx() context: Context, @Arg('input', () => CreateRecipeInput) input: CreateRecipeInput) {
    return payload(context, 'recipe', async () => {
      const recipe = await recipeNode.load(
        context,
        await createRecipe(context.deps, signedIn(context), withImages(input)),
      )
      // A repeated request is answered with the first one's recipe, which its chef may have deleted since.
      if (recipe === null) throw notFound('recipe', ['input', 'idempotencyKey'])
      return recipe
    })
  }

  @Mutation(() => ImportRecipePayload, {
    nullable: true,
    description:
      'Makes a draft of a page’s own structured data. User errors: `PAGE_NOT_USABLE` with the reason, `INVALID_INPUT`, `CONFLICT` (key), `NOT_FOUND` (the key’s recipe was deleted).',
  })
  @Rule(isSignedIn)
  importRecipe(@Ctx() context: Context, @Arg('input', () => ImportRecipeInput) input: ImportRecipeInput) {
    return payload(context, 'imported', async () => {
      const { recipeId: id, ...imported } = await importRecipe(context.deps, signedIn(context), input)
      const recipe = await recipeNode.load(context, id)
      if (recipe === null) throw notFound('recipe', ['input', 'idempotencyKey'])
      return { ...imported, recipe }
    })
  }

  @Mutation(() => UpdateRecipePayload, {
    nullable: true,
    description: 'Changes one’s own recipe. User errors: `NOT_FOUND`, `INVALID_INPUT`, `TAKEN` (slug).',
  })
  @Rule(isSignedIn)
  updateRecipe(@Ctx() context: Context, @Arg('input', () => UpdateRecipeInput) input: UpdateRecipeInput) {
    return payload(context, 'recipe', async () => {
      const change = { ...withImages(input), id: recipeId(input.id) }
      return context.loaders.one(recipeById, await updateRecipe(context.deps, signedIn(context), change))
    })
  }

  @Mutation(() => PublishRecipePayload, {
    nullable: true,
    description:
      'For its author, who has become a chef; a recipe that staff archived comes back through staff only. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`, `INVALID_INPUT` for one without ingredients or steps.',
  })
  @Rule(isSignedIn)
  publishRecipe(@Ctx() context: Context, @Arg('input', () => RecipeInput) { id }: RecipeInput) {
    return payload(context, 'recipe', async () => {
      return context.loaders.one(recipeById, await publishRecipe(context.deps, signedIn(context), recipeId(id)))
    })
  }

  @Mutation(() => ArchiveRecipePayload, {
    nullable: true,
    description:
      'Takes a published recipe off the lists; for its chef and staff. User errors: `NOT_FOUND`, `ILLEGAL_TRANSITION`.',
  })
  @Rule(isSignedIn)
  archiveRecipe(@Ctx() context: Context, @Arg('input', () => RecipeInput) { id }: RecipeInput) {
    return payload(context, 'recipe', async () => {
      return context.loaders.one(recipeById, await archiveRecipe(context.deps, signedIn(context), recipeId(id)))
    })
  }

  @Mutation(() => DeleteRecipePayload, {
    nullable: true,
    description: 'Deletes one’s own recipe with its comments and reactions. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteRecipe(@Ctx() context: Context, @Arg('input', () => RecipeInput) { id }: RecipeInput) {
    return payload(context, 'deletedId', async () => {
      return encodeId('recipe', await deleteRecipe(context.deps, signedIn(context), recipeId(id)))
    })
  }

  @Mutation(() => AddFavouritePayload, {
    nullable: true,
    description: 'Keeps a recipe as a favourite. Doing it twice is doing it once. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  addFavourite(@Ctx() context: Context, @Arg('input', () => FavouriteInput) input: FavouriteInput) {
    return payload(context, 'recipe', async () => {
      const id = recipeId(input.recipeId, 'recipeId')
      return context.loaders.one(recipeById, await addFavourite(context.deps, signedIn(context), id))
    })
  }

  @Mutation(() => RemoveFavouritePayload, { nullable: true, description: 'Taking back what is none changes nothing.' })
  @Rule(isSignedIn)
  removeFavourite(@Ctx() context: Context, @Arg('input', () => FavouriteInput) input: FavouriteInput) {
    return payload(context, 'recipe', async () => {
      const id = recipeId(input.recipeId, 'recipeId')
      return recipeNode.load(context, await removeFavourite(context.deps, signedIn(context), id))
    })
  }

  @Mutation(() => LogCookedMealPayload, {
    nullable: true,
    description: '“I cooked this.” User errors: `NOT_FOUND`, `INVALID_INPUT`, `CONFLICT` (key).',
  })
  @Rule(isSignedIn)
  logCookedMeal(@Ctx() context: Context, @Arg('input', () => LogCookedMealInput) input: LogCookedMealInput) {
    return payload(context, 'cookedMeal', async () => {
      const entry = { ...input, recipeId: recipeId(input.recipeId, 'recipeId'), photoId: photoId(input.photoId) }
      const id = await logCookedMeal(context.deps, signedIn(context), entry)
      return getCookedMeal(context, id, ['input', 'idempotencyKey'])
    })
  }

  @Mutation(() => UpdateCookedMealPayload, {
    nullable: true,
    description: 'Changes an entry of the viewer’s log. User errors: `NOT_FOUND`, `INVALID_INPUT`.',
  })
  @Rule(isSignedIn)
  updateCookedMeal(@Ctx() context: Context, @Arg('input', () => UpdateCookedMealInput) input: UpdateCookedMealInput) {
    return payload(context, 'cookedMeal', async () => {
      const change = {
        ...input,
        cookedOn: input.cookedOn ?? undefined,
        id: cookedMealId(input.id),
        photoId: photoId(input.photoId),
      }
      return getCookedMeal(context, await updateCookedMeal(context.deps, signedIn(context), change), ['input', 'id'])
    })
  }

  @Mutation(() => DeleteCookedMealPayload, {
    nullable: true,
    description: 'Takes an entry out of the viewer’s log. User error: `NOT_FOUND`.',
  })
  @Rule(isSignedIn)
  deleteCookedMeal(@Ctx() context: Context, @Arg('input', () => CookedMealInput) { id }: CookedMealInput) {
    return payload(context, 'deletedId', async () => {
      return encodeId('cookedmeal', await deleteCookedMeal(context.deps, signedIn(context), cookedMealId(id)))
    })
  }
}
