import type { PgColumn } from 'drizzle-orm/pg-core'
import type { KeysetOrder } from '../../keyset.ts'
import { belongsTo, count, entity, hasMany, type RowOf } from '../../relation.ts'
import { coupons } from '../../tables/shop/cart.ts'
import {
  productCategories,
  productImages,
  products,
  variantAttributes,
  variants,
  wishes,
} from '../../tables/shop/catalogue.ts'
import { priceChanges } from '../../tables/shop/price.ts'
import { stockMovements } from '../../tables/shop/stock.ts'

/** Texts of products are shown one product at a time mostly; they are read where a field asks for them. */
export const productEntity = entity('Product', products, ['description', 'search'])
const productTextEntity = { ...entity('Product', products), columns: { description: products.description } }
export const variantEntity = entity('ProductVariant', variants)
export const productCategoryEntity = entity('ProductCategory', productCategories)
const attributeEntity = entity('VariantAttribute', variantAttributes)
const imageEntity = entity('ProductImage', productImages)
export const movementEntity = entity('StockMovement', stockMovements)
const priceChangeEntity = entity('PriceChange', priceChanges)
export const couponEntity = entity('Coupon', coupons)

export type ProductRow = RowOf<typeof products, 'description' | 'search'>
export type VariantRow = RowOf<typeof variants>
export type ProductCategoryRow = RowOf<typeof productCategories>
export type PriceChangeRow = RowOf<typeof priceChanges>
export type MovementRow = RowOf<typeof stockMovements>
export type CouponRow = RowOf<typeof coupons>

export const productById = belongsTo(productEntity, products.id)
export const productBySlug = belongsTo(productEntity, products.slug)
export const productTextById = belongsTo<{ description: string }>(productTextEntity, products.id)
export const variantById = belongsTo(variantEntity, variants.id)
export const productCategoryById = belongsTo(productCategoryEntity, productCategories.id)
export const productCategoryBySlug = belongsTo(productCategoryEntity, productCategories.slug)
export const couponById = belongsTo(couponEntity, coupons.id)
export const movementById = belongsTo(movementEntity, stockMovements.id)
export const priceChangeById = belongsTo(priceChangeEntity, priceChanges.id)

const ordered = (position: PgColumn, last: PgColumn, type: 'text' | 'uuid'): KeysetOrder => ({
  name: 'POSITION',
  direction: 'asc',
  keys: [
    { value: position, type: 'integer' },
    { value: last, type },
  ],
})

/** More than a shop window holds; `MAX_VARIANTS` and `MAX_IMAGES` keep products below it. */
const AT_MOST = 50

export const productVariants = hasMany(variantEntity, {
  by: variants.productId,
  order: ordered(variants.position, variants.sku, 'text'),
  limit: AT_MOST,
})

export const productImageList = hasMany(imageEntity, {
  by: productImages.productId,
  order: ordered(productImages.position, productImages.id, 'uuid'),
  limit: AT_MOST,
})

export const variantAttributeList = hasMany(attributeEntity, {
  by: variantAttributes.variantId,
  order: { name: 'NAME', direction: 'asc', keys: [{ value: variantAttributes.name, type: 'text' }] },
  limit: AT_MOST,
})

export const categoryOrder = ordered(productCategories.position, productCategories.slug, 'text')

export const categoryChildren = hasMany(productCategoryEntity, {
  by: productCategories.parentId,
  order: categoryOrder,
  limit: AT_MOST,
})

export const movementOrder: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: stockMovements.createdAt, type: 'timestamptz' },
    { value: stockMovements.id, type: 'uuid' },
  ],
}

export const variantMovements = hasMany(movementEntity, { by: stockMovements.variantId, order: movementOrder })
export const variantMovementCount = count(stockMovements, { by: stockMovements.variantId })

export const productWishCount = count(wishes, { by: wishes.productId })

export const variantPriceChanges = hasMany(priceChangeEntity, {
  by: priceChanges.variantId,
  order: {
    name: 'NEWEST',
    direction: 'desc',
    keys: [
      { value: priceChanges.createdAt, type: 'timestamptz' },
      { value: priceChanges.id, type: 'uuid' },
    ],
  },
})
export const variantPriceChangeCount = count(priceChanges, { by: priceChanges.variantId })
