import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeId, type Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { buy, deleteReview, moderateReview, outcomeOf, REVIEWED, review } from '../support/review.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { productId, ShopClient } from '../support/shop.ts'

let server: TestServer
let shop: ShopClient
let staff: Viewer
let ada: Viewer
let bob: Viewer
let shelf: Uuid
let product: { id: Uuid; variants: Uuid[] }

beforeAll(async () => {
  server = await startTestServer()
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  ada = await server.world.person({ handle: 'ada' })
  bob = await server.world.person({ handle: 'bob' })
  shelf = await server.world.productCategory(staff, { name: 'Shelf' })
})
beforeEach(async () => {
  product = await shop.product(staff, shelf, [{ quantity: 100 }, { quantity: 100 }])
})
afterAll(() => server.close())

const seen = async (id: Uuid, viewer: Viewer | null = null) =>
  (await shop.ask(REVIEWED, { id: productId(id) }, viewer)).data.node
const first = () => product.variants[0] ?? ''

/** Members who have bought the product, straight in the database: a crowd takes long at the till. */
async function buyers(count: number, of = product): Promise<Viewer[]> {
  const crowd = await Promise.all(
    Array.from({ length: count }, (_, n) => server.world.person({ handle: `b${of.id.slice(-8)}-${n}` })),
  )
  await server.running.atrium.deps.db.query(
    `with made as (insert into subjects (id, kind) select gen_random_uuid(), 'ORDER' from unnest($1::text::uuid[]) returning id),
       pairs as (select made.id, account from (select id, row_number() over () as n from made) made
         join unnest($1::text::uuid[]) with ordinality as a(account, n) using (n)),
       placed as (insert into orders (id, account_id, cart_id, checkout_key, input_hash, status, email, name, street, postal_code, city, country,
         currency, subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor, total_minor, expires_at, paid_at)
       select id, account, id, 'key', '', 'PAID', '', '', '', '', '', 'DE', 'EUR', 100, 0, 0, 0, 0, 100, now(), now() from pairs returning id)
     insert into order_lines (id, order_id, position, kind, ref_id, title, detail, quantity, unit_price_minor, discount_minor, tax_minor, is_taxed, is_shipped)
     select gen_random_uuid(), id, 0, 'GOODS', $2::text::uuid, '', '', 1, 100, 0, 0, true, true from placed`,
    [`{${crowd.map(({ accountId }) => accountId).join(',')}}`, of.variants[0]],
  )
  return crowd
}

describe('who bought it', () => {
  test('reviews it, whichever variant it was; nobody else does', async () => {
    expect(outcomeOf(await review(shop, null, product.id, 5))).toBe('UNAUTHENTICATED')
    expect(await seen(product.id, ada)).toMatchObject({ viewerMayReview: false, viewerReview: null })
    const refused = await review(shop, ada, product.id, 5)
    expect(refused.userErrors).toMatchObject([
      {
        __typename: 'NotEligible',
        code: 'NOT_ELIGIBLE',
        message: 'Only who bought it may review it.',
        path: ['input', 'subjectId'],
      },
    ])
    await buy(shop, ada, product.variants[1] ?? '')
    expect(await seen(product.id, ada)).toMatchObject({ viewerMayReview: true })
    const { value } = await review(shop, ada, product.id, 4, 'It is **good**.')
    expect(value).toMatchObject({
      stars: 4,
      text: 'It is **good**.',
      textHtml: '<p>It is <strong>good</strong>.</p>\n',
      state: 'VISIBLE',
      author: { handle: 'ada' },
      editedAt: null,
    })
    expect(await seen(product.id)).toMatchObject({
      averageRating: 4,
      reviewCount: 1,
      ratingCounts: [5, 4, 3, 2, 1].map((stars) => ({ stars, count: stars === 4 ? 1 : 0 })),
      viewerMayReview: false,
      viewerReview: null,
    })
    expect((await seen(product.id, ada)).viewerReview).toMatchObject({ id: value.id, stars: 4 })
    expect(await seen(product.id, staff)).toMatchObject({ viewerMayReview: false })
    expect(outcomeOf(await review(shop, staff, product.id, 1))).toBe('NOT_ELIGIBLE')
  })

  test('has to have paid', async () => {
    await shop.add(bob, first())
    const { checkOut, pay } = await import('../support/shop.ts')
    const { value } = await checkOut(shop, bob)
    expect(outcomeOf(await review(shop, bob, product.id, 5))).toBe('NOT_ELIGIBLE')
    await pay(shop, bob, value.id)
    expect(outcomeOf(await review(shop, bob, product.id, 5))).toBe('done')
  })

  test('and gave all of it back does not, but changes the review written before', async () => {
    const order = await buy(shop, ada, first(), 2)
    const { data } = await shop.ask('query ($id: ID!) { order(id: $id) { lines { id } } }', { id: order }, ada)
    const refund = (quantity: number) =>
      shop.run(
        'refundOrder',
        staff,
        {
          id: order,
          lines: [{ lineId: data.order.lines[0].id, quantity }],
          restock: true,
          idempotencyKey: `r-${order}-${quantity}${Math.random()}`,
        },
        'order { status }',
      )
    expect(outcomeOf(await refund(1))).toBe('done')
    expect(await seen(product.id, ada)).toMatchObject({ viewerMayReview: true })
    expect(outcomeOf(await refund(1))).toBe('done')
    expect(await seen(product.id, ada)).toMatchObject({ viewerMayReview: false })
    expect(outcomeOf(await review(shop, ada, product.id, 1))).toBe('NOT_ELIGIBLE')

    const kept = await shop.product(staff, shelf)
    const second = await buy(shop, ada, kept.variants[0] ?? '')
    await review(shop, ada, kept.id, 5)
    await shop.run(
      'refundOrder',
      staff,
      { id: second, restock: true, idempotencyKey: `whole-${second}` },
      'order { status }',
    )
    expect(outcomeOf(await review(shop, ada, kept.id, 2, 'It broke.'))).toBe('done')
    expect(await seen(kept.id)).toMatchObject({ averageRating: 2, reviewCount: 1 })
  })
})

