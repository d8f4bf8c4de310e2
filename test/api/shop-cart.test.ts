import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Uuid } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { cents, checkOut, eur, ShopClient, variantId } from '../support/shop.ts'

let server: TestServer
let shop: ShopClient
let staff: Viewer
let shelf: Uuid
let buyers = 0
let ada: Viewer

beforeAll(async () => {
  server = await startTestServer()
  shop = new ShopClient(server)
  staff = await server.world.person({ handle: 'staff', role: 'STAFF' })
  shelf = await server.world.productCategory(staff, { name: 'Shelf' })
})
beforeEach(async () => {
  ada = await server.world.person({ handle: `buyer-${++buyers}` })
})
afterAll(() => server.close())

/** Variants of one product each, with so many pieces at such a price. */
const stock = async (...quantities: number[]): Promise<Uuid[]> => {
  const made = await Promise.all(quantities.map((quantity) => shop.product(staff, shelf, [{ quantity }])))
  return made.map(({ variants }) => variants[0] ?? '')
}

const update = (viewer: Viewer | null, variant: Uuid | undefined, quantity: number, cartToken: string | null = null) =>
  shop.run('updateCartItem', viewer, { variantId: variantId(variant), quantity, cartToken }, undefined, 'CartItemInput')
const remove = (viewer: Viewer | null, variant: Uuid | undefined, cartToken: string | null = null) =>
  shop.run('removeFromCart', viewer, { variantId: variantId(variant), cartToken })
const changePrice = (variant: Uuid | undefined, amount: string) =>
  shop.run('updateVariant', staff, { id: variantId(variant), price: { amount, currency: 'EUR' } }, 'variant { id }')

const skus = (cart: { lines: { variant: { id: string }; quantity: number }[] }) =>
  cart.lines.map(({ variant, quantity }) => [variant.id, quantity])

