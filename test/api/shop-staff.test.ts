import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import type { Role, Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { categoryId, checkOut, pay, productId, ShopClient, variantId } from '../support/shop.ts'

let server: TestServer
let shop: ShopClient
let staff: Viewer
let shelf: Uuid
const people: Partial<Record<Role, Viewer>> = {}

beforeAll(async () => {
  server = await startTestServer()
  shop = new ShopClient(server)
  for (const role of ['MEMBER', 'CHEF', 'STAFF', 'ADMIN'] as const) {
    people[role] = await server.world.person({ handle: role.toLowerCase(), role })
  }
  staff = people.STAFF as Viewer
  shelf = await server.world.productCategory(staff, { name: 'Shelf' })
})
afterAll(() => server.close())

const price = (amount: string, currency = 'EUR') => ({ amount, currency })
let made = 0
const newSku = () => `NEW-${++made}`

const create = (input: Record<string, unknown> = {}, viewer: Viewer | null = staff) =>
  shop.run(
    'createProduct',
    viewer,
    { name: 'A thing', categoryId: categoryId(shelf), variants: [{ sku: newSku(), price: price('9.90') }], ...input },
    'product { id name slug status fromPrice { minorUnits } variants { id sku onShelf } images { url } }',
  )
const updateVariant = (input: Record<string, unknown>) =>
  shop.run('updateVariant', staff, input, 'variant { sku price { minorUnits } isOnSale attributes { name value } }')
const category = (input: Record<string, unknown>) =>
  shop.run('createProductCategory', staff, input, 'category { id depth }')
const moveCategory = (input: Record<string, unknown>) =>
  shop.run('updateProductCategory', staff, input, 'category { depth name }')
const movement = (input: Record<string, unknown>, viewer: Viewer | null = staff) =>
  shop.run('moveStock', viewer, input, 'movement { id kind quantity note }')
const coupon = (input: Record<string, unknown>) =>
  shop.run('createCoupon', staff, input, 'coupon { id code kind percentBasisPoints amount { minorUnits } usedCount }')

describe('what staff does is staff’s alone', () => {
  const DOINGS = [
    ['createProduct', { name: 'A', categoryId: 'x', variants: [] }, 'CreateProductInput'],
    ['updateProduct', { id: 'x' }, 'UpdateProductInput'],
    ['activateProduct', { id: 'x' }, 'ShopIdInput'],
    ['archiveProduct', { id: 'x' }, 'ShopIdInput'],
    ['addVariant', { productId: 'x', sku: 'A', price: price('1') }, 'AddVariantInput'],
    ['updateVariant', { id: 'x' }, 'UpdateVariantInput'],
    ['createProductCategory', { name: '' }, 'CreateProductCategoryInput'],
    ['updateProductCategory', { id: 'x' }, 'UpdateProductCategoryInput'],
    ['deleteProductCategory', { id: 'x' }, 'ShopIdInput'],
    ['moveStock', { variantId: 'x', kind: 'IN', quantity: 1 }, 'MoveStockInput'],
    ['createCoupon', { code: '' }, 'CreateCouponInput'],
    ['updateCoupon', { id: 'x' }, 'UpdateCouponInput'],
  ] as const
  const VERDICTS = [
    [null, 'UNAUTHENTICATED'],
    ['MEMBER', 'FORBIDDEN'],
    ['CHEF', 'FORBIDDEN'],
    ['STAFF', null],
    ['ADMIN', null],
  ] as const
  const ROWS = DOINGS.flatMap((doing) => VERDICTS.map(([role, verdict]) => [...doing, role, verdict] as const))

  test.each(ROWS)('%s %j %s by %s: %s', async (mutation, input, type, role, verdict) => {
    const { refused, userErrors } = await shop.run(
      mutation,
      role === null ? null : (people[role] as Viewer),
      input,
      'userErrors { code }',
      type,
    )
    expect(refused).toBe(verdict)
    if (verdict === null) expect(userErrors).not.toEqual([])
  })

  test.each([
    'allProducts { totalCount }',
    'lowStock { totalCount }',
    'coupons { totalCount }',
    'products { nodes { variants { onShelf } } }',
    'products { nodes { variants { lowStockAt } } }',
    'products { nodes { variants { movements { totalCount } } } }',
  ])('reading %s too', async (field) => {
    await create({ isActive: true })
    for (const [role, verdict] of VERDICTS) {
      const { errors } = await shop.ask(`{ ${field} }`, {}, role === null ? null : (people[role] as Viewer))
      expect(errors?.[0]?.extensions.code ?? null).toBe(verdict)
    }
  })
})

describe('a product', () => {
  test('is prepared as a draft, put on sale, taken off and brought back', async () => {
    const { value } = await create({
      variants: [
        { sku: ' ab-1 ', price: price('12.5'), quantity: 7 },
        { sku: 'AB-2', price: price('9') },
      ],
    })
    expect(value).toMatchObject({
      status: 'DRAFT',
      fromPrice: { minorUnits: 900 },
      variants: [
        { sku: 'AB-1', onShelf: 7 },
        { sku: 'AB-2', onShelf: 0 },
      ],
      images: [{ url: expect.stringMatching(/\/art\/product\/.+\.svg$/) }],
    })
    const step = async (mutation: string) => {
      const done = await shop.run(mutation, staff, { id: value.id }, 'product { status }', 'ShopIdInput')
      return done.value?.status ?? done.userErrors[0]
    }
    expect(await step('activateProduct')).toBe('ACTIVE')
    expect(await step('activateProduct')).toMatchObject({
      code: 'ILLEGAL_TRANSITION',
      from: 'ACTIVE',
      allowed: ['ARCHIVED'],
    })
    expect(await step('archiveProduct')).toBe('ARCHIVED')
    expect(await step('archiveProduct')).toMatchObject({
      code: 'ILLEGAL_TRANSITION',
      from: 'ARCHIVED',
      allowed: ['ACTIVE'],
    })
    expect(await step('activateProduct')).toBe('ACTIVE')
  })

  test.each([
    ['no name', { name: ' ' }, 'INVALID_INPUT', 'input.name'],
    ['no variant', { variants: [] }, 'INVALID_INPUT', 'input.variants'],
    ['a free variant', { variants: [{ sku: 'FREE', price: price('0') }] }, 'INVALID_INPUT', 'input.variants.0.price'],
    [
      'a price in another currency',
      { variants: [{ sku: 'USD', price: price('1', 'USD') }] },
      'INVALID_INPUT',
      'input.variants.0.price',
    ],
    [
      'half a cent',
      { variants: [{ sku: 'HALF', price: price('1.005') }] },
      'INVALID_INPUT',
      'input.variants.0.price.amount',
    ],
    ['a SKU with blanks', { variants: [{ sku: 'A B', price: price('1') }] }, 'INVALID_INPUT', 'input.variants.0.sku'],
    [
      'a negative stock',
      { variants: [{ sku: 'NEG', price: price('1'), quantity: -1 }] },
      'INVALID_INPUT',
      'input.variants.0.quantity',
    ],
    [
      'an attribute twice',
      {
        variants: [
          {
            sku: 'TWICE',
            price: price('1'),
            attributes: [
              { name: 'a', value: '1' },
              { name: 'a', value: '2' },
            ],
          },
        ],
      },
      'INVALID_INPUT',
      'input.variants.0.attributes',
    ],
    [
      'a picture that is a script',
      { images: [{ url: 'javascript:alert(1)', alt: 'x' }] },
      'INVALID_INPUT',
      'input.images.0.url',
    ],
    [
      'a category that there is none of',
      { categoryId: productId('01936a4e-0000-7000-8000-000000000000') },
      'NOT_FOUND',
      'input.categoryId',
    ],
    ['a slug with capitals', { slug: 'No' }, 'INVALID_INPUT', 'input.slug'],
  ])('is not made with %s', async (_, input, code, path) => {
    const { value, userErrors } = await create(input)
    expect(value).toBeNull()
    expect(userErrors[0]).toMatchObject({ code, path: path.split('.') })
  })

  test('shares neither slug nor SKU with another, also of two that are made at once', async () => {
    await create({ slug: 'the-slug', variants: [{ sku: 'THE-SKU', price: price('1') }] })
    expect((await create({ slug: 'the-slug' })).userErrors).toMatchObject([{ code: 'TAKEN', path: ['input', 'slug'] }])
    expect(
      (
        await create({
          variants: [
            { sku: newSku(), price: price('1') },
            { sku: 'the-sku', price: price('1') },
          ],
        })
      ).userErrors,
    ).toMatchObject([{ code: 'TAKEN', path: ['input', 'variants', '1', 'sku'] }])
    const race = await Promise.all(Array.from({ length: 20 }, () => create({ slug: 'raced' })))
    expect(race.filter(({ value }) => value !== null)).toHaveLength(1)
  })

  test('is made once for one idempotency key', async () => {
    const input = { idempotencyKey: 'the-same-product', variants: [{ sku: 'ONCE', price: price('1') }] }
    const done = await Promise.all(Array.from({ length: 10 }, () => create(input)))
    expect(new Set(done.map(({ value }) => value?.id)).size).toBe(1)
    expect((await create({ ...input, name: 'Another thing' })).userErrors).toMatchObject([{ code: 'CONFLICT' }])
  })

  test('costs what its cheapest variant on sale costs, and keeps one while it is on sale', async () => {
    const { value } = await create({
      isActive: true,
      variants: [
        { sku: newSku(), price: price('5') },
        { sku: newSku(), price: price('7') },
      ],
    })
    const from = async () =>
      (
        await shop.ask('query ($id: ID!) { node(id: $id) { ... on Product { fromPrice { minorUnits } } } }', {
          id: value.id,
        })
      ).data.node.fromPrice.minorUnits
    const [cheap, dear] = value.variants
    await updateVariant({ id: cheap.id, isOnSale: false })
    expect(await from()).toBe(700)
    await updateVariant({ id: dear.id, price: price('6.50') })
    expect(await from()).toBe(650)
    expect((await updateVariant({ id: dear.id, isOnSale: false })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'id'] },
    ])
    await shop.run('addVariant', staff, { productId: value.id, sku: newSku(), price: price('3') }, 'variant { id }')
    expect(await from()).toBe(300)
  })

  test('keeps what a change leaves out', async () => {
    const { value } = await create({
      brand: 'Brand',
      description: 'Words.',
      variants: [{ sku: newSku(), price: price('5'), attributes: [{ name: 'colour', value: 'blue' }] }],
    })
    const { value: changed } = await shop.run(
      'updateProduct',
      staff,
      { id: value.id, name: 'Another name' },
      'product { name brand description images { alt } }',
    )
    expect(changed).toEqual({
      name: 'Another name',
      brand: 'Brand',
      description: 'Words.',
      images: [{ alt: 'A thing' }],
    })
    const { value: variant } = await updateVariant({ id: value.variants[0].id, price: price('6') })
    expect(variant).toMatchObject({ price: { minorUnits: 600 }, attributes: [{ name: 'colour', value: 'blue' }] })
  })
})

