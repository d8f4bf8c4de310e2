import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCursor } from '../../src/core/cursor.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { FIVE_FILTERS, fillKitchen } from '../support/kitchen.ts'
import { type Plan, planOfStatement } from '../support/plan.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let chef: Viewer
const RECIPES = 20_000

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  // The clock would be heard among the statements that are explained.
  await server.running.atrium.queue.stop(1_000)
  chef = await server.world.person({ handle: 'chef', role: 'CHEF' })
  await fillKitchen(server.running.atrium.deps.db, chef.accountId, RECIPES)
}, 120_000)
afterAll(() => server.close())

/** How Postgres answers the statement on the list that the operation sends. */
const planOf = async (query: string, variables: Record<string, unknown> = {}): Promise<Plan[]> =>
  (await explained(query, variables)).plan

async function explained(query: string, variables: Record<string, unknown>) {
  const sent = await statements.during(async () => {
    const { errors, data } = await server.ask(query, variables)
    expect(errors).toBeUndefined()
    expect(data.recipes.nodes.length).toBeGreaterThan(0)
  })
  const statement = sent.find(({ text }) => text.includes('"recipe_search"'))
  const plan = await planOfStatement(server.running.atrium.deps.db, statement)
  return { plan, parameters: statement?.parameters ?? [] }
}

const rowsRead = (plan: Plan[]): number =>
  plan
    .filter((node) => node['Relation Name'] === 'recipe_search')
    .reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'] + (node['Rows Removed by Filter'] ?? 0), 0)

const LIST = `query ($filter: RecipeFilter, $orderBy: RecipeOrder!, $after: String) {
  recipes(first: 10, filter: $filter, orderBy: $orderBy, after: $after) { nodes { title } } }`

async function cursorAt(position: number): Promise<string> {
  const [row] = await server.running.atrium.deps.db.query<{ at: string; id: string }>(
    'select published_at::text as at, recipe_id as id from recipe_search order by published_at desc, recipe_id desc offset $1 limit 1',
    [position - 1],
  )
  return encodeCursor('NEWEST', [row?.at ?? '', row?.id ?? ''])
}

describe('a page of 20,000 recipes', () => {
  test.each([
    ['NEWEST', 'recipe_search_newest', null],
    ['OLDEST', 'recipe_search_newest', null],
    ['QUICKEST', 'recipe_search_quickest', null],
    ['RATING', 'recipe_search_best', null],
    ['NEWEST', 'recipe_search_newest', 10_000],
  ])('is read off its index and touches no other row: %s by %s from %s', async (orderBy, index, position) => {
    const after = position === null ? null : await cursorAt(position)
    const plan = await planOf(LIST, { orderBy, after })
    const [scan] = plan.filter((node) => node['Index Name']?.startsWith('recipe_search'))
    expect(scan).toMatchObject({ 'Index Name': index, 'Actual Rows': 11 })
    expect(rowsRead(plan)).toBeLessThanOrEqual(11)
  })
})

test.each([
  ['a word', { text: 'pangolin' }, 'RELEVANCE'],
  ['a word, by date', { text: 'pangolin' }, 'NEWEST'],
  ['a label that few have', { labels: ['rare'] }, 'NEWEST'],
  ['a label that many have', { labels: ['often'] }, 'NEWEST'],
  ['a food', { withIngredients: ['fennel'] }, 'NEWEST'],
  ['a food, and without two others', { withIngredients: ['leek'], withoutIngredients: ['egg', 'salt'] }, 'NEWEST'],
  ['a diet', { diets: ['VEGETARIAN'] }, 'RATING'],
  ['a chef', { chef: 'chef' }, 'NEWEST'],
  ['a cuisine and a time', { cuisine: 'Cuisine 3', maxTotalMinutes: 30 }, 'QUICKEST'],
  ['a rating', { minRating: '4.5' }, 'RATING'],
  ['five filters', FIVE_FILTERS, 'NEWEST'],
  ['five filters, by relevance', FIVE_FILTERS, 'RELEVANCE'],
])('recipes by %s are found without reading the whole table', async (_, filter, orderBy) => {
  const plan = await planOf(LIST, { filter, orderBy })
  expect(plan.map((node) => node['Node Type'])).not.toContain('Seq Scan')
  expect(rowsRead(plan)).toBeLessThan(RECIPES / 8)
})

test.each(['NEWEST', 'RELEVANCE'])(
  'five filters are answered by the index: no row is read in vain, by %s',
  async (orderBy) => {
    const { plan, parameters } = await explained(LIST, { filter: FIVE_FILTERS, orderBy })
    const { data } = await server.ask(
      'query ($filter: RecipeFilter) { recipes(first: 1, filter: $filter) { totalCount } }',
      {
        filter: FIVE_FILTERS,
      },
    )
    const { totalCount } = data.recipes
    expect(totalCount).toBeGreaterThan(RECIPES / 400)
    expect(totalCount).toBeLessThan(RECIPES / 200)
    expect(rowsRead(plan)).toBe(totalCount)
    expect(plan.find((node) => node['Index Name'] === 'recipe_search_facets')).toMatchObject({
      'Actual Rows': totalCount,
    })
    // The leeks are looked up with the label and with the diet, and the recipes are joined for the page alone.
    expect(String(parameters).match(/pair:[0-9a-f]{16}/g)).toHaveLength(2)
    expect(String(parameters)).not.toContain('food:')
    const joined = plan.filter((node) => node['Relation Name'] === 'recipes')
    expect(joined.reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0)).toBeLessThanOrEqual(11)
  },
)
