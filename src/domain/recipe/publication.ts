import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { forbidden } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { follows } from '../../db/tables/account.ts'
import { recipes } from '../../db/tables/recipe/recipe.ts'
import { defineJob } from '../../gateways/queue/job.ts'
import type { Deps } from '../deps.ts'
import { notify } from '../notification/notify.ts'
import { tellWithdrawal } from '../subject/topics.ts'
import type { Viewer } from '../viewer.ts'
import { ensureComplete, type LockedRecipe, lockVisibleRecipe, refreshSearch } from './recipe.ts'
import {
  canArchiveRecipe,
  canPublishRecipe,
  isArchivedByStaff,
  isChef,
  type RecipeStatus,
  recipeLifecycle,
} from './rules.ts'

const move = (tx: Transaction, recipe: LockedRecipe, status: RecipeStatus, archivedByStaff = false) =>
  tx.orm
    .update(recipes)
    .set({
      status,
      archivedByStaff,
      updatedAt: sql`now()`,
      ...(status === 'PUBLISHED' ? { publishedAt: sql`coalesce(${recipes.publishedAt}, now())` } : {}),
    })
    .where(eq(recipes.id, recipe.id))

function refusal(viewer: Viewer, recipe: LockedRecipe) {
  if (recipe.archivedByStaff) return forbidden('Staff archived this recipe; only staff may publish it again.')
  if (recipe.chefId === viewer.accountId && !isChef(viewer)) {
    return forbidden('Become a chef first: `becomeChef`.')
  }
  return forbidden('Only its chef may publish a recipe.')
}

/**
 * The first publication sets the date; a recipe that comes back from the archive keeps it.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`, `INVALID_INPUT` for one without ingredients or steps.
 */
export function publishRecipe(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const recipe = await lockVisibleRecipe(tx, viewer, id)
    if (!canPublishRecipe(viewer, recipe)) throw refusal(viewer, recipe)
    recipeLifecycle.ensure(recipe.status, 'PUBLISHED')
    await ensureComplete(tx, id, ['input', 'id'])
    await move(tx, recipe, 'PUBLISHED')
    await refreshSearch(tx, id)
    // One that comes back from the archive is no news.
    if (recipe.status === 'DRAFT') {
      await deps.jobs.enqueue(tx, tellRecipeFollowers, { recipeId: id, chefId: recipe.chefId, after: null })
    }
    return id
  })
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `ILLEGAL_TRANSITION`. */
export function archiveRecipe(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    const recipe = await lockVisibleRecipe(tx, viewer, id)
    recipeLifecycle.ensure(recipe.status, 'ARCHIVED')
    if (!canArchiveRecipe(viewer, recipe)) throw forbidden('Only its chef or staff may archive a recipe.')
    await move(tx, recipe, 'ARCHIVED', isArchivedByStaff(viewer, recipe))
    await refreshSearch(tx, id)
    tellWithdrawal(deps, tx, id)
    return id
  })
}

interface Announcement {
  readonly recipeId: Uuid
  readonly chefId: Uuid
  /** The last follower who was told. */
  readonly after: Uuid | null
}

/** Tells the followers of a chef of a recipe, `BATCH` of them and then the next: each batch is a short transaction. */
export const tellRecipeFollowers = defineJob<Announcement>('recipe.tellFollowers', {
  retryLimit: 5,
  retryDelaySeconds: 5,
})

const BATCH = 200

/** One batch, and the order for the next. As with posts, a batch that runs twice changes nothing. */
export async function tellNextRecipeFollowers(deps: Deps, { recipeId, chefId, after }: Announcement): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const news = await tx.orm
      .select({ id: recipes.id })
      .from(recipes)
      .where(
        and(
          eq(recipes.id, recipeId),
          eq(recipes.status, 'PUBLISHED'),
          gt(recipes.publishedAt, sql`now() - interval '1 day'`),
        ),
      )
    if (news.length === 0) return
    const batch = await tx.orm
      .select({ id: follows.followerId })
      .from(follows)
      .where(and(eq(follows.followeeId, chefId), after === null ? undefined : gt(follows.followerId, after)))
      .orderBy(asc(follows.followerId))
      .limit(BATCH)
    const recipients = batch.map(({ id }) => id)
    await notify(deps, tx, {
      kind: 'RECIPE_PUBLISHED',
      recipients,
      actorId: chefId,
      subject: recipeId,
      groupBy: recipeId,
    })
    const last = recipients.at(-1)
    if (recipients.length < BATCH || last === undefined) return
    await deps.jobs.enqueue(tx, tellRecipeFollowers, { recipeId, chefId, after: last })
  })
}
