import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { RecipeClient } from '../support/recipe.ts'
import { type Answer, startTestServer, type TestServer } from '../support/server.ts'
import { photograph, sent } from '../support/upload.ts'

let server: TestServer
let client: RecipeClient
let chef: Viewer
let other: Viewer
const ids = new Map<string, Uuid>()

const DAY_MS = 86_400_000
const MENU = [
  ['Courgette pasta', ['Quick'], 'Italian', ['VEGETARIAN'], 20, ['courgettes', 'pasta', 'parmesan']],
  ['Zucchini curry', ['Quick', 'One pot'], 'Indian', ['VEGAN'], 35, ['zucchini', 'coconut milk', 'rice']],
  ['Roast salmon', ['Sunday'], 'Nordic', [], 50, ['salmon fillet', 'dill', 'lemon']],
  ['Bean stew', ['One pot', 'Sunday'], 'Italian', ['VEGAN', 'GLUTEN_FREE'], 120, ['cannellini beans', 'olive oil']],
  ['Moon cake', [], 'Lunar', ['VEGETARIAN'], null, ['moon dust', 'flour']],
] as const

beforeAll(async () => {
  server = await startTestServer()
  client = new RecipeClient(server)
  chef = await server.world.person({ handle: 'chef', role: 'CHEF' })
  other = await server.world.person({ handle: 'other', role: 'CHEF' })
  for (const [at, [title, labels, cuisine, diets, minutes, foods]] of MENU.entries()) {
    const id = await server.world.recipes.published(at === 2 ? other : chef, {
      title,
      labels: [...labels],
      cuisine,
      diets: [...diets],
      totalMinutes: minutes,
      summary: title === 'Bean stew' ? 'Slow comfort & warmth for cold days.' : '',
      ingredients: foods.map((food) => ({ quantity: '100', unit: 'g', food })),
      publishedAt: new Date(Date.now() - at * DAY_MS),
    })
    ids.set(title, id)
  }
})
afterAll(() => server.close())

const [PASTA, CURRY, SALMON, STEW, CAKE] = MENU.map(([title]) => title) as [string, string, string, string, string]

