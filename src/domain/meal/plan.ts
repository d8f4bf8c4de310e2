import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { addDays, daysFrom, isDay } from '../../core/calendar.ts'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { type mealTime, plannedMeals } from '../../db/tables/meal.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut, line } from '../input.ts'
import { lockVisibleRecipe } from '../recipe/recipe.ts'
import { MAX_SERVINGS } from '../recipe/rules.ts'
import type { Viewer } from '../viewer.ts'

export type MealTime = (typeof mealTime.enumValues)[number]

/** Dishes of one meal; the database holds it. */
export const MAX_DISHES = 10
/** Days that a plan is looked at, or bought for, at once. */
export const MAX_PLAN_DAYS = 62

const isPlannable = (text: string): boolean => isDay(text) && text >= '2000-01-01' && text < '2200-01-01'
const day = z.string().refine(isPlannable, 'This is no day that can be planned.')
const servings = z
  .int('Servings are a whole number.')
  .min(1, 'Servings are at least 1.')
  .max(MAX_SERVINGS, `Servings are at most ${MAX_SERVINGS}.`)

const newMeal = z.object({ day, servings, title: leftOut(line('A title', 1, 200)) })
const mealChange = z.object({ day: leftOut(day), servings: leftOut(servings), title: leftOut(line('A title', 1, 200)) })

export interface NewMeal {
  day: string
  time: MealTime
  recipeId?: Uuid | null | undefined
  /** Of what is no recipe: `Leftovers`. */
  title?: string | null | undefined
  servings: number
  idempotencyKey?: string | null | undefined
}

/** Two writes to one plan come one after the other, so that places are counted right. */
const lockPlan = (tx: Transaction, accountId: Uuid) =>
  tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`meal plan ${accountId}`])

/** The next place of a meal. @throws DomainError `LIMIT_EXCEEDED`. */
async function nextPlace(tx: Transaction, accountId: Uuid, on: string, time: MealTime): Promise<number> {
  const [row] = await tx.query<{ place: number }>(
    `select p as place from generate_series(0, ${MAX_DISHES - 1}) p where not exists
       (select 1 from planned_meals where account_id = $1 and day = $2 and time = $3 and position = p) order by p limit 1`,
    [accountId, on, time],
  )
  if (row !== undefined) return row.place
  throw new DomainError('LIMIT_EXCEEDED', `A meal has at most ${MAX_DISHES} dishes.`, ['input'], { limit: MAX_DISHES })
}

/** @throws DomainError `NOT_FOUND` (recipe), `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT`. */
export function planMeal(deps: Deps, viewer: Viewer, input: NewMeal): Promise<Uuid> {
  const { accountId } = viewer
  return deps.db.transaction((tx) =>
    once(tx, accountId, 'planMeal', input, async () => {
      const meal = checkInput(newMeal, input)
      const recipe =
        input.recipeId == null
          ? null
          : await lockVisibleRecipe(tx, viewer, input.recipeId, ['input', 'recipeId'], 'key share')
      const title = meal.title ?? recipe?.title
      if (title === undefined) throw invalidInput(['input', 'title'], 'A meal is a recipe or has a title.')
      await lockPlan(tx, accountId)
      const id = newId()
      const position = await nextPlace(tx, accountId, meal.day, input.time)
      const row = { id, accountId, day: meal.day, time: input.time, position, title, servings: meal.servings }
      await tx.orm.insert(plannedMeals).values({ ...row, recipeId: recipe?.id ?? null })
      return id
    }),
  )
}

export interface MealChange extends Partial<Pick<NewMeal, 'day' | 'time' | 'servings' | 'title'>> {
  id: Uuid
}

const own = (viewer: Viewer, id: Uuid) => and(eq(plannedMeals.id, id), eq(plannedMeals.accountId, viewer.accountId))

/** Moves it to another day or meal, or changes how many it is for. @throws DomainError as `planMeal`. */
export function updateMeal(deps: Deps, viewer: Viewer, input: MealChange): Promise<Uuid> {
  const change = checkInput(mealChange, input)
  const { id } = input
  return deps.db.transaction(async (tx) => {
    await lockPlan(tx, viewer.accountId)
    const [meal] = await tx.orm.select().from(plannedMeals).where(own(viewer, id))
    if (meal === undefined) throw notFound('meal', ['input', 'id'])
    const to = { day: change.day ?? meal.day, time: input.time ?? meal.time }
    const stays = to.day === meal.day && to.time === meal.time
    const position = stays ? meal.position : await nextPlace(tx, viewer.accountId, to.day, to.time)
    await tx.orm
      .update(plannedMeals)
      .set({ ...to, position, servings: change.servings, title: change.title })
      .where(own(viewer, id))
    return id
  })
}

/** @throws DomainError `NOT_FOUND`. */
export async function removeMeal(deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> {
  const gone = await deps.db.orm.delete(plannedMeals).where(own(viewer, id)).returning({ id: plannedMeals.id })
  if (gone.length === 0) throw notFound('meal', ['input', 'id'])
  return id
}

export interface WeekCopy {
  /** The first of seven days. */
  from: string
  /** Where the first of them goes. */
  to: string
  idempotencyKey?: string | null | undefined
}

/** Adds the meals of seven days to seven others; answers the new ones. @throws DomainError `INVALID_INPUT`, `LIMIT_EXCEEDED`. */
export function copyMealWeek(deps: Deps, viewer: Viewer, input: WeekCopy): Promise<Uuid[]> {
  const { accountId } = viewer
  return deps.db.transaction((tx) =>
    once(tx, accountId, 'copyMealWeek', input, async () => {
      const { from, to } = checkInput(z.object({ from: day, to: day }), input)
      if (from === to) throw invalidInput(['input', 'to'], 'A week is copied to another one.')
      if (!isPlannable(addDays(to, 6)))
        throw invalidInput(['input', 'to'], 'This week ends after all that can be planned.')
      await lockPlan(tx, accountId)
      const meals = await tx.query<{
        day: string
        time: MealTime
        recipeId: Uuid | null
        title: string
        servings: number
      }>(
        `select day, time, recipe_id as "recipeId", title, servings from planned_meals
         where account_id = $1 and day between $2 and $3 order by day, time_rank, position`,
        [accountId, from, addDays(from, 6)],
      )
      const shift = (on: string): string => addDays(to, daysFrom(from, on))
      const made: Uuid[] = []
      for (const { day: on, ...meal } of meals) {
        const id = newId()
        const position = await nextPlace(tx, accountId, shift(on), meal.time)
        await tx.orm.insert(plannedMeals).values({ id, accountId, day: shift(on), position, ...meal })
        made.push(id)
      }
      return made
    }),
  )
}

/** @throws DomainError `INVALID_INPUT` for a range that runs backward or is too long. */
export function checkRange(from: string, to: string, path: readonly string[]): void {
  checkInput(z.object({ from: day, to: day }), { from, to }, path)
  if (to < from) throw invalidInput([...path, 'to'], 'A range ends when it begins or later.')
  if (daysFrom(from, to) >= MAX_PLAN_DAYS) throw invalidInput([...path, 'to'], `At most ${MAX_PLAN_DAYS} days at once.`)
}
