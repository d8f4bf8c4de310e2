import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { atOnce } from '../support/door.ts'
import { RecipeClient } from '../support/recipe.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let client: RecipeClient
let chef: Viewer
let member: Viewer

beforeAll(async () => {
  server = await startTestServer()
  client = new RecipeClient(server)
  chef = await server.world.person({ handle: 'chef', role: 'CHEF' })
  member = await server.world.person({ handle: 'member' })
})
afterAll(() => server.close())

const SOUP = {
  title: 'Carrot soup',
  servings: 4,
  summary: 'A soup for a wet evening.',
  makes: '1.5 litres',
  prepMinutes: 15,
  cookMinutes: 25,
  cuisine: 'Home',
  diets: ['VEGAN'],
  labels: ['Quick dinner', 'soup', 'Quick  Dinner'],
  ingredients: [
    { group: 'Soup', quantity: '500', unit: 'grams', food: 'carrots', note: 'sliced' },
    { group: 'Soup', quantity: '1 1/2', unit: 'cups', food: 'vegetable broth' },
    { group: 'Soup', quantity: '1', upTo: '2', unit: 'tbsp', food: 'olive oil' },
    { quantity: '1/3', unit: 'cup', food: 'dragon cress', isOptional: true },
    { food: 'salt' },
  ],
  steps: [
    { section: 'Soup', body: 'Soften the carrots in **oil**.', minutes: 10 },
    { body: 'Add the rest and simmer. <script>alert(1)</script>', minutes: 15 },
  ],
}

