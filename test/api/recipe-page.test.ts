import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeId, parseId } from '../../src/core/ids.ts'
import { DEMO_RECIPES } from '../../src/demo/recipe-texts.ts'
import { readPage } from '../../src/domain/recipe/import/page.ts'
import { createRecipe } from '../../src/domain/recipe/recipe.ts'
import { reviewSubject } from '../../src/domain/review/review.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { RecipeClient } from '../support/recipe.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { photograph, ready } from '../support/upload.ts'

let server: TestServer
let client: RecipeClient
let chef: Viewer
let cook: Viewer
/** Of the buns, with everything that a recipe can have. */
let address: string
let pictures: string[]

const BUNS = {
  title: 'Buns & <i>Butter</i>',
  summary: 'Soft ones.\nFor </script> Sunday.',
  servings: 4,
  makes: '12 buns',
  prepMinutes: 30,
  cookMinutes: 0,
  totalMinutes: 95,
  cuisine: 'Swedish',
  diets: ['VEGETARIAN', 'LOW_LACTOSE'],
  labels: ['Baking', 'Slow weekend'],
  nutrition: { energyKcal: '312.5', proteinG: '8.1', sodiumMg: '120' },
  ingredients: [
    { quantity: '2 1/4', unit: 'cup', food: 'flour', group: 'Dough', note: 'sifted, twice' },
    { quantity: '1/3', unit: 'cup', food: 'milk', group: 'Dough' },
    { quantity: '2', upTo: '3', food: 'eggs', group: 'Dough' },
    { quantity: '1', unit: 'pinch', food: 'salt', group: 'Dough' },
    { quantity: '50', unit: 'g', food: 'butter', group: 'Top', isOptional: true },
    { food: 'pearl sugar', group: 'Top', note: 'to taste' },
  ],
  steps: [
    { body: 'Knead **well**, and say "<script>".', section: 'Dough', minutes: 15 },
    { body: 'Let it rise.', section: 'Dough', minutes: 50 },
    { body: 'Bake.' },
  ],
}

beforeAll(async () => {
  server = await startTestServer({
    isWebAddressAllowed: (host, port) => host === '127.0.0.1' && port === server.running.port,
  })
  client = new RecipeClient(server)
  chef = await server.world.person({ handle: 'chef', name: 'Chef <b>Anna</b>', role: 'CHEF' })
  cook = await server.world.person({ handle: 'cook' })
  const token = await client.tokenOf(chef)
  pictures = [
    await ready(server, token, { use: 'RECIPE_IMAGE', content: await photograph(1500, 1000) }),
    await ready(server, token, { use: 'RECIPE_IMAGE', content: await photograph(300, 200) }),
  ]
  const images = pictures.map((uploadId, at) => ({ uploadId, alt: `Bun "${at + 1}"` }))
  const { recipe, userErrors } = await client.run('createRecipe', chef, { ...BUNS, images })
  expect(userErrors).toEqual([])
  await client.run('publishRecipe', chef, { id: recipe.id })
  address = recipe.url
  const on = { kind: 'RECIPE', id: parseId(recipe.id)?.uuid ?? '' } as const
  await reviewSubject(server.running.atrium.deps, cook, { on, stars: 4, text: 'Good.' })
}, 60_000)
afterAll(() => server.close())

const open = async (url: string, headers: Record<string, string> = { accept: 'text/html' }) => {
  const response = await fetch(url, { headers, redirect: 'manual' })
  return { status: response.status, headers: response.headers, html: await response.text() }
}
const texts = (html: string, tag: string): string[] =>
  [...html.matchAll(new RegExp(`<${tag}(?: [^>]*)?>(.*?)</${tag}>`, 'gs'))].map(([, inner = '']) =>
    inner.replace(/<[^>]+>/g, '').trim(),
  )
/** The lines of the list of ingredients. */
const lines = (html: string): string[] => texts(html.slice(html.indexOf('class="cook"'), html.indexOf('Method')), 'li')
const structured = (html: string) =>
  JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1] ?? 'null')

