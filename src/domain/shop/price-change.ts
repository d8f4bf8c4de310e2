import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { DomainError, invalidInput, notFound } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { BASIS_POINTS, type Money, shareOf } from '../../core/money.ts'
import { pgArray } from '../../db/array.ts'
import type { Executor, Transaction } from '../../db/database.ts'
import { subtreeOf } from '../../db/queries/shop/categories.ts'
import { runStatement } from '../../db/statement.ts'
import { productCategories, products, variants } from '../../db/tables/shop/catalogue.ts'
import { priceChanges } from '../../db/tables/shop/price.ts'
import type { Deps } from '../deps.ts'
import { once } from '../idempotency.ts'
import { checkInput, combined, leftOut, prose } from '../input.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { MAX_AMOUNT_MINOR } from './rules.ts'
import { priceInput, skuInput } from './variant-input.ts'

/** Variants that are repriced together. */
export const MAX_REPRICED = 5_000
const MAX_SKUS = 500

/** Up to eleven times the price, and never down to nothing. */
const percent = z
  .int()
  .min(-9_999, 'A price falls by less than 100 percent.')
  .max(100_000, 'A price rises by at most 1000 percent.')
  .refine((basisPoints) => basisPoints !== 0, 'A change changes something.')

const repricingInput = z
  .object({
    skus: leftOut(
      z.array(skuInput).min(1, 'Name at least one SKU.').max(MAX_SKUS, `At most ${MAX_SKUS} SKUs at once.`),
    ),
    categoryId: leftOut(z.string()),
    percentBasisPoints: leftOut(percent),
    price: leftOut(priceInput),
    note: prose('A note', 0, 500).default(''),
  })
  .refine(({ skus, categoryId }) => (skus === undefined) !== (categoryId === undefined), {
    path: ['skus'],
    error: 'Prices are changed either in a category or of a list of SKUs.',
  })
  .refine(({ percentBasisPoints, price }) => (percentBasisPoints === undefined) !== (price === undefined), {
    path: ['price'],
    error: 'Prices change either by a percentage or to a price.',
  })

export interface Repricing {
  /** All variants of what lies in it and below it, but of what is archived. */
  categoryId?: Uuid | null | undefined
  skus?: string[] | null | undefined
  /** Hundredths of a percent, up or down. */
  percentBasisPoints?: number | null | undefined
  price?: Money | null | undefined
}

/** One variant and what it would cost. */
export interface Repriced {
  readonly variantId: Uuid
  readonly productId: Uuid
  readonly sku: string
  readonly beforeMinor: number
  readonly afterMinor: number
}

type Checked = z.output<typeof repricingInput>

/** The new price: halves of a cent go away from zero, as tax and discounts do. */
export const repricedMinor = (
  beforeMinor: number,
  { percentBasisPoints, price }: Pick<Checked, 'percentBasisPoints' | 'price'>,
): number => price?.amountMinor ?? shareOf(beforeMinor, BASIS_POINTS + (percentBasisPoints ?? 0))

const chosenBy = ({ skus, categoryId }: Checked) =>
  skus === undefined
    ? sql`${products.status} <> 'ARCHIVED' and ${products.categoryId} in ${subtreeOf(sql`${productCategories.id} = ${categoryId}::text::uuid`)}`
    : sql`${variants.sku} = any(${pgArray(skus)}::text::text[])`