describe.each(['member', 'guest'] as const)('the cart of a %s', (who) => {
  const viewer = () => (who === 'member' ? ada : null)
  /** A guest's token; members need none. */
  let token: string | null = null
  const add = async (variant: Uuid | undefined, quantity = 1) => {
    const done = await shop.add(viewer(), variant ?? '', quantity, token)
    token = done.value?.cartToken ?? token
    return done
  }
  beforeEach(() => {
    token = null
  })

  test('is filled, changed and emptied, and adds up at each step', async () => {
    const [cup, book] = await stock(10, 10)
    expect(await shop.cart(viewer())).toBeNull()
    const first = await add(cup, 2)
    expect(first.userErrors).toEqual([])
    expect(first.value.cartToken === null).toBe(who === 'member')
    expect((await add(book)).value.cartToken).toBeNull()
    expect(skus((await add(cup, 3)).value)).toEqual([
      [variantId(cup), 5],
      [variantId(book), 1],
    ])
    expect(cents((await shop.cart(viewer(), token)).totals)).toEqual({
      subtotal: 6_000,
      discount: 0,
      shipping: 490,
      tax: 1_233,
      total: 7_723,
    })
    expect(skus((await update(viewer(), cup, 1, token)).value)).toEqual([
      [variantId(cup), 1],
      [variantId(book), 1],
    ])
    expect(skus((await remove(viewer(), cup, token)).value)).toEqual([[variantId(book), 1]])
    expect(skus((await remove(viewer(), cup, token)).value)).toEqual([[variantId(book), 1]])
    const empty = (await remove(viewer(), book, token)).value
    expect(cents(empty.totals)).toEqual({ subtotal: 0, discount: 0, shipping: 0, tax: 0, total: 0 })
  })

  test('tells what has changed since: the price, too few, no longer sold', async () => {
    const [dearer, fewer, gone] = await stock(10, 10, 10)
    for (const variant of [dearer, fewer, gone]) await add(variant, 4)
    await changePrice(dearer, '12.50')
    await shop.run('moveStock', staff, { variantId: variantId(fewer), kind: 'OUT', quantity: 9 }, 'movement { id }')
    const { db } = server.running.atrium.deps
    await db.query(
      'update products set status = $2::text::product_status where id = (select product_id from variants where id = $1)',
      [gone, 'ARCHIVED'],
    )
    const cart = await shop.cart(viewer(), token)
    expect(cart.hasProblems).toBe(true)
    expect(cart.lines.map(({ problems }: { problems: unknown }) => problems)).toEqual([
      [{ code: 'PRICE_CHANGED', available: null, seenPrice: { minorUnits: 1_000 } }],
      [{ code: 'INSUFFICIENT_STOCK', available: 1, seenPrice: null }],
      [{ code: 'UNAVAILABLE', available: null, seenPrice: null }],
    ])
    // Today's prices, and nothing for what cannot be had.
    expect(cart.totals.subtotal.minorUnits).toBe(4 * 1_250 + 4 * 1_000)
    await remove(viewer(), gone, token)
    await update(viewer(), fewer, 1, token)
    const settled = await shop.run('acceptCartPrices', viewer(), { cartToken: token }, undefined, 'CartInput')
    expect(settled.value).toMatchObject({ hasProblems: false, totals: { subtotal: { minorUnits: 6_000 } } })
  })

  test.each([
    ['none', 0, { code: 'INVALID_INPUT', path: ['input', 'quantity'] }],
    ['fewer than none', -1, { code: 'INVALID_INPUT', path: ['input', 'quantity'] }],
    ['more than a cart holds', 100, { code: 'INVALID_INPUT', path: ['input', 'quantity'] }],
    ['more than there are', 11, { __typename: 'InsufficientStock', code: 'INSUFFICIENT_STOCK', available: 10 }],
  ])('takes no quantity of %s', async (_, quantity, refusal) => {
    const [cup] = await stock(10)
    await add(cup)
    for (const done of [await add(cup, quantity), await update(viewer(), cup, quantity, token)]) {
      // Ten are left for who has one already and wants so many more.
      expect(done).toMatchObject({ value: null, userErrors: [refusal] })
    }
    expect(skus(await shop.cart(viewer(), token))).toEqual([[variantId(cup), 1]])
  })

  test('takes nothing unknown, no draft and nothing that is no longer sold', async () => {
    const [cup] = await stock(10)
    await add(cup)
    const draft = await shop.product(staff, shelf, [{}], { isActive: false })
    const old = await shop.product(staff, shelf, [{}, {}])
    await shop.run('updateVariant', staff, { id: variantId(old.variants[0]), isOnSale: false }, 'variant { id }')
    expect((await add(shelf)).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'variantId'] }])
    expect((await add(draft.variants[0])).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    expect((await add(old.variants[0])).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'variantId'] },
    ])
    expect((await update(viewer(), old.variants[1], 1, token)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  test('counts right when the same thing is added many times at once', async () => {
    const [cup] = await stock(200)
    await add(cup)
    const done = await Promise.all(Array.from({ length: 40 }, () => shop.add(viewer(), cup ?? '', 1, token)))
    expect(done.flatMap(({ userErrors }) => userErrors)).toEqual([])
    expect(skus(await shop.cart(viewer(), token))).toEqual([[variantId(cup), 41]])
  })

  test('knows what it costs elsewhere, and where nothing is delivered', async () => {
    const [cup] = await stock(10)
    await add(cup)
    const query =
      'query ($token: String, $country: String!) { cart(cartToken: $token) { totals(country: $country) { shipping { minorUnits } tax { minorUnits } total { minorUnits } } } }'
    const to = (country: string) => shop.ask(query, { token, country }, viewer())
    expect(cents((await to('FI')).data.cart.totals)).toEqual({ shipping: 990, tax: 507, total: 2_497 })
    expect(cents((await to('US')).data.cart.totals)).toEqual({ shipping: 1_990, tax: 0, total: 2_990 })
    for (const country of ['XX', 'de', '__proto__']) {
      expect((await to(country)).errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        argument: ['country'],
      })
    }
  })
})

test('a guest without the right token finds no cart, and the token is not in the database', async () => {
  const [cup] = await stock(10)
  const { value } = await shop.add(null, cup ?? '')
  expect(await shop.cart(null, 'not the token')).toBe('NOT_FOUND')
  expect(await shop.cart(null)).toBeNull()
  expect((await shop.add(null, cup ?? '', 1, 'not the token')).userErrors).toMatchObject([
    { code: 'NOT_FOUND', path: ['input', 'cartToken'] },
  ])
  const rows = await server.running.atrium.deps.db.query<{ row: string }>('select carts::text as row from carts')
  expect(rows.map(({ row }) => row).join()).not.toContain(value.cartToken)
})

