import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { IngredientInput } from '../../src/domain/recipe/content.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { atOnce } from '../support/door.ts'
import { RecipeClient } from '../support/recipe.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let client: RecipeClient
let ada: Viewer
let bob: Viewer
let staff: Viewer
let bread: Uuid
let cake: Uuid

beforeAll(async () => {
  server = await startTestServer()
  client = new RecipeClient(server)
  ada = await server.world.person({ handle: 'ada' })
  bob = await server.world.person({ handle: 'bob' })
  staff = await server.world.person({ handle: 'keeper', role: 'STAFF' })
  const chef = await server.world.person({ handle: 'chef', role: 'CHEF' })
  const ingredients = (...list: [string, string | null, string?][]) =>
    list.map(([food, quantity, unit]): IngredientInput => ({ food, quantity, unit: unit ?? null }))
  bread = await server.world.recipes.published(chef, {
    title: 'Bread',
    servings: 4,
    ingredients: ingredients(['flour', '500', 'g'], ['yeast', '1', 'packet'], ['water', '300', 'ml'], ['salt', null]),
  })
  cake = await server.world.recipes.published(chef, {
    title: 'Cake',
    servings: 8,
    ingredients: ingredients(
      ['plain flour', '2', 'cups'],
      ['eggs', '3'],
      ['olive oil', '1/3', 'cup'],
      ['moon dust', '1', 'tbsp'],
      ['water', '50', 'ml'],
    ).concat({ food: 'walnuts', quantity: '30', unit: 'g', isOptional: true }),
  })
})
afterAll(() => server.close())

const ERRORS = 'userErrors { __typename code path }'
const MEAL = '{ id day time title servings recipe { title } }'
const LIST =
  '{ id title fromDay toDay items { id name aisle quantity { text ratio } unit { code } note isChecked isOwn food { slug } } }'

async function run(
  viewer: Viewer | null,
  mutation: string,
  type: string,
  selection: string,
  input: Record<string, unknown>,
) {
  const query = `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { ${selection} ${ERRORS} } }`
  const { data, errors } = await client.ask(query, { input }, viewer)
  return data?.done ?? { refused: errors?.[0]?.extensions.code, userErrors: [] }
}

const plan = (viewer: Viewer | null, input: Record<string, unknown>) =>
  run(viewer, 'planMeal', 'PlanMealInput', `meal ${MEAL}`, { time: 'DINNER', servings: 4, ...input })
const shop = (viewer: Viewer, from: string, to: string) =>
  run(viewer, 'createShoppingList', 'CreateShoppingListInput', `shoppingList ${LIST}`, { title: 'Week', from, to })

const meals = async (viewer: Viewer, from: string, to: string) => {
  const query = `query ($from: LocalDate!, $to: LocalDate!) { viewer { meals(from: $from, to: $to, first: 100) { totalCount nodes { day time title servings } } } }`
  const { data, errors } = await client.ask(query, { from, to }, viewer)
  return (
    errors?.[0]?.extensions ??
    data.viewer.meals.nodes.map(
      (meal: Record<string, unknown>) => `${meal.day} ${meal.time} ${meal.title} ${meal.servings}`,
    )
  )
}

interface ListedItem {
  name: string
  quantity: { text: string } | null
  unit: { code: string } | null
  isChecked: boolean
}

const shown = (list: { items: ListedItem[] }): string[] =>
  list.items.map(
    ({ name, quantity, unit, isChecked }) =>
      `${name} ${quantity?.text ?? 'any'} ${unit?.code ?? '-'}${isChecked ? ' x' : ''}`,
  )

