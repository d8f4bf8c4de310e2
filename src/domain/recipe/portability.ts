import { eq, sql } from 'drizzle-orm'
import { encodeId } from '../../core/ids.ts'
import { cookedMeals, recipeFavourites, recipes } from '../../db/tables/recipe/recipe.ts'
import type { Portability } from '../account/portability.ts'
import { deleteSubjects } from '../comment/deletion.ts'

/** The parts of a recipe as JSON; columns of `from` are named without their table. */
const partsOf = (object: string, from: string, order = 'position') =>
  sql<unknown>`coalesce((select json_agg(${sql.raw(object)} order by ${sql.raw(order)}) from ${sql.raw(from)} where recipe_id = recipes.id), '[]'::json)`

const INGREDIENT = `json_build_object('group', group_title, 'quantity', from_numerator || '/' || from_denominator, 'upTo', to_numerator || '/' || to_denominator, 'unit', unit, 'food', food, 'note', note, 'optional', is_optional)`
const STEP = `json_build_object('section', section_title, 'body', body, 'minutes', minutes)`

export const recipePortability: Portability = {
  room: 'recipes',
  async exportOf(tx, accountId) {
    const written = await tx.orm
      .select({
        id: recipes.id,
        title: recipes.title,
        slug: recipes.slug,
        status: recipes.status,
        summary: recipes.summary,
        servings: recipes.servings,
        makes: recipes.makes,
        prepMinutes: recipes.prepMinutes,
        cookMinutes: recipes.cookMinutes,
        totalMinutes: recipes.totalMinutes,
        cuisine: recipes.cuisine,
        diets: recipes.diets,
        labels: recipes.labels,
        energyKcal: recipes.energyKcal,
        proteinG: recipes.proteinG,
        fatG: recipes.fatG,
        carbohydrateG: recipes.carbohydrateG,
        fibreG: recipes.fibreG,
        sodiumMg: recipes.sodiumMg,
        sourceUrl: recipes.sourceUrl,
        ingredients: partsOf(INGREDIENT, 'recipe_ingredients'),
        steps: partsOf(STEP, 'recipe_steps'),
        formerSlugs: sql<
          string[]
        >`coalesce((select json_agg(slug order by slug) from recipe_slugs where recipe_id = recipes.id and slug <> recipes.slug), '[]'::json)`,
        publishedAt: recipes.publishedAt,
        createdAt: recipes.createdAt,
        updatedAt: recipes.updatedAt,
      })
      .from(recipes)
      .where(eq(recipes.chefId, accountId))
      .orderBy(recipes.createdAt)
    const favourites = await tx.orm
      .select({ id: recipes.id, title: recipes.title, since: recipeFavourites.createdAt })
      .from(recipeFavourites)
      .innerJoin(recipes, eq(recipes.id, recipeFavourites.recipeId))
      .where(eq(recipeFavourites.accountId, accountId))
      .orderBy(recipeFavourites.createdAt)
    const cooked = await tx.orm
      .select({
        title: cookedMeals.title,
        cookedOn: cookedMeals.cookedOn,
        servings: cookedMeals.servings,
        note: cookedMeals.note,
      })
      .from(cookedMeals)
      .where(eq(cookedMeals.accountId, accountId))
      .orderBy(cookedMeals.cookedOn)
    const withId = <Row extends { id: string }>(row: Row) => ({ ...row, id: encodeId('recipe', row.id) })
    return { recipes: written.map(withId), favourites: favourites.map(withId), cooked }
  },
  /** Favourites and the log go with the account (see the foreign keys). */
  async eraseOf(tx, accountId) {
    await deleteSubjects(tx, tx.orm.select({ id: recipes.id }).from(recipes).where(eq(recipes.chefId, accountId)))
  },
}
