import type { Executor } from '../../db/database.ts'
import type { RecipeListFilter } from '../../db/queries/recipe/list.ts'
import { slugText } from '../blog/slug-text.ts'
import { recogniseFoods } from './catalogue.ts'
import { foodKey } from './food-key.ts'
import { cuisineFacet, dietFacet, foodFacet, labelFacet, type RecipeDiet, unknownFoodFacet } from './rules.ts'

/** What a list is asked for in the words of people. */
export interface WantedRecipes extends Omit<RecipeListFilter, 'withFacets' | 'withoutFacets'> {
  /** Names or slugs; all of them. */
  labels?: readonly string[] | undefined
  cuisine?: string | undefined
  /** All of them. */
  diets?: readonly RecipeDiet[] | undefined
  /** Names of foods, all of which are in it. */
  withIngredients?: readonly string[] | undefined
  /** Names of foods, none of which is in it. */
  withoutIngredients?: readonly string[] | undefined
}

/** The facets that stand for it. A food that the catalogue does not know is looked for by its name. */
export async function toListFilter(db: Executor, wanted: WantedRecipes): Promise<RecipeListFilter> {
  const { labels = [], cuisine, diets = [], withIngredients = [], withoutIngredients = [], ...rest } = wanted
  const foods = await recogniseFoods(db, [...withIngredients, ...withoutIngredients])
  const facetOf = (name: string): string => {
    const id = foods.get(name)
    return id === undefined ? unknownFoodFacet(foodKey(name)) : foodFacet(id)
  }
  return {
    ...rest,
    withFacets: [
      ...labels.map((label) => labelFacet(slugText(label, 60))),
      ...(cuisine === undefined ? [] : [cuisineFacet(slugText(cuisine, 60))]),
      ...diets.map(dietFacet),
      ...withIngredients.map(facetOf),
    ],
    withoutFacets: withoutIngredients.map(facetOf),
  }
}
