import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { type Answer, startTestServer, type TestServer } from '../support/server.ts'
import { categoryId, eur, productId, ShopClient, variantId } from '../support/shop.ts'

let server: TestServer
let shop: ShopClient
let staff: Viewer
let ada: Viewer
const shelves: Record<'kitchen' | 'cups' | 'books', Uuid> = { kitchen: '', cups: '', books: '' }

beforeAll(async () => {
  server = await startTestServer()
  shop = new ShopClient(server)
  const { world } = server
  staff = await world.person({ handle: 'staff', role: 'STAFF' })
  ada = await world.person({ handle: 'ada' })
  shelves.kitchen = await world.productCategory(staff, { name: 'Kitchen', position: 2 })
  shelves.cups = await world.productCategory(staff, { name: 'Cups', parentId: shelves.kitchen })
  shelves.books = await world.productCategory(staff, { name: 'Books', position: 1 })
  const colours = (...values: string[]) =>
    values.map((value, at) => ({ name: value, attributes: [{ name: 'colour', value }], quantity: at === 0 ? 5 : 0 }))
  const cup = (name: string, priceMinor: number, ...values: string[]) =>
    shop.product(
      staff,
      shelves.cups,
      colours(...values).map((each) => ({ ...each, price: eur(priceMinor) })),
      { name, description: 'For tea and for coffee.' },
    )
  await cup('Morning Mug', 900, 'blue', 'red')
  await cup('Espresso Cup', 1_100, 'blue')
  await cup('Soup Bowl', 2_600, 'red', 'green')
  await shop.product(staff, shelves.kitchen, [{ price: eur(30_000), quantity: 0 }], {
    name: 'Stove',
    brand: 'Mug & Co',
  })
  await shop.product(staff, shelves.books, [{ price: eur(1_500) }], { name: 'A Book of Bread' })
  await shop.product(staff, shelves.books, [{}], { name: 'A secret book about mugs', isActive: false })
})
afterAll(() => server.close())

const names = async (filter: Record<string, unknown> | null, orderBy = 'PRICE_ASC'): Promise<string[]> => {
  const { data, errors } = await shop.ask(
    'query ($filter: ProductFilter, $orderBy: ProductOrder!) { products(filter: $filter, orderBy: $orderBy) { nodes { name } } }',
    { filter, orderBy },
  )
  expect(errors).toBeUndefined()
  return data.products.nodes.map(({ name }: { name: string }) => name)
}

const price = (amount: string) => ({ amount, currency: 'EUR' })