describe('a plan', () => {
  test('holds recipes and words, in the order of the day; meals move, change and go', async () => {
    const recipeId = encodeId('recipe', bread)
    const { meal } = await plan(ada, { day: '2026-05-04', recipeId, servings: 6 })
    expect(meal).toMatchObject({ title: 'Bread', servings: 6, recipe: { title: 'Bread' } })
    await plan(ada, { day: '2026-05-04', time: 'BREAKFAST', title: 'Porridge', servings: 1 })
    const cakeMeal = (
      await plan(ada, { day: '2026-05-05', time: 'SNACK', recipeId: encodeId('recipe', cake), servings: 8 })
    ).meal
    expect(await meals(ada, '2026-05-04', '2026-05-10')).toEqual([
      '2026-05-04 BREAKFAST Porridge 1',
      '2026-05-04 DINNER Bread 6',
      '2026-05-05 SNACK Cake 8',
    ])
    const moved = await run(ada, 'updateMeal', 'UpdateMealInput', `meal ${MEAL}`, {
      id: cakeMeal.id,
      day: '2026-05-04',
      time: 'LUNCH',
      servings: 4,
    })
    expect(moved.meal).toMatchObject({ day: '2026-05-04', time: 'LUNCH', servings: 4 })
    const gone = await run(ada, 'removeMeal', 'MealInput', 'deletedId', { id: meal.id })
    expect(gone.deletedId).toBe(meal.id)
    expect(await meals(ada, '2026-05-04', '2026-05-04')).toEqual([
      '2026-05-04 BREAKFAST Porridge 1',
      '2026-05-04 LUNCH Cake 4',
    ])
    expect(await meals(bob, '2026-05-04', '2026-05-10')).toEqual([])
  })

  test('of a week is copied to another, once for one key', async () => {
    const cook = await server.world.person({ handle: 'copier' })
    for (const day of ['2026-06-01', '2026-06-03', '2026-06-07', '2026-06-08'])
      await plan(cook, { day, recipeId: encodeId('recipe', bread) })
    const copy = () =>
      run(cook, 'copyMealWeek', 'CopyMealWeekInput', 'meals { day title }', {
        from: '2026-06-01',
        to: '2026-12-28',
        idempotencyKey: 'copy-the-week',
      })
    const days = [{ day: '2026-12-28' }, { day: '2026-12-30' }, { day: '2027-01-03' }]
    expect((await copy()).meals).toMatchObject(days)
    expect((await copy()).meals).toMatchObject(days)
    expect(await meals(cook, '2026-12-20', '2027-01-10')).toHaveLength(3)
  })

  test('keeps a meal whose recipe is gone', async () => {
    const chef = await server.world.person({ handle: 'leaver', role: 'CHEF' })
    const id = encodeId('recipe', await server.world.recipes.published(chef, { title: 'Fleeting' }))
    await plan(ada, { day: '2026-07-01', recipeId: id })
    await client.run('deleteRecipe', chef, { id })
    expect(await meals(ada, '2026-07-01', '2026-07-01')).toEqual(['2026-07-01 DINNER Fleeting 4'])
  })

  test('takes ten dishes for a meal, however many come at once', async () => {
    const cook = await server.world.person({ handle: 'crowded' })
    const made = await atOnce(20, () => plan(cook, { day: '2026-05-04', title: 'Dish', servings: 1 }))
    expect(made.filter(({ meal }) => meal !== null)).toHaveLength(10)
    expect(made.flatMap(({ userErrors }) => userErrors.map(({ code }: { code: string }) => code))).toEqual(
      Array(10).fill('LIMIT_EXCEEDED'),
    )
  })

  test.each([
    [{ day: '2026-05-04', servings: 0, title: 'X' }, 'INVALID_INPUT', ['input', 'servings']],
    [{ day: '1812-05-04', title: 'X' }, 'INVALID_INPUT', ['input', 'day']],
    [{ day: '2026-05-04' }, 'INVALID_INPUT', ['input', 'title']],
    [{ day: '2026-05-04', recipeId: 'recipe_nonsense' }, 'NOT_FOUND', ['input', 'recipeId']],
  ])('refuses %j', async (input, code, path) => {
    expect((await plan(ada, input)).userErrors).toMatchObject([{ code, path }])
  })

  test('is nobody else’s: their meals and lists are no different from none', async () => {
    const { meal } = await plan(ada, { day: '2026-08-01', title: 'Mine' })
    const { shoppingList } = await shop(ada, '2026-08-01', '2026-08-01')
    const item = (
      await run(ada, 'addShoppingItem', 'AddShoppingItemInput', 'item { id }', {
        listId: shoppingList.id,
        name: 'candles',
      })
    ).item
    const draft = encodeId('recipe', await server.world.recipes.draft(ada))
    expect((await plan(bob, { day: '2026-08-01', recipeId: draft })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    for (const [mutation, type, input] of [
      ['updateMeal', 'UpdateMealInput', { id: meal.id, servings: 2 }],
      ['removeMeal', 'MealInput', { id: meal.id }],
      ['regenerateShoppingList', 'RegenerateShoppingListInput', { id: shoppingList.id }],
      ['deleteShoppingList', 'ShoppingListInput', { id: shoppingList.id }],
      ['addShoppingItem', 'AddShoppingItemInput', { listId: shoppingList.id, name: 'x' }],
      ['checkShoppingItem', 'CheckShoppingItemInput', { id: item.id }],
      ['removeShoppingItem', 'ShoppingItemInput', { id: item.id }],
      ['addIngredientsToCart', 'AddIngredientsToCartInput', { shoppingListId: shoppingList.id }],
    ] as const) {
      const refused = await run(bob, mutation, type, '__typename', input)
      expect([mutation, refused.userErrors[0]?.code]).toEqual([mutation, 'NOT_FOUND'])
    }
    for (const id of [meal.id, shoppingList.id, item.id]) {
      for (const viewer of [bob, staff, null]) {
        expect(
          (await client.ask('query ($id: ID!) { node(id: $id) { id } }', { id }, viewer)).errors?.[0]?.extensions.code,
        ).toBe('NOT_FOUND')
      }
      expect((await client.ask('query ($id: ID!) { node(id: $id) { id } }', { id }, ada)).data.node.id).toBe(id)
    }
  })

  test.each([
    ['2026-05-04', '2026-05-03'],
    ['2026-01-01', '2026-12-31'],
  ])('is not looked at from %s to %s', async (from, to) => {
    expect(await meals(ada, from, to)).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['to'] })
  })
})