describe('the tree of categories', () => {
  test('can be built and moved, but nothing lies below itself', async () => {
    const root = (await category({ name: 'Root' })).value
    const child = (await category({ name: 'Child', parentId: root.id })).value
    const grandchild = (await category({ name: 'Grandchild', parentId: child.id })).value
    expect([root.depth, child.depth, grandchild.depth]).toEqual([0, 1, 2])
    for (const parentId of [root.id, child.id, grandchild.id]) {
      expect((await moveCategory({ id: root.id, parentId })).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: ['input', 'parentId'] },
      ])
    }
    for (const parentId of ['', 'nonsense']) {
      for (const { refused, userErrors } of [
        await moveCategory({ id: grandchild.id, parentId }),
        await category({ name: 'Nowhere', parentId }),
      ]) {
        expect(refused).toBeNull()
        expect(userErrors).toMatchObject([{ path: ['input', 'parentId'] }])
      }
    }
    expect((await moveCategory({ id: grandchild.id, parentId: null, name: 'Now a root' })).value).toEqual({
      depth: 0,
      name: 'Now a root',
    })
    expect((await moveCategory({ id: root.id, parentId: grandchild.id })).value.depth).toBe(1)
    const remove = (id: string) => shop.run('deleteProductCategory', staff, { id }, 'deletedId', 'ShopIdInput')
    expect((await remove(grandchild.id)).userErrors).toMatchObject([{ code: 'INVALID_INPUT' }])
    expect((await remove(child.id)).value).toBe(child.id)
    expect((await remove(child.id)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    expect((await category({ name: 'Root' })).userErrors).toMatchObject([{ code: 'TAKEN' }])
  })
})

