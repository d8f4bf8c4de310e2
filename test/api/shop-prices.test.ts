import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { categoryId, eur, productId, ShopClient, variantId } from '../support/shop.ts'
import { Statements } from '../support/statements.ts'

const statements = new Statements()
let server: TestServer
let shop: ShopClient
let staff: Viewer
let ada: Viewer
let shelves = 0

beforeAll(async () => {
  server = await startTestServer({ onStatement: statements.hear })
  // The queue would be heard among the statements that are counted.
  await server.running.atrium.queue.stop(1_000)
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
})
afterAll(() => server.close())

const price = (amount: string) => ({ amount, currency: 'EUR' })
const preview = (input: object, viewer: Viewer = staff) =>
  shop.ask(
    'query ($input: PriceChangePreviewInput!) { priceChangePreview(input: $input) { count prices { variant { sku } before { minorUnits } after { minorUnits } } } }',
    { input },
    viewer,
  )
const change = (input: Record<string, unknown>) => shop.run('changePrices', staff, input, 'changedCount')
const pricesOf = async (product: Uuid) => {
  const { data } = await shop.ask(
    'query ($id: ID!) { node(id: $id) { ... on Product { fromPrice { minorUnits } variants { price { minorUnits } priceChanges { totalCount nodes { id before { minorUnits } after { minorUnits } note actor { handle } } } } } } }',
    { id: productId(product) },
    staff,
  )
  return data.node
}

/** A shelf with another one below it, and a product on each: of 10.00 and 20.00, and of 0.05. */
async function shelf() {
  const parentId = await server.world.productCategory(staff, { name: `Shelf ${++shelves}` })
  const below = await server.world.productCategory(staff, { name: `Below ${shelves}`, parentId })
  const sku = (at: number) => `PRICED-${shelves}-${at}`
  const large = await shop.product(staff, parentId, [
    { sku: sku(1), price: eur(1_000) },
    { sku: sku(2), price: eur(2_000) },
  ])
  const small = await shop.product(staff, below, [{ sku: sku(3), price: eur(5) }], { isActive: false })
  const old = await shop.product(staff, below, [{ sku: sku(4), price: eur(700) }])
  await shop.run('archiveProduct', staff, { id: productId(old.id) }, 'product { id }', 'ShopIdInput')
  return { id: categoryId(parentId), large, small, old, sku }
}