describe('the page of a published recipe', () => {
  test('says what a cook wants to know, and nothing in it is taken for a tag', async () => {
    const { status, html } = await open(address)
    expect(status).toBe(200)
    expect(texts(html, 'h1')).toEqual(['Buns &amp; &lt;i&gt;Butter&lt;/i&gt;'])
    expect(html).toContain('By Chef &lt;b&gt;Anna&lt;/b&gt;')
    expect(html).toContain('4 of 5 stars (1 review)')
    for (const shown of [
      '>4</dd>',
      '12 buns',
      '30 min',
      '1 h 35 min',
      'Swedish',
      'Low lactose',
      '312.5 kcal',
      '120 mg',
    ]) {
      expect(html).toContain(shown)
    }
    expect(html).not.toContain('Cooking')
    expect(texts(html, 'h3')).toEqual(['Dough', 'Top', 'Dough'])
    expect(lines(html)).toEqual([
      '2¼ cups flour, sifted, twice',
      '⅓ cup milk',
      '2–3 eggs',
      '1 pinch salt',
      '50 g butter (optional)',
      'pearl sugar, to taste',
    ])
    expect(html).toContain('<strong>well</strong>')
    expect(html.match(/<ol start="\d">/g)).toEqual(['<ol start="1">', '<ol start="3">'])
    expect(texts(html, 'li').slice(-2)).toEqual(['Baking', 'Slow weekend'])
    expect(html.match(/<script/g)).toEqual(['<script'])
  })

  test('shows its pictures in the standard sizes, each of which is there, and nothing of other hosts', async () => {
    const { html, headers } = await open(address)
    const [cover = '', small = ''] = html.match(/<picture.*?<\/picture>/gs) ?? []
    expect(cover).toContain('alt="Bun &quot;1&quot;"')
    expect(cover).toContain('width="1500" height="1000"')
    expect([...cover.matchAll(/type="image\/(\w+)"/g)].map(([, type]) => type)).toEqual(['avif', 'webp'])
    const folder = `/files/${pictures[0]}`
    expect(/<img src="([^"]*)" srcset="([^"]*)"/.exec(cover)?.slice(1)).toEqual([
      `${folder}/large.jpeg`,
      `${folder}/thumbnail.jpeg 200w, ${folder}/small.jpeg 480w, ${folder}/medium.jpeg 1024w, ${folder}/large.jpeg 1500w`,
    ])
    // Never enlarged, so it is not offered twice.
    expect(/<img src="[^"]*" srcset="([^"]*)"/.exec(small)?.[1]?.match(/ \d+w/g)).toEqual([' 200w', ' 300w'])
    const files = [...new Set(html.match(/\/files\/[^" ]+/g))]
    expect(files.length).toBeGreaterThan(15)
    for (const file of files) expect([file, (await fetch(server.url + file)).status]).toEqual([file, 200])
    const elsewhere = [...html.matchAll(/(?:src|srcset|href|action)="(https?:[^"]*)"/g)].map(([, url]) => url)
    expect(elsewhere).toEqual([address])
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; img-src 'self'; form-action 'self'; frame-ancestors 'none'$/,
    )
  })

  test('says what pictures in its steps show, whose hosts are not asked for them', async () => {
    const body =
      'Fold ![a "neat" fold](https://elsewhere.example/fold.jpg) and <img src="https://elsewhere.example/turn.jpg" alt="turn < left"> it.<img src="https://elsewhere.example/dot.gif">'
    const steps = [{ body }]
    const { recipe, userErrors } = await client.run('createRecipe', chef, { ...BUNS, title: 'Folded', steps })
    expect(userErrors).toEqual([])
    expect(recipe.steps[0].bodyHtml.match(/<img /g)).toHaveLength(3)
    await client.run('publishRecipe', chef, { id: recipe.id })
    const { html } = await open(recipe.url)
    expect(texts(html.slice(html.indexOf('Method')), 'li')[0]).toBe(
      'Fold a &quot;neat&quot; fold and turn &lt; left it.',
    )
    expect(html).not.toContain('elsewhere.example')
    await client.run('archiveRecipe', chef, { id: recipe.id })
  })

  test('is found under one address by search engines and in previews of links', async () => {
    const { html, headers } = await open(`${address}?servings=8&units=metric`)
    expect(html).toContain(`<link rel="canonical" href="${address}" />`)
    expect(html).toContain('<meta property="og:title" content="Buns &amp; &lt;i&gt;Butter&lt;/i&gt;" />')
    expect(html).toContain(`<meta property="og:image" content="${server.url}/files/${pictures[0]}/large.jpeg" />`)
    expect(html).not.toContain('noindex')
    expect(headers.get('x-robots-tag')).toBeNull()
  })

  test.each([
    ['servings=8', ['4½ cups flour, sifted, twice', '⅔ cup milk', '4–6 eggs'], '8'],
    ['servings=1', ['⅝ cup flour, sifted, twice', '⅛ cup milk', '½–¾ eggs'], '1'],
    ['units=metric', ['281 g flour, sifted, twice', '78.9 ml milk', '2–3 eggs'], '4'],
    ['servings=8&units=us', ['4½ cups flour, sifted, twice', '⅔ cup milk', '4–6 eggs'], '8'],
    ['units=constructor', ['2¼ cups flour, sifted, twice', '⅓ cup milk', '2–3 eggs'], '4'],
    ['servings=&units=', ['2¼ cups flour, sifted, twice', '⅓ cup milk', '2–3 eggs'], '4'],
  ])('is computed for ?%s', async (query, expected, servings) => {
    const { html } = await open(`${address}?${query}`)
    expect(lines(html).slice(0, 3)).toEqual(expected)
    expect(html).toContain(`name="servings" min="1" max="1000" required value="${servings}"`)
    expect(html).not.toContain('role="alert"')
    const units = /units=(metric|us)/.exec(query)?.[1] ?? ''
    expect(html.match(/<option value="\w*" selected>/g)).toEqual([`<option value="${units}" selected>`])
    // Programs are told the recipe, and not what somebody made of it.
    expect(structured(html).recipeIngredient[0]).toBe('2¼ cups flour, sifted, twice')
    expect(structured(html).recipeYield).toEqual(['4 servings', '12 buns'])
  })

  test.each([
    'servings=0',
    'servings=-1',
    'servings=1001',
    'servings=2.5',
    'servings=%3Cb%3E',
    'servings=1&servings=2',
  ])('says so where nobody cooks for ?%s', async (query) => {
    const { status, html } = await open(`${address}?${query}&units=stone`)
    expect(status).toBe(200)
    expect(html).toContain('role="alert"')
    expect(lines(html)[0]).toBe('2¼ cups flour, sifted, twice')
  })

  test('is sent once to who has it, and again when something of it has changed', async () => {
    const { headers } = await open(address)
    const etag = headers.get('etag') ?? ''
    expect(headers.get('cache-control')).toBe('no-cache')
    expect((await open(address, { 'if-none-match': etag })).status).toBe(304)
    expect((await open(`${address}?servings=2`, { 'if-none-match': etag })).status).toBe(200)
    const critic = await server.world.person({ handle: 'critic' })
    const [{ id } = { id: '' }] = await server.running.atrium.deps.db.query<{ id: string }>(
      'select id from recipes where title = $1',
      [BUNS.title],
    )
    await reviewSubject(server.running.atrium.deps, critic, { on: { kind: 'RECIPE', id }, stars: 1, text: '' })
    const again = await open(address, { 'if-none-match': etag })
    expect(again.status).toBe(200)
    expect(again.html).toContain('2.5 of 5 stars (2 reviews)')
  })

  test('is reached by a former address, and by one in capitals', async () => {
    const id = await server.world.recipes.published(chef, { title: 'Old name' })
    await client.run('updateRecipe', chef, { id: encodeId('recipe', id), title: 'New name', slug: 'new-name' })
    for (const path of ['/recipes/chef/old-name', '/recipes/CHEF/new-name']) {
      const { status, headers } = await open(`${server.url}${path}?servings=2`)
      expect([path, status, headers.get('location')]).toEqual([path, 302, '/recipes/chef/new-name?servings=2'])
    }
  })

  test('is not there for drafts, for what was taken off the lists, and for nothing at all: a page says so', async () => {
    const draft = await client.run('createRecipe', chef, { title: 'Secret pie', servings: 2 })
    const archived = await server.world.recipes.published(chef, { title: 'Gone pie' })
    const gone = (await client.see(chef, archived)).url
    expect((await open(gone)).status).toBe(200)
    await client.run('archiveRecipe', chef, { id: encodeId('recipe', archived) })
    const token = await client.tokenOf(chef)
    for (const url of [draft.recipe.url, gone, `${server.url}/recipes/chef/none`, `${server.url}/recipes/a%00b/c%00`]) {
      const { status, html, headers } = await open(url, { accept: 'text/html', authorization: `Bearer ${token}` })
      expect([url, status]).toEqual([url, 404])
      expect(headers.get('content-type')).toContain('text/html')
      expect(headers.get('cache-control')).toContain('no-store')
      expect(html).not.toContain('pie')
      expect(html).toContain('There is no such recipe')
    }
  })

  test('holds nothing that only some may see', async () => {
    const { html } = await open(address)
    const [{ email } = { email: 'nobody' }] = await server.running.atrium.deps.db.query<{ email: string }>(
      "select email from accounts where handle = 'chef'",
    )
    for (const secret of [email, 'critic', chef.accountId]) expect(html).not.toContain(secret)
  })
})

const READ = `mutation ($input: ImportRecipeInput!) { importRecipe(input: $input) { imported { author imageUrls unread { field text message } recipe { id sourceUrl } } userErrors { code message } } }`
const CONTENT = `title summary servings makes prepMinutes cookMinutes totalMinutes cuisine diets labels { slug }
  nutrition { energyKcal proteinG fatG carbohydrateG fibreG sodiumMg }
  ingredients { text quantity { ratio } upTo { ratio } unit { code } foodName food { slug } note isOptional } steps { section bodyHtml minutes }`
/** A recipe as it came back through its page, beside itself. */
async function besideItself(url: string, copyId: string) {
  const [, , , , handle, slug] = url.split('/')
  const original = await client.ask(
    `query ($chef: String!, $slug: String!) { recipe(chef: $chef, slug: $slug) { ${CONTENT} } }`,
    { chef: handle, slug },
  )
  const copy = await client.ask(
    `query ($id: ID!) { node(id: $id) { ... on Recipe { ${CONTENT} } } }`,
    { id: copyId },
    cook,
  )
  expect([original.errors, copy.errors]).toEqual([undefined, undefined])
  return { original: original.data.recipe, copy: copy.data.node }
}

describe('what the page tells programs', () => {
  test('is read back by importRecipe: everything but emphasis, lines in a text and the parts of the list', async () => {
    const { data } = await client.ask(READ, { input: { url: address } }, cook)
    const { imported, userErrors } = data.importRecipe
    expect(userErrors).toEqual([])
    expect(imported).toMatchObject({
      author: 'Chef Anna',
      imageUrls: pictures.map((id) => `${server.url}/files/${id}/large.jpeg`),
      unread: [],
      recipe: { sourceUrl: address },
    })
    const { original, copy } = await besideItself(address, imported.recipe.id)
    expect(copy.ingredients).toEqual(original.ingredients)
    expect(copy).toMatchObject({
      ...{ servings: 4, makes: '12 buns', prepMinutes: 30, cookMinutes: 0, totalMinutes: 95, cuisine: 'Swedish' },
      ...{ diets: original.diets, labels: original.labels, nutrition: original.nutrition },
    })
    expect(copy.steps.map(({ section, minutes }: (typeof copy.steps)[number]) => [section, minutes])).toEqual([
      ['Dough', 15],
      ['Dough', 50],
      [null, null],
    ])
  })

  test('is the same recipe again for all of the demo', async () => {
    const viewer = await server.world.person({ handle: 'box', role: 'CHEF' })
    expect(DEMO_RECIPES.length).toBeGreaterThan(20)
    for (const { recipe } of DEMO_RECIPES) {
      const { url } = await client.see(viewer, await server.world.recipes.published(viewer, recipe))
      const { html } = await open(url)
      const reading = readPage(html)
      if (!('read' in reading)) throw new Error(`${url}: ${reading.problem}`)
      expect([url, reading.read.unread]).toEqual([url, []])
      const id = await createRecipe(server.running.atrium.deps, cook, reading.read.recipe)
      const { original, copy } = await besideItself(url, encodeId('recipe', id))
      const strip = ({ steps, nutrition, ...rest }: typeof copy) => ({
        ...rest,
        // What was added up is taken as given, and kept to two places.
        nutrition:
          nutrition && Object.fromEntries(Object.entries(nutrition).map(([name, value]) => [name, Number(value)])),
        steps: steps.map(({ bodyHtml, ...step }: { bodyHtml: string }) => ({
          ...step,
          text: bodyHtml.replace(/<[^>]+>/g, ''),
        })),
      })
      expect(strip(copy)).toEqual(strip(original))
    }
  }, 120_000)
})
