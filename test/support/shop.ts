import { encodeId, type Uuid } from '../../src/core/ids.ts'
import { currencyOf, type Money, money } from '../../src/core/money.ts'
import type { NewProduct } from '../../src/domain/shop/product.ts'
import type { NewVariant } from '../../src/domain/shop/variant.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { GraphClient } from './graph-client.ts'

const EUR = currencyOf('EUR')
export const eur = (amountMinor: number): Money => money(amountMinor, EUR)

const USER_ERRORS = `userErrors { __typename code message path ... on InsufficientStock { available }
  ... on CouponNotApplicable { reason coupon minimum { amount currency } missing { amount currency } } ... on LimitExceeded { limit } ... on IllegalTransition { from allowed }
  ... on PriceChanged { seen { minorUnits } now { minorUnits } } ... on PaymentDeclined { declineCode } }`

export const CART = `cartToken hasProblems
  lines { kind title detail quantity unitPrice { minorUnits } total { minorUnits } variant { id sku }
    problems { code available seenPrice { minorUnits } } }
  coupons { code refusal discount { minorUnits } missing { minorUnits } }
  totals { subtotal { minorUnits } discount { minorUnits } shipping { minorUnits } tax { minorUnits } total { minorUnits } }`

export interface Done {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of any shape.
  value: any
  /** All that it answers, by field. */
  // biome-ignore lint/suspicious/noExplicitAny: answers have any shape.
  payload: any
  // biome-ignore lint/suspicious/noExplicitAny: user errors carry what their kind needs.
  userErrors: any[]
  /** Code of the first top-level error. */
  refused: string | null
}

/** What buyers and staff do in the shop, as they do it: over HTTP. */
export class ShopClient extends GraphClient {
  #made = 0

  /** A mutation whose input type and payload are named after it. */
  async run(
    mutation: string,
    viewer: Viewer | null,
    input: Record<string, unknown>,
    selection = `cart { ${CART} }`,
    inputType = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`,
  ): Promise<Done> {
    const names = [mutation, inputType, `${selection} ${USER_ERRORS}`] as const
    const { payload, userErrors, refused } = await this.mutate(names, viewer, input)
    return { value: Object.values(payload)[0] ?? null, payload, userErrors, refused }
  }

  add = (viewer: Viewer | null, variant: Uuid, quantity = 1, cartToken: string | null = null): Promise<Done> =>
    this.run('addToCart', viewer, { variantId: variantId(variant), quantity, cartToken }, undefined, 'CartItemInput')

  /** The cart as its holder sees it. */
  async cart(viewer: Viewer | null, token: string | null = null) {
    const { data, errors } = await this.ask(
      `query ($token: String) { cart(cartToken: $token) { ${CART} } }`,
      { token },
      viewer,
    )
    return errors?.[0]?.extensions.code ?? data.cart
  }

  /** A product on sale with these variants, and their ids in order. */
  async product(
    staff: Viewer,
    categoryId: Uuid,
    variants: Partial<NewVariant>[] = [{}],
    more: Partial<NewProduct> = {},
  ): Promise<{ id: Uuid; variants: Uuid[] }> {
    const number = ++this.#made
    const id = await this.server.world.product(staff, {
      name: `Product ${number}`,
      categoryId,
      variants: variants.map((variant, at) => ({
        sku: `SKU-${number}-${at}`,
        price: eur(1000),
        quantity: 10,
        ...variant,
      })),
      ...more,
    })
    const { db } = this.server.running.atrium.deps
    const rows = await db.query<{ id: Uuid }>('select id from variants where product_id = $1 order by position', [id])
    return { id, variants: rows.map((row) => row.id) }
  }
}

export const variantId = (id: Uuid | undefined): string => encodeId('variant', id ?? '')
export const productId = (id: Uuid): string => encodeId('product', id)
export const categoryId = (id: Uuid): string => encodeId('productcategory', id)

/** `{ subtotal, discount, shipping, tax, total }` in cents. */
export const cents = (totals: Record<string, { minorUnits: number }>): Record<string, number> =>
  Object.fromEntries(Object.entries(totals).map(([name, { minorUnits }]) => [name, minorUnits]))

export const ADDRESS = { name: 'Ada Buyer', street: 'Long Lane 1', postalCode: '10115', city: 'Berlin', country: 'DE' }

export const ORDER = `id status email expiresAt paidAt address { name country } refunded { minorUnits }
  totals { subtotal { minorUnits } discount { minorUnits } shipping { minorUnits } tax { minorUnits } total { minorUnits } }
  lines { id kind title quantity refundedQuantity unitPrice { minorUnits } discount { minorUnits } tax { minorUnits } variant { id } }
  coupons { code discount { minorUnits } } refunds { amount { minorUnits } status reason }
  payment { status gateway clientSecret nextActionUrl declineCode }`

let keys = 0

/** Buys what is in the cart, at what the cart says it costs. */
export async function checkOut(
  shop: ShopClient,
  viewer: Viewer | null,
  input: Record<string, unknown> = {},
  token: string | null = null,
): Promise<Done> {
  const cart = await shop.cart(viewer, token)
  const expectedTotal = { amount: ((cart?.totals.total.minorUnits ?? 0) / 100).toFixed(2), currency: 'EUR' }
  const guest = viewer === null ? { cartToken: token, email: 'guest@example.com' } : {}
  const whole = { idempotencyKey: `checkout-${++keys}`, address: ADDRESS, expectedTotal, ...guest, ...input }
  return shop.run('checkout', viewer, whole, `order { ${ORDER} }`)
}

export const pay = (
  shop: ShopClient,
  viewer: Viewer | null,
  id: string,
  paymentMethod = 'pm_card_visa',
  cartToken: string | null = null,
) => shop.run('payOrder', viewer, { id, paymentMethod, cartToken }, `order { ${ORDER} }`)