describe('a review', () => {
  test('is one for each member: reviewing again changes it, and counts the new stars', async () => {
    const [one] = (await buyers(1)) as [Viewer]
    const { value } = await review(shop, one, product.id, 5)
    expect((await review(shop, one, product.id, 5)).value).toMatchObject({ id: value.id, editedAt: null })
    const changed = await review(shop, one, product.id, 2, 'Less good.')
    expect(changed.value).toMatchObject({ id: value.id, stars: 2, text: 'Less good.', editedAt: expect.any(String) })
    expect(await seen(product.id)).toMatchObject({ averageRating: 2, reviewCount: 1 })
  })

  test('is one also when a member sends fifty at once', async () => {
    const [one] = (await buyers(1)) as [Viewer]
    const sent = await Promise.all(Array.from({ length: 50 }, (_, n) => review(shop, one, product.id, 1 + (n % 5))))
    expect(new Set(sent.map(outcomeOf))).toEqual(new Set(['done']))
    expect(new Set(sent.map(({ value }) => value.id)).size).toBe(1)
    const after = await seen(product.id, one)
    expect(after).toMatchObject({ reviewCount: 1, averageRating: after.viewerReview.stars })
  })

  test.each([
    [0, 'x'],
    [6, 'x'],
    [-1, 'x'],
    [3, 'x'.repeat(5001)],
  ])('of %i stars and words like these is refused', async (stars, text) => {
    const [one] = (await buyers(1)) as [Viewer]
    expect(outcomeOf(await review(shop, one, product.id, stars, text))).toBe('INVALID_INPUT')
    expect(await seen(product.id)).toMatchObject({ reviewCount: 0 })
  })

  test('may have no words, and brings no HTML of its own', async () => {
    const [one, two] = (await buyers(2)) as [Viewer, Viewer]
    expect((await review(shop, one, product.id, 5, '')).value).toMatchObject({ text: '', textHtml: '' })
    const { value } = await review(shop, two, product.id, 5, '<script>alert(1)</script>')
    expect(value.textHtml).not.toContain('<script')
  })

  test('is of nothing that there is not, or that takes none', async () => {
    const post = await server.world.published(ada)
    const write = (subjectId: string) =>
      shop.run('reviewSubject', ada, { subjectId, stars: 5 }, 'review { id }').then(outcomeOf)
    expect(await write(encodeId('post', post))).toBe('INVALID_INPUT')
    for (const id of ['product_01jdzzzzzzzzzzzzzzzzzzzzzz', 'nonsense', '', 'a\0']) {
      expect(await write(id)).toBe('NOT_FOUND')
    }
    const draft = await server.world.product(staff, {
      name: 'Draft',
      categoryId: shelf,
      isActive: false,
      variants: [
        { sku: `DRAFT-${product.id.slice(-6).toUpperCase()}`, price: { amountMinor: 100, currency: 'EUR' } as never },
      ],
    })
    expect(await write(productId(draft))).toBe('NOT_FOUND')
  })
})

