import { eq } from 'drizzle-orm'
import { othersRecipes } from '../../db/queries/recipe/reviewable.ts'
import { accounts } from '../../db/tables/account.ts'
import { recipes } from '../../db/tables/recipe/recipe.ts'
import type { SubjectRules } from '../subject/rules.ts'
import { isStaff } from '../viewer.ts'
import { canSeeRecipe, recipePath } from './rules.ts'

export const recipeSubject: SubjectRules = {
  kind: 'RECIPE',
  idPrefix: 'recipe',
  isCommentable: true,
  reviews: { reviewableBy: othersRecipes, refusal: 'A published recipe is reviewed by others than its chef.' },
  async find(db, viewer, id) {
    const [recipe] = await db.orm
      .select({
        chefId: recipes.chefId,
        title: recipes.title,
        summary: recipes.summary,
        status: recipes.status,
        slug: recipes.slug,
        handle: accounts.handle,
      })
      .from(recipes)
      .innerJoin(accounts, eq(accounts.id, recipes.chefId))
      .where(eq(recipes.id, id))
    if (recipe === undefined || !canSeeRecipe(viewer, recipe)) return null
    const isPublished = recipe.status === 'PUBLISHED'
    return {
      kind: 'RECIPE',
      id,
      ownerId: recipe.chefId,
      title: recipe.title,
      ...(recipe.summary === '' ? {} : { excerpt: recipe.summary.slice(0, 300) }),
      path: recipePath(recipe.handle, recipe.slug),
      acceptsComments: isPublished,
      acceptsReactions: isPublished,
      viewerMayAttach: viewer !== null && (viewer.accountId === recipe.chefId || isStaff(viewer)),
      viewerMayModerate: false,
    }
  },
}
