import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { invalidInput } from '../../core/errors.ts'
import type { Keyed } from '../../db/keyset.ts'
import { countRows } from '../../db/queries/page.ts'
import {
  findRecipes,
  type ListedRecipe,
  publishedRecipes,
  type RecipeListFilter,
  type RecipeOrderName,
} from '../../db/queries/recipe/list.ts'
import { highlightHtml } from '../../domain/blog/highlight.ts'
import type { WantedRecipes } from '../../domain/recipe/list-filter.ts'
import { recipeHighlight } from '../../loaders/recipe.ts'
import { Connection, type ConnectionArgs, toPageRequest } from '../../schema/connection.ts'
import type { Context } from '../../schema/context.ts'
import { Costs } from '../../schema/cost.ts'
import type { RecipeFilter } from '../../schema/recipe/input.ts'
import { RecipeEdge } from '../../schema/recipe/recipe.ts'
import { plain, searchText } from '../blog/list.ts'

/** More conditions than this are no search. */
const MAX_TERMS = 20

function terms(list: readonly string[] | null | undefined, field: string): string[] {
  const given = [...new Set((list ?? []).map((term) => plain(term).slice(0, 120)).filter((term) => term !== ''))]
  if (given.length > MAX_TERMS) throw invalidInput(['filter', field], `At most ${MAX_TERMS} of them.`)
  return given
}

/** @throws DomainError `INVALID_INPUT` naming the condition. */
export function toWanted(filter: RecipeFilter | null | undefined): WantedRecipes {
  const { maxTotalMinutes, minRating } = filter ?? {}
  if (maxTotalMinutes != null && maxTotalMinutes < 0) {
    throw invalidInput(['filter', 'maxTotalMinutes'], 'A time is 0 minutes or more.')
  }
  if (minRating != null && !/^(?:[1-4](?:\.\d{1,2})?|5(?:\.00?)?)$/.test(minRating)) {
    throw invalidInput(['filter', 'minRating'], 'A rating is a decimal from 1 to 5.')
  }
  return {
    text: filter?.text == null || plain(filter.text) === '' ? undefined : searchText(filter.text),
    publishedFrom: filter?.publishedFrom ?? undefined,
    publishedBefore: filter?.publishedBefore ?? undefined,
    chef: filter?.chef == null ? undefined : plain(filter.chef).toLowerCase(),
    labels: terms(filter?.labels, 'labels'),
    cuisine: filter?.cuisine == null ? undefined : plain(filter.cuisine).slice(0, 120),
    diets: [...new Set(filter?.diets ?? [])],
    maxTotalMinutes: maxTotalMinutes ?? undefined,
    withIngredients: terms(filter?.withIngredients, 'withIngredients'),
    withoutIngredients: terms(filter?.withoutIngredients, 'withoutIngredients'),
    minRating: minRating ?? undefined,
  }
}

export async function listRecipes(
  { deps }: Context,
  filter: RecipeListFilter,
  orderBy: RecipeOrderName,
  page: ConnectionArgs,
) {
  const found = await findRecipes(deps.db, filter, orderBy, toPageRequest(page))
  return new Connection(found, () => countRows(deps.db, publishedRecipes(filter)))
}

@Resolver(() => RecipeEdge)
export class RecipeEdgeResolver {
  @Costs({ own: 1 })
  @FieldResolver(() => String, {
    nullable: true,
    description: 'In a text search: the words around the matches, as HTML with `<mark>`; everything else is escaped.',
  })
  async highlight(@Ctx() { loaders }: Context, @Root() { node }: { node: Keyed<ListedRecipe> }) {
    if (node.searchedFor === undefined) return null
    const marked = await recipeHighlight(loaders, node.id, node.searchedFor)
    return marked === null ? null : highlightHtml(marked)
  }
}
