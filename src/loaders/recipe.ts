import { sql } from 'drizzle-orm'
import { HIGHLIGHT_END, HIGHLIGHT_START } from '../db/queries/blog.ts'
import { recipeQuery } from '../db/queries/recipe/list.ts'
import { keysOf } from '../db/relation.ts'
import { statement } from '../db/statement.ts'
import { recipeFavourites, recipeSearch } from '../db/tables/recipe/recipe.ts'
import type { BatchLoaders } from './batch.ts'

const OPTIONS = `StartSel=${HIGHLIGHT_START}, StopSel=${HIGHLIGHT_END}, MaxFragments=2, MaxWords=30, MinWords=10, FragmentDelimiter=" … "`

/** Parsing a text anew for its highlights is the dearest part of a search; this much of it finds nearly all of them. */
const HIGHLIGHTED_CHARACTERS = 20_000

const highlights = statement<{ __key: string; marked: string }>(
  sql`select ${recipeSearch.recipeId} as "__key", ts_headline('english', left(${recipeSearch.bodyText}, ${sql.raw(String(HIGHLIGHTED_CHARACTERS))}), ${recipeQuery(sql`${sql.placeholder('text')}::text`)}, ${OPTIONS}) as "marked" from ${recipeSearch} where ${recipeSearch.recipeId} = any(${keysOf(recipeSearch.recipeId)})`,
)

/** The words around the matches of a search in a recipe, marked as `domain/blog/highlight` expects them. */
export const recipeHighlight = (loaders: BatchLoaders, recipeId: string, text: string): Promise<string | null> =>
  loaders.grouped(highlights, recipeId, { text }, ([row]) => row?.marked ?? null)

const favoured = statement<{ __key: string }>(
  sql`select ${recipeFavourites.recipeId} as "__key" from ${recipeFavourites} where ${recipeFavourites.accountId} = ${sql.placeholder('viewer')}::text::uuid and ${recipeFavourites.recipeId} = any(${keysOf(recipeFavourites.recipeId)})`,
)

export const viewerFavours = (loaders: BatchLoaders, viewer: string, recipeId: string): Promise<boolean> =>
  loaders.grouped(favoured, recipeId, { viewer }, (rows) => rows.length > 0)

const withFood = statement<{ __key: string; count: number }>(
  sql`select food.id::text as "__key", (select count(*)::int from ${recipeSearch} where ${recipeSearch.facets} @> array['food:' || food.id]) as "count" from unnest(${sql.placeholder('keys')}::text::uuid[]) food(id)`,
)

/** Published recipes that have the food. */
export const recipeCountByFood = (loaders: BatchLoaders, foodId: string): Promise<number> =>
  loaders.grouped(withFood, foodId, {}, ([row]) => row?.count ?? 0)
