import { findRecipeIdBySlug } from '../../db/queries/recipe/list.ts'
import type { Deps } from '../deps.ts'
import type { Signpost } from '../signpost.ts'
import { recipeSubject } from './subject.ts'

/** What is said of a published recipe, by its present slug or a former one; null for what not everybody may see. */
export async function findRecipeSignpost(
  { db }: Pick<Deps, 'db'>,
  { chef, slug }: { chef: string; slug: string },
  findSubject: Parameters<typeof recipeSubject.find>[3],
): Promise<Signpost | null> {
  const id = await findRecipeIdBySlug(db, chef.toLowerCase(), slug)
  const recipe = id === null ? null : await recipeSubject.find(db, null, id, findSubject)
  if (recipe === null) return null
  return {
    title: recipe.title,
    subtitle: recipe.excerpt ?? '',
    facts: [['Chef', `@${chef}`]],
    advice: 'Read it, cook it and talk about it in the playground or your app.',
    more: [],
    operation: `{ recipe(chef: ${JSON.stringify(chef)}, slug: ${JSON.stringify(slug)}) { title summary averageRating } }`,
  }
}