describe('a recipe', () => {
  test('is written, read as cooks write, and found by its address', async () => {
    const { recipe, userErrors } = await client.run('createRecipe', chef, SOUP)
    expect(userErrors).toEqual([])
    expect(recipe).toMatchObject({
      title: 'Carrot soup',
      slug: 'carrot-soup',
      status: 'DRAFT',
      servings: 4,
      makes: '1.5 litres',
      totalMinutes: 40,
      cuisine: 'Home',
      diets: ['VEGAN', 'VEGETARIAN'],
      labels: [
        { slug: 'quick-dinner', name: 'Quick dinner' },
        { slug: 'soup', name: 'soup' },
      ],
      publishedAt: null,
    })
    expect(recipe.ingredients.map(({ text }: { text: string }) => text)).toEqual([
      '500 g carrots, sliced',
      '1½ cups vegetable broth',
      '1–2 tbsp olive oil',
      '⅓ cup dragon cress (optional)',
      'salt',
    ])
    expect(recipe.ingredients.map((each: { food: { slug: string } | null }) => each.food?.slug ?? null)).toEqual([
      'carrot',
      'vegetable-stock',
      'olive-oil',
      null,
      'salt',
    ])
    expect(recipe.ingredients[3].quantity).toEqual({ text: '⅓', decimal: '0.333333', ratio: '1/3' })
    expect(recipe.steps).toMatchObject([
      { number: 1, section: 'Soup', minutes: 10, bodyHtml: '<p>Soften the carrots in <strong>oil</strong>.</p>\n' },
      { number: 2, section: null, minutes: 15 },
    ])
    expect(recipe.steps[1].bodyHtml).not.toContain('<script')
    const published = await client.run('publishRecipe', chef, { id: recipe.id })
    expect(published.recipe).toMatchObject({ status: 'PUBLISHED', publishedAt: expect.any(String) })
    const { data } = await client.ask('{ recipe(chef: "chef", slug: "carrot-soup") { id url } }')
    expect(data.recipe).toEqual({ id: recipe.id, url: `${server.url}/recipes/chef/carrot-soup` })
  })

  test('is computed for any number of servings and for either system, and nothing of it is stored', async () => {
    const id = encodeId('recipe', await server.world.recipes.published(chef, SOUP as never))
    const query = `query ($id: ID!, $servings: Int, $units: Units!) { node(id: $id) { ... on Recipe {
      servings ingredients(servings: $servings, units: $units) { text quantity { ratio } }
      ingredientGroups(servings: $servings, units: $units) { title ingredients { text } } } } }`
    const texts = async (servings: number | null, units: string) => {
      const { data } = await client.ask(query, { id, servings, units })
      expect(data.node.servings).toBe(4)
      return data.node.ingredients.map(({ text }: { text: string }) => text)
    }
    expect(await texts(6, 'AS_WRITTEN')).toEqual([
      '750 g carrots, sliced',
      '2¼ cups vegetable broth',
      '1½–3 tbsp olive oil',
      '½ cup dragon cress (optional)',
      'salt',
    ])
    expect((await texts(4, 'METRIC')).slice(0, 3)).toEqual([
      '500 g carrots, sliced',
      '355 ml vegetable broth',
      '1–2 tbsp olive oil',
    ])
    expect((await texts(4, 'US'))[0]).toBe('3⅞ cups carrots, sliced')
    const exact = await client.ask(query, { id, servings: 7, units: 'AS_WRITTEN' })
    expect(exact.data.node.ingredients[3].quantity.ratio).toBe('7/12')
    expect(
      exact.data.node.ingredientGroups.map((group: { title: string; ingredients: unknown[] }) => [
        group.title,
        group.ingredients.length,
      ]),
    ).toEqual([
      ['Soup', 3],
      [null, 2],
    ])
    expect(await texts(null, 'AS_WRITTEN')).toEqual(await texts(4, 'AS_WRITTEN'))
  })

  test.each([0, -1, 1001])('for %s servings is nothing that can be asked for', async (servings) => {
    const id = encodeId('recipe', await server.world.recipes.published(chef))
    const { errors } = await client.ask(
      'query ($id: ID!, $servings: Int) { node(id: $id) { ... on Recipe { ingredients(servings: $servings) { text } } } }',
      { id, servings },
    )
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['servings'] })
  })

  test('says what is in a serving: the chef’s figures, or those of its foods', async () => {
    const counted = {
      ingredients: [
        { quantity: '200', unit: 'g', food: 'flour' },
        { quantity: '2', food: 'eggs' },
      ],
    }
    const own = await client.run('createRecipe', chef, { ...SOUP, ...counted, nutrition: { energyKcal: '300' } })
    expect(own.recipe).toMatchObject({
      nutrition: { energyKcal: '300.00', proteinG: null, source: 'CHEF' },
      computedNutrition: { energyKcal: '218', source: 'COMPUTED' },
    })
    const computed = await client.run('updateRecipe', chef, { id: own.recipe.id, nutrition: null })
    expect(computed.recipe.nutrition).toMatchObject({ energyKcal: '218', source: 'COMPUTED' })
    const unknown = await client.run('updateRecipe', chef, { id: own.recipe.id, ingredients: SOUP.ingredients })
    expect(unknown.recipe.nutrition).toBeNull()
  })

  test('keeps what an update leaves out, and replaces ingredients, steps and labels as a whole', async () => {
    const { recipe } = await client.run('createRecipe', chef, { ...SOUP, slug: 'to-be-changed' })
    const changed = await client.run('updateRecipe', chef, {
      id: recipe.id,
      slug: 'changed',
      labels: ['Cold'],
      steps: [{ body: 'Just serve.' }],
      cookMinutes: 5,
    })
    expect(changed.recipe).toMatchObject({
      title: SOUP.title,
      slug: 'changed',
      totalMinutes: 20,
      labels: [{ slug: 'cold' }],
    })
    expect(changed.recipe.steps).toHaveLength(1)
    expect(changed.recipe.ingredients).toHaveLength(5)
    await client.run('publishRecipe', chef, { id: recipe.id })
    for (const slug of ['to-be-changed', 'changed']) {
      const { data } = await client.ask('query ($slug: String!) { recipe(chef: "chef", slug: $slug) { id slug } }', {
        slug,
      })
      expect(data.recipe).toEqual({ id: recipe.id, slug: 'changed' })
    }
    const taken = await client.run('createRecipe', chef, { ...SOUP, slug: 'to-be-changed' })
    expect(taken.userErrors).toMatchObject([{ code: 'TAKEN', path: ['input', 'slug'] }])
  })

  test('that is published stays whole', async () => {
    const { recipe } = await client.run('createRecipe', chef, { title: 'Air', servings: 1 })
    const empty = await client.run('publishRecipe', chef, { id: recipe.id })
    expect(empty.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'id'] }])
    const id = encodeId('recipe', await server.world.recipes.published(chef))
    const emptied = await client.run('updateRecipe', chef, { id, steps: [] })
    expect(emptied.userErrors).toMatchObject([{ code: 'INVALID_INPUT' }])
    expect(
      (await client.ask('query ($id: ID!) { node(id: $id) { ... on Recipe { steps { number } } } }', { id })).data.node
        .steps,
    ).toHaveLength(2)
  })

  test('goes with everything that hangs on it', async () => {
    const id = encodeId('recipe', await server.world.recipes.published(chef))
    await client.run('addFavourite', member, { recipeId: id })
    await client.ask(
      'mutation ($id: ID!) { logCookedMeal(input: { recipeId: $id, cookedOn: "2026-01-02", note: "Good." }) { userErrors { code } } }',
      { id },
      member,
    )
    expect((await client.run('deleteRecipe', chef, { id })).recipe).toBe(id)
    const { data } = await client.ask(
      '{ viewer { favouriteRecipes { totalCount } cookedMeals { nodes { title cookedOn note recipe { id } } } } }',
      {},
      member,
    )
    // The log is the member's own and outlives the recipe.
    expect(data.viewer).toEqual({
      favouriteRecipes: { totalCount: 0 },
      cookedMeals: { nodes: [{ title: 'Pancakes', cookedOn: '2026-01-02', note: 'Good.', recipe: null }] },
    })
  })

  test('is made once for one idempotency key, also by twenty requests at once', async () => {
    const input = { ...SOUP, title: 'Only once', idempotencyKey: 'only-once-please' }
    const made = await atOnce(20, () => client.run('createRecipe', chef, input))
    expect(new Set(made.map(({ recipe }) => recipe.id)).size).toBe(1)
    const other = await client.run('createRecipe', chef, { ...input, title: 'Another' })
    expect(other.userErrors).toMatchObject([{ code: 'CONFLICT' }])
  })

  test('gets a slug of its own when twenty of one title are written at once', async () => {
    const made = await atOnce(20, () => client.run('createRecipe', chef, { ...SOUP, title: 'Race soup' }))
    expect(new Set(made.map(({ recipe }) => recipe.slug)).size).toBe(20)
  })
})

