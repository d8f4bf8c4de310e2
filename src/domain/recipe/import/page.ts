import { TooComplex } from './html.ts'
import { type ReadRecipe, readRecipe } from './read-recipe.ts'
import { readStructured } from './structured.ts'

/** Why nothing came of a page. */
export const IMPORT_PROBLEMS = ['NO_RECIPE', 'BROKEN_JSON_LD', 'TOO_COMPLEX'] as const
export type ImportProblem = (typeof IMPORT_PROBLEMS)[number]

export type PageReading = { readonly read: ReadRecipe } | { readonly problem: ImportProblem }

/** The first recipe of a page. */
export function readPage(html: string): PageReading {
  try {
    const { items, brokenBlocks } = readStructured(html)
    const recipe = items.find(({ types }) => types.includes('Recipe'))
    if (recipe !== undefined) return { read: readRecipe(recipe) }
    return { problem: brokenBlocks > 0 ? 'BROKEN_JSON_LD' : 'NO_RECIPE' }
  } catch (error) {
    if (error instanceof TooComplex) return { problem: 'TOO_COMPLEX' }
    throw error
  }
}