describe('the stock', () => {
  test('is a ledger that staff adds to, and never less than nothing', async () => {
    const { value } = await create()
    const id = value.variants[0].id
    expect((await movement({ variantId: id, kind: 'IN', quantity: 5, note: 'From the mill' })).value).toMatchObject({
      kind: 'IN',
      quantity: 5,
      note: 'From the mill',
    })
    expect((await movement({ variantId: id, kind: 'OUT', quantity: 2 })).value).toMatchObject({ quantity: -2 })
    expect((await movement({ variantId: id, kind: 'CORRECTION', quantity: -1 })).value).toMatchObject({ quantity: -1 })
    expect((await movement({ variantId: id, kind: 'OUT', quantity: 3 })).userErrors).toMatchObject([
      { code: 'INSUFFICIENT_STOCK', available: 2 },
    ])
    for (const [kind, quantity] of [
      ['IN', 0],
      ['IN', -1],
      ['OUT', -1],
      ['CORRECTION', 0],
      ['IN', 1_000_001],
    ]) {
      expect((await movement({ variantId: id, kind, quantity })).userErrors).toMatchObject([
        { code: 'INVALID_INPUT', path: ['input', 'quantity'] },
      ])
    }
    const { data } = await shop.ask(
      'query ($id: ID!) { node(id: $id) { ... on ProductVariant { onShelf movements { totalCount nodes { kind quantity } } } } }',
      { id },
      staff,
    )
    expect(data.node).toEqual({
      onShelf: 2,
      movements: {
        totalCount: 3,
        nodes: [
          { kind: 'CORRECTION', quantity: -1 },
          { kind: 'OUT', quantity: -2 },
          { kind: 'IN', quantity: 5 },
        ],
      },
    })
  })

  test('says who moved it: whoever of the staff it was, and nobody for an order', async () => {
    const { value } = await create({ isActive: true, variants: [{ sku: newSku(), price: price('1'), quantity: 10 }] })
    const id = value.variants[0].id
    await movement({ variantId: id, kind: 'OUT', quantity: 2 }, people.ADMIN as Viewer)
    const buyer = await server.world.person({ handle: 'buyer-of-one' })
    await shop.run('addToCart', buyer, { variantId: id, quantity: 1 }, undefined, 'CartItemInput')
    await pay(shop, buyer, (await checkOut(shop, buyer)).value.id)
    const movements = async () =>
      (
        await shop.ask(
          'query ($id: ID!) { node(id: $id) { ... on ProductVariant { movements { nodes { quantity note actor { handle } } } } } }',
          { id },
          staff,
        )
      ).data.node.movements.nodes
    expect(await movements()).toEqual([
      { quantity: -1, note: expect.stringMatching(/^order_/), actor: null },
      { quantity: -2, note: '', actor: { handle: 'admin' } },
      { quantity: 10, note: '', actor: { handle: 'staff' } },
    ])
  })

  test('of fifty who take one piece of ten at once, ten get one', async () => {
    const { value } = await create({ variants: [{ sku: newSku(), price: price('1'), quantity: 10 }] })
    const done = await Promise.all(
      Array.from({ length: 50 }, () => movement({ variantId: value.variants[0].id, kind: 'OUT', quantity: 1 })),
    )
    expect(done.filter((each) => each.value !== null)).toHaveLength(10)
    for (const { userErrors } of done.filter((each) => each.value === null))
      expect(userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK' }])
  })

  test('that falls to its threshold is told to all staff by mail, once, and listed until there is more', async () => {
    const { value } = await create({
      name: 'Rare Tea',
      isActive: true,
      variants: [{ sku: 'LOW-1', price: price('1'), quantity: 5, lowStockAt: 2 }],
    })
    const id = value.variants[0].id
    const low = async () =>
      (await shop.ask('{ lowStock(first: 100) { nodes { sku } } }', {}, staff)).data.lowStock.nodes.map(
        ({ sku }: { sku: string }) => sku,
      )
    await movement({ variantId: id, kind: 'OUT', quantity: 2 })
    expect(await low()).not.toContain('LOW-1')
    await movement({ variantId: id, kind: 'OUT', quantity: 1 })
    await movement({ variantId: id, kind: 'OUT', quantity: 1 })
    expect(await low()).toContain('LOW-1')
    const outbox = join(server.dataDirectory, 'mail')
    const told = async () => {
      const files = await readdir(outbox)
      const mails = await Promise.all(files.map((file) => readFile(join(outbox, file), 'utf8')))
      return mails.filter((mail) => mail.includes('Subject: Low stock: Rare Tea (LOW-1)'))
    }
    await vi.waitFor(async () => expect(await told()).toHaveLength(2), { timeout: 20_000, interval: 50 })
    await movement({ variantId: id, kind: 'IN', quantity: 10 })
    expect(await low()).not.toContain('LOW-1')
    expect(await told()).toHaveLength(2)
  })
})

describe('a coupon', () => {
  test.each([
    ['takes off nothing', {}, 'input.amount'],
    ['takes off two things', { percentBasisPoints: 100, amount: price('1') }, 'input.amount'],
    ['takes off more than all', { percentBasisPoints: 10_001 }, 'input.percentBasisPoints'],
    ['takes off another currency', { amount: price('1', 'USD') }, 'input.amount'],
    ['has a bad code', { code: 'a b', percentBasisPoints: 100 }, 'input.code'],
    ['may never be used', { percentBasisPoints: 100, maxUses: 0 }, 'input.maxUses'],
    [
      'ends before it begins',
      { percentBasisPoints: 100, validFrom: '2026-02-01T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' },
      'input.validUntil',
    ],
  ])('that %s is none', async (_, terms, path) => {
    const { value, userErrors } = await coupon({ code: 'CODE', ...terms })
    expect(value).toBeNull()
    expect(userErrors[0]).toMatchObject({ code: 'INVALID_INPUT', path: path.split('.') })
  })

  test('has a code of its own, is kept in capitals, and its terms can be changed', async () => {
    const { value } = await coupon({ code: 'summer-26', percentBasisPoints: 1_250, maxUses: 3 })
    expect(value).toMatchObject({
      code: 'SUMMER-26',
      kind: 'PERCENT',
      percentBasisPoints: 1_250,
      amount: null,
      usedCount: 0,
    })
    expect((await coupon({ code: 'Summer-26', amount: price('1') })).userErrors).toMatchObject([
      { code: 'TAKEN', path: ['input', 'code'] },
    ])
    const change = (input: Record<string, unknown>) =>
      shop.run(
        'updateCoupon',
        staff,
        { id: value.id, ...input },
        'coupon { maxUses isActive minSubtotal { minorUnits } }',
      )
    expect((await change({ isActive: false, minSubtotal: price('20') })).value).toEqual({
      maxUses: 3,
      isActive: false,
      minSubtotal: { minorUnits: 2_000 },
    })
    expect((await change({ maxUses: null })).value).toMatchObject({ maxUses: null, minSubtotal: { minorUnits: 2_000 } })
  })
})

describe('a list of staff', () => {
  const names = async (list: 'allProducts' | 'coupons', args: string) => {
    const field = list === 'coupons' ? 'code' : 'name'
    const { data, errors } = await shop.ask(
      `{ ${list}(first: 50, ${args}) { totalCount nodes { ${field} } } }`,
      {},
      staff,
    )
    if (errors !== undefined) return errors[0]?.extensions.code
    expect(data[list].totalCount).toBe(data[list].nodes.length)
    return data[list].nodes.map((node: Record<string, string>) => node[field])
  }

  test('finds products in any state by a part of the name, the brand or a SKU, and within a part of the tree', async () => {
    const { value: tea } = await category({ name: 'Teas of the list' })
    const { value: green } = await category({ name: 'Green teas of the list', parentId: tea.id })
    const { value: draft } = await create({ name: 'Sencha of the list', brand: 'Uji & Sons', categoryId: green.id })
    await create({
      name: 'Bancha of the list',
      categoryId: tea.id,
      isActive: true,
      variants: [
        { sku: 'ZQ_100-A', price: price('3') },
        { sku: 'ZQ_100-B', price: price('4') },
      ],
    })
    await create({ name: 'A kettle of the list' })
    expect(await names('allProducts', 'orderBy: NAME, filter: { text: "OF THE LIST" }')).toEqual([
      'A kettle of the list',
      'Bancha of the list',
      'Sencha of the list',
    ])
    expect(await names('allProducts', 'filter: { text: "uji & s" }')).toEqual(['Sencha of the list'])
    expect(await names('allProducts', 'filter: { text: "zq_100" }')).toEqual(['Bancha of the list'])
    expect(await names('allProducts', 'filter: { text: "zq_1_0" }')).toEqual([])
    expect(await names('allProducts', 'status: DRAFT, filter: { text: "cha of the list" }')).toEqual([
      'Sencha of the list',
    ])
    expect(await names('allProducts', 'filter: { text: "list", category: "teas-of-the-list" }, orderBy: NAME')).toEqual(
      ['Bancha of the list', 'Sencha of the list'],
    )
    expect(await names('allProducts', 'filter: { category: "green-teas-of-the-list" }')).toEqual(['Sencha of the list'])
    // What was changed last comes first, and a page goes on where the one before ended.
    await shop.run('updateProduct', staff, { id: draft.id, brand: 'Uji' }, 'product { id }')
    const page = async (after: string | null) =>
      (
        await shop.ask(
          'query ($after: String) { allProducts(first: 2, after: $after, filter: { text: "of the list" }) { nodes { name } pageInfo { endCursor } } }',
          { after },
          staff,
        )
      ).data.allProducts
    const first = await page(null)
    expect(first.nodes[0].name).toBe('Sencha of the list')
    const rest = await page(first.pageInfo.endCursor)
    expect(new Set([...first.nodes, ...rest.nodes].map(({ name }: { name: string }) => name)).size).toBe(3)
  })

  test('finds coupons by code, words and state', async () => {
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString()
    const terms = { percentBasisPoints: 500, description: 'Of the list of states.' }
    await coupon({ ...terms, code: 'LIST-NOW', validFrom: day(-1), validUntil: day(1) })
    await coupon({ ...terms, code: 'LIST-FREE', description: '' })
    await coupon({ ...terms, code: 'LIST-SOON', validFrom: day(1) })
    await coupon({ ...terms, code: 'LIST-PAST', validUntil: day(-1) })
    const { value: off } = await coupon({ ...terms, code: 'LIST-OFF' })
    await shop.run('updateCoupon', staff, { id: off.id, isActive: false }, 'coupon { id }')
    await coupon({ ...terms, code: 'LIST-USED', maxUses: 1 })
    await server.running.atrium.deps.db.query(`update coupons set used_count = 1 where code = 'LIST-USED'`)
    const of = (state: string) => names('coupons', `orderBy: CODE, filter: { text: "list-", state: ${state} }`)
    expect(await of('USABLE')).toEqual(['LIST-FREE', 'LIST-NOW'])
    expect(await of('UPCOMING')).toEqual(['LIST-SOON'])
    expect(await of('OVER')).toEqual(['LIST-PAST', 'LIST-USED'])
    expect(await of('OFF')).toEqual(['LIST-OFF'])
    expect(await names('coupons', 'filter: { text: "list of states" }')).toEqual([
      'LIST-USED',
      'LIST-OFF',
      'LIST-PAST',
      'LIST-SOON',
      'LIST-NOW',
    ])
  })

  test.each(['allProducts', 'coupons'] as const)(
    '%s takes no text of two characters or of more than a hundred',
    async (list) => {
      for (const text of ['ab', 'x'.repeat(101)]) {
        expect(await names(list, `filter: { text: "${text}" }`)).toBe('BAD_USER_INPUT')
      }
      expect(Array.isArray(await names(list, 'filter: { text: "  " }'))).toBe(true)
    },
  )
})

test('ids of one kind are not taken for ids of another', async () => {
  const { value } = await create()
  expect((await updateVariant({ id: value.id })).userErrors).toMatchObject([
    { code: 'NOT_FOUND', path: ['input', 'id'] },
  ])
  expect((await movement({ variantId: variantId(shelf), kind: 'IN', quantity: 1 })).userErrors).toMatchObject([
    { code: 'NOT_FOUND', path: ['input', 'variantId'] },
  ])
})