describe('the counts', () => {
  test('are right when forty review, change and delete at once', async () => {
    const crowd = await buyers(40)
    const done = await Promise.all(
      crowd.map(async (each, n) => {
        const outcomes = [outcomeOf(await review(shop, each, product.id, 1 + (n % 5)))]
        const again = n % 2 === 0 ? await review(shop, each, product.id, 5) : null
        if (again !== null) outcomes.push(outcomeOf(again))
        if (n % 4 === 0) outcomes.push(outcomeOf(await deleteReview(shop, each, again?.value.id)))
        return outcomes
      }),
    )
    expect(new Set(done.flat())).toEqual(new Set(['done']))
    const left = crowd.flatMap((_, n) => (n % 4 === 0 ? [] : [n % 2 === 0 ? 5 : 1 + (n % 5)]))
    const { averageRating, reviewCount, ratingCounts } = await seen(product.id)
    expect(reviewCount).toBe(30)
    expect(averageRating).toBeCloseTo(left.reduce((sum, stars) => sum + stars, 0) / 30)
    for (const { stars, count } of ratingCounts) expect(count).toBe(left.filter((each) => each === stars).length)
    const [row] = await server.running.atrium.deps.db.query(
      'select rating_sum as "sum", rating_count as "count" from products where id = $1',
      [product.id],
    )
    expect(row).toEqual({ sum: left.reduce((sum, stars) => sum + stars, 0), count: 30 })
  })

  test('of who found it helpful are right when thirty like it and take that back at once', async () => {
    const crowd = await buyers(30)
    const author = crowd[0] as Viewer
    const { value } = await review(shop, author, product.id, 5)
    const input = { subjectId: value.id }
    const react = async (each: Viewer, mutation: 'addReaction' | 'removeReaction', more = {}) =>
      outcomeOf(await shop.run(mutation, each, { ...input, ...more }, 'subject { id }', 'ReactionInput'))
    await Promise.all(
      crowd.map(async (each, n) => {
        expect(await react(each, 'addReaction')).toBe('done')
        if (n % 3 === 0) expect(await react(each, 'removeReaction')).toBe('done')
        if (n % 3 === 1) expect(await react(each, 'addReaction', { kind: 'WOW' })).toBe('done')
      }),
    )
    const { data } = await shop.ask('query ($id: ID!) { node(id: $id) { ... on Review { helpfulCount } } }', {
      id: value.id,
    })
    expect(data.node.helpfulCount).toBe(20)
  })
})

