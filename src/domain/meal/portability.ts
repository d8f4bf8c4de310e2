import { eq, sql } from 'drizzle-orm'
import { plannedMeals, shoppingLists } from '../../db/tables/meal.ts'
import type { Portability } from '../account/portability.ts'

/** Plans and lists are the member's alone, and go with the account (see the foreign keys). */
export const mealPortability: Portability = {
  room: 'meals',
  async exportOf(tx, accountId) {
    const plan = await tx.orm
      .select({
        day: plannedMeals.day,
        time: plannedMeals.time,
        title: plannedMeals.title,
        servings: plannedMeals.servings,
      })
      .from(plannedMeals)
      .where(eq(plannedMeals.accountId, accountId))
      .orderBy(plannedMeals.day, plannedMeals.timeRank, plannedMeals.position)
    const lists = await tx.orm
      .select({
        title: shoppingLists.title,
        fromDay: shoppingLists.fromDay,
        toDay: shoppingLists.toDay,
        createdAt: shoppingLists.createdAt,
        items: sql<unknown>`coalesce((select json_agg(json_build_object('name', name, 'quantity', numerator || '/' || denominator, 'unit', unit, 'checked', is_checked) order by aisle, name) from shopping_items where list_id = shopping_lists.id), '[]'::json)`,
      })
      .from(shoppingLists)
      .where(eq(shoppingLists.accountId, accountId))
      .orderBy(shoppingLists.createdAt)
    return { plan, lists }
  },
  async eraseOf() {},
}