describe('a list of recipes', () => {
  test.each([
    ['all of them, the newest first', {}, [PASTA, CURRY, SALMON, STEW, CAKE]],
    ['by a word of the title', { text: 'stew' }, [STEW]],
    ['by a word in another form', { text: 'curries' }, [CURRY]],
    ['by a word of an ingredient', { text: 'coconut' }, [CURRY]],
    ['by a phrase, or not', { text: '"bean stew" or salmon -lemon' }, [STEW]],
    ['of a chef', { chef: 'other' }, [SALMON]],
    ['of nobody', { chef: 'nobody' }, []],
    ['with a label', { labels: ['quick'] }, [PASTA, CURRY]],
    ['with all of several labels, as they are called', { labels: ['Quick', 'One Pot'] }, [CURRY]],
    ['of a cuisine', { cuisine: 'italian' }, [PASTA, STEW]],
    ['that suit vegetarians, vegan ones among them', { diets: ['VEGETARIAN'] }, [PASTA, CURRY, STEW, CAKE]],
    ['that suit two diets', { diets: ['VEGAN', 'GLUTEN_FREE'] }, [STEW]],
    ['ready in time, none of an unknown time', { maxTotalMinutes: 50 }, [PASTA, CURRY, SALMON]],
    ['with a food, whatever it is called', { withIngredients: ['courgette'] }, [PASTA, CURRY]],
    ['with a food, whatever it is called, the other way', { withIngredients: ['zucchinis'] }, [PASTA, CURRY]],
    ['with two foods', { withIngredients: ['courgette', 'rice'] }, [CURRY]],
    ['with a food that no catalogue knows', { withIngredients: ['Moon Dust'] }, [CAKE]],
    ['without a food', { withoutIngredients: ['courgette', 'moon dust'] }, [SALMON, STEW]],
    ['with one and without the other', { withIngredients: ['courgette'], withoutIngredients: ['pasta'] }, [CURRY]],
    [
      'with two foods and two labels',
      { withIngredients: ['courgette', 'rice'], labels: ['quick', 'one pot'] },
      [CURRY],
    ],
    [
      'with three foods and a diet',
      { withIngredients: ['zucchini', 'coconut milk', 'rice'], diets: ['VEGAN'] },
      [CURRY],
    ],
    ['with a food and a label that no recipe has both of', { withIngredients: ['pasta'], labels: ['One pot'] }, []],
    ['with foods of two recipes and a label of both', { withIngredients: ['pasta', 'rice'], labels: ['Quick'] }, []],
    [
      'with a food that no catalogue knows, and a diet',
      { withIngredients: ['moon dust'], diets: ['VEGETARIAN'] },
      [CAKE],
    ],
    [
      'with a food, a cuisine and a time',
      { withIngredients: ['pasta'], cuisine: 'Italian', maxTotalMinutes: 20 },
      [PASTA],
    ],
    ['with a food that nobody uses', { withIngredients: ['plutonium'] }, []],
    [
      'by everything at once',
      {
        text: 'curry',
        labels: ['quick'],
        cuisine: 'Indian',
        diets: ['VEGAN'],
        maxTotalMinutes: 40,
        withIngredients: ['rice'],
        withoutIngredients: ['egg'],
      },
      [CURRY],
    ],
    ['with NUL and nonsense', { text: '\u0000', labels: ['\u0000'], cuisine: 'x\u0000' }, []],
  ])('%s', async (_, filter, titles) => {
    expect(await client.titles(filter)).toEqual(titles)
  })

  test('published within a time', async () => {
    const from = new Date(Date.now() - 3.5 * DAY_MS).toISOString()
    const before = new Date(Date.now() - 1.5 * DAY_MS).toISOString()
    expect(await client.titles({ publishedFrom: from, publishedBefore: before })).toEqual([SALMON, STEW])
  })

  test.each([
    ['OLDEST', [CAKE, STEW, SALMON, CURRY, PASTA]],
    ['QUICKEST', [PASTA, CURRY, SALMON, STEW, CAKE]],
    ['RELEVANCE', [PASTA, CURRY, SALMON, STEW, CAKE]],
  ])('in the order %s', async (orderBy, titles) => {
    expect(await client.titles({}, orderBy)).toEqual(titles)
  })

  test('by relevance: a title counts more than an ingredient', async () => {
    await server.world.recipes.published(chef, { title: 'Plain rice', publishedAt: new Date(Date.now() - 40 * DAY_MS) })
    expect(await client.titles({ text: 'rice' }, 'RELEVANCE')).toEqual(['Plain rice', CURRY])
    expect(await client.titles({ text: 'rice' }, 'NEWEST')).toEqual([CURRY, 'Plain rice'])
  })

  test('that changed is found as it is now', async () => {
    const id = await server.world.recipes.published(chef, {
      title: 'Changing',
      labels: ['Before'],
      ingredients: [{ food: 'quince' }],
      totalMinutes: 300,
      publishedAt: new Date(Date.now() - 60 * DAY_MS),
    })
    const before = { labels: ['before'], withIngredients: ['quince'], maxTotalMinutes: 300 }
    const after = { labels: ['after'], withIngredients: ['apple'], maxTotalMinutes: 10 }
    expect([await client.titles(before), await client.titles(after)]).toEqual([['Changing'], []])
    await client.run('updateRecipe', chef, {
      id: encodeId('recipe', id),
      labels: ['After'],
      ingredients: [{ food: 'apples' }],
      totalMinutes: 10,
    })
    expect([await client.titles(before), await client.titles(after)]).toEqual([[], ['Changing']])
    await client.run('deleteRecipe', chef, { id: encodeId('recipe', id) })
    expect(await client.titles(after)).toEqual([])
  })

  test('marks what was found, and nothing else gets through as HTML', async () => {
    const { data } = await client.ask('{ recipes(filter: { text: "comfort" }) { edges { highlight node { title } } } }')
    expect(data.recipes.edges).toMatchObject([{ node: { title: STEW } }])
    expect(data.recipes.edges[0].highlight).toContain('<mark>comfort</mark>')
    expect(data.recipes.edges[0].highlight).toContain('&amp; warmth')
    const plain = await client.ask('{ recipes(first: 1) { edges { highlight } } }')
    expect(plain.data.recipes.edges).toEqual([{ highlight: null }])
  })

  test.each(['NEWEST', 'OLDEST', 'RATING', 'QUICKEST', 'RELEVANCE'])(
    'is read page by page in the order %s, forward and backward',
    async (orderBy) => {
      const query = `query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: RecipeOrder!) {
      recipes(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy, filter: { text: "g or rice or flour or salmon or pasta or beans" }) {
        nodes { title } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }`
      const whole = (await client.ask(query, { first: 100, orderBy })).data.recipes
      const titles = whole.nodes.map(({ title }: { title: string }) => title)
      expect(titles.length).toBe(whole.totalCount)
      const walked: string[] = []
      let after: string | null = null
      for (;;) {
        const recipes: Answer['data'] = (await client.ask(query, { first: 2, after, orderBy })).data.recipes
        walked.push(...recipes.nodes.map(({ title }: { title: string }) => title))
        after = recipes.pageInfo.endCursor
        if (!recipes.pageInfo.hasNextPage) break
      }
      expect(walked).toEqual(titles)
      const back = (await client.ask(query, { last: 2, before: whole.pageInfo.endCursor, orderBy })).data.recipes
      expect(back.nodes.map(({ title }: { title: string }) => title)).toEqual(titles.slice(-3, -1))
    },
  )

  test.each([
    [{ minRating: '6' }, ['filter', 'minRating']],
    [{ minRating: '-1' }, ['filter', 'minRating']],
    [{ minRating: '4.555' }, ['filter', 'minRating']],
    [{ maxTotalMinutes: -5 }, ['filter', 'maxTotalMinutes']],
    [{ labels: Array.from({ length: 21 }, (_, n) => `l${n}`) }, ['filter', 'labels']],
  ])('refuses %j', async (filter, argument) => {
    const { errors } = await client.ask('query ($filter: RecipeFilter) { recipes(filter: $filter) { nodes { id } } }', {
      filter,
    })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument })
  })

  test('of a food, of a chef, and labels by their beginning', async () => {
    const { data } =
      await client.ask(`{ food(name: "Zucchini") { slug name aisle gramsPerCup recipeCount nutrition { energyKcal } recipes { nodes { title } } }
      account(handle: "other") { recipeCount recipes { nodes { title } } }
      recipeLabels(prefix: "one") { nodes { slug name } } units { code } foods(prefix: "zucc") { nodes { slug } totalCount } }`)
    expect(data.food).toEqual({
      slug: 'courgette',
      name: 'courgette',
      aisle: 'Vegetables',
      gramsPerCup: '124.00',
      recipeCount: 2,
      nutrition: { energyKcal: '17.00' },
      recipes: { nodes: [{ title: PASTA }, { title: CURRY }] },
    })
    expect(data.account).toEqual({ recipeCount: 1, recipes: { nodes: [{ title: SALMON }] } })
    expect(data.recipeLabels.nodes).toEqual([{ slug: 'one-pot', name: 'One pot' }])
    expect(data.units.map(({ code }: { code: string }) => code)).toContain('tbsp')
    expect(data.foods).toEqual({ nodes: [{ slug: 'courgette' }], totalCount: 1 })
    expect((await client.ask('{ food(name: "plutonium") { id } }')).errors?.[0]?.extensions.code).toBe('NOT_FOUND')
  })
})

