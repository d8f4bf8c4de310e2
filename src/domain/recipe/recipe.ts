import { eq, sql } from 'drizzle-orm'
import { forbidden, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { refreshSearchRows } from '../../db/queries/recipe/search-row.ts'
import { recipes } from '../../db/tables/recipe/recipe.ts'
import { subjects } from '../../db/tables/subject.ts'
import { sqlState } from '../../db/unavailable.ts'
import { slugText } from '../blog/slug-text.ts'
import { deleteSubjects } from '../comment/deletion.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkAll, checkInput } from '../input.ts'
import { tellWithdrawal } from '../subject/topics.ts'
import type { Viewer } from '../viewer.ts'
import {
  type CheckedRecipe,
  type CheckedRecipeChange,
  impliedDiets,
  isSlug,
  type NewRecipe,
  newRecipeInput,
  recipeChangeInput,
} from './content.ts'
import { writeParts } from './parts.ts'
import { canEditRecipe, canSeeRecipe, type RecipeStatus } from './rules.ts'
import { claimFreeSlug, claimSlug, ensureSlugFree } from './slug.ts'

/** @throws DomainError `INVALID_INPUT` naming the field, `TAKEN` for a slug in use, `CONFLICT` for a re-used key. */
export function createRecipe(deps: Deps, viewer: Viewer, input: NewRecipe): Promise<Uuid> {
  const { idempotencyKey: _, ...given } = input
  const chefId = viewer.accountId
  return deps.db.transaction((tx) =>
    once(tx, chefId, 'createRecipe', input, async () => {
      const [recipe] = await checkAll<[CheckedRecipe, unknown]>(
        () => checkInput(newRecipeInput, given),
        () => isSlug(given.slug) && ensureSlugFree(tx, chefId, null, given.slug.trim()),
      )
      return insertRecipe(deps, tx, viewer, recipe)
    }),
  )
}

/** Writes a checked recipe as a draft. Import uses it too. */
export async function insertRecipe(
  deps: Pick<Deps, 'bus'>,
  tx: Transaction,
  viewer: Viewer,
  recipe: CheckedRecipe,
): Promise<Uuid> {
  const id = newId()
  const chefId = viewer.accountId
  await tx.orm.insert(subjects).values({ id, kind: 'RECIPE' })
  const { title, servings } = recipe
  // The slug is replaced below: it can only be claimed for a recipe that exists.
  await tx.orm.insert(recipes).values({ id, chefId, title, servings, slug: id, ...columnsOf(recipe) })
  const slug =
    recipe.slug === undefined
      ? await claimFreeSlug(tx, chefId, id, title)
      : await claimSlug(tx, chefId, id, recipe.slug)
  await tx.orm.update(recipes).set({ slug }).where(eq(recipes.id, id))
  await writeParts(deps, tx, viewer, id, recipe)
  return id
}

/** Columns of what was given; what was left out is not among them. */
function columnsOf(recipe: CheckedRecipeChange) {
  const { summary, makes, prepMinutes, cookMinutes, totalMinutes, cuisine, diets, labels, nutrition, sourceUrl } =
    recipe
  return {
    summary,
    makes,
    prepMinutes,
    cookMinutes,
    totalMinutes: totalMinutes ?? sumOf(totalMinutes, prepMinutes, cookMinutes),
    cuisine,
    cuisineSlug: cuisine === undefined ? undefined : slugText(cuisine, 60),
    diets: diets === undefined ? undefined : impliedDiets(diets),
    labels: labels === undefined ? undefined : [...new Set(labels.map(({ slug }) => slug))],
    sourceUrl,
    ...(nutrition === undefined ? {} : nutritionColumns(nutrition)),
  }
}

type Minutes = number | null | undefined

/** Undefined where nothing was said about any of them. */
function sumOf(total: Minutes, prep: Minutes, cook: Minutes): Minutes {
  if (total === undefined && prep === undefined && cook === undefined) return undefined
  return prep == null && cook == null ? null : (prep ?? 0) + (cook ?? 0)
}

const nutritionColumns = (nutrition: CheckedRecipe['nutrition']) => ({
  energyKcal: nutrition?.energyKcal ?? null,
  proteinG: nutrition?.proteinG ?? null,
  fatG: nutrition?.fatG ?? null,
  carbohydrateG: nutrition?.carbohydrateG ?? null,
  fibreG: nutrition?.fibreG ?? null,
  sodiumMg: nutrition?.sodiumMg ?? null,
})

/** program_limit_exceeded: the search index of one document holds a megabyte of different words. */
const TOO_MANY_WORDS = '54000'

/** Makes lists find the recipe as it is now. @throws DomainError `INVALID_INPUT` for one with too many different words. */
export async function refreshSearch(tx: Transaction, id: Uuid): Promise<void> {
  try {
    await refreshSearchRows(tx, [id])
  } catch (error) {
    if (sqlState(error) !== TOO_MANY_WORDS) throw error
    throw invalidInput(['input', 'steps'], 'A recipe cannot have this many different words.')
  }
}

export interface RecipeChange extends Partial<Omit<NewRecipe, 'idempotencyKey'>> {
  id: Uuid
}

/**
 * Fields that are not given stay as they are; ingredients, steps and labels are replaced as a whole.
 * @throws as `createRecipe`, and `NOT_FOUND`, `FORBIDDEN`.
 */
export function updateRecipe(deps: Deps, viewer: Viewer, input: RecipeChange): Promise<Uuid> {
  const { id, ...given } = input
  return deps.db.transaction(async (tx) => {
    const recipe = await lockWritableRecipe(tx, viewer, id)
    const [change] = await checkAll<[CheckedRecipeChange, unknown]>(
      () => checkInput(recipeChangeInput, given),
      () => isSlug(given.slug) && ensureSlugFree(tx, recipe.chefId, id, given.slug.trim()),
    )
    const slug = change.slug === undefined ? undefined : await claimSlug(tx, recipe.chefId, id, change.slug)
    const { title, servings } = change
    await tx.orm
      .update(recipes)
      .set({ title, servings, slug, ...columnsOf(withTimes(recipe, change)), updatedAt: sql`now()` })
      .where(eq(recipes.id, id))
    await writeParts(deps, tx, viewer, id, change)
    if (recipe.status === 'PUBLISHED') {
      await ensureComplete(tx, id, ['input'])
      await refreshSearch(tx, id)
    }
    return id
  })
}

/** The whole time follows the other two where only one of them changes. */
function withTimes(recipe: LockedRecipe, change: CheckedRecipeChange): CheckedRecipeChange {
  const { prepMinutes, cookMinutes, totalMinutes } = change
  if (totalMinutes !== undefined || (prepMinutes === undefined && cookMinutes === undefined)) return change
  return {
    ...change,
    prepMinutes: prepMinutes === undefined ? recipe.prepMinutes : prepMinutes,
    cookMinutes: cookMinutes === undefined ? recipe.cookMinutes : cookMinutes,
  }
}

/** What is published can be cooked. @throws DomainError `INVALID_INPUT`. */
export async function ensureComplete(tx: Transaction, id: Uuid, path: readonly string[]): Promise<void> {
  const [parts] = await tx.query<{ ingredients: boolean; steps: boolean }>(
    `select exists (select 1 from recipe_ingredients where recipe_id = $1) as ingredients,
      exists (select 1 from recipe_steps where recipe_id = $1) as steps`,
    [id],
  )
  if (parts?.ingredients !== true) throw invalidInput(path, 'A published recipe has at least one ingredient.')
  if (!parts.steps) throw invalidInput(path, 'A published recipe has at least one step.')
}

/** Deletes the recipe with its comments, reactions and old slugs. @throws DomainError `NOT_FOUND`, `FORBIDDEN`. */
export function deleteRecipe(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  return deps.db.transaction(async (tx) => {
    await lockWritableRecipe(tx, viewer, id)
    await deleteSubjects(tx, tx.orm.select({ id: recipes.id }).from(recipes).where(eq(recipes.id, id)))
    tellWithdrawal(deps, tx, id)
    return id
  })
}

export interface LockedRecipe {
  id: Uuid
  chefId: Uuid
  title: string
  status: RecipeStatus
  archivedByStaff: boolean
  prepMinutes: number | null
  cookMinutes: number | null
}

/**
 * For who only points at it, a lock of `key share` keeps it from being deleted and lets others do the same.
 * @throws DomainError `NOT_FOUND` when the viewer may not see it: another's draft is no different from no recipe.
 */
export async function lockVisibleRecipe(
  tx: Transaction,
  viewer: Viewer,
  id: Uuid,
  path: readonly string[] = ['input', 'id'],
  strength: 'update' | 'key share' = 'update',
): Promise<LockedRecipe> {
  const [recipe] = await tx.orm
    .select({
      id: recipes.id,
      chefId: recipes.chefId,
      title: recipes.title,
      status: recipes.status,
      archivedByStaff: recipes.archivedByStaff,
      prepMinutes: recipes.prepMinutes,
      cookMinutes: recipes.cookMinutes,
    })
    .from(recipes)
    .where(eq(recipes.id, id))
    .for(strength)
  if (recipe === undefined || !canSeeRecipe(viewer, recipe)) throw notFound('recipe', path)
  return recipe
}

/** @throws DomainError `NOT_FOUND`, or `FORBIDDEN` for a recipe that the viewer may read but not change. */
async function lockWritableRecipe(tx: Transaction, viewer: Viewer, id: Uuid): Promise<LockedRecipe> {
  const recipe = await lockVisibleRecipe(tx, viewer, id)
  if (!canEditRecipe(viewer, recipe)) throw forbidden('Only its chef may change a recipe.')
  return recipe
}
