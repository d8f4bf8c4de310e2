import { eq } from 'drizzle-orm'
import type { Uuid } from '../core/ids.ts'
import { recipeSearch, recipes } from '../db/tables/recipe/recipe.ts'
import type { Deps } from '../domain/deps.ts'
import type { NewRecipe } from '../domain/recipe/content.ts'
import { publishRecipe } from '../domain/recipe/publication.ts'
import { createRecipe } from '../domain/recipe/recipe.ts'
import type { Viewer } from '../domain/viewer.ts'

/** Recipes, written and published through the same functions as everybody else's. */
export class RecipeWorld {
  constructor(readonly deps: Deps) {}

  /** Pancakes for four, unless told otherwise. */
  draft = (chef: Viewer, recipe: Partial<NewRecipe> = {}): Promise<Uuid> =>
    createRecipe(this.deps, chef, {
      title: 'Pancakes',
      servings: 4,
      ingredients: [{ quantity: '250', unit: 'g', food: 'flour' }, { quantity: '2', food: 'eggs' }, { food: 'salt' }],
      steps: [{ body: 'Whisk everything together.' }, { body: 'Fry in a hot pan.', minutes: 20 }],
      ...recipe,
    })

  /** `publishedAt` sets the clock back for recipes that are older than the world. */
  async published(chef: Viewer, recipe: Partial<NewRecipe> & { publishedAt?: Date } = {}): Promise<Uuid> {
    const { publishedAt, ...content } = recipe
    const id = await publishRecipe(this.deps, chef, await this.draft(chef, content))
    if (publishedAt !== undefined) await this.#backdate(id, publishedAt.toISOString())
    return id
  }

  async #backdate(id: Uuid, publishedAt: string): Promise<void> {
    const { orm } = this.deps.db
    await orm
      .update(recipes)
      .set({ publishedAt, createdAt: publishedAt, updatedAt: publishedAt })
      .where(eq(recipes.id, id))
    await orm.update(recipeSearch).set({ publishedAt }).where(eq(recipeSearch.recipeId, id))
  }
}
