import type { Database, Transaction } from '../../src/db/database.ts'
import { refreshSearchRows } from '../../src/db/queries/recipe/search-row.ts'

/** A search with five filters, which four recipes in a thousand meet however many there are. */
export const FIVE_FILTERS = {
  text: 'simmer',
  labels: ['often'],
  diets: ['VEGETARIAN'],
  withIngredients: ['leek'],
  maxTotalMinutes: 60,
}

/**
 * So many published recipes, written straight into the database, a minute apart: labels, cuisines, diets, foods, words and
 * times spread in shares that stay the same however many there are.
 */
export async function fillKitchen(db: Database, chefId: string, count: number): Promise<void> {
  // Tens of thousands at once take longer than a statement of the server may.
  await db.transaction((tx) => write(tx, chefId, count), { statementTimeoutMs: null })
  await db.script('vacuum analyze recipe_search')
}

async function write(db: Transaction, chefId: string, count: number): Promise<void> {
  await db.query(
    `with made as (insert into subjects (id, kind) select gen_random_uuid(), 'RECIPE' from generate_series(1, ${count}) returning id),
       numbered as (select id, row_number() over () as n from made),
       written as (insert into recipes (id, chef_id, title, slug, servings, status, published_at, total_minutes, cuisine, cuisine_slug, diets, labels)
         select id, $1::uuid, 'Recipe ' || n, 'recipe-' || n, 4, 'PUBLISHED', now() - n * interval '1 minute',
           case when n % 11 = 0 then null else 10 + (n * 7919) % 240 end, 'Cuisine ' || n % 20, 'cuisine-' || n % 20,
           case when n % 3 = 0 then '{VEGETARIAN}' else '{}' end::text[],
           (case when n % 4 = 0 then '{often}' else '{}' end::text[] || case when n % 500 = 7 then '{rare}' else '{}' end::text[])
         from numbered returning id, slug)
     select count(*) from written`,
    [chefId],
  )
  await db.script(`
    insert into recipe_ingredients (recipe_id, position, from_numerator, from_denominator, unit, food, food_key, food_id)
      select r.id, p.position, 100, 1, 'g', f.name, f.slug, f.id
      from (select id, chef_id, substring(slug from 8)::int as n from recipes where slug like 'recipe-%') r
      cross join (values (0, 1, 1), (1, 7, 3), (2, 13, 5), (3, 31, 11)) p(position, step, offset_by)
      join (select id, name, slug, row_number() over (order by slug) - 1 as at, count(*) over () as total from foods) f
        on f.at = (r.n * p.step + p.offset_by) % f.total;
    insert into recipe_ingredients (recipe_id, position, from_numerator, from_denominator, food, food_key, food_id)
      select r.id, 9, 1, 1, f.name, f.slug, f.id from recipes r, foods f
      where r.slug like 'recipe-%' and substring(r.slug from 8)::int % 10 = 0 and f.slug = 'leek'
      on conflict do nothing`)
  await db.script(`
    insert into recipe_steps (recipe_id, position, body, body_html, body_text)
      select id, 0, text, text, text from (select id, 'Chop, fry and serve with care. ' || case when substring(slug from 8)::int % 2 = 0 then 'Let it simmer. ' else '' end
        || case when substring(slug from 8)::int % 400 = 1 then 'Feed the pangolin.' else '' end as text from recipes where slug like 'recipe-%') s`)
  await db.script('analyze recipes, recipe_ingredients, recipe_steps, subjects')
  const rows = await db.query<{ id: string }>(`select id from recipes where slug like 'recipe-%'`)
  for (let at = 0; at < rows.length; at += 2_000) {
    await refreshSearchRows(
      db,
      rows.slice(at, at + 2_000).map(({ id }) => id),
    )
  }
  await db.script(`
    update recipe_search set rating = 1 + (total_minutes % 41) / 10.0, rating_count = 10, rating_score = 3000 + (total_minutes % 41) * 20;
    analyze recipe_search`)
}
