import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import { accounts } from '../../tables/account.ts'
import { foods } from '../../tables/recipe/food.ts'
import { recipeImages, recipeIngredients, recipeLabels, recipeSteps, recipes } from '../../tables/recipe/recipe.ts'
import { reviewTotals } from '../../tables/review.ts'
import { uploads } from '../../tables/upload.ts'

/** Everything that a published recipe shows to everybody; null for what is not published. Pictures are those that are ready. */
export async function findSheetRows({ orm }: Executor, id: string) {
  const [found] = await orm
    .select({
      recipe: recipes,
      chef: { handle: accounts.handle, name: accounts.name },
      reviews: { count: reviewTotals.reviewCount, starSum: reviewTotals.starSum },
    })
    .from(recipes)
    .innerJoin(accounts, eq(accounts.id, recipes.chefId))
    .leftJoin(reviewTotals, eq(reviewTotals.subjectId, recipes.id))
    .where(and(eq(recipes.id, id), eq(recipes.status, 'PUBLISHED')))
  if (found === undefined) return null
  const ingredients = await orm
    .select({ row: recipeIngredients, food: foods })
    .from(recipeIngredients)
    .leftJoin(foods, eq(foods.id, recipeIngredients.foodId))
    .where(eq(recipeIngredients.recipeId, id))
    .orderBy(asc(recipeIngredients.position))
  const steps = await orm
    .select()
    .from(recipeSteps)
    .where(eq(recipeSteps.recipeId, id))
    .orderBy(asc(recipeSteps.position))
  const images = await orm
    .select({ id: uploads.id, width: uploads.width, height: uploads.height, alt: recipeImages.alt })
    .from(recipeImages)
    .innerJoin(uploads, eq(uploads.id, recipeImages.uploadId))
    .where(and(eq(recipeImages.recipeId, id), eq(uploads.status, 'READY'), isNull(uploads.discardedAt)))
    .orderBy(asc(recipeImages.position))
  const labels = await orm.select().from(recipeLabels).where(inArray(recipeLabels.slug, found.recipe.labels))
  return { ...found, ingredients, steps, images, labels }
}

export type SheetRows = NonNullable<Awaited<ReturnType<typeof findSheetRows>>>