/** @throws DomainError `NOT_FOUND` (category, each unknown SKU), `INVALID_INPUT` (a price out of range), `LIMIT_EXCEEDED`. */
async function planOf(db: Executor, input: Checked): Promise<Repriced[]> {
  if (input.categoryId !== undefined) {
    const [category] = await runStatement<{ id: Uuid }>(
      db,
      sql`select ${productCategories.id} as "id" from ${productCategories} where ${productCategories.id} = ${input.categoryId}::text::uuid`,
    )
    if (category === undefined) throw notFound('category', ['input', 'categoryId'])
  }
  const rows = await runStatement<Omit<Repriced, 'afterMinor'>>(
    db,
    sql`select ${variants.id} as "variantId", ${variants.productId} as "productId", ${variants.sku} as "sku", ${variants.priceMinor} as "beforeMinor"
      from ${variants} join ${products} on ${products.id} = ${variants.productId} where ${chosenBy(input)} order by ${variants.sku} limit ${sql.raw(String(MAX_REPRICED + 1))}`,
  )
  if (rows.length > MAX_REPRICED) {
    const message = `At most ${MAX_REPRICED} prices are changed at once; choose a smaller category.`
    throw new DomainError('LIMIT_EXCEEDED', message, ['input', 'categoryId'], { limit: MAX_REPRICED })
  }
  const known = new Set(rows.map(({ sku }) => sku))
  const unknown = (input.skus ?? []).flatMap((sku, at) =>
    known.has(sku)
      ? []
      : [new DomainError('NOT_FOUND', `No variant has the SKU ${sku}.`, ['input', 'skus', String(at)])],
  )
  if (unknown.length > 0) throw combined(unknown)
  const plan = rows.map((row) => ({ ...row, afterMinor: repricedMinor(row.beforeMinor, input) }))
  const wrong = plan.find(({ afterMinor }) => afterMinor < 1 || afterMinor > MAX_AMOUNT_MINOR)
  if (wrong !== undefined) {
    const message = `The price of ${wrong.sku} would be out of range: a price is from 0.01 to 999999.99.`
    throw invalidInput(['input', 'percentBasisPoints'], message)
  }
  return plan.filter(({ beforeMinor, afterMinor }) => beforeMinor !== afterMinor)
}

/** What `changePrices` would change now; nothing is changed. @throws DomainError as `changePrices`. */
export function previewPrices(deps: Deps, viewer: Viewer, input: Repricing): Promise<Repriced[]> {
  ensureStaff(viewer)
  return planOf(deps.db, checkInput(repricingInput, input))
}

/**
 * Changes many prices at once, all or none, and writes down each of them. With `expectedCount`, the number of the preview,
 * nothing is changed where it would be another number by now. Answers how many were changed.
 * @throws DomainError `FORBIDDEN`, `NOT_FOUND` (category, SKU), `INVALID_INPUT`, `LIMIT_EXCEEDED`, `CONFLICT` (key).
 */
export async function changePrices(
  deps: Deps,
  viewer: Viewer,
  input: Repricing & {
    note?: string | undefined
    expectedCount?: number | null | undefined
    idempotencyKey?: string | undefined
  },
): Promise<number> {
  ensureStaff(viewer)
  const checked = checkInput(repricingInput, input)
  return deps.db.transaction((tx) =>
    once(tx, viewer.accountId, 'changePrices', input, async () => {
      // The lock of everybody who changes a variant; the prices are read behind it, in a second statement.
      await runStatement(
        tx,
        sql`select 1 from ${products} where ${products.id} in (select ${variants.productId} from ${variants} join ${products} on ${products.id} = ${variants.productId} where ${chosenBy(checked)}) order by ${products.id} for update`,
      )
      const plan = await planOf(tx, checked)
      if (input.expectedCount != null && input.expectedCount !== plan.length) {
        throw invalidInput(['input', 'expectedCount'], `By now ${plan.length} prices would change.`)
      }
      await applyPrices(tx, viewer, plan, checked.note)
      return plan.length
    }),
  )
}

async function applyPrices(tx: Transaction, viewer: Viewer, plan: readonly Repriced[], note: string): Promise<void> {
  if (plan.length === 0) return
  await enterPriceChanges(tx, viewer, plan, note)
  const ids = pgArray(plan.map(({ variantId }) => variantId))
  const prices = pgArray(plan.map(({ afterMinor }) => String(afterMinor)))
  await runStatement(
    tx,
    sql`update ${variants} set price_minor = changed.price, updated_at = now() from unnest(${ids}::text::uuid[], ${prices}::text::int[]) changed (id, price) where ${variants.id} = changed.id`,
  )
  await runStatement(
    tx,
    sql`update ${products} set from_price_minor = (select min(${variants.priceMinor}) from ${variants} where ${variants.productId} = ${products.id} and ${variants.isOnSale}), updated_at = now()
      where ${products.id} = any(${pgArray([...new Set(plan.map(({ productId }) => productId))])}::text::uuid[])`,
  )
}

/** Writes down who changed which price. */
export async function enterPriceChanges(
  tx: Transaction,
  viewer: Viewer,
  changes: readonly Pick<Repriced, 'variantId' | 'beforeMinor' | 'afterMinor'>[],
  note = '',
): Promise<void> {
  if (changes.length === 0) return
  await tx.orm.insert(priceChanges).values(
    changes.map(({ variantId, beforeMinor, afterMinor }) => ({
      id: newId(),
      variantId,
      fromMinor: beforeMinor,
      toMinor: afterMinor,
      note,
      actorId: viewer.accountId,
    })),
  )
}
