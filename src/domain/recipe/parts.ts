import { eq } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import { renderMarkdown } from '../../core/markdown/markdown.ts'
import { toRatio } from '../../core/quantity.ts'
import type { Transaction } from '../../db/database.ts'
import { recipeImages, recipeIngredients, recipeLabels, recipeSteps } from '../../db/tables/recipe/recipe.ts'
import type { Deps } from '../deps.ts'
import { claimUploads } from '../upload/claim.ts'
import type { Viewer } from '../viewer.ts'
import { recogniseFoods } from './catalogue.ts'
import type { CheckedIngredient, CheckedRecipe, CheckedRecipeChange, CheckedStep } from './content.ts'
import { foodKey } from './food-key.ts'

/** Writes what was given of a recipe that the caller has locked. @throws DomainError as `claimUploads`. */
export async function writeParts(
  deps: Pick<Deps, 'bus'>,
  tx: Transaction,
  viewer: Viewer,
  id: Uuid,
  recipe: CheckedRecipeChange,
): Promise<void> {
  if (recipe.labels !== undefined && recipe.labels.length > 0) {
    // The first spelling of a label stays. In one order, or two recipes with the same labels could wait for each other.
    const named = [...recipe.labels].sort((a, b) => (a.slug < b.slug ? -1 : 1))
    await tx.orm.insert(recipeLabels).values(named).onConflictDoNothing()
  }
  if (recipe.ingredients !== undefined) await writeIngredients(tx, id, recipe.ingredients)
  if (recipe.steps !== undefined) await writeSteps(tx, id, recipe.steps)
  if (recipe.images !== undefined) await writeImages(deps, tx, viewer, id, recipe.images)
}

async function writeIngredients(tx: Transaction, recipeId: Uuid, list: readonly CheckedIngredient[]): Promise<void> {
  await tx.orm.delete(recipeIngredients).where(eq(recipeIngredients.recipeId, recipeId))
  if (list.length === 0) return
  const known = await recogniseFoods(
    tx,
    list.map(({ food }) => food),
  )
  await tx.orm.insert(recipeIngredients).values(
    list.map(({ group, quantity, upTo, unit, food, note, isOptional }, position) => {
      const from = quantity === undefined ? null : toRatio(quantity)
      const to = upTo === undefined ? null : toRatio(upTo)
      return {
        recipeId,
        position,
        groupTitle: group ?? '',
        fromNumerator: from?.numerator ?? null,
        fromDenominator: from?.denominator ?? null,
        toNumerator: to?.numerator ?? null,
        toDenominator: to?.denominator ?? null,
        unit: unit?.code ?? null,
        food,
        foodKey: foodKey(food),
        foodId: known.get(food) ?? null,
        note: note ?? '',
        isOptional: isOptional ?? false,
      }
    }),
  )
}

async function writeSteps(tx: Transaction, recipeId: Uuid, list: readonly CheckedStep[]): Promise<void> {
  await tx.orm.delete(recipeSteps).where(eq(recipeSteps.recipeId, recipeId))
  if (list.length === 0) return
  await tx.orm.insert(recipeSteps).values(
    list.map(({ section, body, minutes }, position) => {
      const { html, text } = renderMarkdown(body)
      return {
        recipeId,
        position,
        sectionTitle: section ?? '',
        body,
        bodyHtml: html,
        bodyText: text,
        minutes: minutes ?? null,
      }
    }),
  )
}

/** @throws DomainError as `claimUploads`, naming the place of the image. */
async function writeImages(
  deps: Pick<Deps, 'bus'>,
  tx: Transaction,
  viewer: Viewer,
  recipeId: Uuid,
  list: NonNullable<CheckedRecipe['images']>,
): Promise<void> {
  const gone = await tx.orm
    .delete(recipeImages)
    .where(eq(recipeImages.recipeId, recipeId))
    .returning({ uploadId: recipeImages.uploadId })
  const kept = gone.map(({ uploadId }) => uploadId)
  const ids = list.map(({ uploadId }) => uploadId)
  const pathOf = (id: Uuid): string[] => ['input', 'images', String(ids.lastIndexOf(id)), 'uploadId']
  await claimUploads(deps, tx, viewer, { ids, use: 'RECIPE_IMAGE', kept, pathOf })
  if (list.length === 0) return
  await tx.orm.insert(recipeImages).values(list.map((image, position) => ({ recipeId, position, ...image })))
}