describe('the products that a visitor finds', () => {
  test.each([
    [
      'all that is on sale, and no draft',
      null,
      ['Morning Mug', 'Espresso Cup', 'A Book of Bread', 'Soup Bowl', 'Stove'],
    ],
    ['of a category', { category: 'cups' }, ['Morning Mug', 'Espresso Cup', 'Soup Bowl']],
    ['of a category and below it', { category: 'kitchen' }, ['Morning Mug', 'Espresso Cup', 'Soup Bowl', 'Stove']],
    ['of a category that there is none of', { category: 'cars' }, []],
    ['by a word of the name, in another form', { text: 'mugs' }, ['Morning Mug', 'Stove']],
    ['by a word of the description', { text: 'coffee -espresso' }, ['Morning Mug', 'Soup Bowl']],
    ['by an attribute', { attributes: [{ name: 'colour', values: ['green', 'none'] }] }, ['Soup Bowl']],
    [
      'by one of several values',
      { attributes: [{ name: 'colour', values: ['green', 'blue'] }] },
      ['Morning Mug', 'Espresso Cup', 'Soup Bowl'],
    ],
    ['from a price on', { priceFrom: price('15') }, ['A Book of Bread', 'Soup Bowl', 'Stove']],
    ['between two prices', { priceFrom: price('10'), priceTo: price('15.00') }, ['Espresso Cup', 'A Book of Bread']],
    ['that can be bought now', { inStock: true }, ['Morning Mug', 'Espresso Cup', 'A Book of Bread', 'Soup Bowl']],
    [
      'of which that very variant can be bought now',
      { inStock: true, attributes: [{ name: 'colour', values: ['red'] }] },
      ['Soup Bowl'],
    ],
    [
      'by everything at once',
      { category: 'kitchen', text: 'tea', priceTo: price('10.99'), inStock: true },
      ['Morning Mug'],
    ],
  ])('%s', async (_, filter, expected) => {
    expect(await names(filter)).toEqual(expected)
  })

  test('come in the order that is asked for', async () => {
    expect(await names({ category: 'cups' }, 'PRICE_DESC')).toEqual(['Soup Bowl', 'Espresso Cup', 'Morning Mug'])
    expect(await names({ category: 'cups' }, 'NEWEST')).toEqual(['Soup Bowl', 'Espresso Cup', 'Morning Mug'])
    expect(await names({ text: 'mug' }, 'RELEVANCE')).toEqual(['Morning Mug', 'Stove'])
  })

  test('page by page are the same list, forward and backward, whatever the order', async () => {
    const query = `query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: ProductOrder!) {
      products(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
        totalCount nodes { name } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }`
    for (const orderBy of ['PRICE_ASC', 'PRICE_DESC', 'NEWEST']) {
      const whole = await names(null, orderBy)
      const walked: string[] = []
      let after: string | null = null
      for (let more = true; more; ) {
        const { products }: Answer['data'] = (await shop.ask(query, { first: 2, after, orderBy })).data
        expect(products.totalCount).toBe(5)
        walked.push(...products.nodes.map(({ name }: { name: string }) => name))
        after = products.pageInfo.endCursor
        more = products.pageInfo.hasNextPage
      }
      expect(walked).toEqual(whole)
      const { products } = (await shop.ask(query, { last: 2, orderBy })).data
      expect(products.nodes.map(({ name }: { name: string }) => name)).toEqual(whole.slice(-2))
    }
  })

  test.each([
    ['another currency', { priceFrom: { amount: '1', currency: 'USD' } }, 'filter.priceFrom.currency'],
    ['too many decimals', { priceTo: { amount: '1.005', currency: 'EUR' } }, 'filter.priceTo.amount'],
  ])('a price with %s is refused', async (_, filter, argument) => {
    const { errors } = await shop.ask('query ($filter: ProductFilter) { products(filter: $filter) { totalCount } }', {
      filter,
    })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: argument.split('.') })
  })
})

test('facets count what one would get, each without its own choice', async () => {
  const query = `query ($filter: ProductFilter) { productFacets(filter: $filter) { inStockCount
    categories { category { slug } count } attributes { name values { value count } }
    priceBands { from { amount } below { amount } count } } }`
  const facets = async (filter: unknown) => (await shop.ask(query, { filter })).data.productFacets
  const all = await facets(null)
  expect(
    all.categories.map((each: { category: { slug: string }; count: number }) => [each.category.slug, each.count]),
  ).toEqual([
    ['books', 1],
    ['kitchen', 4],
    ['cups', 3],
  ])
  expect(all.attributes).toEqual([
    {
      name: 'colour',
      values: [
        { value: 'blue', count: 2 },
        { value: 'red', count: 2 },
        { value: 'green', count: 1 },
      ],
    },
  ])
  expect(all.priceBands.map(({ count }: { count: number }) => count)).toEqual([1, 2, 1, 0, 0, 1])
  expect(all.priceBands[0]).toEqual({ from: null, below: { amount: '10.00' }, count: 1 })
  expect(all.priceBands[5]).toEqual({ from: { amount: '250.00' }, below: null, count: 1 })
  expect(all.inStockCount).toBe(4)
  const chosen = await facets({ category: 'cups', attributes: [{ name: 'colour', values: ['red'] }], inStock: true })
  // Each counts under the other two: red and in stock; cups in stock; red cups.
  expect(
    chosen.categories.map((each: { category: { slug: string }; count: number }) => [each.category.slug, each.count]),
  ).toEqual([
    ['kitchen', 1],
    ['cups', 1],
  ])
  expect(chosen.attributes).toEqual([
    {
      name: 'colour',
      values: [
        { value: 'blue', count: 2 },
        { value: 'red', count: 1 },
      ],
    },
  ])
  expect(chosen.inStockCount).toBe(1)
})

