import { afterAll, beforeAll, expect, test } from 'vitest'
import { syncCatalogue } from '../../src/domain/recipe/catalogue.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { RecipeClient } from '../support/recipe.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let client: RecipeClient
let chef: Viewer

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  client = new RecipeClient(server)
  chef = await server.world.person({ handle: 'chef', role: 'CHEF' })
})
afterAll(() => server.close())

const db = () => server.running.atrium.deps.db
const counts = () =>
  db().query<{ foods: number; names: number; units: number }>(
    'select (select count(*)::int from foods) as foods, (select count(*)::int from food_names) as names, (select count(*)::int from units) as units',
  )

test('a start that changes nothing looks once and writes nothing', async () => {
  const sent = await statements.during(() => syncCatalogue(db()))
  expect(sent).toHaveLength(1)
  const [found] = await counts()
  expect(found?.foods).toBeGreaterThan(150)
  expect(found?.units).toBeGreaterThan(30)
})

test('another state of the files is brought in, once by many servers, and foods keep their ids', async () => {
  const ids = async () => db().query<{ id: string; slug: string }>('select id, slug from foods order by slug')
  const before = [await ids(), await counts()]
  await db().query(`update catalogue_syncs set hash = 'older'`)
  await db().query(`update foods set energy_kcal = 1 where slug = 'butter'`)
  await db().query('delete from food_names')
  await Promise.all(Array.from({ length: 5 }, () => syncCatalogue(db())))
  expect([await ids(), await counts()]).toEqual(before)
  const [butter] = await db().query<{ kcal: string }>(`select energy_kcal as kcal from foods where slug = 'butter'`)
  expect(butter?.kcal).toBe('717.00')
})

test('an ingredient that nobody knew is known when its name is, and lists find the recipe by it', async () => {
  await db().query(`delete from food_names where key = 'zucchini'`)
  await server.world.recipes.published(chef, { title: 'Waiting', ingredients: [{ quantity: '2', food: 'zucchini' }] })
  expect(await client.titles({ withIngredients: ['courgette'] })).toEqual([])
  await db().query(`update catalogue_syncs set hash = 'older' where name = 'foods'`)
  await syncCatalogue(db())
  expect(await client.titles({ withIngredients: ['courgette'] })).toEqual(['Waiting'])
})

test('rows of an older search are made anew', async () => {
  await server.world.recipes.published(chef, { title: 'Fast', totalMinutes: 12 })
  await db().query(`update recipe_search set facets = '{}'`)
  expect(await client.titles({ maxTotalMinutes: 15 })).toEqual([])
  await db().query(`update catalogue_syncs set hash = 'older' where name = 'recipe-search'`)
  await syncCatalogue(db())
  expect(await client.titles({ maxTotalMinutes: 15 })).toEqual(['Fast'])
  expect(await client.titles({ maxTotalMinutes: 13 })).toEqual(['Fast'])
  expect(await client.titles({ maxTotalMinutes: 11 })).toEqual([])
})
