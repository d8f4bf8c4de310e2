import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { CART, ShopClient } from '../support/shop.ts'
import { type Statement, Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let shop: ShopClient
let staff: Viewer
let ada: Viewer

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  // Mails and the clock would be heard among the statements that are counted.
  await server.running.atrium.queue.stop(1_000)
  shop = new ShopClient(server)
  const { world } = server
  staff = await world.person({ handle: 'staff', role: 'STAFF' })
  ada = await world.person({ handle: 'ada' })
  const root = await world.productCategory(staff, { name: 'Root' })
  const shelves = await Promise.all(
    ['One', 'Two', 'Three'].map((name) => world.productCategory(staff, { name, parentId: root })),
  )
  for (let number = 0; number < 50; number++) {
    const variants = Array.from({ length: 1 + (number % 3) }, (_, at) => ({
      attributes: [{ name: 'size', value: String(at) }],
    }))
    const { variants: made } = await shop.product(staff, shelves[number % 3] ?? '', variants)
    await shop.add(ada, made[0] ?? '')
  }
  // Half of them have a review of hers.
  await server.running.atrium.deps.db.query(
    `with made as (insert into subjects (id, kind) select gen_random_uuid(), 'REVIEW' from generate_series(1, 25) returning id),
       numbered as (select id, row_number() over () as n from made)
     insert into reviews (id, subject_id, author_id, stars, text) select id, product, $1::text::uuid, 5, 'Good.'
     from numbered join (select id as product, row_number() over (order by created_at) * 2 as n from products) p on p.n = numbered.n * 4`,
    [ada.accountId],
  )
}, 120_000)
afterAll(() => server.close())

/** Asks once to have everything warm, then again while the statements are counted. */
async function sentFor(query: string, variables: object = {}, viewer: Viewer | null = null): Promise<Statement[]> {
  const check = async (): Promise<void> => {
    expect((await shop.ask(query, { ...variables }, viewer)).errors).toBeUndefined()
  }
  await check()
  return statements.during(check)
}

const LIST = `query ($n: Int!) { products(first: $n, filter: { category: "root", inStock: true }) { nodes {
  name description fromPrice { amount } inStock: fromPrice(inStock: true) { amount } averageRating reviewCount ratingCounts { count } wishCount viewerWishes viewerReview { stars } viewerMayReview
  reviews(first: 3, stars: 5) { nodes { text helpfulCount author { handle } } } category { name parent { name } ancestors { name } } images { url alt }
  variants { sku price { amount } available attributes { name value } } } } }`

describe('a list costs as many statements for fifty rows as for five', () => {
  test('products with category, pictures, variants, attributes and stock: one a relation', async () => {
    const sent = await sentFor(LIST, { n: 50 })
    // Parents are categories as well.
    expect(new Set(sent.map(({ text }) => text)).size).toBe(sent.length - 1)
    expect(sent.length).toBe((await sentFor(LIST, { n: 5 })).length)
    // products, texts, prices of what is in stock, wish counts, categories, their parents and breadcrumbs, images, variants, stock, attributes, stars,
    // reviews and their authors
    expect(sent).toHaveLength(14)
    // Who they are, what they wish for, what they have reviewed, what it is and whether they have bought the others.
    expect(await sentFor(LIST, { n: 50 }, ada)).toHaveLength(19)
    expect(await sentFor(LIST, { n: 5 }, ada)).toHaveLength(19)
  })

  test('a cart of fifty lines', async () => {
    // Who asks; the cart; its goods; its seats; its coupons; the variants of the lines.
    expect(await sentFor(`{ cart { ${CART} } }`, {}, ada)).toHaveLength(6)
  })

  test('the ledger of many variants, for staff', async () => {
    const ledger =
      'query ($n: Int!) { products(first: $n) { nodes { variants { onShelf lowStockAt movements(first: 2) { nodes { quantity } } } } } }'
    expect(await sentFor(ledger, { n: 50 }, staff)).toHaveLength(5)
  })
})

test('each facet is one statement, and none is sent that nobody asked for', async () => {
  const facets = {
    categories: 'categories { count category { name } }',
    attributes: 'attributes { name }',
    priceBands: 'priceBands { count }',
    stars: 'stars { count }',
    inStockCount: 'inStockCount',
  }
  for (const field of Object.values(facets)) {
    expect(await sentFor(`{ productFacets(filter: { text: "product" }) { ${field} } }`)).toHaveLength(1)
  }
  expect(await sentFor(`{ productFacets { ${Object.values(facets).join(' ')} } }`)).toHaveLength(5)
})

test('the texts of products stay in the database unless they are asked for', async () => {
  const [list, ...others] = await sentFor('{ products { nodes { name fromPrice { amount } } } }')
  expect(others).toEqual([])
  expect(list?.text).not.toMatch(/"description"|"search"/)
})