describe('a shopping list', () => {
  test('adds up what the days need, keeps its ticks, and takes what the member adds', async () => {
    const cook = await server.world.person({ handle: 'shopper' })
    await plan(cook, { day: '2026-05-04', recipeId: encodeId('recipe', bread), servings: 2 })
    await plan(cook, { day: '2026-05-06', recipeId: encodeId('recipe', cake), servings: 8 })
    await plan(cook, { day: '2026-05-20', recipeId: encodeId('recipe', bread), servings: 4 })
    const { shoppingList: list } = await shop(cook, '2026-05-04', '2026-05-10')
    expect(shown(list)).toEqual([
      'moon dust 1 tbsp',
      'flour 500 g',
      'yeast ½ packet',
      'eggs 3 -',
      'olive oil ⅓ cup',
      'salt any -',
    ])
    const flour = list.items[1]
    expect(flour).toMatchObject({
      aisle: 'Baking',
      note: 'Bread, Cake',
      isOwn: false,
      food: { slug: 'flour' },
      quantity: { ratio: '500' },
    })
    await run(cook, 'checkShoppingItem', 'CheckShoppingItemInput', 'item { isChecked }', { id: flour.id })
    await run(cook, 'addShoppingItem', 'AddShoppingItemInput', 'item { id }', {
      listId: list.id,
      name: 'lemons',
      quantity: '2',
    })
    const again = await run(cook, 'regenerateShoppingList', 'RegenerateShoppingListInput', `shoppingList ${LIST}`, {
      id: list.id,
      to: '2026-05-31',
    })
    expect(shown(again.shoppingList)).toEqual([
      'moon dust 1 tbsp',
      'flour 1 kg x',
      'yeast 1½ packet',
      'eggs 3 -',
      'lemons 2 -',
      'olive oil ⅓ cup',
      'salt any -',
    ])
    const less = await run(cook, 'regenerateShoppingList', 'RegenerateShoppingListInput', `shoppingList ${LIST}`, {
      id: list.id,
      from: '2026-05-20',
    })
    expect(shown(less.shoppingList)).toEqual(['flour 500 g x', 'yeast 1 packet', 'lemons 2 -', 'salt any -'])
    const { data } = await client.ask('{ viewer { shoppingLists { nodes { title fromDay toDay } } } }', {}, cook)
    expect(data.viewer.shoppingLists.nodes).toEqual([{ title: 'Week', fromDay: '2026-05-20', toDay: '2026-05-31' }])
    expect((await run(cook, 'deleteShoppingList', 'ShoppingListInput', 'deletedId', { id: list.id })).deletedId).toBe(
      list.id,
    )
  })

  test('says how many whole things are bought where a part is needed, and the cart agrees; the recipe keeps the part', async () => {
    const cook = await server.world.person({ handle: 'whole' })
    const ingredients: IngredientInput[] = [
      { food: 'bay leaf', quantity: '2' },
      { food: 'coconut milk', quantity: '1', unit: 'can' },
      { food: 'saffron', quantity: '1', unit: 'pinch' },
      { food: 'cream', quantity: '100', unit: 'ml' },
    ]
    const chef = await server.world.person({ handle: 'stewer', role: 'CHEF' })
    const stew = await server.world.recipes.published(chef, { title: 'Stew', servings: 6, ingredients })
    await plan(cook, { day: '2026-10-05', recipeId: encodeId('recipe', stew), servings: 2 })
    const NEED = 'name quantity { text ratio } toBuy { text ratio } unit { code isWhole }'
    const { shoppingList } = await run(
      cook,
      'createShoppingList',
      'CreateShoppingListInput',
      `shoppingList { id items { ${NEED} } }`,
      { title: 'Stew', from: '2026-10-05', to: '2026-10-05' },
    )
    const third = { text: '⅓', ratio: '1/3' }
    const one = { text: '1', ratio: '1' }
    const needs: Record<string, object> = {
      'bay leaf': { quantity: { text: '⅔', ratio: '2/3' }, toBuy: one, unit: null },
      'coconut milk': { quantity: third, toBuy: one, unit: { code: 'can', isWhole: true } },
      saffron: { quantity: third, toBuy: third, unit: { code: 'pinch', isWhole: false } },
      cream: { quantity: { ratio: '100/3' }, toBuy: { ratio: '100/3' }, unit: { code: 'ml', isWhole: false } },
    }
    const byName = (list: { name: string }[]) => Object.fromEntries(list.map(({ name, ...rest }) => [name, rest]))
    expect(byName(shoppingList.items)).toMatchObject(needs)
    const { filled } = await run(
      cook,
      'addIngredientsToCart',
      'AddIngredientsToCartInput',
      `filled { added { packs } unmatched { need { ${NEED} } } }`,
      { recipeId: encodeId('recipe', stew), servings: 2 },
    )
    expect(byName(filled.unmatched.map(({ need }: { need: object }) => need))).toMatchObject(needs)
    const { data } = await client.ask(
      'query ($id: ID!) { node(id: $id) { ... on Recipe { ingredients(servings: 2) { text } } } }',
      { id: encodeId('recipe', stew) },
    )
    expect(data.node.ingredients[0].text).toBe('⅔ bay leaf')
  })

  test('made again by twenty requests at once has each thing once', async () => {
    const cook = await server.world.person({ handle: 'hasty' })
    await plan(cook, { day: '2026-05-04', recipeId: encodeId('recipe', cake), servings: 8 })
    const { shoppingList: list } = await shop(cook, '2026-05-04', '2026-05-04')
    const made = await atOnce(20, () =>
      run(cook, 'regenerateShoppingList', 'RegenerateShoppingListInput', `shoppingList ${LIST}`, { id: list.id }),
    )
    for (const { shoppingList } of made) expect(shown(shoppingList)).toEqual(shown(list))
  })
})