test('the tree of categories is read from its roots, in order, and back up', async () => {
  const { data } = await shop.ask(
    '{ productCategories { nodes { slug depth children { slug depth parent { slug } children { slug } } } } productCategory(slug: "cups") { parent { slug } ancestors { slug } } books: productCategory(slug: "books") { ancestors { slug } } }',
  )
  expect(data.productCategories.nodes).toEqual([
    { slug: 'books', depth: 0, children: [] },
    {
      slug: 'kitchen',
      depth: 0,
      children: [{ slug: 'cups', depth: 1, parent: { slug: 'kitchen' }, children: [] }],
    },
  ])
  expect(data.productCategory).toEqual({ parent: { slug: 'kitchen' }, ancestors: [{ slug: 'kitchen' }] })
  expect(data.books.ancestors).toEqual([])
})

test('the breadcrumbs of a category begin at the root, however deep it lies', async () => {
  let parentId = shelves.kitchen
  for (const name of ['Under one', 'Under two', 'Under three']) {
    parentId = await server.world.productCategory(staff, { name, parentId })
  }
  const { data } = await shop.ask('{ productCategory(slug: "under-three") { ancestors { slug depth } } }')
  expect(data.productCategory.ancestors).toEqual([
    { slug: 'kitchen', depth: 0 },
    { slug: 'under-one', depth: 1 },
    { slug: 'under-two', depth: 2 },
  ])
})

describe('facets', () => {
  const facets = async (filter: unknown) =>
    (
      await shop.ask(
        'query ($filter: ProductFilter) { productFacets(filter: $filter) { attributes { name values { value count } } stars { minStars count } } }',
        { filter },
      )
    ).data.productFacets
  let shelf: Uuid
  const made: Uuid[] = []
  beforeAll(async () => {
    shelf = await server.world.productCategory(staff, { name: 'Shirts' })
    const shirt = (...kinds: [string, string][]) =>
      shop.product(
        staff,
        shelf,
        kinds.map(([colour, size]) => ({
          name: `${colour} ${size}`,
          attributes: [
            { name: 'shade', value: colour },
            { name: 'size', value: size },
          ],
        })),
      )
    for (const kinds of [
      [
        ['navy', 'S'],
        ['white', 'M'],
      ],
      [['navy', 'M']],
      [['white', 'M']],
      [['white', 'L']],
    ] as const) {
      made.push((await shirt(...kinds.map(([colour, size]): [string, string] => [colour, size]))).id)
    }
  })

  test('of attributes count under what is chosen for the others, in one and the same variant', async () => {
    const chosen = { category: 'shirts', attributes: [{ name: 'shade', values: ['navy'] }] }
    expect((await facets(chosen)).attributes).toEqual([
      {
        name: 'shade',
        values: [
          { value: 'white', count: 3 },
          { value: 'navy', count: 2 },
        ],
      },
      {
        name: 'size',
        values: [
          { value: 'M', count: 1 },
          { value: 'S', count: 1 },
        ],
      },
    ])
    // What the facet promises is what the list then has.
    const both = [...chosen.attributes, { name: 'size', values: ['M'] }]
    expect(await names({ category: 'shirts', attributes: both })).toHaveLength(1)
  })

  test('have no more values than a page can show, the most frequent of each name, and no name takes the place of another', async () => {
    const crowd = await server.world.productCategory(staff, { name: 'Crowd' })
    for (let part = 0; part < 3; part++) {
      const variants = Array.from({ length: 20 }, (_, at) => ({
        attributes: [
          { name: 'aroma', value: `aroma ${part * 20 + at}` },
          { name: 'year', value: part === 0 ? '1999' : '2001' },
        ],
      }))
      await shop.product(staff, crowd, variants)
    }
    const [aroma, year] = (await facets({ category: 'crowd' })).attributes
    expect([aroma.name, aroma.values.length]).toEqual(['aroma', 50])
    expect(year.values).toEqual([
      { value: '2001', count: 2 },
      { value: '1999', count: 1 },
    ])
  })

  test('of stars count what has at least so many, each as if no stars had been chosen', async () => {
    const { db } = server.running.atrium.deps
    for (const [at, sum] of [
      [0, 10],
      [1, 9],
      [2, 4],
    ] as const) {
      await db.query('update products set rating_sum = $2, rating_count = 2 where id = $1', [made[at], sum])
    }
    const counts = [1, 2, 2, 3, 3].map((count, at) => ({ minStars: 5 - at, count }))
    expect((await facets({ category: 'shirts' })).stars).toEqual(counts)
    expect((await facets({ category: 'shirts', minStars: 5 })).stars).toEqual(counts)
    for (const { minStars, count } of counts) {
      expect(await names({ category: 'shirts', minStars })).toHaveLength(count)
    }
  })
})

