import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import { planMeal } from '../../src/domain/meal/plan.ts'
import { createShoppingList } from '../../src/domain/meal/shopping.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { DEPENDS_ON_VIEWER } from '../../src/schema/viewer.ts'
import { createUnguardedGraph } from '../../src/server/schema.ts'
import { RecipeClient } from '../support/recipe.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let client: RecipeClient
let recipe: Uuid
let metric: Viewer
let us: Viewer
let plain: Viewer
let listId: Uuid

const choose = async (viewer: Viewer, units: string) => {
  const { data, errors } = await client.ask(
    'mutation ($units: Units) { updateProfile(input: { units: $units }) { userErrors { code } } }',
    { units },
    viewer,
  )
  expect([errors, data.updateProfile.userErrors]).toEqual([undefined, []])
}

beforeAll(async () => {
  server = await startTestServer()
  client = new RecipeClient(server)
  const chef = await server.world.person({ handle: 'chef', role: 'CHEF' })
  ;[metric, us, plain] = (await Promise.all(
    ['metric', 'ounces', 'plain'].map((handle) => server.world.person({ handle })),
  )) as [Viewer, Viewer, Viewer]
  await choose(metric, 'METRIC')
  await choose(us, 'US')
  recipe = await server.world.recipes.published(chef, {
    title: 'Crumble',
    servings: 4,
    ingredients: [
      { quantity: '2', unit: 'cup', food: 'flour' },
      { quantity: '454', unit: 'g', food: 'apples' },
      { quantity: '3', food: 'eggs' },
    ],
  })
  const { deps } = server.running.atrium
  await planMeal(deps, metric, { day: '2026-05-04', time: 'DINNER', recipeId: recipe, servings: 4 })
  listId = await createShoppingList(deps, metric, { title: 'Week', from: '2026-05-04', to: '2026-05-04' })
})
afterAll(() => server.close())

const lines = async (viewer: Viewer | null, units?: string | null): Promise<string[]> => {
  const { data } = await client.ask(
    'query ($id: ID!, $units: Units) { node(id: $id) { ... on Recipe { ingredients(units: $units) { text } ingredientGroups(units: $units) { ingredients { text } } } } }',
    { id: encodeId('recipe', recipe), ...(units === undefined ? {} : { units }) },
    viewer,
  )
  const [group] = data.node.ingredientGroups
  expect(group.ingredients).toEqual(data.node.ingredients)
  return data.node.ingredients.map(({ text }: { text: string }) => text)
}

const WRITTEN = ['2 cups flour', '454 g apples', '3 eggs']
const METRIC = ['250 g flour', '454 g apples', '3 eggs']

describe('amounts are shown', () => {
  test('as the viewer measures, and to guests and who has not chosen as they were written', async () => {
    expect(await lines(metric)).toEqual(METRIC)
    expect((await lines(us))[0]).toBe('2 cups flour')
    expect((await lines(us))[1]).toMatch(/cups? apples|lb apples/)
    expect(await lines(plain)).toEqual(WRITTEN)
    expect(await lines(null)).toEqual(WRITTEN)
  })

  test('in the units that are asked for, whatever the viewer has chosen', async () => {
    expect(await lines(us, 'METRIC')).toEqual(METRIC)
    expect(await lines(metric, 'AS_WRITTEN')).toEqual(WRITTEN)
    expect(await lines(null, 'METRIC')).toEqual(METRIC)
    expect(await lines(metric, null)).toEqual(METRIC)
  })

  test('on a shopping list as well, where pieces stay pieces', async () => {
    const items = async (units?: string): Promise<string[]> => {
      const { data } = await client.ask(
        'query ($id: ID!, $units: Units) { node(id: $id) { ... on ShoppingList { items(units: $units) { id name quantity { text } toBuy { text } unit { code } } } } }',
        { id: encodeId('shoppinglist', listId), ...(units === undefined ? {} : { units }) },
        metric,
      )
      type Item = { name: string; quantity: { text: string }; toBuy: { text: string }; unit: { code: string } | null }
      return data.node.items
        .map(({ name, quantity, toBuy, unit }: Item) => {
          expect(toBuy).toEqual(quantity)
          return `${quantity.text} ${unit?.code ?? '-'} ${name}`
        })
        .toSorted()
    }
    expect(await items()).toEqual(['250 g flour', '3 - eggs', '454 g apples'])
    expect(await items('AS_WRITTEN')).toEqual(['2 cup flour', '3 - eggs', '454 g apples'])
    expect((await items('US')).find((line) => line.endsWith('apples'))).toMatch(/ (cup|lb) apples$/)
  })
})

test('the choice is the viewer’s own to see, goes along in the export, and can be taken back', async () => {
  const own = '{ viewer { units export } }'
  const { data } = await client.ask(own, {}, us)
  expect(data.viewer).toMatchObject({ units: 'US', export: { account: { units: 'US' } } })
  expect((await client.ask(own, {}, plain)).data.viewer.units).toBe('AS_WRITTEN')
  const other = await client.ask('{ account(handle: "ounces") { units } }', {}, plain)
  expect(other.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  const fickle = await server.world.person({ handle: 'fickle' })
  await choose(fickle, 'METRIC')
  await choose(fickle, 'AS_WRITTEN')
  expect(await lines(fickle)).toEqual(WRITTEN)
})

test('who cooks by US measures lifts as they lifted before, until they say otherwise', async () => {
  const settings = async (viewer: Viewer) =>
    (await client.ask('{ viewer { workoutSettings { weightUnit weeklyGoal } } }', {}, viewer)).data.viewer
      .workoutSettings
  expect(await settings(plain)).toEqual({ weightUnit: 'KG', weeklyGoal: 3 })
  expect(await settings(us)).toEqual({ weightUnit: 'KG', weeklyGoal: 3 })
  const change = (input: object) =>
    client.ask(
      'mutation ($input: UpdateWorkoutSettingsInput!) { updateWorkoutSettings(input: $input) { userErrors { code } } }',
      { input },
      us,
    )
  await change({ weeklyGoal: 4 })
  expect(await settings(us)).toEqual({ weightUnit: 'KG', weeklyGoal: 4 })
  await change({ weightUnit: 'LB' })
  expect(await settings(us)).toEqual({ weightUnit: 'LB', weeklyGoal: 4 })
})

test('no live event with amounts is executed once for all', async () => {
  const schema = await createUnguardedGraph()
  const marked = (type: string, field: string) => {
    const found = schema.getType(type)
    return found !== undefined && 'getFields' in found && found.getFields()[field]?.extensions[DEPENDS_ON_VIEWER]
  }
  for (const field of ['ingredients', 'ingredientGroups'])
    expect([field, marked('Recipe', field)]).toEqual([field, true])
  for (const field of ['quantity', 'toBuy', 'unit']) {
    expect([field, marked('ShoppingItem', field)]).toEqual([field, true])
  }
})