describe('ingredients in the cart', () => {
  const FILL =
    'filled { cart { lines { title quantity } } added { need { name quantity { text } unit { code } } variant { sku } packs isPackKnown } unmatched { need { name quantity { text } } reason } }'

  test('are the things of the shop that are these foods, so many as are needed; the rest is told, and nothing is dropped', async () => {
    const shelf = await server.world.productCategory(staff, { name: 'Pantry' })
    const price = (amountMinor: number) => ({ amountMinor, currency: 'EUR' as never })
    const product = (name: string, sku: string, size: string, amountMinor: number, quantity: number) =>
      server.world.product(staff, {
        name,
        categoryId: shelf,
        variants: [{ sku, name: size, price: price(amountMinor), quantity, attributes: [] }],
      })
    await product('Fine Wheat Flour', 'FLOUR-1', '250 g', 90, 50)
    await product('Green Olive Oil', 'OIL-1', '500 ml', 790, 50)
    await product('Flour Sieve', 'SIEVE', '', 1_000, 50)
    await product('Country Eggs', 'EGGS-6', '', 300, 0)
    const cook = await server.world.person({ handle: 'buyer' })
    const input = { recipeId: encodeId('recipe', cake), servings: 16, idempotencyKey: 'fill-it-once' }
    const fill = () => run(cook, 'addIngredientsToCart', 'AddIngredientsToCartInput', FILL, input)
    const { filled } = await fill()
    expect(filled.added).toEqual([
      {
        need: { name: 'flour', quantity: { text: '4' }, unit: { code: 'cup' } },
        variant: { sku: 'FLOUR-1' },
        packs: 2,
        isPackKnown: true,
      },
      {
        need: { name: 'olive oil', quantity: { text: '⅔' }, unit: { code: 'cup' } },
        variant: { sku: 'OIL-1' },
        packs: 1,
        isPackKnown: true,
      },
    ])
    expect(filled.unmatched).toEqual([
      { need: { name: 'moon dust', quantity: { text: '2' } }, reason: 'NO_PRODUCT' },
      { need: { name: 'eggs', quantity: { text: '6' } }, reason: 'OUT_OF_STOCK' },
      { need: { name: 'walnuts', quantity: { text: '60' } }, reason: 'OPTIONAL' },
      { need: { name: 'water', quantity: { text: '100' } }, reason: 'FROM_THE_TAP' },
    ])
    expect(filled.cart.lines).toEqual([
      { title: 'Fine Wheat Flour', quantity: 2 },
      { title: 'Green Olive Oil', quantity: 1 },
    ])
    expect((await fill()).filled.cart.lines).toEqual(filled.cart.lines)
  })

  test('of a shopping list are those that are not ticked off', async () => {
    const cook = await server.world.person({ handle: 'list-buyer' })
    await plan(cook, { day: '2026-09-01', recipeId: encodeId('recipe', cake), servings: 8 })
    const { shoppingList } = await shop(cook, '2026-09-01', '2026-09-01')
    const oil = shoppingList.items.find(({ name }: ListedItem) => name === 'olive oil')
    await run(cook, 'checkShoppingItem', 'CheckShoppingItemInput', 'item { isChecked }', { id: oil.id })
    const { filled } = await run(cook, 'addIngredientsToCart', 'AddIngredientsToCartInput', FILL, {
      shoppingListId: shoppingList.id,
    })
    expect(filled.added).toEqual([
      {
        need: { name: 'flour', quantity: { text: '2' }, unit: { code: 'cup' } },
        variant: { sku: 'FLOUR-1' },
        packs: 1,
        isPackKnown: true,
      },
    ])
    expect(filled.unmatched).toEqual([
      { need: { name: 'moon dust', quantity: { text: '1' } }, reason: 'NO_PRODUCT' },
      { need: { name: 'eggs', quantity: { text: '3' } }, reason: 'OUT_OF_STOCK' },
    ])
    expect(filled.cart.lines).toEqual([{ title: 'Fine Wheat Flour', quantity: 1 }])
  })

  test.each([0, -1, 1001])('are not counted for %i servings', async (servings) => {
    const input = { recipeId: encodeId('recipe', cake), servings }
    const { userErrors } = await run(ada, 'addIngredientsToCart', 'AddIngredientsToCartInput', FILL, input)
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'servings'] }])
  })

  test('staff says which thing is which food', async () => {
    const { data } = await client.ask('{ food(name: "yeast") { id } product(slug: "x") { id } }')
    const [variant] = await server.running.atrium.deps.db.query<{ id: string }>(
      `select id from variants where sku = 'SIEVE'`,
    )
    const link = { foodId: data.food.id, variantId: encodeId('variant', variant?.id ?? '') }
    const linking = (viewer: Viewer, more: Record<string, unknown> = {}) =>
      run(viewer, 'linkFoodToVariant', 'LinkFoodToVariantInput', 'food { slug }', {
        ...link,
        quantity: '3',
        unit: 'packets',
        ...more,
      })
    expect((await linking(ada)).refused).toBe('FORBIDDEN')
    expect((await linking(staff, { quantity: '0' })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'quantity'] },
    ])
    expect((await linking(staff, { variantId: encodeId('variant', ada.accountId) })).userErrors).toMatchObject([
      { code: 'NOT_FOUND' },
    ])
    expect((await linking(staff)).food).toEqual({ slug: 'yeast' })
    const cook = await server.world.person({ handle: 'baker' })
    const fill = () =>
      run(cook, 'addIngredientsToCart', 'AddIngredientsToCartInput', FILL, {
        recipeId: encodeId('recipe', bread),
        servings: 16,
      })
    expect((await fill()).filled.added).toContainEqual(expect.objectContaining({ variant: { sku: 'SIEVE' }, packs: 2 }))
    await run(staff, 'unlinkFoodFromVariant', 'UnlinkFoodFromVariantInput', 'food { slug }', link)
    expect((await fill()).filled.unmatched).toContainEqual(
      expect.objectContaining({ need: expect.objectContaining({ name: 'yeast' }), reason: 'NO_PRODUCT' }),
    )
  })

  test.each([
    [{}, 'INVALID_INPUT', ['input']],
    [{ recipeId: 'recipe_nonsense' }, 'NOT_FOUND', ['input', 'recipeId']],
    [{ shoppingListId: 'recipe_nonsense' }, 'NOT_FOUND', ['input', 'shoppingListId']],
  ])('refuses %j', async (input, code, path) => {
    expect((await run(ada, 'addIngredientsToCart', 'AddIngredientsToCartInput', FILL, input)).userErrors).toMatchObject(
      [{ code, path }],
    )
  })
})

