import type { Uuid } from '../../core/ids.ts'
import { lifecycle } from '../../core/lifecycle.ts'
import type { recipeStatus } from '../../db/tables/recipe/recipe.ts'
import { isStaff, type Viewer } from '../viewer.ts'

export type RecipeStatus = (typeof recipeStatus.enumValues)[number]

/** As schema.org's RestrictedDiet has them. */
export const RECIPE_DIETS = [
  'DIABETIC',
  'GLUTEN_FREE',
  'HALAL',
  'HINDU',
  'KOSHER',
  'LOW_CALORIE',
  'LOW_FAT',
  'LOW_LACTOSE',
  'LOW_SALT',
  'VEGAN',
  'VEGETARIAN',
] as const
export type RecipeDiet = (typeof RECIPE_DIETS)[number]

/** An archived recipe can come back, with its first date. */
export const recipeLifecycle = lifecycle<RecipeStatus>('recipe', {
  DRAFT: ['PUBLISHED'],
  PUBLISHED: ['ARCHIVED'],
  ARCHIVED: ['PUBLISHED'],
})

/** Of one recipe. */
export const MAX_INGREDIENTS = 100
export const MAX_STEPS = 100
export const MAX_LABELS = 10
export const MAX_IMAGES = 10
export const MAX_SERVINGS = 1_000

export interface RecipeFacts {
  readonly chefId: Uuid
  readonly status: RecipeStatus
}

/** Whoever has become a chef publishes; staff need not. */
export const isChef = (viewer: Pick<Viewer, 'role'> | null): boolean =>
  viewer !== null && (viewer.role === 'CHEF' || isStaff(viewer))

const isOwn = (viewer: Viewer | null, recipe: Pick<RecipeFacts, 'chefId'>): boolean =>
  viewer !== null && viewer.accountId === recipe.chefId

/** Whatever is not published is its chef's alone; staff sees what was archived. */
export const canSeeRecipe = (viewer: Viewer | null, recipe: RecipeFacts): boolean =>
  recipe.status === 'PUBLISHED' || isOwn(viewer, recipe) || (recipe.status === 'ARCHIVED' && isStaff(viewer))

export const canEditRecipe = (viewer: Viewer | null, recipe: Pick<RecipeFacts, 'chefId'>): boolean =>
  isOwn(viewer, recipe)

/** Staff may take a recipe off the public lists; only its chef writes or deletes it. */
export const canArchiveRecipe = (viewer: Viewer | null, recipe: RecipeFacts): boolean =>
  recipeLifecycle.can(recipe.status, 'ARCHIVED') && (isOwn(viewer, recipe) || isStaff(viewer))

/** Staff took another's recipe off the lists, rather than its chef. */
export const isArchivedByStaff = (viewer: Viewer, recipe: RecipeFacts): boolean =>
  isStaff(viewer) && !isOwn(viewer, recipe)

/** Its author, who must have become a chef; but what staff took off the public lists, only staff brings back. */
export const canPublishRecipe = (
  viewer: Viewer | null,
  recipe: RecipeFacts & { readonly archivedByStaff: boolean },
): boolean =>
  recipe.status === 'ARCHIVED' && recipe.archivedByStaff ? isStaff(viewer) : isOwn(viewer, recipe) && isChef(viewer)

/** Where a recipe is read, below the public address. */
export const recipePath = (chefHandle: string, slug: string): string => `/recipes/${chefHandle}/${slug}`

/** What a recipe has, as `recipe_search.facets` holds it: `label:quick`. */
export const labelFacet = (slug: string): string => `label:${slug}`
export const cuisineFacet = (slug: string): string => `cuisine:${slug}`
export const dietFacet = (diet: RecipeDiet): string => `diet:${diet}`
export const foodFacet = (foodId: Uuid): string => `food:${foodId}`
/** Of an ingredient that no food of the catalogue is. */
export const unknownFoodFacet = (key: string): string => `text:${key}`