describe('one product', () => {
  test('shows its variants with price, attributes and what can be bought, and a picture that the server draws', async () => {
    const [slug] = (
      await shop.ask('{ products(filter: { text: "morning" }) { nodes { slug } } }')
    ).data.products.nodes.map((each: { slug: string }) => each.slug)
    const { data } = await shop.ask(
      `query ($slug: String!) { product(slug: $slug) { name fromPrice { amount currency minorUnits } averageRating reviewCount
        category { slug } images { url alt } variants { sku price { amount } attributes { name value } available isOnSale product { slug } } } }`,
      { slug },
    )
    expect(data.product).toMatchObject({
      name: 'Morning Mug',
      fromPrice: { amount: '9.00', currency: 'EUR', minorUnits: 900 },
      averageRating: null,
      reviewCount: 0,
      category: { slug: 'cups' },
    })
    expect(data.product.variants).toMatchObject([
      {
        price: { amount: '9.00' },
        attributes: [{ name: 'colour', value: 'blue' }],
        available: 5,
        isOnSale: true,
        product: { slug },
      },
      { attributes: [{ name: 'colour', value: 'red' }], available: 0 },
    ])
    const [image] = data.product.images
    const response = await fetch(image.url)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8')
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    expect(await response.text()).toMatch(/^<svg /)
  })

  test.each(['/art/mug/%2e%2e.svg', '/art/dragon/a.svg', '/art/mug/a.png', '/art/mug/A.svg', '/art/__proto__/a.svg'])(
    'there is no picture at %s',
    async (path) => {
      expect((await fetch(server.url + path)).status).toBe(404)
    },
  )
})

describe('who may see a product', () => {
  test.each([
    ['DRAFT', 'nobody', false],
    ['DRAFT', 'member', false],
    ['DRAFT', 'staff', true],
    ['ACTIVE', 'nobody', true],
    ['ACTIVE', 'member', true],
    ['ACTIVE', 'staff', true],
    ['ARCHIVED', 'nobody', true],
    ['ARCHIVED', 'member', true],
    ['ARCHIVED', 'staff', true],
  ])('%s, %s: %s, by its id, its slug and its variant', async (status, who, may) => {
    const viewer = { nobody: null, member: ada, staff }[who] ?? null
    const slug = `${status}-${who}`.toLowerCase()
    const made = await shop.product(staff, shelves.books, [{}], { slug, isActive: status !== 'DRAFT' })
    if (status === 'ARCHIVED')
      await shop.run('archiveProduct', staff, { id: productId(made.id) }, 'product { id }', 'ShopIdInput')
    const { data } = await shop.ask(
      'query ($id: ID!, $variant: ID!, $slug: String!) { byId: node(id: $id) { id } byVariant: node(id: $variant) { id } product(slug: $slug) { id } }',
      { id: productId(made.id), variant: variantId(made.variants[0]), slug },
      viewer,
    )
    expect(Object.values(data).map((found) => found !== null)).toEqual([may, may, may])
  })
})

test('a wishlist holds a product once, however often it is wished for, and shows what is still sold', async () => {
  const { id } = await shop.product(staff, shelves.books)
  const wish = (mutation: string, viewer: Viewer | null) =>
    shop.run(mutation, viewer, { productId: productId(id) }, 'product { viewerWishes wishCount }', 'WishInput')
  expect((await wish('addWish', null)).refused).toBe('UNAUTHENTICATED')
  const wished = await Promise.all(Array.from({ length: 10 }, () => wish('addWish', ada)))
  for (const { value } of wished) expect(value).toEqual({ viewerWishes: true, wishCount: 1 })
  const list = async () =>
    (await shop.ask('{ viewer { wishlist { totalCount nodes { id } } } }', {}, ada)).data.viewer.wishlist
  expect(await list()).toEqual({ totalCount: 1, nodes: [{ id: productId(id) }] })
  await shop.run('archiveProduct', staff, { id: productId(id) }, 'product { id }', 'ShopIdInput')
  expect(await list()).toEqual({ totalCount: 0, nodes: [] })
  expect((await wish('removeWish', ada)).value).toEqual({ viewerWishes: false, wishCount: 0 })
  expect(
    (await shop.run('addWish', ada, { productId: categoryId(id) }, 'product { id }', 'WishInput')).userErrors,
  ).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'productId'] }])
})

