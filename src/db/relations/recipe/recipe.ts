import { sql } from 'drizzle-orm'
import type { KeysetOrder } from '../../keyset.ts'
import { belongsTo, count, entity, hasMany, type RowOf } from '../../relation.ts'
import { foods } from '../../tables/recipe/food.ts'
import {
  cookedMeals,
  recipeFavourites,
  recipeImages,
  recipeIngredients,
  recipeLabels,
  recipeSearch,
  recipeSteps,
  recipes,
} from '../../tables/recipe/recipe.ts'

export const recipeEntity = entity('Recipe', recipes)
export const foodEntity = entity('Food', foods)
const ingredientEntity = entity('RecipeIngredient', recipeIngredients)
const imageEntity = entity('RecipeImage', recipeImages)
const stepEntity = entity('RecipeStep', recipeSteps, ['bodyText'])
export const searchEntity = entity('RecipeSearch', recipeSearch, ['bodyText', 'search'])
export const labelEntity = entity('RecipeLabel', recipeLabels)
export const cookedMealEntity = entity('CookedMeal', cookedMeals)

export type RecipeRow = RowOf<typeof recipes>
export type FoodRow = RowOf<typeof foods>
export type IngredientRow = RowOf<typeof recipeIngredients>

export type StepRow = RowOf<typeof recipeSteps, 'bodyText'>
export type LabelRow = RowOf<typeof recipeLabels>
export type CookedMealRow = RowOf<typeof cookedMeals>

export const recipeById = belongsTo(recipeEntity, recipes.id)
export const foodById = belongsTo(foodEntity, foods.id)
export const labelBySlug = belongsTo(labelEntity, recipeLabels.slug)
export const cookedMealById = belongsTo(cookedMealEntity, cookedMeals.id)

const inOrder = (
  position: typeof recipeIngredients.position | typeof recipeSteps.position | typeof recipeImages.position,
): KeysetOrder => ({
  name: 'POSITION',
  direction: 'asc',
  keys: [{ value: position, type: 'integer' }],
})

export const ingredientList = hasMany(ingredientEntity, {
  by: recipeIngredients.recipeId,
  order: inOrder(recipeIngredients.position),
  limit: 100,
})

export const stepList = hasMany(stepEntity, {
  by: recipeSteps.recipeId,
  order: inOrder(recipeSteps.position),
  limit: 100,
})

export const imageList = hasMany(imageEntity, {
  by: recipeImages.recipeId,
  order: inOrder(recipeImages.position),
  limit: 10,
})

const published = sql`${recipes.status} = 'PUBLISHED'`

export const accountRecipeCount = count(recipes, { by: recipes.chefId, where: published })
export const favouriteCount = count(recipeFavourites, { by: recipeFavourites.recipeId })
export const cookedCount = count(cookedMeals, { by: cookedMeals.recipeId })
