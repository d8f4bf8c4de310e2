import type { KeysetOrder } from '../keyset.ts'
import { belongsTo, entity, hasMany, type RowOf } from '../relation.ts'
import { plannedMeals, shoppingItems, shoppingLists } from '../tables/meal.ts'

export const plannedMealEntity = entity('PlannedMeal', plannedMeals)
export const shoppingListEntity = entity('ShoppingList', shoppingLists)
const itemEntity = entity('ShoppingItem', shoppingItems)

export type PlannedMealRow = RowOf<typeof plannedMeals>
export type ShoppingListRow = RowOf<typeof shoppingLists>
export type ShoppingItemRow = RowOf<typeof shoppingItems>

export const plannedMealById = belongsTo(plannedMealEntity, plannedMeals.id)
export const shoppingListById = belongsTo(shoppingListEntity, shoppingLists.id)
export const shoppingItemById = belongsTo(itemEntity, shoppingItems.id)

/** As one walks through a shop. */
const BY_AISLE: KeysetOrder = {
  name: 'AISLE',
  direction: 'asc',
  keys: [
    { value: shoppingItems.aisle, type: 'text' },
    { value: shoppingItems.name, type: 'text' },
    { value: shoppingItems.id, type: 'uuid' },
  ],
}

export const MAX_SHOPPING_ITEMS = 500

export const shoppingItemList = hasMany(itemEntity, {
  by: shoppingItems.listId,
  order: BY_AISLE,
  limit: MAX_SHOPPING_ITEMS,
})
