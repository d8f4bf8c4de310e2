import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { addDays } from '../../core/calendar.ts'
import { notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { cookedMeals } from '../../db/tables/recipe/recipe.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut, prose } from '../input.ts'
import { claimUploads } from '../upload/claim.ts'
import type { Viewer } from '../viewer.ts'
import { lockVisibleRecipe } from './recipe.ts'
import { MAX_SERVINGS } from './rules.ts'

const content = (deps: Deps) => ({
  // Where the member is it may be tomorrow already.
  cookedOn: z
    .string()
    .refine(
      (day) => day <= addDays(deps.clock.now().toISOString().slice(0, 10), 1),
      'What was cooked was cooked before today is over.',
    )
    .refine((day) => day >= '1900-01-01', 'This was too long ago.'),
  servings: z
    .int('Servings are a whole number.')
    .min(1, 'Servings are at least 1.')
    .max(MAX_SERVINGS, `Servings are at most ${MAX_SERVINGS}.`)
    .nullish(),
  note: leftOut(prose('A note', 0, 2_000)),
})

export interface NewCookedMeal {
  recipeId: Uuid
  /** A calendar date where the member is. */
  cookedOn: string
  servings?: number | null | undefined
  note?: string | null | undefined
  photoId?: Uuid | null | undefined
  idempotencyKey?: string | null | undefined
}

/** Enters into the viewer's log that they cooked it. @throws DomainError `NOT_FOUND`, `INVALID_INPUT`, `CONFLICT`. */
export function logCookedMeal(deps: Deps, viewer: Viewer, input: NewCookedMeal): Promise<Uuid> {
  const { recipeId } = input
  const { accountId } = viewer
  return deps.db.transaction((tx) =>
    once(tx, accountId, 'logCookedMeal', input, async () => {
      const { title } = await lockVisibleRecipe(tx, viewer, recipeId, ['input', 'recipeId'], 'key share')
      const entry = checkInput(z.object(content(deps)), input)
      const id = newId()
      const photoId = input.photoId ?? null
      if (photoId !== null) await claimPhoto(deps, tx, viewer, photoId, [])
      await tx.orm.insert(cookedMeals).values({ id, accountId, recipeId, title, photoId, ...entry })
      return id
    }),
  )
}

export interface CookedMealChange extends Partial<Omit<NewCookedMeal, 'recipeId' | 'idempotencyKey'>> {
  id: Uuid
}

const own = (viewer: Viewer, id: Uuid) => and(eq(cookedMeals.id, id), eq(cookedMeals.accountId, viewer.accountId))

/** Fields that are left out stay as they are. @throws DomainError `NOT_FOUND`, `INVALID_INPUT`. */
export async function updateCookedMeal(deps: Deps, viewer: Viewer, input: CookedMealChange): Promise<Uuid> {
  const fields = content(deps)
  const change = checkInput(z.object({ ...fields, cookedOn: leftOut(fields.cookedOn) }), input)
  const { id, photoId } = input
  return deps.db.transaction(async (tx) => {
    const [meal] = await tx.orm
      .select({ photoId: cookedMeals.photoId })
      .from(cookedMeals)
      .where(own(viewer, id))
      .for('update')
    if (meal === undefined) throw notFound('cooked meal', ['input', 'id'])
    if (photoId != null) await claimPhoto(deps, tx, viewer, photoId, meal.photoId === null ? [] : [meal.photoId])
    const set = { ...change, photoId }
    if (Object.values(set).some((value) => value !== undefined)) {
      await tx.orm.update(cookedMeals).set(set).where(eq(cookedMeals.id, id))
    }
    return id
  })
}

const claimPhoto = (deps: Deps, tx: Transaction, viewer: Viewer, photoId: Uuid, kept: readonly Uuid[]) =>
  claimUploads(deps, tx, viewer, {
    ids: [photoId],
    use: 'RECIPE_IMAGE',
    kept,
    pathOf: () => ['input', 'photoId'],
  })

/** @throws DomainError `NOT_FOUND`. */
export async function deleteCookedMeal(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  const gone = await deps.db.orm.delete(cookedMeals).where(own(viewer, id)).returning({ id: cookedMeals.id })
  if (gone.length === 0) throw notFound('cooked meal', ['input', 'id'])
  return id
}
