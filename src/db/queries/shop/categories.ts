import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import type { PageRequest } from '../../keyset.ts'
import { categoryOrder, type ProductCategoryRow, productCategoryEntity } from '../../relations/shop/catalogue.ts'
import { runStatement } from '../../statement.ts'
import { productCategories } from '../../tables/shop/catalogue.ts'
import { findPage, type ListSource } from '../page.ts'

/** The ids of the categories that are meant and of all that are below them. */
export const subtreeOf = (isMeant: SQL): SQL =>
  sql`(with recursive below as (select ${productCategories.id} from ${productCategories} where ${isMeant} union all select child.id from below join ${productCategories} child on child.parent_id = below.id) select id from below)`

/** The categories that are below no other. */
export const rootCategories = (): ListSource<ProductCategoryRow> => ({
  of: productCategoryEntity,
  where: [sql`${productCategories.parentId} is null`],
})

export const findRootCategories = (db: Executor, page: PageRequest) =>
  findPage(db, rootCategories(), categoryOrder, page)

/** Whether `id` is `above` itself or lies below it. */
export async function isInSubtree(db: Executor, id: string, above: string): Promise<boolean> {
  const rows = await runStatement<{ id: string }>(
    db,
    sql`with recursive up as (select id, parent_id from ${productCategories} where id = ${id}::text::uuid union all select parent.id, parent.parent_id from up join ${productCategories} parent on parent.id = up.parent_id) select id from up where id = ${above}::text::uuid`,
  )
  return rows.length > 0
}
