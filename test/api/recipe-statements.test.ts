import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { RecipeClient } from '../support/recipe.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let client: RecipeClient
const people: Viewer[] = []

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  await server.running.atrium.queue.stop(1_000)
  client = new RecipeClient(server)
  for (let number = 0; number < 5; number++) {
    people.push(await server.world.person({ handle: `chef${number}`, role: 'CHEF' }))
  }
  for (let number = 0; number < 50; number++) {
    await server.world.recipes.published(people[number % 5] as Viewer, {
      title: `Recipe ${number}`,
      labels: ['soup', `label ${number}`],
      ingredients: [
        { quantity: '1', unit: 'cup', food: 'flour' },
        { quantity: String(number + 1), food: 'eggs' },
        { quantity: '2', unit: 'g', food: ['leek', 'carrot', 'mystery'][number % 3] ?? '' },
      ],
    })
  }
}, 120_000)
afterAll(() => server.close())

async function sentFor(query: string, variables: Record<string, unknown> = {}, viewer: Viewer | null = null) {
  const check = async (): Promise<void> => {
    expect((await client.ask(query, variables, viewer)).errors).toBeUndefined()
  }
  await check()
  return statements.during(check)
}

const LIST = `query ($n: Int!) { recipes(first: $n) { nodes {
  title url chef { handle } labels { name } ingredients(servings: 7, units: METRIC) { text food { name } }
  steps { body } nutrition { energyKcal source } computedNutrition { source } cover { alt } images { alt } favouriteCount cookedCount
  commentCount reactionCount averageRating reviewCount viewerHasFavourited viewerCanEdit } } }`

describe('a list costs as many statements for fifty recipes as for five', () => {
  test('with chef, labels, ingredients, foods, steps, pictures and counts: at most one a relation', async () => {
    const sent = await sentFor(LIST, { n: 50 })
    expect(sent.length).toBe((await sentFor(LIST, { n: 5 })).length)
    expect(new Set(sent.map(({ text }) => text)).size).toBe(sent.length)
    // list, chefs, labels, ingredients, foods, steps, images, favourites, cooked, comments, reactions, review totals
    expect(sent).toHaveLength(12)
  })

  test('and two more for a viewer: who they are, and what they keep', async () => {
    expect(await sentFor(LIST, { n: 50 }, people[0] ?? null)).toHaveLength(14)
  })

  test('counts the recipes of all foods at once', async () => {
    const query = 'query ($n: Int!) { foods(first: $n) { nodes { name recipeCount nutrition { energyKcal } } } }'
    expect(await sentFor(query, { n: 5 })).toHaveLength(2)
    expect(await sentFor(query, { n: 50 })).toHaveLength(2)
  })
})

test('a list of titles reads one statement, and two with a filter that names foods', async () => {
  expect(await sentFor('{ recipes { nodes { title } } }')).toHaveLength(1)
  expect(
    await sentFor('{ recipes(filter: { withIngredients: ["leek"], text: "recipe" }) { nodes { title } } }'),
  ).toHaveLength(2)
  const [list] = await sentFor('{ recipes(filter: { text: "recipe" }) { nodes { title } } }')
  expect(list?.text).not.toMatch(/"body_text"|"body_html"/)
})
