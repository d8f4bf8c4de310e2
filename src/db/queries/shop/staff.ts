import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import {
  type CouponRow,
  couponEntity,
  type ProductRow,
  productEntity,
  type VariantRow,
  variantEntity,
} from '../../relations/shop/catalogue.ts'
import { coupons } from '../../tables/shop/cart.ts'
import { productCategories, products, variants } from '../../tables/shop/catalogue.ts'
import { stockLevels } from '../../tables/shop/stock.ts'
import { containing } from '../containing.ts'
import { findPage, type ListSource } from '../page.ts'
import { subtreeOf } from './categories.ts'

/** Variants on sale of which there are no more than their threshold. */
export const lowVariants = (): ListSource<VariantRow> => ({
  of: variantEntity,
  joins: sql` join ${stockLevels} on ${stockLevels.variantId} = ${variants.id}`,
  where: [sql`${variants.isOnSale}`, sql`${stockLevels.quantity} <= ${variants.lowStockAt}`],
})

const FEWEST: KeysetOrder = {
  name: 'FEWEST',
  direction: 'asc',
  keys: [
    { value: stockLevels.quantity, type: 'integer' },
    { value: variants.id, type: 'uuid' },
  ],
}

export const findLowVariants = (db: Executor, page: PageRequest) => findPage(db, lowVariants(), FEWEST, page)

/** Where a coupon is in its time; one that was switched off is OFF whatever the time. */
export type CouponState = 'USABLE' | 'UPCOMING' | 'OVER' | 'OFF'

const isUsedUp = sql`${coupons.usedCount} >= ${coupons.maxUses}`
const IN_STATE: Readonly<Record<CouponState, SQL>> = {
  USABLE: sql`${coupons.isActive} and coalesce(${coupons.validFrom} <= now(), true) and coalesce(${coupons.validUntil} > now(), true) and (${isUsedUp}) is not true`,
  UPCOMING: sql`${coupons.isActive} and ${coupons.validFrom} > now()`,
  OVER: sql`${coupons.isActive} and (${coupons.validUntil} <= now() or ${isUsedUp})`,
  OFF: sql`not ${coupons.isActive}`,
}

export interface CouponListFilter {
  /** Part of the code or of what staff wrote about it, in any case; three characters and more. */
  text?: string | undefined
  state?: CouponState | undefined
}

export const allCoupons = ({ text, state }: CouponListFilter): ListSource<CouponRow> => ({
  of: couponEntity,
  where: [
    text === undefined ? undefined : sql`(${coupons.code} || ' ' || ${coupons.description}) ilike ${containing(text)}`,
    state === undefined ? undefined : IN_STATE[state],
  ],
})

export type CouponOrderName = 'NEWEST' | 'CODE'

const COUPON_ORDERS: Readonly<Record<CouponOrderName, KeysetOrder>> = {
  NEWEST: {
    name: 'NEWEST',
    direction: 'desc',
    keys: [
      { value: coupons.createdAt, type: 'timestamptz' },
      { value: coupons.id, type: 'uuid' },
    ],
  },
  CODE: { name: 'CODE', direction: 'asc', keys: [{ value: coupons.code, type: 'text' }] },
}

export const findCoupons = (db: Executor, source: ListSource<CouponRow>, order: CouponOrderName, page: PageRequest) =>
  findPage(db, source, COUPON_ORDERS[order], page)

export interface StaffProductFilter {
  status?: ProductRow['status'] | undefined
  /** Part of its name or brand, or of the SKU of a variant, in any case; three characters and more. */
  text?: string | undefined
  /** Slug; products of the categories below it as well. */
  category?: string | undefined
}

/** Each side reads its own trigram index; an `or` over both tables would read none. */
const named = (text: string): SQL =>
  sql`${products.id} in (select named.id from ${products} named where (named.name || ' ' || named.brand) ilike ${containing(text)} union select kept.product_id from ${variants} kept where kept.sku ilike ${containing(text)})`

/** For staff: products in any state. */
export const allProducts = ({ status, text, category }: StaffProductFilter): ListSource<ProductRow> => ({
  of: productEntity,
  where: [
    status === undefined ? undefined : sql`${products.status}::text = ${status}`,
    text === undefined ? undefined : named(text),
    category === undefined
      ? undefined
      : sql`${products.categoryId} in ${subtreeOf(sql`${productCategories.slug} = ${category}`)}`,
  ],
})

export type StaffProductOrderName = 'RECENTLY_UPDATED' | 'NAME'

const PRODUCT_ORDERS: Readonly<Record<StaffProductOrderName, KeysetOrder>> = {
  RECENTLY_UPDATED: {
    name: 'RECENTLY_UPDATED',
    direction: 'desc',
    keys: [
      { value: products.updatedAt, type: 'timestamptz' },
      { value: products.id, type: 'uuid' },
    ],
  },
  NAME: {
    name: 'NAME',
    direction: 'asc',
    keys: [
      { value: products.name, type: 'text' },
      { value: products.id, type: 'uuid' },
    ],
  },
}

export const findAllProducts = (
  db: Executor,
  source: ListSource<ProductRow>,
  order: StaffProductOrderName,
  page: PageRequest,
) => findPage(db, source, PRODUCT_ORDERS[order], page)
