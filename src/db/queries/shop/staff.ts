import { sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import { type CouponRow, couponEntity, type VariantRow, variantEntity } from '../../relations/shop/catalogue.ts'
import { coupons } from '../../tables/shop/cart.ts'
import { variants } from '../../tables/shop/catalogue.ts'
import { stockLevels } from '../../tables/shop/stock.ts'
import { findPage, type ListSource } from '../page.ts'

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

export const allCoupons = (): ListSource<CouponRow> => ({ of: couponEntity, where: [] })

const NEWEST: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: coupons.createdAt, type: 'timestamptz' },
    { value: coupons.id, type: 'uuid' },
  ],
}

export const findCoupons = (db: Executor, page: PageRequest) => findPage(db, allCoupons(), NEWEST, page)
