import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { GraphClient } from './graph-client.ts'

export const RECIPE = `{ id title slug url summary status servings makes prepMinutes cookMinutes totalMinutes cuisine diets
  labels { slug name } ingredients { text group quantity { text decimal ratio } upTo { text } unit { code } foodName food { slug } note isOptional }
  steps { number section body bodyHtml minutes } sourceUrl publishedAt chef { handle }
  nutrition { energyKcal proteinG source leftOut } computedNutrition { energyKcal source }
  images { id alt status } cover { id } averageRating reviewCount viewerCanEdit viewerCanArchive }`
const USER_ERRORS = 'userErrors { __typename code message path ... on IllegalTransition { from allowed } }'

const INPUTS = {
  createRecipe: 'CreateRecipeInput',
  updateRecipe: 'UpdateRecipeInput',
  publishRecipe: 'RecipeInput',
  archiveRecipe: 'RecipeInput',
  deleteRecipe: 'RecipeInput',
  addFavourite: 'FavouriteInput',
  removeFavourite: 'FavouriteInput',
  importRecipe: 'ImportRecipeInput',
} as const
export type RecipeMutation = keyof typeof INPUTS

export interface Outcome {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape.
  recipe: any
  userErrors: { __typename: string; code: string; message: string; path: string[]; allowed?: string[] }[]
  /** Code of the first top-level error. */
  refused: string | null
}

/** What members do with recipes, as they do it: over HTTP. */
export class RecipeClient extends GraphClient {
  async run(mutation: RecipeMutation, viewer: Viewer | null, input: Record<string, unknown>): Promise<Outcome> {
    const selection = mutation === 'deleteRecipe' ? 'deletedId' : `recipe ${RECIPE}`
    const { payload, userErrors, refused } = await this.mutate(
      [mutation, INPUTS[mutation], `${selection} ${USER_ERRORS}`],
      viewer,
      input,
    )
    return {
      recipe: payload.recipe ?? payload.deletedId ?? null,
      userErrors,
      refused,
    }
  }

  /** The recipe as the viewer sees it, or the code of the refusal. */
  async see(viewer: Viewer | null, recipe: Uuid): Promise<Outcome['recipe'] | string> {
    const { data, errors } = await this.ask(
      `query ($id: ID!) { node(id: $id) { ... on Recipe ${RECIPE} } }`,
      { id: encodeId('recipe', recipe) },
      viewer,
    )
    return errors?.[0]?.extensions.code ?? data.node
  }

  /** Titles of a list, in its order. */
  async titles(filter: Record<string, unknown>, orderBy = 'NEWEST'): Promise<string[]> {
    const { data, errors } = await this.ask(
      'query ($filter: RecipeFilter, $orderBy: RecipeOrder!) { recipes(first: 100, filter: $filter, orderBy: $orderBy) { nodes { title } } }',
      { filter, orderBy },
    )
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    return data.recipes.nodes.map(({ title }: { title: string }) => title)
  }
}
