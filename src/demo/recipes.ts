import { addDays } from '../core/calendar.ts'
import type { Uuid } from '../core/ids.ts'
import { becomeChef } from '../domain/account/account.ts'
import { planMeal } from '../domain/meal/plan.ts'
import { createShoppingList } from '../domain/meal/shopping.ts'
import { logCookedMeal } from '../domain/recipe/cooked.ts'
import { addFavourite } from '../domain/recipe/favourite.ts'
import { reviewSubject } from '../domain/review/review.ts'
import type { Viewer } from '../domain/viewer.ts'
import { DEMO_RECIPES } from './recipe-texts.ts'
import type { World } from './world.ts'

const STARS = [
  ['Red Lentil Soup', 'ada', 5, 'Three times this month.'],
  ['Red Lentil Soup', 'dara', 4, 'I add more lemon.'],
  ['Banana Bread', 'ada', 4, ''],
  ['Courgette Pasta with Lemon', 'ada', 5, 'The ribbons are worth the peeler.'],
  ['Shakshuka', 'dara', 3, 'Needs bread. The recipe should say so.'],
] as const

const WEEK = [
  'Red Lentil Soup',
  'Mushroom Risotto',
  'Shakshuka',
  'Courgette Pasta with Lemon',
  'Bean Stew from the Oven',
] as const

/** Recipes of two chefs, what the members think of them, and a week that somebody planned. */
export async function fillKitchen(world: World, member: (handle: string) => Viewer): Promise<void> {
  const { deps } = world
  const now = deps.clock.now()
  await becomeChef(deps, member('bram'))
  const bram: Viewer = { ...member('bram'), role: 'CHEF' }
  const ids = new Map<string, Uuid>()
  for (const { chef, daysAgo, recipe } of DEMO_RECIPES) {
    const publishedAt = new Date(now.getTime() - daysAgo * 86_400_000)
    ids.set(
      recipe.title,
      await world.recipes.published(chef === 'bram' ? bram : member(chef), { ...recipe, publishedAt }),
    )
  }
  await world.recipes.draft(member('chiyo'), {
    title: 'Soup without a name yet',
    summary: 'Something with the beetroot.',
  })
  const idOf = (title: string): Uuid => ids.get(title) ?? ''
  for (const [title, handle, stars, text] of STARS) {
    await reviewSubject(deps, member(handle), { on: { kind: 'RECIPE', id: idOf(title) }, stars, text })
  }
  const ada = member('ada')
  const today = now.toISOString().slice(0, 10)
  for (const title of ['Red Lentil Soup', 'Banana Bread']) await addFavourite(deps, ada, idOf(title))
  await logCookedMeal(deps, ada, {
    recipeId: idOf('Red Lentil Soup'),
    cookedOn: addDays(today, -2),
    servings: 2,
    note: 'Half of it, with the last lemon.',
  })
  for (const [day, title] of WEEK.entries()) {
    await planMeal(deps, ada, { day: addDays(today, day), time: 'DINNER', recipeId: idOf(title), servings: 2 })
  }
  await planMeal(deps, ada, { day: addDays(today, 5), time: 'LUNCH', title: 'Leftovers', servings: 1 })
  await createShoppingList(deps, ada, { title: 'This week', from: today, to: addDays(today, 6) })
}
