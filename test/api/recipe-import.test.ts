import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { RecipeClient } from '../support/recipe.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { openWeb, type Web } from '../support/web.ts'

const PAGES = join(import.meta.dirname, '../fixtures/recipe-pages')
const page = (name: string): string => readFileSync(join(PAGES, `${name}.html`), 'utf8')

let server: TestServer
let web: Web
let client: RecipeClient
let cook: Viewer
/** How often the page was asked for that is gone the second time. */
let asked = 0

beforeAll(async () => {
  web = await openWeb((request, response) => {
    const name = request.url?.slice(1) ?? ''
    if (name === 'gone-soon' && ++asked > 1) return response.writeHead(410).end()
    if (name === 'gone-soon') return response.writeHead(200, { 'content-type': 'text/html' }).end(page('graph'))
    if (name === 'moved') return response.writeHead(302, { location: '/graph' }).end()
    response.writeHead(200, { 'content-type': 'text/html' }).end(page(name))
  })
  server = await startTestServer({
    isWebAddressAllowed: (address, port) => address === '127.0.0.1' && port === web.port,
  })
  client = new RecipeClient(server)
  cook = await server.world.person({ handle: 'cook' })
})
afterAll(async () => {
  await server.close()
  await web.close()
})

const IMPORT = `mutation ($input: ImportRecipeInput!) { importRecipe(input: $input) {
  imported { author imageUrls unread { field text } recipe { id status title servings sourceUrl chef { handle } ingredients { text food { slug } } steps { body section minutes } } }
  userErrors { __typename code path ... on PageNotUsable { reason } } } }`

const run = async (input: Record<string, unknown>, viewer: Viewer | null = cook) => {
  const { data, errors } = await client.ask(IMPORT, { input }, viewer)
  return { ...data?.importRecipe, refused: errors?.[0]?.extensions.code ?? null }
}

const count = async (): Promise<number> => {
  const [row] = await server.running.atrium.deps.db.query<{ count: number }>(
    `select (select count(*) from recipes)::int + (select count(*) from subjects)::int + (select count(*) from recipe_labels)::int as count`,
  )
  return row?.count ?? 0
}

describe('a page becomes a draft of the viewer', () => {
  test('from its text', async () => {
    const { imported, userErrors } = await run({ html: page('graph') })
    expect(userErrors).toEqual([])
    expect(imported).toMatchObject({
      author: 'Odile Brandt',
      imageUrls: [expect.stringContaining('500x500'), expect.stringContaining('500x375')],
      unread: [{ field: 'diets' }, { field: 'nutrition.fibreG' }],
      recipe: {
        status: 'DRAFT',
        title: 'Plum & Rye Traybake',
        servings: 12,
        sourceUrl: null,
        chef: { handle: 'cook' },
      },
    })
    expect(imported.recipe.ingredients.map(({ text }: { text: string }) => text)).toEqual([
      '200 g butter, softened',
      '180 g brown sugar',
      '3 large eggs',
      '150 g rye flour',
      '100 g plain flour',
      '1½ tsp baking powder',
      '½ tsp salt',
      '600 g plums, about 10, halved',
      '1–2 tbsp sugar, for the top',
    ])
    expect(imported.recipe.ingredients.map((each: { food: { slug: string } }) => each.food.slug)).toEqual([
      'butter',
      'brown-sugar',
      'egg',
      'rye-flour',
      'flour',
      'baking-powder',
      'salt',
      'plum',
      'sugar',
    ])
    expect(imported.recipe.steps).toHaveLength(6)
  })

  test('from its address, which it keeps; through a redirect as well', async () => {
    const { imported } = await run({ url: `${web.url}/moved` })
    expect(imported.recipe).toMatchObject({ title: 'Plum & Rye Traybake', sourceUrl: `${web.url}/graph` })
    expect((await run({ url: `${web.url}/microdata` })).imported.recipe.title).toBe('Grandfather’s Potato Salad')
  })

  test('once for one key', async () => {
    const input = { html: page('array'), idempotencyKey: 'import-it-once' }
    const [first, second] = [await run(input), await run(input)]
    expect(second.imported).toEqual(first.imported)
    expect((await run({ ...input, html: page('graph') })).userErrors).toMatchObject([{ code: 'CONFLICT' }])
  })

  test('once for one key, also where the page has gone meanwhile; and a key is of one request', async () => {
    const input = { url: `${web.url}/gone-soon`, idempotencyKey: 'before-it-is-gone' }
    const first = await run(input)
    expect(first.imported.recipe.title).toBe('Plum & Rye Traybake')
    expect((await run(input)).imported).toEqual(first.imported)
    expect(asked).toBe(1)
    expect((await run({ ...input, url: `${web.url}/microdata` })).userErrors).toMatchObject([{ code: 'CONFLICT' }])
    expect((await run({ ...input, idempotencyKey: 'short' })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'idempotencyKey'] },
    ])
    expect((await run({ url: input.url })).userErrors).toMatchObject([{ code: 'PAGE_NOT_USABLE', reason: 'NO_PAGE' }])
  })

  test('with references, whose author and steps stand elsewhere on the page', async () => {
    const { imported } = await run({ html: page('references') })
    expect(imported).toMatchObject({ author: 'Wanda Okoro', imageUrls: ['https://harbour.example/chowder.jpg'] })
    expect(imported.recipe.steps).toMatchObject([
      { body: 'Warm the milk with the fish.' },
      { body: 'Add potatoes and leeks.' },
    ])
  })
})

