import { lifecycle } from '../../core/lifecycle.ts'
import { currencyOf } from '../../core/money.ts'
import type { productStatus } from '../../db/tables/shop/catalogue.ts'
import { isStaff, type Viewer } from '../viewer.ts'

/** The shop keeps its books in one currency; it stands beside every amount all the same. */
export const SHOP_CURRENCY = currencyOf('EUR')

/** What a card can be charged at once, in minor units: eight digits, at Stripe as elsewhere. */
export const MAX_AMOUNT_MINOR = 99_999_999

/** Of one product. */
export const MAX_VARIANTS = 20
export const MAX_IMAGES = 8
/** Of one variant. */
export const MAX_ATTRIBUTES = 6
/** Of one category. */
export const MAX_CHILDREN = 30
/** A category lies at most so many levels below its root; the database holds it. */
export const MAX_CATEGORY_DEPTH = 5

/** Pieces of one variant in a cart; the database holds it. */
export const MAX_QUANTITY = 99
/** Different things in a cart. */
export const MAX_CART_LINES = 50
/** Codes in a cart. */
export const MAX_CART_COUPONS = 5

/** Where the facet of prices is cut, in minor units. */
export const PRICE_BOUNDS_MINOR = [1_000, 2_500, 5_000, 10_000, 25_000] as const

export type ProductStatus = (typeof productStatus.enumValues)[number]

/** What was sold once is never deleted, because orders name it: it is archived, and may come back. */
export const productLifecycle = lifecycle<ProductStatus>('product', {
  DRAFT: ['ACTIVE', 'ARCHIVED'],
  ACTIVE: ['ARCHIVED'],
  ARCHIVED: ['ACTIVE'],
})

/** What is archived can still be looked at by who has its address: it is on their orders and wishlists. */
export const canSeeProduct = (viewer: Viewer | null, product: { readonly status: ProductStatus }): boolean =>
  product.status !== 'DRAFT' || isStaff(viewer)

/** Where a product is looked at, below the public address. */
export const productPath = (slug: string): string => `/shop/${slug}`

/** Prices, stock and coupons are staff's. */
export const canManageShop = (viewer: Viewer | null): boolean => isStaff(viewer)