test.each([
  ['cartToken', 'as everywhere'],
  ['token', 'the old name'],
])('a guest’s cart and its order open with %s, %s', async (name) => {
  const [cup] = await stock(10)
  const { cartToken } = (await shop.add(null, cup ?? '')).value
  const { id } = (await checkOut(shop, null, {}, cartToken)).value
  const query = `query ($id: ID!, $token: String) { cart(${name}: $token) { hasProblems } order(id: $id, ${name}: $token) { id } }`
  expect((await shop.ask(query, { id, token: cartToken }, null)).data).toEqual({
    cart: { hasProblems: false },
    order: { id },
  })
  const { errors } = await shop.ask(query, { id, token: 'another' }, null)
  expect((errors ?? []).map(({ extensions: { code, argument } }) => `${code} ${argument}`).sort()).toEqual(
    [`NOT_FOUND ${name}`, 'NOT_FOUND id'].sort(),
  )
})

test('a new cart tells its token under the old name as well', async () => {
  const [cup] = await stock(10)
  const { value } = await shop.run(
    'addToCart',
    null,
    { variantId: variantId(cup), quantity: 1 },
    'cart { cartToken token }',
    'CartItemInput',
  )
  expect(value).toEqual({ cartToken: expect.any(String), token: value.cartToken })
})

test('a cart holds fifty different things and no more', async () => {
  const made = await Promise.all(
    [20, 20, 10].map((count) =>
      shop.product(
        staff,
        shelf,
        Array.from({ length: count }, () => ({})),
      ),
    ),
  )
  const variants = made.flatMap((each) => each.variants)
  const [oneMore] = await stock(10)
  for (const variant of variants) expect((await shop.add(ada, variant)).userErrors).toEqual([])
  expect((await shop.add(ada, oneMore ?? '')).userErrors).toMatchObject([{ code: 'LIMIT_EXCEEDED', limit: 50 }])
  expect((await shop.add(ada, variants[0] ?? '')).userErrors).toEqual([])
})

describe('at sign-in', () => {
  const PASSWORD = 'a passphrase for this world'
  const signIn = (handle: string, cartToken: string) =>
    shop.ask(
      'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } userErrors { code } } }',
      {
        input: { email: `${handle}@example.com`, password: PASSWORD, cartToken },
      },
    )

  test('what a guest put into a cart comes along, and the guest’s cart is gone', async () => {
    const [cup, book] = await stock(60, 10)
    await shop.add(ada, cup ?? '', 50)
    const { cartToken: token } = (await shop.add(null, cup ?? '', 58)).value
    await shop.add(null, book ?? '', 2, token)
    await server.world.coupon(staff, { code: 'COMES-ALONG', percentBasisPoints: 1_000 })
    await shop.run('applyCoupon', null, { code: 'comes-along', cartToken: token }, undefined, 'CouponCodeInput')
    expect((await signIn(ada.handle, token)).data.signIn.userErrors).toEqual([])
    const cart = await shop.cart(ada)
    // Up to what a cart holds; that there are only sixty is a problem to settle, and no reason to lose any.
    expect(skus(cart)).toEqual([
      [variantId(cup), 99],
      [variantId(book), 2],
    ])
    expect(cart.lines[0].problems).toMatchObject([{ code: 'INSUFFICIENT_STOCK', available: 60 }])
    expect(cart.coupons).toMatchObject([{ code: 'COMES-ALONG', refusal: null }])
    expect(await shop.cart(null, token)).toBe('NOT_FOUND')
  })

  test('codes come along as far as a cart holds them, the member’s own before the guest’s', async () => {
    const [cup] = await stock(10)
    const codes = Array.from({ length: 8 }, (_, at) => `MERGED-${at}`)
    for (const code of codes) await server.world.coupon(staff, { code, amount: eur(10), isStackable: true })
    const enter = (viewer: Viewer | null, code: string | undefined, cartToken: string | null = null) =>
      shop.run('applyCoupon', viewer, { code, cartToken }, undefined, 'CouponCodeInput')
    await shop.add(ada, cup ?? '')
    const { cartToken: token } = (await shop.add(null, cup ?? '')).value
    for (const code of codes.slice(0, 4)) await enter(ada, code)
    for (const code of codes.slice(3)) await enter(null, code, token)
    expect((await signIn(ada.handle, token)).data.signIn.userErrors).toEqual([])
    expect((await shop.cart(ada)).coupons.map(({ code }: { code: string }) => code).toSorted()).toEqual(
      codes.slice(0, 5),
    )
  })

  test('a token that leads nowhere changes nothing and keeps nobody out', async () => {
    const { data } = await signIn(ada.handle, 'leads nowhere')
    expect(data.signIn).toMatchObject({ session: { accessToken: expect.any(String) }, userErrors: [] })
  })

  test('on many devices at once, with the same token, things are counted once', async () => {
    const [cup] = await stock(90)
    const { cartToken: token } = (await shop.add(null, cup ?? '', 7)).value
    await Promise.all(
      Array.from({ length: 20 }, () => shop.run('mergeCart', ada, { cartToken: token }, undefined, 'CartInput')),
    )
    expect(skus(await shop.cart(ada))).toEqual([[variantId(cup), 7]])
  })

  test('a new member keeps what they chose as a guest', async () => {
    const [cup] = await stock(10)
    const { cartToken: token } = (await shop.add(null, cup ?? '', 3)).value
    const { data } = await shop.ask(
      'mutation ($input: SignUpInput!) { signUp(input: $input) { session { accessToken } } }',
      {
        input: {
          email: 'new@example.com',
          handle: 'newcomer',
          password: 'correct horse battery staple',
          cartToken: token,
        },
      },
    )
    const cart = await server.ask('{ cart { lines { quantity } } }', {}, data.signUp.session.accessToken)
    expect(cart.data.cart.lines).toEqual([{ quantity: 3 }])
  })
})