describe('a bad input names its field', () => {
  const ingredient = (more: Record<string, unknown>) => ({
    ingredients: [{ quantity: '1', unit: 'g', food: 'flour', ...more }],
  })
  test.each([
    ['no servings', { servings: 0 }, ['input', 'servings']],
    ['fewer than none', { servings: -4 }, ['input', 'servings']],
    ['too many servings', { servings: 1001 }, ['input', 'servings']],
    ['an empty title', { title: ' ' }, ['input', 'title']],
    ['a negative amount', ingredient({ quantity: '-1' }), ['input', 'ingredients', '0', 'quantity']],
    ['nothing of something', ingredient({ quantity: '0' }), ['input', 'ingredients', '0', 'quantity']],
    ['an amount in words', ingredient({ quantity: 'some' }), ['input', 'ingredients', '0', 'quantity']],
    ['too fine an amount', ingredient({ quantity: '0.00001' }), ['input', 'ingredients', '0', 'quantity']],
    ['an unknown unit', ingredient({ unit: 'stone' }), ['input', 'ingredients', '0', 'unit']],
    ['a unit of nothing', ingredient({ quantity: null }), ['input', 'ingredients', '0', 'unit']],
    ['a range that runs backward', ingredient({ upTo: '1' }), ['input', 'ingredients', '0', 'upTo']],
    ['an ingredient without a name', ingredient({ food: '' }), ['input', 'ingredients', '0', 'food']],
    ['an empty step', { steps: [{ body: '\n' }] }, ['input', 'steps', '0', 'body']],
    ['a step of no time', { steps: [{ body: 'Wait.', minutes: 0 }] }, ['input', 'steps', '0', 'minutes']],
    ['a negative time', { prepMinutes: -1 }, ['input', 'prepMinutes']],
    ['too long a time', { totalMinutes: 50_000 }, ['input', 'totalMinutes']],
    ['a label without letters', { labels: ['!!'] }, ['input', 'labels', '0']],
    ['too many labels', { labels: Array.from({ length: 11 }, (_, n) => `l${n}`) }, ['input', 'labels']],
    ['a bad slug', { slug: 'No Slug' }, ['input', 'slug']],
    ['energy that is none', { nutrition: { energyKcal: '-3' } }, ['input', 'nutrition', 'energyKcal']],
    ['a source that runs', { sourceUrl: 'javascript:alert(1)' }, ['input', 'sourceUrl']],
  ])('%s', async (_, more, path) => {
    const { userErrors, recipe } = await client.run('createRecipe', chef, { ...SOUP, ...more })
    expect(recipe).toBeNull()
    expect(userErrors.map(({ code, path: found }) => ({ code, path: found }))).toEqual([
      { code: 'INVALID_INPUT', path },
    ])
  })

  test('too many ingredients or steps', async () => {
    const many = (count: number) => Array.from({ length: count }, () => ({ body: 'Stir.' }))
    const tooMany = await client.run('createRecipe', chef, { ...SOUP, steps: many(101) })
    expect(tooMany.refused ?? tooMany.userErrors[0]?.code).toBe('LIST_TOO_LONG')
    expect((await client.run('createRecipe', chef, { ...SOUP, steps: many(100) })).userErrors).toEqual([])
  })
})