describe('prices', () => {
  test('of a category and below it change by a percentage as the preview said, drafts too and nothing that is archived', async () => {
    const { id, large, small, old, sku } = await shelf()
    const terms = { categoryId: id, percentBasisPoints: -1_000 }
    const { data } = await preview(terms)
    expect(data.priceChangePreview).toEqual({
      count: 2,
      // Half a cent goes up: five cents stay five cents, and are not counted.
      prices: [
        { variant: { sku: sku(1) }, before: { minorUnits: 1_000 }, after: { minorUnits: 900 } },
        { variant: { sku: sku(2) }, before: { minorUnits: 2_000 }, after: { minorUnits: 1_800 } },
      ],
    })
    expect((await pricesOf(large.id)).fromPrice.minorUnits).toBe(1_000)
    expect(await change({ ...terms, expectedCount: 2, note: 'Summer.' })).toMatchObject({ value: 2, userErrors: [] })
    expect((await pricesOf(large.id)).fromPrice.minorUnits).toBe(900)
    expect((await change({ categoryId: id, percentBasisPoints: 10_000 })).value).toBe(3)
    expect((await pricesOf(small.id)).fromPrice.minorUnits).toBe(10)
    expect((await pricesOf(old.id)).fromPrice.minorUnits).toBe(700)
  })

  test('of a list of SKUs, in any case, become one price', async () => {
    const { large, sku } = await shelf()
    const done = await change({ skus: [sku(2).toLowerCase(), sku(4), sku(2)], price: price('8.50') })
    expect(done).toMatchObject({ value: 2, userErrors: [] })
    const { fromPrice, variants } = await pricesOf(large.id)
    // The list is sorted by what the cheapest costs now.
    expect([fromPrice, ...variants.map((variant: { price: object }) => variant.price)]).toEqual([
      { minorUnits: 850 },
      { minorUnits: 1_000 },
      { minorUnits: 850 },
    ])
  })

  test('are written down with who changed them and why, one by one and many at once, and nobody rewrites that', async () => {
    const { large, sku } = await shelf()
    const [first] = large.variants
    const update = (amount: string) =>
      shop.run('updateVariant', staff, { id: variantId(first), price: price(amount) }, 'variant { id }')
    await update('11')
    await update('11.00')
    await change({ skus: [sku(1)], percentBasisPoints: 5_000, note: 'Tin is dear.' })
    const { priceChanges } = (await pricesOf(large.id)).variants[0]
    expect(priceChanges).toEqual({
      totalCount: 2,
      nodes: [
        {
          id: expect.stringMatching(/^pricechange_/),
          before: { minorUnits: 1_100 },
          after: { minorUnits: 1_650 },
          note: 'Tin is dear.',
          actor: { handle: 'staff' },
        },
        {
          id: expect.any(String),
          before: { minorUnits: 1_000 },
          after: { minorUnits: 1_100 },
          note: '',
          actor: { handle: 'staff' },
        },
      ],
    })
    const { db } = server.running.atrium.deps
    for (const rewriting of ['delete from price_changes', 'update price_changes set to_minor = 1']) {
      await expect(db.query(rewriting)).rejects.toThrow('price changes are only ever added')
    }
    const node = 'query ($id: ID!) { node(id: $id) { __typename } }'
    const found = async (viewer: Viewer | null) =>
      (await shop.ask(node, { id: priceChanges.nodes[0].id }, viewer)).data?.node ?? null
    expect([await found(staff), await found(ada), await found(null)]).toEqual([
      { __typename: 'PriceChange' },
      null,
      null,
    ])
  })

  test('that change are told in carts', async () => {
    const { large, sku } = await shelf()
    await shop.add(ada, large.variants[0] ?? '')
    await change({ skus: [sku(1)], price: price('12') })
    expect((await shop.cart(ada)).lines.at(-1).problems).toEqual([
      { code: 'PRICE_CHANGED', available: null, seenPrice: { minorUnits: 1_000 } },
    ])
  })

  test('are not changed where the preview is no longer true', async () => {
    const { id, large } = await shelf()
    const done = await change({ categoryId: id, price: price('3'), expectedCount: 2 })
    expect(done).toMatchObject({
      value: null,
      userErrors: [
        { code: 'INVALID_INPUT', path: ['input', 'expectedCount'], message: 'By now 3 prices would change.' },
      ],
    })
    expect((await pricesOf(large.id)).fromPrice.minorUnits).toBe(1_000)
  })

  test('rise once for one idempotency key, also of twenty requests at once', async () => {
    const { large, sku } = await shelf()
    const terms = { skus: [sku(1)], percentBasisPoints: 1_000, idempotencyKey: `rise-once-${shelves}` }
    const done = await Promise.all(Array.from({ length: 20 }, () => change(terms)))
    expect(done.map(({ value }) => value)).toEqual(Array(20).fill(1))
    expect((await pricesOf(large.id)).variants[0].price.minorUnits).toBe(1_100)
    expect((await change({ ...terms, percentBasisPoints: 2_000 })).userErrors).toMatchObject([{ code: 'CONFLICT' }])
  })

  test('that many change at once are each right, and the cheapest is the cheapest', async () => {
    const { id, large, sku } = await shelf()
    await Promise.all(
      Array.from({ length: 24 }, (_, at) =>
        at % 3 === 0
          ? change({ categoryId: id, percentBasisPoints: 10_000 })
          : at % 3 === 1
            ? change({ skus: [sku(2), sku(1)], percentBasisPoints: -5_000 })
            : shop.run(
                'updateVariant',
                staff,
                { id: variantId(large.variants[1]), name: `Number ${at}` },
                'variant { id }',
              ),
      ),
    )
    const { fromPrice, variants } = await pricesOf(large.id)
    expect([fromPrice, ...variants.map((variant: { price: object }) => variant.price)]).toEqual([
      { minorUnits: 1_000 },
      { minorUnits: 1_000 },
      { minorUnits: 2_000 },
    ])
    expect(variants[0].priceChanges.totalCount).toBe(16)
  })
})