describe('nothing is half-stored, and it is told why', () => {
  test.each<[Record<string, string>, string, string | undefined, string[]]>([
    [{ html: page('broken') }, 'PAGE_NOT_USABLE', 'BROKEN_JSON_LD', ['input', 'html']],
    [{ html: page('plain') }, 'PAGE_NOT_USABLE', 'NO_RECIPE', ['input', 'html']],
    [{ html: '' }, 'PAGE_NOT_USABLE', 'NO_RECIPE', ['input', 'html']],
    [{ html: '<b>'.repeat(300_000) }, 'PAGE_NOT_USABLE', 'TOO_COMPLEX', ['input', 'html']],
    [{ url: 'http://169.254.169.254/latest/meta-data/' }, 'PAGE_NOT_USABLE', 'ADDRESS_NOT_ALLOWED', ['input', 'url']],
    [{ url: 'http://localhost:8081/' }, 'PAGE_NOT_USABLE', 'ADDRESS_NOT_ALLOWED', ['input', 'url']],
    [{ url: 'file:///etc/passwd' }, 'PAGE_NOT_USABLE', 'ADDRESS_NOT_ALLOWED', ['input', 'url']],
    [{}, 'INVALID_INPUT', undefined, ['input']],
    [{ html: 'x', url: 'https://example.com/' }, 'INVALID_INPUT', undefined, ['input']],
  ])('%#: %.200s', async (input, code, reason, path) => {
    const before = await count()
    const { imported, userErrors } = await run(input)
    expect(imported).toBeNull()
    expect(userErrors).toMatchObject([{ code, path, ...(reason && { reason, __typename: 'PageNotUsable' }) }])
    expect(await count()).toBe(before)
  })

  test('nobody imports without signing in, and nobody without end', async () => {
    expect((await run({ html: page('graph') }, null)).refused).toBe('UNAUTHENTICATED')
    const limited = await startTestServer({ limits: { recipeImportsPerViewer: 2 } })
    const other = new RecipeClient(limited)
    const viewer = await limited.world.person({ handle: 'eager' })
    const codes: (string | null)[] = []
    for (let n = 0; n < 3; n += 1) {
      const { errors } = await other.ask(IMPORT, { input: { html: page('microdata') } }, viewer)
      codes.push(errors?.[0]?.extensions.code ?? null)
    }
    expect(codes).toEqual([null, null, 'RATE_LIMITED'])
    await limited.close()
  })
})
