import { type SQL, sql } from 'drizzle-orm'
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts } from '../account.ts'
import { id, instant, tsvector } from '../columns.ts'
import { subjects } from '../subject.ts'
import { uploads } from '../upload.ts'

/**
 * A tree without cycles, held by its constraints: a child's depth is its parent's plus one, wherever the parent moves.
 * A category below itself would have to be deeper than itself, and the cascade that tries ends at the greatest depth.
 */
export const productCategories = pgTable(
  'product_categories',
  {
    id: id(),
    parentId: uuid(),
    parentDepth: integer(),
    depth: integer()
      .notNull()
      .generatedAlwaysAs((): SQL => sql`coalesce(${productCategories.parentDepth} + 1, 0)`),
    slug: text().notNull().unique('product_categories_slug_taken'),
    name: text().notNull(),
    /** Among its siblings. */
    position: integer().notNull().default(0),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique('product_categories_at_depth').on(t.id, t.depth),
    foreignKey({
      name: 'product_categories_below_parent',
      columns: [t.parentId, t.parentDepth],
      foreignColumns: [t.id, t.depth],
    }).onUpdate('cascade'),
    check('product_categories_depth', sql`${t.parentDepth} is null or ${t.parentDepth} between 0 and 4`),
    check('product_categories_parent', sql`(${t.parentId} is null) = (${t.parentDepth} is null)`),
    index('product_categories_in_order').on(t.parentId, t.position, t.slug),
  ],
)

export const productStatus = pgEnum('product_status', ['DRAFT', 'ACTIVE', 'ARCHIVED'])

export const products = pgTable(
  'products',
  {
    id: uuid()
      .primaryKey()
      .references(() => subjects.id, { onDelete: 'cascade' }),
    categoryId: uuid()
      .notNull()
      .references(() => productCategories.id),
    slug: text().notNull().unique('products_slug_taken'),
    name: text().notNull(),
    brand: text().notNull().default(''),
    description: text().notNull().default(''),
    status: productStatus().notNull().default('DRAFT'),
    /** Of the cheapest variant on sale; null without one. Kept by whoever changes a variant, under the product's lock. */
    fromPriceMinor: integer(),
    /** Sum and number of the stars of its reviews: a trigger of `review_totals` copies them, for the lists. */
    ratingSum: integer().notNull().default(0),
    ratingCount: integer().notNull().default(0),
    /** Hundredths of a star in the mean; 0 without a review. */
    averageHundredths: integer()
      .notNull()
      .generatedAlwaysAs(
        (): SQL =>
          sql`case when ${products.ratingCount} = 0 then 0 else ${products.ratingSum}::bigint * 100 / ${products.ratingCount} end`,
      ),
    /**
     * Its place among the best rated: the mean with five more reviews of three stars, in hundred thousandths, so that one
     * enthusiast does not outdo a hundred buyers. What nobody has reviewed comes last.
     */
    ratingRank: integer()
      .notNull()
      .generatedAlwaysAs(
        (): SQL =>
          sql`case when ${products.ratingCount} = 0 then 0 else (${products.ratingSum} + 15)::bigint * 100000 / (${products.ratingCount} + 5) end`,
      ),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
    search: tsvector()
      .notNull()
      .generatedAlwaysAs(
        (): SQL =>
          sql`setweight(to_tsvector('english', ${products.name}), 'A') || setweight(to_tsvector('english', ${products.brand}), 'B') || setweight(to_tsvector('english', ${products.description}), 'C')`,
      ),
  },
  (t) => [
    index('products_newest').on(t.createdAt, t.id).where(sql`${t.status} = 'ACTIVE'`),
    index('products_by_price').on(t.fromPriceMinor, t.id).where(sql`${t.status} = 'ACTIVE'`),
    index('products_newest_by_category').on(t.categoryId, t.createdAt, t.id).where(sql`${t.status} = 'ACTIVE'`),
    index('products_by_rating').on(t.ratingRank, t.id).where(sql`${t.status} = 'ACTIVE'`),
    index('products_by_average').on(t.averageHundredths).where(sql`${t.status} = 'ACTIVE'`),
    index('products_recently_updated').on(t.updatedAt, t.id),
    index('products_search').using('gin', t.search).with({ fastupdate: false }),
    index('products_in_name_order').on(t.name, t.id),
    index('products_by_name')
      .using('gin', sql`(${t.name} || ' ' || ${t.brand}) gin_trgm_ops`)
      .with({ fastupdate: false }),
    check(
      'products_rating',
      sql`${t.ratingCount} >= 0 and ${t.ratingSum} between ${t.ratingCount} and 5 * ${t.ratingCount}`,
    ),
    check('products_on_sale_has_price', sql`${t.status} <> 'ACTIVE' or ${t.fromPriceMinor} is not null`),
  ],
)

/** What is bought: one size and colour of a product. */
export const variants = pgTable(
  'variants',
  {
    id: id(),
    productId: uuid()
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    sku: text().notNull().unique('variants_sku_taken'),
    /** What tells it from its siblings: `Blue, M`. Empty for the only one. */
    name: text().notNull().default(''),
    priceMinor: integer().notNull(),
    currency: text().notNull(),
    /** Staff is told when the stock falls to this many; null for never. */
    lowStockAt: integer(),
    /** One that is off sale can no longer be bought; orders still name it. */
    isOnSale: boolean().notNull().default(true),
    position: integer().notNull().default(0),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    index('variants_in_order').on(t.productId, t.position, t.sku),
    index('variants_by_sku').using('gin', t.sku.op('gin_trgm_ops')).with({ fastupdate: false }),
    check('variants_sku_form', sql`${t.sku} ~ '^[A-Z0-9](?:[A-Z0-9._-]{0,38}[A-Z0-9])?$'`),
    check('variants_price', sql`${t.priceMinor} between 1 and 99999999`),
    check('variants_currency', sql`${t.currency} ~ '^[A-Z]{3}$'`),
    check('variants_low_stock', sql`${t.lowStockAt} between 0 and 1000000`),
  ],
)

/** `colour: Blue`, for filters and facets. */
export const variantAttributes = pgTable(
  'variant_attributes',
  {
    variantId: uuid()
      .notNull()
      .references(() => variants.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    value: text().notNull(),
  },
  (t) => [
    primaryKey({ name: 'variant_attributes_once', columns: [t.variantId, t.name] }),
    index('variant_attributes_by_value').on(t.name, t.value, t.variantId),
  ],
)

export const productImages = pgTable(
  'product_images',
  {
    id: id(),
    productId: uuid()
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    /** An address elsewhere, or a path below our own (`/art/…`). */
    url: text(),
    /** Instead of an address. */
    uploadId: uuid()
      .unique('product_images_upload_once')
      .references(() => uploads.id),
    alt: text().notNull(),
    position: integer().notNull(),
  },
  (t) => [
    unique('product_images_in_order').on(t.productId, t.position),
    check('product_images_one_source', sql`num_nonnulls(${t.url}, ${t.uploadId}) = 1`),
  ],
)

export const wishes = pgTable(
  'wishes',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    productId: uuid()
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'wishes_once', columns: [t.accountId, t.productId] }),
    index('wishes_newest').on(t.accountId, t.createdAt, t.productId),
    index('wishes_by_product').on(t.productId),
  ],
)