describe('coupons in a cart', () => {
  const enter = (viewer: Viewer | null, code: string, cartToken: string | null = null) =>
    shop.run('applyCoupon', viewer, { code, cartToken }, undefined, 'CouponCodeInput')
  const takeOut = (viewer: Viewer | null, code: string) =>
    shop.run('removeCoupon', viewer, { code }, undefined, 'CouponCodeInput')
  const coupon = (code: string, terms: object = { percentBasisPoints: 1_000 }) =>
    server.world.coupon(staff, { code, ...terms })

  test('take off their part, in any spelling, once, and can be taken out', async () => {
    const [cup] = await stock(10)
    await coupon('TEN-OFF')
    await shop.add(ada, cup ?? '', 5)
    expect((await enter(ada, ' ten-off ')).value).toMatchObject({
      coupons: [{ code: 'TEN-OFF', refusal: null, discount: { minorUnits: 500 } }],
      totals: { subtotal: { minorUnits: 5_000 }, discount: { minorUnits: 500 } },
    })
    expect((await enter(ada, 'TEN-OFF')).value.totals.discount.minorUnits).toBe(500)
    expect((await takeOut(ada, 'ten-off')).value).toMatchObject({
      coupons: [],
      totals: { discount: { minorUnits: 0 } },
    })
  })

  const past = new Date(Date.now() - 60_000).toISOString()
  const future = new Date(Date.now() + 3_600_000).toISOString()
  test.each([
    ['UNKNOWN', null, [null, null]],
    ['NOT_YET_VALID', { amount: eur(100), validFrom: future, minSubtotal: eur(1_001) }, [null, null]],
    ['EXPIRED', { amount: eur(100), validUntil: past, minSubtotal: eur(1_001) }, [null, null]],
    ['MINIMUM_NOT_REACHED', { amount: eur(100), minSubtotal: eur(3_250) }, ['32.50', '22.50']],
  ])('are refused with the reason, and with what is missing where that helps: %s', async (reason, terms, amounts) => {
    const [minimum, missing] = amounts.map((amount) => amount && { amount, currency: 'EUR' })
    const [cup] = await stock(10)
    await shop.add(ada, cup ?? '')
    const code = reason.replaceAll('_', '-')
    if (terms !== null) await coupon(code, terms)
    expect(await enter(ada, code)).toMatchObject({
      value: null,
      userErrors: [
        {
          __typename: 'CouponNotApplicable',
          code: 'COUPON_NOT_APPLICABLE',
          reason,
          coupon: code,
          path: ['input', 'code'],
          minimum,
          missing,
          message: missing ? expect.stringMatching(/€32\.50 .*€22\.50/) : expect.any(String),
        },
      ],
    })
  })

  test('that are withdrawn or no longer apply stay in the cart with the reason, and take nothing off', async () => {
    const [cup] = await stock(10)
    const id = await coupon('FLEETING', { amount: eur(100), minSubtotal: eur(2_000) })
    await shop.add(ada, cup ?? '', 2)
    await enter(ada, 'FLEETING')
    expect((await update(ada, cup, 1)).value).toMatchObject({
      hasProblems: true,
      coupons: [{ refusal: 'MINIMUM_NOT_REACHED', discount: { minorUnits: 0 }, missing: { minorUnits: 1_000 } }],
    })
    expect((await checkOut(shop, ada)).userErrors).toMatchObject([
      { reason: 'MINIMUM_NOT_REACHED', coupon: 'FLEETING', minimum: { amount: '20.00' }, missing: { amount: '10.00' } },
    ])
    await server.running.atrium.deps.db.query('update coupons set is_active = false where id = $1', [id])
    expect((await shop.cart(ada)).coupons).toMatchObject([{ refusal: 'INACTIVE', missing: null }])
  })

  test('are combined where both allow it, and not beside an exclusive one', async () => {
    const [cup] = await stock(10)
    await coupon('STACK-A', { percentBasisPoints: 1_000, isStackable: true })
    await coupon('STACK-B', { amount: eur(250), isStackable: true })
    await coupon('ALONE', { percentBasisPoints: 5_000 })
    await shop.add(ada, cup ?? '', 2)
    await enter(ada, 'STACK-B')
    const both = (await enter(ada, 'STACK-A')).value
    expect(both.coupons.map(({ discount }: { discount: { minorUnits: number } }) => discount.minorUnits)).toEqual([
      250, 200,
    ])
    expect((await enter(ada, 'ALONE')).userErrors).toMatchObject([{ reason: 'NOT_COMBINABLE' }])
    await takeOut(ada, 'STACK-A')
    await takeOut(ada, 'STACK-B')
    await enter(ada, 'ALONE')
    expect((await enter(ada, 'STACK-A')).userErrors).toMatchObject([{ reason: 'NOT_COMBINABLE' }])
  })
})

