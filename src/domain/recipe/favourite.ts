import { and, eq } from 'drizzle-orm'
import type { Uuid } from '../../core/ids.ts'
import { recipeFavourites } from '../../db/tables/recipe/recipe.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { lockVisibleRecipe } from './recipe.ts'

/** Doing it twice is doing it once. @throws DomainError `NOT_FOUND`. */
export function addFavourite(deps: Deps, viewer: Viewer, recipeId: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    await lockVisibleRecipe(tx, viewer, recipeId, ['input', 'recipeId'], 'key share')
    await tx.orm.insert(recipeFavourites).values({ accountId: viewer.accountId, recipeId }).onConflictDoNothing()
    return recipeId
  })
}

/** Taking back what is none changes nothing; what can no longer be seen can still be taken back. */
export async function removeFavourite(deps: Deps, viewer: Viewer, recipeId: Uuid): Promise<Uuid> {
  await deps.db.orm
    .delete(recipeFavourites)
    .where(and(eq(recipeFavourites.accountId, viewer.accountId), eq(recipeFavourites.recipeId, recipeId)))
  return recipeId
}
