import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { pgArray } from '../../array.ts'
import type { Executor } from '../../database.ts'
import { statement } from '../../statement.ts'
import { recipeIngredients, recipeSearch, recipeSteps, recipes } from '../../tables/recipe/recipe.ts'
import { reviewTotals } from '../../tables/review.ts'

/** One more than any recipe takes: where no time is known, it is not among the quick ones. */
export const UNKNOWN_MINUTES = 86_401

/**
 * A recipe of 40 minutes is `within:45`, `within:60`, … as well: the time is one more entry of the same index, where a second
 * index over all times would have to be read for every search.
 */
export const TIME_STEPS = [5, 10, 15, 20, 25, 30, 40, 45, 60, 75, 90, 120, 150, 180, 240, 360, 480, 720, 1440] as const

/**
 * A food together with what else is asked of a recipe, as one entry of the index: that both are there is looked up, where the
 * lists of all recipes with the one and of all with the other would have to be gone through. 64 bits of a hash, so that a
 * recipe with many of them stays narrow.
 */
export const pairFacet = (food: string, other: string): string => `pair:${md5(`${food} ${other}`).slice(0, 16)}`

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

const IDS = sql`${sql.placeholder('ids')}::text::uuid[]`

const write = statement<object>(
  sql`insert into ${recipeSearch} as row (recipe_id, chef_id, published_at, total_minutes, rating, rating_count, rating_score, facets, body_text, search)
    select r.id, r.chef_id, r.published_at, coalesce(r.total_minutes, ${sql.raw(String(UNKNOWN_MINUTES))}),
      round(t.star_sum::numeric / nullif(t.review_count, 0), 2), coalesce(t.review_count, 0), (coalesce(t.star_sum, 0) + 15) * 1000 / (coalesce(t.review_count, 0) + 5),
      f.foods || o.others || array(select 'pair:' || left(md5(food || ' ' || other), 16) from unnest(f.foods) food, unnest(o.others) other)
        || array(select 'within:' || minutes from unnest(array[${sql.raw(TIME_STEPS.join(', '))}]) minutes where r.total_minutes <= minutes),
      concat_ws(E'\n', nullif(r.summary, ''), i.words, s.words),
      setweight(to_tsvector('english', r.title), 'A')
        || setweight(to_tsvector('english', concat_ws(' ', r.cuisine, replace(array_to_string(r.labels, ' '), '-', ' '), i.words)), 'B')
        || setweight(to_tsvector('english', r.summary), 'C') || setweight(to_tsvector('english', coalesce(s.words, '')), 'D')
    from ${recipes} r
    left join ${reviewTotals} t on t.subject_id = r.id
    left join lateral (select array_agg(distinct coalesce('food:' || food_id, 'text:' || food_key)) as foods, string_agg(food, ', ' order by position) as words
      from ${recipeIngredients} where recipe_id = r.id) i on true
    left join lateral (select string_agg(body_text, E'\n' order by position) as words from ${recipeSteps} where recipe_id = r.id) s on true
    cross join lateral (select coalesce(i.foods, '{}') as foods) f
    cross join lateral (select array(select 'label:' || label from unnest(r.labels) label) || array(select 'diet:' || diet from unnest(r.diets) diet)
      || case when r.cuisine_slug = '' then '{}' else array['cuisine:' || r.cuisine_slug] end as others) o
    where r.id = any(${IDS}) and r.status = 'PUBLISHED'
    on conflict (recipe_id) do update set published_at = excluded.published_at, total_minutes = excluded.total_minutes,
      facets = excluded.facets, body_text = excluded.body_text, search = excluded.search`,
)

const remove = statement<object>(
  sql`delete from ${recipeSearch} where ${recipeSearch.recipeId} = any(${IDS}) and not exists (select 1 from ${recipes} r where r.id = recipe_id and r.status = 'PUBLISHED')`,
)

/** What tells rows of this statement from those of another: it changes with every change of it. */
export const SEARCH_ROWS_VERSION = createHash('sha256').update(write.text).digest('hex')

/** Makes the rows that lists are searched by follow the recipes: of published ones there is one, of others none. */
export async function refreshSearchRows(db: Executor, recipeIds: readonly string[]): Promise<void> {
  if (recipeIds.length === 0) return
  const ids = pgArray(recipeIds)
  await write.run(db, { ids })
  await remove.run(db, { ids })
}