describe('stars', () => {
  const REVIEW =
    'mutation ($input: ReviewSubjectInput!) { reviewSubject(input: $input) { review { stars } userErrors { code } } }'
  const review = async (viewer: Viewer, title: string, stars: number) =>
    (
      await client.ask(
        REVIEW,
        { input: { subjectId: encodeId('recipe', ids.get(title) ?? ''), stars, text: 'Well.' } },
        viewer,
      )
    ).data.reviewSubject

  test('come from every member but the chef, one each, and lists are filtered and sorted by them', async () => {
    const fans = await Promise.all(Array.from({ length: 6 }, (_, n) => server.world.person({ handle: `fan${n}` })))
    expect((await review(chef, STEW, 5)).userErrors).toMatchObject([{ code: 'NOT_ELIGIBLE' }])
    for (const fan of fans) expect((await review(fan, STEW, 5)).userErrors).toEqual([])
    const [first, second] = fans as [Viewer, Viewer]
    await review(first, PASTA, 5)
    await review(first, CURRY, 4)
    await review(second, CURRY, 3)
    await review(first, SALMON, 1)
    // One good word is not better than six.
    expect((await client.titles({}, 'RATING')).slice(0, 3)).toEqual([STEW, PASTA, CURRY])
    expect((await client.titles({}, 'RATING')).at(-1)).toBe(SALMON)
    expect(await client.titles({ minRating: '4' })).toEqual([PASTA, STEW])
    expect(await client.titles({ minRating: '3.5' })).toEqual([PASTA, CURRY, STEW])
    await review(second, CURRY, 5)
    expect(await client.titles({ minRating: '4.5' })).toEqual([PASTA, CURRY, STEW])
    expect(await client.see(null, ids.get(CURRY) ?? '')).toMatchObject({ averageRating: 4.5, reviewCount: 2 })
  })

  test('outlive the archive, and drafts have none', async () => {
    const id = encodeId('recipe', ids.get(STEW) ?? '')
    await client.run('archiveRecipe', chef, { id })
    expect(await client.titles({ minRating: '4' })).not.toContain(STEW)
    await client.run('publishRecipe', chef, { id })
    expect((await client.titles({}, 'RATING'))[0]).toBe(STEW)
    const draft = await server.world.recipes.draft(chef)
    const { data } = await client.ask(REVIEW, { input: { subjectId: encodeId('recipe', draft), stars: 5 } }, other)
    expect(data.reviewSubject.userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
  })
})

describe('pictures', () => {
  test('are the chef’s uploads, in order, the first the cover; each is used once and goes with the recipe', async () => {
    const token = await client.tokenOf(chef)
    const content = await photograph(64, 48)
    const upload = () => sent(server, { token, use: 'RECIPE_IMAGE', content })
    const [a, b, c] = [await upload(), await upload(), await upload()]
    const image = (uploadId: string, alt = 'A plate') => ({ uploadId, alt })
    const { recipe, userErrors } = await client.run('createRecipe', chef, {
      title: 'Seen',
      servings: 2,
      images: [image(a, 'First'), image(b)],
    })
    expect(userErrors).toEqual([])
    expect(recipe.images).toMatchObject([{ id: a, alt: 'First' }, { id: b }])
    expect(recipe.cover).toEqual({ id: a })
    const turned = await client.run('updateRecipe', chef, { id: recipe.id, images: [image(c), image(a)] })
    expect(turned.recipe.images.map(({ id }: { id: string }) => id)).toEqual([c, a])
    for (const [images, code, path] of [
      [[image(b)], 'NOT_FOUND', ['input', 'images', '0', 'uploadId']],
      [[image(a), image(a)], 'INVALID_INPUT', ['input', 'images', '1', 'uploadId']],
      [[image(a), image('upload_nonsense')], 'NOT_FOUND', ['input', 'images', '1', 'uploadId']],
      [[image(a, ' ')], 'INVALID_INPUT', ['input', 'images', '0', 'alt']],
      [
        [image(await sent(server, { token, use: 'AVATAR', content }))],
        'INVALID_INPUT',
        ['input', 'images', '0', 'uploadId'],
      ],
      [
        [image(await sent(server, { token: await client.tokenOf(other), use: 'RECIPE_IMAGE', content }))],
        'NOT_FOUND',
        ['input', 'images', '0', 'uploadId'],
      ],
    ] as const) {
      const refused = await client.run('updateRecipe', chef, { id: recipe.id, images })
      expect(refused.userErrors.map((error) => ({ code: error.code, path: error.path }))).toEqual([{ code, path }])
    }
    expect((await client.run('updateRecipe', chef, { id: recipe.id, images: [] })).recipe).toMatchObject({
      images: [],
      cover: null,
    })
  })
})
