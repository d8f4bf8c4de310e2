import { sql } from 'drizzle-orm'
import { type Batched, keysOf } from '../../relation.ts'
import { type Statement, statement } from '../../statement.ts'
import { recipes } from '../../tables/recipe/recipe.ts'

/** Of the recipes `keys` those that are published and of somebody else than the account `viewer`. */
export const othersRecipes: Statement<Batched<object>> = statement(
  sql`select ${recipes.id} as "__key" from ${recipes} where ${recipes.id} = any(${keysOf(recipes.id)}) and ${recipes.status} = 'PUBLISHED' and ${recipes.chefId} <> ${sql.placeholder('viewer')}::text::uuid`,
)
