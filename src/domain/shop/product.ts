import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { productCategories, products } from '../../db/tables/shop/catalogue.ts'
import { subjects } from '../../db/tables/subject.ts'
import { violatedConstraint } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut, line, prose } from '../input.ts'
import { slugOf } from '../slug.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { drawnImage, images, type NewImage, setImages } from './product-image.ts'
import { MAX_VARIANTS, type ProductStatus, productLifecycle } from './rules.ts'
import { insertVariant, type NewVariant, newVariantInput, refreshFromPrice } from './variant.ts'

const content = {
  name: line('A name', 1, 160),
  brand: line('A brand', 0, 80),
  description: prose('A description', 0, 10_000),
  slug: leftOut(
    z
      .string()
      .trim()
      .max(100, 'A slug may have at most 100 characters.')
      .regex(
        /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
        'A slug is lower-case letters and digits in words joined by single hyphens.',
      ),
  ),
}

const newProductInput = z.object({
  ...content,
  brand: content.brand.default(''),
  description: content.description.default(''),
  images: leftOut(images),
  variants: z
    .array(newVariantInput)
    .min(1, 'A product has at least one variant.')
    .max(MAX_VARIANTS, `A product has at most ${MAX_VARIANTS} variants.`),
})

const changeInput = z.object({
  name: leftOut(content.name),
  brand: leftOut(content.brand),
  description: leftOut(content.description),
  slug: content.slug,
  images: leftOut(images),
})

export interface NewProduct {
  name: string
  categoryId: Uuid
  brand?: string | undefined
  description?: string | undefined
  slug?: string | null | undefined
  /** Drawn by the server where none is given. */
  images?: NewImage[] | undefined
  variants: NewVariant[]
  /** On sale at once, and no draft. */
  isActive?: boolean | undefined
  idempotencyKey?: string | undefined
}

const slugTaken = () => new DomainError('TAKEN', 'Another product has this slug.', ['input', 'slug'])

async function write<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (violatedConstraint(error) === 'products_slug_taken') throw slugTaken()
    throw error
  }
}

async function ensureCategory(tx: Transaction, categoryId: Uuid): Promise<void> {
  const found = await tx.orm
    .select({ id: productCategories.id })
    .from(productCategories)
    .where(eq(productCategories.id, categoryId))
  if (found.length === 0) throw notFound('category', ['input', 'categoryId'])
}

/** @throws DomainError `FORBIDDEN`, `INVALID_INPUT`, `NOT_FOUND` (category), `TAKEN` (slug, SKU), `CONFLICT` (key). */
export async function createProduct(deps: Deps, viewer: Viewer, input: NewProduct): Promise<Uuid> {
  ensureStaff(viewer)
  const { variants, images, slug, ...fields } = checkInput(newProductInput, input)
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'createProduct', input, async () => {
      await ensureCategory(tx, input.categoryId)
      const id = newId()
      // A name may be given twice; whoever does not choose a slug gets one that nobody else has.
      const own = slug ?? `${slugOf(fields.name, 'product').slice(0, 80)}-${id.slice(-6)}`
      await tx.orm.insert(subjects).values({ id, kind: 'PRODUCT' })
      await write(tx.orm.insert(products).values({ id, categoryId: input.categoryId, slug: own, ...fields }))
      await setImages(deps, tx, viewer, id, images ?? [{ url: drawnImage(id), alt: fields.name }])
      for (const [position, variant] of variants.entries()) {
        await insertVariant(tx, viewer, id, variant, position, ['input', 'variants', String(position)])
      }
      await refreshFromPrice(tx, id, ['input', 'variants'])
      if (input.isActive === true) await setStatus(tx, id, 'ACTIVE')
      return id
    }),
  )
}

export interface ProductChange extends Partial<Omit<NewProduct, 'variants' | 'isActive' | 'idempotencyKey'>> {
  id: Uuid
}

/** Fields that are left out stay as they are; `images` replaces all of them. @throws as `createProduct`. */
export async function updateProduct(deps: Deps, viewer: Viewer, input: ProductChange): Promise<Uuid> {
  ensureStaff(viewer)
  const { id, categoryId } = input
  const { images, ...change } = checkInput(changeInput, input)
  return deps.db.transaction(async (tx) => {
    await lockProduct(tx, id)
    if (categoryId !== undefined) await ensureCategory(tx, categoryId)
    await write(
      tx.orm
        .update(products)
        .set({ ...change, categoryId, updatedAt: sql`now()` })
        .where(eq(products.id, id)),
    )
    if (images !== undefined) await setImages(deps, tx, viewer, id, images)
    return id
  })
}

async function lockProduct(
  tx: Transaction,
  id: Uuid,
): Promise<{ status: ProductStatus; fromPriceMinor: number | null }> {
  const [product] = await tx.orm
    .select({ status: products.status, fromPriceMinor: products.fromPriceMinor })
    .from(products)
    .where(eq(products.id, id))
    .for('update')
  if (product === undefined) throw notFound('product', ['input', 'id'])
  return product
}

const setStatus = (tx: Transaction, id: Uuid, status: ProductStatus) =>
  tx.orm.update(products).set({ status, updatedAt: sql`now()` }).where(eq(products.id, id))

async function become(deps: Deps, viewer: Viewer, id: Uuid, status: ProductStatus): Promise<Uuid> {
  ensureStaff(viewer)
  return deps.db.transaction(async (tx) => {
    const product = await lockProduct(tx, id)
    productLifecycle.ensure(product.status, status)
    if (status === 'ACTIVE' && product.fromPriceMinor === null) {
      throw invalidInput(['input', 'id'], 'No variant of it is on sale.')
    }
    await setStatus(tx, id, status)
    return id
  })
}

/** Puts it on sale. @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `ILLEGAL_TRANSITION`, `INVALID_INPUT`. */
export const activateProduct = (deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> =>
  become(deps, viewer, id, 'ACTIVE')

/** Takes it off sale. @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `ILLEGAL_TRANSITION`. */
export const archiveProduct = (deps: Deps, viewer: Viewer, id: Uuid): Promise<Uuid> =>
  become(deps, viewer, id, 'ARCHIVED')