test('a week is not copied beyond the days that can be planned', async () => {
  const eve = await server.world.person({ handle: 'eve-of-the-century' })
  await plan(eve, { day: '2030-01-07', recipeId: encodeId('recipe', bread) })
  const copied = await run(eve, 'copyMealWeek', 'CopyMealWeekInput', 'meals { id }', {
    from: '2030-01-01',
    to: '2199-12-30',
  })
  expect(copied.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'to'] }])
  expect(await meals(eve, '2199-12-01', '2199-12-31')).toEqual([])
})

test('fractions that no kitchen has add up to an amount that can be kept', async () => {
  const eve = await server.world.person({ handle: 'mathematician', role: 'CHEF' })
  const primes = [9887, 9901, 9907, 9923, 9929, 9931, 9941, 9949, 9967, 9973, 9871, 9859, 9857, 9851]
  const recipeId = await server.world.recipes.published(eve, {
    title: 'Dust',
    servings: 1,
    ingredients: primes.map((prime) => ({ food: 'moon dust', quantity: `1/${prime}`, unit: 'g' })),
  })
  await plan(eve, { day: '2031-05-05', recipeId: encodeId('recipe', recipeId), servings: 1 })
  const { shoppingList, refused } = await shop(eve, '2031-05-05', '2031-05-05')
  expect(refused).toBeUndefined()
  const [{ quantity }] = shoppingList.items
  const [numerator, denominator] = quantity.ratio.split('/').map(Number)
  expect(numerator / denominator).toBeCloseTo(
    primes.reduce((sum, prime) => sum + 1 / prime, 0),
    8,
  )
})