describe('a member', () => {
  test('becomes a chef before publishing, by themselves, and staff stays staff', async () => {
    const newcomer = await server.world.person({ handle: 'newcomer' })
    const id = encodeId('recipe', await server.world.recipes.draft(newcomer))
    expect((await client.run('publishRecipe', newcomer, { id })).refused).toBe('FORBIDDEN')
    const BECOME = 'mutation { becomeChef { account { handle role } userErrors { code } } }'
    const become = await client.ask(BECOME, {}, newcomer)
    expect(become.data.becomeChef).toEqual({ account: { handle: 'newcomer', role: 'CHEF' }, userErrors: [] })
    expect((await client.run('publishRecipe', newcomer, { id })).recipe.status).toBe('PUBLISHED')
    const staff = await server.world.person({ handle: 'keeper', role: 'STAFF' })
    expect((await client.ask(BECOME, {}, staff)).data.becomeChef.account.role).toBe('STAFF')
  })

  test('keeps favourites: once, however often, and only what they can see', async () => {
    const fan = await server.world.person({ handle: 'fan' })
    const first = encodeId('recipe', await server.world.recipes.published(chef, { title: 'First' }))
    const second = encodeId('recipe', await server.world.recipes.published(chef, { title: 'Second' }))
    const hidden = encodeId('recipe', await server.world.recipes.draft(chef))
    await client.run('addFavourite', fan, { recipeId: first })
    await atOnce(20, () => client.run('addFavourite', fan, { recipeId: second }))
    expect((await client.run('addFavourite', fan, { recipeId: hidden })).userErrors[0]?.code).toBe('NOT_FOUND')
    const LIST = '{ viewer { favouriteRecipes { totalCount nodes { title favouriteCount viewerHasFavourited } } } }'
    expect((await client.ask(LIST, {}, fan)).data.viewer.favouriteRecipes).toEqual({
      totalCount: 2,
      nodes: [
        { title: 'Second', favouriteCount: 1, viewerHasFavourited: true },
        { title: 'First', favouriteCount: 1, viewerHasFavourited: true },
      ],
    })
    await client.run('archiveRecipe', chef, { id: second })
    expect((await client.ask(LIST, {}, fan)).data.viewer.favouriteRecipes.totalCount).toBe(1)
    expect((await client.run('removeFavourite', fan, { recipeId: second })).recipe).toBeNull()
    expect((await client.run('removeFavourite', fan, { recipeId: first })).recipe).toMatchObject({ title: 'First' })
    expect((await client.ask(LIST, {}, fan)).data.viewer.favouriteRecipes.totalCount).toBe(0)
  })

  test('keeps a log of what they cooked, which nobody else sees or changes', async () => {
    const cook = await server.world.person({ handle: 'cook' })
    const recipeId = encodeId('recipe', await server.world.recipes.published(chef, { title: 'Log me' }))
    const LOG = `mutation ($input: LogCookedMealInput!) { logCookedMeal(input: $input) { cookedMeal { id title cookedOn servings note recipe { title } } userErrors { code path } } }`
    const log = async (more: Record<string, unknown>) =>
      (await client.ask(LOG, { input: { recipeId, ...more } }, cook)).data.logCookedMeal
    const old = (
      await log({ cookedOn: '2026-02-03', servings: 6, note: 'More salt.', idempotencyKey: 'cooked-it-once' })
    ).cookedMeal
    expect(old).toMatchObject({
      title: 'Log me',
      cookedOn: '2026-02-03',
      servings: 6,
      note: 'More salt.',
      recipe: { title: 'Log me' },
    })
    expect(
      (await log({ cookedOn: '2026-02-03', servings: 6, note: 'More salt.', idempotencyKey: 'cooked-it-once' }))
        .cookedMeal.id,
    ).toBe(old.id)
    await log({ cookedOn: '2026-03-04' })
    for (const wrong of [{ cookedOn: '2999-01-01' }, { cookedOn: '2026-02-03', servings: 0 }]) {
      expect((await log(wrong)).userErrors).toMatchObject([{ code: 'INVALID_INPUT' }])
    }
    const READ = `query ($id: ID!) { node(id: $id) { ... on Recipe { cookedCount viewerCookedMeals { nodes { cookedOn } } } } }`
    expect((await client.ask(READ, { id: recipeId }, cook)).data.node).toEqual({
      cookedCount: 2,
      viewerCookedMeals: { nodes: [{ cookedOn: '2026-03-04' }, { cookedOn: '2026-02-03' }] },
    })
    expect((await client.ask(READ, { id: recipeId })).data.node).toEqual({ cookedCount: 2, viewerCookedMeals: null })
    const UPDATE =
      'mutation ($input: UpdateCookedMealInput!) { updateCookedMeal(input: $input) { cookedMeal { note servings } userErrors { code } } }'
    const DELETE = 'mutation ($id: ID!) { deleteCookedMeal(input: { id: $id }) { deletedId userErrors { code } } }'
    for (const viewer of [member, chef]) {
      expect(
        (await client.ask(UPDATE, { input: { id: old.id, note: 'Mine' } }, viewer)).data.updateCookedMeal.userErrors[0]
          .code,
      ).toBe('NOT_FOUND')
      expect(
        (await client.ask(UPDATE, { input: { id: old.id } }, viewer)).data.updateCookedMeal.userErrors[0].code,
      ).toBe('NOT_FOUND')
      expect((await client.ask(DELETE, { id: old.id }, viewer)).data.deleteCookedMeal.userErrors[0].code).toBe(
        'NOT_FOUND',
      )
      expect(
        (await client.ask('query ($id: ID!) { node(id: $id) { id } }', { id: old.id }, viewer)).errors?.[0]?.extensions
          .code,
      ).toBe('NOT_FOUND')
    }
    expect(
      (await client.ask(UPDATE, { input: { id: old.id, note: 'Less salt.', servings: null } }, cook)).data
        .updateCookedMeal.cookedMeal,
    ).toEqual({ note: 'Less salt.', servings: null })
    expect((await client.ask(DELETE, { id: old.id }, cook)).data.deleteCookedMeal.deletedId).toBe(old.id)
  })

  test('is told of a new recipe of a chef whom they follow, once, and finds it in the feed', async () => {
    const follower = await server.world.person({ handle: 'follower' })
    const follow = 'mutation ($id: ID!) { followAccount(input: { accountId: $id }) { userErrors { code } } }'
    await client.ask(follow, { id: encodeId('account', chef.accountId) }, follower)
    const id = encodeId('recipe', await server.world.recipes.published(chef, { title: 'News' }))
    const INBOX =
      '{ notifications { nodes { kind subject { id ... on Recipe { title } } } } viewer { recipeFeed(first: 1) { nodes { title } } } }'
    await expect
      .poll(async () => (await client.ask(INBOX, {}, follower)).data.notifications.nodes, { timeout: 10_000 })
      .toEqual([{ kind: 'RECIPE_PUBLISHED', subject: { id, title: 'News' } }])
    expect((await client.ask(INBOX, {}, follower)).data.viewer.recipeFeed.nodes).toEqual([{ title: 'News' }])
    await client.run('archiveRecipe', chef, { id })
    await client.run('publishRecipe', chef, { id })
    expect((await client.ask(INBOX, {}, follower)).data.notifications.nodes).toHaveLength(1)
  })

  test('comments, reacts, reports and votes on a recipe as on anything else', async () => {
    const id = encodeId('recipe', await server.world.recipes.published(chef, { title: 'Talked about' }))
    const comment = await client.ask(
      'mutation ($id: ID!) { addComment(input: { subjectId: $id, body: "Lovely." }) { comment { subject { id } } userErrors { code } } addReaction(input: { subjectId: $id }) { userErrors { code } } report(input: { subjectId: $id, reason: SPAM }) { userErrors { code } } }',
      { id },
      member,
    )
    expect(comment.data).toEqual({
      addComment: { comment: { subject: { id } }, userErrors: [] },
      addReaction: { userErrors: [] },
      report: { userErrors: [] },
    })
    const poll = await client.ask(
      'mutation ($id: ID!) { createPoll(input: { question: "Again?", options: [{ label: "Yes" }, { label: "No" }], subjectId: $id }) { poll { id } userErrors { code message } } }',
      { id },
      chef,
    )
    expect(poll.errors ?? poll.data.createPoll.userErrors).toEqual([])
    const { data } = await client.ask(
      'query ($id: ID!) { node(id: $id) { ... on Recipe { commentCount reactionCount pollCount } } }',
      { id },
    )
    expect(data.node).toEqual({ commentCount: 1, reactionCount: 1, pollCount: 1 })
    const draft = encodeId('recipe', await server.world.recipes.draft(chef))
    const hidden = await client.ask(
      'mutation ($id: ID!) { addComment(input: { subjectId: $id, body: "Peek." }) { userErrors { code } } }',
      { id: draft },
      member,
    )
    expect(hidden.data.addComment.userErrors[0].code).toBe('NOT_FOUND')
  })
})

test.each(['a\0b', '\ud800', '\0', 'A b', 'a'.repeat(101)])(
  'the slug %j is refused, of a new recipe and of a changed one',
  async (slug) => {
    const { recipe } = await client.run('createRecipe', chef, SOUP)
    for (const change of [
      await client.run('createRecipe', chef, { ...SOUP, slug }),
      await client.run('updateRecipe', chef, { id: recipe.id, slug }),
    ]) {
      expect(change).toMatchObject({ refused: null, userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'slug'] }] })
    }
  },
)