test('what is said of each country that the shop delivers to is what a cart adds for it', async () => {
  const [cup] = await stock(10)
  await changePrice(cup, '30.00')
  await shop.add(ada, cup ?? '')
  const { data } = await shop.ask(
    '{ deliveryCountries { country taxBasisPoints shipping { minorUnits } freeFrom { minorUnits } } }',
  )
  expect(data.deliveryCountries).toHaveLength(19)
  const named = Object.fromEntries(
    data.deliveryCountries.map(({ country, ...terms }: { country: string }) => [country, terms]),
  )
  expect(named.DE).toEqual({ taxBasisPoints: 1_900, shipping: { minorUnits: 490 }, freeFrom: { minorUnits: 7_500 } })
  expect(named.US).toEqual({ taxBasisPoints: 0, shipping: { minorUnits: 1_990 }, freeFrom: null })
  const query =
    'query ($country: String!) { cart { totals(country: $country) { shipping { minorUnits } tax { minorUnits } } } }'
  const added = async (country: string) => (await shop.ask(query, { country }, ada)).data.cart.totals
  for (const { country, taxBasisPoints, shipping } of data.deliveryCountries) {
    const tax = { minorUnits: Math.round(((3_000 + shipping.minorUnits) * taxBasisPoints) / 10_000) }
    expect([country, await added(country)]).toEqual([country, { shipping, tax }])
  }
  await update(ada, cup, 3)
  for (const { country, shipping, freeFrom } of data.deliveryCountries) {
    const { minorUnits } = (await added(country)).shipping
    expect([country, minorUnits]).toEqual([country, freeFrom === null ? shipping.minorUnits : 0])
  }
})
