import { and, count, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Money } from '../../core/money.ts'
import type { Transaction } from '../../db/database.ts'
import { products, variantAttributes, variants } from '../../db/tables/shop/catalogue.ts'
import { violatedConstraint } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, leftOut, line } from '../input.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { enterPriceChanges } from './price-change.ts'
import { MAX_ATTRIBUTES, MAX_VARIANTS } from './rules.ts'
import { enterMovement } from './stock.ts'
import { priceInput, skuInput } from './variant-input.ts'

const attributes = z
  .array(z.object({ name: line('The name of an attribute', 1, 40), value: line('The value of an attribute', 1, 80) }))
  .max(MAX_ATTRIBUTES, `A variant has at most ${MAX_ATTRIBUTES} attributes.`)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'An attribute is named twice.')

const wholeNumber = (what: string) => z.int(`${what} is a whole number.`).min(0, `${what} is 0 or more.`).max(1_000_000)

const content = {
  sku: skuInput,
  name: line('The name of a variant', 0, 120).default(''),
  price: priceInput,
  attributes: attributes.default([]),
  lowStockAt: wholeNumber('The threshold').nullish(),
  position: leftOut(wholeNumber('A position')),
}

export const newVariantInput = z.object({ ...content, quantity: leftOut(wholeNumber('A stock')) })
const changeInput = z.object({
  sku: leftOut(skuInput),
  name: leftOut(line('The name of a variant', 0, 120)),
  price: leftOut(priceInput),
  attributes: leftOut(attributes),
  lowStockAt: content.lowStockAt,
  position: content.position,
  isOnSale: leftOut(z.boolean()),
})

export interface NewVariant {
  /** Any case; kept in capitals. */
  sku: string
  name?: string | undefined
  price: Money
  attributes?: { name: string; value: string }[] | undefined
  lowStockAt?: number | null | undefined
  position?: number | null | undefined
  /** Pieces on the shelf at the start. */
  quantity?: number | null | undefined
}

async function write<T>(path: readonly string[], work: PromiseLike<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (violatedConstraint(error) !== 'variants_sku_taken') throw error
    throw new DomainError('TAKEN', 'Another variant has this SKU.', [...path, 'sku'])
  }
}

async function addAttributes(tx: Transaction, variantId: Uuid, list: { name: string; value: string }[]): Promise<void> {
  if (list.length > 0) await tx.orm.insert(variantAttributes).values(list.map((each) => ({ variantId, ...each })))
}

/** Adds a checked variant to a product that the caller has locked; `refreshFromPrice` follows. */
export async function insertVariant(
  tx: Transaction,
  viewer: Viewer,
  productId: Uuid,
  variant: z.output<typeof newVariantInput>,
  position: number,
  path: readonly string[],
): Promise<Uuid> {
  const id = newId()
  await write(
    path,
    tx.orm.insert(variants).values({
      id,
      productId,
      sku: variant.sku,
      name: variant.name,
      priceMinor: variant.price.amountMinor,
      currency: variant.price.currency,
      lowStockAt: variant.lowStockAt ?? null,
      position: variant.position ?? position,
    }),
  )
  await addAttributes(tx, id, variant.attributes)
  const { quantity = 0 } = variant
  if (quantity > 0)
    await enterMovement(tx, { variantId: id, kind: 'IN', quantity, note: '', actorId: viewer.accountId })
  return id
}

/** Keeps the price that lists are sorted by. @throws DomainError `INVALID_INPUT` when nothing of it is left on sale. */
export async function refreshFromPrice(tx: Transaction, productId: Uuid, path: readonly string[]): Promise<void> {
  const cheapest = tx.orm
    .select({ price: sql`min(${variants.priceMinor})` })
    .from(variants)
    .where(and(eq(variants.productId, productId), variants.isOnSale))
  try {
    await tx.orm
      .update(products)
      .set({ fromPriceMinor: sql`(${cheapest})`, updatedAt: sql`now()` })
      .where(eq(products.id, productId))
  } catch (error) {
    if (violatedConstraint(error) !== 'products_on_sale_has_price') throw error
    throw invalidInput(path, 'A product that is on sale keeps at least one variant on sale; archive it instead.')
  }
}

async function lockProduct(tx: Transaction, id: Uuid, path: readonly string[]): Promise<void> {
  const found = await tx.orm.select({ id: products.id }).from(products).where(eq(products.id, id)).for('update')
  if (found.length === 0) throw notFound('product', path)
}

/** @throws DomainError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT`, `TAKEN` (SKU), `LIMIT_EXCEEDED`, `CONFLICT` (key). */
export async function addVariant(
  deps: Deps,
  viewer: Viewer,
  input: NewVariant & { productId: Uuid; idempotencyKey?: string | undefined },
): Promise<Uuid> {
  ensureStaff(viewer)
  const { productId } = input
  const variant = checkInput(newVariantInput, input)
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'addVariant', input, async () => {
      await lockProduct(tx, productId, ['input', 'productId'])
      const [siblings] = await tx.orm.select({ count: count() }).from(variants).where(eq(variants.productId, productId))
      const position = Number(siblings?.count ?? 0)
      if (position >= MAX_VARIANTS) {
        const path = ['input', 'productId']
        throw new DomainError('LIMIT_EXCEEDED', `A product has at most ${MAX_VARIANTS} variants.`, path, {
          limit: MAX_VARIANTS,
        })
      }
      const id = await insertVariant(tx, viewer, productId, variant, position, ['input'])
      await refreshFromPrice(tx, productId, ['input', 'productId'])
      return id
    }),
  )
}

export interface VariantChange extends Partial<Omit<NewVariant, 'quantity'>> {
  id: Uuid
  isOnSale?: boolean | null | undefined
}

/** Fields that are left out stay as they are. @throws as `addVariant`. */
export async function updateVariant(deps: Deps, viewer: Viewer, input: VariantChange): Promise<Uuid> {
  ensureStaff(viewer)
  const { id } = input
  const { price, attributes, ...change } = checkInput(changeInput, input)
  return deps.db.transaction(async (tx) => {
    const path = ['input', 'id']
    const [variant] = await tx.orm.select({ productId: variants.productId }).from(variants).where(eq(variants.id, id))
    if (variant === undefined) throw notFound('variant', path)
    await lockProduct(tx, variant.productId, path)
    if (price !== undefined) await notePrice(tx, viewer, id, price.amountMinor)
    await write(
      ['input'],
      tx.orm
        .update(variants)
        .set({ ...change, priceMinor: price?.amountMinor, updatedAt: sql`now()` })
        .where(eq(variants.id, id)),
    )
    if (attributes !== undefined) {
      await tx.orm.delete(variantAttributes).where(eq(variantAttributes.variantId, id))
      await addAttributes(tx, id, attributes)
    }
    await refreshFromPrice(tx, variant.productId, path)
    return id
  })
}

/** The lock of the product is held, so the price is that of the moment. */
async function notePrice(tx: Transaction, viewer: Viewer, variantId: Uuid, afterMinor: number): Promise<void> {
  const [now] = await tx.orm.select({ minor: variants.priceMinor }).from(variants).where(eq(variants.id, variantId))
  if (now === undefined || now.minor === afterMinor) return
  await enterPriceChanges(tx, viewer, [{ variantId, beforeMinor: now.minor, afterMinor }])
}