describe('the list of reviews', () => {
  test('is sorted and filtered, page by page', async () => {
    const crowd = await buyers(6)
    const stars = [3, 5, 1, 5, 4, 1]
    const ids: string[] = []
    for (const [n, each] of crowd.entries()) {
      const { value } = await review(shop, each, product.id, stars[n] ?? 1, `Review ${n}`)
      ids.push(value.id)
    }
    for (const [likes, n] of [
      [3, 2],
      [1, 4],
    ] as const) {
      for (const each of crowd.slice(0, likes)) {
        await shop.run('addReaction', each, { subjectId: ids[n] }, 'subject { id }', 'ReactionInput')
      }
    }
    const list = async (orderBy: string, only: number | null = null) => {
      const found: string[] = []
      let after: string | null = null
      do {
        const { data, errors } = await shop.ask(
          `query ($id: ID!, $orderBy: ReviewOrder!, $stars: Int, $after: String) { node(id: $id) { ... on Reviewable {
            reviews(first: 2, after: $after, orderBy: $orderBy, stars: $stars) { totalCount nodes { text subject { id } } pageInfo { hasNextPage endCursor } } } } }`,
          { id: productId(product.id), orderBy, stars: only, after },
        )
        expect(errors).toBeUndefined()
        const { nodes, pageInfo, totalCount } = data.node.reviews
        expect(totalCount).toBe(only === null ? 6 : stars.filter((each) => each === only).length)
        found.push(...nodes.map(({ text }: { text: string }) => text.slice(-1)))
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null
      } while (after !== null)
      return found.join('')
    }
    expect(await list('NEWEST')).toBe('543210')
    expect(await list('HIGHEST')).toBe('314052')
    expect(await list('LOWEST')).toBe('250413')
    expect((await list('MOST_HELPFUL')).slice(0, 2)).toBe('24')
    expect(await list('NEWEST', 5)).toBe('31')
    expect(await list('MOST_HELPFUL', 1)).toBe('25')
    const bad = await shop.ask(
      'query ($id: ID!) { node(id: $id) { ... on Reviewable { reviews(stars: 6) { totalCount } } } }',
      { id: productId(product.id) },
    )
    expect(bad.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })
})

describe('products', () => {
  test('are sorted by rating, by how many stand behind it, and filtered by stars', async () => {
    const room = await server.world.productCategory(staff, { name: `Rated ${product.id.slice(-6)}` })
    const [one, many, poor] = (await Promise.all(
      ['one', 'many', 'poor', 'none'].map((name) => shop.product(staff, room, [{}], { name })),
    )) as { id: Uuid; variants: Uuid[] }[]
    const given: [typeof one, number[]][] = [
      [one, [5]],
      [many, [5, 5, 5, 5, 4]],
      [poor, [2, 1]],
    ]
    for (const [of, stars] of given) {
      if (of === undefined) continue
      const crowd = await buyers(stars.length, of)
      for (const [n, each] of crowd.entries()) await review(shop, each, of.id, stars[n] ?? 1)
    }
    const { data: category } = await shop.ask(
      'query ($id: ID!) { node(id: $id) { ... on ProductCategory { slug } } }',
      {
        id: encodeId('productcategory', room),
      },
    )
    const list = async (filter: object) =>
      (
        await shop.ask(
          'query ($filter: ProductFilter) { products(filter: $filter, orderBy: RATING) { nodes { name } } }',
          {
            filter: { category: category.node.slug, ...filter },
          },
        )
      ).data.products.nodes.map(({ name }: { name: string }) => name)
    expect(await list({})).toEqual(['many', 'one', 'poor', 'none'])
    expect(await list({ minStars: 4 })).toEqual(['many', 'one'])
    expect(await list({ minStars: 5 })).toEqual(['one'])
    expect(await list({ minStars: 1 })).toEqual(['many', 'one', 'poor'])
    const bad = await shop.ask('{ products(filter: { minStars: 0 }) { nodes { name } } }')
    expect(bad.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  test('that are archived keep their reviews, and who bought one still reviews it', async () => {
    const [one, two] = (await buyers(2)) as [Viewer, Viewer]
    await review(shop, one, product.id, 5)
    await shop.run('archiveProduct', staff, { id: productId(product.id) }, 'product { id }', 'ShopIdInput')
    expect(outcomeOf(await review(shop, two, product.id, 3))).toBe('done')
    expect(await seen(product.id)).toMatchObject({ reviewCount: 2, averageRating: 4 })
  })
})

test('an account that is deleted takes its reviews and their stars with it', async () => {
  const [one, two] = (await buyers(2)) as [Viewer, Viewer]
  const { value } = await review(shop, one, product.id, 1)
  await review(shop, two, product.id, 5)
  await shop.run('addReaction', one, { subjectId: value.id }, 'subject { id }', 'ReactionInput')
  const { data } = await shop.ask('{ viewer { export } }', {}, one)
  expect(data.viewer.export.reviews).toMatchObject([
    { id: value.id, on: productId(product.id), stars: 1, text: 'Words.' },
  ])
  const gone = await shop.run(
    'deleteAccount',
    one,
    { password: 'a passphrase for this world' },
    'deletedId',
    'DeleteAccountInput',
  )
  expect(outcomeOf(gone)).toBe('done')
  expect(await seen(product.id)).toMatchObject({ reviewCount: 1, averageRating: 5 })
  const { errors } = await shop.ask('query ($id: ID!) { node(id: $id) { id } }', { id: value.id })
  expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND')
})

describe('moderation', () => {
  const see = async (id: string, viewer: Viewer | null) =>
    (
      await shop.ask(
        'query ($id: ID!) { node(id: $id) { ... on Review { state text viewerCanEdit viewerCanDelete viewerCanModerate } } }',
        { id },
        viewer,
      )
    ).data?.node?.state ?? null
  const report = (viewer: Viewer, subjectId: string) =>
    shop.run('report', viewer, { subjectId, reason: 'SPAM' }, 'reportedId', 'ReportInput')

  test('three reports hold a review and its stars, staff decides, and that settles the reports', async () => {
    const [author, ...crowd] = (await buyers(4)) as [Viewer, ...Viewer[]]
    const { value } = await review(shop, author, product.id, 1, 'Buy elsewhere!')
    expect(outcomeOf(await report(author, value.id))).toBe('INVALID_INPUT')
    await Promise.all(crowd.map((each) => report(each, value.id)))
    expect(await seen(product.id)).toMatchObject({ reviewCount: 0, averageRating: null })
    expect(await Promise.all([null, bob, author, staff].map((each) => see(value.id, each)))).toEqual([
      null,
      null,
      'HELD',
      'HELD',
    ])
    // What is held can be mended, and stays held.
    expect((await review(shop, author, product.id, 2, 'Better words.')).value).toMatchObject({ state: 'HELD' })
    const listed = await shop.ask('{ openReports(first: 50) { nodes { subject { id } } } }', {}, staff)
    expect(listed.data.openReports.nodes).toContainEqual({ subject: { id: value.id } })
    expect(outcomeOf(await moderateReview(shop, bob, value.id, 'VISIBLE'))).toBe('FORBIDDEN')
    expect(outcomeOf(await moderateReview(shop, staff, value.id, 'VISIBLE'))).toBe('done')
    expect(await seen(product.id)).toMatchObject({ reviewCount: 1, averageRating: 2 })
    const after = await shop.ask('{ openReports(first: 50) { nodes { subject { id } } } }', {}, staff)
    expect(after.data.openReports.nodes).not.toContainEqual({ subject: { id: value.id } })
  })

  test('what staff removed is not written anew, not even after it was deleted', async () => {
    const [author] = (await buyers(1)) as [Viewer]
    const { value } = await review(shop, author, product.id, 1)
    expect(outcomeOf(await moderateReview(shop, staff, value.id, 'REMOVED'))).toBe('done')
    expect(outcomeOf(await moderateReview(shop, staff, value.id, 'HELD'))).toBe('ILLEGAL_TRANSITION')
    expect(await seen(product.id, author)).toMatchObject({
      viewerMayReview: false,
      reviewCount: 0,
      viewerReview: { state: 'REMOVED' },
    })
    expect(outcomeOf(await review(shop, author, product.id, 1))).toBe('INVALID_INPUT')
    expect(outcomeOf(await deleteReview(shop, author, value.id))).toBe('done')
    expect(outcomeOf(await deleteReview(shop, author, value.id))).toBe('ILLEGAL_TRANSITION')
    expect(await seen(product.id, author)).toMatchObject({ viewerMayReview: false, viewerReview: null })
    expect(outcomeOf(await review(shop, author, product.id, 1))).toBe('INVALID_INPUT')
    expect(outcomeOf(await moderateReview(shop, staff, value.id, 'VISIBLE'))).toBe('ILLEGAL_TRANSITION')
  })

  test('a visible one that its author deletes is gone, and may be written again', async () => {
    const [author] = (await buyers(1)) as [Viewer]
    const { value } = await review(shop, author, product.id, 1)
    expect(outcomeOf(await deleteReview(shop, null, value.id))).toBe('UNAUTHENTICATED')
    expect(outcomeOf(await deleteReview(shop, bob, value.id))).toBe('FORBIDDEN')
    const { value: of } = await deleteReview(shop, author, value.id)
    expect(of).toEqual({ id: productId(product.id), reviewCount: 0, averageRating: null })
    expect(outcomeOf(await deleteReview(shop, author, value.id))).toBe('NOT_FOUND')
    expect(outcomeOf(await review(shop, author, product.id, 4))).toBe('done')
  })
})

test('an order is a thing that its buyer and staff hang a room on, and nobody else finds', async () => {
  const order = await buy(shop, ada, first())
  const open = (viewer: Viewer) =>
    shop.run('createRoom', viewer, { title: 'About the order', subjectId: order }, 'room { id title }')
  expect(outcomeOf(await open(bob))).toBe('NOT_FOUND')
  expect(outcomeOf(await open(ada))).toBe('done')
  const { data, errors } = await shop.ask('query ($id: ID!) { node(id: $id) { id } }', { id: order }, bob)
  expect([data, errors?.[0]?.extensions.code]).toEqual([{ node: null }, 'NOT_FOUND'])
})