describe('a change of prices is refused as a whole', () => {
  test.each([
    ['of nothing', {}, 'INVALID_INPUT', 'skus'],
    ['of no SKU', { skus: [], percentBasisPoints: 100 }, 'INVALID_INPUT', 'skus'],
    ['by nothing', { skus: ['known'] }, 'INVALID_INPUT', 'price'],
    ['by two things', { skus: ['known'], price: price('1'), percentBasisPoints: 1 }, 'INVALID_INPUT', 'price'],
    ['by no percent', { skus: ['known'], percentBasisPoints: 0 }, 'INVALID_INPUT', 'percentBasisPoints'],
    ['down to nothing', { skus: ['known'], percentBasisPoints: -10_000 }, 'INVALID_INPUT', 'percentBasisPoints'],
    [
      'out of what a card can pay',
      { skus: ['known'], percentBasisPoints: 100_000 },
      'INVALID_INPUT',
      'percentBasisPoints',
    ],
    ['to a price of nothing', { skus: ['known'], price: price('0') }, 'INVALID_INPUT', 'price'],
    ['in another currency', { skus: ['known'], price: { amount: '1', currency: 'USD' } }, 'INVALID_INPUT', 'price'],
    ['of a SKU that there is not', { skus: ['known', 'unknown'], percentBasisPoints: 100 }, 'NOT_FOUND', 'skus.1'],
    ['of what is no SKU', { skus: ['a b'], percentBasisPoints: 100 }, 'INVALID_INPUT', 'skus.0'],
    [
      'of a category that there is not',
      { categoryId: categoryId(newId()), percentBasisPoints: 1 },
      'NOT_FOUND',
      'categoryId',
    ],
    ['of what is no category', { categoryId: 'x', percentBasisPoints: 1 }, 'NOT_FOUND', 'categoryId'],
  ])('%s', async (_, input: Record<string, unknown>, code, path) => {
    const { large, sku } = await shelf()
    const { db } = server.running.atrium.deps
    await db.query(`update variants set price_minor = 90000000 where id = $1`, [large.variants[0]])
    const skus = (input.skus as string[] | undefined)?.map((name) => (name === 'known' ? sku(1) : name))
    const terms = { ...input, ...(skus === undefined ? {} : { skus }) }
    const { userErrors, value } = await change(terms)
    expect(value).toBeNull()
    expect(userErrors[0]).toMatchObject({ code, path: ['input', ...path.split('.')] })
    const { errors } = await preview(terms)
    expect(errors?.[0]?.extensions.code).toBe(code === 'NOT_FOUND' ? 'NOT_FOUND' : 'BAD_USER_INPUT')
    expect((await pricesOf(large.id)).variants[0].priceChanges.totalCount).toBe(0)
  })

  test.each([
    [null, 'UNAUTHENTICATED'],
    ['ada', 'FORBIDDEN'],
    ['staff', null],
  ])('where %s may not: %s', async (who, verdict) => {
    const viewer = who === null ? null : who === 'ada' ? ada : staff
    const { sku } = await shelf()
    const terms = { skus: [sku(1)], price: price('10') }
    expect((await shop.run('changePrices', viewer, terms, 'changedCount')).refused).toBe(verdict)
    const asked = await shop.ask(
      'query ($input: PriceChangePreviewInput!) { priceChangePreview(input: $input) { count } }',
      { input: terms },
      viewer,
    )
    expect(asked.errors?.[0]?.extensions.code ?? null).toBe(verdict)
    const read = await shop.ask(
      '{ products(first: 1) { nodes { variants { priceChanges { totalCount } } } } }',
      {},
      viewer,
    )
    expect(read.errors?.[0]?.extensions.code ?? null).toBe(verdict)
  })
})

test('fifty prices cost as many statements as five', async () => {
  const sentFor = async (products: number): Promise<number> => {
    const root = await server.world.productCategory(staff, { name: `Of ${products}` })
    for (let at = 0; at < products; at++) {
      const variants = Array.from({ length: 5 }, (_, n) => ({ sku: `OF-${products}-${at}-${n}` }))
      await shop.product(staff, root, variants)
    }
    const terms = { categoryId: categoryId(root), percentBasisPoints: 100 }
    const sent = await statements.during(async () => {
      expect((await preview(terms)).data.priceChangePreview.count).toBe(products * 5)
      expect((await change(terms)).value).toBe(products * 5)
    })
    return sent.length
  }
  expect(await sentFor(10)).toBe(await sentFor(1))
})
