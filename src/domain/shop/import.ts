import { eq } from 'drizzle-orm'
import { DomainError, invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { productCategories, products, variants } from '../../db/tables/shop/catalogue.ts'
import { stockLevels } from '../../db/tables/shop/stock.ts'
import { type Deps, within } from '../deps.ts'
import { readAmount, readCurrency } from '../import/cell.ts'
import { type ImportOptions, type ImportReader, type ImportRow, type Refusal, refusalOf } from '../import/rules.ts'
import { slugOf } from '../slug.ts'
import { ensureStaff, type Viewer } from '../viewer.ts'
import { createProduct } from './product.ts'
import { SHOP_CURRENCY } from './rules.ts'
import { moveStock } from './stock.ts'
import { addVariant, updateVariant } from './variant.ts'

const wholeOf = (cell: string | undefined, field: string): number | undefined => {
  if (cell === undefined || cell === '') return undefined
  if (/^\d{1,7}$/.test(cell)) return Number(cell)
  throw invalidInput([field], 'This is a whole number of pieces.')
}

interface Read {
  readonly sku: string
  readonly product: string
  readonly variant: string | undefined
  readonly category: string
  readonly brand: string
  readonly description: string
  readonly price: ReturnType<typeof readAmount> | undefined
  readonly stock: number | undefined
  readonly lowStockAt: number | undefined
}

function readProduct(cells: ImportRow['cells'], options: ImportOptions): Read {
  const currency = readCurrency(cells.currency ?? '', SHOP_CURRENCY)
  const sku = (cells.sku ?? '').toUpperCase()
  if (sku === '') throw invalidInput(['sku'], 'A row needs the SKU of its variant.')
  return {
    sku,
    product: cells.product ?? '',
    variant: cells.variant === undefined || cells.variant === '' ? undefined : cells.variant,
    category: cells.category ?? '',
    brand: cells.brand ?? '',
    description: cells.description ?? '',
    price: cells.price === undefined || cells.price === '' ? undefined : readAmount(cells.price, currency, options),
    stock: wholeOf(cells.stock, 'stock'),
    lowStockAt: wholeOf(cells.lowStockAt, 'lowStockAt'),
  }
}

/** Changes what differs; the shelf by an entry in the ledger. Answers whether anything did. */
async function change(
  deps: Deps,
  tx: Transaction,
  viewer: Viewer,
  row: Read,
  filename: string,
): Promise<boolean | null> {
  const [known] = await tx.orm
    .select({
      id: variants.id,
      name: variants.name,
      priceMinor: variants.priceMinor,
      lowStockAt: variants.lowStockAt,
      onShelf: stockLevels.quantity,
    })
    .from(variants)
    .innerJoin(stockLevels, eq(stockLevels.variantId, variants.id))
    .where(eq(variants.sku, row.sku))
    .for('update', { of: stockLevels })
  if (known === undefined) return null
  const fields = {
    ...(row.variant !== undefined && row.variant !== known.name ? { name: row.variant } : {}),
    ...(row.price !== undefined && row.price.amountMinor !== known.priceMinor ? { price: row.price } : {}),
    ...(row.lowStockAt !== undefined && row.lowStockAt !== known.lowStockAt ? { lowStockAt: row.lowStockAt } : {}),
  }
  const isChanged = Object.keys(fields).length > 0
  if (isChanged) await updateVariant(deps, viewer, { id: known.id, lowStockAt: known.lowStockAt, ...fields })
  const difference = row.stock === undefined ? 0 : row.stock - known.onShelf
  if (difference !== 0) {
    const note = `Import of ${filename}`
    await moveStock(deps, viewer, { variantId: known.id, kind: 'CORRECTION', quantity: difference, note })
  }
  return isChanged || difference !== 0
}

async function findCategory(tx: Transaction, slug: string): Promise<Uuid> {
  const [category] = await tx.orm
    .select({ id: productCategories.id })
    .from(productCategories)
    .where(eq(productCategories.slug, slugOf(slug, 'category')))
  if (category === undefined) throw invalidInput(['category'], 'There is no category with this slug.')
  return category.id
}

/** A new variant, of a product of the same name or of a new one, which is a draft. */
async function add(deps: Deps, tx: Transaction, viewer: Viewer, row: Read): Promise<void> {
  if (row.product === '')
    throw invalidInput(['product'], 'There is no variant with this SKU, and no product to add it to.')
  if (row.price === undefined) throw invalidInput(['price'], 'A new variant needs a price.')
  const slug = slugOf(row.product, 'product')
  const [product] = await tx.orm.select({ id: products.id }).from(products).where(eq(products.slug, slug))
  const { sku, variant: name, price, lowStockAt, stock: quantity } = row
  const variant = { sku, name, price, lowStockAt, quantity }
  if (product !== undefined) {
    await addVariant(deps, viewer, { productId: product.id, ...variant })
    return
  }
  const categoryId = await findCategory(tx, row.category)
  const { brand, description } = row
  await createProduct(deps, viewer, { name: row.product, slug, categoryId, brand, description, variants: [variant] })
}

/** Products of the shop by their SKUs: prices, names and stock of those that are known, and new ones as drafts. */
export const productReader: ImportReader = {
  fields: {
    sku: ['sku', 'article number'],
    product: ['product', 'name', 'title'],
    variant: ['variant', 'variant name', 'option'],
    category: ['category', 'category slug'],
    brand: ['brand', 'vendor'],
    description: ['description', 'body'],
    price: ['price', 'variant price'],
    currency: ['currency'],
    stock: ['stock', 'quantity', 'on shelf', 'inventory'],
    lowStockAt: ['low stock at', 'low stock'],
  },
  required: ['sku'],
  rowsAtOnce: 50,
  ensureMay: ensureStaff,
  async take(deps, tx, viewer, rows, options, { filename }) {
    const nested = within(deps, tx)
    const refusals: Refusal[] = []
    let kept = 0
    let known = 0
    for (const { line, cells } of rows) {
      await tx.script('savepoint import_row')
      try {
        const row = readProduct(cells, options)
        const changed = await change(nested, tx, viewer, row, filename)
        if (changed === null) await add(nested, tx, viewer, row)
        if (changed === false) known += 1
        else kept += 1
        await tx.script('release savepoint import_row')
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        await tx.script('rollback to savepoint import_row')
        for (const each of error.all) refusals.push(refusalOf(line, each))
      }
    }
    return { kept, known, refusals }
  },
}
