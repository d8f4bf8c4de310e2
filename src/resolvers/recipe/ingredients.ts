import { invalidInput } from '../../core/errors.ts'
import {
  type FoodRow,
  foodById,
  type IngredientRow,
  ingredientList,
  type RecipeRow,
} from '../../db/relations/recipe/recipe.ts'
import { computedNutrition, type NutritionFacts } from '../../domain/recipe/nutrition.ts'
import { MAX_SERVINGS } from '../../domain/recipe/rules.ts'
import { ingredientText, type ShownAmount, scaleOf, showAmount } from '../../domain/recipe/shown-ingredient.ts'
import type { UnitPreference } from '../../domain/recipe/units.ts'
import type { Context } from '../../schema/context.ts'

export interface ShownIngredient extends ShownAmount {
  readonly text: string
  readonly group: string | null
  readonly foodName: string
  readonly food: FoodRow | null
  readonly note: string | null
  readonly isOptional: boolean
}

const orNull = (text: string): string | null => (text === '' ? null : text)

async function withFoods({ loaders }: Context, recipeId: string) {
  const rows = await loaders.many(ingredientList, recipeId)
  return Promise.all(rows.map(async (row) => ({ row, food: await loaders.one(foodById, row.foodId) })))
}

/** @throws DomainError `INVALID_INPUT` for a number of servings that nobody cooks. */
export async function shownIngredients(
  context: Context,
  recipe: RecipeRow,
  servings: number | null,
  units: UnitPreference,
): Promise<ShownIngredient[]> {
  if (servings !== null && (servings < 1 || servings > MAX_SERVINGS)) {
    throw invalidInput(['servings'], `Servings are 1 to ${MAX_SERVINGS}.`)
  }
  const scale = scaleOf(servings, recipe.servings)
  return (await withFoods(context, recipe.id)).map(({ row, food }) => {
    const amount = showAmount(row, scale, units, food)
    return {
      ...amount,
      text: ingredientText(amount, row),
      group: orNull(row.groupTitle),
      foodName: row.food,
      food,
      note: orNull(row.note),
      isOptional: row.isOptional,
    }
  })
}

export async function nutritionOf(context: Context, recipe: RecipeRow): Promise<NutritionFacts | null> {
  const ingredients = await withFoods(context, recipe.id)
  const foods = new Map<object, FoodRow | null>(ingredients.map(({ row, food }) => [row, food]))
  return computedNutrition(
    recipe.servings,
    ingredients.map(({ row }): IngredientRow => row),
    (row) => foods.get(row) ?? null,
  )
}