describe('what has sold out in its cheapest variant', () => {
  let category: string
  const FROM = 'name fromPrice { minorUnits } inStock: fromPrice(inStock: true) { minorUnits }'

  beforeAll(async () => {
    const lamps = await server.world.productCategory(staff, { name: 'Lamps' })
    const rows = await server.running.atrium.deps.db.query<{ slug: string }>(
      'select slug from product_categories where id = $1',
      [lamps],
    )
    category = rows[0]?.slug ?? ''
    const lamp = (name: string, ...variants: [priceMinor: number, quantity: number][]) =>
      shop.product(
        staff,
        lamps,
        variants.map(([priceMinor, quantity], at) => ({ name: `${at}`, price: eur(priceMinor), quantity })),
        { name },
      )
    await lamp('Reading Lamp', [500, 0], [3_000, 4])
    await lamp('Night Light', [2_000, 3])
    await lamp('Lantern', [4_000, 1], [700, 0])
    await lamp('Chandelier', [100, 0])
  })

  test('is sorted and narrowed by what it costs to buy it now, and in a list of everything by its cheapest variant', async () => {
    const inStock = { category, inStock: true }
    expect(await names({ category })).toEqual(['Chandelier', 'Reading Lamp', 'Lantern', 'Night Light'])
    expect(await names(inStock)).toEqual(['Night Light', 'Reading Lamp', 'Lantern'])
    expect(await names(inStock, 'PRICE_DESC')).toEqual(['Lantern', 'Reading Lamp', 'Night Light'])
    expect(await names({ ...inStock, priceTo: price('30') })).toEqual(['Night Light', 'Reading Lamp'])
    expect(await names({ ...inStock, priceFrom: price('20.01') })).toEqual(['Reading Lamp', 'Lantern'])
    expect(await names({ category, priceTo: price('7.00') })).toEqual(['Chandelier', 'Reading Lamp', 'Lantern'])
  })

  test('is listed page by page in the same order', async () => {
    const seen: string[] = []
    let after: string | null = null
    do {
      const query = `query ($filter: ProductFilter, $after: String) { products(first: 1, after: $after, filter: $filter, orderBy: PRICE_ASC) {
        nodes { name } pageInfo { hasNextPage endCursor } } }`
      const { data }: Answer = await shop.ask(query, { filter: { category, inStock: true }, after })
      seen.push(...data.products.nodes.map(({ name }: { name: string }) => name))
      after = data.products.pageInfo.hasNextPage ? data.products.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toEqual(['Night Light', 'Reading Lamp', 'Lantern'])
  })

  test('shows either price, and stands in the band of prices in which it would be found', async () => {
    const { data } = await shop.ask(
      `query ($filter: ProductFilter!, $all: ProductFilter!) { products(filter: $all, orderBy: PRICE_ASC) { nodes { ${FROM} } }
        productFacets(filter: $filter) { priceBands { from { minorUnits } count } } }`,
      { filter: { category, inStock: true }, all: { category } },
    )
    expect(data.products.nodes).toEqual([
      { name: 'Chandelier', fromPrice: { minorUnits: 100 }, inStock: null },
      { name: 'Reading Lamp', fromPrice: { minorUnits: 500 }, inStock: { minorUnits: 3_000 } },
      { name: 'Lantern', fromPrice: { minorUnits: 700 }, inStock: { minorUnits: 4_000 } },
      { name: 'Night Light', fromPrice: { minorUnits: 2_000 }, inStock: { minorUnits: 2_000 } },
    ])
    const counts = data.productFacets.priceBands.map((band: { count: number }) => band.count)
    expect(counts).toEqual([0, 1, 2, 0, 0, 0])
  })
})
